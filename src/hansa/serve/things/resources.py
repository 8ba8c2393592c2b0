"""Things and their documents: ``/id/…`` answers 303 to ``/doc/…``, which describes the thing in the form asked for.

The pattern is that of Cool URIs for the Semantic Web (https://www.w3.org/TR/cooluris/). Concepts, schemes and named
graphs live under their own paths and are described in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from hansa.rdf import NamedNode, Quad
from hansa.serve.http.apart import made_apart
from hansa.serve.http.day import as_of_day
from hansa.serve.http.errors import VARY
from hansa.serve.http.negotiate import HTML, RDF, RDF_FORMS, Representation, split_extension
from hansa.serve.http.responses import Render, as_rdf, formats_of, negotiated
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.structured import described
from hansa.serve.pages.thing import ThingPageBuilder
from hansa.serve.site import Site
from hansa.serve.things.asked import find_subject
from hansa.serve.things.describe import AsOf, Description
from hansa.serve.things.jsonld import as_jsonld, blocks_as_jsonld
from hansa.serve.things.lists import LISTS

_SMALL_KINDS = ("authority", "person", "membership", "tenure", "count", "evidence", "interval", "instant", "site")
"""Kinds about whose things too little is said to hold anybody up, as most that is asked for."""
THING_FORMS: tuple[Representation, ...] = (HTML, *RDF_FORMS)


async def identifier(request: Request) -> Response:
    """Answer for ``/id/{kind}/{slug}``: see the document about it."""
    site: Site = request.app.state.site
    kind, slug = request.path_params["kind"], request.path_params["slug"]
    find_subject(site, slug, [f"{site.release.base}id/{kind}/{slug}"])
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/doc/{kind}/{slug}{query}", 303, {"Vary": VARY})


async def document(request: Request) -> Response:
    """Answer for ``/doc/{kind}/{slug}``, with or without an extension."""
    site: Site = request.app.state.site
    stem, extension = split_extension(request.path_params["slug"], THING_FORMS)
    kind = request.path_params["kind"]
    subject = find_subject(site, stem, [f"{site.release.base}id/{kind}/{stem}"])
    return await describe(request, subject, f"/doc/{kind}/{stem}", extension, apart=kind not in _SMALL_KINDS)


async def concept(request: Request) -> Response:
    """Answer for ``/vocab/{scheme}`` and ``/vocab/{scheme}/{concept}``."""
    site: Site = request.app.state.site
    stem, extension = split_extension(request.path_params["name"].rstrip("/"), THING_FORMS)
    iri = f"{site.release.base}vocab/{stem}"
    subject = find_subject(site, stem, [iri, f"{iri}/"])
    return await describe(request, subject, f"/vocab/{stem}", extension)


async def named_graph(request: Request) -> Response:
    """Answer for ``/graph/{name}``: the page says what the graph is, the RDF forms hold all of its statements."""
    site: Site = request.app.state.site
    stem, extension = split_extension(request.path_params["name"], THING_FORMS)
    subject = find_subject(site, stem, [f"{site.release.base}graph/{stem}"])
    return await describe(request, subject, f"/graph/{stem}", extension, lambda: site.store.quads(graph=subject))


def _collection(site: Site, subject: NamedNode) -> list[str]:
    """Link to the list that a thing is in."""
    kind, _ = site.vocab.kind_and_slug(subject.value) or ("", "")
    return [f'</{listed.path}>; rel="collection"' for listed in LISTS if listed.kind == kind]


async def describe(
    request: Request,
    subject: NamedNode,
    path: str,
    extension: str,
    content: Callable[[], Iterable[Quad]] = tuple,
    *,
    apart: bool = True,
) -> Response:
    """Describe a thing in the form asked for.

    :param path: of the document, without extension
    :param content: gives further statements for the RDF forms
    :param apart: whether much may be said about it, so that others should not wait until it is written
    """
    site: Site = request.app.state.site
    day = as_of_day(request)

    def description() -> Description:
        found = site.describer.describe(subject)
        return AsOf(site.vocab, day).filter(found) if day else found

    def render(chosen: Representation, reader: Reader) -> bytes:
        if chosen in (RDF["turtle"], RDF["jsonld"]) and not day and content is tuple:
            blocks = site.blocks.describe(subject)
            return site.turtle.write(blocks) if chosen is RDF["turtle"] else blocks_as_jsonld(site, blocks)
        if chosen is HTML:
            return _page(site, subject, reader, path, request.url.query, day)
        found = description()
        quads = [*found.quads(), *site.describer.context(found), *content()]
        return as_jsonld(site, quads) if chosen is RDF["jsonld"] else as_rdf(site, quads, chosen)

    links = ", ".join((*_collection(site, subject), f'<{site.release.base}shapes>; rel="profile"'))

    def answer(make: Render) -> Response:
        return negotiated(request, path, extension, THING_FORMS, make, about=subject.value, headers={"Link": links})

    return await made_apart(request, answer, render) if apart else answer(render)


def _page(site: Site, subject: NamedNode, reader: Reader, path: str, query: str, day: str) -> bytes:
    page = ThingPageBuilder(site, reader, subject.value, path, day).build(formats_of(path, query, THING_FORMS))
    return site.pages.thing(page, reader, described(site.records, reader, subject))


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [
        Route("/id/{kind}/{slug}", identifier),
        Route("/doc/{kind}/{slug}", document),
        Route("/vocab/{name:path}", concept),
        Route("/graph/{name:path}", named_graph),
    ]
