"""HTTP/1.1 connections that slow or greedy clients cannot hold, and that answer repeats without waking anybody."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from hansa.serve.http.cache import ByteCache
from hansa.serve.http.wire import WireAnswer
from hansa.serve.operation.observe import RAW
from hansa.serve.settings import ServeSettings

_LARGEST_KEPT = 4096
_END = b"\r\n\r\n"
_MARGIN = 2
"""Heads somewhat over the limits are read to their end, so that the refusal can be sent in good order."""


class Protocol(HttpToolsProtocol):
    """A connection.

    The application has ``settings`` and ``wire``, the answers known for whole requests.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._live = cast("Any", self.config.app)
        self._settings: ServeSettings = self._live.settings
        self._timer: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._between = True
        self._in_head = True
        self._raw = b""

    # ---------------------------------------------------------------- time
    def _wait(self, seconds: float) -> None:
        self._done_waiting()
        self._timer = self.loop.call_later(seconds, self._too_slow)

    def _done_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_slow(self) -> None:
        """Cut a client off that did not send its request in time; 408 when no answer has begun."""
        if self.transport.is_closing():
            return
        if self._in_head and not self._between and self._is_quiet():
            self._refuse(b"408 Request Timeout")
        else:
            self.transport.abort()

    def _is_quiet(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _refuse(self, status: bytes) -> None:
        self.transport.write(b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        self.transport.close()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait(self._settings.header_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._done_waiting()
        self.resume_writing()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not read."""
        super().pause_writing()
        self._stall = self.loop.call_later(self._settings.body_timeout, self.transport.abort)

    def resume_writing(self) -> None:
        """Take note that the client reads again."""
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
        super().resume_writing()

    # ---------------------------------------------------------------- requests
    def data_received(self, data: bytes) -> None:
        """Answer a known request at once; read anything else."""
        self._raw = b""
        if self._between and self._is_quiet() and len(data) <= _LARGEST_KEPT and data.endswith(_END):
            if self._answered(data):
                return
            if data.startswith((b"GET ", b"HEAD ")) and data.find(_END) == len(data) - len(_END):
                self._raw = data
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > _MARGIN * (self._settings.header_limit + self._settings.url_limit) + len(data):
                self._refuse(b"431 Request Header Fields Too Large")
                return
        super().data_received(data)

    def _answered(self, data: bytes) -> bool:
        wire: ByteCache[bytes, WireAnswer] = self._live.wire
        known = wire.get(data)
        if known is None or self.transport.is_closing():
            return False
        begun = perf_counter()
        self._unset_keepalive_if_required()
        self._done_waiting()
        fields = [b"%s: %s\r\n" % field for field in self.server_state.default_headers]
        self.transport.write(b"".join((known.status_line, *fields, known.rest, known.body)))
        self.on_response_complete()
        known.sent(perf_counter() - begun)
        return True

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        self._between = False
        self._in_head = True
        self._wait(self._settings.header_timeout)
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Take note that the head is there; a body may follow."""
        self._in_head = False
        self._head_bytes = 0
        self._wait(self._settings.body_timeout)
        if self._raw and self.parser.get_http_version() == "1.1" and self.parser.should_keep_alive():
            self.scope["state"][RAW] = self._raw
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Take note that the request is there as a whole."""
        self._between = True
        self._in_head = True
        self._done_waiting()
        super().on_message_complete()
