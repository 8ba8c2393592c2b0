"""The shipped graph has no error, and damage to it is found in one run."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from hansa.model import Severity
from hansa.validate.engines import Engine
from hansa.validate.ontology import check_ontology
from tests.validate.conftest import Project

PARTS = ("ontology", "shapes", "instances", "queries")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Project:
    target = tmp_path_factory.mktemp("hansa")
    shutil.copy(root / "pyproject.toml", target)
    for part in PARTS:
        shutil.copytree(root / part, target / part)
    return Project(target)


def test_the_shipped_graph_has_no_error(copy: Project) -> None:
    started = time.perf_counter()
    checked = copy.check(engine=Engine.AUTO)
    errors = [f for f in checked.findings if f.severity is not Severity.INFO]
    assert errors == []
    assert check_ontology(checked.inputs) == []
    assert time.perf_counter() - started < 60


def test_every_finding_of_a_damaged_copy_is_on_its_line(copy: Project) -> None:
    tokyo = "instances/sources/tokyo-multi-city-diplomacy.ttl"
    text = (copy.root / tokyo).read_text(encoding="utf-8")
    start = next(line for line in text.splitlines() if "hansa:start " in line)
    role = next(line for line in text.splitlines() if "org:role role:member-city" in line)
    expected = {
        _swap(copy, tokyo, start, start.replace("hansa:start ", "hansa:strat ")): "term/unknown-property",
        _swap(copy, tokyo, role, role.replace("role:member-city", "role:membercity")): "term/unknown-concept",
    }
    found = {(f.position.line, f.code) for f in copy.check(engine=Engine.AUTO).findings if f.position.file == tokyo}
    assert found >= expected.items()


def _swap(copy: Project, name: str, old: str, new: str) -> int:
    """Change the first line that reads so, and give its number."""
    lines = (copy.root / name).read_text(encoding="utf-8").splitlines()
    index = lines.index(old)
    lines[index] = new
    copy.write(name, "\n".join(lines) + "\n")
    return index + 1
