"""The fast SHACL engine and pySHACL, the reference, say the same of the graph and of damaged data; releases are equal.

On every snippet of our shapes: tests/shapes/test_shapes.py. On the tests of the W3C: test_w3c.py.
"""

from pathlib import Path
from random import Random

import pytest
import rdflib

from hansa import pipeline
from hansa.config import Config
from hansa.rdf import Graphs, Literal, NamedNode, Quad, Term, parse_file
from hansa.validate import engines
from hansa.validate.engines import Engine
from hansa.validate.reference import filled
from tests.validate.reports import without_doubt

pytest.importorskip("shacl", reason="the fast engine has no wheel for this machine")

ROOT = Path(__file__).resolve().parents[2]


def quads_of(paths: list[Path]) -> list[Quad]:
    return [quad for path in paths for quad in parse_file(path)]


@pytest.fixture(scope="module")
def shapes() -> list[Quad]:
    return quads_of(sorted((ROOT / "shapes").glob("*.ttl")))


@pytest.fixture(scope="module")
def whole(config: Config) -> Graphs:
    return pipeline.validate(config, engine=Engine.FAST).graphs


def assert_same(data: list[Quad], shapes: list[Quad]) -> int:
    reports = (filled(rdflib.Graph(), engines.run(e, data, shapes)) for e in (Engine.FAST, Engine.PYSHACL))
    fast, reference = (without_doubt(report) for report in reports)
    assert fast == reference
    return fast.total()


def damaged(quads: list[Quad], seed: int) -> list[Quad]:
    """Break a tenth of the statements: gone, another value, a text for a thing, a thing for a text, twice."""
    random, broken = Random(seed), []
    objects: list[Term] = [q.object for q in quads if isinstance(q.object, NamedNode | Literal)]
    for quad in quads:
        fate = random.randrange(60)
        if fate == 0:
            continue
        value = {1: random.choice(objects), 2: Literal("damage"), 3: NamedNode("https://example.org/x")}.get(fate)
        broken.append(Quad(quad.subject, quad.predicate, value, quad.graph_name) if value else quad)
        if fate == 4:
            broken.append(Quad(quad.subject, quad.predicate, random.choice(objects), quad.graph_name))
    return broken


@pytest.mark.parametrize("seed", [1, 2])
def test_same_results_on_damaged_data(seed: int, whole: Graphs, shapes: list[Quad]) -> None:
    everything = [quad for quads in whole.values() for quad in quads]
    assert assert_same(damaged(everything, seed), shapes) > 500


def test_both_give_the_same_release(config: Config, shipped_dist: Path, tmp_path: Path) -> None:
    """And so the same report on the shipped graph, which is a file of the release."""
    release = pipeline.build(config, tmp_path, engine=Engine.PYSHACL).release
    assert release
    sums = Path(release.version, "SHA256SUMS")
    assert (tmp_path / sums).read_bytes() == (shipped_dist / sums).read_bytes()
