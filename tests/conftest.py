"""What every test may need: the project's own settings."""

import os
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from hansa import pipeline
from hansa.config import Config, load_config
from hansa.scratch import locked

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("hansa", deadline=None)
hypothesis.settings.load_profile("hansa")


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once a run, even where several processes share the tests out: the first makes it, others wait.

    :param make: fills the folder; nobody may change it afterwards
    """
    together = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent
    place, made = together / name, together / f"{name}-made"
    place.mkdir(exist_ok=True)
    with locked(place):
        if not made.exists():
            make(place)
            made.touch()
    return place


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def config() -> Config:
    """The settings of the shipped graph."""
    return load_config(ROOT)


@pytest.fixture(scope="session")
def shipped_dist(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ``dist`` folder with a release of the shipped graph, built once; tests must not change it."""

    def build(dist: Path) -> None:
        run = pipeline.build(config, dist)
        assert run.release, run.findings

    return made_once(tmp_path_factory, "shipped", build)
