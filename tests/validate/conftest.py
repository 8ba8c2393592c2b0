"""A small graph project that is valid, to be damaged one line at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hansa.build.derive import derive
from hansa.build.provenance import describe_graphs
from hansa.config import Config, load_config
from hansa.memo import Memo
from hansa.model import Finding
from hansa.rdf import Graphs
from hansa.sources.loader import load, load_shapes
from hansa.sources.positions import PositionIndex
from hansa.sources.project import ProjectFiles, SourceFile, find_files
from hansa.store import EmbeddedStore
from hansa.validate.checks import run_checks
from hansa.validate.echoes import without_echoes
from hansa.validate.engines import Engine
from hansa.validate.inputs import Inputs
from hansa.validate.integrity import check_integrity
from hansa.validate.literals import check_literals
from hansa.validate.shacl import check_shapes
from hansa.validate.terms import check_terms
from hansa.validate.texts import check_texts

ONTOLOGY = """\
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix hansa: <https://w3id.org/hansa/ontology#> .
<ontology> a owl:Ontology .
hansa:CityNetwork a owl:Class ; rdfs:subClassOf org:Organization .
hansa:Evidence a owl:Class .
hansa:SourceDocument a owl:Class .
hansa:StatedCount a owl:Class ; owl:disjointWith hansa:Evidence .
hansa:evidence a owl:ObjectProperty .
hansa:inSource a owl:ObjectProperty .
hansa:supportsProperty a owl:ObjectProperty .
hansa:supportsValue a owl:AnnotationProperty .
hansa:governs a owl:ObjectProperty .
hansa:representing a owl:ObjectProperty .
hansa:line a owl:DatatypeProperty .
hansa:start a owl:DatatypeProperty .
hansa:end a owl:DatatypeProperty .
hansa:asOf a owl:DatatypeProperty .
hansa:date a owl:DatatypeProperty .
hansa:startEarliest a owl:DatatypeProperty . hansa:startLatest a owl:DatatypeProperty .
hansa:endEarliest a owl:DatatypeProperty . hansa:endLatest a owl:DatatypeProperty .
hansa:asOfEarliest a owl:DatatypeProperty . hansa:asOfLatest a owl:DatatypeProperty .
"""
EXTERNAL = """\
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix cv: <http://data.europa.eu/m8g/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
edtf:EDTF a rdfs:Datatype .
cv:PublicOrganisation a owl:Class . org:Organization a owl:Class . org:Membership a owl:Class . org:Role a owl:Class .
dct:Location a owl:Class . foaf:Person a owl:Class . schema:Event a owl:Class . skos:Concept a owl:Class .
org:member a owl:ObjectProperty . org:organization a owl:ObjectProperty . org:role a owl:ObjectProperty .
org:memberOf a owl:ObjectProperty . org:memberDuring a owl:ObjectProperty . org:subOrganizationOf a owl:ObjectProperty .
schema:superEvent a owl:ObjectProperty . owl:sameAs a owl:ObjectProperty .
skos:prefLabel a owl:AnnotationProperty . skos:broader a owl:ObjectProperty .
dct:title a owl:AnnotationProperty . dct:identifier a owl:AnnotationProperty . foaf:name a owl:DatatypeProperty .
wgs84:lat a owl:DatatypeProperty . wgs84:long a owl:DatatypeProperty .
"""
ROLES = """\
@prefix org: <http://www.w3.org/ns/org#> .
@prefix role: <https://w3id.org/hansa/vocab/role/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
role:member a org:Role, skos:Concept .
role:president a org:Role, skos:Concept .
"""
SHAPES = """\
@prefix hansa: <https://w3id.org/hansa/ontology#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/hansa/shapes#> .
shape:Membership a sh:NodeShape ;
    sh:targetClass org:Membership ;
    sh:closed true ; sh:message "a membership does not take this property"@en ;
    sh:ignoredProperties ( rdf:type hansa:start hansa:end hansa:asOf hansa:representing org:memberDuring
        hansa:startEarliest hansa:startLatest hansa:endEarliest hansa:endLatest hansa:asOfEarliest hansa:asOfLatest ) ;
    sh:property shape:Membership-member , shape:Membership-evidence ;
    sh:property [ sh:path org:organization ; sh:minCount 1 ; sh:message "say in which organization"@en ] ;
    sh:property [ sh:path org:role ; sh:class org:Role ; sh:maxCount 1 ; sh:severity sh:Warning ] .
shape:Membership-member sh:path org:member ; sh:minCount 1 ; sh:nodeKind sh:IRI ;
    sh:message "give the membership a member"@en , "nombre un miembro"@es ;
    sh:description "add org:member"@en .
shape:Membership-evidence sh:path hansa:evidence ; sh:minCount 1 ; sh:class hansa:Evidence ;
    sh:message "say where it stands"@en .
shape:Order sh:targetSubjectsOf hansa:startEarliest ; a sh:PropertyShape ;
    sh:path hansa:startEarliest ; sh:lessThanOrEquals hansa:endLatest ; sh:message "the start lies after the end"@en .
"""
PREFIXES = """\
@prefix authority: <https://w3id.org/hansa/id/authority/> .
@prefix cv: <http://data.europa.eu/m8g/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix event: <https://w3id.org/hansa/id/event/> .
@prefix evidence: <https://w3id.org/hansa/id/evidence/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hansa: <https://w3id.org/hansa/ontology#> .
@prefix membership: <https://w3id.org/hansa/id/membership/> .
@prefix network: <https://w3id.org/hansa/id/network/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix person: <https://w3id.org/hansa/id/person/> .
@prefix place: <https://w3id.org/hansa/id/place/> .
@prefix role: <https://w3id.org/hansa/vocab/role/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix source: <https://w3id.org/hansa/id/source/> .
@prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
"""
PAGE = (
    PREFIXES
    + """\
source:page a hansa:SourceDocument ; dct:title "A page"@en .
network:citynet a hansa:CityNetwork ; skos:prefLabel "CITYNET"@en ; hansa:evidence evidence:network .
authority:seoul a cv:PublicOrganisation ; skos:prefLabel "Seoul"@en ; hansa:governs place:seoul ;
    hansa:evidence evidence:seoul .
place:seoul a dct:Location ; skos:prefLabel "Seoul"@en ; wgs84:lat 37.56 ; wgs84:long 126.97 ;
    hansa:evidence evidence:place .
person:park a foaf:Person ; foaf:name "Park Won Soon" ; hansa:evidence evidence:person .
membership:seoul a org:Membership ;
    org:member authority:seoul ;
    org:organization network:citynet ;
    org:role role:member ;
    hansa:start "2013"^^edtf:EDTF ;
    hansa:end "2017-04"^^edtf:EDTF ;
    hansa:asOf "2013-11?"^^edtf:EDTF ;
    hansa:evidence evidence:seoul-member .
membership:park a org:Membership ;
    org:member person:park ; org:organization network:citynet ; org:role role:president ; hansa:evidence evidence:park .
evidence:network a hansa:Evidence ; hansa:inSource source:page ; hansa:line 1 .
evidence:seoul a hansa:Evidence ; hansa:inSource source:page ; hansa:line 2 .
evidence:place a hansa:Evidence ; hansa:inSource source:page ; hansa:line 2 .
evidence:person a hansa:Evidence ; hansa:inSource source:page ; hansa:line 3 .
evidence:seoul-member a hansa:Evidence ; hansa:inSource source:page ; hansa:line 4 .
evidence:park a hansa:Evidence ; hansa:inSource source:page ; hansa:line 5 .
"""
)
FIRST_LINE = PREFIXES.count("\n") + 1
INSTANCE = "instances/sources/page.ttl"


@dataclass
class Checked:
    """A project that has been through all checks."""

    files: ProjectFiles
    inputs: Inputs
    store: EmbeddedStore
    findings: list[Finding]


class Project:
    """A project in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, old: str, new: str, name: str = INSTANCE) -> int:
        """Damage one place of a file and give its line."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, (old, text.count(old))
        self.write(name, text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    @property
    def config(self) -> Config:
        return load_config(self.root)

    def load(self) -> tuple[ProjectFiles, Graphs, list[Finding]]:
        files = find_files(self.config)
        graphs, findings = load(files, self.config)
        return files, graphs, [*files.findings, *findings]

    def inputs(self, memo: Memo | None = None) -> Inputs:
        return self._gathered(*self.load()[:2], memo)

    def _gathered(self, files: ProjectFiles, graphs: Graphs, memo: Memo | None = None) -> Inputs:
        config, memo = self.config, memo or Memo.nothing()
        graphs = graphs | derive(graphs, config.vocab, [rule.text() for rule in files.rules])
        graphs[config.vocab.graph("provenance")] = describe_graphs(graphs, config.vocab)
        shapes, _ = load_shapes(files, config)
        positions = PositionIndex(files.turtle, config.base, memo)
        return Inputs(graphs, shapes, files.turtle, files.sparql, config, positions, memo)

    def check(
        self, checks_from: Path | None = None, memo: Memo | None = None, engine: Engine = Engine.PYSHACL
    ) -> Checked:
        """Check as the pipeline does, without asking the reasoner."""
        files, graphs, findings = self.load()
        inputs = self._gathered(files, graphs, memo)
        store = EmbeddedStore.memory(quad for quads in inputs.graphs.values() for quad in quads)
        checks = files.checks if checks_from is None else _data_checks(checks_from)
        findings += [*check_terms(inputs), *check_integrity(inputs), *check_literals(inputs), *check_texts(inputs)]
        findings += [*check_shapes(inputs, engine).findings, *run_checks(store, checks, inputs)]
        return Checked(files, inputs, store, without_echoes(findings))


def _data_checks(root: Path) -> tuple[SourceFile, ...]:
    """The checks of another project, without those of its ontology."""
    return tuple(check for check in find_files(load_config(root)).checks if "/ontology/" not in check.name)


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Project:
    """Write the small project."""
    made = Project(tmp_path)
    made.write("pyproject.toml", (root / "pyproject.toml").read_text(encoding="utf-8"))
    made.write("ontology/hansa.ttl", ONTOLOGY)
    made.write("ontology/external.ttl", EXTERNAL)
    made.write("ontology/vocab/role.ttl", ROLES)
    made.write("shapes/membership.ttl", SHAPES)
    made.write(INSTANCE, PAGE)
    return made
