"""A query store over packed graphs: columns answer what they can, and an engine that is loaded when needed the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from hansa import sparql
from hansa.columns.algebra import UnansweredError, properties
from hansa.columns.dataset import Columns
from hansa.columns.evaluate import answer
from hansa.columns.reader import read_query
from hansa.packed import PackedGraphs
from hansa.rdf import NamedNode, Quad, Term, quads_of
from hansa.store import EmbeddedStore, Table

_NOWHERE = NamedNode("urn:x")


class ColumnStore:
    """Answers SELECT queries over many statements that are asked only a few things.

    :param graphs: all named graphs
    :param load: loads them into an engine, for what columns do not answer
    """

    def __init__(self, graphs: PackedGraphs, load: Callable[[], EmbeddedStore]) -> None:
        self._graphs = graphs
        self._load = load

    @cached_property
    def columns(self) -> Columns:
        """The statements in columns."""
        found = Columns()
        for graph in self._graphs.values():
            found.add(graph.name, graph.lines())
        return found

    @cached_property
    def _engine(self) -> EmbeddedStore:
        return self._load()

    def select(self, query: str, values: Mapping[str, Term] | None = None) -> Table:
        """Answer a SELECT query.

        :raises QueryError: when it is wrong
        """
        try:
            found = answer(read_query(sparql.bind(query, values or {})), self.columns)
        except UnansweredError:
            return self._engine.select(query, values)
        terms = sorted({term for row in found.rows for term in row if term is not None})
        quads = quads_of([b"<urn:x> <urn:x> %s .\n" % term for term in terms], _NOWHERE)
        known = {term: quad.object for term, quad in zip(terms, quads, strict=True)}
        rows = tuple(tuple(None if term is None else known[term] for term in row) for row in found.rows)
        return Table(found.names, rows)  # type: ignore[arg-type]

    def part(self, graphs: Iterable[NamedNode]) -> EmbeddedStore:
        """Give a store of some of the graphs."""
        wanted = (self._graphs[name] for name in graphs if name in self._graphs)
        return EmbeddedStore.memory(quad for graph in wanted for quad in graph.quads())


def cost(query: str, columns: Columns) -> tuple[bytes, int] | None:
    """Tell what columns a query reads: the largest, and how many statements all have; ``None`` if it is not answered.

    This is told of its text alone; what it meets in the data may still be left to the engine.
    """
    try:
        named = list(properties(read_query(query)))
    except UnansweredError:
        return None
    sizes = {name: columns.size(name) for name in named}
    return max(sizes, key=lambda name: (sizes[name], name), default=b""), sum(sizes[name] for name in named)


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
