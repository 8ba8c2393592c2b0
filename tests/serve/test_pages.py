"""What people see: every page is there, says where things come from, and lets no data become markup."""

import re
from html.parser import HTMLParser

import pytest

from tests.serve.conftest import BASE, Served

PAGES = [
    "/", "/networks", "/authorities", "/organizations", "/places", "/people", "/offices", "/programmes", "/events",
    "/documents", "/sources", "/ontology", "/dumps/", "/about", "/quality", "/developers",
    "/queries", "/queries/members", "/queries/find?name=Yearbook",
    "/queries/as-graph", "/queries/elsewhere", "/sparql", "/search", "/search?q=league", "/search?q=nowhere",
    "/doc/network/league", "/doc/network/league?as_of=1994-01-01", "/doc/authority/bergen", "/doc/place/bergen",
    "/doc/person/ada", "/doc/post/league-president", "/doc/membership/bergen", "/doc/tenure/president",
    "/doc/count/members", "/doc/event/founding", "/doc/programme/harbour", "/doc/source/yearbook",
    "/doc/evidence/bergen", "/vocab/role", "/vocab/role/member-city", "/graph/yearbook",
    "/sparql?query=SELECT+*+%7B%3Fs+%3Fp+%3Fo%7D", "/sparql?query=ASK%7B%7D", "/sparql?query=DESCRIBE+<x:y>",
]  # fmt: skip


class Reading(HTMLParser):
    """Collects tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_and_harmless(served: Served, path: str) -> None:
    answer = served.get(path, "text/html")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "en" in answer.headers["content-language"]
    page = Reading(answer.text)
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.DOTALL)
    # Scripts are files of ours; what stands in the page is data.
    assert all('src="/static/' in attributes or 'type="application/ld+json"' in attributes for attributes, _ in scripts)
    assert all(not body or "ld+json" in attributes for attributes, body in scripts)
    assert "<style" not in answer.text
    assert not [a for a in page.attributes if a[1].startswith("on") or a[1] == "style"]
    assert all(not h or re.match(r"(https?://|/|#|\?)", h) for h in page.values("href"))
    assert page.tags.count("h1") == 1
    fetched = [v for t, a, v in page.attributes if a == "src" or (t == "link" and a == "href" and "static" in v)]
    assert all(value.startswith("/static/") for value in fetched)
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    anchors = [h[1:] for h in page.values("href") if h.startswith("#")]
    assert set(anchors) <= set(ids)


def test_links_within_the_site_lead_somewhere(served: Served) -> None:
    found = {h for p in PAGES for h in Reading(served.get(p, "text/html").text).values("href") if h.startswith("/")}
    # The other forms of each page are asked for in test_resources.
    pages = sorted({h.partition("#")[0] for h in found if "." not in h.partition("?")[0]})
    assert len(pages) > 40
    assert not [h for h in pages if served.client.head(h).status_code not in (200, 303)]


def test_every_answer_has_the_security_headers(served: Served) -> None:
    for path in ("/", "/nothing", "/sparql?query=ASK%7B%7D", "/dumps/hansa.nq", "/static/hansa.css", "/id/network/x"):
        headers = served.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"]
        assert headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in headers


def test_markup_in_literals_stays_text(served: Served) -> None:
    for path in ("/doc/network/league", "/people", "/doc/person/ada", "/search?q=Ada", "/ontology"):
        answer = served.get(path, "text/html").text
        assert "<script>" not in answer
        assert "<i>Example" not in answer
        assert "<cities>" not in answer
    assert (
        "<script>alert('x')</script> & <b>bold</b>" in Reading(served.get("/doc/network/league", "text/html").text).text
    )
    found = served.get("/search?q=<i>&type=\"'><script>", "text/html").text
    assert "<i>" not in found
    assert "'><script>" not in found


def test_only_web_addresses_become_links(served: Served) -> None:
    page = Reading(served.get("/doc/network/league", "text/html").text)
    assert not [h for h in page.values("href") if "javascript" in h]
    assert "javascript:alert(1)" in page.text
    assert "https://ports.example/a?b=1&c=2" in page.values("href")
    bad = served.get("/sparql?query=SELECT+(<javascript:x>+AS+%3Fx)+(<data:text/html,y>+AS+%3Fy)%7B%7D", "text/html")
    assert not [h for h in Reading(bad.text).values("href") if h.startswith(("javascript", "data"))]


def notes_after(text: str, value: str) -> list[str]:
    """Give the texts of the notes that follow the first occurrence of a value."""
    found = re.search(re.escape(value) + r".*?<sup class=\"notes\">(.*?)</sup>", text, re.DOTALL)
    assert found, value
    numbers = re.findall(r">(\d+)</a>", found[1])
    notes = dict(re.findall(r'<li id="note-(\d+)">(.*?)</li>', text, re.DOTALL))
    return [" ".join(Reading(notes[n]).text.split()) for n in numbers]


def part(text: str, anchor: str) -> str:
    """Give the part of a page under a heading, as text."""
    found = re.search(rf'<section class="part" aria-labelledby="{anchor}">(.*?)</section>', text, re.DOTALL)
    assert found, anchor
    return " ".join(Reading(found[1]).text.split())


def test_every_statement_leads_to_its_source(served: Served) -> None:
    text = served.get("/doc/network/league", "text/html").text
    assert notes_after(text, '<h1><bdi lang="en">League of Ports</bdi>') == [
        "Yearbook, lines 3, 12 · stated",
        "Gazette",
    ]
    purpose = notes_after(text, "&lt;b&gt;bold")
    assert purpose == ["Yearbook, line 7 · inferred – Read off the chapter headings."]
    assert notes_after(text, "founding date") == ["Derived by rule from what this source says: Yearbook"]
    assert notes_after(text, "City of Bergen</bdi></a></td>") == ["Yearbook, line 21 · stated"]
    rows = re.findall(r"<tr>\s*<td(.*?)</tr>", text, re.DOTALL)
    assert rows
    assert all('<sup class="notes"><a href="' in row for row in rows)


def test_a_mark_leads_to_the_place_in_the_document_at_once(served: Served) -> None:
    text = served.get("/doc/network/league?as_of=1999-01-01", "text/html").text
    marks = re.findall(r'<sup class="notes"><a href="([^"]*)" aria-label="\d+: Yearbook, line 7', text)
    assert marks
    assert set(marks) == {"/doc/source/yearbook?as_of=1999-01-01#line-7"}
    document = served.get(marks[0].partition("#")[0], "text/html").text
    assert 'id="line-7"' in document


def test_a_note_leads_to_the_place_in_the_document(served: Served) -> None:
    text = served.get("/doc/network/league", "text/html").text
    assert 'aria-label="1: Yearbook, lines 3, 12"' in text
    assert 'href="/doc/source/yearbook#line-3"' in text
    document = served.get("/doc/source/yearbook", "text/html").text
    assert 'id="line-3"' in document


def test_a_document_says_what_it_says_in_the_order_of_its_lines(served: Served) -> None:
    text = served.get("/doc/source/yearbook", "text/html").text
    said = part(text, "says")
    assert said.index("lines 3, 12") < said.index("line 7") < said.index("line 21")
    assert "Read off the chapter headings." in said
    assert "What it speaks of" in text
    assert 'href="/doc/programme/harbour"' in text


def test_two_sources_that_contradict_each_other_stand_side_by_side(served: Served) -> None:
    differing = part(served.get("/doc/network/league", "text/html").text, "contradictions")
    assert "1987" in differing
    assert "March 1988" in differing


def test_offices_say_who_holds_them_and_since_when(served: Served) -> None:
    text = served.get("/doc/network/league", "text/html").text
    assert re.search(r"President of the League .*Ada <i>Example</i>.*since 2004", part(text, "offices"))
    assert "Mayor of Bergen" in part(text, "offices")
    before = part(served.get("/doc/network/league?as_of=1999-01-01", "text/html").text, "offices")
    assert "Ada" not in before


def test_a_day_changes_the_whole_page_and_stays_in_its_links(served: Served) -> None:
    now = served.get("/doc/network/league", "text/html").text
    then = served.get("/doc/network/league?as_of=2003-01-01", "text/html").text
    assert "City of Bergen" in part(now, "members")
    assert "City of Bergen" not in part(then, "members")
    assert "1 January 2003" in " ".join(Reading(then).text.split())
    assert 'href="/doc/authority/lubeck?as_of=2003-01-01"' in then
    assert 'href="/doc/network/league">Show all times' in then.replace(" data-reset", "")
    home = " ".join(Reading(served.get("/?as_of=2003-01-01", "text/html").text).text.split())
    assert "1 member by name" in home


def test_a_chosen_language_stays_in_links_and_forms(served: Served) -> None:
    text = served.get("/networks?lang=ja", "text/html").text
    assert 'href="/doc/network/league?lang=ja"' in text
    assert '<input type="hidden" name="lang" value="ja">' in text
    assert 'href="/networks.ttl?lang=ja"' in text or 'href="/networks.ttl"' in text
    assert "lang=ja" not in served.get("/networks", "text/html", **{"Accept-Language": "ja"}).text.replace(
        'href="/networks?lang=ja"', ""
    )


def test_who_shares_most_networks_is_told(served: Served) -> None:
    shared = part(served.get("/doc/authority/bergen?as_of=1996-01-01", "text/html").text, "sharing")
    assert "Lübeck" in shared
    assert "League of Ports" in shared
    # On the day of the release Bergen has left.
    assert 'id="sharing"' not in served.get("/doc/authority/bergen", "text/html").text


def test_tables_are_sorted_by_their_address(served: Served) -> None:
    def first(query: str) -> str:
        return part(served.get(f"/doc/network/league?{query}", "text/html").text, "members").partition("record")[0]

    assert "Bergen" in first("sort=members:member")
    assert "Lübeck" in first("sort=members:-member")
    assert "Bergen" in first("sort=members:nonsense")


def test_a_role_lists_who_has_it(served: Served) -> None:
    assert "Ada <i>Example</i>" in part(served.get("/vocab/role/president", "text/html").text, "holders")


def test_labels_come_in_the_language_of_the_reader_and_others_are_marked(served: Served) -> None:
    page = served.get("/doc/network/league", "text/html", **{"Accept-Language": "ja-JP, en;q=0.5"})
    assert page.headers["content-language"] == "ja"
    assert '<h1><bdi lang="ja">港湾都市連盟</bdi>' in page.text
    assert '<bdi lang="en">City of Bergen</bdi></a> <abbr class="lang" title="英語">en</abbr>' in page.text
    chosen = served.get("/doc/network/league?lang=ja", "text/html", **{"Accept-Language": "en"})
    assert '<h1><bdi lang="ja"' in chosen.text


def test_dates_are_put_into_words(served: Served) -> None:
    text = Reading(served.get("/doc/network/league", "text/html").text).text
    assert "by 1995 (uncertain)" in text


def test_home_counts_members_by_role_and_shows_what_is_new(served: Served) -> None:
    page = served.get("/", "text/html").text
    text = " ".join(Reading(page).text.split())
    assert "2 members by name" in text
    assert "1 person or office" in text
    newest = text.index("became president of League of Ports")
    assert newest < text.index("City of Bergen left League of Ports") < text.index("City of Bergen joined League")
    assert 0 < len(re.findall(r'<li><a href="/queries/', page)) <= 3


def test_the_ontology_has_an_anchor_for_every_term(served: Served) -> None:
    page = served.get("/ontology", "text/html").text
    assert 'id="CityNetwork"' in page
    assert "都市ネットワーク" in page
    assert "An organization of &lt;cities&gt;." in page
    assert 'href="/ontology#CityNetwork"' in page
    assert 'id="member"' not in page
    assert "owl#Class" in served.get("/ontology.ttl").text


def test_errors_are_pages_for_people_and_problems_for_programs(served: Served) -> None:
    page = served.get("/nowhere", "text/html,*/*;q=0.1")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    problem = served.get("/nowhere", "*/*")
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["status"] == 404
    assert served.client.delete("/networks").status_code == 405


def test_options_says_what_is_allowed(served: Served) -> None:
    answer = served.client.options("/sparql", headers={"Origin": "https://x.example"})
    assert answer.status_code == 204
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert served.client.options("/networks").headers["allow"] == "GET, HEAD, OPTIONS"


def test_operators_and_crawlers_get_answers(served: Served) -> None:
    assert served.get("/health").json() == {"status": "ok"}
    ready = served.get("/ready").json()
    assert ready.pop("workers") >= 1
    assert ready == {"status": "ok", "release": "1.2.3", "store": True}
    assert f"Sitemap: {served.url}/sitemap.xml" in served.get("/robots.txt").text
    assert f"<loc>{served.url}/doc/network/league</loc>" in served.get("/sitemap.xml").text
    assert BASE not in served.get("/sitemap.xml").text
