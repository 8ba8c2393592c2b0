"""The first page of the shipped graph: what a visitor sees before knowing anything."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hansa.serve.settings import ServeSettings
from tests.serve.conftest import Served, serve
from tests.serve.test_pages import Reading, part


@pytest.fixture(scope="module")
def shipped(shipped_dist: Path) -> Iterator[Served]:
    with serve(shipped_dist / "current", ServeSettings(workers=1)) as running:
        yield running


def words(text: str) -> str:
    return " ".join(Reading(text).text.split())


def test_the_first_page_says_what_this_is_and_leads_on(shipped: Served) -> None:
    page = shipped.get("/", "text/html").text
    shown = words(page)
    assert shipped.site.release.description["en"] in shown
    for heading in ("Networks", "Where the cities are", "In numbers", "Newest changes", "Take it with you"):
        assert heading in shown
    networks = [iri for kind, iri in shipped.site.names.kinds() if kind == "network"]
    assert len(re.findall(r'<li class="card">', page)) == len(networks)
    assert len(re.findall(r'<li><a href="/queries/', page)) == 3
    assert '<form class="find large" role="search" action="/search">' in page


def test_the_first_page_is_light(shipped: Served) -> None:
    page = shipped.get("/", "text/html").text
    without_map = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    files = {
        match
        for match in re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2|svg))"', page)
        if "icon" not in match
    }
    text = [shipped.get(f).content for f in files if not f.endswith("woff2")]
    fonts = [shipped.get(f).content for f in files if f.endswith("woff2")]
    weight = sum(len(gzip.compress(t)) for t in (*text, without_map.encode())) + sum(map(len, fonts))
    assert weight < 100_000


def test_the_newest_change_comes_first(shipped: Served) -> None:
    page = shipped.get("/", "text/html").text
    years = [int(y) for y in re.findall(r'<span class="when">[^<]*?(\d{4})[^<]*</span>', page)]
    assert years
    assert years == sorted(years, reverse=True)


def test_a_day_changes_the_numbers_of_the_first_page(shipped: Served) -> None:
    def members(path: str) -> dict[str, str]:
        cards = re.findall(r'<li class="card">(.*?)</li>', shipped.get(path, "text/html").text, re.DOTALL)
        return {words(card).split(" ")[0]: words(card) for card in cards}

    assert members("/") != members("/?as_of=2010-01-01")


def test_the_largest_network_comes_first(shipped: Served) -> None:
    cards = re.findall(r'<li class="card">(.*?)</li>', shipped.get("/", "text/html").text, re.DOTALL)
    named = [int(found[1]) if (found := re.search(r"<b>(\d+)</b>", card)) else 0 for card in cards]
    assert named[:2] == [13, 11]
    assert named == sorted(named, reverse=True)


def test_every_network_page_answers_who_presides_and_who_belongs(shipped: Served) -> None:
    citynet = shipped.get("/doc/network/citynet", "text/html").text
    offices = part(citynet, "offices")
    assert re.search(r"Seoul Metropolitan Government.*since November 2013", offices)
    assert re.search(r"Before: Yokohama", offices)
    before = part(shipped.get("/doc/network/citynet?as_of=2010-01-01", "text/html").text, "offices")
    assert "Seoul" not in before
    assert "Bangkok" in part(citynet, "members")


def test_who_shares_most_networks_with_a_city(shipped: Served) -> None:
    shared = part(shipped.get("/doc/authority/seoul", "text/html").text, "sharing")
    assert shared.index("Bangkok") < shared.index("Busan")


def test_every_form_that_the_first_page_links_to_is_there(served: Served) -> None:
    page = served.get("/", "text/html")
    assert page.headers["content-location"] == "/"
    links = re.findall(r'<(/[^>]*)>; rel="(?:alternate|describedby)"; type="([^"]+)"', page.headers["link"])
    assert len(links) > 5
    for address, media_type in links:
        answer = served.get(address, media_type)
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, media_type)
    refused = served.get("/", "image/png").json()
    assert {form["href"] for form in refused["available"]} == {"/"}
