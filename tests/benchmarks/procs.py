"""Servers as child processes: start, wait until they answer, read their CPU time and memory, end."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_STEADY = 2 << 20
_REST = 4.0
"""Seconds in which a server recycles a process that has grown."""
_PAGE = re.compile(r"^(VmRSS|VmHWM):\s+(\d+) kB", re.MULTILINE)


def free_port() -> int:
    """Ask the kernel for a port that nobody uses."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _parent(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return -1


def family(process: int) -> list[int]:
    """Give a process and all of its descendants."""
    parents = {int(p.name): _parent(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdigit()}
    found = [process]
    for member in found:
        found += [child for child, parent in parents.items() if parent == member]
    return found


def _cpu(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    # Children that have ended and been waited for are counted in their parent.
    return sum(int(f) for f in fields[11:15]) / _TICKS


def memory(process: int, what: str = "VmRSS") -> int:
    """Give the resident memory of one process in bytes; ``VmHWM`` for its peak, 0 when it is gone."""
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(size) * 1024 for name, size in _PAGE.findall(text) if name == what), 0)


def _own_part(process: int) -> int:
    """Give the proportional set size of a process in bytes, 0 when it is gone."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


@dataclass(frozen=True)
class Server:
    """A running server.

    :param url: without a slash at the end
    """

    name: str
    url: str
    process: int

    def cpu_seconds(self) -> float:
        """Give the CPU time that it and its children have used."""
        return sum(_cpu(p) for p in family(self.process))

    def memory(self) -> int:
        """Give the memory of it and its children in bytes; what they share is counted once."""
        return sum(_own_part(p) for p in family(self.process))

    def resident(self) -> int:
        """Give the resident memory of it and its children in bytes; what they share is counted for each of them."""
        return sum(memory(p) for p in family(self.process))

    def settle(self, seconds: float = 30) -> int:
        """Wait until it does nothing and its memory no longer changes; give that memory in bytes."""
        self.calm_down(seconds)
        end, before = time.monotonic() + seconds, 0
        while abs((now := self.memory()) - before) > _STEADY and time.monotonic() < end:
            before = now
            time.sleep(_REST)
        return now

    def calm_down(self, seconds: float = 120) -> None:
        """Wait until it does nothing: what a server prepares after its start is no part of an answer."""
        end = time.monotonic() + seconds
        before = -1.0
        while (now := self.cpu_seconds()) - before > 0.02 and time.monotonic() < end:
            before = now
            time.sleep(1)

    def workers(self) -> list[int]:
        """Give the process ids of its children."""
        return family(self.process)[1:]


def answers(url: str, accept: str = "*/*") -> bytes | None:
    """Get a URL; ``None`` when nobody answers, the body whatever the status is."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        return error.read()
    except OSError:
        return None


def _wait(process: subprocess.Popen[bytes], url: str, log: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while answers(url) is None:
        if process.poll() is not None or time.monotonic() > end:
            tail = log.read_text(encoding="utf-8", errors="replace")[-800:]
            raise RuntimeError(f"the server did not start: {tail}")
        time.sleep(0.1)


@contextmanager
def running(
    name: str,
    command: Sequence[str | Path],
    port: int,
    *,
    ready: str = "/",
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    seconds: float = 300,
) -> Iterator[Server]:
    """Run a server as a child process and end it afterwards.

    :param port: the one that the command names
    :param ready: a path that is answered once it is ready
    :raises RuntimeError: when it does not answer in time
    """
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=directory,
                env={**os.environ, **(environment or {})},
            )
            try:
                _wait(process, f"{url}{ready}", log, seconds)
                server = Server(name, url, process.pid)
                server.calm_down()
                yield server
            finally:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
