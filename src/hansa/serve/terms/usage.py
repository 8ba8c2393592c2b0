"""How often the data uses a class or property: read from the VoID partitions of the release, never counted again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path

from hansa.rdf import Literal, NamedNode, Quad, parse_file
from hansa.serve.site import Site
from hansa.vocab import RDF, VOID

_COUNTS = {getattr(VOID, "class"): VOID.entities, VOID.property: VOID.triples}
_KINDS_OF_EVIDENCE = ("evidence", "interval", "instant")


def counts(site: Site) -> Mapping[str, int]:
    """Give the number of instances of each class and of statements with each property.

    Source: VoID section 4.5, class and property partitions (https://www.w3.org/TR/void/).
    """
    return _counts(site.release.directory, site.release.canonical_hash)


@lru_cache(maxsize=4)
def _counts(directory: Path, _canonical_hash: str) -> Mapping[str, int]:
    file = directory / "void.ttl"
    quads = list(parse_file(file)) if file.is_file() else []
    numbers = {
        (q.subject, q.predicate): int(q.object.value)
        for q in quads
        if q.predicate in _COUNTS.values() and isinstance(q.object, Literal)
    }
    named = ((q, _COUNTS[q.predicate]) for q in quads if q.predicate in _COUNTS)
    return {q.object.value: numbers.get((q.subject, count), 0) for q, count in named if isinstance(q.object, NamedNode)}


def instances(site: Site, cls: NamedNode, limit: int) -> list[NamedNode]:
    """Give some instances of a class."""
    found = (q.subject for q in site.store.quads(None, RDF.type, cls) if isinstance(q.subject, NamedNode))
    return list(islice(dict.fromkeys(islice(found, limit * 8)), limit))


def statements(site: Site, prop: NamedNode, limit: int) -> list[Quad]:
    """Give some statements with a property, each subject once; those about things before those about evidence."""
    by_subject: dict[NamedNode, Quad] = {}
    for quad in islice(_of_data(site, prop), limit * 64):
        if isinstance(quad.subject, NamedNode):
            by_subject.setdefault(quad.subject, quad)
    ranked = sorted(by_subject.values(), key=lambda q: _is_evidence(site, q))
    return ranked[:limit]


def _of_data(site: Site, prop: NamedNode) -> Iterator[Quad]:
    apart = {site.vocab.graph("ontology"), site.vocab.graph("provenance")}
    return (q for q in site.store.quads(None, prop) if q.graph_name not in apart)


def _is_evidence(site: Site, quad: Quad) -> bool:
    assert isinstance(quad.subject, NamedNode)
    kind, _ = site.vocab.kind_and_slug(quad.subject.value) or ("", "")
    return kind in _KINDS_OF_EVIDENCE
