"""The fast SHACL engine and pySHACL, the reference, say the same: on every snippet, on the graph, on damaged data."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
import rdflib
from rdflib.namespace import SH

from hansa import pipeline
from hansa.config import Config
from hansa.rdf import Graphs, Literal, NamedNode, Quad, Term, parse_file
from hansa.validate import engines
from hansa.validate.engines import Engine
from hansa.validate.reference import filled

pytest.importorskip("shacl", reason="the fast engine has no wheel for this machine")

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = sorted(path for path in (ROOT / "tests" / "shapes").rglob("*.ttl") if path.name != "background.ttl")


def quads_of(paths: list[Path]) -> list[Quad]:
    return [quad for path in paths for quad in parse_file(path)]


@pytest.fixture(scope="module")
def shapes() -> list[Quad]:
    return quads_of(sorted((ROOT / "shapes").glob("*.ttl")))


@pytest.fixture(scope="module")
def background() -> list[Quad]:
    vocabulary = sorted((ROOT / "ontology" / "vocab").glob("*.ttl"))
    return quads_of([ROOT / "tests" / "shapes" / "background.ttl", *vocabulary])


@pytest.fixture(scope="module")
def whole(config: Config) -> Graphs:
    return pipeline.validate(config, engine=Engine.FAST).graphs


def results(report: rdflib.Graph) -> Counter[tuple[str, ...]]:
    parts = (SH.focusNode, SH.resultPath, SH.value, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
    nodes = report.objects(None, SH.result)
    rows = (tuple("" if isinstance(v := report.value(n, p), rdflib.BNode) else str(v) for p in parts) for n in nodes)
    return Counter(rows)


def without_doubt(report: rdflib.Graph) -> Counter[tuple[str, ...]]:
    """Leave out ranges of values that have the wrong datatype: whether 1987 is over 90 when it is a date is moot."""
    found = results(report)
    wrong = {row[:3] for row in found if row[4].endswith("#DatatypeConstraintComponent")}
    ranges = ("#MinInclusiveConstraintComponent", "#MaxInclusiveConstraintComponent")
    return Counter({row: n for row, n in found.items() if not (row[:3] in wrong and row[4].endswith(ranges))})


def assert_same(data: list[Quad], shapes: list[Quad]) -> int:
    reports = (filled(rdflib.Graph(), engines.run(e, data, shapes)) for e in (Engine.FAST, Engine.PYSHACL))
    fast, reference = (without_doubt(report) for report in reports)
    assert fast == reference
    return fast.total()


@pytest.mark.parametrize("part", range(4))
def test_same_results_on_the_snippets(part: int, shapes: list[Quad], background: list[Quad]) -> None:
    found = [assert_same([*background, *quads_of([path])], shapes) for path in SNIPPETS[part::40]]
    assert sum(found) > 0


def test_same_results_on_the_shipped_graph(whole: Graphs, shapes: list[Quad]) -> None:
    assert_same([quad for quads in whole.values() for quad in quads], shapes)


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
