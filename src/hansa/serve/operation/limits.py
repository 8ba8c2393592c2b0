"""ASGI middleware that refuses requests which are too long, before anybody looks at them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hansa.serve.http.errors import HttpError, error_response
from hansa.serve.settings import ServeSettings

_SHORTER = "send a query with POST, or a shorter one"


class Limits:
    """The middleware: 414, 431 and 413 (RFC 9110 section 15.5, RFC 6585 section 5); the connection is closed then."""

    def __init__(self, app: ASGIApp, settings: ServeSettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on (ASGI)."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal:
            await error_response(Request(scope), refusal)(scope, receive, send)
            return
        await self._app(scope, self._limited(receive), send)

    def _refusal(self, scope: Scope) -> HttpError | None:
        limits = self._settings
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > limits.url_limit:
            return _too_long(414, f"the address is longer than {limits.url_limit} bytes", _SHORTER)
        if sum(len(name) + len(value) + 4 for name, value in headers) > limits.header_limit:
            return _too_long(431, f"the header is longer than {limits.header_limit} bytes", "send fewer fields")
        length = next((value for name, value in headers if name == b"content-length"), b"0")
        return self._too_much() if not length.isdigit() or int(length) > limits.body_limit else None

    def _too_much(self) -> HttpError:
        return _too_long(413, f"the request is longer than {self._settings.body_limit} bytes", "send less at once")

    def _limited(self, receive: Receive) -> Receive:
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._settings.body_limit:
                raise self._too_much()
            return message

        return limited


def _too_long(status: int, message: str, hint: str) -> HttpError:
    return HttpError(status, message, hint, headers={"Connection": "close"})
