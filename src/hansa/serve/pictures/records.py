"""What pictures are drawn from: who belongs where and when, and where cities lie."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest
from weakref import WeakKeyDictionary

from hansa.rdf import NamedNode
from hansa.serve.pictures.projection import Position
from hansa.serve.pictures.stored import NAMED, Membership, When, read_memberships
from hansa.serve.site import Site
from hansa.vocab import WGS84

__all__ = ["Membership", "Records", "When", "distinct_sources", "records", "sources_of", "when_of"]


class Records:
    """The memberships and positions of one release, thing by thing: only what a picture needs is read, once."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._hansa = site.vocab.hansa

    def by_member(self, member: str) -> list[Membership]:
        """Give the memberships of a member in the order of their IRIs."""
        return self.of_members((member,))[member]

    def of_members(self, members: Iterable[str]) -> dict[str, list[Membership]]:
        """Give the memberships of many members at once."""
        return read_memberships(self._site.lookup, "member", members)

    def by_organization(self, organization: str) -> list[Membership]:
        """Give the memberships in an organization in the order of their IRIs."""
        return self.within((organization,))[organization]

    def within(self, organizations: Iterable[str]) -> dict[str, list[Membership]]:
        """Give the memberships in many organizations at once."""
        return read_memberships(self._site.lookup, "organization", organizations)

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
        return self.not_persons(self.by_organization(organization), day)

    def not_persons(self, memberships: Iterable[Membership], day: str) -> list[Membership]:
        """Keep the memberships of organizations and authorities on a day or of all times."""
        return [m for m in memberships if m.when.on(day) and self.kind(m.member) not in ("person", "post")]

    def kind(self, iri: str) -> str:
        """Give the kind of one of our own things, empty for others."""
        return (self._site.vocab.kind_and_slug(iri) or ("", ""))[0]

    def networks(self) -> list[str]:
        """Give all networks in a stable order."""
        return sorted(iri for kind, iri in self._site.names.kinds() if kind == "network")

    def largest(self, networks: Iterable[str], count: int) -> list[str]:
        """Choose the networks with most memberships, the largest first."""
        rows = self._site.lookup.rows("SELECT organization, count(*) FROM membership GROUP BY organization")
        sizes: dict[str, int] = dict(rows)
        return nlargest(count, networks, key=lambda network: sizes.get(network, 0))


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


def when_of(site: Site, iri: str) -> When:
    """Read when a node held."""
    record, namespace = site.records.about(iri), site.vocab.hansa.iri
    found: dict[str, str] = {}
    for local, name in NAMED.items():
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
