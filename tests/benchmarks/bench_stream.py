"""A million rows as CSV and as JSON: rows a second, memory of all processes; and a client that leaves.

Memory is given twice: PSS counts what processes share once, RSS counts it for each of them. Idle is the server after
its first page, when it does nothing any more.
"""

from __future__ import annotations

import time
import urllib.request
from urllib.parse import urlencode

import pytest
from rich.console import Console
from rich.table import Table

from hansa.model import Release
from tests.benchmarks import servers
from tests.benchmarks.procs import Server, answers

pytestmark = pytest.mark.timeout(900)
_ROWS = 1_000_000
_LOOK = 0.5
_QUERY = f"SELECT ?s ?p ?o {{ ?s ?p ?o . ?role a <http://www.w3.org/ns/org#Role> }} LIMIT {_ROWS}"


def _open(server: Server, accept: str) -> urllib.request.Request:
    url = f"{server.url}/sparql?{urlencode({'query': _QUERY})}"
    return urllib.request.Request(url, headers={"Accept": accept})


def _read_all(server: Server, accept: str) -> tuple[int, int, float, int, int]:
    """Read the answer; give rows, bytes, seconds and the most memory of all processes meanwhile (PSS and RSS)."""
    began, lines, size, peak, most, looked = time.perf_counter(), 0, 0, 0, 0, 0.0
    mark = b"\n" if accept == "text/csv" else b'"s":{'
    rest = b""
    with urllib.request.urlopen(_open(server, accept), timeout=300) as answer:
        while chunk := answer.read(1 << 18):
            size += len(chunk)
            text = rest + chunk
            lines += text.count(mark)
            rest = text[-(len(mark) - 1) :] if len(mark) > 1 else b""
            if time.perf_counter() - looked > _LOOK:
                peak, most, looked = max(peak, server.memory()), max(most, server.resident()), time.perf_counter()
    return lines, size, time.perf_counter() - began, peak, most


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json"])
def test_a_million_rows(generated: Release, accept: str) -> None:
    with servers.hansa(generated, "--time-limit", "120") as server:
        answers(f"{server.url}/", "text/html")
        idle = server.settle()
        rows, size, seconds, peak, most = _read_all(server, accept)
        after = server.settle()
    table = Table(title=f"SELECT of {_ROWS:,} rows as {accept}")
    for name in ("rows", "MiB", "s", "rows/s", "idle PSS", "peak PSS", "after PSS", "peak RSS"):
        table.add_column(name, justify="right")
    memories = (f"{size >> 20} MiB" for size in (idle, peak, after, most))
    table.add_row(f"{rows:,}", str(size >> 20), f"{seconds:.1f}", f"{rows / seconds:,.0f}", *memories)
    Console(width=120).print(table)
    assert rows >= _ROWS


def test_a_client_that_leaves_stops_its_query(generated: Release) -> None:
    with servers.hansa(generated, "--time-limit", "120") as server:
        with urllib.request.urlopen(_open(server, "text/csv"), timeout=60) as answer:
            answer.read(1 << 16)
        time.sleep(1)
        before = server.cpu_seconds()
        time.sleep(2)
        spent = server.cpu_seconds() - before
    Console(width=120).print(f"CPU in the 2 seconds that begin one second after the client left: {spent:.2f} s")
    assert spent < 1
