"""The page on quality in a graph of any size: what is kept with the release, and what is not there in time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from hansa.serve.settings import ServeSettings
from hansa.serve.things import quality
from hansa.serve.things.measures import MEASURES, measure_query, read_measure
from tests.serve.conftest import Served, serve
from tests.serve.test_pool import COUNT_PRODUCT

LATE = "still being computed"


def test_the_kept_numbers_are_those_that_the_queries_give(shipped: Served) -> None:
    for name in MEASURES:
        query = measure_query(shipped.site.release, name)
        kept = read_measure(shipped.site.lookup, query)
        answer = shipped.get(f"/sparql?query={quote(query)}", "application/sparql-results+json")
        assert kept
        assert json.loads(kept)["results"] == answer.json()["results"]


def test_every_statement_is_stated_or_derived(shipped: Served) -> None:
    kept = read_measure(shipped.site.lookup, measure_query(shipped.site.release, "origin"))
    assert kept
    rows = {row["origin"]["value"]: int(row["statements"]["value"]) for row in json.loads(kept)["results"]["bindings"]}
    assert set(rows) == {"stated", "derived"}
    assert sum(rows.values()) == shipped.site.release.counts["quads"]
    derived = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(CONTAINS(STR(?g), '/graph/derived/')) }"
    counted = shipped.get(f"/sparql?query={quote(derived)}", "text/csv").text
    assert int(counted.split()[1]) == rows["derived"]


def test_the_measures_ask_no_query(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(release, ServeSettings(workers=1)) as running:
        monkeypatch.setattr(running.site.pool, "fetch", None)
        page = running.get("/quality", "text/html")
    assert page.status_code == 200
    assert LATE not in page.text
    assert "stated by a source" in page.text


def test_only_what_takes_too_long_is_missing(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(release, ServeSettings(workers=1, time_limit=60)) as running:
        with monkeypatch.context() as slow:
            slow.setattr(quality, "PATIENCE", 0.2)
            slow.setattr(
                quality, "measure_query", lambda r, n: COUNT_PRODUCT if n == "sources" else measure_query(r, n)
            )
            late = running.client.get("/quality", headers={"Accept": "text/html"}, timeout=15)
        complete = running.get("/quality", "text/html")
    assert late.status_code == complete.status_code == 200
    assert late.text.count(LATE) == 1
    assert f"/sparql?query={quote(COUNT_PRODUCT, safe='')}".replace("%20", "+") in late.text
    assert "stated by a source" in late.text
    assert late.headers["cache-control"] == "no-store"
    assert "etag" not in late.headers
    assert LATE not in complete.text
    assert "etag" in complete.headers


def test_a_long_table_says_that_it_goes_on(release: Path) -> None:
    with serve(release, ServeSettings(workers=1, table_rows=1)) as running:
        page = running.get("/quality", "text/html").text
    assert "The first row; the query gives all." in page


def test_a_question_that_takes_too_long_keeps_its_form(release: Path) -> None:
    with serve(release, ServeSettings(workers=1, time_limit=1)) as running:
        members = running.site.queries["members"]
        running.site.queries["members"] = replace(members, text=COUNT_PRODUCT)
        page = running.get("/queries/members", "text/html")
    assert page.status_code == 504
    assert page.headers["cache-control"] == "no-store"
    assert '<form class="fields ask">' in page.text
    assert 'role="alert"' in page.text
