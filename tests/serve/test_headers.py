"""What surrounds an answer: codings, entity tags, links, methods, limits."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import zstandard

from hansa.serve.http.encoding import choose_coding, is_worth_packing, parse_codings
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import BASE, Served, serve

LEAGUE = "/doc/network/league"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, ""),
        ("", ""),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("GZIP;Q=0.8", "gzip"),
        ("*", "zstd"),
        ("*;q=0.1, zstd;q=0", "gzip"),
        ("br", ""),
        ("gzip;q=0", ""),
        ("identity, gzip;q=0.5", ""),
        ("identity;q=0", ""),
        ("gzip;q=2", ""),
        ("gzip;q=0.1234", ""),
    ],
)
def test_the_coding_is_what_the_client_likes_best(header: str | None, expected: str) -> None:
    assert choose_coding(header) == expected


def test_codings_that_are_not_well_formed_are_left_out() -> None:
    assert parse_codings("gzip, =, ;q=1, zstd;q=0.3") == {"gzip": 1.0, "zstd": 0.3}


def test_what_is_small_or_packed_is_left_as_it_is() -> None:
    assert is_worth_packing("text/turtle; charset=utf-8", 5000)
    assert not is_worth_packing("text/turtle", 100)
    assert not is_worth_packing("image/png", 5000)
    assert not is_worth_packing("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 5000)


def _raw(served: Served, coding: str, **headers: str) -> tuple[httpx.Response, bytes]:
    asked = {"Accept": "text/turtle", "Accept-Encoding": coding, **headers}
    with served.client.stream("GET", LEAGUE, headers=asked) as answer:
        return answer, b"".join(answer.iter_raw())


def test_bodies_are_packed_for_those_who_take_it(served: Served) -> None:
    plain, body = _raw(served, "identity")
    assert "content-encoding" not in plain.headers
    for coding, unpack in (("gzip", gzip.decompress), ("zstd", zstandard.ZstdDecompressor().decompress)):
        answer, packed = _raw(served, coding)
        assert answer.headers["content-encoding"] == coding
        assert int(answer.headers["content-length"]) == len(packed) < len(body)
        assert unpack(packed) == body
        assert "Accept-Encoding" in answer.headers["vary"] == plain.headers["vary"]


def test_each_coding_has_its_own_strong_entity_tag(served: Served) -> None:
    tags = {coding: _raw(served, coding)[0].headers["etag"] for coding in ("identity", "gzip", "zstd")}
    assert len(set(tags.values())) == 3
    assert not any(tag.startswith("W/") for tag in tags.values())
    for coding, tag in tags.items():
        again, body = _raw(served, coding, **{"If-None-Match": tag})
        assert (again.status_code, body, again.headers["etag"]) == (304, b"", tag)
    assert _raw(served, "identity", **{"If-None-Match": tags["gzip"]})[0].status_code == 200
    assert _raw(served, "zstd", **{"If-None-Match": tags["gzip"]})[0].status_code == 200


def test_small_answers_and_files_are_not_packed(served: Served) -> None:
    assert "content-encoding" not in served.get("/health").headers
    dump = served.get("/dumps/hansa.nq", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in dump.headers


def test_a_repeat_is_not_made_again(served: Served) -> None:
    cache = served.live.site.answers
    path = "/doc/authority/lubeck?as_of=1997-02-03"
    first = served.get(path, "text/turtle")
    hits, misses = cache.tally.hits, cache.tally.misses
    # Another header, so that the bytes of the request differ and the cache of answers is asked.
    again = served.get(path, "text/turtle", **{"X-Other": "1"})
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
    assert (cache.tally.hits, cache.tally.misses) == (hits + 1, misses)


def test_the_same_bytes_get_the_same_answer_at_once(served: Served) -> None:
    def get(accept: str) -> httpx.Response:
        return served.get("/doc/authority/bergen", accept)

    first = get("text/turtle")
    hits = served.live.wire.tally.hits
    again = get("text/turtle")
    assert served.live.wire.tally.hits == hits + 1
    assert (again.status_code, again.content) == (first.status_code, first.content)
    ours, theirs = dict(first.headers), dict(again.headers)
    assert ours.pop("date")
    assert theirs.pop("date")
    assert ours == theirs
    assert get("application/n-triples").content != first.content


def test_languages_of_json_are_kept_apart(served: Served) -> None:
    english = served.get("/networks", "application/json", **{"Accept-Language": "en"})
    japanese = served.get("/networks", "application/json", **{"Accept-Language": "ja"})
    assert english.headers["etag"] != japanese.headers["etag"]


def _links(answer: httpx.Response) -> set[tuple[str, str]]:
    return {
        (link["rel"], link["url"])
        for part in answer.headers["link"].split(", <")
        for link in [{"rel": part.partition('rel="')[2].partition('"')[0], "url": part.lstrip("<").partition(">")[0]}]
    }


def test_signposts_of_a_thing(served: Served) -> None:
    links = _links(served.get(LEAGUE, "text/html"))
    assert links >= {
        ("cite-as", f"{BASE}id/network/league"),
        ("describes", f"{BASE}id/network/league"),
        ("canonical", LEAGUE),
        ("describedby", f"{LEAGUE}.ttl"),
        ("describedby", f"{LEAGUE}.jsonld"),
        ("license", "https://creativecommons.org/licenses/by/4.0/"),
        ("type", "https://schema.org/AboutPage"),
        ("collection", "/networks"),
        ("alternate", f"{LEAGUE}.nt"),
        ("profile", f"{BASE}shapes"),
    }


def test_signposts_of_a_list(release: Path) -> None:
    with serve(release, ServeSettings(workers=1, page_size=1)) as small:
        links = _links(small.get("/offices", "text/html"))
        after = _links(small.get("/offices?page=2", "text/html"))
    assert ("next", "/offices?page=2") in links
    assert ("type", "https://schema.org/CollectionPage") in links
    assert [url for rel, url in links if rel == "item"]
    assert not {rel for rel, _ in links} & {"prev", "cite-as"}
    assert ("prev", "/offices?page=1") in after
    assert "next" not in {rel for rel, _ in after}


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (LEAGUE, "GET, HEAD, OPTIONS"),
        ("/sparql", "GET, HEAD, POST, OPTIONS"),
        ("/dumps/hansa.nq", "GET, HEAD, OPTIONS"),
        ("/metrics", "GET, HEAD, OPTIONS"),
        ("/static/style.css", "GET, HEAD, OPTIONS"),
    ],
)
def test_every_path_says_what_is_allowed(served: Served, path: str, allowed: str) -> None:
    options = served.client.options(path, headers={"Origin": "https://a.example"})
    assert (options.status_code, options.headers["allow"]) == (204, allowed)
    assert options.headers["access-control-allow-methods"] == allowed
    assert options.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in options.headers
    refused = served.client.delete(path)
    assert (refused.status_code, refused.headers["allow"]) == (405, allowed)


def test_nothing_is_allowed_where_nothing_is(served: Served) -> None:
    assert served.client.options("/nowhere/at/all").status_code in (404, 405)


def test_what_is_too_long_is_refused(served: Served) -> None:
    assert served.get("/search?q=" + "x" * 20_000).status_code == 414
    assert served.get("/", **{"X-Long": "x" * 40_000}).status_code == 431
    big = served.client.post("/sparql", content=b"x" * 2_000_000, headers={"Content-Type": "application/sparql-query"})
    assert (big.status_code, big.headers["connection"]) == (413, "close")

    def pieces() -> Iterator[bytes]:
        yield from (b"ASK {} #" + b"x" * 100_000 for _ in range(20))

    chunked = served.client.post("/sparql", content=pieces(), headers={"Content-Type": "application/sparql-query"})
    assert chunked.status_code == 413
    assert served.get("/health").status_code == 200
