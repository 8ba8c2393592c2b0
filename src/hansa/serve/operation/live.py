"""The site that is in service, and the switch to another release while requests go on.

A site never changes. A new release gets a site of its own; requests that have begun stay with the old one, whose
workers are stopped when the last of them is answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from hansa.errors import HansaError
from hansa.manifest import MANIFEST
from hansa.serve.engine.asked import Asked
from hansa.serve.http.cache import ByteCache
from hansa.serve.http.wire import WireAnswer
from hansa.serve.operation.beside import make_beside
from hansa.serve.operation.memory import give_back
from hansa.serve.operation.metrics import Metrics
from hansa.serve.operation.shortcut import Ready
from hansa.serve.settings import ServeSettings

if TYPE_CHECKING:
    from hansa.serve.site import Site

INTERVAL = 1.0
"""Seconds between two looks at the place of the release."""
_QUIET = 2.0
"""Seconds without a request after which memory is given back."""
_log = logging.getLogger("hansa.serve")

MakeApp = Callable[[Path, ServeSettings, Metrics], Starlette]


class _Edition:
    """A release in service: its application, and how many requests it is answering."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.site: Site = app.state.site
        self._lifespan: AbstractAsyncContextManager[object] = app.router.lifespan_context(app)
        self._running = 0
        self.ended = time.monotonic()
        self._idle = asyncio.Event()
        self._idle.set()

    async def start(self) -> None:
        await self._lifespan.__aenter__()

    async def prepare(self) -> None:
        """Make what a request would wait for, where that is wanted."""
        if self.site.settings.warm:
            await self.app.state.prepare()

    async def warm(self) -> None:
        """Make what is likely to be asked for, too."""
        await self.prepare()
        if self.site.settings.warm:
            await self.app.state.warm()

    async def stop(self) -> None:
        await self._lifespan.__aexit__(None, None, None)

    @property
    def is_idle(self) -> bool:
        """Whether no request is being answered."""
        return not self._running

    async def drain(self) -> None:
        await self._idle.wait()
        await self.stop()

    def begin(self) -> None:
        """Take note of a request."""
        self._running += 1
        self._idle.clear()

    def end(self) -> None:
        """Take note of the end of a request."""
        self._running -= 1
        self.ended = time.monotonic()
        if not self._running:
            self._idle.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.begin()
        try:
            await self.app(scope, receive, send)
        finally:
            self.end()


class Live:
    """The ASGI application that hands every request to the release in service.

    :param place: a release directory, or a symbolic link to one, such as ``dist/current``
    :param make_app: makes the application of one release
    :raises HansaError: when there is no release now
    """

    def __init__(self, place: Path, settings: ServeSettings, make_app: MakeApp) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self._place = place
        self._make_app = make_app
        self._first = make_app(place, settings, self.metrics)
        self._edition: _Edition | None = None
        self._refused: Path | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._look = asyncio.Event()
        self._tidied = 0.0

    @property
    def site(self) -> Site:
        """The site in service."""
        site: Site = self._edition.site if self._edition else self._first.state.site
        return site

    @property
    def wire(self) -> ByteCache[bytes, WireAnswer]:
        """The answers known for whole requests."""
        return self.site.wire

    def ask(self, raw: bytes, client: str, ready: Ready) -> Asked | None:
        """Begin to answer a request the short way; ``None`` when it has none.

        :param raw: the bytes of the request
        :param client: key of whoever asks
        """
        edition = self._edition
        if edition is None:
            return None

        def told(answer: WireAnswer | None) -> None:
            edition.end()
            self.metrics.in_flight.dec()
            ready(answer)

        asked = edition.site.shortcut.ask(raw, client, told)
        if asked is not None:
            edition.begin()
            self.metrics.in_flight.inc()
        return asked

    async def prepare(self) -> None:
        """Make what the first release needs before requests come, so that processes forked afterwards share it."""
        if self.settings.warm:
            await self._first.state.prepare()

    def reload(self) -> None:
        """Look for another release now, one that was refused before included."""
        self._refused = None
        self._look.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on (ASGI)."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            assert self._edition is not None
            await self._edition(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._start()
        except HansaError as error:
            await send({"type": "lifespan.startup.failed", "message": error.message})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        edition = _Edition(self._first)
        await edition.start()
        self._serve(edition)
        self._spawn(self._watch())

    def _serve(self, edition: _Edition) -> None:
        self._edition = edition
        self.metrics.watch(edition.site)
        self._spawn(edition.warm())

    def _spawn(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.metrics.save()
        if self._edition:
            await self._edition.stop()

    # ---------------------------------------------------------------- the switch
    async def _watch(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), INTERVAL)
            self._look.clear()
            self.metrics.save()
            await self._look_once()
            self._tidy()

    def _tidy(self) -> None:
        """Give memory back when nothing goes on, some time after the last answer."""
        now, edition = time.monotonic(), self._edition
        if edition and edition.ended > self._tidied and edition.is_idle and now - edition.ended > _QUIET:
            self._tidied = now
            give_back()

    async def _look_once(self) -> None:
        found = self._place.resolve()
        if found in (self.site.release.directory, self._refused) or not (found / MANIFEST).is_file():
            return
        try:
            edition = await self._open(found)
        except Exception as error:  # a release that cannot be served must not end the one that is
            self._refused = found
            self.metrics.switches.labels("refused").inc()
            reason = error.message if isinstance(error, HansaError) else repr(error)
            _log.error("the release in %s is not taken into service: %s", found, reason)
            return
        old = self._edition
        self._serve(edition)
        self.metrics.switches.labels("done").inc()
        _log.warning("now serving release %s from %s", edition.site.release.version, found)
        if old:
            self._spawn(old.drain())

    async def _open(self, place: Path) -> _Edition:
        await make_beside(place)
        app = await asyncio.to_thread(self._make_app, place, self.settings, self.metrics)
        edition = _Edition(app)
        try:
            await edition.start()
            await edition.prepare()
        except BaseException:
            await edition.stop()
            raise
        return edition
