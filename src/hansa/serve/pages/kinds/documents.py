"""What a document says, in the order of its lines, and the things it speaks of."""

from __future__ import annotations

from collections import defaultdict

from hansa.rdf import NamedNode
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds.sheet import Sheet
from hansa.serve.pages.kinds.titles import KINDS
from hansa.serve.pages.names import text_in
from hansa.serve.pages.notes import place_anchor
from hansa.serve.pages.part_views import Line, Statement
from hansa.serve.pages.records import Evidence, Record
from hansa.serve.pages.tables import page_of
from hansa.serve.pages.views import Link, LinkGroup, Section, Text, Value
from hansa.vocab import RDF

_PLACES = 120
"""Places of a document on one page."""
_SHOWN_LIMIT = 60
_EVIDENCE = "evidence"
"""Not spoken of, but how it is spoken of; the lines show it."""
_Place = tuple[tuple[int, ...], tuple[str, ...]]


class _Document:
    """One source document: which nodes its graphs describe, and the evidence they cite."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._hansa = sheet.hansa
        self.graphs = {
            g
            for g, sources in sheet.site.graph_sources.items()
            if sheet.iri in (g, *sources) and not sheet.notes.is_derived(g)
        }
        self._cited_by: dict[str, list[str]] = defaultdict(list)
        for graph in sorted(self.graphs):
            for quad in sheet.site.store.quads(None, sheet.hansa.evidence, None, NamedNode(graph)):
                self._cited_by[quad.object.value].append(quad.subject.value)  # type: ignore[union-attr]

    def lines(self) -> list[tuple[_Place, list[Evidence]]]:
        """Give the places that are cited, in the order of the document: lines first, then sections."""
        places: dict[_Place, list[Evidence]] = defaultdict(list)
        for iri in self._cited_by:
            evidence = self._sheet.records.evidence(iri)
            places[evidence.lines, evidence.sections].append(evidence)
        return sorted(places.items(), key=lambda item: (not item[0][0], item[0]))

    def statements(self, evidence: Evidence) -> list[Statement]:
        """Give what one piece of evidence supports."""
        return [s for iri in dict.fromkeys(self._cited_by[evidence.iri]) for s in self._of(iri, evidence)]

    def _of(self, subject: str, evidence: Evidence) -> list[Statement]:
        record, sheet = self._sheet.records.about(subject), self._sheet
        link, excerpt = sheet.named(record), self._excerpt(evidence)
        reasons = tuple(text_in(s.value, s.lang, sheet.reader.languages) for s in evidence.reasons)
        inferred = evidence.certainty.endswith("/inferred")
        if not evidence.properties:
            about = tuple(self._summary(record))
            return [Statement(self._named(record), None, about, excerpt, inferred, reasons)]
        made = []
        for predicate in sorted(evidence.properties):
            said = [s for s in record.says.get(predicate, ()) if not evidence.values or s.key in evidence.values]
            here = [s for s in said if self.graphs.intersection(s.graphs)]
            if here:
                values = tuple(sheet.reader.said(s) for s in here)
                made.append(Statement(link, sheet.reader.property(predicate), values, excerpt, inferred, reasons))
        return made

    def _named(self, record: Record) -> Link:
        """Name a node that has no label by what it is."""
        sheet = self._sheet
        if sheet.reader.names.labels(record.iri):
            return sheet.link(record.iri)
        types = record.iris(RDF.type)
        words = sheet.link(types[0]).text if types else sheet.link(record.iri).text
        return Link(words, record.iri, sheet.link(record.iri).href)

    def _summary(self, record: Record) -> list[Value]:
        """Give the values that tell what a node ties together, in the order in which one says it."""
        hidden = {self._hansa.evidence.value, RDF.type.value}
        return [
            self._sheet.reader.said(said)
            for predicate, values in record.says.items()
            if predicate not in hidden
            for said in values
            if self.graphs.intersection(said.graphs)
        ]

    def _excerpt(self, evidence: Evidence) -> Text | None:
        said = self._sheet.records.about(evidence.iri).of(self._hansa.excerpt)
        return text_in(said[0].value, said[0].lang, ()) if said else None

    def subjects(self) -> set[str]:
        """Give the things that the document speaks of."""
        store = self._sheet.site.store
        found = {q.subject for g in self.graphs for q in store.quads(graph=NamedNode(g))}
        return {s.value for s in found if isinstance(s, NamedNode)}


def document(sheet: Sheet) -> Section | None:
    """Show everything that a document says, place by place."""
    said = _Document(sheet)
    places = said.lines()
    part, pager = page_of(sheet, "says", len(places), _PLACES)
    seen: set[str] = set()
    shown = []
    for (lines, sections), evidence in places[part]:
        anchor = place_anchor(lines, sections)
        shown.append(
            Line(
                place=", ".join(map(str, lines)) or ", ".join(sections),
                anchor="" if anchor in seen else anchor,
                statements=tuple(s for e in evidence for s in said.statements(e)),
                is_line=bool(lines),
            )
        )
        seen.add(anchor)
    data = (tuple(shown), pager)
    return Section("says", N_("What it says, line by line"), "lines", data, str(len(places))) if shown else None


def mentions(sheet: Sheet) -> Section | None:
    """Show the things that a document or named graph speaks of, by kind."""
    subjects = {iri for iri in _Document(sheet).subjects() - {sheet.iri} if sheet.kind(iri) != _EVIDENCE}
    groups = []
    for kind, named in KINDS.items():
        links = sorted(
            (sheet.named(sheet.records.about(iri)) for iri in subjects if sheet.kind(iri) == kind),
            key=lambda link: (link.text.folded, link.iri),
        )
        if links:
            values = tuple(Value(link) for link in links[:_SHOWN_LIMIT])
            more = max(0, len(links) - _SHOWN_LIMIT)
            groups.append(LinkGroup(Text(sheet.reader.gettext(named.all)), values, more))
    return Section("mentions", N_("What it speaks of"), "groups", tuple(groups)) if groups else None
