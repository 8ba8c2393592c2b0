"""What has names that search looks through."""

from __future__ import annotations

from hansa.vocab import Vocabulary

CONCEPT = "concept"
"""The kind of what our concept schemes hold."""


def kind_of(vocab: Vocabulary, iri: str) -> str:
    """Give the kind of a thing or concept of ours, empty for all else."""
    if parts := vocab.kind_and_slug(iri):
        return parts[0]
    return CONCEPT if iri.startswith(f"{vocab.base}vocab/") else ""
