"""What a reviewer sees of both sides: our thing from a release, the item from the gazetteer or a slice."""

from __future__ import annotations

from collections.abc import Mapping

from hansa.link.distance import point
from hansa.link.drift import qid
from hansa.link.gazetteer import Gazetteer, Item
from hansa.link.review import Side
from hansa.link.slice import Slice
from hansa.rdf import Literal, NamedNode, Term
from hansa.store import EmbeddedStore
from hansa.vocab import DCT, FOAF, GEO, RDF, SKOS, Vocabulary


class Here:
    """Looks our things up in the store of a release."""

    def __init__(self, store: EmbeddedStore, vocab: Vocabulary) -> None:
        self._store, self._vocab = store, vocab

    def __call__(self, iri: str) -> Side:
        """Give names, classes, country or region, codes and coordinates of a thing."""
        node = NamedNode(iri)
        names = [*self._values(node, SKOS.prefLabel), *self._values(node, FOAF.name)]
        place = next(iter(self._values(node, self._vocab.hansa.governs)), node)
        at = place if isinstance(place, NamedNode) else node
        label = next((n.value for n in names if isinstance(n, Literal) and n.language == "en"), "")
        label = label or next((n.value for n in names if isinstance(n, Literal)), "")
        facts = [
            ("name in other languages", ", ".join(sorted({_tagged(n) for n in names if n.value != label}))),
            ("alias", ", ".join(sorted({_tagged(n) for n in self._values(node, SKOS.altLabel)}))),
            ("type", ", ".join(sorted({self._short(t) for t in self._values(node, RDF.type)}))),
            ("in", ", ".join(sorted({self._short(t) for t in self._values(at, DCT.isPartOf)}))),
            ("codes", ", ".join(sorted({t.value for t in self._literals(at, DCT.identifier)}))),
        ]
        shape = next(iter(self._literals(at, GEO.asWKT)), None)
        return Side(label, tuple(f for f in facts if f[1]), point(shape.value) if shape else None)

    def _values(self, node: NamedNode, predicate: NamedNode) -> list[Term]:
        found = dict.fromkeys(q.object for q in self._store.quads(node, predicate))
        return sorted((o for o in found if isinstance(o, NamedNode | Literal)), key=str)

    def _literals(self, node: NamedNode, predicate: NamedNode) -> list[Literal]:
        return [v for v in self._values(node, predicate) if isinstance(v, Literal)]

    def _short(self, term: Term) -> str:
        return self._vocab.shorten(term.value)


def _tagged(term: Term) -> str:
    return f"{term.value} @{term.language}" if isinstance(term, Literal) and term.language else term.value


_SOURCES = {
    "NE10v4": "Natural Earth 10m v4", "NE50v5": "Natural Earth 50m v5",
    "WD-tinySearch": "Wikidata label (tinySearch 2024-08)",
    "WD-UNLOCODE": "Wikidata UN/LOCODE (OpenClimate)", "WD-ISO3166-2": "Wikidata ISO 3166-2 (OpenClimate)",
    "WD-gaplist": "Wikidata list of cities (gaplist)",
}  # fmt: skip


def _sources(evidence: str) -> tuple[str, ...]:
    """Name the sources of an entry of the gazetteer; "NE10v4:Q…" gave another item."""
    return tuple(_SOURCES.get(part.strip(), part.strip()) for part in evidence.split("+") if ":Q" not in part)


class There:
    """Looks items up in the offline gazetteer, and in a slice of Wikidata where there is one."""

    def __init__(self, gazetteer: Gazetteer, part: Slice | None = None) -> None:
        self._items: Mapping[str, Item] = {item.qid: item for item in gazetteer.items if item.qid}
        self._slice = part

    def __call__(self, iri: str) -> Side:
        """Give what is known of an item; an empty side when that is nothing."""
        item = self._items.get(qid(iri))
        known = self._from_gazetteer(item) if item else Side()
        return self._with_slice(iri, known) if self._slice else known

    def _from_gazetteer(self, item: Item) -> Side:
        facts = (
            ("type", item.kind),
            ("in", item.country),
            ("codes", ", ".join(code for code in (item.code, item.geonames) if code)),
            ("population", f"{item.population:,}" if item.population else ""),
            ("known from", item.evidence),
        )
        where = None if item.latitude is None or item.longitude is None else (item.latitude, item.longitude)
        return Side(item.name, tuple(f for f in facts if f[1]), where, _sources(item.evidence))

    def _with_slice(self, iri: str, known: Side) -> Side:
        assert self._slice is not None
        labels = self._slice.labels(iri)
        types = ", ".join(qid(s.value.value) for s in self._slice.statements(iri, "P31"))
        points = [point(s.value.value) for s in self._slice.statements(iri, "P625")]
        others = ", ".join(f"{text} @{tag}" for tag, text in sorted(labels.items()) if tag in {"ja", "es"})
        facts = (*known.facts, *(f for f in (("instance of", types), ("name in other languages", others)) if f[1]))
        where = next((p for p in points if p), known.point)
        sources = (*known.sources, *(["Wikidata (slice)"] if self._slice.knows(iri) else []))
        return Side(labels.get("en", known.label), facts, where, sources)
