"""What a request asks for: which thing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hansa.rdf import NamedNode
from hansa.serve.http.errors import HttpError
from hansa.serve.pages.addresses import path_of
from hansa.serve.site import Site
from hansa.serve.things.gone import withdrawn

_NAME = re.compile(r"[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*\Z")


def _missing(site: Site, slug: str) -> HttpError:
    words = slug.rpartition("/")[2].replace("-", " ")
    suggestions = [
        {
            "iri": hit.name.iri,
            "label": hit.name.literal.value,
            "kind": hit.name.kind,
            "href": path_of(site.release.base, hit.name.iri),
        }
        for hit in site.index.search(words, limit=8).found
    ]
    return HttpError(
        404,
        "this graph says nothing about such a thing",
        f"try /search?q={words.replace(' ', '+')}",
        details={"suggestions": suggestions},
    )


def find_subject(site: Site, slug: str, candidates: Sequence[str]) -> NamedNode:
    """Find the first of some IRIs that the graph says something about.

    :param slug: what suggestions are looked for with when there is none
    :raises HttpError: 404 with suggestions, 410 when there was one once
    """
    for iri in candidates:
        if _NAME.match(iri.removeprefix(site.release.base).rstrip("/")):
            node = NamedNode(iri)
            if site.describer.exists(node):
                return node
    if gone := next((site.withdrawn[iri] for iri in candidates if iri in site.withdrawn), None):
        raise withdrawn(site, gone)
    raise _missing(site, slug)
