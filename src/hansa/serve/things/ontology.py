"""The documentation of the ontology, made from the ontology itself; ``/ontology#CityNetwork`` is an anchor in it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from hansa.rdf import Literal, NamedNode, Quad
from hansa.serve.api.files import negotiated_file
from hansa.serve.http.negotiate import HTML, RDF_FORMS, Representation, by_extension, choose
from hansa.serve.http.responses import formats_of, negotiated
from hansa.serve.pages.notes import NoNotes
from hansa.serve.pages.reader import Reader, words_of
from hansa.serve.pages.thing import ThingPageBuilder
from hansa.serve.pages.views import Fact, OntologyPage, Term, TermGroup, Text
from hansa.serve.site import Site
from hansa.serve.things.describe import Description, values
from hansa.vocab import OWL, RDF, RDFS, SKOS

_FORMS: tuple[Representation, ...] = (HTML, *RDF_FORMS)
_GROUPS = (
    ("Classes", "classes", (OWL.Class, RDFS.Class)),
    ("Relations between things", "relations", (OWL.ObjectProperty,)),
    ("Properties with texts, numbers and dates", "values", (OWL.DatatypeProperty,)),
    ("Annotations", "annotations", (OWL.AnnotationProperty,)),
    ("Datatypes", "datatypes", (RDFS.Datatype,)),
)
_SHOWN_APART = {RDFS.label, SKOS.prefLabel, SKOS.definition, RDFS.comment, SKOS.example, SKOS.scopeNote, RDF.type}


async def ontology(request: Request) -> Response:
    """Answer for ``/ontology``: a page for people, else the file of the release."""
    extension = request.path_params.get("extension", "")
    accept = request.headers.get("accept")
    chosen = by_extension(extension, _FORMS) if extension else choose(accept, _FORMS)
    if chosen is not HTML and chosen is not None:
        return negotiated_file(request, "/ontology", chosen.extension, "ontology.ttl")
    site: Site = request.app.state.site

    def render(_chosen: Representation, reader: Reader) -> bytes:
        return site.pages.ontology(ontology_page(site, reader), reader)

    return negotiated(request, "/ontology", extension, _FORMS, render, about=site.vocab.ontology.value)


async def version(request: Request) -> Response:
    """Answer for ``/ontology/{version}``, the version IRI: see the ontology as it is in that release."""
    wanted = request.path_params["version"]
    return RedirectResponse(f"/releases/{quote(wanted, safe='')}/ontology.ttl", 303)


def _by_language(quads: Sequence[Quad], reader: Reader, *predicates: NamedNode) -> tuple[Text, ...]:
    found = [v for p in predicates for v in values(quads, p) if isinstance(v, Literal)]
    order = {language: rank for rank, language in enumerate(reader.languages)}
    return tuple(reader.text(v) for v in sorted(found, key=lambda v: order.get(v.language or "", len(order))))


class _Documentation:
    def __init__(self, site: Site, reader: Reader) -> None:
        self._site = site
        self._reader = reader
        self._graph = site.vocab.graph("ontology")
        self._namespace = f"{site.release.base}ontology#"

    def _quads(self, subject: NamedNode) -> list[Quad]:
        return list(self._site.store.quads(subject, graph=self._graph))

    def _facts(self, subject: NamedNode, quads: Sequence[Quad]) -> tuple[Fact, ...]:
        description = Description(subject, own=[q for q in quads if q.predicate not in _SHOWN_APART])
        notes = NoNotes(description, self._reader)
        facts = ThingPageBuilder(description, self._reader, notes).facts()
        return tuple(fact for fact in facts if fact.property.iri != RDFS.isDefinedBy.value)

    def term(self, iri: str) -> Term:
        subject = NamedNode(iri)
        quads = self._quads(subject)
        labels = _by_language(quads, self._reader, RDFS.label, SKOS.prefLabel)
        return Term(
            anchor=iri.removeprefix(self._namespace),
            iri=iri,
            labels=labels or (Text(words_of(iri)),),
            definitions=_by_language(quads, self._reader, SKOS.definition, RDFS.comment, SKOS.scopeNote),
            examples=_by_language(quads, self._reader, SKOS.example),
            facts=self._facts(subject, quads),
        )

    def group(self, title: str, anchor: str, classes: Sequence[NamedNode]) -> TermGroup:
        found = {
            q.subject.value
            for cls in classes
            for q in self._site.store.quads(None, RDF.type, cls, self._graph)
            if isinstance(q.subject, NamedNode) and q.subject.value.startswith(self._namespace)
        }
        return TermGroup(title, anchor, tuple(self.term(iri) for iri in sorted(found)))

    def header(self) -> tuple[Fact, ...]:
        subject = self._site.vocab.ontology
        return self._facts(subject, self._quads(subject))


def ontology_page(site: Site, reader: Reader) -> OntologyPage:
    """Gather the terms of our own namespace with their labels, definitions, examples and axioms."""
    documentation = _Documentation(site, reader)
    groups = (documentation.group(*group) for group in _GROUPS)
    return OntologyPage(
        title=reader.link(site.vocab.ontology.value).text,
        facts=documentation.header(),
        groups=tuple(group for group in groups if group.terms),
        formats=formats_of("/ontology", "", _FORMS),
    )


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [
        Route("/ontology", ontology),
        Route("/ontology.{extension}", ontology),
        Route("/ontology/{version}", version),
    ]
