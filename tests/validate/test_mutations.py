"""Whatever slip is made in whatever file: it is reported on its own line (issue: positions are exact)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

from hansa.memo import Memo
from hansa.model import Finding
from hansa.rdf import FORMATS, parse_bytes
from hansa.sources.turtle import scan
from hansa.validate.engines import Engine
from tests.validate.conftest import Project

FOLDERS = ("instances/sources", "instances/reference")
ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(p.relative_to(ROOT).as_posix() for folder in FOLDERS for p in (ROOT / folder).glob("*.ttl"))


@dataclass(frozen=True)
class Slip:
    """A kind of damage: what it can be made to, and what it makes of it."""

    name: str
    pattern: re.Pattern[str]
    change: Callable[[re.Match[str]], str]


def slip(name: str, pattern: str, change: Callable[[re.Match[str]], str]) -> Slip:
    return Slip(name, re.compile(pattern, re.MULTILINE), change)


SLIPS = [
    slip("no dot at the end", r"(?<=[^.\s]) \.$(?=\n(?:\n|[a-z]+:))", lambda m: ""),
    slip("no semicolon", r" ;$(?=\n    \S)", lambda m: ""),
    slip("no quote", r'(?<=\s)"[^"\n]{2,}"(?=@en [;.]$)', lambda m: m[0][:-1]),
    slip("misspelt property", r"(?<=^    hansa:)[a-z]{4,}[A-Za-z]*(?= )", lambda m: m[0] + "q"),
    slip("unknown prefix", r"(?<=^    )org(?=:)", lambda m: "orgg"),
    slip("misspelt class", r"(?<= a org:)Membership", lambda m: "Membershop"),
    slip("misspelt concept", r"(?<= certainty:)stated", lambda m: "state"),
    slip("misspelt thing", r"(?<= org:member )authority:[a-z-]+", lambda m: m[0] + "xq"),
    slip("no date", r'"\d{4}-\d{2}(?=[^"]*"\^\^edtf:EDTF)', lambda m: m[0][:5] + "-99"),
    slip("no datatype", r'(?<=^    hansa:start )"[^"]+"\^\^edtf:EDTF', lambda m: m[0].split("^")[0]),
    slip("other datatype", r"(?<=\^\^)edtf:EDTF", lambda m: "edtf:EDTFF"),
    slip("bad IRI", r"(?<=^    org:member )authority:[a-z-]+", lambda m: "<https://example.org/a b>"),
    slip("bad language tag", r"(?<=\")@en(?= [;.]$)", lambda m: "@e_n"),
    slip("no language", r"(?<=\")@en(?= [;.]$)", lambda m: "@xx"),
    slip("negative line", r"(?<=hansa:line )\d+(?= ;)", lambda m: "-" + m[0]),
    slip("blank node", r"(?<=^    org:organization )network:[a-z0-9-]+", lambda m: "[]"),
    slip("a text for a thing", r"(?<=^    org:organization )network:[a-z0-9-]+", lambda m: '"a network"'),
    slip("a wrong link", r"(?<=^    org:member )authority:[a-z-]+", lambda m: "<https://www.wikidata.org/wiki/Q1>"),
    slip("repeated", r"(?<= certainty:stated) ;$", lambda m: " ; hansa:certainty certainty:stated ;"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Project:
    target = tmp_path_factory.mktemp("hansa")
    shutil.copy(root / "pyproject.toml", target)
    for part in ("ontology", "shapes", "instances", "queries"):
        shutil.copytree(root / part, target / part)
    return Project(target)


def findings(project: Project, memo: Memo) -> list[Finding]:
    """Check as the pipeline does: a file that cannot be read stops all checks."""
    _, _, broken = project.load()
    return broken or project.check(memo=memo, engine=Engine.AUTO).findings


@pytest.fixture(scope="module")
def memo(copy: Project) -> Memo:
    return Memo.of_project(copy.root, "test")


@given(slip_=st.sampled_from(SLIPS), name=st.sampled_from(FILES), where=st.randoms(use_true_random=False))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_slip_is_reported_on_its_line(copy: Project, memo: Memo, slip_: Slip, name: str, where: object) -> None:
    text = (copy.root / name).read_text(encoding="utf-8")
    places = list(slip_.pattern.finditer(text))
    assume(places)
    match = where.choice(places)  # type: ignore[attr-defined]
    line = text[: match.start()].count("\n") + 1
    note(f"{slip_.name} in {name}:{line}")
    try:
        copy.write(name, text[: match.start()] + slip_.change(match) + text[match.end() :])
        found = [f for f in findings(copy, memo) if f.severity.value != "info"]
    finally:
        copy.write(name, text)
    memo.save(complete=False)
    assert (name, line) in {(f.position.file, f.position.line) for f in found}, [
        (f.code, f.position, f.message) for f in found
    ]
    assert all(f.message for f in found)


@given(name=st.sampled_from(FILES), indent=st.integers(0, 3), graph=st.booleans())
@settings(max_examples=5, deadline=None)
def test_every_statement_has_its_place_in_turtle_and_trig(name: str, indent: int, graph: bool) -> None:
    """The token at each place that the scanner gives is the one that makes the statement."""
    text = (ROOT / name).read_text(encoding="utf-8")
    head, body = text.split("\n\n", 1)
    wrapped = head + "\n" * (indent + 2) + (f"graph:x {{\n{body}\n}}\n" if graph else body)
    wrapped = f"@prefix graph: <https://w3id.org/hansa/graph/> .\n{wrapped}" if graph else wrapped
    base = "https://w3id.org/hansa/"
    form = FORMATS["trig" if graph else "turtle"]
    lines = wrapped.split("\n")
    placed = list(scan(wrapped, base))
    assert len(placed) == len(list(parse_bytes(wrapped.encode(), form, base=base)))
    for statement in placed:
        line, column = statement.predicate_at
        token = re.split(r"[\s;,]", lines[line - 1][column - 1 :], maxsplit=1)[0]
        wanted = statement.predicate.value
        assert token == "a" or wanted.endswith(token.partition(":")[2]), (statement, token)
        line, column = statement.object_at
        shown = lines[line - 1][column - 1 :]
        value = statement.object.value.split("\n")[0]
        assert value.rsplit("/", 1)[-1].rsplit("#", 1)[-1][:20] in shown.replace("\\", "") or '"' in shown
