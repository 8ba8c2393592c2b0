"""Answers that take long: few can wait for one, and nobody makes what nobody waits for any more."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hansa.serve.http import apart
from hansa.serve.settings import ServeSettings
from hansa.serve.site import Site
from hansa.serve.things import feeds
from hansa.serve.things.changes import Change, changes
from tests.serve.conftest import Served, serve, wait_until


@pytest.fixture(scope="module")
def target(release: Path) -> Iterator[Served]:
    with serve(release, ServeSettings(workers=1)) as running:
        yield running


def connect(served: Served) -> socket.socket:
    parts = urlsplit(served.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def test_not_everybody_can_wait_for_a_long_answer(target: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_WAITING", 0)
    refused = target.get("/changes.ttl?too-many")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    monkeypatch.setattr(apart, "_WAITING", 1)
    assert [target.get(f"/changes.ttl?n={n}").status_code for n in range(3)] == [200] * 3


def test_nobody_waits_for_whoever_has_left(target: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()
    real = changes

    def slow(site: Site, limit: int | None = None, until: str = "") -> tuple[Change, ...]:
        begun.set()
        go_on.wait(10)
        return real(site, limit, until)

    monkeypatch.setattr(feeds, "changes", slow)
    try:
        leaving = [connect(target) for _ in range(5)]
        for n, connection in enumerate(leaving):
            connection.sendall(f"GET /changes.ttl?leave={n} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        turns = apart._turns
        wait_until(lambda: begun.is_set() and turns[target.site].number == 5)
        for connection in leaving:
            connection.close()
        # Two are being made and cannot be stopped; the three that waited are not made at all.
        wait_until(lambda: turns[target.site].number <= 2)
    finally:
        go_on.set()
    wait_until(lambda: turns[target.site].number == 0)
