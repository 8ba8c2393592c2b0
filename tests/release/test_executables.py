"""The canned queries as SHACL-AF executables: complete, without blank nodes, and what they say can be run."""

from pathlib import Path

import pytest
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery

from hansa.config import Config
from hansa.model import CannedQuery
from hansa.queries import load_queries
from hansa.rdf import FORMATS, serialise
from hansa.release.executables import body_of, describe_queries

SELECT, CONSTRUCT = (URIRef(f"{SH}{name}") for name in ("SPARQLSelectExecutable", "SPARQLConstructExecutable"))


@pytest.fixture(scope="module")
def canned(root: Path) -> dict[str, CannedQuery]:
    return load_queries(root / "queries")


@pytest.fixture(scope="module")
def described(canned: dict[str, CannedQuery], config: Config) -> Graph:
    data = serialise(describe_queries(canned.values(), config), FORMATS["turtle"])
    return Graph().parse(data=data, format="turtle")


def test_every_query_is_described(canned: dict[str, CannedQuery], described: Graph, config: Config) -> None:
    described_ones = {*described.subjects(RDF.type, SELECT), *described.subjects(RDF.type, CONSTRUCT)}
    assert described_ones == {URIRef(f"{config.base}queries/{name}") for name in canned}
    assert not any(isinstance(term, BNode) for triple in described for term in triple)


def test_the_text_with_the_declared_prefixes_is_a_query(described: Graph, config: Config) -> None:
    declared = described.objects(URIRef(f"{config.base}queries"), SH.declare)
    prefixes = {str(described.value(node, SH.prefix)): described.value(node, SH.namespace) for node in declared}
    texts = [*described.objects(None, SH.select), *described.objects(None, SH.construct)]
    assert len(texts) > 50
    for text in texts:
        assert "PREFIX" not in str(text)
        # Only those it mentions: the peer's parser takes long over each.
        head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes.items() if f"{name}:" in str(text))
        prepareQuery(head + str(text))


def test_parameters_say_what_they_take(described: Graph, config: Config) -> None:
    query = URIRef(f"{config.base}queries/members-of-network")
    network, day = URIRef(f"{query}#network"), URIRef(f"{query}#on")
    assert {network, day} < set(described.objects(query, SH.parameter))
    assert described.value(network, SH["class"]) == URIRef(f"{config.base}ontology#CityNetwork")
    assert described.value(network, SH.optional) is None
    assert str(described.value(network, SH.path)).endswith("_network_iri")
    assert described.value(day, SH.optional) == Literal(True)
    assert str(described.value(day, SH.defaultValue)) == config.issued


def test_strings_that_look_like_prologue_stay() -> None:
    text = '#+ summary: x\nPREFIX a: <x:>\nSELECT * { ?s a:b "PREFIX c: <d:> # no comment" } # gone'
    assert body_of(text) == 'SELECT * { ?s a:b "PREFIX c: <d:> # no comment" }'
