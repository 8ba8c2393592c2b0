"""Pictures made on the server: map, timeline, overlap, graph around a thing; each with its table, caption and files."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from hansa.serve.pictures import endpoints
from hansa.serve.pictures.cities import city_map, map_of
from hansa.serve.pictures.picture import Picture


def routes() -> list[BaseRoute]:
    """Give the paths of the pictures."""
    return [
        Route("/pictures/map", endpoints.all_cities),
        Route("/pictures/map.{extension}", endpoints.all_cities),
        Route("/pictures/{name}/{kind}/{slug}", endpoints.of_thing),
    ]


__all__ = ["Picture", "city_map", "map_of", "routes"]
