"""What crawlers and browsers ask unbidden: robots.txt, the sitemap and the icon."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib import resources
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from hansa.serve.http.errors import HttpError
from hansa.serve.http.responses import etag_matches
from hansa.serve.pages.addresses import path_of
from hansa.serve.pages.i18n import LOCALES
from hansa.serve.site import Site
from hansa.serve.things.lists import LISTS

_SITEMAP_LIMIT = 10_000
"""Pages in one file; with their translations it stays well under the 50 MB that the protocol allows."""
_XHTML = "http://www.w3.org/1999/xhtml"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


async def robots(request: Request) -> Response:
    """Answer for ``/robots.txt``: all may be read, only endless forms are closed."""
    lines = ["User-agent: *", "Disallow: /sparql", "Disallow: /search", "Disallow: /resolve"]
    return PlainTextResponse("\n".join([*lines, f"Sitemap: {request.url.replace(path='/sitemap.xml', query='')}", ""]))


def _paths(site: Site) -> list[str]:
    """Give the paths of all pages, those about single things last."""
    listed = {listed.kind for listed in LISTS}
    things = [path_of(site.release.base, iri) for kind, iri in site.names.kinds() if kind in listed]
    general = ("/", "/queries", "/dumps/", "/ontology", "/sparql", "/changes")
    return [*general, *(f"/{k.path}" for k in LISTS), *sorted(things)]


def _url(host: str, path: str) -> str:
    """Write the entry of a page with its translations, as search engines read them."""
    loc = escape(host + path)
    others = "".join(f'<xhtml:link rel="alternate" hreflang="{lo}" href="{loc}?lang={lo}"/>' for lo in LOCALES)
    return f"<url><loc>{loc}</loc>{others}</url>\n"


def _sitemap(host: str, paths: Sequence[str]) -> str:
    return f'<urlset xmlns="{_SITEMAP}" xmlns:xhtml="{_XHTML}">\n{"".join(_url(host, p) for p in paths)}</urlset>\n'


def _sitemap_index(host: str, parts: int) -> str:
    entries = "".join(f"<sitemap><loc>{escape(host)}/sitemap-{n}.xml</loc></sitemap>\n" for n in range(1, parts + 1))
    return f'<sitemapindex xmlns="{_SITEMAP}">\n{entries}</sitemapindex>\n'


async def sitemap(request: Request) -> Response:
    """Answer for ``/sitemap.xml``: the pages, or where they are many an index of ``/sitemap-1.xml`` and so on.

    Source: https://www.sitemaps.org/protocol.html.

    :raises HttpError: 404 for a part that there is not
    """
    site: Site = request.app.state.site
    number = request.path_params.get("number", 0)
    etag = site.etag("/sitemap.xml", str(number), request.url.scheme, request.url.netloc)
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(None, 304, {"ETag": etag})
    paths = _paths(site)
    parts = math.ceil(len(paths) / _SITEMAP_LIMIT)
    if number > parts:
        raise HttpError(404, f"the sitemap has {parts} parts", "see /sitemap.xml")
    host = f"{request.url.scheme}://{request.url.netloc}"
    shown = paths[max(0, number - 1) * _SITEMAP_LIMIT :][:_SITEMAP_LIMIT]
    body = _sitemap_index(host, parts) if parts > 1 and not number else _sitemap(host, shown)
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', 200, {"ETag": etag}, "application/xml")


async def icon(_request: Request) -> Response:
    """Answer for ``/favicon.ico``, which browsers ask for whatever a page says."""
    file = resources.files("hansa.serve.pages").joinpath("static", "favicon.ico")
    return Response(file.read_bytes(), 200, {"Cache-Control": "public, max-age=86400"}, "image/x-icon")


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [
        Route("/robots.txt", robots),
        Route("/sitemap.xml", sitemap),
        Route("/sitemap-{number:int}.xml", sitemap),
        Route("/favicon.ico", icon),
    ]
