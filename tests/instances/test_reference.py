"""The reference data and the editorial record: every place is found, everything has a name and evidence."""

import csv
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from hansa.config import Config
from hansa.link.decisions import Choice, dangling, read_decisions
from hansa.rdf import BlankNode, Graphs, Literal, NamedNode, Quad, parse_file
from hansa.vocab import DCT, GEO, RDF, SKOS, WGS84, Vocabulary

NAMED_KINDS = {
    "network",
    "body",
    "authority",
    "organization",
    "place",
    "post",
    "programme",
    "event",
    "document",
}
REFERENCE = ("country-coder", "gazetteer-crosswalk", "hansa-editorial")


@pytest.fixture(scope="module")
def vocab(config: Config) -> Vocabulary:
    return config.vocab


@pytest.fixture(scope="module")
def graphs(root: Path, vocab: Vocabulary) -> Graphs:
    files = sorted((root / "instances").rglob("*.ttl"))
    return {vocab.graph(path.stem): list(parse_file(path)) for path in files}


@pytest.fixture(scope="module")
def quads(graphs: Graphs) -> list[Quad]:
    return [quad for graph in graphs.values() for quad in graph]


@pytest.fixture(scope="module")
def crosswalk(graphs: Graphs, vocab: Vocabulary) -> list[Quad]:
    return graphs[vocab.graph("gazetteer-crosswalk")]


def objects(quads: list[Quad], subject: NamedNode, predicate: NamedNode) -> set[str]:
    return {
        q.object.value
        for q in quads
        if q.subject == subject and q.predicate == predicate and hasattr(q.object, "value")
    }


def codes(quads: list[Quad], place: NamedNode) -> dict[str, str]:
    found = [q.object for q in quads if q.subject == place and q.predicate == DCT.identifier]
    return {o.datatype.value.rpartition("#")[2]: o.value for o in found if isinstance(o, Literal)}


def things(quads: list[Quad], vocab: Vocabulary, kinds: set[str]) -> set[NamedNode]:
    found = {q.subject for q in quads if q.predicate == RDF.type and isinstance(q.subject, NamedNode)}
    split = {thing: vocab.kind_and_slug(thing.value) for thing in found}
    return {thing for thing, parts in split.items() if parts and parts[0] in kinds}


# ------------------------------------------------------------------ the files


@pytest.mark.parametrize("name", REFERENCE)
def test_a_graph_describes_its_source(graphs: Graphs, vocab: Vocabulary, name: str) -> None:
    quads = graphs[vocab.graph(name)]
    source = vocab.thing("source", name)
    assert objects(quads, source, RDF.type) == {vocab.hansa.SourceDocument.value}
    assert objects(quads, source, vocab.hansa.dating)
    assert not [q for q in quads if isinstance(q.subject, BlankNode) or isinstance(q.object, BlankNode)]


def test_the_table_of_links_is_a_source(graphs: Graphs, vocab: Vocabulary) -> None:
    quads = graphs[vocab.graph("hansa-editorial")]
    assert objects(quads, vocab.thing("source", "wikidata-links"), vocab.hansa.asOf) == {"2026-11-21"}


@pytest.mark.parametrize("name", REFERENCE)
def test_every_statement_has_evidence(graphs: Graphs, vocab: Vocabulary, name: str) -> None:
    quads = graphs[vocab.graph(name)]
    supported: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == vocab.hansa.supportsProperty:
            supported[str(quad.subject)].add(str(quad.object))
    evidence: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == vocab.hansa.evidence:
            evidence[str(quad.subject)] |= supported[str(quad.object)]
    exempt = {str(RDF.type), str(vocab.hansa.evidence)}
    bare = [
        (str(q.subject), str(q.predicate))
        for q in quads
        if (vocab.kind_and_slug(str(q.subject)[1:-1]) or ("",))[0] not in {"evidence", "source"}
        and str(q.predicate) not in exempt | evidence[str(q.subject)]
    ]
    assert bare == []


@pytest.mark.parametrize("name", REFERENCE)
def test_evidence_points_into_the_source_of_its_graph(graphs: Graphs, vocab: Vocabulary, name: str) -> None:
    quads = graphs[vocab.graph(name)]
    sources = {q.object for q in quads if q.predicate == vocab.hansa.inSource}
    assert sources == {vocab.thing("source", name)}


@pytest.mark.parametrize("name", REFERENCE)
def test_an_inference_has_its_reason(graphs: Graphs, vocab: Vocabulary, name: str) -> None:
    quads = graphs[vocab.graph(name)]
    inferred = {q.subject for q in quads if q.object == vocab.concept("certainty", "inferred")}
    reasoned = {q.subject for q in quads if q.predicate == vocab.hansa.reason}
    assert inferred == reasoned
    assert inferred


# ------------------------------------------------------------------ names and territories


def test_everything_has_an_english_name(quads: list[Quad], vocab: Vocabulary) -> None:
    named = {
        q.subject
        for q in quads
        if q.predicate == SKOS.prefLabel and isinstance(q.object, Literal) and q.object.language == "en"
    }
    assert sorted(t.value for t in things(quads, vocab, NAMED_KINDS) - named) == []


def test_one_preferred_name_a_language(quads: list[Quad]) -> None:
    names: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == SKOS.prefLabel and isinstance(quad.object, Literal):
            names[str(quad.subject), quad.object.language].add(quad.object.value)
    assert {key: values for key, values in names.items() if len(values) > 1} == {}


@pytest.mark.parametrize("language", ["ja", "es"])
def test_cities_and_countries_have_names_in_the_languages_of_the_readers(
    quads: list[Quad], vocab: Vocabulary, language: str
) -> None:
    named = {
        q.subject
        for q in quads
        if q.predicate == SKOS.prefLabel and isinstance(q.object, Literal) and q.object.language == language
    }
    coded = {p for p in things(quads, vocab, {"place"}) if {"geonamesId", "iso3166-1", "m49"} & set(codes(quads, p))}
    assert len(coded) > 50
    assert sorted(p.value for p in coded - named) == []


def test_names_that_no_source_prints_stand_in_the_editorial_graph_only(graphs: Graphs, vocab: Vocabulary) -> None:
    anmc21 = vocab.thing("network", "anmc21")
    with_english = {
        graph.value.rpartition("/")[2]
        for graph, quads in graphs.items()
        if "Asian Network of Major Cities 21" in objects(quads, anmc21, SKOS.prefLabel)
    }
    assert with_english == {"hansa-editorial"}


def test_every_authority_governs_one_described_place(quads: list[Quad], vocab: Vocabulary) -> None:
    places = {place.value for place in things(quads, vocab, {"place"})}
    authorities = things(quads, vocab, {"authority"})
    assert authorities
    for authority in authorities:
        governed = objects(quads, authority, vocab.hansa.governs)
        assert len(governed) == 1, authority
        assert governed <= places, authority


@pytest.mark.parametrize("slug", ["manila", "tomsk", "delhi", "greater-lyon"])
def test_doubtful_territories_are_inferred(graphs: Graphs, vocab: Vocabulary, slug: str) -> None:
    quads = graphs[vocab.graph("hansa-editorial")]
    evidence = vocab.thing("evidence", f"editorial-governs-{slug}")
    assert objects(quads, evidence, vocab.hansa.certainty) == {vocab.concept("certainty", "inferred").value}


def test_nothing_points_to_a_thing_that_is_not_there(quads: list[Quad], vocab: Vocabulary) -> None:
    known = {q.subject for q in quads}
    used = {q.object for q in quads if isinstance(q.object, NamedNode) and vocab.kind_and_slug(q.object.value)}
    assert sorted(str(thing) for thing in used - known) == []


# ------------------------------------------------------------------ places


def located(crosswalk: list[Quad]) -> dict[NamedNode, tuple[Decimal, Decimal]]:
    lat = {q.subject: Decimal(q.object.value) for q in crosswalk if q.predicate == WGS84.lat}  # type: ignore[union-attr]
    long = {q.subject: Decimal(q.object.value) for q in crosswalk if q.predicate == WGS84.long}  # type: ignore[union-attr]
    assert lat.keys() == long.keys()
    return {place: (lat[place], long[place]) for place in lat if isinstance(place, NamedNode)}


def test_points_are_written_longitude_first(crosswalk: list[Quad]) -> None:
    for place, (lat, long) in located(crosswalk).items():
        assert objects(crosswalk, place, GEO.asWKT) == {f"POINT({long} {lat})"}


def test_every_city_lies_in_a_country(quads: list[Quad], crosswalk: list[Quad], vocab: Vocabulary) -> None:
    for place in located(crosswalk):
        wholes = [NamedNode(iri) for iri in objects(quads, place, DCT.isPartOf)] + [place]
        assert any("iso3166-1" in codes(quads, whole) for whole in wholes), place
    assert len(located(crosswalk)) == 32


@pytest.mark.parametrize(
    ("slug", "expected"),
    [
        ("tokyo", {"geonamesId": "1850147", "iso3166-2": "JP-13", "unLocode": "JPTKX"}),
        ("seoul", {"geonamesId": "1835848", "iso3166-2": "KR-11", "unLocode": "KRSEL"}),
        ("liverpool", {"geonamesId": "2644210", "unLocode": "GBLIV"}),
        ("colombo", {"geonamesId": "1248991", "unLocode": "LKCMB"}),
        ("gipuzkoa", {"iso3166-2": "ES-SS"}),
    ],
)
def test_codes_of_a_place(crosswalk: list[Quad], vocab: Vocabulary, slug: str, expected: dict[str, str]) -> None:
    assert codes(crosswalk, vocab.thing("place", slug)) == expected


def test_no_code_is_shared(quads: list[Quad]) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == DCT.identifier:
            owners[str(quad.object)].add(str(quad.subject))
    assert {code: places for code, places in owners.items() if len(places) > 1} == {}


@pytest.mark.conformance
def test_places_are_those_of_the_checked_table(root: Path, crosswalk: list[Quad], vocab: Vocabulary) -> None:
    table = root.parent / "shared" / "data" / "qids.csv"
    if not table.exists():
        pytest.skip("the list of checked Wikidata items is not beside the checkout")
    with table.open(encoding="utf-8", newline="") as file:
        rows = {r["label_en"]: r for r in csv.DictReader(file) if r["type"] == "city" and r["latitude"]}
    names = {
        q.object.value: q.subject for q in crosswalk if q.predicate == SKOS.prefLabel and isinstance(q.object, Literal)
    }
    points = located(crosswalk)
    assert set(names) - {"Barcelona metropolitan area", "Basque Country", "Gipuzkoa", "Lombardy"} == set(rows)
    for name, row in rows.items():
        place = names[name]
        assert isinstance(place, NamedNode)
        assert points[place] == (Decimal(row["latitude"]), Decimal(row["longitude"]))
        given = re.findall(r"(?:GeoNames|ISO 3166-2|UN/LOCODE) ([A-Z0-9-]+)", row["other_ids"])
        assert sorted(codes(crosswalk, place).values()) == sorted(given)


# ------------------------------------------------------------------ links


def test_every_link_is_about_a_thing_of_the_graph(root: Path, quads: list[Quad], vocab: Vocabulary) -> None:
    name = "instances/links/wikidata.sssom.tsv"
    decisions, findings = read_decisions(root / name, name, vocab)
    known = {q.subject.value for q in quads if isinstance(q.subject, NamedNode)}
    assert [*findings, *dangling(decisions, known)] == []


def test_every_city_with_a_point_is_linked(root: Path, crosswalk: list[Quad], vocab: Vocabulary) -> None:
    name = "instances/links/wikidata.sssom.tsv"
    decisions, _ = read_decisions(root / name, name, vocab)
    linked = {d.subject for d in decisions if d.decision is Choice.EXACT}
    assert {place.value for place in located(crosswalk)} <= linked
