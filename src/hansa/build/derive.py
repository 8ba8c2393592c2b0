"""Derive: dates, rules and closure, each into the derived graph of the source that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hansa.build.closure import Closure
from hansa.build.dates import DateDeriver
from hansa.rdf import Graphs, NamedNode, Quad
from hansa.vocab import Vocabulary

_SCHEMA = ("ontology", "vocabulary")


def _instance_graphs(graphs: Graphs, vocab: Vocabulary) -> Iterator[tuple[NamedNode, str]]:
    schema = {vocab.graph(name) for name in _SCHEMA}
    for graph in sorted(graphs, key=str):
        if graph not in schema:
            yield graph, graph.value.removeprefix(f"{vocab.base}graph/")


def derive(graphs: Graphs, vocab: Vocabulary, rules: Sequence[str]) -> Graphs:
    """Give the derived graphs, and no others.

    What rests on one source goes to ``graph:derived/{slug}``, what needs several to ``graph:derived/joined``, what
    follows from the ontology alone to ``graph:derived/vocabulary``. Links are no premise: ``owl:sameAs`` to
    Wikidata would only inflate the closure, so derive before adding them.

    :param graphs: asserted graphs: ontology, vocabulary and instances
    :param rules: CONSTRUCT queries of the project
    """
    closure = Closure([q for name in _SCHEMA for q in graphs.get(vocab.graph(name), [])], rules)
    derived: Graphs = {vocab.graph("derived", "vocabulary"): closure.schema_quads(vocab.graph("derived", "vocabulary"))}
    everything: list[Quad] = []
    for graph, slug in _instance_graphs(graphs, vocab):
        target = vocab.graph("derived", slug)
        dated = DateDeriver(vocab, target).derive(graphs[graph])
        inferred = closure.infer([*graphs[graph], *dated], target)
        derived[target] = [*dated, *inferred]
        everything += [*graphs[graph], *derived[target]]
    joined = vocab.graph("derived", "joined")
    derived[joined] = closure.infer(everything, joined)
    return {graph: quads for graph, quads in derived.items() if quads}
