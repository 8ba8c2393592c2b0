"""The web application: which room answers which path, and what surrounds every answer."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute

from hansa.errors import HansaError
from hansa.serve import pictures, reconcile
from hansa.serve.api import canned, discovery, files, openapi, search, sparql
from hansa.serve.http.assets import asset_route
from hansa.serve.http.conditions import Conditions
from hansa.serve.http.errors import handle_departure, handle_hansa_error, handle_http_exception, handle_unexpected
from hansa.serve.http.headers import CommonHeaders
from hansa.serve.http.packing import Packing
from hansa.serve.operation import state
from hansa.serve.operation.access_log import AccessLog
from hansa.serve.operation.fleet import Fleet
from hansa.serve.operation.limits import Limits
from hansa.serve.operation.live import Live
from hansa.serve.operation.memory import share_arenas
from hansa.serve.operation.metrics import Metrics
from hansa.serve.operation.observe import Observe
from hansa.serve.operation.server import Server, allow_connections, listen, listen_often, settle
from hansa.serve.pages.i18n import LOCALES, day
from hansa.serve.reconcile.endpoints import prepare
from hansa.serve.settings import ServeSettings, share_of
from hansa.serve.site import Site
from hansa.serve.terms import routes as ontology
from hansa.serve.things import about, developers, feeds, home, lists, quality, resources

_ROOMS = (
    *(sparql, resources, home, ontology, files, canned, openapi, search, discovery),
    *(state, reconcile, feeds, pictures, lists, about, developers, quality),
)
"""The modules that answer paths, the busiest first; what an earlier one claims a later one does not get."""


def _routes() -> list[BaseRoute]:
    static = asset_route("/static", "hansa.serve.pages", "static")
    return [*(route for room in _ROOMS for route in room.routes()), static]


def create_app(release_dir: Path, settings: ServeSettings | None = None, metrics: Metrics | None = None) -> Starlette:
    """Make the application for one release; its workers start and stop with it (ASGI lifespan).

    :param metrics: where to count, for several releases after each other
    :raises HansaError: when the directory holds no release
    """
    site = Site(release_dir, settings or ServeSettings())
    counted = metrics or Metrics()
    if metrics is None:
        counted.watch(site)

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
        middleware=[
            Middleware(Observe, metrics=counted, log=AccessLog() if site.settings.access_log else None),
            Middleware(CommonHeaders),
            Middleware(Conditions),
            Middleware(Packing),
            Middleware(Limits, settings=site.settings),
        ],
        exception_handlers={
            HansaError: handle_hansa_error,
            ClientDisconnect: handle_departure,
            HTTPException: handle_http_exception,
            Exception: handle_unexpected,
        },
    )
    app.router.redirect_slashes = False
    app.state.site = site
    app.state.prepare = partial(_prepare, site)
    app.state.warm = partial(canned.warm, site)
    app.state.metrics = counted
    return app


async def _prepare(site: Site) -> None:
    await anyio.to_thread.run_sync(site.pages.prepare)
    await anyio.to_thread.run_sync(site.roster.prepare, site.release.issued)
    await prepare(site)


def run(release_dir: Path, settings: ServeSettings, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve a release until told to stop; when ``release_dir`` is a link that moves on, serve what it points at then.

    :raises HansaError: when there is no release or the port is taken
    """
    share_arenas()
    allow_connections()
    sockets = listen_often(host, port, settings.processes)
    live = Live(release_dir, share_of(settings), create_app)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{sockets[0].getsockname()[1]}/"
    print(f"Hansa {live.site.release.version} on {address}  (Ctrl-C stops it)", flush=True)
    if settings.processes == 1:
        settle()
        Server(live).run(sockets=sockets)
    else:
        _run_fleet(live, sockets)


def _run_fleet(live: Live, sockets: Sequence[socket.socket]) -> None:
    # Before the processes part ways, so that they share it.
    day(live.site.release.issued, LOCALES[0])
    asyncio.run(live.prepare())
    settle()
    with tempfile.TemporaryDirectory(prefix="hansa-") as place:
        live.metrics.share(Path(place))
        fleet = Fleet(sockets, lambda taken: Server(live).run(sockets=[taken]), live.metrics.forget)
        fleet.run()


__all__ = ["create_app", "listen", "run"]
