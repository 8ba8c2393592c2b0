"""Piece by piece a project gives what it gives as a whole: the same findings, and the same release."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hansa import pipeline
from hansa.config import Config, load_config
from hansa.errors import HansaError
from hansa.large import checking, groups
from hansa.large.disk import OnDisk
from hansa.manifest import read_release
from hansa.model import Finding
from hansa.validate.engines import Engine

DAMAGES = (
    ("instances/sources/seoul-citynet-2013.ttl", "role:executive-city", "role:executive-cty"),
    ("instances/sources/seoul-citynet-2013.ttl", 'hansa:end "2013-11-06"', 'hansa:end "2012-11-06"'),
    ("instances/sources/metrex-about.ttl", "hansa:throughPost", "hansa:troughPost"),
    ("instances/sources/tokyo-multi-city-diplomacy.ttl", "authority:tokyo ;", "authority:tokio ;"),
    ("instances/sources/tokyo-multi-city-diplomacy.ttl", "hansa:Evidence", "org:Membership"),
    ("instances/sources/amb-metropolis.ttl", "\nevidence:", "\nevidence:Not_A_Slug-"),
    ("instances/sources/hamamatsu-uclg.ttl", "\nmembership:", "\n[] a org:Membership .\nmembership:"),
    ("instances/sources/hamamatsu-uclg.ttl", "hansa:line ", "hansa:line 999 , "),
    (
        "instances/sources/seoul-citynet-2013.ttl",
        'skos:prefLabel "',
        'skos:altLabel "call +81 3 1234 5678"@en ; skos:prefLabel "',
    ),
    (
        "instances/sources/metrex-about.ttl",
        'skos:prefLabel "METREX"@en',
        'skos:prefLabel "METREX"@EN , "Metrex  twice"@en',
    ),
    ("instances/sources/metrex-about.ttl", "@prefix skos:", "@prefix skos2: <http://example.org/> .\n@prefix skos:"),
)


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Config:
    """A copy of the shipped project."""
    for part in ("ontology", "shapes", "instances", "queries"):
        shutil.copytree(root / part, tmp_path / part)
    shutil.copy(root / "pyproject.toml", tmp_path)
    return load_config(tmp_path)


@pytest.fixture
def _piecemeal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every project large, in pieces of a few files."""
    monkeypatch.setattr(groups, "BYTES", 0)
    monkeypatch.setattr(groups, "GROUP", 60_000)
    monkeypatch.setenv("HANSA_WORKERS", "2")


def findings(config: Config) -> list[Finding]:
    return pipeline.validate(config, engine=Engine.FAST).findings


def test_the_same_findings(project: Config, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """In memory, and with a query store on disk as for what does not fit there."""
    for file, good, bad in DAMAGES:
        path = project.root / file
        text = path.read_text(encoding="utf-8")
        assert good in text, file
        path.write_text(text.replace(good, bad, 1), encoding="utf-8")
    as_a_whole = findings(project)
    assert len({f.code for f in as_a_whole}) > 5
    request.getfixturevalue("_piecemeal")
    assert findings(project) == as_a_whole
    monkeypatch.setattr(checking, "IN_MEMORY", 0)
    assert findings(project) == as_a_whole


def test_files_that_cannot_be_read(project: Config, request: pytest.FixtureRequest) -> None:
    sources = project.root / "instances/sources"
    (sources / "nothing.ttl").write_text("# to do\n", encoding="utf-8")
    (sources / "newer.ttl").write_text("<a:a> <a:b> <a:c> {| <a:d> <a:e> |} .\n", encoding="utf-8")
    (sources / "broken.ttl").write_text("@prefix x: <http://example.org/> .\nx:a x:b .\n", encoding="utf-8")
    path = sources / "metrex-about.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("hansa:throughPost", "hansa:troughPost"), encoding="utf-8")
    as_a_whole = findings(project)
    assert {"file/empty", "syntax/turtle", "term/unknown-property"} <= {f.code for f in as_a_whole}
    request.getfixturevalue("_piecemeal")
    assert findings(project) == as_a_whole


def test_shapes_that_cannot_mean_what_they_say(project: Config, request: pytest.FixtureRequest) -> None:
    path = project.root / "shapes/membership.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("sh:minCount 1", 'sh:minCount "one"', 1), encoding="utf-8")
    as_a_whole = findings(project)
    assert {f.code for f in as_a_whole if f.severity == "error"} == {"shape/value"}
    request.getfixturevalue("_piecemeal")
    assert findings(project) == as_a_whole


@pytest.mark.usefixtures("_piecemeal")
def test_the_same_release(config: Config, shipped_dist: Path, tmp_path: Path) -> None:
    run = pipeline.build(config, tmp_path, engine=Engine.FAST)
    assert run.release, run.findings
    whole = shipped_dist / "current"
    names = sorted(p.relative_to(whole).as_posix() for p in whole.rglob("*") if p.is_file())
    assert names == sorted(
        p.relative_to(run.release.directory).as_posix() for p in run.release.directory.rglob("*") if p.is_file()
    )
    assert [n for n in names if (whole / n).read_bytes() != (run.release.directory / n).read_bytes()] == []
    assert len(list((tmp_path / ".stores").iterdir())) == 1


@pytest.mark.usefixtures("_piecemeal")
def test_a_release_without_a_query_store(config: Config, shipped_dist: Path, tmp_path: Path) -> None:
    run = pipeline.build(config, tmp_path, engine=Engine.FAST, store=False)
    assert run.release, run.findings
    assert [stage.name for stage in run.stages][-1] == "release"
    assert not (tmp_path / ".stores").exists()
    whole = (shipped_dist / "current").resolve()
    assert {p.name: p.read_bytes() for p in (run.release.directory / "tables").iterdir()} == {
        p.name: p.read_bytes() for p in (whole / "tables").iterdir()
    }
    assert run.release.canonical_hash == read_release(whole).canonical_hash


@pytest.mark.usefixtures("_piecemeal")
def test_a_query_store_that_cannot_be_loaded_leaves_the_last_release(
    config: Config, shipped_dist: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dist = tmp_path / "dist"
    shutil.copytree(shipped_dist, dist, symlinks=True)
    first = read_release(dist / "current")
    monkeypatch.setattr(OnDisk, "store", property(lambda disk: disk.place / "no" / "such" / "place"))
    with pytest.raises(HansaError, match="the query store cannot be built"):
        pipeline.build(replace(config, version="0.2.0"), dist, engine=Engine.FAST)
    assert read_release(dist / "current") == first
    assert not (dist / "0.2.0").exists()
    assert len(list((dist / ".stores").iterdir())) == 1
