"""What crawlers ask: robots.txt and the sitemap."""

from __future__ import annotations

from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from hansa.serve.http.responses import etag_matches
from hansa.serve.pages.reader import path_of
from hansa.serve.site import Site
from hansa.serve.things.lists import LISTS

_SITEMAP_LIMIT = 50_000
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


async def robots(request: Request) -> Response:
    """Answer for ``/robots.txt``: all may be read, only endless forms are closed."""
    lines = ["User-agent: *", "Disallow: /sparql", "Disallow: /search", "Disallow: /resolve"]
    return PlainTextResponse("\n".join([*lines, f"Sitemap: {request.url.replace(path='/sitemap.xml', query='')}", ""]))


async def sitemap(request: Request) -> Response:
    """Answer for ``/sitemap.xml`` (https://www.sitemaps.org/protocol.html)."""
    site: Site = request.app.state.site
    etag = site.etag("/sitemap.xml", request.url.netloc)
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(None, 304, {"ETag": etag})
    listed = {listed.kind for listed in LISTS}
    things = [path_of(site.release.base, iri) for kind, iri in site.names.kinds() if kind in listed]
    pages = ["/", "/queries", "/dumps/", "/ontology", "/sparql", *(f"/{k.path}" for k in LISTS), *sorted(things)]
    host = f"{request.url.scheme}://{request.url.netloc}"
    urls = "".join(f"<url><loc>{escape(host + path)}</loc></url>\n" for path in pages[:_SITEMAP_LIMIT])
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{_SITEMAP}">\n{urls}</urlset>\n'
    return Response(body, 200, {"ETag": etag}, "application/xml")


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [
        Route("/robots.txt", robots),
        Route("/sitemap.xml", sitemap),
    ]
