"""The worked example of CONTRIBUTING.md: it validates as printed, and each damage it names is reported."""

import re
import shutil
import textwrap
from pathlib import Path

import pytest

from hansa import pipeline
from hansa.config import load_config
from hansa.model import Finding, Severity

_BLOCK = re.compile(r"<!-- file: (?P<name>\S+) -->\n *```turtle\n(?P<text>.*?)\n *```", re.DOTALL)


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    for part in ("ontology", "shapes", "instances", "queries"):
        shutil.copytree(root / part, tmp_path / part)
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.fixture
def example(root: Path) -> tuple[str, str]:
    block = _BLOCK.search((root / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert block
    return block["name"], textwrap.dedent(block["text"])


def findings_of(project: Path, name: str, text: str) -> list[Finding]:
    (project / name).write_text(text, encoding="utf-8")
    run = pipeline.validate(load_config(project))
    return [finding for finding in run.findings if finding.position.file == name]


def test_the_example_is_valid(project: Path, example: tuple[str, str]) -> None:
    assert [f.message for f in findings_of(project, *example) if f.severity is not Severity.INFO] == []


def test_the_damages_it_names_are_reported_on_their_lines(project: Path, example: tuple[str, str]) -> None:
    name, text = example
    damages = {
        "    locn:location place:barcelona ;": "    locn:location place:barcelone ;",
        '    hansa:date "1991-11"^^edtf:EDTF ;': '    hansa:date "November 1991"^^edtf:EDTF ;',
        " precision:exact ;\n    hansa:evidence evidence:medcities-history .": " precision:exact .",
    }
    for good, bad in damages.items():
        assert good in text
        text = text.replace(good, bad)
    lines = text.splitlines()
    errors = {lines[f.position.line - 1] for f in findings_of(project, name, text) if f.severity is Severity.ERROR}
    place, date, _ = damages.values()
    assert errors >= {place, date, "count:medcities-members a hansa:StatedCount ;"}
