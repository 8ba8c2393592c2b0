"""What the pages of the ontology show, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from hansa.serve.pages.query_views import QuestionView
from hansa.serve.pages.views import Fact, Format, Link, Text


@dataclass(frozen=True, slots=True)
class Sample:
    """A statement of the data that shows a term in use; ``object`` is missing for classes."""

    subject: Link
    object: Link | None = None


@dataclass(frozen=True, slots=True)
class TermView:
    """A class, property or datatype.

    :param anchor: its name in our namespace, by which ``/ontology#name`` finds it
    :param kind: what it is, in a word
    :param uses: instances of a class, or statements with a property; none when they were not counted
    """

    anchor: str
    iri: str
    kind: str
    label: Text
    labels: tuple[Text, ...]
    definitions: tuple[Text, ...]
    notes: tuple[Text, ...]
    examples: tuple[Text, ...]
    facts: tuple[Fact, ...]
    uses: int | None = None
    samples: tuple[Sample, ...] = ()

    @property
    def page(self) -> str:
        """The page of the term."""
        return f"/ontology/terms/{self.anchor}"


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms of one sort."""

    title: str
    anchor: str
    terms: tuple[TermView, ...]


@dataclass(frozen=True, slots=True)
class ForeignTerm:
    """A term of another vocabulary that the data uses."""

    name: str
    link: Link
    uses: int


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the ontology from one version to the next."""

    subject: Link
    note: Text


@dataclass(frozen=True, slots=True)
class SchemeView:
    """A vocabulary of concepts and how many it has."""

    link: Link
    concepts: int


@dataclass(frozen=True, slots=True)
class OntologyPage:
    """The documentation of the ontology."""

    title: Text
    summary: Text | None
    facts: tuple[Fact, ...]
    groups: tuple[TermGroup, ...]
    foreign: tuple[ForeignTerm, ...]
    schemes: tuple[SchemeView, ...]
    changes: tuple[Change, ...]
    formats: tuple[Format, ...]


@dataclass(frozen=True, slots=True)
class TermPage:
    """The page of one term.

    :param questions: canned queries that use it
    """

    term: TermView
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A concept in a tree, with what is narrower."""

    link: Link
    definition: Text | None
    branches: tuple[Branch, ...] = ()
