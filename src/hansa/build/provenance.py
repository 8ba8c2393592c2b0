"""The graph about graphs: which document each named graph comes from, so that any statement leads to its source."""

from __future__ import annotations

from collections.abc import Iterable

from hansa.packed import PackedGraph, PackedGraphs
from hansa.rdf import Graphs, Literal, NamedNode, Quad
from hansa.vocab import DCT, PROV, RDF, SD, VOID, XSD, Vocabulary

EDITORIAL = "hansa-editorial"
"""Slug of the source that stands for our own editorial record."""
LINKS_SOURCE = "wikidata-links"
"""Slug of the source that stands for the reviewed links."""
_OURS = {"ontology": EDITORIAL, "vocabulary": EDITORIAL, "provenance": EDITORIAL, "links": LINKS_SOURCE}


def _slug(vocab: Vocabulary, graph: NamedNode) -> str:
    return graph.value.removeprefix(f"{vocab.base}graph/")


def premises_of(vocab: Vocabulary, graph: NamedNode, graphs: Iterable[NamedNode]) -> list[NamedNode]:
    """Give the asserted graphs that a derived graph rests on; none for an asserted graph."""
    slug = _slug(vocab, graph)
    if not slug.startswith("derived/"):
        return []
    premise = slug.removeprefix("derived/")
    if premise != "joined":
        return [vocab.graph(premise)]
    asserted = (g for g in graphs if "/" not in _slug(vocab, g) and _slug(vocab, g) not in _OURS)
    return sorted(asserted, key=str)


def _sources(vocab: Vocabulary, graph: NamedNode, graphs: Iterable[NamedNode]) -> list[NamedNode]:
    named = premises_of(vocab, graph, graphs) or [graph]
    slugs = (_slug(vocab, g) for g in named)
    return [vocab.thing("source", _OURS.get(slug, slug)) for slug in slugs]


def _size(graph: list[Quad] | PackedGraph) -> int:
    return graph.size if isinstance(graph, PackedGraph) else len({quad.triple for quad in graph})


def describe_graphs(graphs: Graphs | PackedGraphs, vocab: Vocabulary) -> list[Quad]:
    """Describe every named graph, the description itself included.

    Each graph has ``dct:source`` (the source document), a derived one also ``prov:wasDerivedFrom`` (its premises).
    """
    target = vocab.graph("provenance")
    quads: list[Quad] = []
    for graph in sorted({*graphs, target}, key=str):
        quads += [Quad(graph, RDF.type, c, target) for c in (SD.Graph, VOID.Dataset)]
        quads += [Quad(graph, DCT.source, source, target) for source in _sources(vocab, graph, graphs)]
        quads += [Quad(graph, PROV.wasDerivedFrom, premise, target) for premise in premises_of(vocab, graph, graphs)]
        if graph in graphs:
            size = Literal(str(_size(graphs[graph])), datatype=XSD.integer)
            quads.append(Quad(graph, VOID.triples, size, target))
    return quads
