"""Headers that every answer has: security, and CORS for everybody without credentials."""

from __future__ import annotations

from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Location, Retry-After",
}
_RAW = [(name.lower().encode(), value.encode()) for name, value in ALWAYS.items()]
_NAMES = {name for name, _ in _RAW}
_POLICY = b"content-security-policy"
_REQUEST_HEADERS = "Accept, Accept-Language, Content-Type, If-None-Match, Range"


def allowed_methods(scope: Scope) -> str:
    """Give the methods that the path of a request knows, as an Allow header; empty when nothing is there."""
    if scope["path"] == "*":
        # Asks about the server as a whole (RFC 9110 section 9.3.7).
        return "GET, HEAD, POST, OPTIONS"
    methods: set[str] = set()
    for route in scope["app"].router.routes:
        if route.matches({**scope, "method": "GET"})[0] is not Match.NONE:
            methods |= getattr(route, "methods", None) or {"GET", "HEAD"}
    known = [m for m in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") if m in methods]
    return ", ".join((*known, "OPTIONS")) if known else ""


def _options(allowed: str) -> Response:
    return Response(
        status_code=204,
        headers={
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": _REQUEST_HEADERS,
            "Access-Control-Max-Age": "86400",
        },
    )


class CommonHeaders:
    """ASGI middleware that adds the headers, answers OPTIONS, and says with 405 what is allowed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        # Routing writes into the scope.
        asked = {**scope}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(name, value) for name, value in message["headers"] if name not in _NAMES or name == _POLICY]
                if message["status"] == HTTPStatus.METHOD_NOT_ALLOWED:
                    headers = [(name, value) for name, value in headers if name != b"allow"]
                    headers.append((b"allow", allowed_methods(asked).encode()))
                # What is made to be framed (the preview of the reconciliation service) brings its own policy.
                own_policy = any(name == _POLICY for name, _ in headers)
                message["headers"] = headers + [pair for pair in _RAW if not (own_policy and pair[0] == _POLICY)]
            await send(message)

        allowed = allowed_methods(scope) if scope["method"] == "OPTIONS" else ""
        await (_options(allowed) if allowed else self._app)(scope, receive, send_with_headers)
