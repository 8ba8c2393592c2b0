"""Another release goes into service while requests go on."""

import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from hansa.config import Config
from hansa.rdf import Literal, NamedNode, Quad, parse_file
from hansa.serve.operation import live
from hansa.serve.settings import ServeSettings
from hansa.vocab import SKOS
from tests.serve.conftest import BASE, DATA, Served, make_release, serve, wait_until

LEAGUE = NamedNode(f"{BASE}id/network/league")
SETTINGS = ServeSettings(workers=1, time_limit=20)


def _point(link: Path, target: Path) -> None:
    """Move a symbolic link in one step, as the build does."""
    fresh = link.with_name(".fresh")
    fresh.symlink_to(target)
    fresh.replace(link)


@pytest.fixture
def dist(tmp_path: Path, config: Config) -> Path:
    quads = list(parse_file(DATA / "graph.trig"))
    make_release(tmp_path / "1.0.0", config, quads, version="1.0.0")
    more = Quad(LEAGUE, SKOS.altLabel, Literal("Second Edition", language="en"), NamedNode(f"{BASE}graph/yearbook"))
    make_release(tmp_path / "2.0.0", config, [*quads, more], version="2.0.0")
    _point(tmp_path / "current", tmp_path / "1.0.0")
    return tmp_path


@pytest.fixture
def running(dist: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(live, "INTERVAL", 0.1)
    with serve(dist / "current", SETTINGS) as served:
        yield served


class _Load:
    """Clients that ask without pause, each on its own connection."""

    PATHS = (
        ("/doc/network/league", "text/turtle"),
        ("/doc/network/league", "text/html"),
        ("/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D", "text/csv"),
    )

    def __init__(self, url: str) -> None:
        self.statuses: Counter[object] = Counter()
        self._url = url
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=asked) for asked in self.PATHS]

    def _ask(self, path: str, accept: str) -> None:
        with httpx.Client(base_url=self._url, timeout=20) as client:
            while not self._stop.is_set():
                try:
                    self.statuses[client.get(path, headers={"Accept": accept}).status_code] += 1
                except httpx.HTTPError as error:
                    self.statuses[repr(error)] += 1

    def __enter__(self) -> "_Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def _version(served: Served) -> str:
    return str(served.get("/ready").json()["release"])


def test_no_request_fails_while_releases_change(dist: Path, running: Served) -> None:
    first = running.get("/doc/network/league", "text/turtle")
    old_pool = running.live.site.pool
    with _Load(running.url) as load:
        for version in ("2.0.0", "1.0.0", "2.0.0"):
            _point(dist / "current", dist / version)
            wait_until(lambda wanted=version: _version(running) == wanted)  # type: ignore[misc]
    assert set(load.statuses) == {200}
    assert load.statuses[200] > 20
    second = running.get("/doc/network/league", "text/turtle", **{"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert "Second Edition" in second.text
    wait_until(lambda: old_pool.running == 0)


@pytest.mark.alone
def test_a_query_under_way_ends_on_the_release_it_began_with(dist: Path, running: Served) -> None:
    different = "?a != ?i && ?d != ?g && ?c != ?f && STR(?a) != STR(?d)"
    slow = f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g a ?i FILTER({different}) }}"
    old_pool = running.live.site.pool
    statuses: list[int] = []
    asking = threading.Thread(
        target=lambda: statuses.append(
            httpx.get(f"{running.url}/sparql", params={"query": slow}, timeout=30).status_code
        )
    )
    asking.start()
    time.sleep(0.2)
    _point(dist / "current", dist / "2.0.0")
    wait_until(lambda: _version(running) == "2.0.0")
    assert asking.is_alive(), "the query ended before the switch and shows nothing"
    asking.join()
    assert statuses == [200]
    wait_until(lambda: old_pool.running == 0)


def test_a_broken_release_is_not_taken_into_service(
    dist: Path, running: Served, caplog: pytest.LogCaptureFixture
) -> None:
    broken = dist / "3.0.0"
    shutil.copytree(dist / "2.0.0", broken)
    (broken / "hansa.nq").write_bytes(b"this is cut")
    _point(dist / "current", broken)
    wait_until(lambda: "not taken into service" in caplog.text)
    assert _version(running) == "1.0.0"
    assert running.get("/doc/network/league").status_code == 200
    assert 'hansa_release_switches_total{outcome="refused"} 1.0' in running.get("/metrics").text
    _point(dist / "current", dist / "2.0.0")
    wait_until(lambda: _version(running) == "2.0.0")
