"""What every test may need: the project's own settings."""

from pathlib import Path

import pytest

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
