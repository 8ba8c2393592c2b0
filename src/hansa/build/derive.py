"""Derive: dates, rules and closure, each into the derived graph of the source that they rest on."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hansa.build.closure import Closure
from hansa.build.dates import DateLines
from hansa.columns import Statements
from hansa.memo import code_digest, digest
from hansa.packed import NoShelf, PackedGraph, PackedGraphs, Shelf, group, kept, pack, pack_graphs, unpack
from hansa.rdf import Graphs, Line, NamedNode
from hansa.vocab import Vocabulary
from hansa.workers import spread

_SCHEMA = ("ontology", "vocabulary")
_SMALL = 30_000


@dataclass(frozen=True, slots=True)
class _Derived:
    """What one source gives.

    :param premises: statements that other sources may add to, packed
    :param nodes: see :class:`hansa.build.closure.Premises`; 64 bits each
    """

    graph: PackedGraph
    premises: bytes
    nodes: array[int] | None


def derive(graphs: Graphs, vocab: Vocabulary, rules: Sequence[str], shelf: Shelf | None = None) -> Graphs:
    """Give the derived graphs of graphs in memory; see :func:`derive_packed`."""
    found = derive_packed(pack_graphs(graphs), vocab, rules, shelf)
    return {name: graph.quads() for name, graph in found.items()}


def derive_packed(
    graphs: PackedGraphs, vocab: Vocabulary, rules: Sequence[str], shelf: Shelf | None = None
) -> dict[NamedNode, PackedGraph]:
    """Give the derived graphs, and no others.

    What rests on one source goes to ``graph:derived/{slug}``, what needs several to ``graph:derived/joined``, what
    follows from the ontology alone to ``graph:derived/vocabulary``. Links are no premise: ``owl:sameAs`` to
    Wikidata would only inflate the closure, so derive before adding them.

    :param graphs: asserted graphs: ontology, vocabulary and instances
    :param rules: CONSTRUCT queries of the project
    :param shelf: keeps what was derived from a source until the source, the ontology or the rules change
    """
    return _Deriver(graphs, vocab, rules, shelf or NoShelf()).derive()


class _Deriver:
    def __init__(self, graphs: PackedGraphs, vocab: Vocabulary, rules: Sequence[str], shelf: Shelf) -> None:
        self._graphs = graphs
        self._vocab = vocab
        self._shelf = shelf
        self._dates = DateLines(vocab)
        schema = [graphs[vocab.graph(name)] for name in _SCHEMA if vocab.graph(name) in graphs]
        self._key = digest(code_digest(), vocab.base, *rules, *(graph.data for graph in schema))
        size = sum(graph.size for graph in graphs.values())
        self._is_small = size < _SMALL
        quads = [q for graph in schema for q in graph.quads()]
        sparing = not self._is_small or not isinstance(shelf, NoShelf)
        self._closure = Closure(quads, rules, sparing=sparing, shelf=shelf)

    def derive(self) -> dict[NamedNode, PackedGraph]:
        of_schema = PackedGraph.of(self._vocab.graph("derived", "vocabulary"), self._closure.schema_lines())
        derived = {of_schema.name: of_schema}
        sources, joined = list(self._sources()), self._vocab.graph("derived", "joined")
        found: list[_Derived] = []
        for some in spread(self._of_sources, group(sources), small=self._is_small):
            derived |= {each.graph.name: each.graph for each in some}
            found += some
        derived[joined] = self._joined(joined, found, [*self._graphs.values(), *derived.values()])
        return {name: graph for name, graph in derived.items() if graph.size}

    def _sources(self) -> Iterator[PackedGraph]:
        schema = {self._vocab.graph(name) for name in _SCHEMA}
        yield from (self._graphs[name] for name in sorted(self._graphs, key=str) if name not in schema)

    def _of_sources(self, sources: Sequence[PackedGraph]) -> list[_Derived]:
        return [self._of_source(source) for source in sources]

    def _of_source(self, source: PackedGraph) -> _Derived:
        key = digest(self._key, source.name.value, source.data)
        target = self._vocab.graph("derived", source.name.value.removeprefix(f"{self._vocab.base}graph/"))
        said = Statements(source.lines())
        graph = PackedGraph.read(target, kept(self._shelf, key, lambda: self._all_of(said, target)))
        said.add(graph.lines())
        premises = self._closure.shared_premises(said)
        nodes = None if premises.nodes is None else array("q", premises.nodes)
        return _Derived(graph, pack(b"".join(premises.lines)), nodes)

    def _all_of(self, said: Statements, target: NamedNode) -> bytes:
        """Derive from what a source says; what dates tell is added to that."""
        dated = self._dates.derive(said.columns) - said.lines
        said.add(dated)
        return PackedGraph.of(target, [*dated, *self._closure.infer_lines(said)]).data

    def _joined(self, name: NamedNode, found: Sequence[_Derived], graphs: Sequence[PackedGraph]) -> PackedGraph:
        """Derive what needs several sources: what the premises of all give, less what is known."""
        key = digest(self._key, "joined", *(part for graph in graphs for part in (graph.name.value, graph.data)))
        return PackedGraph.read(name, kept(self._shelf, key, lambda: self._of_all(name, found, graphs)))

    def _of_all(self, name: NamedNode, sources: Sequence[_Derived], graphs: Sequence[PackedGraph]) -> bytes:
        every = Statements(self._meeting(sources))
        found = set(self._closure.infer_joined(every)) - every.lines
        candidates = frozenset(found)
        for known in spread(lambda batch: _among(candidates, batch), group(graphs), small=self._is_small or not found):
            found -= known
        return PackedGraph.of(name, found).data

    def _meeting(self, sources: Sequence[_Derived]) -> Iterator[Line]:
        """Give the premises by which sources can meet, or all when they can in any way."""
        shared = self._shared(sources)
        for source in sources:
            if shared is None:
                yield from unpack(source.premises).splitlines(keepends=True)
            elif source.nodes is not None and not shared.isdisjoint(source.nodes):
                yield from self._closure.meeting(unpack(source.premises).splitlines(keepends=True), shared)

    def _shared(self, sources: Sequence[_Derived]) -> set[int] | None:
        """Give the nodes that several sources have; ``None`` when one can meet others in any way."""
        seen, shared = self._closure.nodes_of_schema(), set[int]()
        for source in sources:
            if source.nodes is None:
                return None
            nodes = set(source.nodes)
            shared |= seen & nodes
            seen |= nodes
        return shared


def _among(lines: frozenset[Line], graphs: Sequence[PackedGraph]) -> set[Line]:
    return {line for graph in graphs for line in lines.intersection(graph.lines())} if lines else set()


def sizes(graphs: Mapping[NamedNode, PackedGraph]) -> int:
    """Count the statements of some graphs."""
    return sum(graph.size for graph in graphs.values())
