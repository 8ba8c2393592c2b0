"""Both sides of the comparison with Wikidata, small enough to read."""

from pathlib import Path

import pytest

from hansa.config import Config
from hansa.link import gazetteer
from hansa.link.claims import Ours
from hansa.link.gazetteer import Gazetteer
from hansa.link.slice import Slice, read_slice
from hansa.rdf import parse_file
from hansa.store import EmbeddedStore

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def ours(config: Config) -> Ours:
    return Ours(EmbeddedStore.memory(parse_file(DATA / "ours.trig")), config.vocab)


@pytest.fixture(scope="session")
def theirs() -> Slice:
    return read_slice(DATA / "theirs.ttl", complete=True)


@pytest.fixture(scope="session")
def gaz() -> Gazetteer:
    return gazetteer.load()
