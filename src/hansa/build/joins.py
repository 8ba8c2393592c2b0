"""Which statements of several sources can meet in a rule, so that not all of them need be looked at together.

The statements that a rule puts together share nodes: the variables that stand in more than one of its patterns. A
statement matters to other sources when such a node of it, or of a statement that it is connected with in its own
source, is also a node of another source. All others lead to nothing that their source alone does not give.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from hansa.rdf import Line

End = tuple[str, int]
"""A property, and 0 for its subject or 2 for its object."""
Head = tuple[str, list[End], list[End]]
"""The property of a statement that a rule gives, and where in its patterns subject and object come from."""


class Shape(NamedTuple):
    """How the patterns of a rule hang together.

    :param joins: where nodes stand that several of its patterns share
    """

    joins: list[End]
    heads: list[Head]

    @classmethod
    def read(cls, data: tuple[list[list[Any]], list[list[Any]]]) -> Shape:
        """Make it of the lists that JSON makes of it."""
        joins, heads = data
        return cls(_ends(joins), [(predicate, _ends(subject), _ends(value)) for predicate, subject, value in heads])


def _ends(data: Iterable[Sequence[Any]]) -> list[End]:
    return [(predicate, end) for predicate, end in data]


class Joins:
    """Where the nodes stand that rules can share.

    :param shapes: of all rules
    """

    def __init__(self, shapes: Iterable[Shape]) -> None:
        ends: defaultdict[bytes, set[int]] = defaultdict(set)
        for predicate, end in {end for shape in shapes for end in shape.joins}:
            ends[f"<{predicate}>".encode()].add(end)
        self._ends: Mapping[bytes, frozenset[int]] = {p: frozenset(found) for p, found in ends.items()}

    def covers(self, head: Iterable[End]) -> bool:
        """Tell whether one end of what a rule gives is always a node that is looked at."""
        return any(end in self._ends.get(f"<{predicate}>".encode(), ()) for predicate, end in head)

    def nodes(self, line: Line) -> list[bytes]:
        """Give the nodes of a statement that rules can share."""
        subject, predicate, rest = line.split(b" ", 2)
        ends = self._ends.get(predicate, ())
        return [node for end, node in ((0, subject), (2, rest[:-3])) if end in ends]

    def hashes(self, lines: Iterable[Line]) -> set[int]:
        """Give hashes of the nodes of some statements, the same in all processes of a run."""
        return {hash(node) for line in lines for node in self.nodes(line)}

    def meeting(self, lines: Iterable[Line], shared: Set[int]) -> list[Line]:
        """Give the statements of one source that can meet those of others.

        :param shared: hashes of nodes that several sources have
        """
        found = list[Line]()
        waiting = [(line, {hash(node) for node in self.nodes(line)}) for line in lines]
        reached, grown = set(shared), True
        while grown:
            met = [(line, nodes) for line, nodes in waiting if not nodes.isdisjoint(reached)]
            waiting = [(line, nodes) for line, nodes in waiting if nodes.isdisjoint(reached)]
            found += [line for line, _ in met]
            before = len(reached)
            reached.update(*(nodes for _, nodes in met))
            grown = len(reached) > before
        return found
