"""The ontology room as graphs: what the project says about its terms, its concepts and those of others."""

from pathlib import Path

import pytest
import rdflib
from rdflib import Graph, URIRef

from hansa.config import Config


def read(*files: Path) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


@pytest.fixture(scope="session")
def room(root: Path) -> Path:
    return root / "ontology"


@pytest.fixture(scope="session")
def scheme_files(room: Path) -> list[Path]:
    return sorted((room / "vocab").glob("*.ttl"))


@pytest.fixture(scope="session")
def turtle_files(room: Path, scheme_files: list[Path]) -> list[Path]:
    return [room / "hansa.ttl", room / "external.ttl", *scheme_files]


@pytest.fixture(scope="session")
def own(room: Path) -> Graph:
    """What ``hansa.ttl`` says."""
    return read(room / "hansa.ttl")


@pytest.fixture(scope="session")
def external(room: Path) -> Graph:
    return read(room / "external.ttl")


@pytest.fixture(scope="session")
def schemes(scheme_files: list[Path]) -> Graph:
    return read(*scheme_files)


@pytest.fixture(scope="session")
def everything(turtle_files: list[Path]) -> Graph:
    return read(*turtle_files)


@pytest.fixture(scope="session")
def header(config: Config) -> URIRef:
    return URIRef(config.vocab.ontology.value)


@pytest.fixture(scope="session")
def hansa(config: Config) -> rdflib.Namespace:
    return rdflib.Namespace(config.vocab.hansa.iri)
