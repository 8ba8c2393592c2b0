"""What is said of things, looked up in packed graphs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property

from hansa.packed import PackedGraphs
from hansa.rdf import Line, NamedNode, Quad, Term, quads_of

_FEW = 500
"""So many things are searched for in all graphs in the time that it takes to note where each stands."""


class Subjects:
    """What is said of things in some graphs.

    :param graphs: all named graphs
    :param wanted: the graphs to look at, in order
    """

    def __init__(self, graphs: PackedGraphs, wanted: Iterable[NamedNode]) -> None:
        self._graphs = [graphs[name] for name in wanted if name in graphs]
        self._asked = 0

    def quads(self, subject: Term) -> list[Quad]:
        """Give the statements about a thing, in the order of the graphs."""
        self._asked += 1
        start = str(subject).encode() + b" "
        places = enumerate(self._lines) if self._asked <= _FEW else self._known.get(start, ())
        return [quad for at, lines in places for quad in quads_of(_about(start, lines), self._graphs[at].name)]

    @cached_property
    def _lines(self) -> list[list[Line]]:
        return [graph.lines() for graph in self._graphs]

    @cached_property
    def _known(self) -> dict[bytes, list[tuple[int, list[Line]]]]:
        found: dict[bytes, list[tuple[int, list[Line]]]] = {}
        for at, lines in enumerate(self._lines):
            for start in {line[: line.index(b" ") + 1] for line in lines}:
                found.setdefault(start, []).append((at, lines))
        return found


def _about(start: bytes, lines: list[Line]) -> Iterator[Line]:
    """Give the lines that begin with something; a packed graph has its lines in order."""
    at = bisect_left(lines, start)
    while at < len(lines) and lines[at].startswith(start):
        yield lines[at]
        at += 1
