"""The names of everything, read once at the start: labels for pages and the index that search looks through.

No page asks the store for labels, however many things it shows. The index is a plain list; it suits graphs whose names
fit in memory.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hansa.rdf import Literal, NamedNode
from hansa.serve.pages.views import Text
from hansa.store import EmbeddedStore
from hansa.vocab import DCT, FOAF, RDFS, SCHEMA, SKOS, Vocabulary

LABELS = (SKOS.prefLabel, FOAF.name, DCT.title, RDFS.label)
OTHER_NAMES = (SCHEMA.legalName, SKOS.altLabel, SKOS.hiddenLabel)
_EXACT, _PREFIX, _WORD, _INSIDE = 4, 3, 2, 1


def fold(text: str) -> str:
    """Reduce a text to what search compares: compatibility forms, no accents, no case."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing found, the name that fitted and how well (higher is better)."""

    iri: str
    name: Text
    score: int


@dataclass(frozen=True, slots=True)
class _Name:
    iri: str
    literal: Literal
    main: bool
    folded: str


def text_of(literal: Literal, wanted: Sequence[str]) -> Text:
    """Give a literal as text for a page, marked when it is not in the language that the reader asked for first."""
    language = literal.language or ""
    foreign = bool(language) and bool(wanted) and language.split("-")[0] != wanted[0].split("-")[0]
    return Text(literal.value, language, foreign=foreign)


def _score(folded: str, query: str) -> int:
    if folded == query:
        return _EXACT
    if folded.startswith(query):
        return _PREFIX
    if f" {query}" in folded:
        return _WORD
    return _INSIDE if query in folded else 0


class Names:
    """All names in the graph.

    :param store: where they are read from, once
    """

    def __init__(self, store: EmbeddedStore, vocab: Vocabulary) -> None:
        self._vocab = vocab
        self._labels: dict[str, list[Literal]] = defaultdict(list)
        self._names: list[_Name] = []
        for rank, predicate in enumerate((*LABELS, *OTHER_NAMES)):
            self._read(store, predicate, main=rank < len(LABELS))
        self.languages = tuple(sorted({n.literal.language for n in self._names if n.literal.language}))

    def _read(self, store: EmbeddedStore, predicate: NamedNode, *, main: bool) -> None:
        found = {q.triple for q in store.quads(predicate=predicate)}
        for triple in sorted(found, key=str):
            if not isinstance(triple.object, Literal) or not isinstance(triple.subject, NamedNode):
                continue
            iri = triple.subject.value
            if main:
                self._labels[iri].append(triple.object)
            self._names.append(_Name(iri, triple.object, main, fold(triple.object.value)))

    def label(self, iri: str, wanted: Sequence[str]) -> Text:
        """Give the label of a thing in the first language wanted that it has, else any, else its prefixed name.

        :param wanted: languages, best first
        """
        labels = self._labels.get(iri)
        if not labels:
            return Text(self._without_label(iri), "")
        order = {language: rank for rank, language in enumerate(wanted)}
        return text_of(min(labels, key=lambda label: _rank(label, order)), wanted)

    def _without_label(self, iri: str) -> str:
        short = self._vocab.shorten(iri)
        return iri if short.startswith("<") else short

    def labels(self, iri: str) -> list[Literal]:
        """Give all main labels of a thing."""
        return list(self._labels.get(iri, ()))

    def kinds(self) -> Iterator[tuple[str, str]]:
        """Give kind and IRI of every thing that has a label."""
        for iri in self._labels:
            if parts := self._vocab.kind_and_slug(iri):
                yield parts[0], iri

    def in_namespace(self, namespace: str) -> list[str]:
        """Give the IRIs with a label that stand directly in a namespace."""
        return [iri for iri in self._labels if iri.startswith(namespace) and "/" not in iri[len(namespace) :]]

    def search(self, query: str, wanted: Sequence[str], kind: str = "", language: str = "") -> list[Hit]:
        """Find things by any of their names, best first.

        :param kind: only things of this kind, empty for all kinds of things and concepts
        :param language: only names in this language
        """
        folded = fold(query)
        if not folded:
            return []
        best: dict[str, tuple[int, _Name]] = {}
        for name in self._names:
            score = _score(name.folded, folded) * 2 + name.main
            fits = score > 1 and self._is_wanted(name, kind, language)
            if fits and score > best.get(name.iri, (0, name))[0]:
                best[name.iri] = (score, name)
        ordered = sorted(best.values(), key=lambda pair: (-pair[0], len(pair[1].folded), pair[1].folded, pair[1].iri))
        return [Hit(name.iri, text_of(name.literal, wanted), score) for score, name in ordered]

    def _is_wanted(self, name: _Name, kind: str, language: str) -> bool:
        parts = self._vocab.kind_and_slug(name.iri)
        ours = parts is not None or name.iri.startswith(f"{self._vocab.base}vocab/")
        return (
            ours
            and (not kind or (parts is not None and parts[0] == kind))
            and (not language or (name.literal.language or "").split("-")[0] == language.partition("-")[0])
        )


def _rank(label: Literal, order: dict[str, int]) -> tuple[int, bool, str]:
    language = label.language or ""
    exact = order.get(language, order.get(language.split("-")[0], len(order)))
    return (exact, bool(language), language)
