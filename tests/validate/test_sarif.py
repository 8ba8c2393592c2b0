"""SARIF as code hosts read it: valid against the schema, with places, quotations and fixes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from hansa.model import Finding, Position, Severity
from hansa.validate.report import to_sarif
from tests.validate.conftest import INSTANCE, Project

# Schema of SARIF 2.1.0, revision rtm.5, as it comes with the npm package @microsoft/jest-sarif 1.0.0-beta.0 (MIT).
SCHEMA = Path(__file__).parent / "data" / "sarif-2.1.0-rtm.5.json"


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def errors(validator: Draft4Validator, document: Any) -> list[str]:
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(document)]


def test_findings_of_every_kind_are_valid_sarif(project: Project, root: Path, validator: Draft4Validator) -> None:
    project.replace("hansa:start ", "hansa:strat ")
    project.replace('"CITYNET"@en', '"CITYNET "@en')
    project.replace("org:member person:park ; ", "")
    findings = [
        *project.check(root).findings,
        Finding(Position("", 0, 0), Severity.WARNING, "owl/reasoner", "no place"),
        Finding(Position("a b.ttl", 3, 0), Severity.INFO, "x", "no column"),
    ]
    document = json.loads(to_sarif(findings, "1.2.3", project.root))
    assert errors(validator, document) == []
    by_rule = {result["ruleId"]: result for result in document["runs"][0]["results"]}
    wrong = by_rule["term/unknown-property"]
    place = wrong["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == INSTANCE
    assert "hansa:strat" in place["region"]["snippet"]["text"]
    (replacement,) = wrong["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"] == {"text": "hansa:start"}
    assert replacement["deletedRegion"]["endColumn"] - replacement["deletedRegion"]["startColumn"] == len("hansa:strat")


def test_the_schema_refuses_what_is_no_sarif(validator: Draft4Validator) -> None:
    document = json.loads(to_sarif([], "1"))
    assert errors(validator, document) == []
    document["runs"][0]["results"] = [{"level": "bad"}]
    assert errors(validator, document)
