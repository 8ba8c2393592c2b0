"""HTTP/1.1 connections that slow or greedy clients cannot hold, and that answer repeats without waking anybody."""

from __future__ import annotations

import asyncio
from functools import partial
from time import perf_counter
from typing import Any, cast

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from hansa.serve.engine.asked import Asked
from hansa.serve.engine.fairness import client_key
from hansa.serve.http.cache import ByteCache
from hansa.serve.http.wire import WireAnswer
from hansa.serve.operation.observe import RAW
from hansa.serve.settings import ServeSettings

_LARGEST_KEPT = 4096
_END = b"\r\n\r\n"
_MARGIN = 2
"""Heads and bodies somewhat over the limits are read to their end, so that the refusal can be sent in good order."""
_AHEAD = 16
"""Requests that are read while another one is being answered; what follows them stays bytes until they are, too."""


class _Flow(FlowControl):
    """Reading that can be held up, whoever else wants it to go on."""

    held = False

    def resume_reading(self) -> None:
        if not self.held:
            super().resume_reading()

    def hold(self, *, held: bool) -> None:
        self.held = held
        (self.pause_reading if held else self.resume_reading)()


class Protocol(HttpToolsProtocol):
    """A connection.

    The application has ``settings``, ``wire``, the answers known for whole requests, and ``ask``, which answers some
    others without a task.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._live = cast("Any", self.config.app)
        self._settings: ServeSettings = self._live.settings
        self._timer: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._head_bytes = self._body_bytes = 0
        self._between = True
        self._in_head = True
        self._raw = b""
        self._client = ""
        self._asked: Asked | None = None
        self._begun = 0.0
        self._running: RequestResponseCycle | None = None
        self._later = b""
        self._deaf = False
        self._ending = False

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
        return self._asked is None and (self.cycle is None or self.cycle.response_complete)

    def _refuse(self, status: bytes) -> None:
        self.transport.write(b"HTTP/1.1 " + status + b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
        self.transport.close()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self.flow = _Flow(transport)
        self._client = client_key(self.client[0] if self.client else "")
        self._wait(self._settings.header_timeout)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers, and stop the query."""
        self._done_waiting()
        self.resume_writing()
        self._leave_running()
        super().connection_lost(exc)
        if self._asked is not None:
            self._asked.cancel()

    def _leave_running(self) -> None:
        """Tell the request that is being answered that nobody listens; the base class tells only the last one read."""
        self.pipeline.clear()
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def shutdown(self) -> None:
        """Close the connection, but not before an answer under way is sent."""
        if self._asked is None:
            super().shutdown()
        self._ending = True

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
        """Take bytes, but read few requests ahead: each that waits takes a hundred times the memory of its bytes."""
        if self._later or self._is_full():
            self._keep_for_later(self._later + data)
        else:
            self._take(data)

    def _is_full(self) -> bool:
        return bool(self.pipeline) or self._asked is not None

    def _take(self, data: bytes) -> None:
        at = 0
        while at < len(data) and not (self._is_full() or self._deaf or self.transport.is_closing()):
            end = _end_of_some(data, at)
            self._take_some(data[at:end])
            at = end
        self._keep_for_later(data[at:])

    def _keep_for_later(self, data: bytes) -> None:
        """Keep what a client sends before it has its answer, and when that is much, let it wait."""
        self._later = data
        if not self.transport.is_closing():
            cast("_Flow", self.flow).hold(held=len(data) > _LARGEST_KEPT)

    def _take_what_waits(self) -> None:
        if self._later and not self._is_full():
            later, self._later = self._later, b""
            self._take(later)

    def on_response_complete(self) -> None:
        """Begin with the next request."""
        super().on_response_complete()
        self._take_what_waits()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP; an answer that is under way is finished first, and nothing gets into the middle."""
        if self._in_head and not self._is_quiet():
            self._deaf = True
            self._done_waiting()
            self.cycle.keep_alive = False
        elif self.pipeline or (self.cycle is not None and self.cycle.response_started and not self._is_quiet()):
            self.transport.abort()
        else:
            super().send_400_response(msg)

    def _take_some(self, data: bytes) -> None:
        """Answer a known request at once; read anything else."""
        self._raw = b""
        if self._between and self._is_quiet() and len(data) <= _LARGEST_KEPT and data.endswith(_END):
            if self._answered(data):
                return
            if data.startswith((b"GET ", b"HEAD ")) and data.find(_END) == len(data) - len(_END):
                if self._is_asked(data):
                    return
                self._raw = data
        self._read(data)

    def _read(self, data: bytes) -> None:
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > _MARGIN * (self._settings.header_limit + self._settings.url_limit) + len(data):
                self._refuse(b"431 Request Header Fields Too Large")
                return
        elif self._is_endless(len(data)):
            self.transport.abort()
            return
        super().data_received(data)

    def _is_endless(self, size: int) -> bool:
        """Count what follows a head, whether or not somebody reads it: a body, extensions of chunks, trailers."""
        self._body_bytes += size
        return self._body_bytes > _MARGIN * (self._settings.body_limit + self._settings.header_limit) + size

    def _answered(self, data: bytes) -> bool:
        wire: ByteCache[bytes, WireAnswer] = self._live.wire
        known = wire.get(data)
        if known is None or self.transport.is_closing():
            return False
        self._begin()
        self._send(known)
        return True

    def _is_asked(self, data: bytes) -> bool:
        if self.transport.is_closing() or self._ending:
            return False
        self._asked = self._live.ask(data, self._client, partial(self._told, data))
        if self._asked is None:
            return False
        self._begin()
        return True

    def _begin(self) -> None:
        self._begun = perf_counter()
        self._unset_keepalive_if_required()
        self._done_waiting()

    def _send(self, answer: WireAnswer) -> None:
        fields = [b"%s: %s\r\n" % field for field in self.server_state.default_headers]
        self.transport.write(b"".join((answer.status_line, *fields, answer.rest, answer.body)))
        self.on_response_complete()
        answer.sent(perf_counter() - self._begun)

    def _told(self, raw: bytes, answer: WireAnswer | None) -> None:
        """Send the answer that was asked for, or have the application make it."""
        self._asked = None
        if self.transport.is_closing():
            return
        if answer is None:
            self._raw = raw
            self._read(raw)
        else:
            self._send(answer)
        if self._ending:
            super().shutdown()
        else:
            self._take_what_waits()

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        self._between = False
        self._in_head = True
        self._wait(self._settings.header_timeout)
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head. Trailers are dropped: they must not pass for fields (RFC 9110 section 6.5.1)."""
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Take note that the head is there; a body may follow."""
        self._in_head = False
        self._head_bytes = self._body_bytes = 0
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


def _end_of_some(data: bytes, at: int) -> int:
    """Find where a handful of heads end."""
    for _ in range(_AHEAD):
        if (found := data.find(_END, at)) < 0:
            return len(data)
        at = found + len(_END)
    return at
