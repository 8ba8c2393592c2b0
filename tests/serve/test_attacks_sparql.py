"""Attacks on the endpoint: whatever is sent, the server stays up, says no in words, and answers everybody else."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from hansa.serve.settings import ServeSettings
from tests.serve.conftest import BASE, Served, serve, wait_until

SERVICE_TRICKS = [
    "SELECT * { { SELECT * { SERVICE <{url}> { ?s ?p ?o } } } }",
    "SELECT * { FILTER NOT EXISTS { SERVICE <{url}> { ?s ?p ?o } } }",
    "SELECT (EXISTS { SERVICE <{url}> { ?s ?p ?o } } AS ?x) { }",
    "PREFIX e: <{url}> SELECT * { SERVICE e: { ?s ?p ?o } }",
    "PREFIX SERVICE: <{url}> SELECT * { SERVICE SERVICE: { ?s ?p ?o } }",
    "SELECT * { BIND(<{url}> AS ?e) SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { SERVICE #<x>\n<{url}> { ?s ?p ?o } }",
    "SELECT * { # '\nSERVICE <{url}> { ?s ?p ?o } # '\n}",
    "SELECT * { FILTER(1 <2) SERVICE <{url}> { ?s ?p ?o } FILTER(3> 2) }",
    "SELECT * { ?a ?b 1.SERVICE <{url}> { ?s ?p ?o } }",
    "SELECT * { ?a ?b 'x'@en.SERVICE <{url}> { ?s ?p ?o } }",
    "SELECT * { ?a ?b '''\\''''.SERVICE <{url}> { ?s ?p ?o } #'''\n }",
    "SELECT * { ?a <x:\\u0022> ?b . SERVICE <{url}> { ?s ?p ?o } }",
    "SELECT * { \\u0053\\u0045RVICE <{url}> { ?s ?p ?o } }",
    "SELECT * { sErViCe SiLeNt <{url}> { ?s ?p ?o } }",
    "SELECT * { OPTIONAL { SERVICE <{url}> { ?s ?p ?o } } MINUS { SERVICE <{url}> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } { GRAPH ?g { SERVICE <{url}> { ?s ?p ?o } } }",
    "DESCRIBE ?s { SERVICE <{url}> { ?s ?p ?o } }",
    "SELECT * { LATERAL { SERVICE <{url}> { ?s ?p ?o } } }",
    "SELECT * FROM <{url}> { ?s ?p ?o }",
    "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "BASE <file:///etc/> SELECT * FROM <passwd> { ?s ?p ?o }",
    "PREFIX f: <file:///etc/> SELECT * FROM f:passwd { ?s ?p ?o }",
    "SELECT * FROM <\\u0066ile:///etc/passwd> { ?s ?p ?o }",
    "LOAD <file:///etc/passwd>",
    "ASK {} ; LOAD <{url}>",
]

PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o"
BOMBS = {
    "group concat": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?x) {{ {PRODUCT} }}",
    "sort": f"SELECT * {{ {PRODUCT} }} ORDER BY ?a ?d ?g",
    "distinct": f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {PRODUCT} }} }}",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (!<x:1>|^!<x:2>)* ?b . ?c (!<x:3>|^!<x:4>)+ ?d . ?e (!<x:5>)* ?f }",
    "regex": "SELECT (SUM(IF(REGEX(CONCAT(STR(?c), STR(?f)), '(a+)+(b|c*)*x{30}$'), 1, 0)) AS ?n) { " + PRODUCT + " }",
    "replace": f"SELECT (SUM(STRLEN(REPLACE(STR(?c), '.', STR(?f)))) AS ?n) {{ {PRODUCT} }}",
    "values": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(60)))} }}" for i in range(8))
    + " }",
    "doubling": "SELECT (STRLEN(?v60) AS ?n) { BIND('0123456789' AS ?v0) "
    + " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(60))
    + " }",
}
DEEP = {
    "groups": "ASK " + "{" * 30_000 + "}" * 30_000,
    "brackets": "ASK { FILTER(" + "(" * 30_000 + "1" + ")" * 30_000 + ") }",
    "negations": "ASK { FILTER(" + "!" * 30_000 + "true) }",
    "path": "ASK { ?s " + "(" * 20_000 + "<x:p>" + ")*" * 20_000 + " ?o }",
    "collections": "ASK { ?s ?p " + "(" * 20_000 + ")" * 20_000 + " }",
    "unions": "ASK { " + " UNION ".join(["{ ?s ?p ?o }"] * 8_000) + " }",
    "filters": "ASK { FILTER(" + "||".join(["?s = 1"] * 20_000) + ") }",
}


@pytest.fixture(scope="module")
def target(release: Path) -> Iterator[Served]:
    limits = ServeSettings(workers=1, time_limit=1.5, queue_limit=8, memory_limit=700 << 20)
    with serve(release, limits) as running:
        yield running


def ask(served: Served, query: str) -> httpx.Response:
    return served.client.post(
        "/sparql", content=query.encode(), headers={"Content-Type": "application/sparql-query", "Accept": "*/*"}
    )


@pytest.mark.parametrize("query", SERVICE_TRICKS)
def test_nothing_is_fetched_however_it_is_written(target: Served, query: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.05)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        answer = ask(target, query.replace("{url}", address))
        assert answer.status_code in (400, 403)
        assert "root:" not in answer.text
        with pytest.raises(TimeoutError):
            trap.accept()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_goes_off_in_its_worker_only(target: Served, name: str) -> None:
    server = os.getpid()
    answer = ask(target, BOMBS[name])
    assert answer.status_code in (400, 500, 503, 504), answer.text[:200]
    assert answer.json()["detail"]
    assert ask(target, "ASK { ?s ?p ?o }").json()["boolean"] is True
    assert os.getpid() == server


@pytest.mark.parametrize("name", DEEP)
def test_a_deep_query_breaks_a_worker_at_most(target: Served, name: str) -> None:
    answer = ask(target, DEEP[name])
    assert answer.status_code in (200, 400, 503, 504), answer.text[:200]
    assert ask(target, "ASK { ?s ?p ?o }").json()["boolean"] is True


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ('SELECT ("\\u0001" AS ?x) {}', "application/sparql-results+xml"),
        ('SELECT ("\\uFFFF" AS ?x) {}', "application/sparql-results+xml"),
        ('CONSTRUCT { <x:a> <x:b> "\\u000B" } {}', "application/rdf+xml"),
        ("CONSTRUCT { <x:a> <x:b()> 1 } {}", "application/rdf+xml"),
        ("CONSTRUCT { <x:a> <x:1> 1 } {}", "application/rdf+xml"),
    ],
)
def test_what_xml_cannot_hold_is_never_sent_as_xml(target: Served, query: str, form: str) -> None:
    headers = {"Content-Type": "application/sparql-query", "Accept": form}
    answer = target.client.post("/sparql", content=query.encode(), headers=headers)
    assert (answer.status_code, "XML" in answer.json()["detail"]) == (400, True)
    assert ask(target, query).status_code == 200


def test_a_query_that_is_too_long_is_refused(target: Served) -> None:
    assert ask(target, "ASK {}" + " " * (1 << 20)).status_code == 413
    answer = target.client.get("/sparql", params={"query": "ASK {}" + "#" * 20_000})
    assert answer.status_code == 414


def test_what_a_literal_says_is_never_run(target: Served) -> None:
    text = "</script><script>alert(1)</script>"
    query = f'SELECT ("{text}" AS ?x) ("javascript:alert(1)" AS ?y) (IRI("javascript:alert(1)") AS ?z) {{}}'
    page = target.client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"}).text
    assert "<script>" not in page
    assert 'href="javascript:' not in page


def test_a_reader_that_does_not_read_is_cut_off(target: Served) -> None:
    parts = urlsplit(target.url)
    query = quote(f"SELECT * {{ {PRODUCT} }}")
    with socket.create_connection((parts.hostname, parts.port)) as slow:
        slow.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
        time.sleep(0.4)
        assert ask(target, "ASK { ?s ?p ?o }").status_code == 200
        wait_until(lambda: target.site.pool.idle == target.site.pool.processes)
        slow.settimeout(5)
        received = b""
        while chunk := slow.recv(1 << 20):
            received += chunk
        assert received
        assert not received.endswith(b"0\r\n\r\n")


def test_a_worker_killed_in_flight_does_no_harm(target: Served) -> None:
    with ThreadPoolExecutor(1) as other:
        running = other.submit(ask, target, f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}")
        time.sleep(0.4)
        for process in target.site.pool.process_ids:
            os.kill(process, 9)
        assert running.result().status_code in (503, 504)
    assert all(ask(target, "ASK { ?s ?p ?o }").status_code == 200 for _ in range(5))


def _percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


LIGHT_PATHS = [
    "/doc/network/league",
    "/sparql?query=" + quote("ASK { ?s ?p ?o }"),
    "/sparql?query=" + quote("SELECT ?name { <%s> <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }"),
]


@pytest.mark.alone
def test_light_requests_go_on_beside_a_hundred_runaways(release: Path) -> None:
    settings = ServeSettings(workers=2, time_limit=3, queue_limit=64)
    times: list[float] = []
    with serve(release, settings) as site:
        wait_until(lambda: site.site.pool.idle == site.site.pool.processes)
        limits = httpx.Limits(max_connections=160)
        with httpx.Client(base_url=site.url, timeout=30, limits=limits) as client, ThreadPoolExecutor(110) as threads:

            def runaway(number: int) -> int:
                query = f"SELECT (COUNT(*) AS ?n{number}) {{ {PRODUCT} FILTER(?a != <x:{number}>) }}"
                return client.get("/sparql", params={"query": query}).status_code

            def light(number: int) -> list[int]:
                statuses = []
                for turn in range(4):
                    path = LIGHT_PATHS[(number + turn) % 3].replace("%25s", f"{BASE}id/network/{number}-{turn}")
                    started = time.monotonic()
                    statuses.append(client.get(path, headers={"Accept": "*/*"}).status_code)
                    times.append(time.monotonic() - started)
                return statuses

            runaways = [threads.submit(runaway, n) for n in range(100)]
            with ThreadPoolExecutor(8) as others:
                lights = [status for found in others.map(light, range(50)) for status in found]
            assert set(lights) == {200}
            assert {r.result() for r in runaways} <= {503, 504}
        wait_until(lambda: site.site.pool.idle == site.site.pool.processes)
    print(
        f"light requests: median {_percentile(times, 0.5) * 1000:.1f} ms, p99 {_percentile(times, 0.99) * 1000:.1f} ms"
    )
