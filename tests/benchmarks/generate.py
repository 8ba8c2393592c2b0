"""Generate a graph of the shape of docs/model.md at any size, one source document at a time.

The same arguments give the same bytes; memory is bounded by the largest source.
As a command: :mod:`tests.benchmarks.generated`.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Literal as OneOf

from hansa.rdf import Literal, NamedNode, Quad
from hansa.vocab import CV, DCT, EDTF, FOAF, GEO, ORG, RDF, SKOS, WGS84, XSD, Vocabulary
from tests.benchmarks.names import network_name, place_name, some_date

Site = OneOf["membership", "count", "place", "authority"]
_LOCATION = NamedNode(f"{DCT.iri}Location")
_PLACES_A_SOURCE = 400
_QUADS_A_PLACE = 32
_SHARE_OF_PLACES = 0.2
_LARGEST_ROSTER = 2000
_COUNTRIES = 60
_FIRST_COUNTRY = 16**5
_ROLES = ("member-city", "member-city", "member-city", "full-member", "associate-member", "executive-city")
_THEMES = ("climate-change", "health", "tourism", "urban-safety", "water-supply", "waste", "sport")
_COUNTED = ("members", "full-members", "member-cities")
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/ENG"
ERROR_KINDS: dict[str, tuple[Site, str]] = {
    "no-role": ("membership", "shacl/Membership-role"),
    "impossible-date": ("membership", "shacl/Membership-start"),
    "no-evidence": ("membership", "shacl/Membership-evidence"),
    "two-organizations": ("membership", "shacl/Membership-organization"),
    "ends-before-start": ("membership", "shacl/Time-order"),
    "unknown-property": ("membership", "shacl/Membership"),
    "line-zero": ("membership", "shacl/Evidence-line"),
    "negative-count": ("count", "shacl/StatedCount-statedNumber"),
    "latitude-out-of-range": ("place", "shacl/Place-lat"),
    "text-without-language": ("authority", "shacl/Text-altLabel"),
}
"""What can be injected: the kind of error, where it is put, and the code of the finding that it must give."""


@dataclass(frozen=True, slots=True, order=True)
class KnownError:
    """An injected error: its kind, the code that validation must report and the focus node."""

    kind: str
    code: str
    focus: str


@dataclass
class _Injector:
    """Hands out errors evenly and remembers them."""

    wanted: int
    known: list[KnownError] = field(default_factory=list)
    _seen: dict[Site, int] = field(default_factory=dict)
    _given: dict[str, int] = field(default_factory=dict)

    def kind(self, site: Site) -> str:
        """Give the kind of error that the next thing of this sort shall have; mostly none."""
        seen = self._seen[site] = self._seen.get(site, 0) + 1
        if not self.wanted or seen % 3:
            return ""
        quota = -(-self.wanted // len(ERROR_KINDS))
        kinds = [k for k, (where, _) in ERROR_KINDS.items() if where == site and self._given.get(k, 0) < quota]
        if not kinds or len(self.known) >= self.wanted:
            return ""
        kind = min(kinds, key=lambda k: self._given.get(k, 0))
        self._given[kind] = self._given.get(kind, 0) + 1
        return kind

    def note(self, kind: str, focus: NamedNode) -> None:
        """Remember an error that was put in."""
        self.known.append(KnownError(kind, ERROR_KINDS[kind][1], focus.value))


class Source:
    """One source document: a named graph that grows statement by statement."""

    def __init__(self, vocab: Vocabulary, slug: str) -> None:
        self.vocab = vocab
        self.slug = slug
        self.graph = vocab.graph(slug)
        self.node = vocab.thing("source", slug)
        self.quads: list[Quad] = []
        self._line = 0

    def add(self, subject: NamedNode, *pairs: tuple[NamedNode, NamedNode | Literal]) -> None:
        """Say some things about a subject."""
        self.quads += [Quad(subject, predicate, value, self.graph) for predicate, value in pairs]

    def evidence(self, about: NamedNode, slug: str, *properties: NamedNode, excerpt: str = "", line: int = 0) -> None:
        """Say where in this source a fact stands."""
        h, node = self.vocab.hansa, self.vocab.thing("evidence", slug)
        self._line += 1
        self.add(about, (h.evidence, node))
        self.add(
            node,
            (RDF.type, h.Evidence),
            (h.inSource, self.node),
            (h.line, _integer(line or self._line)),
            (h.certainty, self.vocab.concept("certainty", "stated")),
            *((h.supportsProperty, p) for p in properties),
        )
        if excerpt:
            self.add(node, (h.excerpt, Literal(excerpt, language="en")))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)


def _edtf(text: str) -> Literal:
    return Literal(text, datatype=EDTF.EDTF)


def _labels(names: dict[str, str]) -> list[tuple[NamedNode, Literal]]:
    return [(SKOS.prefLabel, Literal(text, language=language)) for language, text in names.items()]


class Generator:
    """A graph of about ``size`` statements.

    :param errors: how many errors to inject; :attr:`known` lists them once :meth:`sources` has run
    """

    def __init__(self, vocab: Vocabulary, size: int, seed: int = 1, errors: int = 0) -> None:
        self._vocab = vocab
        self._h = vocab.hansa
        self._size = size
        self._seed = seed
        self._errors = _Injector(errors)
        self.places = max(20, int(size * _SHARE_OF_PLACES / _QUADS_A_PLACE))
        # Zipf with exponent 0.8: few cities are everywhere, most are in one or two networks.
        self._weights = list(accumulate(1 / (rank + 1) ** 0.8 for rank in range(self.places)))

    @property
    def known(self) -> list[KnownError]:
        """The errors that were put in so far."""
        return sorted(self._errors.known)

    def sources(self) -> Iterator[Source]:
        """Give the sources one after another: gazetteers first, then directories of networks until the size is met."""
        made = 0
        for source in self._gazetteers():
            made += len(source.quads)
            yield source
        number = 0
        while made < self._size:
            number += 1
            source = self._directory(number, self._size - made)
            made += len(source.quads)
            yield source

    def quads(self) -> Iterator[Quad]:
        """Give all statements, source by source."""
        for source in self.sources():
            yield from source.quads

    def _random(self, slug: str) -> Random:
        return Random(f"{self._seed}/{slug}")

    def _begin(self, slug: str, title: str, publisher: NamedNode, date: str) -> Source:
        source = Source(self._vocab, slug)
        source.add(
            source.node,
            (RDF.type, self._h.SourceDocument),
            (DCT.title, Literal(title, language="en")),
            (DCT.publisher, publisher),
            (DCT.language, NamedNode(_LANGUAGE)),
            (self._h.dating, self._vocab.concept("dating", "dated")),
            (self._h.asOf, _edtf(date)),
        )
        source.evidence(source.node, f"{slug}-title", DCT.title, DCT.publisher, excerpt=title)
        return source

    def _place(self, number: int) -> NamedNode:
        return self._vocab.thing("place", f"{place_name(number)['en'].lower()}-{number}")

    def _authority(self, number: int) -> NamedNode:
        return self._vocab.thing("authority", f"{place_name(number)['en'].lower()}-{number}")

    def _country(self, number: int) -> NamedNode:
        return self._vocab.thing("place", f"country-{number % _COUNTRIES}")

    def _gazetteers(self) -> Iterator[Source]:
        for first in range(0, self.places, _PLACES_A_SOURCE):
            slug = f"gazetteer-{first // _PLACES_A_SOURCE}"
            source = self._begin(slug, f"Gazetteer, volume {first}", self._authority(0), "2024-08")
            if first == 0:
                self._add_countries(source)
            random = self._random(slug)
            for number in range(first, min(first + _PLACES_A_SOURCE, self.places)):
                self._add_place(source, number, random)
                self._add_authority(source, number)
            yield source

    def _add_countries(self, source: Source) -> None:
        for number in range(_COUNTRIES):
            code = chr(65 + number // 26) + chr(65 + number % 26)
            node, name = self._country(number), place_name(_FIRST_COUNTRY + number)
            identifier = (DCT.identifier, Literal(code, datatype=NamedNode(f"{self._h.iri}iso3166-1")))
            source.add(node, (RDF.type, _LOCATION), *_labels(name), identifier)
            source.evidence(node, f"country-{number}", SKOS.prefLabel, DCT.identifier)

    def _add_place(self, source: Source, number: int, random: Random) -> None:
        node, error = self._place(number), self._errors.kind("place")
        lat, long = round(random.uniform(-60, 70), 5), round(random.uniform(-180, 180), 5)
        if error:
            lat = 123.4
            self._errors.note(error, node)
        source.add(
            node,
            (RDF.type, _LOCATION),
            *_labels(place_name(number)),
            (DCT.isPartOf, self._country(number)),
            (WGS84.lat, Literal(f"{lat:.5f}", datatype=XSD.decimal)),
            (WGS84.long, Literal(f"{long:.5f}", datatype=XSD.decimal)),
            (GEO.asWKT, Literal(f"POINT({long:.5f} {lat:.5f})", datatype=GEO.wktLiteral)),
            (DCT.identifier, Literal(str(100_000 + number), datatype=self._h.geonamesId)),
        )
        said = (SKOS.prefLabel, DCT.isPartOf, WGS84.lat, WGS84.long, GEO.asWKT, DCT.identifier)
        source.evidence(node, f"place-{number}", *said)

    def _add_authority(self, source: Source, number: int) -> None:
        node, error = self._authority(number), self._errors.kind("authority")
        names = place_name(number)
        city = {"en": f"City of {names['en']}", "ja": f"{names['ja']}市", "es": f"Ciudad de {names['es']}"}
        source.add(node, (RDF.type, CV.PublicOrganisation), *_labels(city), (self._h.governs, self._place(number)))
        source.add(node, (SKOS.altLabel, Literal(names["en"]) if error else Literal(names["en"], language="en")))
        if error:
            self._errors.note(error, node)
        source.evidence(node, f"authority-{number}", SKOS.prefLabel, SKOS.altLabel, self._h.governs)

    def _directory(self, number: int, room: int) -> Source:
        slug = f"directory-{number}"
        random = self._random(slug)
        names = network_name(number)
        source = self._begin(slug, f"Directory of the {names['en']}", self._authority(number % self.places), "2026-01")
        network = self._vocab.thing("network", f"league-{number}")
        self._add_network(source, network, number, random)
        self._add_counts(source, network, number, random)
        self._add_president(source, network, number, random)
        self._add_members(source, network, number, random, room)
        return source

    def _add_network(self, source: Source, network: NamedNode, number: int, random: Random) -> None:
        h, concept = self._h, self._vocab.concept
        source.add(
            network,
            (RDF.type, h.CityNetwork),
            *_labels(network_name(number)),
            (SKOS.altLabel, Literal(f"L{number}", language="en")),
            (h.rosterStatus, concept("roster", "partial")),
            (DCT.subject, concept("theme", random.choice(_THEMES))),
            (h.purpose, Literal(f"exchange of experience, field {number % 40}", language="en")),
        )
        said = (SKOS.prefLabel, SKOS.altLabel, h.rosterStatus, DCT.subject, h.purpose)
        source.evidence(network, f"league-{number}", *said)
        event = self._vocab.thing("event", f"league-{number}-founding")
        source.add(
            event,
            (RDF.type, ORG.ChangeEvent),
            (DCT.type, concept("change-type", "founding")),
            (ORG.resultingOrganization, network),
            (h.date, _edtf(some_date(random, 1930, 1960))),
        )
        source.evidence(event, f"league-{number}-founding")

    def _add_counts(self, source: Source, network: NamedNode, number: int, random: Random) -> None:
        h, concept = self._h, self._vocab.concept
        for observation in range(random.randint(2, 5)):
            node = self._vocab.thing("count", f"league-{number}-{observation}")
            error = self._errors.kind("count")
            # Never fewer than the roster can name, or the count would contradict it.
            stated = -1 if error else random.randint(_LARGEST_ROSTER, 2 * _LARGEST_ROSTER)
            if error:
                self._errors.note(error, node)
            source.add(
                node,
                (RDF.type, h.StatedCount),
                (h.countOf, network),
                (h.counted, concept("counted", random.choice(_COUNTED))),
                (h.statedNumber, _integer(stated)),
                (h.countPrecision, concept("precision", random.choice(("exact", "more-than", "approximate")))),
                (h.asOf, _edtf(some_date(random, 1990, 2024))),
            )
            source.evidence(node, f"count-{number}-{observation}", excerpt=f"{stated} members")

    def _add_president(self, source: Source, network: NamedNode, number: int, random: Random) -> None:
        h, thing = self._h, self._vocab.thing
        person, post = thing("person", f"president-{number}"), thing("post", f"league-{number}-president")
        role = self._vocab.concept("role", "president")
        name = f"{place_name(number + 7)['en']} {place_name(number * 3 + 11)['en']}"
        source.add(person, (RDF.type, FOAF.Person), (FOAF.name, Literal(name)))
        source.evidence(person, f"president-{number}", FOAF.name)
        title = Literal(f"President of the League {number}", language="en")
        source.add(post, (RDF.type, ORG.Post), (SKOS.prefLabel, title), (ORG.postIn, network), (ORG.role, role))
        source.evidence(post, f"post-{number}", SKOS.prefLabel, ORG.postIn, ORG.role)
        node = thing("membership", f"league-{number}-president")
        source.add(
            node,
            (RDF.type, ORG.Membership),
            (ORG.member, person),
            (ORG.organization, network),
            (ORG.role, role),
            (h.throughPost, post),
            (h.start, _edtf(some_date(random, 2001, 2015))),
        )
        source.evidence(node, f"membership-{number}-president")

    def _add_members(self, source: Source, network: NamedNode, number: int, random: Random, room: int) -> None:
        enough = len(source.quads) + room
        for member in self._members(random):
            if len(source.quads) >= enough:
                return
            self._add_membership(source, network, number, member, random)

    def _members(self, random: Random) -> list[int]:
        """Choose members: the size of a roster is Pareto, and famous cities are chosen more often than others."""
        size = min(self.places // 2, _LARGEST_ROSTER, int(8 * random.paretovariate(0.9)))
        total = self._weights[-1]
        chosen = (bisect(self._weights, random.random() * total) for _ in range(size))
        return list(dict.fromkeys(min(c, self.places - 1) for c in chosen))

    def _add_membership(self, source: Source, network: NamedNode, number: int, member: int, random: Random) -> None:
        h, node = self._h, self._vocab.thing("membership", f"league-{number}-city-{member}")
        error = self._errors.kind("membership")
        start = some_date(random, 1970, 2005)
        pairs: list[tuple[NamedNode, NamedNode | Literal]] = [
            (RDF.type, ORG.Membership),
            (ORG.member, self._authority(member)),
            (ORG.organization, network),
            (h.start, _edtf("1999-13" if error == "impossible-date" else start)),
        ]
        if error != "no-role":
            pairs.append((ORG.role, self._vocab.concept("role", random.choice(_ROLES))))
        if random.random() < 0.2 and error != "ends-before-start":
            pairs.append((h.end, _edtf(some_date(random, 2008, 2024))))
        elif random.random() < 0.7 and error != "ends-before-start":
            pairs.append((h.asOf, _edtf(some_date(random, 2010, 2024))))
        source.add(node, *pairs)
        if error:
            self._damage(source, node, error, number, member)
        if error != "no-evidence":
            excerpt = place_name(member)["en"]
            source.evidence(node, f"membership-{number}-{member}", excerpt=excerpt)
            if error == "line-zero":
                self._zero_line(source)

    def _damage(self, source: Source, node: NamedNode, error: str, number: int, member: int) -> None:
        extra: dict[str, tuple[NamedNode, NamedNode | Literal]] = {
            "two-organizations": (ORG.organization, self._vocab.thing("network", f"league-{max(1, number - 1)}x")),
            "ends-before-start": (self._h.end, _edtf("1901")),
            "unknown-property": (DCT.description, Literal("misplaced", language="en")),
        }
        if error in extra:
            source.add(node, extra[error])
        focus = self._vocab.thing("evidence", f"membership-{number}-{member}") if error == "line-zero" else node
        self._errors.note(error, focus)

    def _zero_line(self, source: Source) -> None:
        at = next(i for i in range(len(source.quads) - 1, -1, -1) if source.quads[i].predicate == self._h.line)
        old = source.quads[at]
        source.quads[at] = Quad(old.subject, old.predicate, _integer(0), old.graph_name)
