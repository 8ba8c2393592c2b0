"""Pictures made on the server as SVG: map, timeline, overlap, graph around a thing; each with its table and files.

For pages of things and the home page. Each maker takes the site, the reader and a day (``as_of``, empty for all times)
and gives a :class:`Picture` in the reader's language, or ``None`` when the sources say too little to draw::

    from hansa.serve.pictures import around, city_map, map_of, overlap, timeline_of

    city_map(site, reader, day)            # home: all cities, sized by the number of their networks
    map_of(site, reader, iri, day)         # network, body, …: its members; place, authority: where it lies
    timeline_of(site, reader, iri, day)    # anything with dated memberships, offices, seats, changes
    overlap(site, reader, day)             # networks that share members
    around(site, reader, iri, day)         # the graph around a thing

In a template, with ``<link rel="stylesheet" href="/static/pictures.css">`` in the head block, behind ``hansa.css``::

    {% import "picture_macros.html" as pictures with context %}
    {{ pictures.figure(p) }}    {# figure: phone and wide picture, caption, link to table and sources, downloads #}
    {{ pictures.table(p) }}     {# the table behind it; its own page has it already #}

``p.href()`` is the page of the picture with its table and sources, ``p.href("svg")`` and ``p.href("csv")`` the files,
``p.title`` and ``p.caption`` plain text, ``p.wide`` and ``p.narrow`` the inline SVG (styled by classes, no script).
A picture is drawn only when ``wide`` or ``narrow`` is asked for.
"""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from hansa.serve.pictures import endpoints
from hansa.serve.pictures.cities import city_map, map_of
from hansa.serve.pictures.lives import timeline_of
from hansa.serve.pictures.neighbours import around
from hansa.serve.pictures.picture import Picture
from hansa.serve.pictures.shared import overlap


def routes() -> list[BaseRoute]:
    """Give the paths of the pictures."""
    return [
        Route("/pictures", endpoints.index),
        Route("/pictures/map", endpoints.all_cities),
        Route("/pictures/map.{extension}", endpoints.all_cities),
        Route("/pictures/overlap", endpoints.shared_members),
        Route("/pictures/overlap.{extension}", endpoints.shared_members),
        Route("/pictures/{name}/{kind}/{slug}", endpoints.of_thing),
    ]


__all__ = ["Picture", "around", "city_map", "map_of", "overlap", "routes", "timeline_of"]
