"""The parent's end of a worker: its frames as they come, its CPU time, its end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import cast

from hansa.errors import HansaError, QueryError
from hansa.serve.engine.fairness import Turn
from hansa.serve.engine.frames import ERROR, READY, FrameReader, Job, encode_job
from hansa.serve.engine.worker import Limits

_PAGE = os.sysconf("SC_PAGESIZE")
_ENOUGH = 1 << 18
"""Bytes read ahead of a client; a worker whose answer is not taken waits."""


class PoolBusyError(HansaError):
    """All workers are busy and the queue is full, or nobody became free in time."""


class QueryStoppedError(HansaError):
    """The query took longer, or more memory, than it may."""


class WorkerLostError(HansaError):
    """A worker ended in the middle of an answer."""


def error_of(payload: bytes) -> HansaError:
    """Make the error that a worker reports."""
    details = json.loads(payload)
    if details["kind"] == "query":
        return QueryError(details["message"], details["hint"], details["line"], details["column"])
    if details["kind"] == "memory":
        return QueryStoppedError("the query was stopped: it needs more memory than a query may have")
    if details["kind"] == "limit":
        return QueryStoppedError(f"the query was stopped: {details['message']}", "ask for less, or take a dump")
    return WorkerLostError(details["message"])


class Worker(asyncio.Protocol):
    """A worker process, seen from the parent.

    :param on_lost: called when the process has ended
    :ivar pid: 0 until the worker is ready
    :ivar listener: is called when there may be something to :meth:`take`
    :ivar follower: whose job it has already, to begin with when it has answered the one before
    """

    def __init__(self, on_lost: Callable[[Worker], None]) -> None:
        self.pid = 0
        self.lost = False
        self.listener: Callable[[], None] | None = None
        self.follower: Turn | None = None
        self._killed = False
        self._on_lost = on_lost
        self._reader = FrameReader()
        self._frames: deque[tuple[bytes, bytes]] = deque()
        self._held = 0
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None
        self._failure: Exception | None = None
        self._transport: asyncio.Transport | None = None
        self._handle = -1
        self._fresh = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport (asyncio)."""
        # Transports of uvloop are not subclasses of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take frames (asyncio)."""
        for kind, payload in self._reader.feed(data):
            self._frames.append((kind, payload))
            self._held += len(payload)
        if self._held > _ENOUGH and self._transport:
            self._paused = True
            self._transport.pause_reading()
        if self._frames:
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Notice the end of the process (asyncio)."""
        self.lost = True
        self.kill()
        self._wake()
        self._on_lost(self)

    def _wake(self) -> None:
        if self.listener:
            self.listener()
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def fail(self, error: Exception) -> None:
        """Have whoever reads get an error instead."""
        self._failure = error
        self._wake()

    async def read(self) -> tuple[bytes, bytes]:
        """Read one frame; errors as in :meth:`take`."""
        while (frame := self.take()) is None:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return frame

    def take(self) -> tuple[bytes, bytes] | None:
        """Take a frame that has come, ``None`` when there is none yet.

        :raises WorkerLostError: when the process has ended
        :raises Exception: what :meth:`fail` was given
        """
        if self._failure is not None:
            raise self._failure
        if not self._frames:
            if not self.lost:
                return None
            raise WorkerLostError(
                "the query ended its worker", "it needed more memory than a query may have; ask for less at once"
            )
        kind, payload = self._frames.popleft()
        self._held -= len(payload)
        if self._paused and self._held <= _ENOUGH // 2 and self._transport:
            self._paused = False
            self._transport.resume_reading()
        return kind, payload

    async def ready(self) -> None:
        """Wait for the process to open the store.

        :raises HansaError: when it cannot
        """
        try:
            kind, payload = await self.read()
        except WorkerLostError:
            raise HansaError("a worker process ended before it was ready", "give workers more memory") from None
        if kind == ERROR:
            raise error_of(payload)
        assert kind == READY, kind
        self.pid = json.loads(payload)["pid"]
        if hasattr(os, "pidfd_open"):
            with contextlib.suppress(OSError):
                self._handle = os.pidfd_open(self.pid)
        self._fresh = self._memory()

    def _memory(self) -> int:
        """Give the bytes of memory that this process shares with nobody, 0 where that cannot be known."""
        try:
            _, resident, shared, *_ = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()
        except (OSError, ValueError):
            return 0
        return (int(resident) - int(shared)) * _PAGE

    def grown(self) -> int:
        """Give the bytes that it holds more than when it was new."""
        return self._memory() - self._fresh

    def send(self, job: Job) -> None:
        """Give the worker a job; one that has died is noticed when its answer is read."""
        if self._transport and not self.lost:
            self._transport.write(encode_job(job))

    def cpu_seconds(self) -> float | None:
        """Give the CPU time used so far, ``None`` where it cannot be known."""
        if not sys.platform.startswith("linux"):
            return None
        try:
            # The clock of another process, as clock_getcpuclockid(3) makes it on Linux.
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return None

    def step_back(self) -> None:
        """Let this process run only when nothing else wants the processor."""
        with contextlib.suppress(OSError, AttributeError):
            os.sched_setscheduler(self.pid, os.SCHED_IDLE, os.sched_param(0))

    def kill(self) -> None:
        """End the process now."""
        if self._killed:
            return
        self._killed = True
        # A process that has stepped back would also die only when nothing else runs; not everybody may undo it.
        if self.pid and not self.lost:
            with contextlib.suppress(OSError, AttributeError):
                os.sched_setscheduler(self.pid, os.SCHED_OTHER, os.sched_param(0))
        if self._handle >= 0:
            # A handle never means another process that has got the same number since.
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
            os.close(self._handle)
            self._handle = -1
        elif self.pid and not self.lost:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        if self._transport:
            self._transport.abort()


def _tunables() -> str:
    """Have the C library keep more of the many small pieces at hand that a query allocates: an eighth of its time."""
    return ":".join(filter(None, (os.environ.get("GLIBC_TUNABLES", ""), "glibc.malloc.tcache_count=127")))


class Nursery:
    """The process that makes workers, started when needed; see :mod:`hansa.serve.engine.nursery`."""

    def __init__(self, store: Path, limits: Limits) -> None:
        limit = (str(limits.memory), str(limits.rows), str(limits.size))
        self._arguments = (str(store), *limit)
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._lock = asyncio.Lock()

    async def _running(self) -> socket.socket:
        async with self._lock:
            if self._process is None or self._process.returncode is not None or self._control is None:
                await self._start()
            assert self._control is not None
            return self._control

    async def _start(self) -> None:
        if self._control:
            self._control.close()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "hansa.serve.engine.nursery", str(theirs.fileno()), *self._arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                # Without it every thread of the engine reserves 64 MiB of the address space that the limit counts.
                env={**os.environ, "MALLOC_ARENA_MAX": "2", "GLIBC_TUNABLES": _tunables()},
            )

    async def spawn(self, on_lost: Callable[[Worker], None]) -> Worker:
        """Make a worker that is ready for jobs.

        :raises HansaError: when it cannot open the store
        :raises OSError: when there are too many files or processes
        """
        control = await self._running()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(control, [b"w"], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        ours.setblocking(False)
        _, worker = await asyncio.get_running_loop().create_connection(lambda: Worker(on_lost), sock=ours)
        try:
            await worker.ready()
        except BaseException:
            worker.kill()
            raise
        return worker

    async def stop(self) -> None:
        """End the process; its workers end with it."""
        if self._control:
            self._control.close()
        if self._process and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
