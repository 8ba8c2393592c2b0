"""SHACL results become findings at the right place, and a report that is the same every time."""

from __future__ import annotations

from rdflib import SH, Graph

from hansa.model import Severity
from hansa.validate.report import to_turtle
from hansa.validate.shacl import check_shapes
from tests.validate.conftest import PAGE, Project


def test_path_value_severity_message_and_hint(project: Project) -> None:
    line = project.replace("org:role role:member ;", 'org:role role:member , "chair" ;')
    by_severity = {f.severity: f for f in check_shapes(project.inputs()).findings}
    found = by_severity[Severity.WARNING]
    assert found.code == "shacl/Membership-role"
    assert found.focus.endswith("/membership/seoul")
    assert found.position.line == line


def test_the_message_is_in_the_first_language_of_the_project(project: Project) -> None:
    project.replace("org:member person:park ; ", "")
    (finding,) = check_shapes(project.inputs()).findings
    assert (finding.message, finding.hint) == ("give the membership a member", "add org:member")


def test_literals_keep_their_form(project: Project) -> None:
    project.replace("org:member authority:seoul", "org:member 007")
    result = check_shapes(project.inputs())
    assert '"007"^^' in " ".join(str(t.object) for t in result.triples)
    assert result.findings[0].position.line == PAGE[: PAGE.index("org:member authority:seoul")].count("\n") + 1


def test_the_report_is_stable_valid_and_without_blank_nodes(project: Project) -> None:
    project.replace("org:member person:park ; ", "")
    project.replace("org:role role:member ;", 'org:role role:member , "chair" ;')
    reports = []
    for _ in range(2):
        result = check_shapes(project.inputs())
        reports.append(to_turtle(result.findings, result.triples, project.config))
    assert reports[0] == reports[1]
    graph = Graph().parse(reports[0], format="turtle")
    assert not any("_:" in str(term.n3()) for triple in graph for term in triple)
    (report,) = graph.subjects(SH.conforms)
    results = list(graph.objects(report, SH.result))
    assert len(results) == len({(f.code, f.message, f.focus) for f in result.findings}) == 3
    assert all(graph.value(r, SH.sourceShape) and graph.value(r, SH.focusNode) for r in results)


def test_shapes_that_are_wrong_are_shown_at_their_line(project: Project) -> None:
    line = project.replace("sh:maxCount 1 ;", 'sh:maxCount "one" ;', "shapes/membership.ttl")
    (finding,) = check_shapes(project.inputs()).findings
    assert (finding.code, finding.position.file) == ("shape/value", "shapes/membership.ttl")
    assert finding.position.line == line
