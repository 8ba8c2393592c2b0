"""A small made-up graph project, complete enough for a release."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hansa.config import Config, load_config
from hansa.manifest import read_release
from hansa.model import Release
from hansa.rdf import FORMATS, Graphs, parse_bytes
from hansa.release import ReleaseInputs, write_release
from hansa.store import EmbeddedStore

DATA = Path(__file__).parent / "data"
BASE = "https://example.org/leagues/"


def read_graphs(config: Config, text: str) -> Graphs:
    """Parse TriG written with the project's prefixes."""
    preamble = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in config.prefixes.items())
    graphs: Graphs = {}
    for quad in parse_bytes((preamble + text).encode(), FORMATS["trig"]):
        graphs.setdefault(quad.graph_name, []).append(quad)  # type: ignore[arg-type]
    return graphs


@pytest.fixture(scope="session")
def small(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A project with another base IRI than the shipped one."""
    home = tmp_path_factory.mktemp("project")
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    shipped = load_config(root).base
    (home / "pyproject.toml").write_text(text.replace(f'base = "{shipped}"', f'base = "{BASE}"'), encoding="utf-8")
    return load_config(home)


@pytest.fixture(scope="session")
def parse(small: Config) -> Callable[[str], Graphs]:
    """Parse TriG that uses the project's prefixes."""
    return lambda text: read_graphs(small, text)


@pytest.fixture(scope="session")
def graphs(parse: Callable[[str], Graphs]) -> Graphs:
    """The statements of the small project."""
    return parse((DATA / "small.trig").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def make_inputs(small: Config, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Graphs], ReleaseInputs]:
    """Make the inputs of a release out of some graphs."""
    place = tmp_path_factory.mktemp("inputs")
    head = f"@prefix shape: <{BASE}shapes#> .\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    for name in ("place", "role"):
        body = f"# about {name}\nshape:{name} a sh:NodeShape ; sh:or ( [ sh:minCount 1 ] [ sh:maxCount 2 ] ) .\n"
        (place / f"{name}.ttl").write_text(head + body, encoding="utf-8")
    query = place / "everything.rq"
    query.write_text("#+ summary: All.\nSELECT * WHERE { ?s ?p ?o }\n", encoding="utf-8")
    ontology = place / "hansa.ttl"
    ontology.write_text(
        f"@prefix owl: <http://www.w3.org/2002/07/owl#> .\n# a comment\n<{BASE}ontology> a owl:Ontology .\n"
    )

    def make(graphs: Graphs) -> ReleaseInputs:
        return ReleaseInputs(
            config=small,
            graphs=graphs,
            store=lambda: EmbeddedStore.memory(quad for quads in graphs.values() for quad in quads),
            report_json='{"conforms": true, "findings": []}\n',
            report_turtle="@prefix sh: <http://www.w3.org/ns/shacl#> .\n",
            shapes=tuple((f"{name}.ttl", place / f"{name}.ttl") for name in ("place", "role")),
            ontology=(ontology,),
            queries=(query,),
        )

    return make


@pytest.fixture(scope="session")
def inputs(make_inputs: Callable[[Graphs], ReleaseInputs], graphs: Graphs) -> ReleaseInputs:
    """The inputs of the small release."""
    return make_inputs(graphs)


@pytest.fixture(scope="session")
def dist(inputs: ReleaseInputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dist directory with the small release in it; tests must not change it."""
    out = tmp_path_factory.mktemp("dist")
    write_release(inputs, out)
    return out


@pytest.fixture(scope="session")
def release(dist: Path) -> Release:
    """The small release."""
    return read_release(dist / "current")


@pytest.fixture(scope="session")
def make_config(small: Config) -> Callable[..., Config]:
    """Make settings that differ from the small project's in something."""
    return lambda **changes: replace(small, **changes)
