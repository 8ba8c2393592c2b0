"""Canned queries as pages, as an interface with typed parameters, and as downloads."""

import io
import json

import openpyxl
import pytest
from rdflib import Graph

from tests.serve.conftest import BASE, Served


def test_the_list_says_what_each_query_takes(served: Served) -> None:
    listed = {q["name"]: q for q in served.get("/queries", "application/json").json()}
    assert set(listed) == {"as-graph", "elsewhere", "find", "members"}
    network, day = listed["members"]["parameters"]
    assert (network["type"], network["required"], network["class"]) == ("iri", True, f"{BASE}ontology#CityNetwork")
    assert (day["name"], day["required"]) == ("on", False)


@pytest.mark.parametrize("value", ["network:league", "network/league", "league", f"{BASE}id/network/league"])
def test_a_thing_can_be_named_in_every_way(served: Served, value: str) -> None:
    answer = served.client.get("/queries/members.json", params={"network": value, "on": "1994-01-01"})
    members = [row["member"]["value"] for row in answer.json()["results"]["bindings"]]
    assert members == [f"{BASE}id/authority/bergen", f"{BASE}id/authority/lubeck"]


@pytest.mark.parametrize("value", ["leage", "network:leage", f"{BASE}id/network/leage"])
def test_a_thing_that_is_not_there_is_named_with_the_one_that_was_meant(served: Served, value: str) -> None:
    answer = served.client.get("/queries/members.json", params={"network": value})
    assert (answer.status_code, answer.json()["detail"]) == (404, "no such network: leage")
    assert answer.json()["hint"] == "did you mean league?"
    page = served.client.get("/queries/members", params={"network": value}, headers={"Accept": "text/html"})
    assert (page.status_code, "did you mean league?" in page.text) == (404, True)


def test_things_of_others_are_not_looked_for(served: Served) -> None:
    answer = served.client.get("/queries/members.json", params={"network": "http://elsewhere.example/network"})
    assert answer.json()["results"]["bindings"] == []


def test_the_day_of_the_release_is_meant_when_none_is_given(served: Served) -> None:
    rows = served.get("/queries/members.json?network=league").json()["results"]["bindings"]
    assert [r["role"]["value"].rpartition("/")[2] for r in rows] == ["member-city", "president"]


def test_tables_can_be_downloaded(served: Served) -> None:
    url = "/queries/members{}?network=league&on=1994-01-01"
    assert served.get(url.format(".csv")).text.splitlines()[0] == "member,role"
    sheet = openpyxl.load_workbook(io.BytesIO(served.get(url.format(".xlsx")).content)).active
    assert sheet is not None
    assert sheet.max_row == 3
    assert len(Graph().parse(data=served.get(url.format(".ttl")).text, format="turtle")) > 5
    assert served.get(url.format(".rq")).text.startswith("#+ summary: Members of a network")
    assert "text/csv" in served.get(url.format(""), "text/csv").headers["content-type"]


def test_a_client_that_has_the_answer_gets_304(served: Served) -> None:
    first = served.get("/queries/members.csv?network=league")
    again = served.get("/queries/members.csv?network=league", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_graphs_can_be_downloaded(served: Served) -> None:
    assert len(Graph().parse(data=served.get("/queries/as-graph.ttl").text, format="turtle")) == 3
    assert json.loads(served.get("/queries/as-graph.jsonld").text)
    assert served.get("/queries/as-graph.csv").status_code == 406


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"network": "no such"},
        {"network": "league", "on": "tomorrow"},
        {"network": "league", "colour": "red"},
        {"network": "nonsense:league"},
        {"network": "<x> } DROP ALL #"},
    ],
)
def test_wrong_parameters_are_refused_with_an_example(served: Served, parameters: dict[str, str]) -> None:
    answer = served.client.get("/queries/members.csv", params=parameters)
    assert answer.status_code == 400
    assert answer.json()["hint"]
    if parameters:
        page = served.client.get("/queries/members", params=parameters, headers={"Accept": "text/html"})
        assert page.status_code == 400


@pytest.mark.parametrize("value", ['" } #', "' OR 1=1", "Yearbook\\", '"""', "?_name", "\n} SERVICE <x:y> {"])
def test_values_are_bound_as_terms_and_never_pasted(served: Served, value: str) -> None:
    answer = served.client.get("/queries/find.json", params={"name": value})
    assert (answer.status_code, answer.json()["results"]["bindings"]) == (200, [])


def test_a_page_shows_form_answer_and_downloads(served: Served) -> None:
    example = served.get("/queries/members", "text/html").text
    assert "This is the answer for the example" in example
    page = served.get("/queries/members?network=network:league&on=1994-01-01&lang=", "text/html").text
    assert '<option value="network:league" selected>League of Ports</option>' in page
    assert 'value="1994-01-01"' in page
    assert "City of Bergen" in page
    assert "/queries/members.xlsx?network=network%3Aleague&amp;on=1994-01-01" in page
    assert "given twice" in served.get("/queries/members?network=a&network=b", "text/html").text


def test_federated_queries_are_explained_and_never_run(served: Served) -> None:
    page = served.get("/queries/elsewhere", "text/html")
    assert page.status_code == 200
    assert "It is not run here" in page.text
    assert served.get("/queries/elsewhere.rq").status_code == 200
    assert served.get("/queries/elsewhere.csv").status_code in (404, 406)


def test_a_query_that_is_not_there(served: Served) -> None:
    assert served.get("/queries/nothing").status_code == 404
    assert served.get("/queries/..%2f..%2fetc").status_code == 404


def test_as_of_means_the_day(served: Served) -> None:
    day = served.get("/queries/members.csv?network=league&on=1994-01-01")
    same = served.get("/queries/members.csv?network=league&as_of=1994-01-01")
    assert (same.text, same.headers["etag"]) == (day.text, day.headers["etag"])
    for query in ("members.csv?network=league&on=1994-01-01&as_of=1995-01-01", "find.csv?name=x&as_of=1994-01-01"):
        answer = served.get(f"/queries/{query}")
        assert answer.status_code == 400
        assert "as_of" in answer.json()["detail"]


def test_every_answer_names_its_permanent_address(served: Served) -> None:
    answer = served.get("/queries/members.json?network=league")
    assert '</queries/members?network=league&on=2026-01-31>; rel="canonical"' in answer.headers["link"]
    page = served.get("/queries/members?network=league", "text/html").text
    assert 'rel="canonical" href="/queries/members?network=league&amp;on=2026-01-31"' in page
    assert "for example: 1994-01-01" in page


def test_entity_tags_tell_values_and_forms_apart(served: Served) -> None:
    addresses = ("members.csv?network=league", "members.tsv?network=league", "members.csv?network=league&on=1994-01-01")
    tags = {served.get(f"/queries/{address}").headers["etag"] for address in addresses}
    assert len(tags) == 3
    # However a value is written, the answer is the same.
    assert served.get("/queries/members.csv?network=network:league").headers["etag"] in tags


def test_a_browser_that_has_the_page_gets_304(served: Served) -> None:
    first = served.get("/queries/members?network=league", "text/html")
    etag = first.headers["etag"]
    assert served.get("/queries/members?network=league", "text/html", **{"If-None-Match": etag}).status_code == 304
    other = served.get("/queries/members?network=league&lang=ja", "text/html", **{"If-None-Match": etag})
    assert other.status_code == 200


def test_a_preset_answer_is_computed_once(served: Served) -> None:
    pages = [served.get("/queries/members", "text/html").text for _ in range(2)]
    assert pages[0] == pages[1]
    assert "Lübeck" in pages[0]


def test_every_parameter_type_withstands_injection(served: Served) -> None:
    attacks = [
        "} INSERT DATA { <x:a> <x:b> <x:c> } #",
        "<x:y> ?p ?o } UNION { ?s",
        "2001-01-01'^^<x:y> . ?a ?b ?c",
        "\\u007D",
        "1 || true",
    ]
    for attack in attacks:
        for path, name in (("members", "network"), ("members", "on"), ("find", "least"), ("find", "name")):
            given = {"network": "league"} if path == "members" else {"name": "Yearbook"}
            answer = served.client.get(f"/queries/{path}.json", params={**given, name: attack})
            if name == "name":
                assert answer.json()["results"]["bindings"] == []
            else:
                assert answer.status_code == 400
                assert repr(name) in answer.json()["detail"]
