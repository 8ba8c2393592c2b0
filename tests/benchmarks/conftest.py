"""Benchmarks run on request only: ``make bench``, or ``pytest tests/benchmarks --benchmarks -s``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hansa.config import Config
from hansa.model import Release
from tests.benchmarks.release import make_release


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("benchmarks")
    group.addoption("--benchmarks", action="store_true", help="run tests/benchmarks")
    group.addoption("--triples", type=int, default=200_000, help="size of the graph that is served")
    group.addoption("--rounds", type=int, default=2, help="how often the peers take turns")
    group.addoption("--seconds", type=float, default=5, help="how long one run of the load generator takes")
    group.addoption("--large", action="store_true", help="build a hundred thousand to ten million triples, too")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    if file_path.match("bench_*.py") and file_path not in parent.session._initialpaths:
        return pytest.Module.from_parent(parent, path=file_path)
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.path.name.startswith("bench_") and not item.config.getoption("--benchmarks", default=False):
        pytest.skip("run with make bench")


@dataclass(frozen=True)
class Setting:
    """What the options say.

    :param triples: size of the graph that is served, before derivation
    :param rounds: how often the peers take turns
    :param seconds: of one run
    :param large: build a hundred thousand to ten million triples, too
    """

    triples: int
    rounds: int
    seconds: float
    large: bool


@pytest.fixture(scope="session")
def setting(request: pytest.FixtureRequest) -> Setting:
    """The options of this run."""
    option = request.config.getoption
    return Setting(option("--triples"), option("--rounds"), option("--seconds"), option("--large"))


@pytest.fixture(scope="session")
def generated(config: Config, setting: Setting, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of a generated graph, with its query store."""
    return make_release(config, setting.triples, tmp_path_factory.mktemp("dist"))
