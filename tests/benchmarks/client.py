"""A load generator of our own: keep-alive connections over raw sockets, in a process of its own.

``python -m tests.benchmarks.client PORT FILE CONNECTIONS SECONDS [once]`` prints one line of JSON. FILE is that of
``request.lua``; ``once`` sends each request once and stops early when there are no more. Slower than wrk, so it is used
only where wrk is not installed, where each thing is asked for once, and where single latencies matter.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path


@dataclass
class Tally:
    """What a run has seen so far; latencies in milliseconds."""

    latencies: list[float] = field(default_factory=list)
    failed: int = 0
    bytes: int = 0

    def as_json(self, seconds: float) -> str:
        ranked = sorted(self.latencies) or [0.0]
        figures = {"requests": len(self.latencies), "seconds": seconds, "bytes": self.bytes, "failed": self.failed}
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            figures[name] = ranked[min(len(ranked) - 1, int(share * len(ranked)))]
        return json.dumps(figures | {"max": ranked[-1]})


def read_requests(file: Path) -> list[bytes]:
    """Read the requests that are to be sent, complete with their headers."""
    requests = []
    for line in file.read_text(encoding="utf-8").splitlines():
        path, accept, tag = line.split("\t")
        extra = f"If-None-Match: {tag}\r\n" if tag else ""
        requests.append(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n{extra}\r\n".encode())
    return requests


async def _body(reader: asyncio.StreamReader, head: bytes, status: int) -> int:
    lower = head.lower()
    if status in (204, 304):
        return 0
    at = lower.find(b"content-length:")
    if at >= 0:
        length = int(lower[at + 15 : lower.index(b"\r\n", at)])
        await reader.readexactly(length)
        return length
    total = 0
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
        total += size
    await reader.readline()
    return total


async def _connection(port: int, requests: Iterator[bytes], end: float, tally: Tally) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.perf_counter() < end and (request := next(requests, None)):
        began = time.perf_counter()
        writer.write(request)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head[9:12])
            # Others add to the sum while this one waits.
            size = await _body(reader, head, status)
            tally.bytes += size
        except (OSError, EOFError, ValueError):
            tally.failed += 1
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        tally.latencies.append((time.perf_counter() - began) * 1000)
        tally.failed += status >= 400
    writer.close()


async def _run(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Tally:
    tally = Tally()
    end = time.perf_counter() + seconds
    await asyncio.gather(*(_connection(port, requests, end, tally) for _ in range(connections)))
    return tally


def main() -> None:
    """Run as a command."""
    port, file, connections, seconds = sys.argv[1:5]
    listed = read_requests(Path(file))
    requests = iter(listed) if sys.argv[5:] == ["once"] else cycle(listed)
    began = time.perf_counter()
    tally = asyncio.run(_run(int(port), requests, int(connections), float(seconds)))
    print("RESULT", tally.as_json(time.perf_counter() - began))


if __name__ == "__main__":
    main()
