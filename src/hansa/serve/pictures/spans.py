"""What stands on a timeline: everything of a thing that a source dates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from hansa.rdf import NamedNode
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Link, Text
from hansa.serve.pictures.records import Membership, When, records, sources_of, when_of
from hansa.serve.pictures.wording import Wording
from hansa.serve.site import Site
from hansa.vocab import DCT, ORG, Namespace

_LOCN = Namespace("http://www.w3.org/ns/locn#", "location")


@dataclass(frozen=True, slots=True)
class Span:
    """A line of a timeline.

    :param link: what the line is about, seen from the thing whose timeline it is
    :param role: as what
    :param about: the statement
    :param is_moment: it happened at once, somewhere within its bounds
    """

    link: Link
    role: Link
    when: When
    about: str
    sources: tuple[str, ...] = ()
    is_moment: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """The bounds of a span as numbers of days, ``None`` where there is none.

    :param start: earliest and latest, ``end`` and ``as_of`` likewise
    """

    start: tuple[int | None, int | None]
    end: tuple[int | None, int | None]
    as_of: tuple[int | None, int | None]

    def known(self) -> list[int]:
        """Give all days that are known."""
        return [day for pair in (self.start, self.end, self.as_of) for day in pair if day is not None]


@lru_cache(maxsize=1 << 13)
def days_of(when: When) -> Days:
    """Count the bounds of a span in days."""
    return Days(
        (_day(when.start_earliest), _day(when.start_latest)),
        (_day(when.end_earliest), _day(when.end_latest)),
        (_day(when.as_of_earliest), _day(when.as_of_latest)),
    )


def _day(text: str) -> int | None:
    """Count the days of a calendar date (proleptic Gregorian); ``None`` for none and for years that have no number."""
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The spans of a thing, dated or not."""

    dated: list[Span] = field(default_factory=list)
    undated: list[Span] = field(default_factory=list)


class Gatherer:
    """Finds the spans of one thing.

    :param as_of: a day, or empty for all times
    """

    def __init__(self, site: Site, reader: Reader, say: Wording, as_of: str) -> None:
        self._site, self._reader, self._say, self._as_of = site, reader, say, as_of
        self._records = records(site)
        self._hansa = site.vocab.hansa

    def of(self, iri: str) -> Gathered:
        """Find the spans of a thing in the order of what is known of their beginning."""
        found = Gathered()
        spans = {span.about: span for span in self._all(iri) if span.when.on(self._as_of) or span.is_moment}
        for span in sorted(spans.values(), key=_order):
            (found.dated if days_of(span.when).known() else found.undated).append(span)
        return found

    def _all(self, iri: str) -> Iterator[Span]:
        yield from self._memberships(iri)
        yield from self._through(iri)
        yield from self._tenures(iri)
        yield from self._seats(iri)
        yield from self._changes(iri)

    def _subjects(self, predicate: NamedNode, iri: str) -> list[NamedNode]:
        found = {q.subject for q in self._site.store.quads(None, predicate, NamedNode(iri))}
        return sorted((s for s in found if isinstance(s, NamedNode)), key=str)

    def _objects(self, node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        found = {q.object for q in self._site.store.quads(node, predicate)}
        return sorted((o for o in found if isinstance(o, NamedNode)), key=str)

    def _membership(self, membership: Membership, other: str) -> Span:
        role = self._reader.link(membership.role) if membership.role else Link(Text(""))
        return Span(self._reader.link(other), role, membership.when, membership.iri, membership.sources)

    def _memberships(self, iri: str) -> Iterator[Span]:
        yield from (self._membership(m, m.organization) for m in self._records.by_member(iri))
        yield from (self._membership(m, m.member) for m in self._records.by_organization(iri))

    def _through(self, iri: str) -> Iterator[Span]:
        """Find who held a post, or spoke for an authority."""
        for predicate in (self._hansa.throughPost, self._hansa.representing):
            for node in self._subjects(predicate, iri):
                for member in self._objects(node, ORG.member):
                    roles = self._objects(node, ORG.role) or [node]
                    yield self._span(node, member, self._reader.link(roles[0].value))

    def _tenures(self, iri: str) -> Iterator[Span]:
        text = self._say.gettext("by virtue of another office")
        pairs = ((self._hansa.heldPost, self._hansa.holdingPost), (self._hansa.holdingPost, self._hansa.heldPost))
        for mine, other in pairs:
            for node in self._subjects(mine, iri):
                yield from (self._span(node, post, Link(Text(text))) for post in self._objects(node, other))

    def _seats(self, iri: str) -> Iterator[Span]:
        thing = NamedNode(iri)
        for site in dict.fromkeys((*self._objects(thing, ORG.hasPrimarySite), *self._objects(thing, ORG.hasSite))):
            for place in self._objects(site, _LOCN.location):
                yield self._span(site, place, Link(Text(self._say.gettext("seat"))))

    def _changes(self, iri: str) -> Iterator[Span]:
        for predicate in (ORG.resultingOrganization, ORG.originalOrganization):
            for node in self._subjects(predicate, iri):
                kinds = self._objects(node, DCT.type)
                role = self._reader.link(kinds[0].value) if kinds else Link(Text(""))
                if not self._as_of or when_of(self._site, node.value).start_earliest <= self._as_of:
                    yield self._span(node, node, role, is_moment=True)

    def _span(self, node: NamedNode, other: NamedNode, role: Link, *, is_moment: bool = False) -> Span:
        when, sources = when_of(self._site, node.value), sources_of(self._site, node.value)
        return Span(self._reader.link(other.value), role, when, node.value, sources, is_moment)


def _order(span: Span) -> tuple[int, str, str]:
    known = days_of(span.when).known()
    return (min(known) if known else 0, span.link.text.folded, span.about)


def all_sources(spans: Iterable[Span]) -> tuple[str, ...]:
    """Give the documents behind some spans, each once."""
    return tuple(dict.fromkeys(source for span in spans for source in span.sources))
