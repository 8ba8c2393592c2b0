"""The file in which a release is looked up is the same however its dump was divided, and by how many processes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from hansa.errors import HansaError
from hansa.manifest import build_store, read_release
from hansa.model import Release
from hansa.serve.lookup import scan
from hansa.serve.lookup.places import PlacesRead
from hansa.serve.lookup.pointing import PointingRead
from hansa.serve.lookup.writer import write_file
from hansa.vocab import RDF, Vocabulary

_OWN = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'words_*' AND name NOT GLOB 'parts_*'"
_BY_PROCESSES = """
import sys
from pathlib import Path
from hansa.manifest import read_release
from hansa.serve.lookup import scan, writer
writer.LARGE, scan._PART = -1, 2000
writer.write_file(read_release(Path(sys.argv[1])), Path(sys.argv[2]))
"""
_WORDS = ("league", "bergen", "港")

Tables = dict[str, list[tuple[object, ...]]]


@pytest.fixture(scope="module")
def read(release: Path) -> Release:
    found = read_release(release)
    build_store(found)
    return found


def _tables(path: Path) -> Tables:
    with closing(sqlite3.connect(path)) as database:
        names = [name for (name,) in database.execute(_OWN)]
        tables = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}
        for engine in ("words", "parts"):
            matching = f"SELECT rowid FROM {engine} WHERE {engine} MATCH ? ORDER BY rowid"
            tables |= {f"{engine} with {word}": database.execute(matching, (word,)).fetchall() for word in _WORDS}
        return tables


def _written(release: Release, path: Path) -> Tables:
    write_file(release, path)
    return _tables(path)


@pytest.fixture(scope="module")
def whole(read: Release, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    tables = _written(read, tmp_path_factory.mktemp("lookup") / "whole")
    assert all(
        tables[name] for name in ("label", "name", "membership", "drawn", "change", "thing", "key", "place", "pointing")
    )
    assert tables["words with league"]
    assert tables["measure"]
    return tables


def test_parts_give_what_the_whole_gives(
    read: Release, whole: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "_PART", 300)
    parts = scan.parts_of_release(read)
    assert len(parts) > 20
    text = read.directory.joinpath("hansa.nq").read_bytes()
    assert b"\n".join(line for part in parts for line in part.lines() if line) + b"\n" == text
    firsts = [part.lines()[0].split()[0] for part in parts]
    assert len(set(firsts)) == len(firsts), "what is said about a thing stands in one part"
    assert _written(read, tmp_path / "parts") == whole


def test_processes_give_what_one_gives(read: Release, whole: Tables, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _BY_PROCESSES, str(read.directory), str(tmp_path / "processes")]
    subprocess.run(command, check=True, env={**os.environ, "HANSA_WORKERS": "2"})
    assert _tables(tmp_path / "processes") == whole


@pytest.mark.parametrize("dump", ["missing", "unsorted"])
def test_where_the_dump_is_of_no_use_the_store_is_read(
    read: Release, whole: Tables, tmp_path: Path, dump: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "dist" / "release"
    shutil.copytree(read.directory, place)
    copy = replace(read, directory=place)
    build_store(copy)
    lines = (place / "hansa.nq").read_bytes().splitlines(keepends=True)
    (place / "hansa.nq").unlink()
    if dump == "unsorted":
        monkeypatch.setattr(scan, "_STEP", 512)
        (place / "hansa.nq").write_bytes(b"".join(reversed(lines)))
    assert _written(copy, tmp_path / "stored") == {**whole, "place": []}


def test_a_part_that_is_not_sorted_is_told(read: Release, tmp_path: Path) -> None:
    lines = (read.directory / "hansa.nq").read_bytes().splitlines(keepends=True)
    (tmp_path / "hansa.nq").write_bytes(b"".join(reversed(lines)))
    part = scan.Part(replace(read, directory=tmp_path), 0, (tmp_path / "hansa.nq").stat().st_size)
    places, pointing = PlacesRead(0), PointingRead(Vocabulary(read.base, read.prefixes), ())
    with pytest.raises(HansaError, match="not sorted"):
        list(scan.read_subjects(part, [RDF.type], [], places, pointing))
