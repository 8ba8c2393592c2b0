"""What is said of things, looked up in packed graphs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from hansa.packed import PackedGraphs
from hansa.rdf import NamedNode, Quad, Term, quads_of


class Subjects:
    """What is said of things in some graphs.

    :param graphs: all named graphs
    :param wanted: the graphs to look at, in order
    """

    def __init__(self, graphs: PackedGraphs, wanted: Iterable[NamedNode]) -> None:
        self._graphs = [graphs[name] for name in wanted if name in graphs]

    @cached_property
    def _lines(self) -> dict[bytes, list[tuple[int, bytes]]]:
        found: dict[bytes, list[tuple[int, bytes]]] = {}
        for at, graph in enumerate(self._graphs):
            for line in graph.lines():
                found.setdefault(line[: line.index(b" ")], []).append((at, line))
        return found

    def quads(self, subject: Term) -> list[Quad]:
        """Give the statements about a thing, in the order of the graphs."""
        lines = self._lines.get(str(subject).encode(), [])
        return [quad for at, line in lines for quad in quads_of([line], self._graphs[at].name)]
