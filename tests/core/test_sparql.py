"""SPARQL texts: tokens, binding without injection, refusal of what reaches out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hansa import sparql
from hansa.errors import ForbiddenQueryError
from hansa.rdf import Literal, NamedNode
from hansa.store import EmbeddedStore

DATA = [("a", "x"), ("b", 'quote " and \\ and # and ?_v')]


@given(st.text())
def test_tokens_lose_nothing(text: str) -> None:
    assert "".join(token.text for token in sparql.tokens(text)) == text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_bound_value_stays_one_term(value: str) -> None:
    query = 'SELECT ?v WHERE { BIND(?_v AS ?v) FILTER("?_v" != "") } # ?_v'
    rows = EmbeddedStore.memory().select(query, {"_v": Literal(value)}).rows
    assert rows == ((Literal(value),),)


def test_binding_leaves_strings_comments_and_iris_alone() -> None:
    query = "SELECT * { ?s <http://e/?_v> '?_v' . FILTER(?s = ?_v) } # ?_v"
    bound = sparql.bind(query, {"_v": NamedNode("http://e/x")})
    assert bound == "SELECT * { ?s <http://e/?_v> '?_v' . FILTER(?s = <http://e/x>) } # ?_v"


def test_longer_variable_names_are_not_touched() -> None:
    assert sparql.bind("?_v ?_v2 $_v", {"_v": Literal("x")}) == '"x" ?_v2 "x"'


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
        "select * { service silent ?x { } }",
        "SELECT * { FILTER EXISTS { SERVICE <http://e/> { ?s ?p ?o } } }",
        "SELECT * { \\u0053ERVICE <http://e/> { ?s ?p ?o } }",
        "SELECT * { ?a ?b ?c FILTER(?a<?b)SERVICE<http://e/>{} }",
        "SELECT * { #comment\nSERVICE<http://e/>{} }",
        "LOAD <http://e/>",
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "drop all",
    ],
)
def test_reaching_out_is_refused_with_its_position(query: str) -> None:
    with pytest.raises(ForbiddenQueryError) as caught:
        sparql.refuse_outside_reach(query)
    assert caught.value.line >= 1
    assert caught.value.column >= 1


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s <http://e/SERVICE> ?service } # SERVICE",
        "PREFIX service: <http://e/> SELECT * { ?s service:load ?load }",
        "SELECT (COUNT(*) AS ?drop) { ?s ?p ?o }",
    ],
)
def test_harmless_words_are_let_through(query: str) -> None:
    sparql.refuse_outside_reach(query)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("PREFIX a: <b> # SELECT\nASK {}", "ASK"),
        ("select * {}", "SELECT"),
        ("DESCRIBE <x:y>", "DESCRIBE"),
        ("CONSTRUCT WHERE {}", "CONSTRUCT"),
        ("", ""),
    ],
)
def test_query_form(query: str, form: str) -> None:
    assert sparql.query_form(query) == form


def test_position_counts_from_one() -> None:
    assert sparql.position("ab\ncd", 0) == (1, 1)
    assert sparql.position("ab\ncd", 4) == (2, 2)
