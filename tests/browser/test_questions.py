"""Twenty questions of a new user, answered by clicking only: from the first page, on a phone, without scripts."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE, OpenPage

_NOTE = ".notes a"
_QUESTIONS = {
    "which networks is Seoul in, since when": (
        ["Cities", "Seoul Metropolitan Government"],
        ["CITYNET", "November 2013"],
    ),
    "who says that Hamamatsu is in UCLG, and what else": (
        ["Cities", "Hamamatsu City", _NOTE, "Affiliation with United Cities and Local Governments (UCLG)"],
        ["line 8", "founded in 2004"],
    ),
    "who presides over Metropolis": (["Metropolis"], ["What the sources do not say", "Who presides over it"]),
    "who chaired CITYNET before Seoul": (["CITYNET"], ["Before: Yokohama"]),
    "which cities share most networks with Tokyo": (
        ["Cities", "Tokyo Metropolitan Government"],
        ["Who shares most networks with it", "Ulaanbaatar"],
    ),
    "how many members METREX states, and how many are named": (["METREX"], ["more than 50", "Who its members are"]),
    "what has to do with the climate": (["climate change"], ["Environmental problems", "Clima Metropole+"]),
    "who is the president of Barcelona Metropolitan Area": (
        ["Cities", "Barcelona Metropolitan Area"],
        ["Who presides over it"],
    ),
    "what changed in 2013": (["All changes"], ["2013", "Seoul Metropolitan Government became chair city of CITYNET"]),
    "which offices a person holds": (["People", "Jakub Mazur"], ["President of METREX", "First Deputy Mayor"]),
    "where the seat of UCLG is": (["United Cities and Local Governments"], ["Seats", "Barcelona"]),
    "which programmes Metropolis runs": (["Metropolis"], ["Programmes", "Clima Metropole+"]),
    "what took place in Seoul": (["Cities", "Seoul Metropolitan Government"], ["7th CITYNET Congress"]),
    "which cities are in ANMC21, and is it active": (
        ["Asian Network of Major Cities 21"],
        ["suspended", "Ulaanbaatar"],
    ),
    "what is contradictory": (["How good the data is"], ["Known contradictions"]),
    "what an executive city is, and who is one": (["CITYNET", "executive city"], ["executive body", "Surabaya"]),
    "everything as spreadsheets": (["Downloads"], ["For a spreadsheet", "tables/memberships.csv"]),
    "how to cite": (["All downloads, checksums, how to cite"], ["How to cite", "BibTeX"]),
    "the same in SPARQL": (["Networks of a city on a day", "summary", "button:text('SPARQL')"], ["SELECT"]),
    "what is missing": (["How good the data is"], ["what it lacks", "Named here"]),
}
_ELEMENTS = (_NOTE, "summary", "button:text('SPARQL')")


@pytest.mark.parametrize("question", _QUESTIONS)
def test_a_new_user_finds_the_answer_by_clicking(open_page: OpenPage, question: str) -> None:
    clicks, answers = _QUESTIONS[question]
    page = open_page("/", size=PHONE, javascript=False)
    for click in clicks:
        if click in _ELEMENTS:
            inside = page.locator("main")
            row = inside.locator("tr", has_text="United Cities") if click == _NOTE else inside
            row.locator(click if click != "summary" else "details.sample > summary").first.click()
        else:
            page.get_by_role("link", name=click, exact=True).first.click()
    said = page.locator("main").inner_text() + " ".join(e.input_value() for e in page.locator("main textarea").all())
    assert not [answer for answer in answers if answer.casefold() not in said.casefold()]
