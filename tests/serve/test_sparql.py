"""The endpoint: forms of the answer, datasets, refusals, positions of mistakes."""

import csv
import io
import json
from xml.etree import ElementTree as ET

import httpx
import pytest
from rdflib import Graph, URIRef

from tests.serve.conftest import BASE, Served

NAMES = "SELECT ?s ?name { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?name } ORDER BY ?name"
MEMBERS = "CONSTRUCT { ?s <http://www.w3.org/ns/org#member> ?o } { ?s <http://www.w3.org/ns/org#member> ?o }"


def ask(
    served: Served, query: str, accept: str = "*/*", parameters: dict[str, str | list[str]] | None = None
) -> httpx.Response:
    return served.client.get("/sparql", params={"query": query, **(parameters or {})}, headers={"Accept": accept})


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
    ],
)
def test_tables_come_in_the_form_asked_for(served: Served, accept: str, media_type: str) -> None:
    answer = ask(served, NAMES, accept)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert "League of Ports" in answer.text
    assert ask(served, "ASK { ?s ?p ?o }", accept).headers["content-type"] == media_type


def test_tables_can_be_read_by_programs(served: Served) -> None:
    rows = ask(served, NAMES).json()["results"]["bindings"]
    names = {row["name"]["value"] for row in rows}
    assert {r[1] for r in list(csv.reader(io.StringIO(ask(served, NAMES, "text/csv").text)))[1:]} == names
    root = ET.fromstring(ask(served, NAMES, "application/sparql-results+xml").text)
    assert len(root.findall(".//{*}result")) == len(rows)
    assert ask(served, "ASK { ?s ?p ?o }").json() == {"head": {}, "boolean": True}


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "turtle"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        ("application/trig", "trig"),
        ("application/n-quads", "nquads"),
    ],
)
def test_graphs_come_in_every_rdf_form(served: Served, accept: str, form: str) -> None:
    answer = ask(served, MEMBERS, accept)
    assert answer.headers["content-type"].startswith(accept)
    graph = Graph().parse(data=answer.text, format="nt" if form == "nquads" else form)
    assert len(graph) == 3
    described = ask(served, f"DESCRIBE <{BASE}id/person/ada>", accept)
    assert "Ada" in described.text


def test_a_form_can_be_chosen_by_parameter(served: Served) -> None:
    assert ask(served, NAMES, "text/html", {"format": "csv"}).headers["content-type"] == "text/csv; charset=utf-8"
    assert ask(served, MEMBERS, "text/html", {"format": "nt"}).headers["content-type"] == "application/n-triples"
    assert ask(served, NAMES, "text/html", {"format": "ttl"}).status_code == 406


def test_what_nobody_has_is_406(served: Served) -> None:
    answer = ask(served, NAMES, "image/png")
    assert answer.status_code == 406
    assert "text/csv" in json.dumps(answer.json()["available"])
    assert ask(served, MEMBERS, "text/csv").status_code == 406


def test_queries_can_be_posted(served: Served) -> None:
    form = served.client.post("/sparql", data={"query": NAMES})
    direct = served.client.post("/sparql", content=NAMES, headers={"Content-Type": "application/sparql-query"})
    assert form.json() == direct.json() == ask(served, NAMES).json()


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [("SELECT * WHERE { ?s ?p }", 1, 25), ("ASK {\n  ?s ?p ?o .\n  ?s ?p, }\n", 3, 11)],
)
def test_a_mistake_is_shown_where_it_is(served: Served, query: str, line: int, column: int) -> None:
    answer = ask(served, query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.json()["line"], answer.json()["column"]) == (line, column)
    page = ask(served, query, "text/html")
    assert page.status_code == 400
    assert f"line {line}, column {column}" in page.text


REACHING_OUT = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { SERVICE ?s { ?s ?p ?o } }",
    "SELECT * { FILTER EXISTS { SERVICE<http://127.0.0.1:1/> { ?s ?p ?o } } }",
    "SELECT * { SERV\\u0049CE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    'ASK { ?s ?p "\\u0022" . SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } . ?s ?p "\\u0022" }',
    'BASE <http://x/> ASK { <\\u0041#> ?p "\\u0022" . SERVICE <http://127.0.0.1:1/> { } ?s ?p "\\u0022" }',
    "PREFIX p: <x:> ASK { ?x p:y ?z FILTER(?x = p:y)SERVICE <http://127.0.0.1:1/> { } }",
    "INSERT DATA { <x:a> <x:b> <x:c> }",
    "LOAD <http://127.0.0.1:1/>",
    "DROP ALL",
]


@pytest.mark.parametrize("query", REACHING_OUT)
def test_nothing_reaches_out_or_changes_anything(served: Served, query: str) -> None:
    assert ask(served, query).status_code == 403
    assert served.client.post("/sparql", data={"query": query}).status_code == 403
    assert ask(served, query, "text/html").status_code == 403


def test_words_in_strings_names_and_comments_are_harmless(served: Served) -> None:
    query = "PREFIX s: <x:> SELECT ('SERVICE <x>' AS ?service) { FILTER('INSERT' != 'LOAD') } # SERVICE <x:y> {}"
    assert ask(served, query).json()["results"]["bindings"][0]["service"]["value"] == "SERVICE <x>"


def test_updates_are_refused(served: Served) -> None:
    assert served.client.post("/sparql", data={"update": "DROP ALL"}).status_code == 403
    update = {"Content-Type": "application/sparql-update"}
    assert served.client.post("/sparql", content="DROP ALL", headers=update).status_code == 403


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
IN_GRAPHS = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def number(answer: httpx.Response) -> int:
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def test_the_dataset_can_be_chosen(served: Served) -> None:
    gazette, links = f"{BASE}graph/gazette", f"{BASE}graph/links"
    assert number(ask(served, COUNT)) > 100
    assert number(ask(served, COUNT, parameters={"default-graph-uri": gazette})) == 7
    assert number(ask(served, COUNT, parameters={"default-graph-uri": [gazette, links]})) == 10
    assert number(ask(served, IN_GRAPHS, parameters={"default-graph-uri": gazette})) == 0
    assert number(ask(served, IN_GRAPHS, parameters={"named-graph-uri": links})) == 3
    assert number(ask(served, COUNT, parameters={"named-graph-uri": links})) == 0
    assert number(ask(served, COUNT.replace("{", f"FROM <{links}> {{"))) == 3
    assert number(ask(served, f"PREFIX g: <{BASE}graph/> " + IN_GRAPHS.replace("{", "FROM NAMED g:links {", 1))) == 3
    assert number(ask(served, f"BASE <{BASE}> " + COUNT.replace("{", "FROM <graph/links> {"))) == 3
    assert number(ask(served, COUNT.replace("{", f"FROM <{links}> {{"), parameters={"default-graph-uri": gazette})) == 7


@pytest.mark.parametrize("iri", ["http://127.0.0.1:1/data.ttl", "file:///etc/passwd", f"{BASE}graph/nothing"])
def test_graphs_that_are_not_here_are_never_fetched(served: Served, iri: str) -> None:
    for answer in (
        ask(served, COUNT.replace("{", f"FROM <{iri}> {{")),
        ask(served, COUNT.replace("{", f"FROM NAMED <{iri}> {{")),
        ask(served, COUNT, parameters={"default-graph-uri": iri}),
        ask(served, COUNT, parameters={"named-graph-uri": iri}),
    ):
        assert answer.status_code == 400
        assert "never fetched" in answer.json()["detail"]


def test_odd_requests_get_the_status_that_says_why(served: Served) -> None:
    post, url = served.client.post, "/sparql"
    assert post(url, content="ASK {}").status_code == 415
    assert post(url, content="ASK {}", headers={"Content-Type": "text/plain"}).status_code == 415
    query_type = "application/sparql-query"
    assert post(url, content=b"\xff", headers={"Content-Type": query_type}).status_code == 400
    assert (
        post(url, content=b"query=%FF", headers={"Content-Type": "application/x-www-form-urlencoded"}).status_code
        == 400
    )
    assert post(url, content="ASK {}", headers={"Content-Type": f"{query_type}; charset=UTF-16"}).status_code == 415
    assert post(url, content="#" * (1 << 20) + "\nASK {}", headers={"Content-Type": query_type}).status_code == 413
    assert post(url, data={}).status_code in (400, 415)
    assert served.client.get("/sparql", params={"query": ["ASK {}", "ASK {}"]}).status_code == 400
    assert served.client.put(url, content="ASK {}").status_code == 405
    assert served.get("/sparql", "text/csv").status_code == 400
    assert ask(served, "").status_code == 400
    assert ask(served, "nonsense").status_code == 400


def test_the_endpoint_describes_itself(served: Served) -> None:
    graph = Graph().parse(data=served.get("/sparql", "text/turtle").text, format="turtle")
    sd = "http://www.w3.org/ns/sparql-service-description#"
    service = URIRef(f"{BASE}sparql")
    assert (service, URIRef(f"{sd}endpoint"), service) in graph
    assert (None, URIRef(f"{sd}name"), URIRef(f"{BASE}graph/yearbook")) in graph
    assert "<textarea" in served.get("/sparql", "text/html").text


def test_a_page_shows_a_part_and_says_so(served: Served) -> None:
    product = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    page = ask(served, product, "text/html").text
    assert "The first 500 rows" in page
    assert page.count("<tr>") == 501


def test_an_answer_that_the_client_has_is_not_sent_again(served: Served) -> None:
    first = ask(served, NAMES)
    tag = first.headers["etag"]
    parameters = {"query": NAMES}
    again = served.client.get("/sparql", params=parameters, headers={"Accept": "*/*", "If-None-Match": tag})
    assert again.status_code == 304
    assert again.headers["etag"] == tag
    assert ask(served, NAMES, "text/csv").headers["etag"] != tag
    assert ask(served, NAMES + " ").headers["etag"] != tag
    graph: dict[str, str | list[str]] = {"default-graph-uri": f"{BASE}graph/links"}
    assert ask(served, NAMES, parameters=graph).headers["etag"] != tag


def test_an_answer_that_may_change_is_not_kept(served: Served) -> None:
    query = "SELECT (RAND() AS ?x) {}"
    first, second = ask(served, query), ask(served, query)
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"
    assert first.text != second.text


def test_a_mistake_is_said_in_a_few_words(served: Served) -> None:
    detail = ask(served, "SELECT ?x {").json()["detail"]
    assert "ends too early" in detail
    assert len(detail) < 200
