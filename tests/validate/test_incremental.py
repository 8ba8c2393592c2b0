"""Looking only at what changed gives the findings of a run from scratch, whatever was edited, in whatever order."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hansa import pipeline
from hansa.config import load_config
from hansa.memo import FOLDER, Memo
from hansa.validate.engines import Engine
from tests.validate.conftest import INSTANCE, PAGE, PREFIXES, ROLES, SHAPES, Project

OTHER = (
    PREFIXES
    + """\
source:other a hansa:SourceDocument ; dct:title "Other"@en .
network:citynet owl:sameAs <http://www.wikidata.org/entity/Q1> ; hansa:evidence evidence:other .
evidence:other a hansa:Evidence ; hansa:inSource source:other ; hansa:line 1 .
"""
)
SECOND, ROLE, SHAPE = "instances/sources/other.ttl", "ontology/vocab/role.ttl", "shapes/membership.ttl"
START = {INSTANCE: PAGE, SECOND: OTHER, ROLE: ROLES, SHAPE: SHAPES}
# Edits that reach across files: what one file declares or describes, another uses.
SWAPS = [
    (INSTANCE, "hansa:start ", "hansa:strat "),
    (INSTANCE, "network:citynet a hansa:CityNetwork", "network:city a hansa:CityNetwork"),
    (INSTANCE, '"CITYNET"@en', '" CITYNET"@en'),
    (INSTANCE, '"2017-04"^^', '"2012"^^'),
    (INSTANCE, "hansa:line 4", "hansa:line 4, 4"),
    (INSTANCE, "org:role role:member ;", "org:role role:president, role:member ;"),
    (INSTANCE, "@prefix schema:", "\n\n@prefix schema:"),
    (SECOND, "hansa:line 1", "hansa:line 1 ; hansa:supportsProperty foaf:name"),
    (SECOND, "evidence:other a", "evidence:othr a"),
    (SECOND, "source:other a", "source:page a"),
    (SECOND, "owl:sameAs", "hansa:governs"),
    (ROLE, "role:president a", "role:chair a"),
    (ROLE, "role:member a org:Role, skos:Concept", "role:member a skos:Concept"),
    (SHAPE, "sh:minCount 1 ; sh:nodeKind sh:IRI", "sh:minCount 2 ; sh:nodeKind sh:IRI"),
    (SHAPE, "sh:path hansa:evidence", "sh:path hansa:line"),
    (SHAPE, "sh:path org:organization ;", "sh:path org:organisation ;"),
]
edits = st.lists(st.sampled_from(range(len(SWAPS))), min_size=1, max_size=4, unique=True)


def write(project: Project, chosen: list[int], *, second: bool) -> None:
    texts = dict(START)
    for number in chosen:
        name, old, new = SWAPS[number]
        texts[name] = texts[name].replace(old, new)
    for name, text in texts.items():
        project.write(name, text)
    if not second:
        (project.root / SECOND).unlink()


@given(st.lists(st.tuples(edits, st.booleans()), min_size=1, max_size=3))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_edits(project: Project, rounds: list[tuple[list[int], bool]]) -> None:
    shutil.rmtree(project.root / FOLDER, ignore_errors=True)
    for chosen, second in rounds:
        write(project, chosen, second=second)
        memo = Memo.of_project(project.root, "test")
        found = project.check(memo=memo).findings
        memo.save()
        assert found == project.check().findings


def test_the_memo_is_used(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    memo = Memo.of_project(project.root, "test")
    project.check(memo=memo)
    memo.save()
    project.write(SECOND, OTHER)
    asked: list[str] = []
    again = Memo.of_project(project.root, "test")
    text = again.text

    def listening(key: str, make: Callable[[], str]) -> str:
        def made() -> str:
            asked.append(key)
            return make()

        return text(key, made)

    monkeypatch.setattr(again, "text", listening)
    project.check(memo=again)
    assert 0 < len(asked) < 8  # three kinds of checks of the new file, and the places that they ask for


def test_a_broken_memo_is_no_memo(project: Project) -> None:
    for text in ("", "{", "[]", '{"code": 1}', '{"code": "x", "answers": {"a": 1}}'):
        project.write(f"{FOLDER}/test.json", text)
        assert project.check(memo=Memo.of_project(project.root, "test")).findings == []


def test_where_nothing_can_be_written_nothing_is_kept(project: Project) -> None:
    (project.root / FOLDER).write_text("a file where the folder should be")
    memo = Memo.of_project(project.root, "test")
    assert memo.text("key", lambda: "answer") == "answer"
    memo.save()
    assert Memo.of_project(project.root, "test").text("key", lambda: "anew") == "anew"


def test_git_looks_away(project: Project) -> None:
    memo = Memo.of_project(project.root, "test")
    memo.text("key", lambda: "answer")
    memo.save()
    assert (project.root / FOLDER / ".gitignore").read_text() == "*\n"
    assert Memo.of_project(project.root, "test").text("key", lambda: "anew") == "answer"


def test_a_file_that_cannot_be_read_loses_nothing(project: Project) -> None:
    """A syntax error stops the checks; what was known of the other files is still known when it is mended."""
    config = load_config(project.root)
    memo = Memo.of_project(project.root, "validate")
    first = pipeline.validate(config, memo=memo, engine=Engine.AUTO).findings
    size = (project.root / FOLDER / "validate.json").stat().st_size
    project.write(INSTANCE, PAGE.replace(" .\n", "\n", 1))
    broken = pipeline.validate(config, memo=Memo.of_project(project.root, "validate"))
    assert not broken.checked
    assert (project.root / FOLDER / "validate.json").stat().st_size >= size
    project.write(INSTANCE, PAGE)
    assert pipeline.validate(config, memo=Memo.of_project(project.root, "validate")).findings == first


def test_what_was_derived_is_kept_for_the_next_run(project: Project) -> None:
    """A build finds it too; a syntax error does not lose it; an edit of one file leaves that of the others."""

    def kept() -> set[str]:
        return {path.name for path in (project.root / FOLDER / "derived").glob("??/*")}

    config = load_config(project.root)
    project.write(SECOND, OTHER)
    first = pipeline.validate(config, engine=Engine.AUTO, cache=True).findings
    before = kept()
    assert before
    project.write(INSTANCE, PAGE.replace(" .\n", "\n", 1))
    assert not pipeline.validate(config, engine=Engine.AUTO, cache=True).checked
    assert kept() == before
    project.write(INSTANCE, PAGE)
    assert pipeline.validate(config, engine=Engine.AUTO, cache=True).findings == first
    assert kept() == before
    for path in (project.root / FOLDER / "derived").glob("??/*"):
        os.utime(path, (0, 0))  # as if the last run had been long ago
    project.write(INSTANCE, PAGE.replace('"2013"^^', '"2014"^^'))
    edited = pipeline.validate(config, engine=Engine.AUTO, cache=True).findings
    assert len(before - kept()) in {1, 2}  # that of the file, and what needs several
    assert edited == pipeline.validate(config, engine=Engine.AUTO).findings


def test_the_shipped_graph(tmp_path: Path, root: Path) -> None:
    shutil.copy(root / "pyproject.toml", tmp_path)
    for part in ("ontology", "shapes", "instances", "queries"):
        shutil.copytree(root / part, tmp_path / part)
    config, memo = load_config(tmp_path), Memo.of_project(tmp_path, "validate")
    pipeline.validate(config, memo=memo)
    name = tmp_path / "instances/sources/seoul-citynet-2013.ttl"
    text = name.read_text(encoding="utf-8")
    for old, new in (("role:chair-city", "role:chiar-city"), ("hansa:line 8 ;", "hansa:line 9 ;")):
        name.write_text(text.replace(old, new, 1), encoding="utf-8")
        some = pipeline.validate(config, memo=Memo.of_project(tmp_path, "validate")).findings
        hermit_known = Memo.of_project(tmp_path, "validate")
        hermit_known._old = {k: v for k, v in hermit_known._old.items() if v.startswith('{"consistent"')}
        assert some == pipeline.validate(config, memo=hermit_known).findings
