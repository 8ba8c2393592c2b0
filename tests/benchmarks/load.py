"""Put load on a server and say what came of it."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.benchmarks import peers
from tests.benchmarks.procs import Server

CONNECTIONS = 8
_WARM_UP = 1.0
_LUA = Path(__file__).with_name("request.lua")


@dataclass(frozen=True)
class Request:
    """One GET request."""

    path: str
    accept: str
    etag: str = ""

    @property
    def line(self) -> str:
        """The form that the load generators read."""
        return f"{self.path}\t{self.accept}\t{self.etag}\n"


@dataclass(frozen=True)
class Figures:
    """What one run gave; latencies in milliseconds, CPU time of the server in microseconds a request."""

    rate: float
    p50: float
    p99: float
    failed: int
    cpu: float
    bytes_each: float


def generator_name() -> str:
    """Name the load generator that is used."""
    return "wrk" if peers.wrk() else "our own client (wrk is not installed: it limits the faster peers)"


def own_client(server: Server, file: Path, seconds: float, *, connections: int = CONNECTIONS) -> list[str]:
    """Give the command line of our own client."""
    port = server.url.rpartition(":")[2]
    return [sys.executable, "-m", "tests.benchmarks.client", port, str(file), str(connections), str(seconds)]


def _command(server: Server, file: Path, seconds: float, first: int) -> list[str]:
    tool = peers.wrk()
    if tool is None:
        return own_client(server, file, seconds)
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "60s", "-s", str(_LUA)]
    return [tool, *options, server.url, "--", str(file), str(first)]


def run_load(command: list[str]) -> dict[str, float]:
    """Run a load generator and read the line of figures that it prints."""
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    return dict(json.loads(line.removeprefix("RESULT ")))


def write_requests(requests: Sequence[Request], file: Path) -> None:
    """Write what the load generators read."""
    file.write_text("".join(r.line for r in requests), encoding="utf-8")


def put_load_once(server: Server, requests: Sequence[Request], seconds: float) -> Figures:
    """Send each request once, with our own client, so that no answer can come from a cache of finished answers."""
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "requests"
        write_requests(requests, file)
        before = server.cpu_seconds()
        seen = run_load([*own_client(server, file, seconds), "once"])
        return _figures(seen, server.cpu_seconds() - before)


def put_load(server: Server, requests: Sequence[Request], seconds: float, first: int = 0) -> Figures:
    """Send requests over 8 connections for some seconds, after a warm-up of one second that does not count.

    :param first: the request to begin with, so that a second run does not repeat the first
    """
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "requests"
        write_requests(requests, file)
        run_load(_command(server, file, _WARM_UP, first))
        before = server.cpu_seconds()
        seen = run_load(_command(server, file, seconds, first + len(requests) // 2))
        return _figures(seen, server.cpu_seconds() - before)


def _figures(seen: dict[str, float], cpu_seconds: float) -> Figures:
    number = seen["requests"] or 1
    return Figures(
        rate=seen["requests"] / seen["seconds"],
        p50=seen["p50"],
        p99=seen["p99"],
        failed=int(seen["failed"]),
        cpu=cpu_seconds / number * 1e6,
        bytes_each=seen["bytes"] / number,
    )


def medians(runs: Sequence[Figures]) -> Figures:
    """Give the median of each figure; failures are added up."""
    rate, p50, p99, cpu, size = (
        median(getattr(r, n) for r in runs) for n in ("rate", "p50", "p99", "cpu", "bytes_each")
    )
    return Figures(rate, p50, p99, sum(run.failed for run in runs), cpu, size)
