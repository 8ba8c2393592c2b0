"""Build the page of a thing from its description."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from hansa.rdf import Literal, NamedNode, Quad, Term
from hansa.serve.pages.dates import edtf_words
from hansa.serve.pages.names import LABELS, OTHER_NAMES
from hansa.serve.pages.notes import Notes
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.tables import Tables
from hansa.serve.pages.views import Fact, Format, Link, LinkGroup, Text, ThingPage, Value
from hansa.serve.things.describe import Description, values
from hansa.vocab import DCT, EDTF, ORG, RDF, RDFS, SCHEMA, SKOS

_FIRST = (RDF.type, SKOS.definition, SKOS.inScheme, SKOS.broader, DCT.publisher, DCT.issued, SCHEMA.foundingDate)
_INCOMING_LIMIT = 200


def _sorted_by_text(found: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(sorted(found, key=lambda v: (v.link.text.value.casefold(), v.link.iri)))


class ThingPageBuilder:
    """Builds one page.

    :param mentioned: things that a source or graph speaks of, by the heading they are listed under
    """

    def __init__(
        self,
        description: Description,
        reader: Reader,
        notes: Notes,
        mentioned: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._description = description
        self._reader = reader
        self._hansa = reader.vocab.hansa
        self._notes = notes
        self._mentioned = mentioned or {}
        self._tables = Tables(description, reader, notes)
        self._inverse_titles: dict[str, str] = {
            ORG.postIn.value: "Offices",
            ORG.subOrganizationOf.value: "Bodies",
            self._hansa.runBy.value: "Programmes run",
            self._hansa.participant.value: "Takes part in",
            SKOS.inScheme.value: "Concepts",
            DCT.source.value: "Graphs that hold what it says",
        }
        # What a derived graph says is shown beside the facts only where readers look for it.
        self._prominent = {SCHEMA.foundingDate, ORG.holds, ORG.heldBy, self._hansa.heldExOfficioBy}

    def build(self, path: str, formats: Sequence[Format], as_of: str) -> ThingPage:
        """Build the page; notes are numbered in reading order."""
        subject = self._description.subject
        summary = self._summary()
        names = self._names()
        facts, derived = self._facts()
        tables = self._tables.build()
        return ThingPage(
            iri=subject.value,
            path=path,
            label=self._label(),
            types=self._types(),
            names=names,
            summary=summary,
            facts=facts,
            tables=tables,
            derived=derived,
            mentions=self._mentions(),
            incoming=self._incoming(),
            notes=self._notes.all(),
            formats=tuple(formats),
            as_of=as_of,
            dated=any(values(quads, self._hansa.startEarliest) for quads in self._description.nodes.values()),
        )

    def facts(self) -> tuple[Fact, ...]:
        """Give the statements that no table shows and no rule made."""
        return self._facts()[0]

    def _label(self) -> Text:
        """Name the thing; a membership or count without a label by what it ties together."""
        iri = self._description.subject.value
        if self._reader.names.labels(iri):
            return self._reader.link(iri).text
        own = self._description.own
        ties = (ORG.member, ORG.role, ORG.organization, self._hansa.counted, self._hansa.countOf)
        parts = [self._reader.link(v.value).text.value for tie in ties for v in values(own, tie)[:1]]
        return Text(" · ".join(parts)) if parts else self._reader.link(iri).text

    def _types(self) -> tuple[Link, ...]:
        asserted = [q for q in self._description.own if q.predicate == RDF.type and not self._notes.is_derived(q)]
        return tuple(self._reader.link(v.value) for v in values(asserted, RDF.type))

    def _by_triple(self, quads: Iterable[Quad]) -> dict[NamedNode, dict[Term, list[Quad]]]:
        grouped: dict[NamedNode, dict[Term, list[Quad]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            if isinstance(quad.object, NamedNode | Literal):
                grouped[quad.predicate][quad.object].append(quad)
        return grouped

    def _value(self, term: Term, quads: Sequence[Quad]) -> Value:
        shown = self._reader.value(term, self._notes.of(quads))
        if isinstance(term, Literal) and term.datatype == EDTF.EDTF:
            return Value(Link(Text(edtf_words(term.value))), shown.notes)
        return shown

    def _values(self, by_term: dict[Term, list[Quad]]) -> tuple[Value, ...]:
        ordered = sorted(by_term.items(), key=lambda item: str(item[0]))
        return _sorted_by_text(self._value(term, quads) for term, quads in ordered)

    def _values_of(self, *predicates: NamedNode) -> tuple[Value, ...]:
        grouped = self._by_triple(q for q in self._description.own if q.predicate in predicates)
        return tuple(value for p in predicates if p in grouped for value in self._values(grouped[p]))

    def _summary(self) -> tuple[Value, ...]:
        """Give the description when it is one text; several are facts among others."""
        found = {q.object for q in self._description.own if q.predicate == DCT.description}
        return self._values_of(DCT.description) if len(found) == 1 else ()

    def _names(self) -> tuple[Value, ...]:
        """Give all names, those in the reader's language first, each once."""
        found = self._values_of(*LABELS, *OTHER_NAMES)
        order = {language: rank for rank, language in enumerate(self._reader.languages)}
        return tuple(sorted(found, key=lambda v: order.get(v.link.text.lang, len(order))))

    def _facts(self) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
        hidden = {*LABELS, *OTHER_NAMES, self._hansa.evidence}
        if self._summary():
            hidden.add(DCT.description)
        asserted: dict[NamedNode, dict[Term, list[Quad]]] = {}
        derived: dict[NamedNode, dict[Term, list[Quad]]] = {}
        for predicate, by_term in self._by_triple(self._description.own).items():
            if predicate in hidden:
                continue
            for term, quads in by_term.items():
                by_rule = all(self._notes.is_derived(q) for q in quads) and predicate not in self._prominent
                (derived if by_rule else asserted).setdefault(predicate, {})[term] = quads
        return self._as_facts(asserted), self._as_facts(derived)

    def _as_facts(self, grouped: dict[NamedNode, dict[Term, list[Quad]]]) -> tuple[Fact, ...]:
        first = {predicate: rank for rank, predicate in enumerate(_FIRST)}
        named = sorted(
            ((first.get(p, len(first)), self._reader.property(p.value), p) for p in grouped),
            key=lambda item: (item[0], item[1].text.value.casefold(), item[2].value),
        )
        return tuple(Fact(link, self._values(grouped[p])) for _, link, p in named)

    def _mentions(self) -> tuple[LinkGroup, ...]:
        groups = []
        for title, iris in self._mentioned.items():
            links = sorted((self._reader.link(iri) for iri in iris), key=lambda k: (k.text.value.casefold(), k.iri))
            shown = tuple(Value(link) for link in links[:_INCOMING_LIMIT])
            groups.append(LinkGroup(Text(title, "en"), shown, max(0, len(links) - _INCOMING_LIMIT)))
        return tuple(groups)

    def _incoming(self) -> tuple[LinkGroup, ...]:
        # Evidence is reached from the statements that it supports, members from their tables.
        skipped = {
            self._hansa.inSource,
            self._hansa.supportsValue,
            ORG.memberOf,
            ORG.hasMember,
            ORG.member,
            ORG.organization,
            RDFS.subClassOf,
            RDFS.isDefinedBy,
        }
        groups: dict[NamedNode, dict[NamedNode, list[Quad]]] = defaultdict(lambda: defaultdict(list))
        for quad in self._description.incoming:
            if quad.predicate not in skipped and isinstance(quad.subject, NamedNode):
                groups[quad.predicate][quad.subject].append(quad)
        made = [self._group(predicate, by_subject) for predicate, by_subject in groups.items()]
        return tuple(sorted((g for g in made if g), key=lambda g: g.title.value.casefold()))

    def _group(self, predicate: NamedNode, by_subject: dict[NamedNode, list[Quad]]) -> LinkGroup | None:
        # The inverse of one of our own statements, made by a rule, would say the same twice.
        asserted = {
            s: quads
            for s, quads in by_subject.items()
            if predicate in self._prominent or not all(self._notes.is_derived(q) for q in quads)
        }
        if not asserted:
            return None
        shown = sorted(asserted, key=lambda s: (self._reader.link(s.value).text.value.casefold(), s.value))
        found = tuple(Value(self._reader.link(s.value), self._notes.of(asserted[s])) for s in shown[:_INCOMING_LIMIT])
        label = self._reader.property(predicate.value).text
        title = self._inverse_titles.get(predicate.value)
        text = Text(title, "en") if title else Text(f"“{label.value}” of", label.lang)
        return LinkGroup(text, found, max(0, len(shown) - _INCOMING_LIMIT))
