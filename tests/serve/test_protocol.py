"""The protocol tests of the W3C SPARQL 1.1 test suite, as far as they are about queries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, Namespace, Node, URIRef
from rdflib.collection import Collection

from hansa.config import Config
from hansa.rdf import FORMATS, NamedNode, Quad, parse_file
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import Served, make_release, serve

SUITE = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "sparql11-protocol"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
DATA = "http://kasei.us/2009/09/sparql/data/"
TABULAR = ("application/sparql-results+", "text/csv", "text/tab-separated-values")
RDF_TYPES = ("text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json")
EXPECTED_TYPES = {"boolean": TABULAR, "tabular": TABULAR, "RDF": RDF_TYPES}

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not SUITE.is_dir(), reason=f"the W3C protocol tests are not at {SUITE}"),
]


def _manifest() -> Graph:
    graph = Graph()
    if SUITE.is_dir():
        graph.parse(SUITE / "manifest.ttl", format="turtle", publicID="http://manifest.example/")
    return graph


MANIFEST = _manifest()


def _entries() -> list[URIRef]:
    listed = next(MANIFEST.objects(None, MF.entries), None)
    found = [e for e in Collection(MANIFEST, listed) if isinstance(e, URIRef)] if listed is not None else []
    # What succeeds with an update is not for an endpoint that only answers queries; its refusals are.
    return [e for e in found if not e.partition("#")[2].startswith("update_")]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory, config: Config) -> Iterator[Served]:
    quads: list[Quad] = []
    for number in (1, 2, 3):
        graph = NamedNode(f"{DATA}data{number}.rdf")
        parsed = parse_file(SUITE / f"data{number}.nt")
        quads += [Quad(q.subject, q.predicate, q.object, graph) for q in parsed]
    # The suite names data0.rdf without giving it; this endpoint only knows graphs that it holds.
    node = NamedNode(f"{DATA}data0.rdf")
    quads.append(Quad(node, NamedNode("http://purl.org/dc/terms/title"), node, node))
    assert FORMATS["nquads"]
    release = make_release(tmp_path_factory.mktemp("w3c") / "1.0.0", config, quads)
    with serve(release, ServeSettings(workers=1, time_limit=20)) as running:
        yield running


def _text(node: Node | None, predicate: URIRef) -> str:
    return str(MANIFEST.value(node, predicate) or "")


def _headers(request: Node) -> dict[str, str]:
    listed = MANIFEST.value(request, HT.headers)
    items = list(Collection(MANIFEST, listed)) if listed is not None else []
    return {_text(h, HT.fieldName): _text(h, HT.fieldValue) for h in items}


def _requests(test: URIRef) -> list[Node]:
    connection = MANIFEST.value(test, MF.action)
    listed = MANIFEST.value(connection, HT.requests)
    assert listed is not None
    return list(Collection(MANIFEST, listed))


@pytest.mark.parametrize("test", _entries() or [URIRef("#absent")], ids=lambda t: t.partition("#")[2])
def test_protocol(endpoint: Served, test: URIRef) -> None:
    for request in _requests(test):
        body = MANIFEST.value(request, HT.body)
        encoding = _text(body, CNT.characterEncoding) or "utf-8"
        answer = endpoint.client.request(
            _text(request, HT.methodName),
            _text(request, HT.absolutePath),
            content=_text(body, CNT.chars).encode(encoding) if body else None,
            headers=_headers(request),
        )
        expected = MANIFEST.value(request, HT.resp)
        statuses = {str(s).partition("StatusCode")[2][0] for s in MANIFEST.objects(expected, MF.expectedStatus)}
        assert str(answer.status_code)[0] in statuses, answer.text
        if form := _text(expected, MF.expectedFormat):
            assert answer.headers["content-type"].startswith(EXPECTED_TYPES[form])
        if truth := _text(expected, MF.expectedBoolean):
            assert answer.json()["boolean"] is (truth == "true")
