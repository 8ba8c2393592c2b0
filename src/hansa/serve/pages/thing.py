"""Build the page of a thing: its names, what it is, the facts, and the parts that the outline of its kind names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from hansa.rdf import NamedNode
from hansa.serve.pages.facts import fact, facts, ordered
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds.outline import OTHERS, OUTLINES
from hansa.serve.pages.kinds.sheet import Sheet
from hansa.serve.pages.kinds.titles import KINDS
from hansa.serve.pages.names import LABELS, OTHER_NAMES
from hansa.serve.pages.records import Said
from hansa.serve.pages.views import Fact, Format, Link, Section, Text, ThingPage, Value
from hansa.vocab import ORG, RDF, SKOS

if TYPE_CHECKING:
    from hansa.serve.pages.reader import Reader
    from hansa.serve.site import Site

_NAMES = frozenset(p.value for p in (*LABELS, *OTHER_NAMES))
_LEADING = 2
"""Texts under the name."""
_SHOWN_BY_PARTS = (ORG.hasPrimarySite, ORG.hasSite)
_Says = dict[str, tuple[Said, ...]]


class ThingPageBuilder:
    """Builds one page.

    :param path: of the page, without extension
    :param as_of: the day that the page holds for, empty for all times
    """

    def __init__(self, site: Site, reader: Reader, iri: str, path: str, as_of: str = "") -> None:
        self._sheet = Sheet(site, reader, iri, path, as_of)
        self._reader = reader
        self._kind = self._kind_of(iri)
        self._outline = OUTLINES.get(self._kind, OTHERS)

    def _kind_of(self, iri: str) -> str:
        base = self._reader.vocab.base
        if SKOS.ConceptScheme.value in self._sheet.record.iris(RDF.type):
            return "scheme"
        for kind, start in (("concept", f"{base}vocab/"), ("graph", f"{base}graph/")):
            if iri.startswith(start):
                return kind
        return self._sheet.kind(iri)

    def build(self, formats: Sequence[Format]) -> ThingPage:
        """Build the page; notes are numbered in reading order."""
        sheet = self._sheet
        label = self._label()
        names = self._names()
        own = next((v for v in names if v.link.text == label), None)
        lead = self._lead()
        key = self._key()
        sections = tuple(self._sections({lead[0] if lead else ""}, {f.property.iri for f in key}))
        return ThingPage(
            iri=sheet.iri,
            path=sheet.path,
            kind=self._kind,
            label=label,
            label_notes=own.notes if own else Markup(""),
            types=self._types(),
            names=tuple(v for v in names if v is not own),
            summary=lead[1] if lead else (),
            key=key,
            sections=sections,
            notes=sheet.notes.all(),
            formats=tuple(formats),
            as_of=sheet.as_of,
            dated=sheet.dated,
            title=KINDS[self._kind].one if self._kind in KINDS else "",
            list=self._list(),
        )

    def _list(self) -> str:
        kind = KINDS.get(self._kind)
        return f"/{kind.path}" if kind and kind.path else ""

    # ---------------------------------------------------------------- the head
    def _label(self) -> Text:
        """Name the thing; a membership or count without a label by what it ties together."""
        return self._sheet.named(self._sheet.record).text

    def _types(self) -> tuple[Link, ...]:
        said = self._asserted(self._sheet.record.of(RDF.type))
        return tuple(self._sheet.link(s.value) for s in said if s.is_iri)

    def _asserted(self, said: Sequence[Said]) -> tuple[Said, ...]:
        return tuple(s for s in said if not self._sheet.notes.by_rule(s.graphs))

    def _mark(self, predicate: str, said: Said) -> Markup:
        return self._sheet.notes.of(self._sheet.record, predicate, said)

    def _names(self) -> tuple[Value, ...]:
        """Give all names with their sources, those in the reader's language first, each once."""
        says = self._sheet.record.says
        said = [(p, s) for p in (*LABELS, *OTHER_NAMES) for s in says.get(p.value, ())]
        return ordered((self._reader.said(s, self._mark(p.value, s)) for p, s in said), self._reader.languages)

    def _lead(self) -> tuple[str, tuple[Value, ...]] | None:
        """Say what the thing is, in the words of its sources; of many texts the first few, the rest are facts."""
        for name in self._outline.lead:
            iri = self._reader.vocab.expand(name)
            if said := self._sheet.record.says.get(iri):
                return iri, fact(self._reader, iri, said, self._mark).values[:_LEADING]
        return None

    def _key(self) -> tuple[Fact, ...]:
        wanted = (self._reader.vocab.expand(name) for name in self._outline.key)
        says = self._sheet.record.says
        return tuple(fact(self._reader, p, says[p], self._mark) for p in wanted if p in says)

    # ---------------------------------------------------------------- the parts
    def _sections(self, lead: set[str], key: set[str]) -> list[Section]:
        asserted, derived = self._split(lead, key)
        made = [part(self._sheet) for part in self._outline.first]
        made.append(self._facts("facts", N_("Facts"), asserted))
        made += [part(self._sheet) for part in self._outline.parts]
        made.append(self._facts("derived", N_("Derived by rules"), derived))
        return [section for section in made if section]

    def _split(self, lead: set[str], key: set[str]) -> tuple[_Says, _Says]:
        """Tell what sources say from what follows by rules; what the head and other parts show is in neither."""
        hidden = {*_NAMES, *key, self._sheet.hansa.evidence.value, *(p.value for p in _SHOWN_BY_PARTS)}
        asserted: _Says = {}
        derived: _Says = {}
        for predicate, said in self._sheet.record.says.items():
            by_rule = tuple(s for s in said if self._sheet.notes.by_rule(s.graphs))
            if by_rule and predicate not in key and not self._is_shortcut(predicate):
                derived[predicate] = by_rule
            rest = tuple(s for s in said if s not in by_rule)
            if rest and predicate not in hidden and predicate != RDF.type.value:
                asserted[predicate] = self._other_languages(predicate, rest) if predicate in lead else rest
        return {p: s for p, s in asserted.items() if s}, derived

    def _other_languages(self, predicate: str, said: tuple[Said, ...]) -> tuple[Said, ...]:
        """Leave out of a property what the lead shows."""
        shown = {(v.link.text.value, v.link.text.lang) for v in fact(self._reader, predicate, said).values[:_LEADING]}
        return tuple(s for s in said if (s.value, s.lang) not in shown)

    def _is_shortcut(self, predicate: str) -> bool:
        """Tell whether the parts of the page show in full what a derived statement says in short."""
        return predicate in _shortcuts(self._sheet.hansa.heldExOfficioBy)

    def _facts(self, anchor: str, title: str, says: _Says) -> Section | None:
        if not says:
            return None
        body = "derived" if anchor == "derived" else "facts"
        return Section(anchor, title, body, facts(self._reader, says, mark=self._mark))


def _shortcuts(held_ex_officio: NamedNode) -> frozenset[str]:
    names = "memberOf hasMember holds heldBy hasMembership hasPost hasSubOrganization siteOf memberDuring changedBy"
    return frozenset((held_ex_officio.value, *(f"http://www.w3.org/ns/org#{name}" for name in names.split())))
