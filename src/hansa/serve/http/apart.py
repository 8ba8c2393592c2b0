"""Make what takes long in a thread, so that other requests are not held up meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary, WeakValueDictionary

import anyio
import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from hansa.serve.engine.streaming import ClientGoneError, while_connected
from hansa.serve.http.errors import HttpError
from hansa.serve.http.negotiate import Representation
from hansa.serve.http.responses import Render
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site

_THREADS = 2
"""Answers that are made at once; the interpreter runs one at a time, so more would only take turns more often."""


_WAITING = 32
_CLIENT_CLOSED = 499


class _PostponedError(Exception):
    """An answer has to be made, which is not done where requests are taken."""

    def __init__(self, chosen: Representation, reader: Reader) -> None:
        super().__init__()
        self.work = chosen, reader


@dataclass
class _Turns:
    """Who asks for what is being made waits for it, and finds it ready."""

    limiter: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(_THREADS))
    number: int = 0
    locks: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count who waits.

        :raises HttpError: 503 when there are too many
        """
        if self.number >= _WAITING:
            raise HttpError(
                503, "too many long answers are being made", "try again in a few seconds", headers={"Retry-After": "5"}
            )
        self.number += 1
        try:
            yield
        finally:
            self.number -= 1

    def lock(self, name: str) -> asyncio.Lock:
        found = self.locks.get(name)
        if found is None:
            found = self.locks[name] = asyncio.Lock()
        return found


_turns: WeakKeyDictionary[Site, _Turns] = WeakKeyDictionary()


async def made_apart(request: Request, answer: Callable[[Render], Response], render: Render) -> Response:
    """Answer with what a thread makes; what the client or the cache has is given at once.

    :param answer: looks for what is there, and calls what it is given to make the body when there is nothing
    :param render: makes the body
    :raises HttpError: 503 when too many wait
    """

    def postpone(chosen: Representation, reader: Reader) -> bytes:
        raise _PostponedError(chosen, reader)

    try:
        return answer(postpone)
    except _PostponedError:
        pass
    site: Site = request.app.state.site
    turns = _turns.get(site) or _turns.setdefault(site, _Turns())
    lock = turns.lock(f"{request.url.path}?{request.url.query} {request.headers.get('accept')}")

    async def made() -> Response:
        async with lock:
            try:
                return answer(postpone)
            except _PostponedError as asked:
                body = await anyio.to_thread.run_sync(render, *asked.work, limiter=turns.limiter)
            return answer(lambda _chosen, _reader: body)

    try:
        with turns.waiting():
            return await while_connected(request.receive, made())
    except ClientGoneError:
        return Response(status_code=_CLIENT_CLOSED)
