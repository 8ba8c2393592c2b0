"""What every test may need: the project's own settings."""

from pathlib import Path

import pytest

from hansa import pipeline
from hansa.config import Config, load_config

ROOT = Path(__file__).resolve().parent.parent


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
    """A ``dist`` folder with a release of the shipped graph, built once."""
    dist = tmp_path_factory.mktemp("shipped")
    run = pipeline.build(config, dist)
    assert run.release, run.findings
    return dist
