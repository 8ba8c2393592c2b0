"""Operation: measurements, the log, slow clients, the end of the process."""

import asyncio
import io
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from hansa.errors import ConfigError
from hansa.serve.app import create_app
from hansa.serve.operation.access_log import AccessLog
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import Served, serve, wait_until

QUICK = ServeSettings(workers=1, header_timeout=0.4, body_timeout=0.6)
SLOW_QUERY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def quick(release: Path) -> Iterator[Served]:
    with serve(release, QUICK) as running:
        yield running


@pytest.mark.parametrize(
    "change", [{"workers": 0}, {"time_limit": 0}, {"body_limit": -1}, {"time_limit": float("nan")}]
)
def test_settings_that_make_no_sense_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=next(iter(change))):
        replace(ServeSettings(), **change)  # type: ignore[arg-type]


def _samples(served: Served) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    text = served.get("/metrics").text
    return {
        (s.name, tuple(sorted(s.labels.items()))): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
    }


def _answers(samples: dict[tuple[str, tuple[tuple[str, str], ...]], float], route: str, status: str) -> float:
    labels = (("method", "GET"), ("route", route), ("status", status))
    return samples.get(("hansa_http_requests_total", labels), 0)


def test_metrics_count_by_template_and_never_by_name(served: Served) -> None:
    before = _samples(served)
    for _ in range(3):
        served.get("/doc/network/league", "text/turtle", **{"X-Test": "metrics"})
    served.get("/doc/network/no-such-network")
    served.get("/no/such/path-at-all")
    served.get("/sparql?query=ASK%20%7B%20%3Curn%3Asecret%3E%20%3Fp%20%3Fo%20%7D")
    after = _samples(served)
    assert _answers(after, "/doc/{kind}/{slug}", "200") == _answers(before, "/doc/{kind}/{slug}", "200") + 3
    assert _answers(after, "/doc/{kind}/{slug}", "404") == _answers(before, "/doc/{kind}/{slug}", "404") + 1
    assert _answers(after, "none", "404") == _answers(before, "none", "404") + 1
    assert after[("hansa_http_request_duration_seconds_count", (("route", "/doc/{kind}/{slug}"),))] >= 4
    assert after[("hansa_workers", ())] >= 1
    assert after[("hansa_http_requests_in_flight", ())] == 1
    info = dict(next(labels for name, labels in after if name == "hansa_release_info"))
    assert info["version"] == "1.2.3"
    text = served.get("/metrics").text
    assert "secret" not in text
    assert "no-such" not in text


def test_the_log_says_what_happened_and_not_who_asked(capsys: pytest.CaptureFixture[str], release: Path) -> None:
    with serve(release, replace(QUICK, access_log=True)) as running:
        for _ in range(2):
            running.get("/doc/network/league?lang=ja", "text/turtle", **{"User-Agent": "Spy/1", "Referer": "http://x/"})
        running.get("/search?q=my+illness")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    assert [(e["method"], e["route"], e["path"], e["status"]) for e in lines] == [
        ("GET", "/doc/{kind}/{slug}", "/doc/network/league", 200),
        ("GET", "/doc/{kind}/{slug}", "/doc/network/league", 200),
        ("GET", "/search", "/search", 200),
    ]
    assert all(set(e) == {"time", "method", "route", "path", "status", "bytes", "ms"} for e in lines)
    assert not any(word in json.dumps(lines) for word in ("127.0.0.1", "Spy", "illness", "lang=", "http://x"))


def test_a_path_cannot_forge_a_line_of_the_log() -> None:
    out = io.StringIO()
    AccessLog(out).write("GET", "none", '/x\n{"status": 200}\u2028', 404, 0, 0.001)
    assert len(out.getvalue().splitlines()) == 1


def test_ready_says_when_there_are_no_workers(release: Path) -> None:
    async def ask(path: str) -> httpx.Response:
        # Without its lifespan the application has a store and no workers.
        transport = httpx.ASGITransport(create_app(release, QUICK))
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            return await client.get(path)

    answer = asyncio.run(ask("/ready"))
    assert (answer.status_code, answer.json()["workers"], answer.json()["store"]) == (503, 0, True)
    assert asyncio.run(ask("/health")).status_code == 200


def _connect(served: Served) -> socket.socket:
    url = httpx.URL(served.url)
    return socket.create_connection((url.host, url.port or 80), timeout=5)


def _end(connection: socket.socket) -> tuple[bytes, float]:
    begun, got = time.monotonic(), b""
    try:
        while piece := connection.recv(65536):
            got += piece
    except ConnectionError:
        pass
    return got, time.monotonic() - begun


@pytest.mark.alone
def test_a_client_that_says_nothing_is_cut_off(quick: Served) -> None:
    with _connect(quick) as connection:
        got, seconds = _end(connection)
    assert got == b""
    assert seconds < 3


@pytest.mark.alone
def test_a_client_that_never_ends_its_header_is_cut_off(quick: Served) -> None:
    with _connect(quick) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        stop = threading.Event()

        def drip() -> None:
            while not stop.wait(0.1):
                try:
                    connection.sendall(b"X-A: b\r\n")
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        got, seconds = _end(connection)
        stop.set()
        thread.join()
    assert got.startswith(b"HTTP/1.1 408 ") or got == b""
    assert seconds < 3


@pytest.mark.alone
def test_a_client_that_never_ends_its_body_is_cut_off(quick: Served) -> None:
    with _connect(quick) as connection:
        head = (
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\n"
        )
        connection.sendall(head + b"ASK")
        _, seconds = _end(connection)
    assert seconds < 3
    assert quick.get("/health").status_code == 200


@pytest.mark.alone
def test_a_header_without_end_is_refused_early(quick: Served) -> None:
    with _connect(quick) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-A: " + b"y" * 150_000)
        got, _ = _end(connection)
    assert not got or got.startswith((b"HTTP/1.1 431", b"HTTP/1.1 408"))


@pytest.mark.alone
def test_requests_in_one_packet_are_answered_in_order(quick: Served) -> None:
    one = b"GET /doc/network/league HTTP/1.1\r\nHost: x\r\nAccept: text/turtle\r\n\r\n"
    last = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with _connect(quick) as connection:
        connection.sendall(one)
        time.sleep(0.2)
        connection.sendall(one + one + last)
        got, _ = _end(connection)
    assert got.count(b"HTTP/1.1 200 OK") == 4
    assert got.count(b"content-location: /doc/network/league.ttl") == 3
    assert got.endswith(b'{"status":"ok"}')


@contextmanager
def _process(release: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "hansa.cli", "serve", "--release", str(release), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        url = line.partition(" on ")[2].split()[0].rstrip("/")
        wait_until(lambda: _is_ready(url))
        yield process, url
    finally:
        process.kill()
        process.communicate()


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/ready").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.alone
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_what_it_began_and_says_all_is_well(release: Path, stop: signal.Signals) -> None:
    with _process(release, "--workers", "1", "--time-limit", "1.5") as (process, url):
        status: list[int] = []

        def ask() -> None:
            status.append(httpx.get(f"{url}/sparql", params={"query": SLOW_QUERY}, timeout=20).status_code)

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.5)
        process.send_signal(stop)
        assert process.wait(15) == 0
        asking.join()
    assert len(status) == 1
    assert status[0] in (200, 504)
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{url}/health")
