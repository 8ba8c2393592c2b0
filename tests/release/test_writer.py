"""A release appears as a whole or not at all, twice the same, and says truly what is in it."""

import json
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hansa.config import Config
from hansa.errors import HansaError
from hansa.manifest import read_release
from hansa.model import Release
from hansa.rdf import FORMATS, Graphs, parse_bytes
from hansa.release import ReleaseInputs, write_release
from hansa.release.checksums import damaged_files

STEPS = 5


@contextmanager
def builder(task: str, small: Config, dist: Path) -> Iterator[subprocess.Popen[str]]:
    """Run ``build_again.py`` in a process of its own."""
    script = Path(__file__).parent / "build_again.py"
    command = [sys.executable, str(script), task, str(small.root), str(dist)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def contents(directory: Path) -> dict[str, bytes]:
    return {str(p.relative_to(directory)): p.read_bytes() for p in directory.rglob("*") if p.is_file()}


def other(graphs: Graphs, parse: Callable[[str], Graphs]) -> Graphs:
    """The small data with one graph more."""
    return {**graphs, **parse("graph:more { place:more a dct:Location . }")}


def leftovers(dist: Path) -> list[Path]:
    return list(dist.rglob(".building-*"))


def test_a_release_holds_what_the_contract_says(release: Release) -> None:
    found = {path.relative_to(release.directory).as_posix() for path in release.directory.rglob("*") if path.is_file()}
    dumps = {f"hansa.{e}{z}" for e in ("ttl", "jsonld", "nt", "nq", "trig", "rdf") for z in ("", ".gz")}
    texts = {"LICENSE", "README.md", "SHA256SUMS", "release.json", "report.json", "report.ttl"}
    descriptions = {"void.ttl", "catalog.ttl", "catalog.jsonld", "linkset-wikidata.ttl", "context.jsonld"}
    ontology = {"ontology.ttl", "ontology.rdf", "ontology.jsonld", "external.ttl", "vocabulary.ttl", "shapes.ttl"}
    others = {"queries.ttl", "queries/everything.rq", "tables/csv-metadata.json"}
    tables = {name for name in found if name.endswith(".csv")}
    assert found == dumps | texts | descriptions | ontology | others | tables


def test_two_builds_are_byte_identical(inputs: ReleaseInputs, release: Release, tmp_path: Path) -> None:
    again = write_release(inputs, tmp_path / "elsewhere" / "dist")
    assert contents(again.directory) == contents(release.directory)
    assert again.directory.name == release.directory.name


def test_a_build_in_another_process_is_byte_identical(small: Config, tmp_path: Path) -> None:
    """Another process has another hash seed, so nothing may depend on the order of a set."""
    found = []
    for seed in ("1", "2"):
        script = Path(__file__).parent / "build_again.py"
        dist = tmp_path / seed
        code = (
            f"import sys; sys.path.insert(0, {str(script.parent)!r}); import build_again as b; from pathlib import Path"
        )
        run = f"b.write_release(b.inputs_of(Path({str(small.root)!r}), 0), Path({str(dist)!r}))"
        subprocess.run([sys.executable, "-c", f"{code}; {run}"], check=True, env={**os.environ, "PYTHONHASHSEED": seed})
        found.append(contents(dist / "current"))
    assert found[0] == found[1]


def test_checksums_are_those_of_sha256sum(release: Release) -> None:
    done = subprocess.run(["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=release.directory, check=False)
    assert done.returncode == 0
    listed = {line.split("  ", 1)[1] for line in (release.directory / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(contents(release.directory)) - {"SHA256SUMS"}


def test_files_are_read_only(release: Release) -> None:
    for path in release.directory.rglob("*"):
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_nothing_tells_the_time_or_the_machine(release: Release) -> None:
    for name, data in contents(release.directory).items():
        assert str(release.directory.parent.parent).encode() not in data, name
    assert json.loads((release.directory / "release.json").read_bytes())["issued"] == "2026-11-21"


def test_shapes_and_ontology_stay_as_written(release: Release) -> None:
    shapes = (release.directory / "shapes.ttl").read_text(encoding="utf-8")
    assert shapes.count("@prefix sh:") == 1
    assert "# about place" in shapes
    assert "( [ sh:minCount 1 ]" in shapes
    assert len(list(parse_bytes(shapes.encode(), FORMATS["turtle"]))) == 2 * 8
    assert "# a comment" in (release.directory / "ontology.ttl").read_text(encoding="utf-8")


def test_the_readme_tells_the_hash_the_licence_and_every_file(release: Release) -> None:
    text = (release.directory / "README.md").read_text(encoding="utf-8")
    assert release.canonical_hash in text
    assert "https://creativecommons.org/licenses/by/4.0/" in text
    for file in release.files:
        if not file.path.endswith(".gz"):
            assert file.path in text or f"{Path(file.path).parent}/*" in text, file.path


def test_links_are_relative_so_that_dist_can_be_moved(inputs: ReleaseInputs, tmp_path: Path) -> None:
    write_release(inputs, tmp_path / "dist")
    (tmp_path / "dist").rename(tmp_path / "moved")
    assert read_release(tmp_path / "moved" / "current").version == "0.1.0"
    assert (tmp_path / "moved" / "0.1.0").resolve() == (tmp_path / "moved" / "current").resolve()


def test_a_new_build_replaces_and_keeps_only_the_one_replaced(
    make_inputs: Callable[[Graphs], ReleaseInputs],
    graphs: Graphs,
    parse: Callable[[str], Graphs],
    tmp_path: Path,
) -> None:
    dist = tmp_path / "dist"
    texts = ["", "graph:b { place:b a dct:Location . }", "graph:c { place:c a dct:Location . }"]
    built = [write_release(make_inputs({**graphs, **parse(text)}), dist).directory for text in texts]
    assert not built[0].exists()
    assert built[1].exists(), "a server may still have it open"
    assert (dist / "current").resolve() == built[2].resolve()


def test_building_the_same_again_keeps_the_build(inputs: ReleaseInputs, tmp_path: Path) -> None:
    first, second = (write_release(inputs, tmp_path).directory for _ in range(2))
    assert first == second
    assert len(list((tmp_path / ".builds").iterdir())) == 1


def test_building_over_a_damaged_build_mends_it(inputs: ReleaseInputs, tmp_path: Path) -> None:
    first = write_release(inputs, tmp_path)
    (first.directory / "hansa.nq").chmod(0o644)
    (first.directory / "hansa.nq").write_bytes(b"damaged")
    with pytest.raises(HansaError, match="damaged"):
        read_release(tmp_path / "current")
    write_release(inputs, tmp_path)
    assert damaged_files(read_release(tmp_path / "current").directory) == []


def test_other_versions_stay(inputs: ReleaseInputs, tmp_path: Path) -> None:
    write_release(inputs, tmp_path)
    write_release(replace(inputs, config=replace(inputs.config, version="0.1.1")), tmp_path)
    assert read_release(tmp_path / "0.1.0").version == "0.1.0"
    assert read_release(tmp_path / "current").version == "0.1.1"


@pytest.mark.parametrize("version", ["", "current", "../x", ".hidden", "a b"])
def test_a_version_must_be_a_good_file_name(inputs: ReleaseInputs, tmp_path: Path, version: str) -> None:
    with pytest.raises(HansaError, match="cannot be a version"):
        write_release(replace(inputs, config=replace(inputs.config, version=version)), tmp_path)


def test_a_directory_in_the_way_is_not_removed(inputs: ReleaseInputs, tmp_path: Path) -> None:
    (tmp_path / "0.1.0").mkdir()
    (tmp_path / "0.1.0" / "mine").touch()
    with pytest.raises(HansaError, match="in the way"):
        write_release(inputs, tmp_path)
    assert (tmp_path / "0.1.0" / "mine").exists()
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("step", range(STEPS))
def test_an_interrupt_at_any_step_leaves_the_last_release(
    make_inputs: Callable[[Graphs], ReleaseInputs],
    graphs: Graphs,
    parse: Callable[[str], Graphs],
    tmp_path: Path,
    step: int,
) -> None:
    before = write_release(make_inputs(graphs), tmp_path)
    steps: list[str] = []

    def interrupt(name: str) -> None:
        steps.append(name)
        if len(steps) == step + 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_release(make_inputs(other(graphs, parse)), tmp_path, interrupt)
    assert read_release(tmp_path / "current") == before
    assert leftovers(tmp_path) == []


def test_there_are_as_many_steps_as_the_test_above_interrupts(inputs: ReleaseInputs, tmp_path: Path) -> None:
    steps: list[str] = []
    write_release(inputs, tmp_path, steps.append)
    assert len(steps) == STEPS


def test_kill_9_at_any_point_leaves_a_whole_release(inputs: ReleaseInputs, small: Config, tmp_path: Path) -> None:
    write_release(inputs, tmp_path)
    chance = random.Random(20261121)
    for _ in range(4):
        with builder("forever", small, tmp_path) as process:
            assert process.stdout
            process.stdout.readline()
            deadline = time.monotonic() + chance.uniform(0.05, 0.6)
            while time.monotonic() < deadline:
                assert damaged_files(read_release(tmp_path / "current").directory) == []
            process.send_signal(signal.SIGKILL)
            process.wait()
        for link in ("current", "0.1.0"):
            assert damaged_files(read_release(tmp_path / link).directory) == []
    write_release(inputs, tmp_path)
    assert leftovers(tmp_path) == []


def test_a_full_disk_gives_a_clear_error_and_switches_nothing(
    inputs: ReleaseInputs, small: Config, tmp_path: Path
) -> None:
    before = write_release(inputs, tmp_path)
    with builder("little-space", small, tmp_path) as process:
        printed, _ = process.communicate(timeout=120)
    messages = printed.splitlines()
    assert process.returncode == 0
    assert len(messages) > 5
    assert {message.partition(":")[0] for message in messages} == {"the disk is full"}
    assert leftovers(tmp_path) == []
    assert before.directory.exists(), "replaced only by the last build, which had space enough"


def test_a_place_that_cannot_be_written_gives_a_clear_error(inputs: ReleaseInputs, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HansaError, match="no release was written") as caught:
        write_release(inputs, tmp_path / "file" / "dist")
    assert "--out" in caught.value.hint


def test_two_builds_at_once_do_not_disturb_each_other(
    make_inputs: Callable[[Graphs], ReleaseInputs],
    graphs: Graphs,
    parse: Callable[[str], Graphs],
    tmp_path: Path,
) -> None:
    both = [make_inputs(graphs), make_inputs(other(graphs, parse))]
    with ThreadPoolExecutor(2) as pool:
        built = list(pool.map(lambda each: write_release(each, tmp_path), both))
    assert read_release(tmp_path / "current").canonical_hash in {release.canonical_hash for release in built}
    assert leftovers(tmp_path) == []
