"""ASGI middleware around everything: measure and log answers, and keep those that repeat for the wire."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hansa.serve.http.wire import KEEP, WireAnswer
from hansa.serve.operation.access_log import AccessLog
from hansa.serve.operation.metrics import NO_ROUTE, Metrics

if TYPE_CHECKING:
    from hansa.serve.site import Site

RAW = "raw"
"""Where the protocol leaves the bytes of a request in its state, when they are a whole request without a body."""
QUERY = "query"
"""Where the SPARQL endpoint leaves the job and the media type of an answer that others can be like."""
_REASON = {200: b"OK", 304: b"Not Modified"}
_CONVERTOR = re.compile(r":[a-z]+(?=\})")
_ENTRY_BYTES = 256


def route_of(scope: Scope) -> str:
    """Give the template of the path, such as ``/doc/{kind}/{slug}``."""
    path = getattr(scope.get("route"), "path", "")
    return _CONVERTOR.sub("", path) if path else NO_ROUTE


class Observe:
    """The middleware."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log: AccessLog | None = None) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = _Seen(send)
        begun = perf_counter()
        self._metrics.in_flight.inc()
        try:
            await self._app(scope, receive, seen.send)
            self._keep(scope, seen)
        finally:
            self._metrics.in_flight.dec()
            self._note(scope["method"], route_of(scope), scope["path"], seen.status, seen.size, perf_counter() - begun)

    def _note(self, method: str, route: str, path: str, status: int, size: int, seconds: float) -> None:
        self._metrics.count(route, method, status, seconds)
        if self._log:
            self._log.write(method, route, path, status, size, seconds)

    def _keep(self, scope: Scope, seen: _Seen) -> None:
        state = scope.get("state") or {}
        raw = state.get(RAW)
        if not raw or not state.get(KEEP) or seen.status not in _REASON or seen.body is None:
            return
        site: Site = scope["app"].state.site
        body = b"" if scope["method"] == "HEAD" or seen.status == 304 else seen.body
        rest = b"".join(b"%s: %s\r\n" % pair for pair in seen.headers) + b"\r\n"
        line = b"HTTP/1.1 %d %s\r\n" % (seen.status, _REASON[seen.status])
        note: Callable[[int, float], None] = partial(
            self._note, scope["method"], route_of(scope), scope["path"], seen.status
        )
        answer = WireAnswer(line, rest, body, partial(note, len(body)))
        site.wire.put(raw, answer, len(raw) + len(rest) + len(body) + _ENTRY_BYTES)
        if asked := state.get(QUERY):
            job, media_type = asked
            site.shortcut.learn(raw, job, media_type, answer, note)


class _Seen:
    """What went by of an answer: its status, headers, size, and its body when it came in one piece."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 500
        self.size = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body: bytes | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = message["headers"]
        elif message["type"] == "http.response.body":
            body: bytes = message.get("body", b"")
            self.body = body if not self.size and not message.get("more_body", False) else None
            self.size += len(body)
        await self._send(message)
