"""A query gives the same answer when it is shown only the statements that it can ask for."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hansa.large.narrowing import narrowed_store
from hansa.packed import PackedGraph
from hansa.patterns import EVERYTHING, Pattern, asked, patterns_of
from hansa.rdf import NamedNode, Quad
from hansa.store import EmbeddedStore

E = "http://e/"
NODES = [NamedNode(f"{E}{name}") for name in "abc"]
CLASSES = [NamedNode(f"{E}{name}") for name in "CD"]
PREDICATES = [NamedNode(f"{E}{name}") for name in "pqr"]
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
GRAPHS = [NamedNode(f"{E}graph/{name}") for name in ("one", "two", "derived/one")]

plain = st.builds(
    Quad, st.sampled_from(NODES), st.sampled_from(PREDICATES), st.sampled_from(NODES), st.sampled_from(GRAPHS)
)
typed = st.builds(Quad, st.sampled_from(NODES), st.just(TYPE), st.sampled_from(CLASSES), st.sampled_from(GRAPHS))
datasets = st.lists(plain | typed, max_size=14)

WHERE = [
    "?x :p ?y",
    "?x a :C ; :q ?y",
    "?x :p|^:q ?y",
    "?x !:p ?y",
    "?x :p+ ?y",
    "?x :p* ?y",
    "?x :p? ?y . ?x :q ?z",
    "?x :p* :a",
    "VALUES ?y { :a :b } ?x (:p/:q)* ?y",
    "VALUES ?p { :p :q } ?x ?p ?y",
    "VALUES (?p ?y) { (:p UNDEF) (:q :a) } ?x ?p ?y",
    "VALUES ?c { :C } ?x a ?c . OPTIONAL { ?x :q ?y }",
    "OPTIONAL { ?x ?p ?y } VALUES ?p { :p }",
    "?x :q ?z . OPTIONAL { ?x ?p ?y } VALUES ?p { :p :none }",
    "VALUES ?p { :p } { OPTIONAL { ?x ?p ?y } }",
    "GRAPH ?g { ?x :p ?y }",
    "GRAPH ?g { ?x ?p ?y } FILTER(!CONTAINS(STR(?g), '/derived/'))",
    "GRAPH ?g { ?x ?p ?y } FILTER(?x != ?y && !CONTAINS(STR(?g), '/derived/'))",
    "GRAPH ?g { ?x ?p ?y } FILTER(?x != ?y || !CONTAINS(STR(?g), '/derived/'))",
    "?x a :C OPTIONAL { GRAPH ?g { ?x ?p ?y } } FILTER(!CONTAINS(STR(?g), '/derived/'))",
    "GRAPH ?g { ?x :p ?y } FILTER(!CONTAINS(STR(?g), '/derived/')) MINUS { GRAPH ?g { ?x ?any :a } }",
    "?x :p ?y . FILTER(!CONTAINS(STR(?g), '/derived/')) MINUS { GRAPH ?g { ?x ?any ?y } }",
    "?x :p ?y MINUS { GRAPH ?g { ?x :q ?y } } BIND(:a AS ?g)",
    "?x :p ?y . MINUS { VALUES ?p { :q } ?x ?p ?z } VALUES ?z { :a }",
    "?x :p ?y MINUS { ?x ?p ?z } VALUES ?p { :q }",
    "?x a :C MINUS { ?x ?p ?z . ?z :r ?w } VALUES ?p { :q }",
    "GRAPH ?g { ?x :p ?y } FILTER(!CONTAINS(STR(?g), '/derived/') && EXISTS { GRAPH ?g { ?z ?q ?x } })",
    "?x a :C FILTER NOT EXISTS { GRAPH ?h { ?z ?q ?x } FILTER(!CONTAINS(STR(?h), '/derived/') && ?q != :p) }",
    "?x a :C . BIND(EXISTS { GRAPH ?g { ?x :p ?y . ?y :q ?z } } AS ?t)",
    "?x a :C . BIND(IF(EXISTS { ?x :p/:q :a }, 1, 2) AS ?t)",
    "{ ?x :p ?y } UNION { GRAPH ?g { ?x :q ?y } } FILTER(!CONTAINS(STR(?g), '/derived/'))",
    "VALUES ?p { :p } { ?x ?p ?y } UNION { ?x :q ?p }",
    "VALUES ?p { :p } { SELECT ?x WHERE { ?x ?p ?y } }",
    "VALUES ?p { :p } { SELECT ?x ?p WHERE { ?x ?p ?y } }",
    "VALUES ?p { :p } { SELECT ?p (COUNT(?x) AS ?n) WHERE { ?x ?p ?y } GROUP BY ?p }",
    "VALUES ?p { :p } { SELECT ?p WHERE { ?x ?p ?y } ORDER BY DESC(?p) LIMIT 1 }",
    "VALUES ?p { :p } { SELECT * WHERE { ?x ?p ?y } }",
    "{ SELECT ?x (COUNT(?y) AS ?n) WHERE { ?x :p ?y FILTER EXISTS { ?y :q ?z } } GROUP BY ?x }",
    "?x :p [ :q ?y ]",
    "GRAPH ?g { ?x ?p ?y } FILTER(?g IN (<http://e/graph/one>, :none) && ?x != ?y)",
    "GRAPH ?g { ?x ?p ?y } FILTER(?g NOT IN (<http://e/graph/one>))",
    "GRAPH ?g { ?x ?p ?y } FILTER(?g IN (<http://e/graph/one>) || ?x = :a)",
    "GRAPH ?g { ?x ?p ?y } FILTER(?y IN (?x, :a))",
    "?x a :C OPTIONAL { GRAPH ?g { ?x ?p ?y } } FILTER(?g IN (<http://e/graph/one>))",
    "?x a :C OPTIONAL { ?x ?p ?y } FILTER(!(?p IN (:p)))",
    "?x a :C MINUS { GRAPH ?g { ?x ?p ?y } } FILTER(?g IN (:none)) BIND(:none AS ?g)",
    "?x ?p ?y FILTER(?p IN (:p, :q)) FILTER NOT EXISTS { ?y ?p ?z }",
    "?x a :C FILTER NOT EXISTS { ?x ?p ?y FILTER(?p IN (:p, :q)) }",
    "GRAPH <http://e/graph/one> { ?x ?p ?y FILTER EXISTS { ?y a ?c } } ?y ?q ?z FILTER(?q IN (:q))",
    "VALUES ?g { <http://e/graph/one> } GRAPH ?g { ?x ?p ?y } OPTIONAL { GRAPH ?h { ?y ?q ?z } }",
    "GRAPH ?g { }",
    "GRAPH <http://e/graph/one> { }",
    "GRAPH :none { ?x :p ?y }",
    "GRAPH ?g { ?x a :C . { SELECT ?x WHERE { ?x :r ?y } } }",
    "?x :p ?y FILTER(?x IN (:a)) { ?y :q ?z } UNION { VALUES ?z { :b } ?y :r ?z }",
    "?x a ?c . VALUES ?c { :C } OPTIONAL { ?x :p ?y . OPTIONAL { ?y a ?d VALUES ?d { :D } } }",
]


def _answer(store: EmbeddedStore, query: str) -> list[str]:
    return sorted(str(sorted((name, str(term)) for name, term in row.items())) for row in store.select(query).dicts())


@cache
def _asked_by(where: str) -> tuple[str, tuple[Pattern, ...]]:
    query = f"PREFIX : <{E}> SELECT * WHERE {{ {where} }}"
    return query, patterns_of(query)


@pytest.mark.parametrize("where", WHERE)
@settings(max_examples=30, deadline=None)  # a store is made for each, which takes its time on a busy machine
@given(quads=datasets)
def test_same_answer_from_what_it_asks_for(where: str, quads: list[Quad]) -> None:
    query, patterns = _asked_by(where)
    by_graph = {name: {quad for quad in quads if quad.graph_name == name} for name in GRAPHS}
    graphs = {
        n: PackedGraph.of(n, [f"{q.subject} {q.predicate} {q.object} .\n".encode() for q in some])
        for n, some in by_graph.items()
    }
    with TemporaryDirectory() as scratch:
        narrowed = narrowed_store(patterns, graphs, Path(scratch))
    assert _answer(narrowed, query) == _answer(EmbeddedStore.memory(quads), query)


def test_patterns() -> None:
    query = f"""PREFIX : <{E}> SELECT ?x WHERE {{
      VALUES ?p {{ :p :q }}
      ?x a :C .
      GRAPH ?g {{ ?x ?p ?y ; ^:r ?z }}
      FILTER(!CONTAINS(STR(?g), "/derived/"))
    }}"""
    without = frozenset({"/derived/"})
    assert set(patterns_of(query)) == {
        Pattern(False, frozenset({TYPE.value}), frozenset({f"{E}C"})),
        Pattern(True, frozenset({f"{E}p", f"{E}q"}), None, without),
        Pattern(True, frozenset({f"{E}r"}), None, without),
    }


@pytest.mark.parametrize(
    "where",
    [
        "GRAPH <http://e/g> { ?x <http://e/p> ?y }",
        "GRAPH ?g { ?x <http://e/p> ?y } FILTER(?x != ?y && ?g IN (<http://e/g>))",
    ],
)
def test_only_graphs_that_are_named(where: str) -> None:
    (pattern,) = patterns_of(f"SELECT * WHERE {{ {where} }}")
    assert pattern == Pattern(True, frozenset({f"{E}p"}), graphs=frozenset({f"{E}g"}))
    assert asked([pattern], f"{E}g") == [pattern]
    assert asked([pattern], f"{E}h") == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * WHERE { ?x ",
        "SELECT * WHERE { ?x unknown:p ?y }",
        "SELECT * FROM <http://e/g> WHERE { ?x <http://e/p> ?y }",
        "SELECT * WHERE { SERVICE <http://e/s> { ?x <http://e/p> ?y } }",
    ],
)
def test_what_is_not_plain_asks_for_everything(query: str) -> None:
    assert set(patterns_of(query)) >= set(EVERYTHING)


def test_a_graph_is_asked_by_its_name() -> None:
    patterns = [Pattern(True, None, None, frozenset({"/derived/"})), Pattern(False)]
    assert asked(patterns, GRAPHS[0].value) == patterns[:1]
    assert asked(patterns, GRAPHS[2].value) == []
    assert asked(patterns, None) == patterns[1:]
