"""Reading a page: another day, another language, the source of a statement, the map, the way to an answer."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, OpenPage, keep


def test_another_day_changes_the_whole_page(open_page: OpenPage) -> None:
    page = open_page("/doc/network/citynet")
    page.locator("form.asof input[type=date]").fill("2005-01-01")
    page.locator("form.asof").get_by_role("button").first.click()
    expect(page).to_have_url(re.compile(r"as_of=2005-01-01"))
    expect(page.get_by_role("status").filter(has_text="1 January 2005")).to_be_visible()
    page.locator("[data-reset]").click()
    expect(page).not_to_have_url(re.compile("as_of"))


def test_another_language_is_one_click_away_and_marked(open_page: OpenPage) -> None:
    page = open_page("/doc/network/citynet", size=PHONE)
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("contentinfo").get_by_role("link", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.get_by_role("heading", level=1)).to_contain_text("シティネット")
    assert page.locator("h1 [lang=ja]").count() == 1


def test_a_browser_in_japanese_reads_japanese(open_page: OpenPage) -> None:
    page = open_page("/", language="ja")
    assert page.locator("html").get_attribute("lang") == "ja"
    page.get_by_role("main").get_by_role("link", name="シティネット").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("シティネット")


def test_a_statement_leads_to_its_source_in_one_click(open_page: OpenPage) -> None:
    page = open_page("/doc/network/metrex", javascript=False)
    page.locator(".notes a").first.click()
    expect(page).to_have_url(re.compile(r"/doc/source/metrex-about#line-\d+$"))
    place = page.locator(f"[id='{page.url.partition('#')[2]}']")
    expect(place).to_be_in_viewport()


def test_there_is_a_map_with_a_table_behind_it(open_page: OpenPage) -> None:
    page = open_page("/doc/network/citynet")
    picture = page.locator("main figure").filter(has=page.locator("svg, img")).first
    expect(picture).to_be_visible()
    expect(picture.locator("figcaption")).not_to_be_empty()


def test_home_leads_to_an_answer_by_clicks(open_page: OpenPage) -> None:
    page = open_page("/")
    page.get_by_role("main").locator("a[href^='/queries/']").first.click()
    expect(page.get_by_role("heading", name="Answer")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_language_is_changed_at_the_top_without_scripts(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("/doc/network/citynet?as_of=2014-01-01", size=size, javascript=False)
    menu = page.get_by_role("banner").locator("details")
    expect(menu.get_by_role("link")).to_have_count(0)
    menu.locator("summary").click()
    keep(page, f"languages-{size[0]}")
    menu.get_by_role("link", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    assert "as_of=2014-01-01" in page.url
    expect(page.get_by_role("heading", level=1)).to_contain_text("シティネット")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_the_contents_fold_on_a_phone_and_stand_beside_the_page_on_a_wide_screen(open_page: OpenPage) -> None:
    page = open_page("/doc/network/citynet", size=PHONE, javascript=False)
    beside, folded = page.locator(".side .beside"), page.locator(".side .folded")
    expect(beside).to_be_hidden()
    expect(folded.get_by_role("link", name="Members")).to_be_hidden()
    folded.locator("summary").click()
    folded.get_by_role("link", name="Members").click()
    assert page.url.endswith("#members")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    expect(beside).to_be_visible()
    expect(folded).to_be_hidden()
