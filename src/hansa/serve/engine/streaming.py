"""Send answers of the pool to clients: in pieces, with a true status, and never longer than the client listens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from hansa.errors import HansaError
from hansa.serve.engine.fairness import client_key
from hansa.serve.engine.frames import Job
from hansa.serve.engine.pool import Answer, Pool
from hansa.serve.http.errors import error_response
from hansa.serve.http.wire import KEEP

T = TypeVar("T")

_SOON = 0.02
"""Seconds in which most answers are there, so that watching for a departure is not worth while."""
_log = logging.getLogger("hansa.serve")


class ClientGoneError(Exception):
    """The client has left; nobody waits for the answer."""


def _not_about_cut_answers(record: logging.LogRecord) -> bool:
    return "returned without completing response" not in record.getMessage()


# An answer is cut off on purpose, and we write a line about it with the reason.
logging.getLogger("uvicorn.error").addFilter(_not_about_cut_answers)


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class _Watch:
    """Cancels a task when the client leaves; it begins to look only when the answer takes longer than most."""

    def __init__(self, receive: Receive, task: asyncio.Task[Any]) -> None:
        self.departed = False
        self._receive = receive
        self._task = task
        self._looking: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(_SOON, self._begin)

    def _begin(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        await _departure(self._receive)
        self.departed = True
        self._task.cancel()

    async def end(self) -> None:
        self._timer.cancel()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)


async def while_connected(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """Do some work, but drop it when the client leaves.

    :raises ClientGoneError: when that happened
    """
    task = asyncio.current_task()
    assert task is not None
    watch = _Watch(receive, task)
    try:
        return await work
    except asyncio.CancelledError:
        if watch.departed and not task.uncancel():
            raise ClientGoneError from None
        raise
    finally:
        await watch.end()


def client_of(request: Request) -> str:
    """Give the key by which the pool knows whoever asks."""
    return client_key(request.client.host if request.client else "")


class AnswerResponse(Response):
    """Streams the answer of a query.

    Until the first piece has come an error has its own status. Afterwards the connection is cut, so that the client
    sees a broken body and never takes a part for the whole.

    :param headers_for: gives the headers once the form of the answer is known
    """

    def __init__(self, request: Request, pool: Pool, job: Job, headers_for: Callable[[Answer], dict[str, str]]) -> None:
        super().__init__()
        self._request = request
        self._pool = pool
        self._job = job
        self._headers_for = headers_for

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response (ASGI)."""
        try:
            await while_connected(receive, self._run(scope, receive, send))
        except ClientGoneError:
            _log.info("the client left; the query is stopped")

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._pool.submit(self._job, client_of(self._request))
        except HansaError as error:
            await error_response(self._request, error)(scope, receive, send)
            return
        with closing(answer):
            if answer.body is not None:
                headers = self._headers_for(answer)
                # Only an answer that never changes has an entity tag.
                scope.setdefault("state", {})[KEEP] = "ETag" in headers
                await Response(answer.body, headers=headers)(scope, receive, send)
            else:
                await self._stream(answer, send)

    async def _stream(self, answer: Answer, send: Send) -> None:
        try:
            # A client that does not read has no more time than a query that does not end.
            async with asyncio.timeout(self._pool.time_limit):
                await self._send(answer, send)
        except HansaError as error:
            # No last chunk is sent: the server closes the connection and the body stays visibly incomplete.
            _log.warning("answer cut off: %s", error.message)
        except TimeoutError:
            _log.warning("answer cut off: the client was too slow to take it")

    async def _send(self, answer: Answer, send: Send) -> None:
        response = Response(headers=self._headers_for(answer))
        headers = [(k, v) for k, v in response.raw_headers if k != b"content-length"]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if self._request.method != "HEAD":
            async for chunk in answer.chunks():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
