"""The addresses of the ontology; ``/ontology#CityNetwork`` is an anchor in its page."""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from hansa.serve.api.files import negotiated_file
from hansa.serve.http.apart import made_apart
from hansa.serve.http.errors import HttpError
from hansa.serve.http.negotiate import HTML, RDF_FORMS, Representation, by_extension, choose, split_extension
from hansa.serve.http.responses import Render, formats_of, negotiated
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.term_views import OntologyPage
from hansa.serve.site import Site
from hansa.serve.terms.diagram import diagram
from hansa.serve.terms.documentation import Documentation
from hansa.vocab import DCT

_NAME = re.compile(r"[\w.~-]+\Z")
_FORMS: tuple[Representation, ...] = (HTML, *RDF_FORMS)


async def ontology(request: Request) -> Response:
    """Answer for ``/ontology``: a page for people, else the file of the release."""
    extension = request.path_params.get("extension", "")
    accept = request.headers.get("accept")
    chosen = by_extension(extension, _FORMS) if extension else choose(accept, _FORMS)
    if chosen is not HTML and chosen is not None:
        return negotiated_file(request, "/ontology", chosen.extension, "ontology.ttl")
    site: Site = request.app.state.site

    def render(_chosen: Representation, reader: Reader) -> bytes:
        return site.pages.ontology(ontology_page(site, reader), diagram(site, reader), reader)

    def answer(make: Render) -> Response:
        return negotiated(request, "/ontology", extension, _FORMS, make, about=site.vocab.ontology.value)

    return await made_apart(request, answer, render)


def ontology_page(site: Site, reader: Reader) -> OntologyPage:
    """Gather the terms of our own namespace with their labels, definitions, examples and axioms."""
    documentation = Documentation(site, reader)
    return OntologyPage(
        title=reader.link(site.vocab.ontology.value).text,
        summary=documentation.summary(DCT.description),
        facts=documentation.header(),
        groups=documentation.groups(),
        foreign=documentation.foreign(),
        schemes=documentation.schemes(),
        changes=documentation.changes(),
        formats=formats_of("/ontology", "", _FORMS),
    )


async def term(request: Request) -> Response:
    """Answer for ``/ontology/terms/{name}``: all about one class or property, for people."""
    site: Site = request.app.state.site
    name, extension = split_extension(request.path_params["name"], (HTML,))

    def render(_chosen: Representation, reader: Reader) -> bytes:
        page = Documentation(site, reader).page(name) if _NAME.match(name) else None
        if page is None:
            raise HttpError(404, f"the ontology has no term {name}", "see all of them under /ontology")
        return site.pages.term(page, reader)

    about = f"{site.release.base}ontology#{quote(name)}"

    def answer(make: Render) -> Response:
        return negotiated(request, f"/ontology/terms/{quote(name)}", extension, (HTML,), make, about=about)

    return await made_apart(request, answer, render)


async def version(request: Request) -> Response:
    """Answer for ``/ontology/{version}``, the version IRI: see the ontology as it is in that release."""
    wanted = request.path_params["version"]
    return RedirectResponse(f"/releases/{quote(wanted, safe='')}/ontology.ttl", 303)


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [
        Route("/ontology", ontology),
        Route("/ontology.{extension}", ontology),
        Route("/ontology/terms/{name}", term),
        Route("/ontology/{version}", version),
    ]
