"""Answer queries in worker processes, so that a query can really be stopped.

No engine stops every query when asked (path queries, products and sorts go on), but a process can be killed. The
parent holds the deadline: a worker that is late, or whose client has left, is killed and replaced. The first chunk of
an answer is waited for before anything is sent, so that early errors keep a true status.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hansa.errors import HansaError, QueryError
from hansa.serve.engine.frames import CHUNK, DATA, END, ERROR, HEAD, HEADER, Job, encode_job

_RETRY_SPAWN = 1.0


class PoolBusyError(HansaError):
    """All workers are busy and the queue is full, or nobody became free in time."""


class QueryStoppedError(HansaError):
    """The query took longer, or more memory, than it may."""


class WorkerLostError(HansaError):
    """A worker ended in the middle of an answer."""


@dataclass
class _Worker:
    process: asyncio.subprocess.Process

    async def read(self) -> tuple[bytes, bytes]:
        """Read one frame.

        :raises WorkerLostError: when the process has ended
        """
        assert self.process.stdout is not None
        try:
            kind, length = HEADER.unpack(await self.process.stdout.readexactly(HEADER.size))
            return kind, await self.process.stdout.readexactly(length)
        except asyncio.IncompleteReadError:
            raise WorkerLostError(
                "the query ended its worker", "it needed more memory than a query may have; ask for less at once"
            ) from None

    async def send(self, job: Job) -> None:
        assert self.process.stdin is not None
        # A worker that has died is noticed when its answer is read.
        with contextlib.suppress(ConnectionError):
            self.process.stdin.write(encode_job(job))
            await self.process.stdin.drain()

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


def _raise(payload: bytes) -> None:
    details: dict[str, Any] = json.loads(payload)
    if details["kind"] == "query":
        raise QueryError(details["message"], details["hint"], details["line"], details["column"])
    if details["kind"] == "memory":
        raise QueryStoppedError("the query was stopped: it needs more memory than a query may have")
    raise WorkerLostError(details["message"])


@dataclass
class Answer:
    """An answer on its way: its head is known, its chunks are still to be read.

    Leave it with :meth:`close`, in whatever state; a worker that is not done is then killed.

    :param form: SELECT, ASK, CONSTRUCT or DESCRIBE
    :param media_type: of the chunks
    :param truncated: rows were left out because the job asked for a page only
    """

    pool: Pool
    worker: _Worker
    deadline: float
    form: str = ""
    media_type: str = ""
    truncated: bool = False
    _first: tuple[bytes, bytes] = (END, b"")
    _done: bool = field(default=False, init=False)

    async def _read(self) -> tuple[bytes, bytes]:
        try:
            async with asyncio.timeout_at(self.deadline):
                kind, payload = await self.worker.read()
        except TimeoutError:
            raise QueryStoppedError(
                f"the query was stopped after {self.pool.time_limit:g} seconds",
                "ask for less: add LIMIT, bind more of the patterns, or take a dump and query it at home",
            ) from None
        self._done = kind in (ERROR, END)
        if kind == ERROR:
            _raise(payload)
        return kind, payload

    async def open(self) -> None:
        """Wait for the head and the first chunk.

        :raises QueryError: when the query is wrong
        :raises QueryStoppedError: when nothing came in time
        :raises WorkerLostError: when the worker died of it
        """
        kind, payload = await self._read()
        assert kind == HEAD, kind
        head = json.loads(payload)
        self.form, self.media_type, self.truncated = head["form"], head["media_type"], head["truncated"]
        self._first = await self._read()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the body piece by piece; errors as in :meth:`open`."""
        kind, payload = self._first
        while kind == DATA:
            yield payload
            kind, payload = await self._read()

    def close(self) -> None:
        """Give the worker back, or kill it when it is not done."""
        self.pool.release(self.worker, reusable=self._done)


class Pool:
    """Worker processes on one read-only store.

    :param store: directory of the store
    :param size: number of processes
    :param time_limit: seconds a query may take, sending included; also how long it may wait for a worker
    :param queue_limit: queries that may wait
    :param memory_limit: bytes of address space of a worker, 0 for no limit
    """

    def __init__(self, store: Path, size: int, time_limit: float, queue_limit: int, memory_limit: int = 0) -> None:
        self.time_limit = time_limit
        self._store = store
        self._size = size
        self._queue_limit = queue_limit
        self._memory_limit = memory_limit
        self._idle: asyncio.Queue[_Worker] = asyncio.Queue()
        self._workers: list[_Worker] = []
        self._waiting = 0
        # The loop holds tasks weakly; a respawn that nobody holds could vanish.
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    @property
    def idle(self) -> int:
        """The number of workers that wait for a job."""
        return self._idle.qsize()

    @property
    def running(self) -> int:
        """The number of worker processes that are alive."""
        return sum(worker.process.returncode is None for worker in self._workers)

    @property
    def process_ids(self) -> list[int]:
        """The process ids of the workers that are alive."""
        return [worker.process.pid for worker in self._workers if worker.process.returncode is None]

    async def start(self) -> None:
        """Start all workers.

        :raises HansaError: when they cannot open the store
        """
        await asyncio.gather(*(self._spawn() for _ in range(self._size)))

    async def stop(self) -> None:
        """Kill all workers and wait for their end."""
        self._stopping = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._workers))
        self._workers.clear()

    async def _spawn(self) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hansa.serve.engine.worker", str(self._store), str(self._memory_limit)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=CHUNK,
            start_new_session=True,
        )
        worker = _Worker(process)
        self._workers.append(worker)
        try:
            kind, payload = await worker.read()
        except WorkerLostError:
            raise HansaError("a worker process ended before it was ready", "give workers more memory") from None
        if kind == ERROR:
            _raise(payload)
        self._idle.put_nowait(worker)

    async def _replace(self, worker: _Worker) -> None:
        await worker.end()
        self._workers.remove(worker)
        while not self._stopping:
            try:
                await self._spawn()
            except (HansaError, OSError):
                await asyncio.sleep(_RETRY_SPAWN)
            else:
                return

    def release(self, worker: _Worker, *, reusable: bool) -> None:
        """Take a worker back; one that is not reusable is killed at once and replaced."""
        if reusable and worker.process.returncode is None:
            self._idle.put_nowait(worker)
        elif not self._stopping:
            with contextlib.suppress(ProcessLookupError):
                worker.process.kill()
            task = asyncio.create_task(self._replace(worker))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _acquire(self) -> _Worker:
        if self._idle.empty() and self._waiting >= self._queue_limit:
            raise PoolBusyError("the server is busy: too many queries wait", "try again in a few seconds")
        self._waiting += 1
        try:
            async with asyncio.timeout(self.time_limit):
                return await self._idle.get()
        except TimeoutError:
            raise PoolBusyError("the server is busy: no worker became free", "try again in a few seconds") from None
        finally:
            self._waiting -= 1

    async def submit(self, job: Job) -> Answer:
        """Run a query and wait for its first chunk; close the answer when done with it.

        :raises PoolBusyError: when the queue is full
        :raises QueryError: when the query is wrong
        :raises QueryStoppedError: when it took too long or too much
        """
        worker = await self._acquire()
        answer = Answer(self, worker, asyncio.get_running_loop().time() + self.time_limit)
        try:
            await worker.send(job)
            await answer.open()
        except BaseException:
            answer.close()
            raise
        return answer

    async def fetch(self, job: Job) -> tuple[Answer, bytes]:
        """Run a query whose answer is small, such as one page of rows; give the closed answer and its whole body."""
        answer = await self.submit(job)
        try:
            return answer, b"".join([chunk async for chunk in answer.chunks()])
        finally:
            answer.close()
