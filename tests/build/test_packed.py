"""What is kept between builds changes nothing; what is damaged is made anew; processes give results in order."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hansa import workers
from hansa.build.derive import derive_packed
from hansa.config import Config
from hansa.errors import HansaError
from hansa.packed import PackedGraph, Shelves, pack_graphs
from hansa.rdf import Graphs, NamedNode
from hansa.sources.loader import load
from hansa.sources.project import find_files
from hansa.workers import Task, spread

Packed = dict[NamedNode, PackedGraph]


@pytest.fixture(scope="module")
def asserted(config: Config) -> Graphs:
    return load(find_files(config), config)[0]


@pytest.fixture(scope="module")
def rules(config: Config) -> list[str]:
    return [rule.text() for rule in find_files(config).rules]


def test_after_any_edits_the_kept_gives_what_nothing_kept_gives(
    asserted: Graphs, rules: list[str], config: Config, tmp_path: Path
) -> None:
    shelf = Shelves(tmp_path / "derived")
    graphs: Packed = pack_graphs(asserted)
    names = sorted(graphs, key=str)

    @settings(max_examples=5, deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        for _ in range(data.draw(st.integers(1, 3))):
            name, other = data.draw(st.sampled_from(names)), data.draw(st.sampled_from(names))
            lines, borrowed = graphs[name].lines(), graphs[other].lines()
            gone = data.draw(st.integers(0, len(lines) - 1))
            graphs[name] = PackedGraph.of(name, [*lines[:gone], *lines[gone + 1 :], borrowed[gone % len(borrowed)]])
        kept = derive_packed(graphs, config.vocab, rules, shelf)
        assert kept == derive_packed(graphs, config.vocab, rules)

    check()


def test_only_changed_sources_are_derived_again(
    asserted: Graphs, rules: list[str], config: Config, tmp_path: Path
) -> None:
    graphs = pack_graphs(asserted)
    derive_packed(graphs, config.vocab, rules, Shelves(tmp_path))
    before = {path: path.stat().st_ino for path in tmp_path.glob("*/*")}
    name = config.vocab.graph("seoul-citynet-2013")
    graphs[name] = PackedGraph.of(name, graphs[name].lines()[1:])
    derive_packed(graphs, config.vocab, rules, Shelves(tmp_path))
    after = {path: path.stat().st_ino for path in tmp_path.glob("*/*")}
    assert len(after) == len(before) + 2  # that of the source, and what needs several
    assert before.items() <= after.items()


def test_a_damaged_file_counts_as_missing(tmp_path: Path) -> None:
    shelf = Shelves(tmp_path)
    shelf.put("aabb", b"what was made")
    (path,) = tmp_path.glob("*/*")
    for damage in (b"", path.read_bytes()[:-1], path.read_bytes()[:-1] + b"x"):
        path.write_bytes(damage)
        assert shelf.get("aabb") is None
    shelf.put("aabb", b"made anew")
    assert shelf.get("aabb") == b"made anew"


def test_what_a_build_did_not_ask_for_is_removed(tmp_path: Path) -> None:
    shelf = Shelves(tmp_path)
    shelf.put("aa1", b"old")
    shelf.put("aa2", b"used")
    for path in tmp_path.glob("*/*"):
        os.utime(path, (0, 0))
    next_build = Shelves(tmp_path)
    assert next_build.get("aa2") == b"used"
    next_build.prune()
    assert [path.name for path in tmp_path.glob("*/*")] == ["2"]


def test_results_come_in_order_and_from_other_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANSA_WORKERS", "2")
    found = list(spread(lambda n: (n, os.getpid()), range(5)))
    assert [n for n, _ in found] == list(range(5))
    assert os.getpid() not in {process for _, process in found}


def test_no_core_waits_for_an_item_that_takes_long(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HANSA_WORKERS", "2")
    later = tmp_path / "later"

    def work(number: int) -> int:
        if number == 2:
            later.touch()
        while number == 0 and not later.exists():
            time.sleep(0.01)
        return number

    assert list(spread(work, range(4))) == list(range(4))


def test_results_that_wait_for_an_earlier_one_are_few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HANSA_WORKERS", "2")

    def work(number: int) -> int:
        (tmp_path / str(number)).touch()
        end = time.monotonic() + 1
        while number == 0 and time.monotonic() < end and not (tmp_path / "7").exists():
            time.sleep(0.01)
        return number

    found = spread(work, range(100))
    assert next(found) == 0
    assert len(list(tmp_path.iterdir())) <= 2 * workers._AHEAD
    assert list(found) == list(range(1, 100))


def _refuse(number: int) -> int:
    raise HansaError(f"not {number}", "another")


def test_an_error_in_a_process_is_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANSA_WORKERS", "2")
    with pytest.raises(HansaError, match="not 1") as caught:
        list(spread(_refuse, [1, 2, 3]))
    assert caught.value.hint == "another"


def test_a_process_that_dies_is_noticed() -> None:
    task = Task(lambda _: os._exit(9), None)
    with pytest.raises(MemoryError, match="ended with 9"):
        task.result()
