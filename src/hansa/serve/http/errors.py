"""Errors as clients want them: problem+json (RFC 9457) for programs, a helpful page for browsers."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hansa.errors import ForbiddenQueryError, HansaError, NotFoundError, ParameterError, QueryError, UnwritableError
from hansa.serve.engine.pool import PoolBusyError, QueryStoppedError, WorkerLostError
from hansa.serve.http.headers import ALWAYS
from hansa.serve.http.negotiate import HTML, Representation, address_of, choose

if TYPE_CHECKING:
    from hansa.serve.site import Site

PROBLEM = Representation("application/problem+json", "json", "Problem details")
_JSON = Representation("application/json", "json", "JSON")
VARY = "Accept, Accept-Language"
"""``Accept-Encoding`` is added where answers are packed."""

_log = logging.getLogger("hansa.serve")


class HttpError(HansaError):
    """A request that cannot be answered as asked.

    :param status: HTTP status code
    :param message: what is wrong
    :param hint: what to do
    :param details: further members of the problem document, such as ``line`` or ``available``
    :param headers: further headers, such as ``Allow``
    """

    def __init__(
        self,
        status: int,
        message: str,
        hint: str = "",
        *,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.status = status
        self.details = dict(details or {})
        self.headers = dict(headers or {})


def not_acceptable(path: str, offered: tuple[Representation, ...]) -> HttpError:
    """Make the 406 that lists what there is."""
    available = [{"type": r.media_type, "title": r.title, "href": address_of(path, r)} for r in offered]
    titles = ", ".join(r.media_type for r in offered)
    links = ", ".join(f'<{a["href"]}>; rel="alternate"; type="{a["type"]}"' for a in available)
    return HttpError(
        406,
        "none of the forms you accept is available here",
        f"available: {titles}",
        details={"available": available},
        headers={"Link": links},
    )


_STATUS: tuple[tuple[type[HansaError], int], ...] = (
    (ForbiddenQueryError, 403),
    (UnwritableError, 406),
    (QueryError, 400),
    (ParameterError, 400),
    (NotFoundError, 404),
    (PoolBusyError, 503),
    (QueryStoppedError, 504),
    (WorkerLostError, 504),
)
_RETRY_AFTER = "5"


def as_http_error(error: HansaError) -> HttpError:
    """Give the status that an error of the lower layers has over HTTP."""
    if isinstance(error, HttpError):
        return error
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    at = {"line": error.line, "column": error.column} if isinstance(error, QueryError) and error.line else {}
    headers = {"Retry-After": _RETRY_AFTER} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return HttpError(status, error.message, error.hint, details=at, headers=headers)


def _problem(error: HttpError, path: str) -> bytes:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.message,
        "instance": path,
        **({"hint": error.hint} if error.hint else {}),
        **error.details,
    }
    return json.dumps(body, ensure_ascii=False, indent=2).encode()


def error_response(request: Request, error: HansaError) -> Response:
    """Answer with an error: a page when the client prefers one, else problem+json."""
    problem = as_http_error(error)
    headers = {"Vary": VARY, "Cache-Control": "no-store", **problem.headers}
    wanted = choose(request.headers.get("accept"), (PROBLEM, _JSON, HTML))
    site: Site | None = getattr(request.app.state, "site", None)
    if wanted is HTML and site is not None:
        page = site.pages.error(request.url.path, problem)
        return Response(page, problem.status, {**headers, "Content-Language": "en"}, HTML.content_type)
    return Response(_problem(problem, request.url.path), problem.status, headers, PROBLEM.media_type)


async def handle_hansa_error(request: Request, error: Exception) -> Response:
    """Answer for every :class:`HansaError` that an endpoint raises."""
    assert isinstance(error, HansaError)
    return error_response(request, error)


async def handle_departure(_request: Request, _error: Exception) -> Response:
    """Answer for clients that leave, or break the rules of HTTP, in the middle of their request; nobody reads it."""
    return Response(status_code=499, headers={"Connection": "close"})


_HINTS = {
    404: "see the lists under /networks, /authorities, /places, /people, or search",
    405: "this address can only be read: use GET, HEAD or OPTIONS",
}


async def handle_http_exception(request: Request, error: Exception) -> Response:
    """Answer for the framework's own refusals: unknown paths and methods."""
    assert isinstance(error, HTTPException)
    message = {404: "there is nothing at this address", 405: "this method is not allowed here"}
    text = message.get(error.status_code, error.detail)
    hint = _HINTS.get(error.status_code, "")
    return error_response(request, HttpError(error.status_code, text, hint, headers=error.headers))


async def handle_unexpected(request: Request, error: Exception) -> Response:
    """Answer for a mistake of ours without showing its inside."""
    _log.error("unexpected error at %s", request.url.path, exc_info=error)
    problem = HttpError(500, "something went wrong in this server", "the operator finds it in the log")
    response = error_response(request, problem)
    # The framework answers these outside the middleware that adds them.
    response.headers.update(ALWAYS)
    return response
