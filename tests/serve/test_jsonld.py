"""JSON-LD written straight from statements says what the statements say."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from hansa.rdf import FORMATS, BlankNode, Literal, NamedNode, Term, Triple, parse_bytes
from hansa.serve.things.jsonld import Compactor, ContextTooRichError, nodes
from hansa.vocab import RDF, XSD
from tests.serve.conftest import BASE, Served

EX = "https://e.example/"
CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "ex": EX,
    "geo": "http://www.opengis.net/ont/geosparql#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "ex:thing": {"@type": "@id"},
    "ex:day": {"@type": "xsd:date"},
    "ex:name": {"@container": "@language"},
    "ex:plain": {},
}
SUBJECTS: list[NamedNode | BlankNode] = [
    NamedNode(f"{EX}a"),
    NamedNode(f"{EX}b/c"),
    NamedNode("http://other.example/x"),
    BlankNode("n1"),
]
PROPERTIES = [NamedNode(EX + name) for name in ("thing", "day", "name", "plain", "unknown")]
PROPERTIES += [RDF.type, NamedNode("http://other.example/p"), NamedNode(f"{EX}//odd")]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
TYPES = st.sampled_from([XSD.date, XSD.integer, XSD.boolean])
TERMS: st.SearchStrategy[Term] = st.one_of(
    st.sampled_from(SUBJECTS),
    st.sampled_from([NamedNode(f"{EX}//x"), NamedNode(EX), NamedNode("urn:isbn:1"), NamedNode(f"{EX}day")]),
    TEXT.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXT, st.sampled_from(["en", "ja", "zh-hant"])),
    st.builds(
        lambda text, kind: Literal(text, datatype=kind), TEXT, st.sampled_from([XSD.date, XSD.integer, XSD.boolean])
    ),
)
TRIPLES = st.lists(st.builds(Triple, st.sampled_from(SUBJECTS), st.sampled_from(PROPERTIES), TERMS), max_size=12)


def _read(document: dict[str, Any]) -> set[str]:
    """Read JSON-LD as the general algorithm does: expanded by pyld, then parsed."""
    expanded = json.dumps(jsonld.expand(document)).encode()
    return {f"{q.subject} {q.predicate} {q.object}" for q in parse_bytes(expanded, FORMATS["jsonld"])}


@given(TRIPLES)
def test_expanded_it_is_what_it_was(triples: list[Triple]) -> None:
    graph = nodes(triples, Compactor(CONTEXT))
    # Blank nodes keep their names when the parser is told nothing else; ours has one only.
    found = {line.replace(_blank(line), "_:n1") for line in _read({"@context": CONTEXT, "@graph": graph})}
    assert found == {f"{t.subject} {t.predicate} {t.object}" for t in triples}


def _blank(line: str) -> str:
    return next((word for word in line.split() if word.startswith("_:")), "\0")


def test_values_are_as_short_as_the_context_allows() -> None:
    a, name, day = SUBJECTS[0], PROPERTIES[2], PROPERTIES[1]
    triples = [
        Triple(a, RDF.type, NamedNode(f"{EX}City")),
        Triple(a, PROPERTIES[0], NamedNode(f"{EX}b")),
        Triple(a, day, Literal("2020-01-01", datatype=XSD.date)),
        Triple(a, day, Literal("someday")),
        Triple(a, name, Literal("A", language="en")),
        Triple(a, name, Literal("B", language="en")),
    ]
    assert nodes(triples, Compactor(CONTEXT)) == [
        {
            "@id": "ex:a",
            "@type": "ex:City",
            "ex:thing": "ex:b",
            "ex:day": "2020-01-01",
            f"{EX}day": "someday",
            "ex:name": {"en": ["A", "B"]},
        }
    ]


@pytest.mark.parametrize(
    "context",
    [
        {"@vocab": EX},
        {"@base": EX},
        {"ex": EX, "ex:a": {"@id": "ex:b"}},
        {"ex": EX, "ex:a": {"@container": "@list"}},
        {"ex": EX, "ex:a": {"@type": "@id", "@container": "@set"}},
        {"name": f"{EX}name"},
    ],
)
def test_a_context_with_more_in_it_is_not_guessed_at(context: dict[str, Any]) -> None:
    with pytest.raises(ContextTooRichError):
        Compactor(context)


@pytest.mark.parametrize("iri", ["geo:1,2", "xsd:date"])
def test_an_iri_that_looks_like_a_short_name_is_not_written_as_one(iri: str) -> None:
    with pytest.raises(ContextTooRichError):
        nodes([Triple(SUBJECTS[0], PROPERTIES[0], NamedNode(iri))], Compactor(CONTEXT))


def test_every_thing_of_a_release_says_the_same_in_json_ld(served: Served) -> None:
    context = served.get("/context.jsonld").json()["@context"]
    listed = served.get("/authorities", "application/json").json()["items"]
    assert listed
    for path in ("/doc/network/league", *(item["href"] for item in listed)):
        document = served.get(f"{path}.jsonld").json()
        assert document["@context"] == f"{BASE}context.jsonld"
        plain = parse_bytes(served.get(f"{path}.nt").content, FORMATS["ntriples"])
        assert _read(document | {"@context": context}) == {f"{q.subject} {q.predicate} {q.object}" for q in plain}


def test_the_published_context_is_understood(shipped_dist: Path) -> None:
    Compactor(json.loads((shipped_dist / "current" / "context.jsonld").read_bytes())["@context"])
