"""What this is, who stands behind it, and how far it can be trusted."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.serve.http.negotiate import HTML, Representation
from hansa.serve.http.responses import negotiated
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.release_views import Figure
from hansa.serve.site import Site
from hansa.serve.things.lists import LISTS, iris_of_kind


def _figures(site: Site) -> tuple[Figure, ...]:
    counted = (Figure(len(iris_of_kind(site, k.kind)), k.title, f"/{k.path}") for k in LISTS)
    return tuple(figure for figure in counted if figure.number)


async def about(request: Request) -> Response:
    """Answer for ``/about``."""
    site: Site = request.app.state.site

    def render(_chosen: Representation, reader: Reader) -> bytes:
        return site.pages.about(_figures(site), reader)

    return negotiated(request, "/about", "", (HTML,), render, headers={"Content-Location": "/about"})


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route("/about", about)]
