"""Dated changes as people and programs follow them: ``/changes`` as page, JSON and RDF, ``/feed.atom`` as Atom.

Both take ``?about=network/metrex`` for one thing. An entry of the feed was published when its release was; the day on
which something happened is in its words, for that is what the sources date.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from urllib.parse import urlencode
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.errors import NotFoundError
from hansa.rdf import NamedNode, Quad
from hansa.serve.http.apart import made_apart
from hansa.serve.http.day import as_of_day
from hansa.serve.http.negotiate import ATOM, HTML, JSON, RDF_FORMS, Representation
from hansa.serve.http.responses import Render, as_rdf, formats_of, negotiated
from hansa.serve.pages.change_views import ChangePage, ChangeView, Year
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site
from hansa.serve.things.changes import Change, changes, changes_of, sentence

_FORMS: tuple[Representation, ...] = (HTML, JSON, ATOM, *RDF_FORMS)
_ATOM = "http://www.w3.org/2005/Atom"
_XML = "http://www.w3.org/XML/1998/namespace"
FEED_ENTRIES = 100
PAGE_ENTRIES = 1000
"""Changes on the page, which says so where there are more; JSON and RDF have all."""


def _about(request: Request, site: Site) -> str:
    """Read ``?about=``: the IRI of a thing of the graph, empty when it is not given.

    :raises NotFoundError: when the graph says nothing about it
    """
    asked = request.query_params.get("about", "")
    if not asked:
        return ""
    iri = asked if asked.startswith(site.release.base) else f"{site.release.base}id/{asked}"
    if not site.names.labels(iri):
        raise NotFoundError(f"this graph has no thing {asked}", "write it as in about=network/metrex")
    return iri


def _found(site: Site, about: str, day: str) -> Sequence[Change]:
    return changes_of(site, about, day) if about else changes(site, until=day)


def _plain(reader: Reader, change: Change) -> str:
    return sentence(reader, change, lambda iri: reader.link(iri).text.value)


def _view(reader: Reader, change: Change) -> ChangeView:
    return ChangeView(
        when=reader.date(change.date),
        day=change.day,
        words=_plain(reader, change),
        about=reader.link(change.iri),
        named=tuple(reader.link(iri) for iri in (change.agent, change.organization) if iri),
        sources=tuple(reader.link(iri) for iri in change.sources),
    )


def _page(site: Site, reader: Reader, found: Sequence[Change], about: str, query: str) -> bytes:
    views = [_view(reader, change) for change in found[:PAGE_ENTRIES]]
    years = tuple(Year(year, tuple(of)) for year, of in groupby(views, key=lambda v: v.day[:4]))
    formats = formats_of("/changes", query, _FORMS)
    shown = ChangePage(reader.link(about) if about else None, years, len(found), formats, len(views))
    return site.pages.changes(shown, reader)


def _as_json(site: Site, reader: Reader, found: Sequence[Change]) -> bytes:
    items = [
        {
            "iri": change.iri,
            "what": change.what,
            "date": change.date,
            "day": change.day,
            "words": _plain(reader, change),
            "agent": change.agent or None,
            "role": change.role or None,
            "organization": change.organization,
            "sources": change.sources,
        }
        for change in found
    ]
    body = {"release": site.release.version, "total": len(items), "items": items}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def _quads(site: Site, found: Sequence[Change]) -> list[Quad]:
    return [q for iri in dict.fromkeys(c.iri for c in found) for q in site.store.quads(NamedNode(iri))]


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    made.text = text or None
    return made


def as_atom(site: Site, reader: Reader, found: Sequence[Change], about: str, day: str = "") -> bytes:
    """Write an Atom feed (RFC 4287); its links are IRIs of the graph, the same on every host that serves it.

    :param about: IRI of the thing that the feed is about; empty for all
    :param day: the last day that it is about, ISO form; empty for all
    """
    ElementTree.register_namespace("", _ATOM)
    updated = f"{site.release.issued}T00:00:00Z"
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {f"{{{_XML}}}lang": reader.locale})
    asked = {"about": about.removeprefix(f"{site.release.base}id/"), "as_of": day}
    query = urlencode({name: value for name, value in asked.items() if value}, safe="/")
    kept = f"?{query}" if query else ""
    _add(feed, "id", f"{site.release.base}feed.atom{kept}")
    _add(feed, "title", reader.link(about).text.value if about else _site_title(site, reader))
    _add(feed, "updated", updated)
    _add(_add(feed, "author"), "name", site.release.publisher)
    _add(feed, "rights", site.release.licence)
    _add(feed, "link", rel="self", type=ATOM.media_type, href=f"{site.release.base}feed.atom{kept}")
    _add(feed, "link", rel="alternate", type=HTML.media_type, href=f"{site.release.base}changes{kept}")
    for change in found[:FEED_ENTRIES]:
        _entry(_add(feed, "entry"), reader, change, updated)
    text = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _site_title(site: Site, reader: Reader) -> str:
    return next((site.release.title[lang] for lang in reader.languages if lang in site.release.title), "Hansa")


def _entry(entry: ElementTree.Element, reader: Reader, change: Change, updated: str) -> None:
    _add(entry, "id", f"{change.iri}#{change.what}")
    _add(entry, "title", f"{_plain(reader, change)} ({reader.date(change.date)})")
    _add(entry, "updated", updated)
    _add(entry, "link", rel="alternate", type=HTML.media_type, href=change.iri)
    for iri in filter(None, (change.agent, change.organization)):
        _add(entry, "link", rel="related", href=iri, title=reader.link(iri).text.value)
    for iri in change.sources:
        _add(entry, "link", rel="via", href=iri, title=reader.link(iri).text.value)
    _add(entry, "category", term=change.what)


async def change_list(request: Request) -> Response:
    """Answer for ``/changes``."""
    site: Site = request.app.state.site
    about, day = _about(request, site), as_of_day(request)

    def render(chosen: Representation, reader: Reader) -> bytes:
        found = _found(site, about, day)
        if chosen is HTML:
            return _page(site, reader, found, about, request.url.query)
        if chosen is JSON:
            return _as_json(site, reader, found)
        if chosen is ATOM:
            return as_atom(site, reader, found, about, day)
        return as_rdf(site, _quads(site, found), chosen)

    def answer(make: Render) -> Response:
        return negotiated(request, "/changes", request.path_params.get("extension", ""), _FORMS, make)

    return await made_apart(request, answer, render)


async def feed(request: Request) -> Response:
    """Answer for ``/feed.atom``."""
    site: Site = request.app.state.site
    about, day = _about(request, site), as_of_day(request)

    def render(_chosen: Representation, reader: Reader) -> bytes:
        return as_atom(site, reader, _found(site, about, day), about, day)

    return await made_apart(request, lambda make: negotiated(request, "/feed", "atom", (ATOM,), make), render)


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    feeds = [Route(path, feed) for path in ("/feed.atom", "/feed")]
    return [Route("/changes", change_list), Route("/changes.{extension}", change_list), *feeds]
