"""The paths of the service: read the request, ask :class:`Service` in a thread, answer."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from hansa.errors import ParameterError
from hansa.serve.http.errors import HttpError
from hansa.serve.reconcile import preview as page
from hansa.serve.reconcile.answers import answer, callback_of
from hansa.serve.reconcile.requests import parse_batch, parse_extension, parse_number
from hansa.serve.reconcile.schema import KINDS, PROPERTIES
from hansa.serve.reconcile.service import Service
from hansa.serve.site import Site

T = TypeVar("T")

_FORM = "application/x-www-form-urlencoded"
_HOST = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?\Z")
_WAITING = 32
_MOST_SKIPPED = 1_000_000
_PREFIX_LENGTH = 200
_FRAMED = (
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)

_services: WeakKeyDictionary[Site, Service] = WeakKeyDictionary()
_building = threading.Lock()


def _made(site: Site) -> Service:
    with _building:
        if site not in _services:
            _services[site] = Service(site.release, site.store, site.vocab)
        return _services[site]


async def prepare(site: Site) -> Service:
    """Make the service of a release in a thread, unless it is there; requests that come meanwhile wait for it."""
    if made := _services.get(site):
        return made
    return await anyio.to_thread.run_sync(_made, site)


async def service_of(request: Request) -> Service:
    """Give the service of the release that is being served."""
    return await prepare(request.app.state.site)


async def _run(service: Service, work: Callable[[], T]) -> T:
    """Do work in a thread; few run at once, so that other requests keep theirs.

    :raises HttpError: 503 when too many wait
    """
    if service.limiter.statistics().tasks_waiting >= _WAITING:
        raise HttpError(
            503, "too many batches wait to be reconciled", "try again in a few seconds", headers={"Retry-After": "5"}
        )
    return await anyio.to_thread.run_sync(work, limiter=service.limiter)


def _origin(request: Request) -> str:
    """Give scheme and host of this server as the client sees them; the base of the release when the Host is odd."""
    site: Site = request.app.state.site
    host = request.headers.get("host", "")
    scheme = "https" if request.url.scheme == "https" else "http"
    return f"{scheme}://{host}" if _HOST.match(host) else site.release.base.rstrip("/")


def _languages(request: Request) -> tuple[str, ...]:
    site: Site = request.app.state.site
    return site.reader(request).languages


# ---------------------------------------------------------------- parameters
def _pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as error:
        raise ParameterError(f"the form cannot be read: {error}", f"send {_FORM} in UTF-8") from None


async def _parameters(request: Request) -> dict[str, str]:
    pairs = _pairs(request.scope["query_string"])
    if request.method == "POST":
        media_type = request.headers.get("content-type", "").lower().partition(";")[0].strip()
        if media_type != _FORM:
            raise HttpError(
                415, f"queries cannot be sent as {media_type[:80] or 'a body without a Content-Type'}",
                f"send {_FORM} with the parameter queries or extend", headers={"Accept-Post": _FORM},
            )  # fmt: skip
        pairs += _pairs(await request.body())
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise ParameterError(f"the parameter {name[:40]!r} is given twice", "give it once")
        values[name] = value
    return values


def _kind(service: Service, text: str) -> str:
    kind = service.classes.get(text, text)
    if kind and kind not in KINDS:
        raise ParameterError(f"there is no type {text[:60]!r}", f"types here: {', '.join(KINDS)}")
    return kind


# ---------------------------------------------------------------- endpoints
async def reconcile(request: Request) -> Response:
    """Answer for ``/reconcile``: the manifest, a batch of queries, or columns for things."""
    service = await service_of(request)
    callback_of(request)
    given = await _parameters(request)
    languages = _languages(request)
    if "query" in given:
        raise ParameterError(
            "single queries ended with version 0.1 of the API", 'send queries={"q0": {"query": "Seoul"}}'
        )
    if "queries" in given and "extend" in given:
        raise ParameterError("queries and extend cannot be answered together", "send two requests")
    if "queries" in given:
        batch = parse_batch(given["queries"], service.classes)
        return answer(request, await _run(service, lambda: service.reconcile(batch, languages)))
    if "extend" in given or request.method == "POST":
        return await _extended(request, service, given)
    return answer(request, service.manifest(_origin(request), languages))


async def _extended(request: Request, service: Service, given: dict[str, str]) -> Response:
    if "extend" not in given:
        raise ParameterError("there is nothing to answer", "send the parameter queries or extend")
    ids, columns = parse_extension(given["extend"])
    languages = _languages(request)
    return answer(request, await _run(service, lambda: service.extender.answer(ids, columns, languages)))


async def extend(request: Request) -> Response:
    """Answer for ``/reconcile/extend``: the same columns as ``/reconcile?extend=``."""
    service = await service_of(request)
    callback_of(request)
    return await _extended(request, service, await _parameters(request))


async def propose(request: Request) -> Response:
    """Answer for ``/reconcile/extend/propose?type=&limit=``."""
    service = await service_of(request)
    given = await _parameters(request)
    limit = parse_number(given.get("limit", ""), "limit", len(PROPERTIES), _MOST_SKIPPED)
    return answer(request, service.propose(_kind(service, given.get("type", "")), limit))


async def suggest(request: Request) -> Response:
    """Answer for ``/reconcile/suggest/entity|type|property?prefix=&cursor=``; entities take ``type`` as well."""
    service = await service_of(request)
    given = await _parameters(request)
    prefix = given.get("prefix", "")[:_PREFIX_LENGTH]
    cursor = parse_number(given.get("cursor", ""), "cursor", 0, _MOST_SKIPPED)
    what = request.path_params["what"]
    if what == "entity":
        kind, languages = _kind(service, given.get("type", "")), _languages(request)
        found = await _run(service, lambda: service.suggest_entities(prefix, cursor, kind, languages))
        return answer(request, {"result": found})
    if what == "type":
        return answer(request, {"result": service.suggest_types(prefix, cursor)})
    if what == "property":
        return answer(request, {"result": service.suggest_properties(prefix, cursor)})
    raise HttpError(404, f"nothing suggests {what[:40]!r}", "use entity, type or property")


async def preview(request: Request) -> Response:
    """Answer for ``/reconcile/preview?id=``: a small page that other sites may show in a frame."""
    service = await service_of(request)
    given = await _parameters(request)
    thing = service.matcher.thing(given.get("id", ""))
    if thing is None:
        raise HttpError(404, "there is no thing with this id", "give an id such as network/citynet")
    languages = _languages(request)
    described = service.describe(thing, languages)
    body = await _run(service, lambda: page.render(service.extender, thing, described, languages))
    headers = {
        "Content-Security-Policy": _FRAMED,
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Language",
        "Cache-Control": "no-cache",
    }
    return Response(body, 200, headers, "text/html; charset=utf-8")
