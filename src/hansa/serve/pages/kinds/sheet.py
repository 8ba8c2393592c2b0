"""What the page of one thing is made from: what is said about it, who reads, for which day, and the notes so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from hansa.rdf import NamedNode
from hansa.serve.pages.dates import span_words
from hansa.serve.pages.notes import Notes
from hansa.serve.pages.records import Pointer, Record
from hansa.serve.pages.views import Link, Text, Value
from hansa.vocab import ORG, RDF, Namespace

if TYPE_CHECKING:
    from hansa.serve.pages.reader import Reader
    from hansa.serve.site import Site

_SITES = (ORG.hasPrimarySite.value, ORG.hasSite.value)
_LOCATION = Namespace("http://www.w3.org/ns/locn#", "location").location
PAGE_SIZE = 100
"""Rows of a table, or places of a document, on one page."""


class Sheet:
    """The page of one thing, while it is made.

    :param path: of the page, without extension
    :param as_of: the day that the page holds for, empty for all times
    """

    def __init__(self, site: Site, reader: Reader, iri: str, path: str, as_of: str = "") -> None:
        self.site = site
        self.reader = reader
        self.hansa = site.vocab.hansa
        self.records = site.records
        self.record = site.records.about(iri)
        self.iri = iri
        self.path = path
        self.as_of = as_of
        self.day = as_of or site.release.issued
        """The day that *now* means."""
        self.notes = Notes(site.records, site.citations, reader, site.graph_sources, site.derived_prefix)
        self.dated = False
        """Whether something on the page has a date, so that another day would show another page."""

    @cached_property
    def parameters(self) -> dict[str, str]:
        """The query parameters of the request."""
        return dict(parse_qsl(self.reader.query))

    @cached_property
    def pointers(self) -> dict[str, list[Pointer]]:
        """The statements that have the thing as object, by property."""
        found: dict[str, list[Pointer]] = {}
        for pointer in self.records.pointing(self.iri):
            found.setdefault(pointer.predicate, []).append(pointer)
        return found

    def link(self, iri: str) -> Link:
        """Show a thing by its label."""
        return self.reader.link(iri)

    def named(self, record: Record) -> Link:
        """Name a node, one without a label by what it ties together: *Bergen · League of Ports*."""
        link, hansa = self.link(record.iri), self.hansa
        if self.reader.names.labels(record.iri):
            return link
        ties = (ORG.member, hansa.heldPost, ORG.role, ORG.organization, hansa.holdingPost, hansa.counted, hansa.countOf)
        tied = [iri for tie in ties for iri in record.iris(tie)[:1]]
        if self.kind(record.iri) == "site":
            tied = [p.subject for p in self.records.pointing(record.iri) if p.predicate in _SITES][:1]
            tied += record.iris(_LOCATION)[:1]
        words = " · ".join(self.link(iri).text.value for iri in dict.fromkeys(tied))
        return Link(Text(words), record.iri, link.href) if words else link

    def kind(self, iri: str) -> str:
        """Give the kind of a thing, empty for what is not one of ours."""
        return (self.site.vocab.kind_and_slug(iri) or ("",))[0]

    def address(self, **changed: str) -> str:
        """Give the address of this page with some parameters changed; an empty value leaves one out."""
        kept = {name: value for name, value in {**self.parameters, **changed}.items() if value}
        return f"{self.path}?{urlencode(kept, safe=':')}" if kept else self.path

    # ---------------------------------------------------------------- neighbours
    def asserted(self, predicate: NamedNode) -> list[Pointer]:
        """Give the statements of sources, not of rules, that have the thing as object of a property."""
        return [p for p in self.pointers.get(predicate.value, ()) if not self.notes.by_rule(p.graphs)]

    def around(self, predicate: NamedNode, cls: NamedNode | None = None) -> list[Record]:
        """Give the nodes of a class that point at the thing by a property and held on the day of the page."""
        about, wanted, kind = self.records.about, cls.value if cls else "", RDF.type.value
        found = [about(pointer.subject) for pointer in self.pointers.get(predicate.value, ())]
        if wanted:
            found = [record for record in found if any(said[0] == wanted for said in record.says.get(kind, ()))]
        return list(self.held(found))

    def held(self, records: Iterable[Record]) -> Iterator[Record]:
        """Leave out what did not hold on the day of the page."""
        return (record for record in records if self.may_hold(record))

    def may_hold(self, record: Record) -> bool:
        """Tell whether it may have held on the day of the page; a change that happened before is history by then."""
        if self.dated and not self.as_of:
            return True
        begun, ended = record.one(self.hansa.startEarliest), record.one(self.hansa.endLatest)
        self.dated = self.dated or bool(begun or ended)
        if not self.as_of:
            return True
        if ORG.ChangeEvent.value in record.iris(RDF.type):
            return bool(begun or ended) and (begun or ended) <= self.as_of
        return (not begun or begun <= self.as_of) and (not ended or ended >= self.as_of)

    def is_now(self, record: Record) -> bool:
        """Tell whether it may hold on the day that *now* means."""
        begun, ended = record.one(self.hansa.startEarliest), record.one(self.hansa.endLatest)
        return (not begun or begun <= self.day) and (not ended or ended >= self.day)

    # ---------------------------------------------------------------- values
    def values(self, record: Record, predicate: NamedNode) -> list[Value]:
        """Give the values of a property with their marks."""
        said = record.of(predicate)
        return [self.reader.said(s, self.notes.of(record, predicate.value, s)) for s in said]

    def span(self, record: Record) -> str:
        """Say in words from when to when something held, empty when no source says."""
        return span_words(record.one(self.hansa.start), record.one(self.hansa.end), self.reader.locale)

    def known(self, record: Record) -> str:
        """Say as of when a source says so, empty when its document is undated."""
        date = record.one(self.hansa.asOf)
        return self.reader.date(date) if date else ""
