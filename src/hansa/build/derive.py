"""Derive: dates, rules and closure, each into the derived graph of the source that they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hansa.build.closure import Closure
from hansa.build.dates import DateDeriver
from hansa.memo import code_digest, digest
from hansa.packed import NoShelf, PackedGraph, PackedGraphs, Shelf, group, kept, pack, pack_graphs, unpack
from hansa.rdf import Graphs, Line, NamedNode, lines_of, quads_of
from hansa.vocab import EDTF, ORG, RDF, Vocabulary
from hansa.workers import spread

_SCHEMA = ("ontology", "vocabulary")
_SMALL = 30_000
_EDTF_END = f"^^<{EDTF.EDTF.value}> .\n".encode()
_MEMBERSHIP_END = f" <{RDF.type.value}> <{ORG.Membership.value}> .\n".encode()


@dataclass(frozen=True, slots=True)
class _Derived:
    """What one source gives: its derived graph, and the premises that other sources may add to, packed."""

    graph: PackedGraph
    premises: bytes


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
        premises: list[bytes] = []
        for found in spread(self._of_sources, group(sources), small=self._is_small):
            derived |= {each.graph.name: each.graph for each in found}
            premises += [each.premises for each in found]
        derived[joined] = self._joined(joined, premises, [*self._graphs.values(), *derived.values()])
        return {name: graph for name, graph in derived.items() if graph.size}

    def _sources(self) -> Iterator[PackedGraph]:
        schema = {self._vocab.graph(name) for name in _SCHEMA}
        yield from (self._graphs[name] for name in sorted(self._graphs, key=str) if name not in schema)

    def _of_sources(self, sources: Sequence[PackedGraph]) -> list[_Derived]:
        return [self._of_source(source) for source in sources]

    def _of_source(self, source: PackedGraph) -> _Derived:
        key = digest(self._key, source.name.value, source.data)
        target = self._vocab.graph("derived", source.name.value.removeprefix(f"{self._vocab.base}graph/"))
        lines = source.lines()
        graph = PackedGraph.read(target, kept(self._shelf, key, lambda: self._all_of(lines, target)))
        return _Derived(graph, pack(b"".join(self._closure.shared_premises([*lines, *graph.lines()]))))

    def _all_of(self, lines: list[Line], target: NamedNode) -> bytes:
        dated = self._dated(lines, target)
        found = {*dated, *self._closure.infer_lines({*lines, *dated})}
        return PackedGraph.of(target, found - set(lines)).data

    def _dated(self, lines: Iterable[Line], target: NamedNode) -> list[Line]:
        telling = [line for line in lines if line.endswith((_EDTF_END, _MEMBERSHIP_END))]
        return list(lines_of(DateDeriver(self._vocab, target).derive(quads_of(telling, target))))

    def _joined(self, name: NamedNode, premises: Iterable[bytes], graphs: Sequence[PackedGraph]) -> PackedGraph:
        """Derive what needs several sources: what the premises of all give, less what is known."""
        key = digest(self._key, "joined", *(part for graph in graphs for part in (graph.name.value, graph.data)))
        return PackedGraph.read(name, kept(self._shelf, key, lambda: self._of_all(name, premises, graphs)))

    def _of_all(self, name: NamedNode, premises: Iterable[bytes], graphs: Sequence[PackedGraph]) -> bytes:
        every = [line for packed in premises for line in unpack(packed).splitlines(keepends=True)]
        found = set(self._closure.infer_joined(set(every)))
        found.difference_update(every)
        candidates = frozenset(found)
        for known in spread(lambda batch: _among(candidates, batch), group(graphs), small=self._is_small):
            found -= known
        return PackedGraph.of(name, found).data


def _among(lines: frozenset[Line], graphs: Sequence[PackedGraph]) -> set[Line]:
    return {line for graph in graphs for line in lines.intersection(graph.lines())} if lines else set()


def sizes(graphs: Mapping[NamedNode, PackedGraph]) -> int:
    """Count the statements of some graphs."""
    return sum(graph.size for graph in graphs.values())
