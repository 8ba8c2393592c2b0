"""Answer queries in worker processes, so that a query can really be stopped.

No engine stops every query when asked (path queries, products and sorts go on), but a process can be killed. The
parent holds the deadline: a worker that is late, or whose client has left, is killed and replaced.

There are two lanes. Every query begins in the quick lane. One that has used its share of CPU time, or whose answer is
long, needs a place in the slow lane, where processes run only when nothing else wants the processor; when there is
none, the query is stopped and waits for one. So however many slow queries there are, quick ones find a free worker.
Queries that are known to be quick go before those nothing is known of, which get a turn now and then all the same.
While nobody else waits, a worker that is at such a query is given the next one already.
In each queue clients take turns.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from hansa.errors import HansaError
from hansa.serve.engine.answer import Answer, DemotedError
from hansa.serve.engine.asked import Asked, Done
from hansa.serve.engine.fairness import FairQueue, Turn, Waiter
from hansa.serve.engine.frames import Job
from hansa.serve.engine.lanes import AnswerCache, Experience, Finished, shape_of
from hansa.serve.engine.process import Nursery, PoolBusyError, QueryStoppedError, Worker, WorkerLostError
from hansa.serve.engine.worker import Limits
from hansa.serve.settings import ServeSettings

__all__ = ["Answer", "Pool", "PoolBusyError", "QueryStoppedError", "WorkerLostError"]

_RETRY_SPAWN = 1.0
_QUIET, _GROWN = 2.0, 16 << 20
"""Seconds without a query after which idle workers that have grown by so many bytes are replaced."""
_AGAIN = "try again in a few seconds"
_QUICK_QUEUE = 8
_TURN = 0.25
"""Seconds after which a query that nothing is known of goes before those known to be quick; it may take its share."""


class _LostEarlyError(Exception):
    """A worker ended before its query had used its share."""


class Pool:
    """Worker processes on one read-only store.

    :param store: directory of the store
    :param settings: how many workers there are and how much a query may take
    """

    def __init__(self, store: Path, settings: ServeSettings) -> None:
        self.time_limit = settings.time_limit
        self.share = settings.quick_share
        self._size = settings.workers
        limits = Limits(settings.memory_limit, settings.row_limit, settings.byte_limit)
        self._nursery = Nursery(store, limits)
        self._cache = AnswerCache(settings.answer_cache)
        self._experience = Experience()
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        self._leading: dict[Worker, None] = {}
        self._running_quick = self._running_slow = 0
        self._released = self._newcomer = 0.0
        self._quick, self._new = (FairQueue(_QUICK_QUEUE * settings.queue_limit) for _ in range(2))
        self._slow = FairQueue(settings.queue_limit)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    @property
    def processes(self) -> int:
        """The number of worker processes when all are alive."""
        return 2 * self._size

    @property
    def idle(self) -> int:
        """The number of workers that wait for a job."""
        return len(self._idle)

    @property
    def running(self) -> int:
        """The number of worker processes that are alive."""
        return len(self._workers)

    @property
    def waiting(self) -> int:
        """The number of queries that wait for a worker."""
        return len(self._quick) + len(self._new) + len(self._slow)

    @property
    def process_ids(self) -> list[int]:
        """The process ids of the workers that are alive."""
        return [worker.pid for worker in self._workers]

    # ------------------------------------------------------------ workers
    async def start(self) -> None:
        """Start all workers.

        :raises HansaError: when they cannot open the store
        """
        await asyncio.gather(*(self._spawn() for _ in range(self.processes)))
        self._hold(self._tidy())

    async def stop(self) -> None:
        """Kill all workers and wait for their end."""
        self._stopping = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in list(self._workers):
            worker.kill()
        self._workers.clear()
        self._idle.clear()
        await self._nursery.stop()

    async def _spawn(self) -> None:
        worker = await self._nursery.spawn(self._lost)
        self._workers.add(worker)
        self._idle.append(worker)
        self._dispatch()

    def _lost(self, worker: Worker) -> None:
        if worker not in self._workers:
            return
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if not self._stopping:
            self._hold(self._respawn())

    def _hold(self, work: Coroutine[Any, Any, None]) -> None:
        # The loop holds tasks weakly; one that nobody holds could vanish.
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tidy(self) -> None:
        """Give back the memory that queries have left in idle workers: one after the other is replaced."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_QUIET / 2)
            quiet = len(self._idle) == self.processes and loop.time() - self._released >= _QUIET
            if quiet and (largest := max(self._idle, key=Worker.grown)).grown() > _GROWN:
                self._idle.remove(largest)
                largest.kill()

    async def _respawn(self) -> None:
        while not self._stopping:
            try:
                await self._spawn()
            except (HansaError, OSError):
                await asyncio.sleep(_RETRY_SPAWN)
            else:
                return

    def release(self, worker: Worker, *, slow: bool, reusable: bool) -> None:
        """Take a worker back; one that is not done, or has stepped back for a slow query, is killed and replaced."""
        self._released = asyncio.get_running_loop().time()
        if slow:
            self._running_slow -= 1
        else:
            self._running_quick -= 1
        self._leading.pop(worker, None)
        follower, worker.follower = worker.follower, None
        if reusable and not slow and not worker.lost:
            self._go_on(worker, follower)
        else:
            worker.kill()
            if follower:
                follower.set_exception(WorkerLostError("the worker was stopped"))
        self._dispatch()

    def _go_on(self, worker: Worker, follower: Turn | None) -> None:
        if follower is None:
            self._idle.append(worker)
            return
        self._running_quick += 1
        self._leading[worker] = None
        follower.set_result((worker, False))

    # ------------------------------------------------------------ lanes
    def too_late(self) -> QueryStoppedError:
        """Make the error for a query that ran too long."""
        return QueryStoppedError(
            f"the query was stopped after {self.time_limit:g} seconds",
            "ask for less: add LIMIT, bind more of the patterns, or take a dump and query it at home",
        )

    def learn(self, shape: str, *, quick: bool) -> None:
        """Remember how a query went; those like it that wait need not wait behind others any more."""
        first = self._experience.of(shape) is None
        self._experience.learn(shape, quick=quick)
        for waiter in self._new.of_shape(shape) if first and quick else ():
            self._new.remove(waiter)
            self._push(self._quick, waiter)

    def slow_down(self, answer: Answer) -> bool:
        """Move a running query to the slow lane; say whether there was a place."""
        assert answer.worker is not None
        if self._running_slow >= self._size or self._slow:
            return False
        self._running_slow += 1
        self._running_quick -= 1
        answer.slow = True
        answer.worker.step_back()
        self._dispatch()
        return True

    def _next(self) -> tuple[Waiter, bool] | None:
        """Give who may run now, and whether in the slow lane."""
        if waiter := (self._next_new(late=True) or self._next_quick() or self._next_new()):
            return waiter, False
        if self._running_slow < self._size and (waiter := self._slow.pop()):
            return waiter, True
        return None

    def _next_quick(self) -> Waiter | None:
        return self._quick.pop() if self._running_quick < self._size else None

    def _next_new(self, *, late: bool = False) -> Waiter | None:
        """Give one that nothing is known of, with ``late`` only when there was none for a while."""
        # One place is kept for queries that are known to be quick; under such as keep coming it would never be free.
        if not self._new or self._running_quick >= (self._size if late else max(1, self._size - 1)):
            return None
        now = asyncio.get_running_loop().time()
        if late and now - self._newcomer < _TURN:
            return None
        self._newcomer = now
        return self._new.pop()

    def _dispatch(self) -> None:
        while self._idle and (found := self._next()):
            waiter, slow = found
            if waiter.turn.done():
                continue
            if not slow and self._experience.of(waiter.shape) is False:
                self._refuse(waiter) if waiter.brief else self._push(self._slow, waiter)
                continue
            if slow:
                self._running_slow += 1
            else:
                self._running_quick += 1
            worker = self._idle.pop()
            if waiter.brief and not slow:
                self._leading[worker] = None
            waiter.turn.set_result((worker, slow))
        self._send_ahead()

    def _send_ahead(self) -> None:
        """Give workers with a quick query another one, so that they need not wait for it when they have answered.

        Not while others wait, for whom a worker has to become free.
        """
        while self._leading and not self._new and not self._slow and (waiter := self._quick.peek()):
            turn = waiter.turn
            if not isinstance(turn, Asked) or not self._experience.of(waiter.shape):
                return
            self._quick.pop()
            if not turn.done():
                worker, _ = self._leading.popitem()
                turn.go_ahead(worker)

    @staticmethod
    def _push(queue: FairQueue, waiter: Waiter) -> None:
        if evicted := queue.push(waiter):
            Pool._refuse(evicted)

    @staticmethod
    def _refuse(waiter: Waiter) -> None:
        if not waiter.turn.done():
            waiter.turn.set_exception(PoolBusyError("the server is busy: too many queries wait", _AGAIN))

    async def _acquire(self, client: str, shape: str, *, slow: bool) -> tuple[Worker, bool]:
        turn: asyncio.Future[tuple[Worker, bool]] = asyncio.get_running_loop().create_future()
        waiter = Waiter(client, shape, turn)
        known = self._experience.of(shape)
        queue = self._slow if slow or known is False else self._quick if known else self._new
        self._push(queue, waiter)
        self._dispatch()
        if turn.done():
            return turn.result()
        try:
            async with asyncio.timeout(self.time_limit):
                return await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            self._give_back(turn)
            if isinstance(error, TimeoutError):
                raise PoolBusyError("the server is busy: no worker became free", _AGAIN) from None
            raise
        finally:
            self.forget(waiter)

    def forget(self, waiter: Waiter) -> None:
        """Take one that may wait out of the queues."""
        for places in (self._quick, self._new, self._slow):
            places.remove(waiter)

    def _give_back(self, turn: asyncio.Future[tuple[Worker, bool]]) -> None:
        """Undo a turn that came at the very moment when nobody wanted it any more."""
        if turn.done() and not turn.cancelled() and turn.exception() is None:
            worker, slow = turn.result()
            self.release(worker, slow=slow, reusable=True)

    # ------------------------------------------------------------ jobs
    async def _try(self, job: Job, client: str, shape: str, *, slow: bool, last: bool) -> Answer:
        worker, slow = await self._acquire(client, shape, slow=slow)
        answer = Answer(self, worker, shape, slow)
        if slow:
            worker.step_back()
        try:
            await answer.run(job)
        except BaseException as error:
            answer.close()
            if isinstance(error, WorkerLostError) and not answer.slow and not last:
                # It may have been killed by someone else; a query that kills its worker does so again.
                raise _LostEarlyError from None
            raise
        if answer.body is not None:
            self.finished(answer, job)
            answer.close()
        return answer

    def finished(self, answer: Answer, job: Job) -> None:
        """Remember a short answer, and how long it took."""
        assert answer.body is not None
        self.learn(answer.shape, quick=answer.was_quick())
        self._cache.put(job, Finished(answer.form, answer.media_type, answer.truncated, answer.body))

    def known(self, job: Job) -> Answer | None:
        """Give an answer that is remembered."""
        if (known := self._cache.get(job)) is None:
            return None
        return Answer(self, None, "", False, known.form, known.media_type, known.truncated, known.body)

    def ask(self, job: Job, client: str, shape: str, done: Done) -> Asked | None:
        """Ask for a short answer without a task; ``None`` when queries of that shape are not known to be quick."""
        if not self._experience.of(shape):
            return None
        asked = Asked(self, job, client, shape, done)
        self._push(self._quick, asked.waiter)
        self._dispatch()
        return asked

    async def submit(self, job: Job, client: str) -> Answer:
        """Run a query and wait for its first piece; close the answer when done with it.

        :param client: key of whoever asks, see :func:`hansa.serve.engine.fairness.client_key`
        :raises PoolBusyError: when the queue is full
        :raises QueryError: when the query is wrong
        :raises QueryStoppedError: when it took too long or too much
        """
        if known := self.known(job):
            return known
        shape = shape_of(job.query)
        slow = last = False
        while True:
            try:
                return await self._try(job, client, shape, slow=slow, last=last)
            except DemotedError:
                slow = True
            except _LostEarlyError:
                last = True

    async def fetch(self, job: Job, client: str) -> tuple[Answer, bytes]:
        """Run a query whose answer is small, such as one page of rows; give the closed answer and its whole body."""
        answer = await self.submit(job, client)
        with contextlib.closing(answer):
            return answer, b"".join([chunk async for chunk in answer.chunks()])
