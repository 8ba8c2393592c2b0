"""A hundred cartesian products at once, and what light clients see meanwhile: latency, failures, memory.

Before anything is measured the same requests are made once, so that neither row holds first answers and what the server
remembers is in both memories; then it rests until its memory is steady.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from rich.console import Console
from rich.table import Table

from hansa.model import Release
from tests.benchmarks import questions as ask
from tests.benchmarks import servers
from tests.benchmarks.load import own_client, run_load, write_requests
from tests.benchmarks.procs import Server

pytestmark = pytest.mark.timeout(300)
_PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?i != %d) }"
_RUNAWAYS = 100
_SECONDS = 8
_PATIENCE = 15
"""Seconds after which memory is to be back; idle workers that have grown are replaced one after the other."""


def _runaway(server: Server, number: int) -> str:
    url = f"{server.url}/sparql?{urlencode({'query': _PRODUCT % number})}"
    try:
        with urllib.request.urlopen(url, timeout=120) as answer:
            answer.read()
            return str(answer.status)
    except urllib.error.HTTPError as error:
        return str(error.code)
    except OSError as error:
        return type(error).__name__


def _light(server: Server, file: Path) -> dict[str, float]:
    return run_load(own_client(server, file, _SECONDS))


def _settled(server: Server, before: int) -> int:
    """Wait until memory is back, but not for ever; give what it is then."""
    end = time.monotonic() + _PATIENCE
    while (now := server.memory()) > 1.1 * before and time.monotonic() < end:
        time.sleep(0.5)
    return now


def _row(table: Table, name: str, seen: dict[str, float]) -> None:
    rate = seen["requests"] / seen["seconds"]
    figures = (f"{rate:,.0f}", f"{seen['p50']:.1f}", f"{seen['p99']:.1f}", f"{seen['max']:.1f}")
    table.add_row(name, *figures, f"{seen['failed']:.0f}")


@pytest.mark.parametrize("what", ["pages and RDF", "small SELECTs"])
def test_light_clients_beside_runaways(generated: Release, tmp_path: Path, what: str) -> None:
    things = ask.some_things(generated)
    forms = [ask.page(generated, accept) for accept in (ask.TURTLE, ask.JSONLD, ask.HTML)]
    light = forms if what == "pages and RDF" else [ask.select(generated, "/sparql")]
    file = tmp_path / "requests"
    write_requests([light[i % len(light)](thing) for i, thing in enumerate(things)], file)
    with servers.hansa(generated, "--time-limit", "2") as server:
        table = Table(title=f"8 light clients ({what}), {_SECONDS} s; {_RUNAWAYS} runaways, time limit 2 s")
        for name in ("", "requests/s", "p50 ms", "p99 ms", "max ms", "failed"):
            table.add_column(name, justify="right" if name else "left")
        _light(server, file)
        _row(table, "alone, warmed up", _light(server, file))
        before, resident = server.settle(), server.resident()
        with ThreadPoolExecutor(_RUNAWAYS) as clients:
            thrown = [clients.submit(_runaway, server, number) for number in range(_RUNAWAYS)]
            _row(table, "beside runaways", _light(server, file))
            outcomes = Counter(one.result() for one in thrown)
        after = _settled(server, before)
        left = server.resident()
    console = Console(width=120)
    console.print(table)
    console.print(
        f"runaways ended with {dict(outcomes)}; memory (PSS) {before >> 20} → {after >> 20} MiB "
        f"({after / before:.2f}), RSS {resident >> 20} → {left >> 20} MiB"
    )
    assert "200" not in outcomes
