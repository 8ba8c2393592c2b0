"""What the VoID and the DCAT description share: saying statements, names of pages and files, labelled languages."""

from __future__ import annotations

from collections.abc import Mapping

from hansa.config import Config
from hansa.rdf import Literal, NamedNode, Term, Triple
from hansa.vocab import RDF, XSD

RDF_DUMPS: Mapping[str, tuple[str, str, str]] = {
    "ttl": ("Turtle", "text/turtle", "RDF_TURTLE"),
    "jsonld": ("JSON-LD", "application/ld+json", "JSON_LD"),
    "nt": ("N-Triples", "application/n-triples", "RDF_N_TRIPLES"),
    "nq": ("N-Quads", "application/n-quads", "RDF_N_QUADS"),
    "trig": ("TriG", "application/trig", "RDF_TRIG"),
    "rdf": ("RDF/XML", "application/rdf+xml", "RDF_XML"),
}
"""The dumps by extension: name, media type, code in the EU's file type authority table."""


class Description:
    """Statements about things, collected one thing at a time; no blank nodes, so every thing has a name."""

    def __init__(self) -> None:
        self.triples: list[Triple] = []

    def say(self, subject: NamedNode, predicate: NamedNode, *objects: Term) -> None:
        """Add one statement for each object."""
        self.triples.extend(Triple(subject, predicate, item) for item in objects)

    def is_a(self, subject: NamedNode, *classes: NamedNode) -> None:
        """Say the classes of a thing."""
        self.say(subject, RDF.type, *classes)


def texts(by_language: Mapping[str, str]) -> list[Literal]:
    """Make literals of texts by language."""
    return [Literal(text, language=language) for language, text in by_language.items()]


def count(value: int) -> Literal:
    """Make a non-negative integer."""
    return Literal(str(value), datatype=XSD.nonNegativeInteger)


def integer(value: int) -> Literal:
    """Make an integer."""
    return Literal(str(value), datatype=XSD.integer)


def date(iso: str) -> Literal:
    """Make a date of its ISO form."""
    return Literal(iso, datatype=XSD.date)


class Addresses:
    """The addresses under the base IRI at which a release is published.

    :param config: gives base and version
    """

    def __init__(self, config: Config) -> None:
        self._base = config.base
        self._version = config.version
        self.home = NamedNode(config.base)
        self.dataset = self.page("dataset")
        self.catalog = self.page("catalog")
        self.sparql = self.page("sparql")
        self.dumps = self.page("dumps/")
        self.void = self.page(".well-known/void")

    def page(self, path: str) -> NamedNode:
        """Name a page of the site."""
        return NamedNode(self._base + path)

    def file(self, path: str) -> NamedNode:
        """Name a file of this very release."""
        return self.page(f"releases/{self._version}/{path}")

    def part(self, whole: NamedNode, name: str) -> NamedNode:
        """Name a part of the dataset or of the catalogue."""
        return NamedNode(f"{whole.value}#{name}")
