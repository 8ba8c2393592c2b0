"""The pages on quality, on use and on what this is: numbers that anybody can count again."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from hansa.serve.things.measures import MEASURES
from tests.serve.conftest import BASE, Served
from tests.serve.test_pages import Reading


@pytest.mark.parametrize("path", ["/about", "/quality", "/developers"])
def test_the_page_is_there_in_several_languages(served: Served, path: str) -> None:
    for language in ("en", "ja"):
        answer = served.client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
        assert answer.status_code == 200
        assert Reading(answer.text).tags.count("h1") == 1
        assert language in answer.headers["content-language"]


def test_behind_each_number_is_a_query_that_gives_it(served: Served) -> None:
    page = served.get("/quality", "text/html").text
    hrefs = [h for h in Reading(page).values("href") if h.startswith("/sparql?query=")]
    assert len(hrefs) == len(MEASURES)
    for href in hrefs:
        answer = served.client.get(href, headers={"Accept": "application/sparql-results+json"})
        assert answer.status_code == 200
        assert answer.json()["results"]["bindings"]


def test_labels_are_counted_by_kind_and_language(served: Served) -> None:
    page = served.get("/quality", "text/html").text
    row = re.search(r'<tr><th scope="row"><a href="/networks">.*?</tr>', page, re.DOTALL)
    assert row
    networks = served.get("/networks.json").json()
    english = sum("en" in item["labels"] for item in networks["items"])
    total = networks["total"]
    assert f'data-sort="{total}">{total}<' in row[0]
    assert f"{round(100 * english / total)} %" in row[0]


def test_the_queries_stand_on_the_base_of_the_release(served: Served) -> None:
    page = served.get("/quality", "text/html").text
    queries = [parse_qs(urlsplit(h).query)["query"][0] for h in Reading(page).values("href") if "/sparql?query=" in h]
    assert any(f"<{BASE}ontology#>" in query for query in queries)
    assert any(f'"{BASE}id/"' in query for query in queries)


def test_scripts_and_styles_can_be_kept_and_are_packed(served: Served) -> None:
    style = served.client.get("/static/hansa.css", headers={"Accept-Encoding": "gzip"})
    assert style.headers["content-encoding"] == "gzip"
    assert "must-revalidate" in style.headers["cache-control"]
    kept = {"Accept-Encoding": "gzip", "If-None-Match": style.headers["etag"]}
    assert served.client.get("/static/hansa.css", headers=kept).status_code == 304
    assert served.get("/static/nothing.css").status_code == 404
    assert served.get("/static/../pages.py").status_code == 404
