"""What monitoring asks: ``/health``, ``/ready`` and ``/metrics``."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from hansa.rdf import NamedNode
from hansa.serve.operation.metrics import Metrics
from hansa.serve.site import Site

_NEVER_KEPT = {"Cache-Control": "no-store"}


async def health(_request: Request) -> Response:
    """Answer for ``/health``: the process runs."""
    return JSONResponse({"status": "ok"}, headers=_NEVER_KEPT)


def _store_answers(site: Site) -> bool:
    try:
        # In one graph: without it the engine would go through the whole default graph first.
        return any(True for graph in site.graphs for _ in site.store.quads(graph=NamedNode(graph)))
    except OSError:
        return False


async def ready(request: Request) -> Response:
    """Answer for ``/ready``: the store gives statements and there are workers to answer queries, else 503."""
    site: Site = request.app.state.site
    workers = site.pool.running
    store = await run_in_threadpool(_store_answers, site)
    up = bool(workers) and store
    body = {"status": "ok" if up else "starting", "release": site.release.version, "workers": workers, "store": store}
    return JSONResponse(body, 200 if up else 503, headers=_NEVER_KEPT)


async def metrics(request: Request) -> Response:
    """Answer for ``/metrics``."""
    measured: Metrics = request.app.state.metrics
    return Response(measured.text(), 200, _NEVER_KEPT, CONTENT_TYPE_LATEST)


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route("/health", health), Route("/ready", ready), Route("/metrics", metrics)]
