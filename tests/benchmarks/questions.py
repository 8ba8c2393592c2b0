"""What the peers are asked: descriptions of cities and a small SELECT, each for many different cities.

The CONSTRUCT that the SPARQL peers answer is the subject plus one hop: the statements about the city, about every
membership of it, their evidence, intervals and instants. Hansa's own description holds all of these and the labels of
whatever they name and the sources of their graphs besides, so Hansa does somewhat more for each answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from urllib.parse import urlencode

from hansa.manifest import open_store
from hansa.model import Release
from hansa.rdf import NamedNode
from hansa.vocab import CV, RDF
from tests.benchmarks.load import Request

TURTLE, JSONLD, HTML, JSON = "text/turtle", "application/ld+json", "text/html", "application/sparql-results+json"
THINGS = 10_000
_CONSTRUCT = """PREFIX org: <http://www.w3.org/ns/org#>
PREFIX time: <http://www.w3.org/2006/time#>
PREFIX hansa: <{base}ontology#>
CONSTRUCT {{ ?s ?p ?o }} WHERE {{
  {{ VALUES ?s {{ <{thing}> }} ?s ?p ?o }}
  UNION {{ <{thing}> hansa:evidence ?s . ?s ?p ?o }}
  UNION {{ ?s org:member <{thing}> ; ?p ?o }}
  UNION {{ ?m org:member <{thing}> ; hansa:evidence ?s . ?s ?p ?o }}
  UNION {{ ?m org:member <{thing}> ; org:memberDuring ?s . ?s ?p ?o }}
  UNION {{ ?m org:member <{thing}> ; org:memberDuring ?i . ?i time:hasBeginning|time:hasEnd ?s . ?s ?p ?o }}
}}"""
_SELECT = """PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?network ?label ?role WHERE {{
  ?m org:member <{thing}> ; org:organization ?network ; org:role ?role .
  ?network skos:prefLabel ?label FILTER(LANG(?label) = "en")
}} LIMIT 50"""
Question = Callable[[str], Request]


def some_things(release: Release, seed: int = 1) -> list[str]:
    """Choose cities in random order, at most :data:`THINGS`."""
    found = sorted(
        q.subject.value
        for q in open_store(release).quads(None, RDF.type, CV.PublicOrganisation)
        if isinstance(q.subject, NamedNode)
    )
    things = list(dict.fromkeys(found))
    Random(seed).shuffle(things)
    return things[:THINGS]


def page(release: Release, accept: str, *, folder: str = "doc") -> Question:
    """Ask for the document about a thing."""

    def ask(thing: str) -> Request:
        return Request(f"/{thing.removeprefix(release.base).replace('id/', f'{folder}/', 1)}", accept)

    return ask


def construct(release: Release, endpoint: str, accept: str) -> Question:
    """Ask a SPARQL endpoint for a thing and one hop around it."""
    return _query(release, _CONSTRUCT, endpoint, accept)


def select(release: Release, endpoint: str) -> Question:
    """Ask a SPARQL endpoint for the networks of a city and its roles in them."""
    return _query(release, _SELECT, endpoint, JSON)


def _query(release: Release, text: str, endpoint: str, accept: str) -> Question:
    def ask(thing: str) -> Request:
        query = text.format(thing=thing, base=release.base)
        return Request(f"{endpoint}?{urlencode({'query': query})}", accept)

    return ask


def distinct(question: Question, things: Sequence[str]) -> list[Request]:
    """Ask about every thing in turn."""
    return [question(thing) for thing in things]


def repeated(question: Question, things: Sequence[str]) -> list[Request]:
    """Ask about the same ten things again and again."""
    return [question(thing) for thing in things[:10]]
