"""Several processes on one port: one that dies is replaced, all switch releases, and what they measure adds up."""

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from hansa.config import Config
from hansa.errors import HansaError
from hansa.rdf import Literal, NamedNode, Quad, parse_file
from hansa.serve.operation.server import listen_often
from hansa.serve.settings import ServeSettings, share_of
from tests.serve.conftest import BASE, DATA, make_release, wait_until

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found in /proc")


class Running:
    """A server of two processes."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.url = url
        # Every request has a connection of its own, which either process may get.
        limits = httpx.Limits(max_keepalive_connections=0)
        self.client = httpx.Client(base_url=url, verify=False, limits=limits, timeout=20)

    def children(self) -> set[int]:
        file = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return {int(number) for number in file.read_text().split()}

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path, headers={"Accept": "text/turtle"})

    def releases(self) -> set[str]:
        return {self.get("/ready").json()["release"] for _ in range(24)}

    def counted(self) -> float:
        families = text_string_to_metric_families(self.get("/metrics").text)
        return sum(
            s.value
            for family in families
            for s in family.samples
            if s.name == "hansa_http_requests_total" and s.labels["route"] == "/doc/{kind}/{slug}"
        )


@contextmanager
def run(release: Path) -> Iterator[Running]:
    options = ("--port", "0", "--processes", "2", "--workers", "2")
    command = [sys.executable, "-m", "hansa.cli", "serve", "--release", str(release), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        url = process.stdout.readline().partition(" on ")[2].split()[0].rstrip("/")
        running = Running(process, url)
        with running.client:
            wait_until(lambda: len(running.children()) == 2 and _all_ready(running))
            yield running
    finally:
        process.kill()
        process.communicate()


def _all_ready(running: Running) -> bool:
    try:
        return all(running.get("/ready").status_code == 200 for _ in range(8))
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def dist(release: Path, config: Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("fleet")
    shutil.copytree(release.parent / "1.2.2", place / "1.2.2")
    # Other data, so that there is no query store for it yet: forked processes have to see to it.
    graph, name = NamedNode(f"{BASE}graph/yearbook"), Literal("League of Harbours", language="en")
    added = Quad(
        NamedNode(f"{BASE}id/network/league"), NamedNode("http://www.w3.org/2004/02/skos/core#altLabel"), name, graph
    )
    make_release(place / "1.2.3", config, [*parse_file(DATA / "graph.trig"), added])
    (place / "current").symlink_to("1.2.2")
    return place


@pytest.fixture(scope="module")
def fleet(dist: Path) -> Iterator[Running]:
    with run(dist / "current") as running:
        yield running


def test_what_the_processes_measure_adds_up(fleet: Running) -> None:
    before = fleet.counted()
    answers = Counter(fleet.get("/doc/network/league").status_code for _ in range(30))
    assert answers == {200: 30}
    # The others leave their figures every second.
    wait_until(lambda: fleet.counted() == before + 30)
    assert fleet.counted() == before + 30
    workers = [line for line in fleet.get("/metrics").text.splitlines() if line.startswith("hansa_workers ")]
    assert workers == ["hansa_workers 4.0"]


def test_a_process_that_is_killed_is_replaced_and_what_it_counted_is_kept(fleet: Running) -> None:
    start = fleet.counted()
    for _ in range(40):
        fleet.get("/doc/network/league")
    wait_until(lambda: fleet.counted() >= start + 40)
    before, first = fleet.counted(), fleet.children()
    victim = min(first)
    os.kill(victim, signal.SIGKILL)
    # Connections to the socket of the dead one wait for its successor.
    answers = Counter(fleet.get("/doc/network/league").status_code for _ in range(20))
    assert answers == {200: 20}
    assert len(fleet.children()) == 2
    assert victim not in fleet.children()
    wait_until(lambda: fleet.counted() >= before + 20)


def test_a_new_release_reaches_all_processes(fleet: Running, dist: Path) -> None:
    assert fleet.releases() == {"1.2.2"}
    (dist / "next").symlink_to("1.2.3")
    (dist / "next").rename(dist / "current")
    wait_until(lambda: fleet.releases() == {"1.2.3"}, 60)
    assert all("League of Harbours" in fleet.get("/doc/network/league").text for _ in range(8))


def test_a_port_of_a_running_fleet_is_taken(fleet: Running) -> None:
    port = int(fleet.url.rpartition(":")[2])
    with pytest.raises(HansaError, match="taken"):
        listen_often("127.0.0.1", port, 2)


def test_no_process_outlives_the_parent(release: Path) -> None:
    with run(release) as running:
        children = running.children()
        running.process.kill()
        running.process.wait()
        wait_until(lambda: not any(_is_alive(child) for child in children))


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_processes_that_cannot_live_end_the_server(tmp_path: Path) -> None:
    # In a process of its own: forking this one would copy its threads' locks.
    code = (
        "import os\n"
        "from hansa.serve.operation import fleet\n"
        "from hansa.serve.operation.server import listen_often\n"
        "fleet._PAUSE = 0\n"
        "sockets = listen_often('127.0.0.1', 0, 2)\n"
        "try:\n"
        "    fleet.Fleet(sockets, lambda taken: os._exit(3), lambda process: None).run()\n"
        "except fleet.HansaError as error:\n"
        "    print(error.message)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "end as soon as they begin" in done.stdout


def test_what_is_counted_for_all_is_shared_out() -> None:
    share = share_of(ServeSettings(processes=2, workers=3, queue_limit=64, cache_bytes=1 << 20))
    assert (share.workers, share.queue_limit, share.cache_bytes) == (2, 32, 1 << 19)
    assert share_of(ServeSettings(processes=4, workers=1, queue_limit=0)).workers == 1
