"""What pictures are drawn from: who belongs where and when, and where cities lie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from hansa.rdf import NamedNode
from hansa.serve.pictures.projection import Position
from hansa.serve.site import Site
from hansa.serve.things.roster import Membership as Known
from hansa.vocab import ORG, RDF, WGS84

_REMEMBERED = 1 << 13
"""Memberships; some ten megabytes at most."""


@dataclass(frozen=True, slots=True)
class When:
    """When something held, as bounds in ISO form; empty where nothing is known.

    :param start: as the source gives it (EDTF), and ``end`` and ``as_of``
    """

    start_earliest: str = ""
    start_latest: str = ""
    end_earliest: str = ""
    end_latest: str = ""
    as_of_earliest: str = ""
    as_of_latest: str = ""
    start: str = ""
    end: str = ""
    as_of: str = ""

    def on(self, day: str) -> bool:
        """Tell whether it may have held on a day: not known to have begun later, not known to have ended before."""
        begun, ended = self.start_earliest, self.end_latest
        return not day or ((not begun or begun <= day) and (not ended or ended >= day))

    def __bool__(self) -> bool:
        """Tell whether anything is known."""
        return bool(self.start or self.end or self.as_of or self.start_earliest or self.end_latest)


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership: who, in what, as what, when, and who says so (IRIs)."""

    iri: str
    member: str
    organization: str
    role: str
    when: When
    sources: tuple[str, ...]


class Records:
    """The memberships and positions of one release, thing by thing: only what a picture needs is read, once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._hansa = site.vocab.hansa
        self._membership = lru_cache(maxsize=_REMEMBERED)(self._make)

    def by_member(self, member: str) -> list[Membership]:
        """Give the memberships of a member in the order of their IRIs."""
        return self._made(self._site.roster.of(member))

    def by_organization(self, organization: str) -> list[Membership]:
        """Give the memberships in an organization in the order of their IRIs."""
        return self._made(self._site.roster.within(organization))

    def _made(self, found: Iterable[Known]) -> list[Membership]:
        made = map(self._membership, sorted(found))
        return [membership for membership in made if membership]

    def _make(self, known: Known) -> Membership | None:
        record = self._site.records.about(known.iri)
        if ORG.Membership.value not in record.iris(RDF.type):
            return None
        when, sources = when_of(self._site, known.iri), sources_of(self._site, known.iri)
        return Membership(known.iri, known.member, known.organization, next(iter(known.roles), ""), when, sources)

    def place_of(self, iri: str) -> str:
        """Give the place that an authority governs, else the thing itself."""
        return self._site.records.about(iri).one(self._hansa.governs) or iri

    def position_of(self, iri: str) -> Position | None:
        """Find where a place, or the place that an authority governs, lies."""
        return self._position(iri) or self._position(self.place_of(iri))

    def _position(self, iri: str) -> Position | None:
        longitude, latitude = self._degrees(iri, WGS84.long, 180), self._degrees(iri, WGS84.lat, 90)
        return None if longitude is None or latitude is None else (longitude, latitude)

    def _degrees(self, iri: str, predicate: NamedNode, limit: float) -> float | None:
        numbers = (_number(said.value) for said in self._site.records.about(iri).of(predicate) if said.datatype)
        return next((n for n in numbers if n is not None and abs(n) <= limit), None)

    def position_sources(self, things: Iterable[str]) -> tuple[str, ...]:
        """Give the documents that say where things, or the places that they govern, lie, each once."""
        places = dict.fromkeys(place for iri in things for place in (iri, self.place_of(iri)))
        said = (s for p in places for d in (WGS84.lat, WGS84.long) for s in self._site.records.about(p).of(d))
        graphs = dict.fromkeys(graph for s in said for graph in s.graphs)
        return tuple(dict.fromkeys(source for g in graphs for source in self._site.graph_sources.get(g, ())))

    def members(self, organization: str, day: str) -> list[Membership]:
        """Give the memberships of organizations and authorities, not of persons, on a day or of all times."""
        found = (m for m in self.by_organization(organization) if m.when.on(day))
        return [m for m in found if self.kind(m.member) not in ("person", "post")]

    def kind(self, iri: str) -> str:
        """Give the kind of one of our own things, empty for others."""
        return (self._site.vocab.kind_and_slug(iri) or ("", ""))[0]

    def networks(self) -> list[str]:
        """Give all networks in a stable order."""
        return sorted(iri for kind, iri in self._site.names.kinds() if kind == "network")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def sources_of(site: Site, iri: str) -> tuple[str, ...]:
    """Give the documents that say something of a node, rules left aside."""
    graphs = {g for values in site.records.about(iri).says.values() for said in values for g in said.graphs}
    asserted = sorted(g for g in graphs if not g.startswith(site.derived_prefix))
    return tuple(dict.fromkeys(source for graph in asserted for source in site.graph_sources.get(graph, ())))


_NAMED = {
    "startEarliest": "start_earliest",
    "startLatest": "start_latest",
    "endEarliest": "end_earliest",
    "endLatest": "end_latest",
    "asOfEarliest": "as_of_earliest",
    "asOfLatest": "as_of_latest",
    "start": "start",
    "end": "end",
    "asOf": "as_of",
    "date": "start",
}
"""Names of the bounds in our ontology."""


def when_of(site: Site, iri: str) -> When:
    """Read when a node held."""
    record, namespace = site.records.about(iri), site.vocab.hansa.iri
    found: dict[str, str] = {}
    for local, name in _NAMED.items():
        for said in record.says.get(f"{namespace}{local}", ()):
            if said.datatype:
                found[name] = min(found.get(name, said.value), said.value)
    return When(**found)


_kept: WeakKeyDictionary[Site, Records] = WeakKeyDictionary()


def records(site: Site) -> Records:
    """Give the records of a release."""
    if site not in _kept:
        _kept[site] = Records(site)
    return _kept[site]


def distinct_sources(memberships: Iterable[Membership]) -> tuple[str, ...]:
    """Give the documents behind some memberships, each once."""
    return tuple(dict.fromkeys(source for m in memberships for source in m.sources))
