"""The reconciliation service: names of others matched with things of this graph."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from hansa.serve.reconcile import endpoints


def routes() -> list[BaseRoute]:
    """Give the paths that the service answers."""
    return [
        Route("/reconcile", endpoints.reconcile, methods=["GET", "POST"]),
        Route("/reconcile/", endpoints.reconcile, methods=["GET", "POST"]),
        Route("/reconcile/extend", endpoints.extend, methods=["GET", "POST"]),
        Route("/reconcile/extend/propose", endpoints.propose),
        Route("/reconcile/suggest/{what}", endpoints.suggest),
        Route("/reconcile/preview", endpoints.preview),
    ]
