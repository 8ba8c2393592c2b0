"""ASGI middleware that packs bodies (gzip, Zstandard) for clients that take it.

Bodies that are there as a whole are packed once and kept; what is streamed is packed piece by piece in a thread. Every
coding of a representation has its own entity tag: that of the representation with the coding appended (RFC 9110 section
8.8.3.3).
"""

from __future__ import annotations

import anyio.to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hansa.serve.http.encoding import SMALLEST, StreamPacker, choose_coding, is_worth_packing, pack

_Headers = list[tuple[bytes, bytes]]


def _get(headers: _Headers, name: bytes) -> bytes:
    return next((value for key, value in headers if key == name), b"")


def _replaced(headers: _Headers, name: bytes, value: bytes) -> _Headers:
    return [*((k, v) for k, v in headers if k != name), (name, value)]


def _plain_tags(headers: _Headers, coding: str) -> _Headers:
    """Let the endpoint see its own entity tags in If-None-Match."""
    tags = _get(headers, b"if-none-match")
    ending = f'-{coding}"'.encode()
    if not coding or ending not in tags:
        return headers
    return _replaced(headers, b"if-none-match", tags.replace(ending, b'"'))


class Packing:
    """The middleware. Entity tags name bytes exactly, so packed bodies are kept under them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers: _Headers = scope["headers"]
        coding = choose_coding(_get(headers, b"accept-encoding").decode("latin-1"))
        tags = _get(headers, b"if-none-match")
        if coding and tags:
            scope["headers"] = _plain_tags(headers, coding)
        await self._app(scope, receive, _Sender(scope, send, coding, tags).send)


class _Sender:
    def __init__(self, scope: Scope, send: Send, coding: str, tags: bytes) -> None:
        self._scope = scope
        self._send = send
        self._coding = coding
        self._tags = tags
        self._start: Message | None = None
        self._packer: StreamPacker | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            whole = not message.get("more_body", False) and message["type"] == "http.response.body"
            if self._is_stream(start, whole=whole):
                self._begin_stream(start)
            elif whole:
                message = self._packed(start, message)
            await self._send(start)
        if self._packer and self._scope["method"] != "HEAD":
            work = self._packer.add if message.get("more_body", False) else self._packer.finish
            message = {**message, "body": await anyio.to_thread.run_sync(work, message.get("body", b""))}
        await self._send(message)

    def _is_stream(self, start: Message, *, whole: bool) -> bool:
        """Tell whether a body comes in pieces; for HEAD it has none, and only its missing length tells."""
        headers: _Headers = start["headers"]
        if _get(headers, b"content-length") or start["status"] != 200:
            return False
        return not whole or self._scope["method"] == "HEAD"

    def _begin_stream(self, start: Message) -> None:
        headers: _Headers = list(start["headers"])
        media_type = _get(headers, b"content-type").decode("latin-1")
        if _get(headers, b"content-encoding") or not is_worth_packing(media_type, SMALLEST):
            return
        start["headers"] = headers = self._with_vary(headers)
        if not self._coding:
            return
        self._packer = StreamPacker(self._coding)
        headers = _replaced(headers, b"content-encoding", self._coding.encode())
        if etag := _get(headers, b"etag"):
            headers = _replaced(headers, b"etag", etag[:-1] + f'-{self._coding}"'.encode())
        start["headers"] = headers

    def _packed(self, start: Message, message: Message) -> Message:
        headers: _Headers = list(start["headers"])
        if _get(headers, b"content-encoding") or _get(headers, b"accept-ranges"):
            return message
        body: bytes = message.get("body", b"")
        etag = _get(headers, b"etag")
        media_type = _get(headers, b"content-type").decode("latin-1")
        not_modified = start["status"] == 304
        worth = is_worth_packing(media_type, len(body))
        if not_modified or (media_type and is_worth_packing(media_type, SMALLEST)):
            start["headers"] = headers = self._with_vary(headers)
        if not not_modified and not worth:
            return message
        if self._coding and etag:
            coded = etag[:-1] + f'-{self._coding}"'.encode()
            if not not_modified or coded in self._tags:
                headers = _replaced(headers, b"etag", coded)
        if self._coding and not not_modified:
            body = self._pack(etag.decode("latin-1"), body)
            headers = _replaced(headers, b"content-encoding", self._coding.encode())
            headers = _replaced(headers, b"content-length", str(len(body)).encode())
        start["headers"] = headers
        return {**message, "body": body}

    @staticmethod
    def _with_vary(headers: _Headers) -> _Headers:
        vary = _get(headers, b"vary")
        return _replaced(headers, b"vary", vary + b", Accept-Encoding" if vary else b"Accept-Encoding")

    def _pack(self, etag: str, body: bytes) -> bytes:
        cache = self._scope["app"].state.site.packed
        if not etag:
            return pack(body, self._coding)
        if (kept := cache.get((etag, self._coding))) is None:
            kept = pack(body, self._coding)
            cache.put((etag, self._coding), kept, len(kept))
        return bytes(kept)
