"""The store: union of graphs, bound values, errors with positions, read-only opening."""

from pathlib import Path

import pytest

from hansa.errors import HansaError, QueryError
from hansa.rdf import Literal, NamedNode, Quad
from hansa.store import EmbeddedStore

S, P, G, H = (NamedNode(f"http://e/{name}") for name in "spgh")
QUADS = [Quad(S, P, Literal("1"), G), Quad(S, P, Literal("2"), H)]


def test_queries_see_the_union_of_all_graphs() -> None:
    store = EmbeddedStore.memory(QUADS)
    assert len(store.select("SELECT ?o { ?s ?p ?o }").rows) == 2
    assert store.graphs() == [G, H]


def test_a_statement_in_two_graphs_is_one_triple() -> None:
    store = EmbeddedStore.memory([Quad(S, P, Literal("1"), G), Quad(S, P, Literal("1"), H)])
    assert len(store.select("SELECT ?o { ?s ?p ?o }").rows) == 1
    assert len(store.select("SELECT ?o { GRAPH ?g { ?s ?p ?o } }").rows) == 2
    assert len(list(store.quads())) == 2


def test_values_are_bound_in_filters_and_subqueries() -> None:
    store = EmbeddedStore.memory(QUADS)
    query = "SELECT (COUNT(*) AS ?n) { { SELECT ?o { ?s ?p ?o FILTER(?o = ?_v) } } }"
    assert store.select(query, {"_v": Literal("2")}).rows[0][0] == Literal(1)


def test_ask_and_construct() -> None:
    store = EmbeddedStore.memory(QUADS)
    assert store.ask("ASK { ?s ?p '1' }")
    assert [t.object for t in store.construct("CONSTRUCT WHERE { ?s ?p '1' }")] == [Literal("1")]


def test_a_wrong_query_has_its_position() -> None:
    with pytest.raises(QueryError) as caught:
        EmbeddedStore.memory().select("SELECT * {\n ?s ?p z }")
    assert (caught.value.line, caught.value.column) == (2, 10)


@pytest.mark.parametrize("call", ["select", "construct"])
def test_the_wrong_form_is_refused(call: str) -> None:
    with pytest.raises(QueryError, match="needed here"):
        getattr(EmbeddedStore.memory(), call)("ASK {}")


def test_on_disk_and_read_only(tmp_path: Path) -> None:
    store = EmbeddedStore.create(tmp_path / "s")
    store.extend(QUADS)
    store.optimise()
    del store
    assert len(EmbeddedStore.open(tmp_path / "s")) == 2


def test_opening_what_is_no_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HansaError, match="not a query store"):
        EmbeddedStore.open(tmp_path / "none")
