"""Queries that would never end: they are stopped, the next one is answered, and nothing goes on burning."""

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
from tests.serve.conftest import Served, serve, wait_until

pytestmark = pytest.mark.alone  # a query has one second, and processor time is read

COUNT_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
RUNAWAYS = [
    COUNT_PRODUCT,
    "SELECT (COUNT(*) AS ?n) { ?a (!<x:1>)* ?b . ?c (!<x:2>)* ?d . ?e (!<x:3>)* ?f }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY DESC(?i)",
    "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(CONCAT(STR(?c), STR(?f), STR(?i)) = 'never') }",
]
ROWS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LIGHT = "ASK { ?s ?p ?o }"


@pytest.fixture(scope="module")
def strict(release: Path) -> Iterator[Served]:
    with serve(release, ServeSettings(workers=2, time_limit=1, queue_limit=2)) as running:
        yield running


@pytest.fixture(autouse=True)
def all_workers_idle(strict: Served) -> None:
    wait_until(lambda: strict.site.pool.idle == 4)


def ask(served: Served, query: str, accept: str = "*/*") -> httpx.Response:
    return served.client.get("/sparql", params={"query": query}, headers={"Accept": accept})


def cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("query", RUNAWAYS)
def test_a_runaway_query_is_stopped_and_its_process_is_gone(strict: Served, query: str) -> None:
    before = set(strict.site.pool.process_ids)
    started = time.monotonic()
    answer = ask(strict, query, "*/*")
    assert answer.status_code == 504
    assert answer.headers["content-type"] == "application/problem+json"
    assert "stopped after 1 seconds" in answer.json()["detail"]
    assert time.monotonic() - started < 4
    assert ask(strict, LIGHT).json()["boolean"] is True
    wait_until(lambda: strict.site.pool.idle == 4)
    gone = before - set(strict.site.pool.process_ids)
    assert len(gone) == 1
    process = gone.pop()
    wait_until(lambda: not is_alive(process), 1)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to read the CPU time of processes")
def test_no_cpu_is_used_once_a_query_is_stopped(strict: Served) -> None:
    assert ask(strict, COUNT_PRODUCT).status_code == 504
    wait_until(lambda: strict.site.pool.idle == 4)
    workers = strict.site.pool.process_ids
    before = sum(cpu_seconds(p) for p in workers)
    time.sleep(0.5)
    assert sum(cpu_seconds(p) for p in workers) - before < 0.05


def test_an_answer_that_is_cut_off_is_visibly_broken(strict: Served) -> None:
    for accept in ("text/csv", "application/sparql-results+json"):
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
            ask(strict, ROWS, accept)


def test_a_page_with_a_runaway_query_is_504_too(strict: Served) -> None:
    assert ask(strict, COUNT_PRODUCT, "text/html").status_code == 504


def test_light_queries_are_answered_beside_a_runaway(strict: Served) -> None:
    with ThreadPoolExecutor(1) as other:
        runaway = other.submit(ask, strict, COUNT_PRODUCT)
        time.sleep(0.2)
        assert all(ask(strict, LIGHT).status_code == 200 for _ in range(10))
        assert strict.get("/doc/network/league", "text/turtle").status_code == 200
        assert runaway.result().status_code == 504


def test_too_many_queries_are_sent_away(strict: Served) -> None:
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: ask(strict, COUNT_PRODUCT), range(8)))
    refused = [a for a in answers if a.status_code == 503]
    assert {a.status_code for a in answers} == {503, 504}
    assert all(int(a.headers["retry-after"]) > 0 for a in refused)


def leave_early(served: Served, query: str) -> None:
    parts = urlsplit(served.url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        wait_until(lambda: served.site.pool.idle == 3)


@pytest.mark.parametrize("query", [COUNT_PRODUCT, ROWS])
def test_a_client_that_leaves_stops_its_query(release: Path, query: str) -> None:
    with serve(release, ServeSettings(workers=2, time_limit=60)) as patient:
        wait_until(lambda: patient.site.pool.idle == 4)
        before = set(patient.site.pool.process_ids)
        leave_early(patient, query)
        wait_until(lambda: patient.site.pool.idle == 4)
        assert len(before - set(patient.site.pool.process_ids)) == 1


def test_a_worker_that_dies_is_replaced(strict: Served) -> None:
    for process in strict.site.pool.process_ids:
        os.kill(process, 9)
    statuses = [ask(strict, LIGHT).status_code for _ in range(4)]
    assert statuses[-1] == 200
    assert set(statuses) <= {200, 504}


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc to read the memory of processes")
def test_memory_that_a_query_has_left_is_given_back(release: Path) -> None:
    sort = "SELECT ?a ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a LIMIT 150000"
    with serve(release, ServeSettings(workers=1, time_limit=60)) as served:
        before = set(served.site.pool.process_ids)
        assert ask(served, sort).status_code == 200
        wait_until(lambda: len(before - set(served.site.pool.process_ids)) == 1)
        wait_until(lambda: served.site.pool.idle == served.site.pool.processes)
        assert ask(served, LIGHT).status_code == 200


def test_memory_has_a_limit(release: Path) -> None:
    twice = " ".join(f"BIND(CONCAT(?v{i}, ?v{i}) AS ?v{i + 1})" for i in range(25))
    huge = f"SELECT (STRLEN(?v25) AS ?n) {{ BIND('0123456789' AS ?v0) {twice} }}"
    with serve(release, ServeSettings(workers=1, time_limit=20, memory_limit=600 << 20)) as small:
        answer = ask(small, huge)
        assert (answer.status_code, "more memory" in answer.json()["hint"]) == (504, True)
        assert ask(small, LIGHT).status_code == 200
