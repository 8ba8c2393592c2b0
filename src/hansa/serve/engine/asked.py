"""Ask for a short answer without a task: the worker's frames call back.

A query whose like was quick before is asked in this way. It waits in the same queue as all others and can be killed
like them; whatever is not a short answer within its share of time is asked for again in the ordinary way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from hansa.errors import HansaError
from hansa.serve.engine.answer import Answer, DemotedError
from hansa.serve.engine.fairness import Waiter
from hansa.serve.engine.frames import SHORT, Job
from hansa.serve.engine.process import Worker

if TYPE_CHECKING:
    from hansa.serve.engine.pool import Pool

Done = Callable[[Answer | None], None]
"""Is called once: with a closed answer that has a body, or with nothing, and then the query is to be asked again."""


class Asked:
    """A query under way; it stands in for the future of the :class:`Waiter` that it is.

    :param done: is never called before the constructor has returned
    """

    def __init__(self, pool: Pool, job: Job, client: str, shape: str, done: Done) -> None:
        self.waiter = Waiter(client, shape, self, brief=True)
        self._pool = pool
        self._job = job
        self._tell: Done | None = done
        self._answer: Answer | None = None
        self._sent = False
        self._timer = asyncio.get_running_loop().call_later(pool.time_limit, self._finish, None)

    def done(self) -> bool:
        """Say whether its turn has come, or is not waited for any more."""
        return self._answer is not None or self._tell is None

    def go_ahead(self, worker: Worker) -> None:
        """Give a worker the job before it has answered another; :meth:`set_result` or :meth:`set_exception` follows."""
        self._sent = True
        worker.follower = self
        worker.send(self._job)

    def set_result(self, place: tuple[Worker, bool]) -> None:
        """Begin, now that there is a worker."""
        worker, slow = place
        self._timer.cancel()
        self._answer = Answer(self._pool, worker, self.waiter.shape, slow, brief=True)
        if slow:
            # Its like has been found slow since it began to wait.
            asyncio.get_running_loop().call_soon(self._finish, None)
            return
        worker.listener = self._look
        if self._sent:
            self._answer.watch()
            # The answer may be there already.
            asyncio.get_running_loop().call_soon(self._look)
        else:
            self._answer.start(self._job)

    def set_exception(self, _error: Exception) -> None:
        """Give up, for the queue is full, or the worker had to be stopped."""
        asyncio.get_running_loop().call_soon(self._finish, None)

    def _look(self) -> None:
        answer = self._answer
        if answer is None or answer.worker is None:
            return
        try:
            frame = answer.worker.take()
            kind = answer.take(frame)[0] if frame else b""
        except (HansaError, DemotedError):
            self._finish(None)
            return
        if kind == SHORT:
            self._pool.learn(answer.shape, quick=answer.was_quick())
            self._finish(answer)
        elif kind:
            # A long answer; it is streamed in the ordinary way.
            self._finish(None)

    def _finish(self, answer: Answer | None) -> None:
        self._timer.cancel()
        if self._answer is None:
            self._pool.forget(self.waiter)
        else:
            if self._answer.worker is not None:
                self._answer.worker.listener = None
            # First of all, so that the worker has its next job while this answer is sent.
            self._answer.close()
        tell, self._tell = self._tell, None
        if tell is not None:
            tell(answer)

    def cancel(self) -> None:
        """Stop: nobody wants the answer any more."""
        self._finish(None)
