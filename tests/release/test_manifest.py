"""Finding, reading and opening releases."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hansa.errors import HansaError, NotFoundError
from hansa.manifest import (
    build_store,
    cached_store_directory,
    find_release,
    open_store,
    read_release,
    store_directory,
    write_manifest,
)
from hansa.model import Release
from hansa.rdf import Graphs
from hansa.release import ReleaseInputs, write_release


@pytest.fixture(autouse=True)
def _cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def copy(release: Release, tmp_path: Path) -> Path:
    """A release that a test may damage, as somebody who downloaded it has it."""
    target = tmp_path / "downloads" / "0.1.0"
    shutil.copytree(release.directory, target)
    for path in target.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return target


def test_a_release_is_found_by_itself_and_by_its_dist(dist: Path, release: Release) -> None:
    for place in (dist, dist / "current", dist / "0.1.0", release.directory):
        assert read_release(find_release(place)) == release


def test_no_release_is_said_with_what_to_do(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "absent"):
        with pytest.raises(NotFoundError) as caught:
            find_release(place)
        assert "hansa build" in caught.value.hint
        with pytest.raises(NotFoundError):
            read_release(place)


def test_what_is_written_is_read(copy: Path) -> None:
    release = read_release(copy)
    text = (copy / "release.json").read_bytes()
    write_manifest(release)
    assert (copy / "release.json").read_bytes() == text
    assert read_release(copy) == release


def _without(key: str) -> Callable[[Path], None]:
    def damage(directory: Path) -> None:
        path = directory / "release.json"
        data = json.loads(path.read_bytes())
        del data[key]
        path.write_text(json.dumps(data))

    return damage


def _with(key: str, value: object) -> Callable[[Path], None]:
    def damage(directory: Path) -> None:
        path = directory / "release.json"
        path.write_text(json.dumps({**json.loads(path.read_bytes()), key: value}))

    return damage


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda d: (d / "release.json").write_text("{"), "cannot be read"),
        (lambda d: (d / "release.json").write_text("[]"), "is damaged"),
        (_without("files"), "is damaged"),
        (_without("canonical_hash"), "is damaged"),
        (_with("canonical_hash", "../../etc"), "is damaged"),
        (_with("surprise", 1), "is damaged"),
        (_with("format", 2), "update Hansa"),
        (lambda d: (d / "hansa.nq").unlink(), "hansa.nq is missing"),
        (lambda d: (d / "hansa.ttl").write_text("short"), "hansa.ttl is 5 bytes long"),
    ],
)
def test_damage_is_said_with_the_file(copy: Path, damage: Callable[[Path], None], words: str) -> None:
    damage(copy)
    with pytest.raises(HansaError, match=words) as caught:
        read_release(copy)
    assert caught.value.hint


def test_the_store_answers_what_the_dump_says(copy: Path) -> None:
    release = read_release(copy)
    store = open_store(release)
    assert len(store) == release.counts["quads"]
    assert store_directory(release).is_dir()
    assert store.ask(f"ASK {{ GRAPH <{release.base}graph/almanac> {{ ?s ?p ?o }} }}")


def test_the_store_is_built_once(copy: Path) -> None:
    release = read_release(copy)
    first = build_store(release).stat().st_mtime_ns
    assert build_store(release).stat().st_mtime_ns == first


def test_the_store_stands_beside_the_versions(inputs: ReleaseInputs, tmp_path: Path) -> None:
    release = write_release(inputs, tmp_path)
    assert build_store(release) == tmp_path / ".stores" / release.canonical_hash


def test_several_may_build_the_store_at_once(copy: Path) -> None:
    release = read_release(copy)
    with ThreadPoolExecutor(4) as pool:
        places = set(pool.map(lambda _: build_store(release), range(4)))
    assert places == {store_directory(release)}
    assert len(open_store(release)) == release.counts["quads"]
    assert [p.name for p in store_directory(release).parent.iterdir()] == [release.canonical_hash]


def test_the_cache_serves_where_nothing_can_be_written_beside(copy: Path) -> None:
    release = read_release(copy)
    store_directory(release).parent.touch()
    assert build_store(release) == cached_store_directory(release)
    assert len(open_store(release)) == release.counts["quads"]


def test_it_is_said_when_there_is_no_place_for_the_store(
    copy: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    release = read_release(copy)
    store_directory(release).parent.touch()
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(HansaError, match="can be built nowhere") as caught:
        build_store(release)
    assert "XDG_CACHE_HOME" in caught.value.hint


def test_a_damaged_store_is_said_with_what_to_delete(copy: Path) -> None:
    release = read_release(copy)
    place = store_directory(release)
    place.mkdir(parents=True)
    (place / "CURRENT").write_text("nonsense")
    with pytest.raises(HansaError) as caught:
        open_store(release)
    assert f"delete {place}" in caught.value.hint


def test_a_build_removes_stores_that_no_release_needs(
    make_inputs: Callable[[Graphs], ReleaseInputs], graphs: Graphs, parse: Callable[[str], Graphs], tmp_path: Path
) -> None:
    texts = ["", "graph:b { place:b a dct:Location . }", "graph:c { place:c a dct:Location . }"]
    stores = [build_store(write_release(make_inputs({**graphs, **parse(text)}), tmp_path)) for text in texts]
    assert [store.exists() for store in stores] == [False, True, True]
