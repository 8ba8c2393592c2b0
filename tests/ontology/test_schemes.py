"""The concept schemes are complete: a newcomer finds a concept by any of its names, and no name leads to two."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Graph, Literal, Namespace, URIRef

from hansa.config import Config
from hansa.vocab import SLUG, slugify

ORG = Namespace("http://www.w3.org/ns/org#")
SCHEMES = {
    "body-type", "certainty", "change-type", "counted", "dating", "precision", "programme-type", "role", "roster",
    "status", "theme",
}  # fmt: skip
REQUIRED = {
    "role": "member member-city full-member associate-member affiliate executive-city chair-city lead-city "
    "founding-member participant regional-representative committee-member president vice-president co-president chair "
    "secretary-general head-of-secretariat mayor official representative",
    "body-type": "region section committee secretariat general-meeting working-group department",
    "status": "active suspended dissolved",
    "certainty": "stated inferred",
    "precision": "exact more-than approximate",
    "roster": "complete partial none",
    "dating": "dated inferred undated",
    "programme-type": "project programme campaign seminar tournament exchange training platform",
    "change-type": "founding merger review suspension dissolution renaming",
    "counted": "members full-members associate-members member-cities approaches levels regions attendees "
    "cities-represented ngos-represented metropolitan-regions-and-areas",
}
# In the rows of facts.csv a theme may also be a part of the world or a network: places and networks, not concepts.
NOT_THEMES = {"Asia", ""}


def concepts(graph: Graph) -> list[URIRef]:
    return sorted(URIRef(str(c)) for c in graph.subjects(RDF.type, SKOS.Concept))


def slug_of(iri: URIRef) -> str:
    return str(iri).rsplit("/", 1)[1]


@pytest.fixture(scope="module")
def named(schemes: Graph, root: Path) -> Graph:
    """The schemes with what source documents say about their concepts: some have names and definitions from there."""
    instances = Graph()
    for file in sorted((root / "instances" / "sources").glob("**/*.ttl")):
        instances.parse(file, format="turtle")
    whole = Graph() + schemes
    for concept in concepts(schemes):
        for p, o in instances.predicate_objects(concept):
            whole.add((concept, p, o))
    return whole


def test_one_file_a_scheme_named_after_it(scheme_files: list[Path], config: Config) -> None:
    assert {f.stem for f in scheme_files} == SCHEMES
    for file in scheme_files:
        graph = Graph().parse(file, format="turtle")
        scheme = URIRef(f"{config.base}vocab/{file.stem}")
        assert list(graph.subjects(RDF.type, SKOS.ConceptScheme)) == [scheme]
        assert set(graph.subjects(unique=True)) == {scheme, *concepts(graph)}
        for concept in concepts(graph):
            assert list(graph.objects(concept, SKOS.inScheme)) == [scheme]
            assert str(concept).startswith(f"{scheme}/")


@pytest.mark.parametrize("scheme", sorted(REQUIRED))
def test_the_concepts_that_data_relies_on_are_there(schemes: Graph, config: Config, scheme: str) -> None:
    found = {slug_of(c) for c in concepts(schemes) if str(c).startswith(f"{config.base}vocab/{scheme}/")}
    assert set(REQUIRED[scheme].split()) <= found


def test_names_in_every_language_one_a_language(named: Graph, config: Config) -> None:
    for thing in [*concepts(named), *named.subjects(RDF.type, SKOS.ConceptScheme)]:
        labels = [str(v.language) for v in named.objects(thing, SKOS.prefLabel) if isinstance(v, Literal)]
        assert sorted(labels) == sorted(config.languages), thing


def test_everything_is_defined(named: Graph) -> None:
    for thing in [*concepts(named), *named.subjects(RDF.type, SKOS.ConceptScheme)]:
        assert named.value(thing, SKOS.definition), thing


def test_a_name_leads_to_one_concept_of_its_scheme(named: Graph) -> None:
    names: Counter[tuple[str, Literal]] = Counter()
    for concept in concepts(named):
        own = {v for p in (SKOS.prefLabel, SKOS.altLabel) for v in named.objects(concept, p) if isinstance(v, Literal)}
        names.update((str(concept).rsplit("/", 1)[0], name) for name in own)
    assert not [name for name, count in names.items() if count > 1]


def test_slugs_come_from_the_english_name(schemes: Graph) -> None:
    for concept in concepts(schemes):
        assert SLUG.match(slug_of(concept))
        label = next(str(v) for v in schemes.objects(concept, SKOS.prefLabel) if getattr(v, "language", "") == "en")
        assert slugify(label).startswith(slug_of(concept)), concept


def test_every_concept_hangs_in_the_tree_of_its_scheme(schemes: Graph) -> None:
    for concept in concepts(schemes):
        scheme = schemes.value(concept, SKOS.inScheme)
        above = set(schemes.transitive_objects(concept, SKOS.broader)) - {concept}
        assert bool(above) != bool(schemes.value(concept, SKOS.topConceptOf)), f"{concept}: top, or below another"
        assert all(schemes.value(a, SKOS.inScheme) == scheme for a in above)
        for parent in schemes.objects(concept, SKOS.broader):
            assert concept not in set(schemes.transitive_objects(parent, SKOS.broader)), f"{concept} is above itself"


def test_related_goes_both_ways_and_never_along_the_tree(schemes: Graph) -> None:
    for a, b in schemes.subject_objects(SKOS.related):
        assert (b, SKOS.related, a) in schemes
        assert b not in set(schemes.transitive_objects(a, SKOS.broader))


def test_roles_are_roles_and_nothing_else_is(schemes: Graph, config: Config) -> None:
    roles = {c for c in concepts(schemes) if str(c).startswith(config.prefixes["role"])}
    assert set(schemes.subjects(RDF.type, ORG.Role)) == roles


def test_every_theme_of_the_fact_inventory_has_a_concept(schemes: Graph, root: Path) -> None:
    inventory = root.parent / "shared" / "data" / "facts.csv"
    if not inventory.exists():
        pytest.skip("the inventory of facts is not beside the checkout")
    with inventory.open(encoding="utf-8", newline="") as rows:
        texts = [r["object"] for r in csv.DictReader(rows) if r["relation"] in ("dct:subject", "hansa:promotes")]
    words = {w.strip().removeprefix("concept/") for t in texts for w in t.split(";") if not t.startswith("network/")}
    themes = {slug_of(c) for c in concepts(schemes) if re.search(r"/theme/", str(c))}
    assert {slugify(w) for w in words - NOT_THEMES} <= themes
