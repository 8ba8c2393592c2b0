"""The diagram of the ontology: on the left what a relation starts from, on the right what it leads to.

Classes and relations stand in three columns in a fixed order, so nothing overlaps and the same ontology always gives
the same picture. Relations without a stated class start from, or lead to, anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hansa.rdf import NamedNode
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Link, Text
from hansa.serve.site import Site
from hansa.vocab import OWL, RDF, RDFS

ROW = 26
"""Pixels from one relation to the next."""
_GAP = 14
_TOP = 20
_ANYTHING = ""


@dataclass(frozen=True, slots=True)
class Arc:
    """A relation with its place in the diagram, and the places of what it starts from and leads to."""

    relation: Link
    start: Link | None
    end: Link | None
    y: float
    start_y: float
    end_y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A class; none of them stands for anything."""

    link: Link | None
    y: float


@dataclass(frozen=True, slots=True)
class Diagram:
    """What the picture shows, and in the same words the table behind it."""

    arcs: tuple[Arc, ...]
    starts: tuple[Box, ...]
    ends: tuple[Box, ...]
    height: float


def _one(site: Site, subject: NamedNode, predicate: NamedNode) -> str:
    found = site.store.quads(subject, predicate, graph=site.vocab.graph("ontology"))
    return min((q.object.value for q in found if isinstance(q.object, NamedNode)), default=_ANYTHING)


def _relations(site: Site) -> list[tuple[str, str, str]]:
    """Give domain, relation and range of all our relations, those of one class together."""
    namespace = f"{site.release.base}ontology#"
    found = site.store.quads(None, RDF.type, OWL.ObjectProperty, site.vocab.graph("ontology"))
    own = {q.subject for q in found if isinstance(q.subject, NamedNode) and q.subject.value.startswith(namespace)}
    listed = [(_one(site, p, RDFS.domain), p.value, _one(site, p, RDFS.range)) for p in own]
    return sorted(listed, key=lambda r: (r[0] == _ANYTHING, r[0], r[2] == _ANYTHING, r[2], r[1]))


def _rows(relations: Sequence[tuple[str, str, str]]) -> list[float]:
    """Give the height of every relation, with a gap where another class begins."""
    rows: list[float] = []
    y = float(_TOP)
    for number, relation in enumerate(relations):
        y += _GAP if number and relation[0] != relations[number - 1][0] else 0
        rows.append(y)
        y += ROW
    return rows


def spread(wanted: dict[str, float], distance: float) -> dict[str, float]:
    """Move boxes down until none is nearer to the one above than ``distance``."""
    placed: dict[str, float] = {}
    last = float("-inf")
    for name, y in sorted(wanted.items(), key=lambda item: (item[1], item[0])):
        placed[name] = last = max(y, last + distance)
    return placed


def _middle(names: Sequence[str], rows: Sequence[float]) -> dict[str, float]:
    places: dict[str, list[float]] = {}
    for name, y in zip(names, rows, strict=True):
        places.setdefault(name, []).append(y)
    return {name: sum(found) / len(found) for name, found in places.items()}


def diagram(site: Site, reader: Reader) -> Diagram:
    """Lay out the relations of the ontology."""
    relations = _relations(site)
    rows = _rows(relations)
    starts = spread(_middle([r[0] for r in relations], rows), ROW * 1.3)
    ends = spread(_middle([r[2] for r in relations], rows), ROW * 1.3)

    def link(iri: str) -> Link | None:
        return _named(site, reader, iri) if iri else None

    arcs = tuple(
        Arc(_named(site, reader, relation), link(domain), link(range_), y, starts[domain], ends[range_])
        for (domain, relation, range_), y in zip(relations, rows, strict=True)
    )
    height = max([*rows, *starts.values(), *ends.values(), 0]) + ROW
    return Diagram(arcs, _boxes(starts, link), _boxes(ends, link), height)


def _boxes(places: dict[str, float], link: Callable[[str], Link | None]) -> tuple[Box, ...]:
    return tuple(Box(link(iri), y) for iri, y in places.items())


def _named(site: Site, reader: Reader, iri: str) -> Link:
    """Show a term by its label, or by its short name where nobody labelled it."""
    shown = reader.link(iri)
    text = shown.text if reader.names.labels(iri) else Text(site.vocab.shorten(iri))
    return Link(text, iri, shown.href, shown.external)
