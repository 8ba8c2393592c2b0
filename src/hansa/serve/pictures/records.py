"""What pictures are drawn from, read once a release: who belongs where and when, and where cities lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from hansa.rdf import Literal, NamedNode, Quad
from hansa.serve.pictures.projection import Position
from hansa.serve.site import Site
from hansa.vocab import ORG, RDF, WGS84


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
    """The memberships and positions of one release."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.by_member: dict[str, list[Membership]] = defaultdict(list)
        self.by_organization: dict[str, list[Membership]] = defaultdict(list)
        self.position_sources: dict[str, None] = {}
        """Documents that say where places lie."""
        self.position = self._positions()
        self.place_of = self._pairs(site.vocab.hansa.governs)
        self._read_memberships()

    def _pairs(self, predicate: NamedNode) -> dict[str, str]:
        """Give for each subject of a property its first object."""
        found = sorted((str(q.object), q) for q in self._site.store.quads(None, predicate))
        return {
            q.subject.value: q.object.value
            for _, q in reversed(found)
            if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode)
        }

    def _positions(self) -> dict[str, Position]:
        latitudes, longitudes = self._degrees(WGS84.lat, 90), self._degrees(WGS84.long, 180)
        return {iri: (longitudes[iri], latitudes[iri]) for iri in latitudes if iri in longitudes}

    def _degrees(self, predicate: NamedNode, limit: float) -> dict[str, float]:
        found: dict[str, float] = {}
        for quad in self._site.store.quads(None, predicate):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                value = _number(quad.object.value)
                if value is not None and abs(value) <= limit:
                    found[quad.subject.value] = value
                    self.position_sources |= dict.fromkeys(self._sources(quad))
        return found

    def _sources(self, quad: Quad) -> tuple[str, ...]:
        graph = quad.graph_name
        return self._site.graph_sources.get(graph.value, ()) if isinstance(graph, NamedNode) else ()

    def _read_memberships(self) -> None:
        nodes = {q.subject for q in self._site.store.quads(None, RDF.type, ORG.Membership)}
        for node in sorted((n for n in nodes if isinstance(n, NamedNode)), key=str):
            if membership := self._membership(node):
                self.by_member[membership.member].append(membership)
                self.by_organization[membership.organization].append(membership)

    def _membership(self, node: NamedNode) -> Membership | None:
        parts: dict[NamedNode, str] = {}
        for quad in self._site.store.quads(node):
            if quad.predicate in (ORG.member, ORG.organization, ORG.role) and isinstance(quad.object, NamedNode):
                parts.setdefault(quad.predicate, quad.object.value)
        if ORG.member not in parts or ORG.organization not in parts:
            return None
        when = when_of(self._site, node)
        role = parts.get(ORG.role, "")
        return Membership(
            node.value, parts[ORG.member], parts[ORG.organization], role, when, sources_of(self._site, node)
        )

    def position_of(self, iri: str) -> Position | None:
        """Find where a place, or the place that an authority governs, lies."""
        return self.position.get(iri) or self.position.get(self.place_of.get(iri, ""))

    def members(self, organization: str, day: str) -> list[Membership]:
        """Give the memberships of organizations and authorities, not of persons, on a day or of all times."""
        found = (m for m in self.by_organization.get(organization, ()) if m.when.on(day))
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


def sources_of(site: Site, node: NamedNode) -> tuple[str, ...]:
    """Give the documents that say something of a node, rules left aside."""
    graphs = {q.graph_name.value for q in site.store.quads(node) if isinstance(q.graph_name, NamedNode)}
    asserted = sorted(g for g in graphs if not g.startswith(site.derived_prefix))
    return tuple(dict.fromkeys(source for graph in asserted for source in site.graph_sources.get(graph, ())))


def when_of(site: Site, node: NamedNode) -> When:
    """Read when a node held."""
    hansa = site.vocab.hansa
    named = {
        hansa.startEarliest: "start_earliest",
        hansa.startLatest: "start_latest",
        hansa.endEarliest: "end_earliest",
        hansa.endLatest: "end_latest",
        hansa.asOfEarliest: "as_of_earliest",
        hansa.asOfLatest: "as_of_latest",
        hansa.start: "start",
        hansa.end: "end",
        hansa.asOf: "as_of",
        hansa.date: "start",
    }
    found: dict[str, str] = {}
    for quad in site.store.quads(node):
        if (name := named.get(quad.predicate)) and isinstance(quad.object, Literal):
            found[name] = min(found.get(name, quad.object.value), quad.object.value)
    return When(**found)


_kept: WeakKeyDictionary[Site, Records] = WeakKeyDictionary()


def records(site: Site) -> Records:
    """Give the records of a release, read when they are first asked for."""
    if site not in _kept:
        _kept[site] = Records(site)
    return _kept[site]


def distinct_sources(memberships: Iterable[Membership]) -> tuple[str, ...]:
    """Give the documents behind some memberships, each once."""
    return tuple(dict.fromkeys(source for m in memberships for source in m.sources))
