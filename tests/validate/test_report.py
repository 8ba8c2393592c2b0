"""Findings in every form."""

from __future__ import annotations

import io
import json
from pathlib import Path

from rdflib import RDF, SH, Graph
from rich.cells import cell_len

from hansa.config import Config
from hansa.model import Finding, Position, Severity
from hansa.validate.report import conforms, summary, to_github, to_json, to_sarif, to_turtle, write_text

WRONG = Finding(
    Position("instances/a b.ttl", 2, 8),
    Severity.ERROR,
    "iri/dangling",
    "nothing describes a:x",
    "http://a/y",
    "did you mean a:z?",
)
ODD = Finding(Position("", 0, 0), Severity.WARNING, "owl/reasoner", "50 %: x\ny, z")
NOTE = Finding(Position("instances/a b.ttl", 9, 1), Severity.INFO, "check/x", "note")


def text(findings: list[Finding], root: Path) -> str:
    out = io.StringIO()
    write_text(findings, out, root)
    return out.getvalue()


def test_text_shows_the_line_and_a_caret_under_wide_characters_and_tabs(tmp_path: Path) -> None:
    (tmp_path / "instances").mkdir()
    (tmp_path / "instances" / "a b.ttl").write_text("@prefix a: <x> .\n日本\ta:y a:x .\n", encoding="utf-8")
    heading, line, caret, hint = text([WRONG], tmp_path).splitlines()
    assert heading == "instances/a b.ttl:2:8: error: nothing describes a:x [iri/dangling]"
    assert line == "    2 | 日本    a:y a:x ."
    assert caret == "      | " + " " * cell_len("日本    a:y ") + "^"
    assert hint == "  hint: did you mean a:z?"


def test_text_without_place_or_file_is_one_line(tmp_path: Path) -> None:
    assert text([ODD, NOTE], tmp_path) == (
        "warning: 50 %: x\ny, z [owl/reasoner]\ninstances/a b.ttl:9:1: info: note [check/x]\n"
    )


def test_text_takes_square_brackets_as_they_are(tmp_path: Path) -> None:
    finding = Finding(Position("x", 1, 1), Severity.ERROR, "c", "[bold]not markup[/bold] :smile:")
    assert "[bold]not markup[/bold] :smile: [c]" in text([finding], tmp_path)


def test_json_has_the_fields_of_the_interface() -> None:
    document = json.loads(to_json([WRONG]))
    assert document == {
        "findings": [
            {"file": "instances/a b.ttl", "line": 2, "column": 8, "severity": "error", "code": "iri/dangling",
             "focus": "http://a/y", "message": "nothing describes a:x", "hint": "did you mean a:z?"}
        ],
        "conforms": False,
    }  # fmt: skip
    assert json.loads(to_json([ODD, NOTE]))["conforms"] is True


def test_sarif_names_rules_and_places() -> None:
    document = json.loads(to_sarif([WRONG, ODD, NOTE], "1.2.3"))
    run = document["runs"][0]
    assert document["version"] == "2.1.0"
    assert run["tool"]["driver"]["semanticVersion"] == "1.2.3"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    wrong, odd, note = run["results"]
    assert rules[wrong["ruleIndex"]] == wrong["ruleId"] == "iri/dangling"
    assert (wrong["level"], odd["level"], note["level"]) == ("error", "warning", "note")
    place = wrong["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "instances/a%20b.ttl"}, "region": {"startLine": 2, "startColumn": 8}}
    assert "locations" not in odd


def test_github_escapes_what_would_end_a_command() -> None:
    assert to_github([WRONG, ODD]).splitlines() == [
        "::error file=instances/a b.ttl,line=2,col=8,title=iri/dangling"
        "::nothing describes a:x%0Ahint: did you mean a:z?",
        "::warning title=owl/reasoner::50 %25: x%0Ay, z",
    ]
    comma = Finding(Position("a,b:c.ttl", 1, 1), Severity.INFO, "c", "m")
    assert to_github([comma]).startswith("::notice file=a%2Cb%3Ac.ttl,")


def test_turtle_holds_every_finding(config: Config) -> None:
    graph = Graph().parse(to_turtle([WRONG, ODD], [], config), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms).toPython() is False  # type: ignore[union-attr]
    assert len(list(graph.objects(report, SH.result))) == 2
    assert to_turtle([WRONG, ODD], [], config) == to_turtle([ODD, WRONG], [], config)


def test_a_clean_report_conforms(config: Config) -> None:
    assert b"sh:conforms true" in to_turtle([], [], config).replace(b'"true"^^xsd:boolean', b"true")
    assert conforms([])
    assert conforms([ODD, NOTE])
    assert summary([WRONG, WRONG, ODD, NOTE]) == "2 errors, 1 warning, 1 note"
    assert summary([]) == "no findings"
