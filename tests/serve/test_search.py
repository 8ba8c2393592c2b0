"""Find things by name in any script, complete what is being typed, and follow other people's identifiers."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hansa.errors import HansaError
from hansa.rdf import Literal
from hansa.serve.local import get
from hansa.serve.lookup import index
from hansa.serve.lookup.folding import fold, tokens_of, words
from hansa.serve.lookup.index import Name, NameIndex
from tests.serve.conftest import Served


def found(served: Served, query: str) -> list[str]:
    first: dict[str, Any] = served.get("/search.json?q=" + query).json()
    rest = [served.get(f"/search.json?q={query}&page={n}").json() for n in range(2, first["pages"] + 1)]
    return [r["href"] for page in (first, *rest) for r in page["results"]]


def test_things_are_found_by_any_name_in_any_script(served: Served) -> None:
    for query in ("league", "LEAGUE of", "港湾", "都市", "Łiga", "liga portow", "portow", "orto"):
        assert found(served, query)[:1] == ["/doc/network/league"], query
    for query in ("lubeck", "LÜBECK", "ubec", "lübeck"):
        assert found(served, query) == ["/doc/authority/lubeck"], query


def test_better_matches_come_first(served: Served) -> None:
    assert found(served, "bergen") == ["/doc/place/bergen", "/doc/authority/bergen", "/doc/post/mayor-bergen"]
    assert found(served, "bergen&type=authority") == ["/doc/authority/bergen"]
    assert found(served, "bergen&lang=no") == ["/doc/authority/bergen"]


def test_a_query_string_may_be_bare_utf_8(release: Path) -> None:
    status, _, body = get(release, "/search.json?q=港湾都市")
    assert (status, json.loads(body)["query"]) == (200, "港湾都市")


def test_a_typing_mistake_is_mended_and_said(served: Served) -> None:
    answer = served.get("/search.json?q=begren").json()
    assert answer["meant"] == "bergen"
    assert answer["results"][0]["href"] == "/doc/place/bergen"
    page = served.get("/search?q=begren", "text/html").text
    assert "Did you mean" in page
    assert 'href="/search?q=bergen' in page


def test_some_of_the_words_are_better_than_nothing(served: Served) -> None:
    answer = served.get("/search.json?q=league zzzzzz").json()
    assert answer["partial"]
    assert answer["results"][0]["href"] == "/doc/network/league"


def test_results_are_paged_and_can_be_had_as_rdf(served: Served) -> None:
    answer = served.get("/search.json?q=bergen").json()
    assert (answer["total"], answer["pages"], len(answer["results"])) == (3, 2, 2)
    assert 'rel="next"' in served.get("/search?q=bergen", "text/html").text
    assert "prefLabel" in served.get("/search?q=bergen", "text/turtle").text


@pytest.mark.parametrize("query", ["q=x&type=city", "q=x&lang=not a tag", "q=" + "x" * 201, "q=x&page=0"])
def test_wrong_parameters_of_a_search_are_refused(served: Served, query: str) -> None:
    answer = served.get(f"/search.json?{query}")
    assert answer.status_code == 400
    assert answer.json()["hint"]


def test_an_empty_search_finds_nothing(served: Served) -> None:
    assert found(served, "") == []
    assert found(served, "%20%CC%81") == []


@pytest.mark.parametrize("prefix", ["b", "be", "港", "湾都", "mayor b", "ber"])
def test_what_is_being_typed_is_completed(served: Served, prefix: str) -> None:
    answer = served.client.get("/suggest", params={"prefix": prefix, "limit": 5}).json()
    assert answer["suggestions"]
    first = answer["suggestions"][0]
    assert set(first) == {"id", "href", "label", "lang", "type", "matched", "matchedLang"}
    assert fold(prefix).split()[-1] in fold(first["matched"])


def test_suggestions_keep_to_kind_and_language(served: Served) -> None:
    answer = served.get("/suggest?prefix=b&type=place").json()["suggestions"]
    assert [(s["type"], s["label"]) for s in answer] == [("place", "Bergen")]
    assert served.get("/suggest?prefix=b&lang=ja").json()["suggestions"] == []


_MARKUP = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "</title><b>"]


@pytest.mark.parametrize(
    "path", ["/search?q={}", "/search?q=bergen&type={}", "/resolve?id={}", "/queries/find?name={}"]
)
@pytest.mark.parametrize("text", _MARKUP)
def test_markup_of_a_user_stays_text(served: Served, path: str, text: str) -> None:
    page = served.client.get(path.format(text.replace("&", "%26")), headers={"Accept": "text/html"}).text
    assert "<html" in page
    assert text not in page
    assert "<script>" not in page
    assert "<img src=x" not in page


def test_identifiers_of_others_lead_to_the_thing(served: Served) -> None:
    def target(identifier: str) -> str:
        answer = served.client.get("/resolve", params={"id": identifier})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    assert (
        target("Q2843") == target("q2843") == target("http://www.wikidata.org/entity/Q2843") == "/doc/authority/lubeck"
    )
    assert target("NO-46") == target("no-46") == target("3161732") == "/doc/place/bergen"
    assert target("https://sws.geonames.org/3161732/") == target("geonames:3161732") == "/doc/place/bergen"
    assert target("https://www.wikidata.org/wiki/Q2843#sitelinks") == target("wd:Q2843") == "/doc/authority/lubeck"
    assert target("iso:NO-46") == "/doc/place/bergen"
    assert target("network/league") == target("https://cities.example/doc/network/league") == "/doc/network/league"
    assert target("role:member-city") == "/vocab/role/member-city"
    assert target("network:league") == target("https://cities.example/id/network/league") == "/doc/network/league"


def test_an_identifier_of_several_things_gives_the_choice(served: Served) -> None:
    answer = served.get("/resolve?id=Q26793", "application/json")
    assert answer.status_code == 300
    assert [r["href"] for r in answer.json()["results"]] == ["/doc/authority/bergen", "/doc/place/bergen"]


def test_identifiers_that_nothing_has(served: Served) -> None:
    for identifier in ("Q1", "XX-99", "<x>", "network:<x>", "'; DROP", "javascript:alert(1)", "//evil.example"):
        assert served.client.get("/resolve", params={"id": identifier}).status_code == 404
    assert served.get("/resolve").status_code == 400


def test_an_unknown_identifier_is_answered_with_proposals(served: Served) -> None:
    page = served.get("/resolve?id=network/leage", "text/html")
    assert (page.status_code, '<a href="/doc/network/league">' in page.text) == (404, True)
    answer = served.get("/resolve?id=network/leage")
    assert answer.status_code == 404
    assert answer.json()["suggestions"][0]["href"] == "/doc/network/league"
    assert "League of Ports" in answer.json()["hint"]


# ---------------------------------------------------------------- the index
NAMES = (
    "Tōkyō",
    "東京都",
    "横浜市",
    "서울특별시",
    "Москва",
    "Łódź",
    "Đà Nẵng",
    "København",
    "กรุงเทพมหานคร",
    "ガーナ",
    "ハーナ",
)


@pytest.fixture(scope="module")
def names() -> NameIndex:
    return NameIndex(Name(f"x:{n}", "place", Literal(text), main=True) for n, text in enumerate(NAMES))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        *(("tokyo", "Tōkyō"), ("東京", "東京都"), ("京都", "東京都"), ("浜", "横浜市"), ("서울", "서울특별시")),
        *(("특별", "서울특별시"), ("москв", "Москва"), ("МОСКВА", "Москва"), ("lodz", "Łódź"), ("da nang", "Đà Nẵng")),
        *(
            ("kobenhavn", "København"),
            ("มหา", "กรุงเทพมหานคร"),
            ("ガーナ", "ガーナ"),
        ),
        *(("Москав", "Москва"), ("Yokohama", ""), ("横濱市", "横浜市"), ("tokio", "Tōkyō")),
    ],
)
def test_any_script(names: NameIndex, query: str, wanted: str) -> None:
    hits = [f.name.literal.value for f in names.search(query).found]
    assert hits[:1] == ([wanted] if wanted else [])


@given(st.text(max_size=60))
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_nothing_that_is_typed_is_read_as_a_command(text: str) -> None:
    for operator in ("", " AND ", '" OR name:', " NEAR(", "*", "^"):
        _ANY.search(f"{text}{operator}{text}")
        _ANY.suggest(f"{operator}{text}")


_ANY = NameIndex([Name("x:1", "place", Literal("Tokyo"), main=True)])


def test_folding_twice_changes_nothing() -> None:
    for name in NAMES:
        assert fold(fold(name)) == fold(name)
    assert tokens_of(words(fold("東京 Tower"))) == "東 京 tower"


def test_an_sqlite_without_full_text_search_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_TABLES", "CREATE VIRTUAL TABLE words USING fts5(name, tokenize='no-such');")
    with pytest.raises(HansaError, match=sqlite3.sqlite_version):
        index.NameIndex([])


@pytest.mark.slow
def test_a_hundred_thousand_names_are_completed() -> None:
    parts = [
        "ba",
        "ko",
        "ri",
        "ten",
        "mo",
        "la",
        "shi",
        "ham",
        "burg",
        "berg",
        "york",
        "ville",
        "ton",
        "grad",
        "porto",
        "san",
        "rio",
        "de",
        "ka",
        "wa",
    ]
    many = [
        f"{parts[n % 20]}{parts[n // 20 % 20]}{parts[n // 400 % 20]} {parts[n // 8000]}{n % 7}" for n in range(100_000)
    ]
    big = NameIndex(Name(f"x:{n}", "place", Literal(text), main=True) for n, text in enumerate(many))
    for name in many[::500]:
        assert big.suggest(name[:4])
