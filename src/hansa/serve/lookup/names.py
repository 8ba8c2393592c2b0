"""The names that search looks through, read from the store."""

from __future__ import annotations

from collections.abc import Iterator

from hansa.rdf import Literal, NamedNode
from hansa.serve.lookup.index import Name
from hansa.serve.pages.names import LABELS, OTHER_NAMES
from hansa.store import EmbeddedStore
from hansa.vocab import Vocabulary

CONCEPT = "concept"
"""The kind of what our concept schemes hold."""


def kind_of(vocab: Vocabulary, iri: str) -> str:
    """Give the kind of a thing or concept of ours, empty for all else."""
    if parts := vocab.kind_and_slug(iri):
        return parts[0]
    return CONCEPT if iri.startswith(f"{vocab.base}vocab/") else ""


def read_names(store: EmbeddedStore, vocab: Vocabulary) -> Iterator[Name]:
    """Read the labels, alternative, legal and hidden names of all things and concepts of ours, each name once."""
    seen: set[tuple[str, str]] = set()
    for predicate in (*LABELS, *OTHER_NAMES):
        for quad in store.quads(predicate=predicate):
            if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, Literal):
                continue
            key = (quad.subject.value, str(quad.object))
            if key not in seen and (kind := kind_of(vocab, quad.subject.value)):
                seen.add(key)
                yield Name(quad.subject.value, kind, quad.object, main=predicate in LABELS)
