"""What scripts add: suggestions while one types, tables that sort, pickers in forms, buttons that copy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, OpenPage, findings, keep


@pytest.mark.usefixtures("scripted")
@pytest.mark.parametrize("path", ["/", "/networks"])
def test_names_are_suggested_and_chosen_with_the_keyboard(open_page: OpenPage, path: str) -> None:
    page = open_page(path)
    field = page.locator("[data-suggest]").first
    expect(field).to_have_role("combobox")
    field.click()
    page.keyboard.type("metr", delay=20)
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.filter(has_text="METREX").first).to_be_visible()
    assert field.get_attribute("aria-expanded") == "true"
    assert not findings(page)
    keep(page, f"suggestions-{path.strip('/') or 'home'}")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_count(1)
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    name = chosen.locator("span").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


@pytest.mark.usefixtures("scripted")
def test_escape_closes_suggestions_and_enter_searches(open_page: OpenPage) -> None:
    page = open_page("/networks")
    field = page.locator("[data-suggest]").first
    field.click()
    page.keyboard.type("東京", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    assert field.input_value() == "東京"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?"))
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("Tokyo")).first).to_be_visible()


def test_search_works_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/networks", javascript=False)
    page.get_by_role("searchbox").first.fill("metrex")
    page.get_by_role("searchbox").first.press("Enter")
    page.get_by_role("main").get_by_role("link", name="METREX").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("METREX")


@pytest.mark.usefixtures("scripted")
def test_a_table_is_sorted_by_a_button_in_its_heading(open_page: OpenPage) -> None:
    page = open_page("/quality")
    heading = page.get_by_role("region", name="Sources").get_by_role("columnheader", name="Statements")
    cells = page.get_by_role("region", name="Sources").locator("tbody tr td:last-child")

    def numbers() -> list[int]:
        return [int(text.replace(",", "")) for text in cells.all_inner_texts()]

    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert numbers() == sorted(numbers())
    heading.get_by_role("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"
    assert numbers() == sorted(numbers(), reverse=True)
    assert len(set(numbers())) > 3


@pytest.mark.usefixtures("scripted")
def test_a_form_finds_things_by_any_of_their_names(open_page: OpenPage) -> None:
    page = open_page("/queries/networks-of-city")
    field = page.locator("input[role=combobox]").and_(page.locator(".ask input")).first
    field.click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.type("ソウル", delay=20)
    page.get_by_role("option", name=re.compile("Seoul")).click()
    assert not findings(page)
    page.get_by_role("button", name="Answer").click()
    expect(page).to_have_url(re.compile(r"authority%3Aseoul|authority:seoul"))
    expect(page.get_by_role("link", name="CITYNET").first).to_be_visible()
    keep(page, "form")


def test_a_form_works_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/queries/members-of-network", javascript=False, size=PHONE)
    page.get_by_label("the network").select_option(label="Asian Network of Major Cities 21")
    page.get_by_label("the day that the answer holds for").fill("2024-01-01")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_role("link", name="Tokyo").first).to_be_visible()
    assert "on=2024-01-01" in page.url
    csv = page.get_by_role("link", name="CSV", exact=True).get_attribute("href")
    assert "Tokyo" in page.request.get(csv or "").text()


@pytest.mark.usefixtures("scripted")
def test_an_example_is_copied(open_page: OpenPage) -> None:
    page = open_page("/developers")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy: JavaScript").click()
    shown = page.locator("[data-example=javascript]").inner_text()
    assert page.evaluate("navigator.clipboard.readText()").strip() == shown.strip()
