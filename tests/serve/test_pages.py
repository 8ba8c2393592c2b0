"""What people see: every page is there, says where things come from, and lets no data become markup."""

import re
from html.parser import HTMLParser

import pytest

from tests.serve.conftest import BASE, Served

PAGES = [
    "/", "/networks", "/authorities", "/organizations", "/places", "/people", "/offices", "/programmes", "/events",
    "/documents", "/sources", "/ontology", "/dumps/", "/queries", "/queries/members", "/queries/find?name=Yearbook",
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
    assert "script" not in page.tags
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
    found = served.get("/search?q=<b>&type=\"'><script>", "text/html").text
    assert "<b>" not in found.replace("<b>Release", "")


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
    numbers = re.findall(r"#note-(\d+)", found[1])
    notes = dict(re.findall(r'<li id="note-(\d+)">(.*?)</li>', text, re.DOTALL))
    return [" ".join(Reading(notes[n]).text.split()) for n in numbers]


def test_every_statement_leads_to_its_source(served: Served) -> None:
    text = served.get("/doc/network/league", "text/html").text
    assert notes_after(text, "<b>League of Ports".removeprefix("<b>") + "</span> <small") == [
        "Yearbook, lines 3, 12 · stated · record",
        "Gazette",
    ]
    purpose = notes_after(text, "&lt;b&gt;bold")
    assert purpose == ["Yearbook, line 7 · inferred – Read off the chapter headings. · record"]
    assert notes_after(text, "founding date") == ["Derived by rule from what this source says: Yearbook"]
    assert notes_after(text, ">City of Bergen<") == ["Yearbook, line 21 · stated · record"]
    rows = re.findall(r"<tr>\s*<td>(.*?)</tr>", text, re.DOTALL)
    assert rows
    assert all("#note-" in row for row in rows)


def test_two_sources_that_contradict_each_other_both_have_their_say(served: Served) -> None:
    text = Reading(served.get("/doc/network/league", "text/html").text).text
    assert "1987" in text
    assert "1988-03" in text


def test_labels_come_in_the_language_of_the_reader_and_others_are_marked(served: Served) -> None:
    page = served.get("/doc/network/league", "text/html", **{"Accept-Language": "ja-JP, en;q=0.5"})
    assert page.headers["content-language"] == "ja"
    assert '<h1><span lang="ja" dir="auto">港湾都市連盟</span></h1>' in page.text
    assert re.search(
        r'<span lang="en" dir="auto">City of Bergen</span></a> <small class="lang"[^>]*>en<', page.text
    ) or ('<span lang="en" dir="auto">City of Bergen</span> <small class="lang"' in page.text)
    chosen = served.get("/doc/network/league?lang=ja", "text/html", **{"Accept-Language": "en"})
    assert '<h1><span lang="ja"' in chosen.text


def test_dates_are_put_into_words(served: Served) -> None:
    text = Reading(served.get("/doc/network/league", "text/html").text).text
    assert "by 1995 (uncertain)" in text


def test_a_source_lists_what_it_speaks_of(served: Served) -> None:
    text = served.get("/doc/source/yearbook", "text/html").text
    assert "What it speaks of" in text
    assert 'href="/doc/programme/harbour"' in text


def test_home_counts_members_by_role(served: Served) -> None:
    text = " ".join(Reading(served.get("/", "text/html").text).text.split())
    assert "2 members on record · 1 in other roles" in text


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
