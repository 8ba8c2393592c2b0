"""The file in which a release is looked up: made once, taken again, made anew when it is of no use."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from pathlib import Path

import pytest

from hansa.config import Config
from hansa.manifest import build_store, read_release
from hansa.model import Release
from hansa.rdf import Literal, NamedNode, Quad
from hansa.serve.lookup import file
from hansa.serve.lookup.database import Database
from hansa.vocab import SKOS
from tests.serve.conftest import make_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory, config: Config) -> Release:
    vocab = config.vocab
    thing = NamedNode(f"{config.base}id/place/seoul")
    quads = [Quad(thing, SKOS.prefLabel, Literal("Seoul", language="en"), vocab.graph("sample"))]
    return read_release(make_release(tmp_path_factory.mktemp("dist") / "one", config, quads))


def _labels(path: Path) -> list[str]:
    database = Database(path)
    found = [value for (value,) in database.rows("SELECT value FROM label")]
    database.close()
    return found


def test_it_is_made_once(release: Release) -> None:
    path = file.find_file(release)
    made = path.stat()
    assert path.parent == build_store(release)
    assert _labels(path) == ["Seoul"]
    assert file.find_file(release).stat().st_ino == made.st_ino


@pytest.mark.parametrize("damage", [b"", b"not a database", None])
def test_a_damaged_file_is_made_anew(release: Release, damage: bytes | None) -> None:
    path = file.find_file(release)
    path.write_bytes(path.read_bytes()[:-4096] if damage is None else damage)
    assert _labels(file.find_file(release)) == ["Seoul"]


def test_other_code_makes_another_file(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    first = file.find_file(release)
    monkeypatch.setattr(file, "_code_stamp", lambda: b"other")
    second = file.find_file(release)
    assert second != first
    assert _labels(second) == ["Seoul"]


def test_a_large_release_is_written_by_another_process(release: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    file.find_file(release).unlink()
    monkeypatch.setattr(file, "LARGE", -1)
    assert _labels(file.find_file(release)) == ["Seoul"]


def test_where_nothing_may_be_written_it_goes_elsewhere(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.write_text("a file where a directory should be", encoding="utf-8")
    cache = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    build_store(release)
    monkeypatch.setattr(file, "build_store", lambda _release: closed)
    assert file.find_file(release).is_relative_to(cache)
    monkeypatch.setenv("XDG_CACHE_HOME", str(closed))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert file.find_file(release).parent.parent == tmp_path


def test_every_process_opens_it_for_itself(release: Release) -> None:
    database = Database(file.find_file(release))
    assert database.value("SELECT value FROM label") == "Seoul"
    before = database._connection
    child = os.fork()
    if not child:
        same = database.value("SELECT value FROM label") == "Seoul" and database._connection is not before
        os._exit(0 if same else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    database.close()


def test_it_cannot_be_written_to(release: Release) -> None:
    database = Database(file.find_file(release))
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        database.rows("DELETE FROM label")
    database.close()


def test_a_text_that_is_not_unicode_is_in_no_row(release: Release) -> None:
    database = Database(file.find_file(release))
    assert database.rows("SELECT value FROM label WHERE iri = ?", ("\udfff",)) == []
    database.close()
