"""Columns answer every check query as the query store does, on data that is full of mistakes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from hansa.build.derive import derive
from hansa.build.provenance import describe_graphs
from hansa.columns.algebra import UnansweredError
from hansa.columns.dataset import Columns
from hansa.columns.evaluate import answer
from hansa.columns.reader import read_query
from hansa.columns.store import ColumnStore
from hansa.config import Config
from hansa.errors import QueryError
from hansa.packed import PackedGraph, pack_graphs
from hansa.rdf import FORMATS, Graphs, NamedNode, Quad, lines_of, parse_bytes
from hansa.sources.loader import load
from hansa.sources.project import find_files
from hansa.store import EmbeddedStore
from tests.benchmarks.generate import Generator

Row = tuple[str | None, ...]
_TELLING = 14
"""So many checks at least must have something to say of the damaged data."""


def damaged(quads: list[Quad], random: Random) -> list[Quad]:
    """Leave statements out, repeat them about other things, and give them the values of others."""
    found = []
    for quad in quads:
        chance = random.random()
        if chance < 0.05:
            continue
        other = random.choice(quads)
        if chance < 0.08:
            found.append(Quad(quad.subject, quad.predicate, other.object, quad.graph_name))
            continue
        found.append(quad)
        if chance < 0.1:
            found.append(Quad(quad.subject, other.predicate, other.object, quad.graph_name))
        elif chance < 0.12:
            found.append(Quad(other.subject, quad.predicate, quad.object, quad.graph_name))
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def graphs(config: Config) -> Graphs:
    """The shipped data and generated data, damaged, with all that follows from them."""
    files, random = find_files(config), Random(7)
    found, _ = load(files, config)
    for source in Generator(config.vocab, 3000, errors=20).sources():
        for quad in source.quads:
            found.setdefault(quad.graph_name, []).append(quad)  # type: ignore[arg-type]
    schema = {config.vocab.graph("ontology"), config.vocab.graph("vocabulary")}
    found = {name: quads if name in schema else damaged(quads, random) for name, quads in found.items()}
    found |= derive(found, config.vocab, [rule.text() for rule in files.rules])
    return found | {config.vocab.graph("provenance"): describe_graphs(found, config.vocab)}


def told(store: EmbeddedStore | ColumnStore, query: str) -> set[Row]:
    """Give the distinct rows of an answer; findings are distinct, too."""
    return {tuple(None if term is None else str(term) for term in row) for row in store.select(query).rows}


def never() -> EmbeddedStore:
    raise AssertionError("the query store was asked")


def test_every_check(config: Config, graphs: Graphs) -> None:
    store = EmbeddedStore.memory(quad for quads in graphs.values() for quad in quads)
    asked: list[EmbeddedStore] = []

    def load_store() -> EmbeddedStore:
        asked.append(store)
        return store

    columns = ColumnStore(pack_graphs(graphs), load_store)
    checks = [check for check in find_files(config).checks if "/ontology/" not in check.name]
    answers = {check.path.stem: told(columns, check.text()) for check in checks}
    assert answers == {check.path.stem: told(store, check.text()) for check in checks}
    assert len(asked) <= 1  # for a line that is no number
    assert sum(bool(rows) for rows in answers.values()) >= _TELLING


# ---------------------------------------------------------------- small questions
DATA = """
@prefix : <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a :knows :b , :c ; :age 007 ; :name "A"@en , "a" ; :born "2001-02-03"^^xsd:date ; :self :a .
:b :knows :c ; :age 12 ; :size 1.50 ; :name "B"@fr ; :part :a .
:c :age "x" ; :size "1.5"^^xsd:decimal ; :part :b ; :born "2002-02-03"^^xsd:date .
:d :part :d ; :other :a ; :code "q\\"uo\\nte" .
"""
MORE = "@prefix : <http://example.org/> . :a :knows :b ; :name 'a' . :e :knows :a ; :part :c ."
QUESTIONS = (
    "?x :knows ?y",
    "?x :knows ?y . ?y :knows ?z",
    "GRAPH ?g { ?x :knows ?y }",
    "GRAPH ?g { ?x :knows ?y } FILTER(CONTAINS(STR(?g), 'one'))",
    "GRAPH <http://example.org/one> { ?x :name ?y }",
    "GRAPH ?g { ?x :knows ?y OPTIONAL { ?y :name ?z } }",
    "?x :age ?y FILTER(?y > 6)",
    "?x :age ?y FILTER(!(?y > 6))",
    "?x :age ?y FILTER(?y > 6 || ?x = :c)",
    "?x :age ?y FILTER(COALESCE(?y > 6, true))",
    "?x :age ?y FILTER(?y + 1 = 8 && ?y * 2 < 20 && ?y - 1 >= 6)",
    "?x :size ?z . ?y :size ?z FILTER(?x != ?y)",
    "?x :born ?y . ?z :born ?w FILTER(?y < ?w)",
    "?x :name ?y FILTER(LANG(?y) = '')",
    "?x :name ?y FILTER(LANGMATCHES(LANG(?y), 'en'))",
    "?x :name ?y FILTER(DATATYPE(?y) = xsd:string)",
    "?x ?y :a",
    ":a ?y ?x",
    "?x :knows ?z . ?z ?y ?w",
    "VALUES ?y { :knows :part } ?x ?y ?z",
    "VALUES (?x ?y) { (:a :b) (:b :c) (:c :a) } ?x :knows ?y",
    "?x :part* :a",
    ":c :part+ ?y",
    "?x :knows|:part ?y",
    "?x :knows ?y OPTIONAL { ?y :age ?z } FILTER(!BOUND(?z) || ?z = 12)",
    "?x :knows ?y OPTIONAL { ?x :age ?z FILTER(?y = :c) }",
    "?x :knows ?y MINUS { ?x :part ?z }",
    "?x :knows ?y MINUS { ?w :part ?z }",
    "?x :knows ?y FILTER NOT EXISTS { ?y :part ?z FILTER(?z != ?x) }",
    "?x :knows ?y OPTIONAL { ?y :size ?z } FILTER EXISTS { ?w :size ?z }",
    "?x :knows ?y FILTER(EXISTS { ?y :part :a } || ?x = :e)",
    "?x :knows ?y FILTER NOT EXISTS { GRAPH ?g { ?y ?p ?o } FILTER NOT EXISTS { ?x :part ?w } }",
    "{ ?x :knows ?y } UNION { ?y :part ?x }",
    "{ ?x :knows ?y BIND(:one AS ?z) } UNION { ?x :part ?y } FILTER(?x != :e)",
    "?x :other ?y { SELECT ?y (COUNT(DISTINCT ?k) AS ?z) WHERE { ?y :knows ?k } GROUP BY ?y }",
    "{ SELECT ?x (MAX(?n) AS ?y) WHERE { ?x :age|:size ?n FILTER(?x != :c) } GROUP BY ?x }",
    "?x :code ?y BIND(CONCAT('<', STR(?y), '>') AS ?z)",
    "?x :part ?y BIND(REPLACE(STR(?x), '^.*/([^/]+)$', 'x:$1') AS ?z)",
    "?x :age ?y BIND(xsd:decimal(STR(?y)) AS ?z)",
    "?x :knows ?y BIND(IF(?y = :c, 'yes', ?unbound) AS ?z)",
    "?x :age ?y FILTER(?y IN (7, 12, :c))",
    "?x :age ?y FILTER(?y NOT IN (7, :c))",
    "?x :self ?x BIND(1 AS ?y)",
)
LEFT = (
    "?x :knows/:knows ?y",
    "?x ^:knows ?y",
    "?x :part+ ?x . BIND(?x AS ?y)",
    "?x ?y ?z",
    "?x :age ?y FILTER(ABS(?y) > 1)",
    "?x :name 'A'@en",
)
_PREFIXES = "PREFIX : <http://example.org/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "


@pytest.fixture(scope="module")
def small() -> dict[NamedNode, PackedGraph]:
    found = {}
    for name, text in (("one", DATA), ("two", MORE)):
        graph = NamedNode(f"http://example.org/{name}")
        found[graph] = PackedGraph.of(graph, lines_of(parse_bytes(text.encode(), FORMATS["turtle"])))
    return found


def loaded(graphs: dict[NamedNode, PackedGraph]) -> EmbeddedStore:
    return EmbeddedStore.memory(quad for graph in graphs.values() for quad in graph.quads())


@pytest.mark.parametrize("question", QUESTIONS)
def test_small_questions(small: dict[NamedNode, PackedGraph], question: str) -> None:
    query = f"{_PREFIXES} SELECT ?x ?y ?z WHERE {{ {question} }}"
    expected = told(loaded(small), query)
    assert told(ColumnStore(small, never), query) == expected


@pytest.mark.parametrize("question", LEFT)
def test_what_columns_leave_to_the_store(small: dict[NamedNode, PackedGraph], question: str) -> None:
    query = f"{_PREFIXES} SELECT ?x ?y WHERE {{ {question} }}"
    columns = Columns()
    for graph in small.values():
        columns.add(graph.name, graph.lines())
    with pytest.raises(UnansweredError):
        answer(read_query(query), columns)
    store = ColumnStore(small, lambda: loaded(small))
    assert told(store, query) == told(loaded(small), query)


def test_a_wrong_query_is_the_stores_business(small: dict[NamedNode, PackedGraph]) -> None:
    with pytest.raises(QueryError):
        ColumnStore(small, lambda: loaded(small)).select("SELECT ?x WHERE { ?x :p }")


def test_ends_of_queries_that_are_not_known(root: Path) -> None:
    for end in ("ORDER BY ?x", "LIMIT 3", "HAVING(?x > 1)", "OFFSET 2"):
        with pytest.raises(UnansweredError):
            read_query(f"{_PREFIXES} SELECT ?x WHERE {{ ?x :p ?y }} {end}")
