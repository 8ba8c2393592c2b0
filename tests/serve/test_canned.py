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


def test_openapi_has_every_query_with_its_parameters(served: Served) -> None:
    api = served.get("/openapi.json").json()
    assert api["openapi"] == "3.1.0"
    parameters = {p["name"]: p for p in api["paths"]["/queries/members"]["get"]["parameters"]}
    assert parameters["network"]["required"] is True
    assert parameters["on"]["schema"] == {"type": "string", "format": "date"}
    assert "504" in api["paths"]["/sparql"]["get"]["responses"]
