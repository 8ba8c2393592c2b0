"""Questions that a new user brings, answered from the pages of the shipped graph; and lists for a day."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hansa.rdf import NamedNode
from hansa.serve.settings import ServeSettings
from hansa.serve.things.changes import changes
from hansa.serve.things.existing import existing
from tests.serve.conftest import Served, serve
from tests.serve.test_pages import Reading, part


def words(text: str) -> str:
    return " ".join(Reading(text).text.split())


def listed(served: Served, path: str) -> dict[str, str]:
    """Give what stands beside each name of a list."""
    page = served.get(path, "text/html").text
    items = re.findall(r"<li><span>(<a .*?)</li>", page[page.index('<ul class="index">') :], re.DOTALL)
    return {
        words(name): words(rest.partition("</span>")[2]) for name, _, rest in (item.partition("</a>") for item in items)
    }


def headings(served: Served, path: str) -> list[str]:
    return re.findall(r'<h2 id="([^"]+)"', served.get(path, "text/html").text)


# ---------------------------------------------------------------- what changed
def test_who_takes_the_chair_is_not_said_to_have_joined(shipped: Served) -> None:
    said = words(shipped.get("/changes", "text/html").text)
    assert "Seoul Metropolitan Government became chair city of CITYNET" in said
    assert "Yokohama ceased to be chair city of CITYNET" in said
    assert "joined CITYNET" not in said
    assert "Tokyo Metropolitan Government joined Urban 20" in said
    assert {c.what for c in changes(shipped.site)} >= {"joined", "took-office", "left-office", "founding", "merger"}


def test_dates_of_changes_are_words(shipped: Served) -> None:
    said = words(shipped.get("/changes", "text/html").text)
    assert "by November 2013 (uncertain)" in said
    assert "../" not in said
    assert "../" not in shipped.get("/feed.atom").text.replace("https://", "")


# ---------------------------------------------------------------- lists
def test_lists_say_what_sets_each_thing_apart(shipped: Served) -> None:
    networks = listed(shipped, "/networks")
    assert networks["Asian Network of Major Cities 21"] == "suspended · 13 members by name"
    assert networks["Metropolis"] == "no member named in the sources"
    assert (
        listed(shipped, "/authorities")["Seoul Metropolitan Government"] == "Asian Network of Major Cities 21, CITYNET"
    )
    assert "president, METREX" in listed(shipped, "/people")["Jakub Mazur"]
    assert listed(shipped, "/events")["7th CITYNET Congress"] == "3 November 2013 – 6 November 2013 · Seoul"
    assert listed(shipped, "/events")["Founding of UCLG"] == "2004"
    assert "Metropolis" in listed(shipped, "/programmes")["Clima Metropole+"]
    assert (
        "November 2013" in listed(shipped, "/sources")["Seoul Metropolitan Government Named New Chair City of CITYNET"]
    )
    assert listed(shipped, "/places")["Seoul"] == "Korea"
    assert listed(shipped, "/offices")["President of METREX"] == "METREX"


def test_a_list_for_a_day_leaves_out_what_was_not_there_yet_or_no_more(shipped: Served) -> None:
    everything, then = listed(shipped, "/networks"), listed(shipped, "/networks?as_of=2000-06-01")
    assert set(everything) - set(then) == {
        "Asian Network of Major Cities 21", "United Cities and Local Governments", "Urban 20",
    }  # fmt: skip
    later = listed(shipped, "/networks?as_of=2018-06-01")
    assert set(everything) - set(later) == {"IULA"}
    # In the year of the merger either may have been there.
    assert {"IULA", "United Cities and Local Governments"} <= set(listed(shipped, "/networks?as_of=2004-06-01"))
    page = words(shipped.get("/networks?as_of=2000-06-01", "text/html").text)
    assert "Networks 7" in page
    assert "1 June 2000" in page
    assert shipped.get("/networks.json?as_of=2000-06-01").json()["total"] == 7
    assert "Mayors’ Forum" not in listed(shipped, "/events?as_of=2013-11-04")
    assert "7th CITYNET Congress" in listed(shipped, "/events?as_of=2013-11-04")


def test_the_first_page_for_a_day_shows_the_networks_of_that_day(shipped: Served) -> None:
    page = shipped.get("/?as_of=2000-06-01", "text/html").text
    assert len(re.findall(r'<li class="card">', page)) == 7
    assert re.search(r'<a href="/networks\?as_of=2000-06-01"><b>7</b>', page)


def test_what_no_source_dates_stays_in_lists(shipped: Served) -> None:
    iris = [iri for kind, iri in shipped.site.names.kinds() if kind == "place"]
    assert existing(shipped.site, iris, "1850-01-01") == iris
    assert existing(shipped.site, iris, "") == iris


@pytest.mark.parametrize(
    "path",
    ["/", "/networks", "/networks.json", "/events.ttl", "/search?q=seoul", "/changes", "/vocab/role", "/quality",
     "/ontology", "/doc/network/citynet", "/pictures", "/dumps/"],
)  # fmt: skip
@pytest.mark.parametrize("day", ["nonsense", "2013-02-30", "2013", "２０１３-01-01"])
def test_a_bad_day_is_refused_everywhere(shipped: Served, path: str, day: str) -> None:
    answer = shipped.client.get(path, params={"as_of": day, "q": "seoul"})
    assert answer.status_code == 400
    assert "is not a day" in answer.text


def test_pages_of_a_list_keep_the_day(shipped_dist: Path) -> None:
    with serve(shipped_dist / "current", ServeSettings(workers=1, page_size=20)) as small:
        first = small.get("/places?as_of=2003-01-01", "text/html")
        assert "page=2&as_of=2003-01-01" in first.headers["link"]
        assert "/places?page=2&amp;as_of=2003-01-01" in first.text
        assert small.get("/places.json?as_of=2003-01-01").json()["next"] == "/places?page=2&as_of=2003-01-01"


def test_a_search_keeps_the_day_in_what_it_finds(shipped: Served) -> None:
    page = shipped.get("/search?q=citynet&as_of=2010-01-01", "text/html").text
    assert 'href="/doc/network/citynet?as_of=2010-01-01"' in page
    assert '<input type="hidden" name="as_of" value="2010-01-01">' in page


# ---------------------------------------------------------------- pages of things
def test_a_network_begins_with_who_leads_it_and_who_belongs(shipped: Served) -> None:
    order = headings(shipped, "/doc/network/citynet")
    found = [name for name in order if name in ("offices", "members", "numbers", "facts")]
    assert found == ["offices", "members", "numbers", "facts"]


def test_a_network_says_what_no_source_says(shipped: Served) -> None:
    gaps = part(shipped.get("/doc/network/metropolis", "text/html").text, "unsaid")
    for what in ("Who its members are", "Who presides over it", "How many members", "When it was founded", "seat"):
        assert what in gaps
    metrex = part(shipped.get("/doc/network/metrex", "text/html").text, "unsaid")
    assert "Who its members are" in metrex
    assert "presides" not in metrex
    assert "How many" not in metrex
    amb = part(shipped.get("/doc/authority/amb", "text/html").text, "unsaid")
    assert "Which networks it belongs to" in amb
    assert "Who presides over it" in amb
    assert "unsaid" not in headings(shipped, "/doc/authority/seoul")
    # A city holds the chair, the secretariat has a seat: nothing is missing.
    assert "unsaid" not in headings(shipped, "/doc/network/citynet")


def test_where_the_seat_of_a_network_is(shipped: Served) -> None:
    seat = part(shipped.get("/doc/network/citynet", "text/html").text, "seats")
    assert re.search(r"Seoul *CITYNET secretariat *March 2013", seat)
    assert "Barcelona" in part(shipped.get("/doc/network/uclg", "text/html").text, "seats")


def test_what_happened_before_a_day_is_told_and_what_came_after_is_not(shipped: Served) -> None:
    told = part(shipped.get("/doc/network/anmc21?as_of=2005-01-01", "text/html").text, "changes")
    assert "2001" in told
    assert "2014" not in told
    assert "2014" in part(shipped.get("/doc/network/anmc21", "text/html").text, "changes")


def test_what_took_place_in_a_city(shipped: Served) -> None:
    assert "7th CITYNET Congress" in part(shipped.get("/doc/authority/seoul", "text/html").text, "events")
    assert "7th CITYNET Congress" in part(shipped.get("/doc/place/seoul", "text/html").text, "events")


def test_a_place_begins_with_who_governs_it(shipped: Served) -> None:
    assert headings(shipped, "/doc/place/seoul")[1] == "governed-by"


def test_themes_are_reached_from_the_first_page_and_hold_narrower_ones(shipped: Served) -> None:
    home = shipped.get("/", "text/html").text
    assert '<b><a href="/vocab/theme">' in home
    assert 'href="/vocab/theme/climate-change"' in home
    climate = part(shipped.get("/vocab/theme/climate-change", "text/html").text, "subjects")
    assert "Environmental problems of cities and the Earth" in climate
    assert re.search("climate change adaptation.*Clima Metropole", climate)


def test_a_vocabulary_is_a_tree_with_definitions(shipped: Served) -> None:
    page = shipped.get("/vocab/theme", "text/html").text
    assert '<p class="kind">Vocabulary</p>' in page
    tree = page[page.index('<ul class="tree">') :]
    environment = tree[tree.index("/vocab/theme/environment") :]
    assert re.match(
        r'.*?The natural surroundings of people.*?<ul>.*?climate-change".*?<ul>.*?climate-change-adaptation".*?</ul>',
        environment,
        re.DOTALL,
    )
    scheme = NamedNode(f"{shipped.site.release.base}vocab/theme")
    shown = set(re.findall(r'href="/vocab/theme/([a-z0-9-]+)"', tree[: tree.index("</section>")]))
    in_scheme = NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
    assert len(shown) == len({q.subject for q in shipped.site.store.quads(None, in_scheme, scheme)})


def test_records_without_a_name_are_called_by_what_they_tie_together(shipped: Served) -> None:
    page = shipped.get("/doc/source/hamamatsu-uclg", "text/html").text
    spoken = part(page, "mentions")
    assert "Hamamatsu City · affiliate · United Cities and Local Governments" in spoken
    assert "evidence:" not in spoken
    assert "membership:" not in words(page)
    assert "English" in words(page)
    assert "CITYNET secretariat · Seoul" in part(shipped.get("/doc/place/seoul", "text/html").text, "links-here")


def test_what_other_parts_show_is_not_listed_again(shipped: Served) -> None:
    assert "links-here" not in headings(shipped, "/doc/network/metropolis")


# ---------------------------------------------------------------- the frame
def test_the_language_can_be_changed_at_the_top_of_every_page(shipped: Served) -> None:
    for path in ("/", "/doc/network/citynet?as_of=2013-11-20", "/sparql", "/queries/members-of-network"):
        page = shipped.get(path, "text/html").text
        menu = re.search(r'<details class="tongues">.*?</details>', page[: page.index("<main")], re.DOTALL)
        assert menu, path
        assert re.search(r'<a href="[^"]*lang=ja[^"]*" hreflang="ja" lang="ja">日本語</a>', menu[0])
        assert '<span lang="en">English</span>' in menu[0]
    assert "as_of=2013-11-20&amp;lang=ja" in shipped.get("/doc/network/citynet?as_of=2013-11-20", "text/html").text


def test_the_contents_fold_on_a_phone_without_scripts(shipped: Served) -> None:
    page = shipped.get("/doc/network/citynet", "text/html").text
    folded = re.search(r'<details class="folded">.*?</details>', page, re.DOTALL)
    assert folded
    assert re.findall(r'href="#([^"]+)"', folded[0])[:3] == ["offices", "members", "numbers"]
