"""What a third round of attacks found, so that it stays mended."""

from __future__ import annotations

import csv
import gc
import io
import json
import re
import shutil
import socket
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import httpx
import pytest

from hansa.rdf import FORMATS, Literal, NamedNode, Triple, parse_bytes, serialise
from hansa.serve.api.files import _converted
from hansa.serve.engine.csv_rows import CsvFromTsv
from hansa.serve.engine.frames import Job
from hansa.serve.engine.lanes import AnswerCache, Finished
from hansa.serve.http.negotiate import RDF
from hansa.serve.operation.protocol import Protocol
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import BASE, Served, serve, wait_until

POST = "POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n"
THING = "/doc/network/league"


@pytest.fixture(scope="module")
def target(release: Path) -> Iterator[Served]:
    with serve(release, ServeSettings(workers=1, time_limit=20, page_size=2, body_limit=1 << 16)) as running:
        yield running


def connect(served: Served) -> socket.socket:
    parts = urlsplit(served.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def talk(served: Served, data: bytes) -> bytes:
    """Send bytes, and read to the end of the connection."""
    with connect(served) as connection:
        connection.sendall(data)
        return b"".join(iter(lambda: connection.recv(1 << 16), b""))


def sparql(served: Served, query: str, accept: str) -> httpx.Response:
    return served.get("/sparql?query=" + quote(query), accept)


# ---------------------------------------------------------------- the connection
def test_requests_that_wait_are_read_one_after_the_other(target: Served) -> None:
    number = 600
    asked = [f"GET /search.json?q=x{i} HTTP/1.1\r\nHost: a\r\n\r\n" for i in range(number)]
    last = "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = talk(target, "".join([*asked, last]).encode())
    assert re.findall(rb'"query": "x(\d+)"', answer) == [str(i).encode() for i in range(number)]
    assert answer.endswith(b'{"status":"ok"}')


def test_few_requests_are_held_in_memory_for_one_connection(target: Served) -> None:
    with connect(target) as connection:
        connection.sendall(b"GET /doc/network/league?first HTTP/1.1\r\nHost: a\r\n\r\n" * 2000)
        connection.recv(1)
        wait_until(lambda: any(p.pipeline for p in _connections()))
        assert max(len(p.pipeline) for p in _connections()) <= 16


def _connections() -> list[Protocol]:
    return [found for found in gc.get_objects() if type(found) is Protocol]


def flood(served: Served, head: str, piece: bytes) -> int:
    """Send pieces for as long as they are taken, some seconds at most; give the bytes."""
    sent, end = 0, time.monotonic() + 5
    with connect(served) as connection:
        connection.sendall(head.encode())
        try:
            while time.monotonic() < end:
                sent += connection.send(piece)
        except OSError:
            return sent
    return -1


@pytest.mark.alone
@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (f"{POST}\r\n5\r\nASK{{}}\r\n0\r\n", b"X-Trailer: " + b"a" * 1000 + b"\r\n"),
        (f"{POST}\r\n5\r\nASK{{}}\r\n0\r\nX-Trailer: ", b"a" * 4096),
        (f"{POST}\r\n5;extension=", b"a" * 4096),
        ("GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"a" * 4096 + b"\r\n"),
    ],
    ids=["trailers", "a trailer", "an extension of a chunk", "a body that nobody reads"],
)
def test_what_has_no_end_is_cut_off(target: Served, head: str, piece: bytes) -> None:
    # Buffers of the system on both sides take some megabytes.
    assert 0 <= flood(target, head, piece) < 32 << 20


def test_trailers_are_not_fields_of_the_head(target: Served) -> None:
    end = "Accept: text/csv\r\nHost: b\r\n\r\n"
    answer = talk(target, f"{POST}Connection: close\r\n\r\n5\r\nASK{{}}\r\n0\r\n{end}".encode())
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b'{"head":{},"boolean":true}')


def test_garbage_behind_a_request_does_not_get_into_its_answer(target: Served) -> None:
    whole = target.get(THING + "?garbage", "text/turtle").content
    head = f"GET {THING}?garbage HTTP/1.1\r\nHost: a\r\nAccept: text/turtle\r\n\r\n"
    answer = talk(target, f"{head}GARBAGE GARBAGE\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.partition(b"\r\n\r\n")[2] == whole


# ---------------------------------------------------------------- fields and conditions
def test_a_list_in_several_lines_is_one_list(target: Served) -> None:
    def get(*fields: tuple[str, str]) -> httpx.Response:
        return target.client.get(THING, headers=[("Accept", "text/turtle"), *fields])

    split = target.client.get(THING, headers=[("Accept", "image/png"), ("Accept", "text/turtle")])
    assert split.headers["content-type"] == "text/turtle; charset=utf-8"
    etag = get(("Accept-Encoding", "identity")).headers["etag"]
    again = get(("Accept-Encoding", "identity"), ("If-None-Match", '"a"'), ("If-None-Match", etag))
    assert again.status_code == 304


@pytest.mark.parametrize("path", [THING, "/networks", "/dumps/hansa.nq", "/queries/members", "/openapi.json"])
def test_if_match(target: Served, path: str) -> None:
    etag = target.get(path).headers["etag"]
    for tags, expected in (('"no"', 412), (etag, 200), (f'"no", {etag}', 200), ("*", 200), (f"W/{etag}", 412)):
        assert target.get(path, **{"If-Match": tags}).status_code == expected
    both = {"If-Match": '"no"', "If-None-Match": etag}
    assert target.get(path, **both).status_code == 412
    refused = target.get(path, **{"If-Match": '"no"'})
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["status"] == 412


def test_if_unmodified_since(target: Served) -> None:
    path = "/dumps/hansa.nq"
    changed = target.get(path).headers["last-modified"]
    assert target.get(path, **{"If-Unmodified-Since": changed}).status_code == 200
    assert target.get(path, **{"If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:01 GMT"}).status_code == 412
    assert target.get(path, **{"If-Unmodified-Since": "yesterday"}).status_code == 200


def test_a_304_has_the_vary_field_of_the_200(target: Served) -> None:
    for path in ("/dumps/hansa.nq", "/dumps/void.ttl", "/networks?page=2", THING):
        first = target.get(path)
        second = target.get(path, **{"If-None-Match": first.headers["etag"]})
        assert second.status_code == 304
        assert second.headers.get("vary") == first.headers.get("vary")
        assert "content-encoding" not in second.headers


def test_one_entity_tag_is_one_body(release: Path) -> None:
    """Whichever form of an address a process was asked for first."""
    bodies = set()
    for first in (THING, f"{THING}.html"):
        with serve(release, ServeSettings(workers=1)) as running:
            running.get(first, "text/html")
            answer = running.get(THING, "text/html")
            bodies.add((answer.headers["etag"], answer.content))
    assert len(bodies) == 1


def test_files_with_blank_nodes_are_converted_to_the_same_bytes(shipped: Served) -> None:
    first = shipped.get("/shapes.nt").content
    assert b"_:" in first
    assert _converted(shipped.site.release, "shapes.ttl", RDF["ntriples"]) == first


def test_only_a_version_has_files_that_never_change(shipped: Served) -> None:
    version = shipped.site.release.version
    assert "immutable" in shipped.get(f"/releases/{version}/hansa.nq").headers["cache-control"]
    assert shipped.get("/releases/current/hansa.nq").status_code == 404


# ---------------------------------------------------------------- links
LINK = re.compile(r'<([^>]*)>((?:; \w+="[^"]*")*)')


@pytest.mark.parametrize(
    "path", ["/about", "/docs", "/quality", "/pictures", "/developers", "/feed.atom", "/queries/members", THING]
)
def test_links_lead_to_what_they_say(target: Served, path: str) -> None:
    links = [
        (address, dict(re.findall(r'(\w+)="([^"]*)"', rest)))
        for address, rest in LINK.findall(target.get(path).headers["link"])
    ]
    canonical = [address for address, said in links if said["rel"] == "canonical"]
    assert len(canonical) == 1
    for address, said in links:
        if not address.startswith("/") or said["rel"] not in ("canonical", "alternate", "describedby"):
            continue
        found = target.get(address)
        assert found.status_code == 200, address
        assert found.headers["content-type"].startswith(said.get("type", ""))


def test_a_query_string_cannot_write_links(target: Served) -> None:
    head = f'GET {THING}?x=>;rel="preload",<http://evil.example/>;a=" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    answer = talk(target, head.encode())
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"<http://evil" not in answer.partition(b"\r\n\r\n")[0]


def test_answers_of_questions_name_their_own_address(target: Served) -> None:
    for accept, extension in (("text/csv", "csv"), ("text/html", "html"), ("text/turtle", "ttl")):
        answer = target.get("/queries/members?network=league", accept)
        assert answer.headers["content-location"] == f"/queries/members.{extension}?network=league"
        assert target.get(answer.headers["content-location"]).content == answer.content


# ---------------------------------------------------------------- the day
@pytest.mark.parametrize("path", ["/changes.json", "/changes.ttl", "/feed.atom"])
def test_changes_up_to_a_day(shipped: Served, path: str) -> None:
    before, all_of_them = shipped.get(f"{path}?as_of=1990-01-01"), shipped.get(path)
    assert before.status_code == 200
    assert 0 < len(before.content) < len(all_of_them.content)


def test_no_change_after_the_day(shipped: Served) -> None:
    items = shipped.get("/changes.json?as_of=1990-01-01").json()["items"]
    assert items
    assert all(item["day"] <= "1990-01-01" for item in items)
    assert shipped.get("/?as_of=1800-01-01").status_code == 200


def test_what_was_not_there_is_not_found(shipped: Served) -> None:
    wanted = "/doc/network/citynet"
    for path, name in (("/search.json?q=CITYNET", "results"), ("/suggest?prefix=CITYNET", "suggestions")):
        now, then = (shipped.get(f"{path}{day}").json()[name] for day in ("", "&as_of=1900-01-01"))
        assert wanted in [found["href"] for found in now]
        assert wanted not in [found["href"] for found in then]


@pytest.mark.parametrize(
    "path", ["/search?q=a", "/suggest?prefix=a", "/changes?x", "/resolve?id=Q8684", "/developers?x", "/networks?x"]
)
@pytest.mark.parametrize("day", ["2013-02-30", "yesterday", "2013-01-01&as_of=2014-01-01"])
def test_a_day_that_is_none_is_refused(shipped: Served, path: str, day: str) -> None:
    assert shipped.get(f"{path}&as_of={day}").status_code == 400


def test_who_is_sent_on_keeps_day_and_language(shipped: Served) -> None:
    answer = shipped.get("/resolve?id=Q8684&as_of=2001-02-03&lang=fr")
    assert answer.headers["location"] == "/doc/place/seoul?as_of=2001-02-03&lang=fr"


# ---------------------------------------------------------------- SPARQL
VALUES = """SELECT ?a ?b { VALUES (?a ?b) {
  (<http://x.example/a,b> "plain") ("a, b" "q\\"q") ("line\\nend" "return\\rhere") ("tab\\there" "back\\\\slash")
  ("<x>" "a > b") (<http://x.example/c> "l"@zh-Hant) (1 1.50) (true "t"^^<http://x.example/,>) (UNDEF "") ("" UNDEF)
  ("\\u0001" "\\U0001F600") ("it's" "=1+1") } }"""


def test_csv_has_a_cell_for_every_term(target: Served) -> None:
    answer = sparql(target, VALUES, "text/csv")
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    found = sparql(target, VALUES, "application/sparql-results+json").json()["results"]["bindings"]
    assert rows == [["a", "b"], *([row.get(n, {}).get("value", "") for n in "ab"] for row in found)]


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_csv_is_the_same_however_it_is_cut(size: int) -> None:
    tsv = b'?a\t?b\n<x:a>\t"<"\n"a"@en\t"b>"\n1\t_:b0\n<x:,>\t"\\"\\t,\\u00e9"\n\t""\n""\t\n'
    out = io.BytesIO()
    table = CsvFromTsv(out)
    for at in range(0, len(tsv), size):
        table.write(tsv[at : at + size])
    table.close()
    assert out.getvalue().decode() == 'a,b\r\nx:a,<\r\na,b>\r\n1,_:b0\r\n"x:,","""\t,é"\r\n,\r\n,\r\n'


def test_xml_keeps_carriage_returns(target: Served) -> None:
    results = sparql(target, 'SELECT ("a\\r\\nb" AS ?x) {}', "application/sparql-results+xml")
    graph = sparql(target, 'CONSTRUCT { <x:a> <x:b> "a\\r\\nb" } {}', "application/rdf+xml")
    for answer in (results, graph):
        texts = [element.text for element in ElementTree.fromstring(answer.content).iter() if element.text]
        assert "a\r\nb" in texts


def test_rdf_xml_keeps_carriage_returns() -> None:
    said = Triple(NamedNode("x:a"), NamedNode("x:b"), Literal("a\rb\r\n"))
    data = serialise([said], FORMATS["rdfxml"])
    assert "a\rb\r\n" in [element.text for element in ElementTree.fromstring(data).iter()]
    assert [q.triple for q in parse_bytes(data, FORMATS["rdfxml"])] == [said]


def test_a_content_type_may_have_more_parameters(target: Served) -> None:
    for parameters in ("; charset=UTF-8; boundary=x", '; boundary=x; charset="utf-8"', ";charset=utf-8;"):
        headers = {"Content-Type": f"application/x-www-form-urlencoded{parameters}"}
        assert target.client.post("/sparql", content=b"query=ASK%7B%7D", headers=headers).status_code == 200
    odd = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-16; boundary=x"}
    assert target.client.post("/sparql", content=b"query=ASK%7B%7D", headers=odd).status_code == 415


def test_the_service_description_can_be_kept(target: Served) -> None:
    etag = target.get("/sparql", "text/turtle").headers["etag"]
    assert target.get("/sparql", "text/turtle", **{"If-None-Match": etag}).status_code == 304
    assert target.get("/sparql", "application/ld+json").headers["etag"] != etag


def test_short_answers_with_long_keys_do_not_fill_the_memory() -> None:
    cache = AnswerCache(1 << 20)
    graphs = [f"{BASE}graph/{i}" for i in range(100)]
    for number in range(5000):
        job = Job(f"ASK {{ {number} }}", BASE, "a/b", "c/d", named_graphs=list(graphs))
        cache.put(job, Finished("ASK", "a/b", truncated=False, body=b"{}"))
    kept = [n for n in range(5000) if cache.get(Job(f"ASK {{ {n} }}", BASE, "a/b", "c/d", named_graphs=list(graphs)))]
    assert 0 < len(kept) * sum(map(len, graphs)) < 1 << 20
    assert all(b == a + 1 for a, b in pairwise(kept))


# ---------------------------------------------------------------- what is odd is refused in words
@pytest.mark.parametrize(
    "name",
    ["City%00Network", "City%20Network", "%3CCityNetwork%3E", "a%7Cb", "%0A", "%5C", "a%22", "a%5B", "a%23", "a%25ty"],
)
def test_a_term_that_cannot_be_is_not_found(target: Served, name: str) -> None:
    assert target.get(f"/ontology/terms/{name}").status_code == 404


def test_a_version_that_cannot_be_is_not_found(target: Served) -> None:
    assert target.get(f"/releases/0.{'a' * 3000}/hansa.nq").status_code == 404


@pytest.mark.parametrize("escape", ["\\U00110000", "\\UFFFFFFFF", "\\uD800"])
def test_an_escape_of_no_character_is_no_query(target: Served, escape: str) -> None:
    for query in (f"SELECT * {{ ?s ?p '{escape}' }}", f"SELE{escape}CT * {{ }}"):
        assert sparql(target, query, "*/*").status_code == 400
        assert target.client.post("/sparql", data={"query": query}).status_code == 400


def test_files_that_were_taken_away_are_not_there_now(release: Path, tmp_path: Path) -> None:
    place = tmp_path / "1.2.3"
    shutil.copytree(release, place)
    with serve(place, ServeSettings(workers=1)) as running:
        shutil.rmtree(place)
        for path in ("/dumps/hansa.nq", "/shapes.nt", "/context.jsonld"):
            assert running.get(path).status_code == 503
        assert running.get("/dumps/release.json").status_code == 404
        assert running.get(THING, "text/html").status_code == 200


# ---------------------------------------------------------------- looking up
def test_the_preview_may_load_what_its_style_sheet_names(target: Served) -> None:
    policy = target.get("/reconcile/preview?id=network/league").headers["content-security-policy"]
    assert "font-src 'self'" in policy
    assert "script" not in policy


def test_a_name_given_twice_is_no_batch(target: Served) -> None:
    twice = '{"a": {"query": "Seoul"}, "a": {"query": "Tokyo"}}'
    answer = target.client.post("/reconcile", data={"queries": twice})
    assert answer.status_code == 400
    assert "twice" in answer.json()["detail"]
    once = json.dumps({"a": {"query": "Seoul"}, "b": {"query": "Tokyo"}})
    assert target.client.post("/reconcile", data={"queries": once}).status_code == 200


def test_another_city_is_no_slip_of_the_pen(shipped: Served) -> None:
    assert shipped.get("/search.json?q=" + quote("北京")).json()["meant"] is None
    assert shipped.get("/search.json?q=Seuol").json()["meant"]
