"""ASGI middleware that refuses requests which are too long or break the rules of HTTP, before anybody looks at them."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hansa.serve.http.errors import HttpError, error_response
from hansa.serve.settings import ServeSettings

_SHORTER = "send a query with POST, or a shorter one"
_HOST = re.compile(rb"(?:[A-Za-z0-9._-]{0,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?\Z")
_Headers = list[tuple[bytes, bytes]]


def _values(headers: _Headers, name: bytes) -> list[bytes]:
    return [value for key, value in headers if key == name]


class Limits:
    """The middleware; the connection is closed after a refusal.

    400 for a Host field that is missing, doubled or odd (RFC 9112 section 3.2); 413, 414 and 431 for too much (RFC 9110
    section 15.5, RFC 6585 section 5); 415 for a packed body, so that none can unfold here; 501 for a transfer coding
    that nobody here reads (RFC 9112 section 6.1).
    """

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
        headers: _Headers = scope["headers"]
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > limits.url_limit:
            return _refused(414, f"the address is longer than {limits.url_limit} bytes", _SHORTER)
        if sum(len(name) + len(value) + 4 for name, value in headers) > limits.header_limit:
            return _refused(431, f"the header is longer than {limits.header_limit} bytes", "send fewer fields")
        return _wrong_host(scope["http_version"], headers) or self._wrong_body(headers)

    def _wrong_body(self, headers: _Headers) -> HttpError | None:
        if any(coding.strip().lower() != b"chunked" for coding in _values(headers, b"transfer-encoding")):
            return _refused(501, "this transfer coding is not known here", "send the body as it is, or chunked")
        if any(coding.strip().lower() != b"identity" for coding in _values(headers, b"content-encoding")):
            error = _refused(415, "packed bodies are not read here", "send the body as it is")
            error.headers["Accept-Encoding"] = "identity"
            return error
        lengths = _values(headers, b"content-length")
        too_much = any(not length.isdigit() or int(length) > self._settings.body_limit for length in lengths)
        return self._too_much() if too_much else None

    def _too_much(self) -> HttpError:
        return _refused(413, f"the request is longer than {self._settings.body_limit} bytes", "send less at once")

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


def _wrong_host(version: str, headers: _Headers) -> HttpError | None:
    hosts = _values(headers, b"host")
    if len(hosts) > 1 or (not hosts and version == "1.1"):
        return _refused(400, "a request needs one Host field", "send the name of this server in it")
    if hosts and not _HOST.match(hosts[0]):
        return _refused(400, "the Host field is not the name of a server", "send a name, and a port if need be")
    return None


def _refused(status: int, message: str, hint: str) -> HttpError:
    return HttpError(status, message, hint, headers={"Connection": "close"})
