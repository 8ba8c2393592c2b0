"""Lists of things by kind: pages for people, RDF and JSON for programs, all cut into pages of the same size."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.errors import ParameterError
from hansa.rdf import NamedNode, Quad
from hansa.serve.http.apart import made_apart
from hansa.serve.http.day import as_of_day
from hansa.serve.http.negotiate import HTML, JSON, RDF_FORMS, Representation
from hansa.serve.http.responses import Render, as_rdf, formats_of, negotiated
from hansa.serve.pages.addresses import path_of
from hansa.serve.pages.kinds.titles import KINDS
from hansa.serve.pages.list_views import Entry, ListPage
from hansa.serve.pages.names import LABELS, OTHER_NAMES
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site
from hansa.serve.things.existing import existing
from hansa.serve.things.list_notes import note
from hansa.vocab import RDF

LIST_FORMS: tuple[Representation, ...] = (HTML, *RDF_FORMS, JSON)
_PAGE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class ListKind:
    """A list: its path, the kind of thing it holds, and its heading (a message id)."""

    path: str
    kind: str
    title: str


LISTS = tuple(ListKind(named.path, kind, named.all) for kind, named in KINDS.items() if named.path)

_LINKED = 25
"""Things that a Link header names; proxies refuse long headers."""


def page_number(request: Request) -> int:
    """Read ``?page=``.

    :raises ParameterError: when it is not a positive number
    """
    text = request.query_params.get("page", "1")
    if not text.isascii() or not text.isdigit() or len(text) > _PAGE_DIGITS or int(text) < 1:
        raise ParameterError(f"page={text} is not the number of a page", "pages are counted from 1")
    return int(text)


def iris_of_kind(site: Site, kind: str) -> list[str]:
    """Give all things of a kind that have a label, in the order of their labels in the first language of the site."""
    return list(site.names.of_kind(kind, site.release.languages))


def _names_and_types(site: Site, iris: Sequence[str]) -> list[Quad]:
    wanted = (RDF.type, *LABELS, *OTHER_NAMES)
    return [q for iri in iris for p in wanted for q in site.store.quads(NamedNode(iri), p)]


def _as_json(reader: Reader, iris: Sequence[str], page: ListPage, after: str) -> bytes:
    items = [
        {
            "iri": iri,
            "href": reader.link(iri).href,
            "label": reader.link(iri).text.value,
            "labels": {label.language or "": label.value for label in reader.names.labels(iri)},
        }
        for iri in iris
    ]
    body = {"total": page.total, "page": page.page, "pages": page.pages, "next": after or None, "items": items}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def listing(listed: ListKind) -> Callable[[Request], Awaitable[Response]]:
    """Make the endpoint of a list."""

    async def endpoint(request: Request) -> Response:
        site: Site = request.app.state.site
        day = as_of_day(request)
        # The order of all labels is made when a list is first asked for.
        iris = await run_in_threadpool(lambda: existing(site, iris_of_kind(site, listed.kind), day))
        return await _answer(request, listed, iris, day)

    return endpoint


async def _answer(request: Request, listed: ListKind, iris: Sequence[str], day: str) -> Response:
    site: Site = request.app.state.site
    number = page_number(request)
    size = site.settings.page_size
    pages = max(1, math.ceil(len(iris) / size))
    shown = iris[(number - 1) * size : number * size]
    path = f"/{listed.path}"
    kept = f"&as_of={day}" if day else ""
    after = f"{path}?page={number + 1}{kept}" if number < pages else ""

    def render(chosen: Representation, reader: Reader) -> bytes:
        formats = formats_of(path, request.url.query, LIST_FORMS)
        entries = tuple(Entry(reader.link(i), listed.kind, note(site, reader, listed.kind, i, day)) for i in shown)
        page = ListPage(listed.title, path, entries, len(iris), number, pages, formats, day)
        if chosen is HTML:
            return site.pages.list(page, reader)
        if chosen is JSON:
            return _as_json(reader, shown, page, after)
        return as_rdf(site, _names_and_types(site, shown), chosen)

    links = {"Link": ", ".join(_links(site, path, kept, shown, number, pages))}

    def answer(make: Render) -> Response:
        return negotiated(request, path, request.path_params.get("extension", ""), LIST_FORMS, make, headers=links)

    return await made_apart(request, answer, render)


def _links(site: Site, path: str, kept: str, shown: Sequence[str], number: int, pages: int) -> list[str]:
    """Link to the pages before and after and, when they are few, to the things on this one."""
    few = shown if len(shown) <= _LINKED else ()
    others = [(name, n) for name, n in (("prev", number - 1), ("next", number + 1)) if 1 <= n <= pages]
    return [
        *(f'<{path}?page={n}{kept}>; rel="{name}"' for name, n in others),
        *(f'<{path_of(site.release.base, iri)}>; rel="item"' for iri in few),
        '<https://schema.org/CollectionPage>; rel="type"',
    ]


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route(f"/{kind.path}{extension}", listing(kind)) for kind in LISTS for extension in ("", ".{extension}")]
