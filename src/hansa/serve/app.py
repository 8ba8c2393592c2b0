"""The web application: which path leads to which room, and the headers that every answer has."""

from __future__ import annotations

import errno
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from hansa.errors import HansaError
from hansa.serve.api import canned, discovery, files, openapi, search, sparql
from hansa.serve.http.errors import handle_hansa_error, handle_http_exception, handle_unexpected
from hansa.serve.http.headers import CommonHeaders
from hansa.serve.settings import ServeSettings
from hansa.serve.site import Site
from hansa.serve.things import home, lists, ontology, resources

_GRACE = 5
"""Seconds that answers under way have to end when the server is stopped."""


async def _dumps_redirect(_request: object) -> Response:
    return RedirectResponse("/dumps/", 308)


def _routes() -> list[BaseRoute]:
    return [
        Route("/", home.home),
        Route("/id/{kind}/{slug}", resources.identifier),
        Route("/doc/{kind}/{slug}", resources.document),
        Route("/vocab/{name:path}", resources.concept),
        Route("/graph/{name:path}", resources.named_graph),
        Route("/ontology", ontology.ontology),
        Route("/ontology.{extension}", ontology.ontology),
        Route("/ontology/{version}", ontology.version),
        Route("/shapes", files.shapes),
        Route("/shapes.{extension}", files.shapes),
        Route("/context.jsonld", files.context),
        Route("/dataset", files.dataset),
        Route("/dumps", _dumps_redirect),
        Route("/dumps/", files.dumps),
        Route("/dumps/{file:path}", files.dump),
        Route("/releases/{version}/{file:path}", files.release_file),
        Route("/.well-known/void", files.void),
        Route("/.well-known/void.{extension}", files.void),
        Route("/catalog", files.catalog),
        Route("/catalog.{extension}", files.catalog),
        Route("/sparql", sparql.sparql, methods=["GET", "POST"]),
        Route("/sparql/", sparql.sparql, methods=["GET", "POST"]),
        Route("/queries", canned.query_list),
        Route("/queries.{extension}", canned.query_list),
        Route("/queries/{name}", canned.canned_query),
        Route("/openapi.json", openapi.openapi),
        Route("/search", search.search),
        Route("/search.{extension}", search.search),
        Route("/resolve", search.resolve),
        Route("/robots.txt", discovery.robots),
        Route("/sitemap.xml", discovery.sitemap),
        Route("/health", discovery.health),
        Route("/ready", discovery.ready),
        Mount("/static", StaticFiles(packages=[("hansa.serve.pages", "static")])),
        *(
            Route(f"/{kind.path}{extension}", lists.listing(kind))
            for kind in lists.LISTS
            for extension in ("", ".{extension}")
        ),
    ]


def create_app(release_dir: Path, settings: ServeSettings | None = None) -> Starlette:
    """Make the application for a release; its workers start and stop with it (ASGI lifespan).

    :raises HansaError: when the directory holds no release
    """
    site = Site(release_dir, settings or ServeSettings())

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            await site.pool.start()
            yield
        finally:
            await site.pool.stop()

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        middleware=[Middleware(CommonHeaders)],
        exception_handlers={
            HansaError: handle_hansa_error,
            HTTPException: handle_http_exception,
            Exception: handle_unexpected,
        },
    )
    app.router.redirect_slashes = False
    app.state.site = site
    return app


def listen(host: str, port: int) -> socket.socket:
    """Take a port.

    :param port: 0 for any free one
    :raises HansaError: when it is taken or not ours to take
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen(2048)
    except OSError as error:
        taken.close()
        if error.errno == errno.EADDRINUSE:
            raise HansaError(
                f"port {port} on {host} is taken by another program", f"stop it, or use --port {port + 1}"
            ) from None
        raise HansaError(f"{host}:{port} cannot be used: {error.strerror}", "choose another --host or --port") from None
    return taken


def run(release_dir: Path, settings: ServeSettings, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve a release until interrupted.

    :raises HansaError: when there is no release or the port is taken
    """
    taken = listen(host, port)
    app = create_app(release_dir, settings)
    site: Site = app.state.site
    shown = f"[{host}]" if ":" in host else host
    print(f"Hansa {site.release.version} on http://{shown}:{taken.getsockname()[1]}/  (Ctrl-C stops it)", flush=True)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="on", timeout_graceful_shutdown=_GRACE
    )
    uvicorn.Server(config).run(sockets=[taken])
