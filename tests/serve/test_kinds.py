"""What pages make of statements that differ, precede each other or lack something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hansa.config import Config
from hansa.rdf import parse_file
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import DATA, Served, make_release, serve
from tests.serve.test_new_user import headings
from tests.serve.test_pages import Reading, part


@pytest.fixture(scope="module")
def salt(tmp_path_factory: pytest.TempPathFactory, config: Config) -> Iterator[Served]:
    made = make_release(Path(tmp_path_factory.mktemp("salt")) / "1.0.0", config, parse_file(DATA / "kinds.trig"))
    with serve(made, ServeSettings(workers=1)) as running:
        yield running


def network(salt: Served, anchor: str, query: str = "") -> str:
    return part(salt.get(f"/doc/network/salt{query}", "text/html").text, anchor)


def test_statements_that_cannot_all_hold_stand_side_by_side(salt: Served) -> None:
    differing = network(salt, "contradictions")
    assert "Where sources differ 3" in differing
    # The same members on the same day; the number of another day contradicts nothing.
    assert re.search(r"members *90.*about 95", differing)
    assert "30" not in differing
    assert re.search(r"status *active.*suspended", differing)
    assert re.search(r"Lüneburg: start *1390.*1392", differing)


def test_stated_numbers_keep_their_precision(salt: Served) -> None:
    assert "more than 30" in network(salt, "numbers")
    assert "about 95" in network(salt, "numbers")


def test_the_first_page_shows_the_newest_number(salt: Served) -> None:
    home = Reading(salt.get("/", "text/html").text).text
    assert "a source states more than 30 members" in " ".join(home.split())


def test_the_head_comes_before_deputies_and_what_nobody_holds_comes_last(salt: Served) -> None:
    shown = network(salt, "offices")
    places = [shown.index(office) for office in ("President of Salt Towns", "A deputy president", "A secretary")]
    assert places == sorted(places)
    assert "nobody named" in shown[places[2] :]


def test_who_held_an_office_before_is_not_who_holds_it(salt: Served) -> None:
    now = network(salt, "offices")
    assert re.search(r"President of Salt Towns *Otto Sole.*Before: *Eva Salz", now)
    then = network(salt, "offices", "?as_of=1405-01-01")
    assert "Otto" not in then
    assert re.search(r"President of Salt Towns *Eva Salz", then)
    later = network(salt, "offices", "?as_of=1420-01-01")
    assert not re.search(r"President of Salt Towns.*Eva Salz.*A deputy", later)


def test_members_have_their_country_and_officers_a_table_of_their_own(salt: Served) -> None:
    members = network(salt, "members")
    assert re.search(r"Lüneburg.*Saxony", members)
    assert "Heath" not in members
    assert "Eva" not in members
    assert "Otto Sole" in network(salt, "people")


def test_networks_and_other_memberships_stand_apart(salt: Served) -> None:
    page = salt.get("/doc/authority/lune", "text/html").text
    assert "Salt Towns" in part(page, "networks")
    assert "Salt Court" not in part(page, "networks")
    assert "Salt Court" in part(page, "memberships")
    assert "Salt Towns" not in part(page, "memberships")


def test_offices_of_a_person_come_in_the_order_of_time(salt: Served) -> None:
    career = part(salt.get("/doc/person/eva", "text/html").text, "offices")
    assert career.startswith("Offices over time 2 FromToRole")
    assert career.index("1400") < career.index("A deputy president")
    assert "1410" in career


def test_lists_name_networks_only_beside_a_city(salt: Served) -> None:
    page = Reading(salt.get("/authorities", "text/html").text).text
    assert "Salt Towns" in page
    assert "Salt Court" not in page


def test_a_first_part_without_content_is_left_out(salt: Served) -> None:
    assert headings(salt, "/doc/place/heath")[:2] == ["contains", "notes"]
