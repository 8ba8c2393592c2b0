"""An answer on its way from a worker: how long it may take, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hansa.serve.engine.frames import DATA, END, ERROR, HEAD, SHORT, Job, read_head, read_short
from hansa.serve.engine.process import Worker, error_of

if TYPE_CHECKING:
    from hansa.serve.engine.pool import Pool

_LEAST = 0.005
_PATIENCE = 20
"""Shares of wall time after which a query counts as slow even when it used little CPU time."""


class DemotedError(Exception):
    """A query needs a place in the slow lane and there is none."""


@dataclass
class Answer:
    """An answer on its way: its head is known, its chunks are still to be read.

    Leave it with :meth:`close`, in whatever state; a worker that is not done is then killed.

    :param brief: it has its share of time and no more
    :param form: SELECT, ASK, CONSTRUCT or DESCRIBE
    :param media_type: of the chunks
    :param truncated: rows were left out because the job asked for a page only
    :param body: the whole answer when it is short, else ``None``
    """

    pool: Pool
    worker: Worker | None
    shape: str = ""
    slow: bool = False
    form: str = ""
    media_type: str = ""
    truncated: bool = False
    body: bytes | None = None
    brief: bool = False
    _done: bool = field(default=False, init=False)
    _timer: asyncio.TimerHandle | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _cpu: float | None = field(default=None, init=False)

    def start(self, job: Job) -> None:
        """Give the worker the job, and watch how long it takes."""
        self.watch()
        assert self.worker is not None
        self.worker.send(job)

    def watch(self) -> None:
        """Watch how long the worker takes from now on."""
        assert self.worker is not None
        loop = asyncio.get_running_loop()
        self._started = loop.time()
        self._cpu = self.worker.cpu_seconds()
        self._timer = loop.call_later(self.pool.time_limit if self.slow else self.pool.share, self._check)

    def take(self, frame: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
        """Take note of a frame of the worker and pass it on.

        :raises HansaError: that it reports
        """
        kind, payload = frame
        self._done = kind in (ERROR, END, SHORT)
        if kind == ERROR:
            raise error_of(payload)
        if kind == SHORT:
            head, self.body = read_short(payload)
            self.form, self.media_type, self.truncated = head
        elif kind == HEAD:
            self.form, self.media_type, self.truncated = read_head(payload)
        return frame

    async def _read(self) -> tuple[bytes, bytes]:
        assert self.worker is not None
        return self.take(await self.worker.read())

    async def run(self, job: Job) -> None:
        """Give the worker the job and wait for the first piece of the answer.

        :raises QueryError: when the query is wrong
        :raises QueryStoppedError: when nothing came in time
        :raises WorkerLostError: when the worker died of it
        """
        self.start(job)
        kind, _ = await self._read()
        assert kind in (HEAD, SHORT), kind
        if self.body is None and not self.slow and not self.pool.slow_down(self):
            raise DemotedError

    def was_quick(self) -> bool:
        """Say whether the query has kept to its share."""
        return self._used() < self.pool.share

    def _used(self) -> float:
        """Give the part of its share that the query has used."""
        assert self.worker is not None
        wall = asyncio.get_running_loop().time() - self._started
        now = self.worker.cpu_seconds()
        cpu = wall if now is None or self._cpu is None else now - self._cpu
        return max(cpu, wall / _PATIENCE)

    def _check(self) -> None:
        assert self.worker is not None
        loop = asyncio.get_running_loop()
        left = self._started + self.pool.time_limit - loop.time()
        if left <= 0:
            self.worker.fail(self.pool.too_late())
            # At once, whether or not somebody is reading.
            self.worker.kill()
            return
        if not self.slow and self._used() >= self.pool.share:
            self.pool.learn(self.shape, quick=False)
            if self.brief or not self.pool.slow_down(self):
                self.worker.fail(DemotedError())
                return
        wait = left if self.slow else min(left, max(_LEAST, self.pool.share - self._used()))
        self._timer = loop.call_later(wait, self._check)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the body piece by piece; errors as in :meth:`run`."""
        if self.body is not None:
            yield self.body
            return
        while (frame := await self._read())[0] == DATA:
            yield frame[1]

    def close(self) -> None:
        """Give the worker back, or kill it when it is not done."""
        if self._timer:
            self._timer.cancel()
        if self.worker is not None:
            worker, self.worker = self.worker, None
            self.pool.release(worker, slow=self.slow, reusable=self._done)
