"""What changed, as page, JSON, RDF and feed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests.serve.conftest import Served

_ATOM = "{http://www.w3.org/2005/Atom}"
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z")


def _feed(shipped: Served, query: str = "") -> ElementTree.Element:
    answer = shipped.get(f"/feed.atom{query}")
    assert answer.headers["content-type"] == "application/atom+xml"
    return ElementTree.fromstring(answer.content)


def _texts(element: ElementTree.Element, name: str) -> list[str]:
    return [found.text or "" for found in element.findall(f"{_ATOM}{name}")]


def test_the_feed_has_all_that_rfc_4287_asks_for(shipped: Served) -> None:
    feed = _feed(shipped)
    assert feed.tag == f"{_ATOM}feed"
    for element in (feed, *feed.findall(f"{_ATOM}entry")):
        assert [len(_texts(element, name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert _texts(element, "id")[0].startswith("https://")
        assert _texts(element, "title")[0].strip()
        assert _MOMENT.match(_texts(element, "updated")[0])
    assert feed.find(f"{_ATOM}author/{_ATOM}name") is not None
    assert {link.get("rel") for link in feed.findall(f"{_ATOM}link")} == {"self", "alternate"}
    identifiers = [_texts(entry, "id")[0] for entry in feed.findall(f"{_ATOM}entry")]
    assert len(identifiers) == len(set(identifiers)) > 5


def test_every_entry_says_what_happened_when_and_which_document_says_so(shipped: Served) -> None:
    entries = {_texts(e, "title")[0]: e for e in _feed(shipped).findall(f"{_ATOM}entry")}
    joined = entries["Tokyo Metropolitan Government joined Urban 20 (24 January 2018)"]
    sources = [link.get("href") or "" for link in joined.findall(f"{_ATOM}link[@rel='via']")]
    assert [source.rpartition("/")[2] for source in sources] == ["tokyo-multi-city-diplomacy"]
    assert all(e.findall(f"{_ATOM}link[@rel='via']") for e in entries.values())


def test_a_feed_about_one_city_has_only_what_it_takes_part_in(shipped: Served) -> None:
    feed = _feed(shipped, "?about=authority/tokyo")
    assert _texts(feed, "title") == ["Tokyo Metropolitan Government"]
    entries = feed.findall(f"{_ATOM}entry")
    named = [[link.get("href") or "" for link in e.findall(f"{_ATOM}link[@rel='related']")] for e in entries]
    assert named
    assert all(any(iri.endswith("/authority/tokyo") for iri in iris) for iris in named)


def test_a_feed_about_nothing_is_not_found(shipped: Served) -> None:
    assert shipped.get("/feed.atom?about=network/nowhere").status_code == 404
    assert shipped.get("/changes?about=%3Cscript%3E", "text/html").status_code == 404


def test_the_host_that_a_client_names_is_in_no_feed(shipped: Served) -> None:
    answer = shipped.get("/feed.atom?lang=es", host="evil.example")
    assert b"evil.example" not in answer.content


def test_page_json_and_rdf_hold_the_same_changes(shipped: Served) -> None:
    items = shipped.get("/changes", "application/json").json()["items"]
    page = shipped.get("/changes", "text/html").text
    assert page.count('<span class="when">') == len(items) > 5
    days = [item["day"] for item in items]
    assert days == sorted(days, reverse=True)
    turtle = shipped.get("/changes.nt").text
    assert all(f"<{item['iri']}> " in turtle for item in items)
    assert all(item["sources"] for item in items)


def test_dates_and_words_come_in_the_language_of_the_reader(shipped: Served) -> None:
    page = shipped.get("/changes?lang=ja", "text/html").text
    assert "2018年1月24日" in page
