"""Both engines pass the tests of the W3C for the parts of SHACL Core that the shapes use."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import rdflib
from rdflib import RDF, Namespace
from rdflib.namespace import SH

from hansa.rdf import FORMATS, parse_bytes
from hansa.validate import engines
from hansa.validate.engines import Engine
from hansa.validate.reference import filled

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
FOLDER = Path(__file__).parent / "data" / "w3c"
CASES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.ttl"))
PARTS = (SH.focusNode, SH.sourceConstraintComponent, SH.resultSeverity, SH.value)


def results(graph: rdflib.Graph, report: rdflib.term.Node | None) -> Counter[tuple[str, ...]]:
    """Give what the suite compares, blank nodes without their names."""
    rows = Counter[tuple[str, ...]]()
    for node in graph.objects(report, SH.result):
        values = (graph.value(node, part) for part in PARTS)
        rows[tuple("[]" if isinstance(v, rdflib.BNode) else "" if v is None else v.n3() for v in values)] += 1
    return rows


def test_the_tests_are_there() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("engine", [Engine.FAST, Engine.PYSHACL])
@pytest.mark.parametrize("case", CASES)
def test_case(case: str, engine: Engine) -> None:
    if engine is Engine.FAST:
        pytest.importorskip("shacl", reason="the fast engine has no wheel for this machine")
    data = (FOLDER / case).read_bytes()
    quads = list(parse_bytes(data, FORMATS["turtle"], file=case, base=f"http://example.org/{case}"))
    wanted = filled(rdflib.Graph(), quads)
    (expected,) = wanted.objects(None, MF.result)
    given = filled(rdflib.Graph(), engines.run(engine, quads, quads))
    (report,) = given.subjects(RDF.type, SH.ValidationReport)
    assert results(given, report) == results(wanted, expected)
    assert given.value(report, SH.conforms) == wanted.value(expected, SH.conforms)
