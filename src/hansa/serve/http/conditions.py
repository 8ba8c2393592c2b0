"""ASGI middleware for what the fields of a request ask of the answer as a whole.

A list that comes in several lines is one list (RFC 9110 section 5.3). If-Match and If-Unmodified-Since are evaluated
when the answer begins, before If-None-Match has its say (section 13.2.2): 412 when they do not hold. If-None-Match and
If-Modified-Since are left to the endpoints, which can save themselves the work.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hansa.serve.http.errors import HttpError, error_response

_LISTS = (b"accept", b"accept-language", b"accept-encoding", b"if-match", b"if-none-match")
_CONDITIONS = (b"if-match", b"if-unmodified-since")
_GOOD = (200, 206, 304)
_Headers = list[tuple[bytes, bytes]]


def joined(headers: _Headers) -> _Headers:
    """Join the lines of every list."""
    lists = [name for name, _ in headers if name in _LISTS]
    if len(lists) == len(set(lists)):
        return headers
    values = {name: b", ".join(value for key, value in headers if key == name) for name in lists}
    return [*((name, value) for name, value in headers if name not in values), *values.items()]


def _get(headers: _Headers, name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key == name), None)


def _seconds(date: str | None) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, OverflowError):
        return None


def holds(asked: _Headers, answered: _Headers) -> bool:
    """Evaluate If-Match with the strong comparison, or where there is none If-Unmodified-Since.

    :param asked: header of the request
    :param answered: header of the answer
    """
    if (tags := _get(asked, b"if-match")) is not None:
        etag = _get(answered, b"etag")
        return tags.strip() == "*" or etag in [
            tag.strip() for tag in tags.split(",") if not tag.strip().startswith("W/")
        ]
    limit, changed = _seconds(_get(asked, b"if-unmodified-since")), _seconds(_get(answered, b"last-modified"))
    return limit is None or changed is None or changed <= limit


class Conditions:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on (ASGI)."""
        if scope["type"] == "http":
            asked = scope["headers"] = joined(scope["headers"])
            if scope["method"] in ("GET", "HEAD") and any(name in _CONDITIONS for name, _ in asked):
                send = _Checked(scope, receive, send, asked).send
        await self._app(scope, receive, send)


class _Checked:
    def __init__(self, scope: Scope, receive: Receive, send: Send, asked: _Headers) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._asked = asked
        self._refused = False

    async def send(self, message: Message) -> None:
        if self._refused:
            return
        if message["type"] == "http.response.start" and message["status"] in _GOOD:
            self._refused = not holds(self._asked, list(message["headers"]))
        if self._refused:
            error = HttpError(412, "this is not what you have", "ask without If-Match and If-Unmodified-Since")
            await error_response(Request(self._scope), error)(self._scope, self._receive, self._send)
        else:
            await self._send(message)
