"""The SPARQL page: an editor that completes, answers in four views, and links that bring it all back."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, OpenPage, findings, keep

PLACES = """PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX hansa: <https://w3id.org/hansa/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?city ?cityLabel ?point (STRLEN(?cityLabel) AS ?letters) WHERE {
  ?city hansa:governs ?place ; skos:prefLabel ?cityLabel .
  ?place geo:asWKT ?point . FILTER(LANG(?cityLabel) = "en")
} ORDER BY ?cityLabel"""
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
WRONG = "SELECT ?x\nWHERE {\n  ?x a }"


def query_page(open_page: OpenPage, **asked: str) -> Page:
    return open_page(f"/sparql{'?' if asked else ''}{urlencode(asked)}")


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Query", exact=True).click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def status(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-part=status]")).to_contain_text(text)


@pytest.mark.usefixtures("scripted")
def test_an_answer_is_shown_as_table_map_chart_and_text(open_page: OpenPage) -> None:
    page = query_page(open_page)
    write(page, PLACES)
    page.keyboard.press("Control+Enter")
    status(page, "Rows: ")
    expect(page.get_by_role("link", name="Busan", exact=True)).to_have_attribute("href", "/doc/authority/busan")
    assert page.get_by_role("columnheader").all_inner_texts() == ["city", "point", "letters"]
    assert not findings(page)
    keep(page, "sparql-table")
    page.get_by_role("tab", name="Map").click()
    places = page.get_by_role("tabpanel", name="Map")
    assert places.locator("circle").count() > 10
    assert places.get_by_role("link", name="Busan", exact=True).get_attribute("href") == "/doc/authority/busan"
    assert not findings(page)
    places.scroll_into_view_if_needed()
    keep(page, "sparql-map")
    page.get_by_role("tab", name="Chart").click()
    assert page.get_by_role("tabpanel", name="Chart").locator("rect").count() > 10
    assert not findings(page)
    keep(page, "sparql-chart")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Raw")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Raw")).to_contain_text('"bindings"')


@pytest.mark.usefixtures("scripted")
def test_the_link_brings_query_answer_and_view_back(open_page: OpenPage) -> None:
    page = query_page(open_page)
    write(page, PLACES)
    run(page)
    status(page, "Rows: ")
    page.get_by_role("tab", name="Map").click()
    link = page.get_by_label("Link to this query and answer").input_value()
    assert page.url == link
    again = open_page(link)
    expect(again.get_by_role("tab", name="Map")).to_have_attribute("aria-selected", "true")
    assert again.get_by_role("tabpanel", name="Map").locator("circle").count() > 10
    expect(again.get_by_role("textbox", name="Query", exact=True)).to_contain_text("ORDER BY ?cityLabel")
    for name, start in (("CSV", "city,cityLabel,point,letters"), ("JSON", '{"head"')):
        href = again.get_by_role("link", name=name, exact=True).get_attribute("href")
        assert again.request.get(href or "").text().startswith(start)


@pytest.mark.usefixtures("scripted")
def test_a_mistake_is_shown_where_it_stands(open_page: OpenPage, faults: list[str]) -> None:
    page = query_page(open_page)
    write(page, WRONG)
    run(page)
    problem = page.get_by_role("alert")
    expect(problem.get_by_role("button", name=re.compile("line 3, column"))).to_be_visible()
    expect(page.locator(".cm-problem")).to_have_text("}")
    assert not findings(page)
    # The browser itself reports the 400.
    assert [f for f in faults if "400" in f] == faults
    faults.clear()


@pytest.mark.usefixtures("scripted")
def test_a_query_can_be_stopped(open_page: OpenPage) -> None:
    page = query_page(open_page)
    write(page, ENDLESS)
    run(page)
    page.get_by_role("button", name="Stop").click()
    status(page, "Stopped after")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    write(page, "ASK {}")
    run(page)
    expect(page.get_by_role("tabpanel").filter(has_text="Yes")).to_be_visible()


@pytest.mark.usefixtures("scripted")
def test_terms_things_and_variables_are_completed_and_prefixes_declared(open_page: OpenPage) -> None:
    page = query_page(open_page)
    write(page, "SELECT ?membership { ?membership ")
    offered = page.get_by_role("listbox").get_by_role("option")
    page.keyboard.type("org:mem")
    expect(offered.first).to_have_text(re.compile("^org:member"))
    offered.first.click()
    page.keyboard.type(" authority:seo")
    offered.filter(has_text="authority:seoul").click()
    page.keyboard.type(" } # ")
    text = page.get_by_role("textbox", name="Query", exact=True).inner_text()
    assert "PREFIX org: <http://www.w3.org/ns/org#>" in text
    assert "PREFIX authority: <" in text
    assert "?membership org:member authority:seoul }" in text
    run(page)
    status(page, re.compile("Rows: [1-9]"))


@pytest.mark.usefixtures("scripted")
def test_a_thing_is_found_by_its_name_in_another_script(open_page: OpenPage) -> None:
    page = query_page(open_page)
    write(page, "SELECT * { ?s ?p ")
    page.keyboard.insert_text("ソウル")
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("listbox").get_by_role("option").filter(has_text="authority:seoul")).to_be_visible()


@pytest.mark.usefixtures("scripted")
def test_a_ready_made_question_comes_with_fields_for_its_parameters(open_page: OpenPage) -> None:
    page = query_page(open_page)
    page.get_by_label("Begin with a question").select_option("members-of-network")
    status(page, "Rows: ")
    expect(page.get_by_role("link", name="Busan", exact=True).first).to_be_visible()
    network = page.get_by_role("combobox", name="the network")
    expect(network).to_have_value("network:citynet")
    network.fill("asian network")
    page.get_by_role("option", name=re.compile("Asian Network of Major Cities")).click()
    expect(network).to_have_value("network:anmc21")
    run(page)
    expect(page.get_by_role("link", name=re.compile("^Tokyo")).first).to_be_visible()
    assert "https%3A%2F%2Fw3id.org%2Fhansa%2Fid%2Fnetwork%2Fanmc21%3E" in page.url
    assert not findings(page)
    keep(page, "sparql-parameters")


@pytest.mark.usefixtures("scripted")
def test_a_graph_is_shown_as_text(open_page: OpenPage) -> None:
    page = query_page(open_page, query="CONSTRUCT { ?n a ?c } WHERE { ?n a ?c } LIMIT 3")
    expect(page.get_by_text("@prefix").first).to_be_visible()
    expect(page.get_by_role("link", name="TTL", exact=True)).to_be_visible()


@pytest.mark.usefixtures("scripted")
def test_the_keyboard_leaves_the_editor(open_page: OpenPage) -> None:
    page = query_page(open_page)
    page.get_by_role("textbox", name="Query", exact=True).click()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()


@pytest.mark.usefixtures("scripted")
def test_on_a_dark_phone(open_page: OpenPage) -> None:
    page = open_page(f"/sparql?{urlencode({'query': PLACES})}", size=PHONE, scheme="dark", language="ja")
    expect(page.get_by_role("columnheader", name="city")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert not findings(page)
    keep(page, "sparql-phone-dark-ja")


def test_without_scripts_it_is_a_form(open_page: OpenPage) -> None:
    page = open_page("/sparql", javascript=False)
    page.get_by_role("textbox", name="Query", exact=True).fill(PLACES)
    page.get_by_label("Answer as").select_option("html")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_role("link", name="Busan", exact=True)).to_be_visible()
    keep(page, "sparql-without-scripts")
