"""Each check of the ontology fires on what it is for, at its line, and is silent on a sound ontology."""

from __future__ import annotations

from pathlib import Path

import pytest

from hansa.config import load_config
from hansa.model import Severity
from hansa.sources.project import find_files
from hansa.store import EmbeddedStore
from hansa.validate.checks import run_checks
from hansa.validate.consistency import check_consistency
from hansa.validate.profiles import check_profiles
from tests.validate.conftest import EXTERNAL, INSTANCE, PAGE, PREFIXES, Project

PREFIX = """\
@base <https://w3id.org/hansa/> .
@prefix bibo: <http://purl.org/ontology/bibo/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix hansa: <https://w3id.org/hansa/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vann: <http://purl.org/vocab/vann/> .
"""
HEADER = """\
<ontology> a owl:Ontology ; owl:versionIRI <ontology/1> ; owl:versionInfo "1" ; dct:title "H"@en ;
    dct:description "D"@en ; dct:license <https://creativecommons.org/licenses/by/4.0/> ; dct:creator "C" ;
    dct:publisher "C" ; dct:created "2026" ; dct:modified "2026" ; dct:issued "2026" ;
    dct:bibliographicCitation "H" ; vann:preferredNamespacePrefix "hansa" ;
    vann:preferredNamespaceUri "https://w3id.org/hansa/ontology#" ;
    bibo:status <http://purl.org/ontology/bibo/status/draft> .
"""


def term(name: str, kind: str, more: str = "", label: str = "") -> str:
    """Describe a term so that no check finds fault with it."""
    word = label or f"{name} of a test"
    return (
        f"hansa:{name} a {kind} ; rdfs:isDefinedBy <ontology> ;\n"
        f'    rdfs:label "{word}"@en, "{word} J"@ja, "{word} S"@es ;\n'
        f'    skos:definition "Meant by {name}."@en, "Meant by {name} J."@ja, "Meant by {name} S."@es {more} .\n'
    )


SOUND = (
    PREFIX
    + HEADER
    + term("City", "owl:Class", "; owl:disjointWith hansa:Event")
    + term("Event", "owl:Class")
    + term("Capital", "owl:Class", "; rdfs:subClassOf hansa:City")
    + term("hosts", "owl:ObjectProperty", "; rdfs:domain hansa:City ; rdfs:range hansa:Event")
    + term("hostedBy", "owl:ObjectProperty", "; owl:inverseOf hansa:hosts ; rdfs:domain hansa:Event")
    + term("population", "owl:DatatypeProperty", "; rdfs:domain hansa:City")
    + term("code-1", "rdfs:Datatype")
)
# The check, what is added to the sound ontology or replaced in it, and the text that the line must have.
BAD = [
    ("term-label-shared", term("Town", "owl:Class", label="City of a test"), '"City of a test"'),
    ("class-unconnected", term("Alone", "owl:Class"), "hansa:Alone"),
    ("inverse-does-not-fit", term("seesOff", "owl:ObjectProperty",
                                  "; owl:inverseOf hansa:hosts ; rdfs:domain hansa:City"), "owl:inverseOf"),
    ("term-below-itself", "hansa:City rdfs:subClassOf hansa:Capital .\n", "hansa:City rdfs:subClassOf hansa:Capital"),
    ("two-things-in-one-name", term("CityAndTown", "owl:Class", "; rdfs:subClassOf hansa:City"), "CityAndTown"),
    ("term-not-described", "hansa:Bare a owl:Class ; rdfs:subClassOf hansa:City .\n", "hansa:Bare"),
    ("domain-and-range-missing", term("meets", "owl:ObjectProperty"), "hansa:meets"),
    ("several-domains-or-ranges", "hansa:hosts rdfs:domain hansa:Capital .\n", "rdfs:domain hansa:Capital"),
    ("annotations-mixed-up", f'hansa:City rdfs:label "{"long " * 30}"@de .\n', '"long'),
    ("class-of-the-rest", term("OtherCity", "owl:Class", "; rdfs:subClassOf hansa:City"), "hansa:OtherCity"),
    ("name-in-other-style", term("small_town", "owl:Class", "; rdfs:subClassOf hansa:City"), "hansa:small_town"),
    ("definition-goes-in-a-circle", 'hansa:City skos:definition "A City of a test."@en .\n', '"A City of a test."'),
    ("inverse-of-itself", "hansa:hosts owl:inverseOf hansa:hosts .\n", "owl:inverseOf hansa:hosts"),
    ("equivalent-of-another-kind", "hansa:hosts owl:equivalentProperty hansa:population .\n", "hansa:population ."),
    ("symmetric-or-transitive-by-mistake", "hansa:hosts a owl:TransitiveProperty .\n", "owl:TransitiveProperty"),
    ("class-or-property-untyped", "hansa:City rdfs:subClassOf hansa:hosts .\n", "rdfs:subClassOf hansa:hosts"),
    ("term-without-home", term("Homeless", "owl:Class", "; rdfs:subClassOf hansa:City")
        .replace("rdfs:isDefinedBy <ontology> ;", ""), "hansa:Homeless"),
    ("definition-shared", 'hansa:Event skos:definition "Meant by City."@en .\n', '"Meant by City."'),
    ("term-with-two-labels", 'hansa:City rdfs:label "Big town"@en .\n', '"Big town"'),
    ("deprecated-without-successor", "hansa:City owl:deprecated true .\n", "owl:deprecated true"),
]  # fmt: skip


def write(project: Project, ontology: str, instances: str = "") -> dict[str, tuple[str, str]]:
    """Give file line and file of the findings of the ontology's checks, by check."""
    source = PREFIXES + 'source:page a hansa:SourceDocument ; dct:title "A page"@en .\n'
    project.write("ontology/hansa.ttl", ontology)
    project.write("ontology/external.ttl", EXTERNAL)
    project.write(INSTANCE, source + instances)
    inputs = project.inputs()
    store = EmbeddedStore.memory(quad for quads in inputs.graphs.values() for quad in quads)
    own = load_config(Path(__file__).resolve().parents[2])
    checks = [check for check in find_files(own).checks if "/ontology/" in check.name]
    assert len(checks) >= 23
    found = {}
    for finding in run_checks(store, checks, inputs):
        place = finding.position
        lines = (project.root / place.file).read_text().splitlines() if place.file else [""]
        found[finding.code.removeprefix("check/")] = (place.file, lines[place.line - 1])
    return found


def test_a_sound_ontology(project: Project) -> None:
    found = write(project, SOUND)
    assert not found.keys() - {"concept-not-described"}  # the roles of the small project are bare


@pytest.mark.parametrize(("check", "more", "shown"), BAD, ids=[check for check, _, _ in BAD])
def test_each_check_fires_at_its_line(project: Project, check: str, more: str, shown: str) -> None:
    found = write(project, SOUND + more)
    assert check in found
    file, line = found[check]
    assert file == "ontology/hansa.ttl"
    assert shown in line


def test_what_is_missing_altogether(project: Project) -> None:
    assert "ontology-header-incomplete" in write(project, SOUND.replace("dct:license", "dct:rights"))
    assert "nothing-is-disjoint" in write(project, SOUND.replace("; owl:disjointWith hansa:Event", ""))
    assert "ontology-iri-with-extension" in write(project, SOUND + "<http://example.org/o.ttl> a owl:Ontology .\n")
    assert "concept-not-described" in write(project, SOUND)


def test_a_deprecated_term_in_use_is_an_error_with_its_successor_as_fix(project: Project, root: Path) -> None:
    text = (project.root / "ontology/hansa.ttl").read_text()
    project.write("ontology/hansa.ttl", text + (
        "@prefix dct: <http://purl.org/dc/terms/> .\n"
        "hansa:rules a owl:ObjectProperty ; owl:deprecated true ; dct:isReplacedBy hansa:governs .\n"
        "hansa:Net a owl:Class ; owl:deprecated true ; dct:isReplacedBy hansa:CityNetwork .\n"
    ))  # fmt: skip
    rules = project.replace("hansa:governs place:seoul", "hansa:rules place:seoul")
    net = project.replace("a hansa:CityNetwork", "a hansa:CityNetwork, hansa:Net")
    check = "queries/checks/deprecated-in-use.rq"
    project.write(check, (root / check).read_text())
    found = [f for f in project.check().findings if f.code == "check/deprecated-in-use"]
    assert {(f.position.line, f.fix.replacement if f.fix else "", f.severity) for f in found} == {
        (rules, "hansa:governs", Severity.ERROR),
        (net, "hansa:CityNetwork", Severity.ERROR),
    }


# ---------------------------------------------------------------- profiles
OUTSIDE = [
    ("profile/dl", "hansa:hosts a owl:DatatypeProperty .\n"),
    ("profile/dl", "hansa:City a rdfs:Datatype .\n"),
    ("profile/dl", "rdfs:label rdfs:domain hansa:City .\n"),
    ("profile/dl", "hansa:hosts a owl:TransitiveProperty, owl:FunctionalProperty .\n"),
    ("profile/dl", 'hansa:City hansa:hosts "a text" .\n'),
    ("profile/dl", "hansa:City hansa:population hansa:Event .\n"),
    ("profile/rl", "hansa:hosts a owl:ReflexiveProperty .\n"),
    ("profile/rl", "hansa:City rdfs:subClassOf [ owl:onProperty hansa:hosts ; owl:someValuesFrom hansa:Event ] .\n"),
    ("profile/rl", "[ owl:onProperty hansa:hosts ; owl:allValuesFrom hansa:Event ] rdfs:subClassOf hansa:City .\n"),
    ("profile/rl", "hansa:City owl:disjointUnionOf ( hansa:Capital hansa:Event ) .\n"),
]


@pytest.mark.parametrize(("code", "more"), OUTSIDE, ids=[more[:50] for _, more in OUTSIDE])
def test_what_leaves_the_profiles(project: Project, code: str, more: str) -> None:
    project.write("ontology/hansa.ttl", SOUND + more)
    found = {(f.code, f.position.line) for f in check_profiles(project.inputs())}
    assert (code, SOUND.count("\n") + 1) in found


def test_inside_the_profiles(project: Project) -> None:
    for more in ("", "hansa:City rdfs:subClassOf [ owl:onProperty hansa:hosts ; owl:allValuesFrom hansa:Event ] .\n"):
        project.write("ontology/hansa.ttl", SOUND + more)
        assert check_profiles(project.inputs()) == []


CONTRADICTIONS = [
    ("owl/irreflexive", "org:member a owl:IrreflexiveProperty .", "network:citynet org:member network:citynet ."),
    ("owl/asymmetric", "hansa:governs a owl:AsymmetricProperty .",
     "authority:seoul hansa:governs place:seoul . place:seoul hansa:governs authority:seoul ."),
    ("owl/disjoint-properties", "org:member owl:propertyDisjointWith hansa:governs .",
     "authority:seoul org:member place:seoul ; hansa:governs place:seoul ."),
    ("owl/same-and-different", "",
     "person:park owl:sameAs place:seoul ; owl:differentFrom place:seoul ."),
]  # fmt: skip


@pytest.mark.parametrize(("code", "axiom", "data"), CONTRADICTIONS, ids=[code for code, _, _ in CONTRADICTIONS])
def test_contradictions_in_the_data(project: Project, code: str, axiom: str, data: str) -> None:
    text = (project.root / "ontology/hansa.ttl").read_text()
    project.write("ontology/hansa.ttl", f"{text}{axiom}\n")
    assert code not in {f.code for f in check_consistency(project.inputs())}
    project.write(INSTANCE, f"{PAGE}{data}\n")
    found = [f for f in check_consistency(project.inputs()) if f.code == code]
    # Of two statements that exclude each other both are shown, since either may be the wrong one.
    assert PAGE.count("\n") + 1 in {f.position.line for f in found}
