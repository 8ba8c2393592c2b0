"""HTTP as a stranger speaks it: odd heads, packed bodies, cut streams, ranges; said no to in words, and survived."""

from __future__ import annotations

import gzip
import logging
import re
import socket
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
import zstandard

from hansa.config import Config
from hansa.manifest import read_release, write_manifest
from hansa.rdf import FORMATS, parse_bytes
from hansa.release.checksums import list_files
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import BASE, Served, make_release, serve, wait_until

ROWS = 6000
PRODUCT = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ALL = "/sparql?query=" + quote("SELECT * { ?s ?p ?o }")
QUERY = "Content-Type: application/sparql-query\r\n"


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, config: Config) -> Iterator[Served]:
    """A release whose answers are long enough to be streamed, with a packed dump."""
    place = tmp_path_factory.mktemp("dist") / "1"
    text = "".join(f'<{BASE}id/place/p{i}> <x:p> "{"=" * 40}{i}" <{BASE}graph/g> .\n' for i in range(ROWS))
    make_release(place, config, list(parse_bytes(text.encode(), FORMATS["nquads"])))
    (place / "hansa.nt.gz").write_bytes(gzip.compress((place / "hansa.nt").read_bytes(), mtime=0))
    _list_again(place)
    with serve(place, ServeSettings(workers=1, time_limit=1.2)) as running:
        yield running


def _list_again(place: Path) -> None:
    write_manifest(replace(read_release(place), files=list_files(place, {})))


def talk(served: Served, data: bytes, until: bytes = b"\r\n\r\n") -> bytes:
    """Send bytes, then read until some bytes or the end of the connection."""
    parts = urlsplit(served.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(data)
        received = b""
        while until not in received and (chunk := connection.recv(1 << 16)):
            received += chunk
        return received


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


# ---------------------------------------------------------------- the head of a request
@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("GET /health HTTP/1.1\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 400),
        ("GET /robots.txt HTTP/1.1\r\nHost: a/b\r\n", 400),
        ('GET /robots.txt HTTP/1.1\r\nHost: a"><script>\r\n', 400),
        ("GET /robots.txt HTTP/1.1\r\nHost: user@a\r\n", 400),
        ("GET /robots.txt HTTP/1.1\r\nHost: a:999999\r\n", 400),
        ("GET /robots.txt HTTP/1.1\r\nHost: [::1\r\n", 400),
        ("GET /health HTTP/1.1\r\nHost: [::1]:80\r\n", 200),
        ("GET /health HTTP/1.1\r\nHost: xn--bcher-kva.example\r\n", 200),
        ("GET /health HTTP/1.0\r\n", 200),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n", 204),
        ("TRACE / HTTP/1.1\r\nHost: a\r\nCookie: secret\r\n", 405),
        (f"POST /sparql HTTP/1.1\r\nHost: a\r\n{QUERY}Transfer-Encoding: gzip, chunked\r\n", 501),
        (f"POST /sparql HTTP/1.1\r\nHost: a\r\n{QUERY}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", 400),
        (f"POST /sparql HTTP/1.1\r\nHost: a\r\n{QUERY}Content-Length: 6\r\nContent-Length: 7\r\n", 400),
        (f"POST /sparql HTTP/1.1\r\nHost: a\r\n{QUERY}Transfer-Encoding : chunked\r\n", 400),
    ],
)
def test_heads_that_break_the_rules(target: Served, head: str, expected: int) -> None:
    answer = talk(target, f"{head}\r\n".encode())
    assert status(answer) == expected
    assert b"secret" not in answer
    assert b"<script>" not in answer
    assert target.get("/health").status_code == 200


def test_no_more_than_a_hundred_wishes_are_read(target: Served) -> None:
    first, many = "text/turtle;q=0.2", ", ".join(["a/b;q=0.1"] * 200)
    assert target.get("/doc/place/p1", f"{first}, {many}").headers["Content-Type"].startswith("text/turtle")
    assert target.get("/doc/place/p1", f"{many}, {first}").status_code == 406


@pytest.mark.parametrize("forwarded", ["X-Forwarded-Host", "X-Forwarded-Server", "X-Original-URL", "X-Rewrite-URL"])
def test_links_come_from_no_other_field_than_host(target: Served, forwarded: str) -> None:
    for path in ("/robots.txt", "/sitemap.xml", "/reconcile", "/health"):
        answer = target.get(path, **{forwarded: "evil.example"})
        assert (answer.status_code, "evil" in answer.text) == (200, False)


def test_the_entity_tag_of_the_sitemap_knows_the_scheme(target: Served) -> None:
    plain, secure = (target.get("/sitemap.xml", **{"X-Forwarded-Proto": scheme}) for scheme in ("http", "https"))
    assert plain.text != secure.text
    assert plain.headers["ETag"] != secure.headers["ETag"]


# ---------------------------------------------------------------- bodies
@pytest.mark.parametrize("path", ["/sparql", "/reconcile"])
def test_a_packed_body_is_not_unfolded(target: Served, path: str) -> None:
    bomb = gzip.compress(b"query=" + b" " * 10_000_000)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Content-Encoding": "gzip"}
    answer = target.client.post(path, content=bomb, headers=headers)
    assert (answer.status_code, answer.headers["Accept-Encoding"]) == (415, "identity")


def test_a_body_that_breaks_off_leaves_no_trace(target: Served, caplog: pytest.LogCaptureFixture) -> None:
    head = f"POST /sparql HTTP/1.1\r\nHost: a\r\n{QUERY}Transfer-Encoding: chunked\r\n\r\n".encode()
    with caplog.at_level(logging.ERROR):
        assert status(talk(target, head + b"ZZ\r\nASK {}\r\n")) == 400
        parts = urlsplit(target.url)
        with socket.create_connection((parts.hostname, parts.port)) as leaver:
            leaver.sendall(head + b"3\r\nASK\r\n")
        wait_until(lambda: b'status="499"' in target.live.metrics.text())
    assert "Traceback" not in caplog.text


def test_a_long_query_without_a_form_is_refused(target: Served) -> None:
    query = "\\u0041" * 5000
    answer = target.client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"})
    assert (answer.status_code, "SELECT" in answer.json()["detail"]) == (400, True)


# ---------------------------------------------------------------- streams
def _raw(served: Served, method: str, coding: str, path: str = ALL) -> httpx.Response:
    return served.client.request(method, path, headers={"Accept": "text/csv", "Accept-Encoding": coding})


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_stream_is_packed_and_has_a_tag_of_its_own(target: Served, coding: str) -> None:
    plain = _raw(target, "GET", "identity")
    with target.client.stream("GET", ALL, headers={"Accept": "text/csv", "Accept-Encoding": coding}) as packed:
        body = b"".join(packed.iter_raw())
        headers = packed.headers
    assert headers["Content-Encoding"] == coding
    assert "Content-Length" not in headers
    assert len(body) < len(plain.content) / 4
    whole = (
        zlib.decompress(body, 31) if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj().decompress(body)
    )
    assert whole.count(b"\r\n") == plain.content.count(b"\r\n") == ROWS + 1
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert headers["ETag"] != plain.headers["ETag"]
    again = target.client.get(
        ALL, headers={"Accept": "text/csv", "Accept-Encoding": coding, "If-None-Match": headers["ETag"]}
    )
    assert (again.status_code, again.headers["ETag"]) == (304, headers["ETag"])
    head = _raw(target, "HEAD", coding)
    for name in ("Content-Type", "Content-Encoding", "ETag", "Vary", "Cache-Control"):
        assert head.headers[name] == headers[name]


@pytest.mark.parametrize("coding", ["gzip", "zstd", "identity"])
def test_a_packed_stream_that_is_cut_is_seen_to_be_cut(target: Served, coding: str) -> None:
    head = f"GET /sparql?query={quote(PRODUCT)} HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n"
    request = f"{head}Accept-Encoding: {coding}\r\n\r\n"
    answer = talk(target, request.encode(), until=b"\r\n0\r\n\r\n")
    assert status(answer) == 200
    assert not answer.endswith(b"\r\n0\r\n\r\n")


# ---------------------------------------------------------------- files
def test_a_dump_is_sent_packed_when_the_release_holds_it_so(target: Served) -> None:
    plain, packed = _raw(target, "GET", "identity", "/dumps/hansa.nt"), _raw(target, "GET", "gzip", "/dumps/hansa.nt")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"] == "application/n-triples"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"]) / 4
    assert packed.content == plain.content
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in _raw(target, "GET", "gzip;q=0", "/dumps/hansa.nt").headers


@pytest.mark.parametrize(
    ("wanted", "expected", "size"),
    [
        ("bytes=0-9", 206, 10),
        ("bytes=-5", 206, 5),
        ("bytes=0-1,999999999-", 206, 2),
        ("lines=1-2", 200, None),
        ("bytes=5-1", 200, None),
        ("bytes=abc", 200, None),
        ("bytes=" + ",".join(["0-"] * 3000), 200, None),
    ],
)
def test_ranges(target: Served, wanted: str, expected: int, size: int | None) -> None:
    answer = target.get("/dumps/hansa.ttl", Range=wanted)
    whole = target.get("/dumps/hansa.ttl")
    assert (answer.status_code, len(answer.content)) == (expected, size or len(whole.content))


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "bytes=-0"])
def test_a_range_outside_of_the_file_is_refused_in_words(target: Served, wanted: str) -> None:
    answer = target.get("/dumps/hansa.ttl", Range=wanted)
    assert answer.status_code == 416
    assert re.fullmatch(r"bytes \*/\d+", answer.headers["Content-Range"])
    assert answer.json()["detail"]


def test_the_day_of_a_file_counts_only_without_a_tag(target: Served) -> None:
    day = target.get("/dumps/hansa.ttl").headers["Last-Modified"]
    assert target.get("/dumps/hansa.ttl", **{"If-Modified-Since": day}).status_code == 304
    assert target.get("/dumps/hansa.ttl", **{"If-Modified-Since": day, "If-None-Match": '"x"'}).status_code == 200
    assert target.get("/dumps/hansa.ttl", **{"If-Modified-Since": "nonsense"}).status_code == 200


def test_the_manifest_has_a_tag_of_its_own(target: Served) -> None:
    tags = {target.get(f"/dumps/{name}").headers["ETag"] for name in ("release.json", "hansa.nq", "hansa.nt")}
    assert len(tags) == 3
