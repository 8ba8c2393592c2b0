"""The names of everything, read once at the start: labels for pages and the index that search looks through.

No page asks the store for labels, however many things it shows. The index is a plain list; it suits graphs whose names
fit in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from hansa.rdf import Literal, NamedNode
from hansa.serve.pages.addresses import href_of
from hansa.serve.pages.views import Link, Text
from hansa.store import EmbeddedStore
from hansa.vocab import DCT, FOAF, RDFS, SCHEMA, SKOS, Vocabulary

LABELS = (SKOS.prefLabel, FOAF.name, DCT.title, RDFS.label)
OTHER_NAMES = (SCHEMA.legalName, SKOS.altLabel, SKOS.hiddenLabel)
_LINKS = 1 << 15
"""Links that are remembered, for all languages together; some twenty megabytes at most."""


def text_of(literal: Literal, wanted: Sequence[str]) -> Text:
    """Give a literal as text for a page, marked when it is not in the language that the reader asked for first."""
    language = literal.language or ""
    return text_in(literal.value, language, wanted)


def text_in(value: str, language: str, wanted: Sequence[str]) -> Text:
    """Give a text in some language for a page, marked when it is not in the language asked for first."""
    if not language or not wanted or language.split("-", maxsplit=1)[0] == wanted[0].split("-")[0]:
        return Text(value, language)
    return Text(value, language, foreign=True, language=language_name(language, wanted[0]))


@lru_cache(maxsize=1024)
def language_name(language: str, wanted: str) -> str:
    """Name a language in another one (``ja`` in Spanish is *japonés*), empty when CLDR does not know it."""
    try:
        return Locale.parse(language, sep="-").get_display_name(Locale.parse(wanted, sep="-")) or ""
    except (ValueError, UnknownLocaleError):
        return ""


class Names:
    """All names in the graph.

    :param store: where they are read from, once
    """

    def __init__(self, store: EmbeddedStore, vocab: Vocabulary) -> None:
        self._vocab = vocab
        self.link = lru_cache(maxsize=_LINKS)(self._make_link)
        """Give the link to a thing for readers of some languages."""
        self._labels: dict[str, list[Literal]] = defaultdict(list)
        languages: set[str] = set()
        for rank, predicate in enumerate((*LABELS, *OTHER_NAMES)):
            languages |= self._read(store, predicate, main=rank < len(LABELS))
        self.languages = tuple(sorted(languages))

    def _read(self, store: EmbeddedStore, predicate: NamedNode, *, main: bool) -> set[str]:
        """Read the names that one property gives; give their languages."""
        languages = set()
        found = {q.triple for q in store.quads(predicate=predicate)}
        for triple in sorted(found, key=str):
            if not isinstance(triple.object, Literal) or not isinstance(triple.subject, NamedNode):
                continue
            if main:
                self._labels[triple.subject.value].append(triple.object)
            languages.add(triple.object.language or "")
        return languages - {""}

    def label(self, iri: str, wanted: Sequence[str]) -> Text:
        """Give the label of a thing in the first language wanted that it has, else any, else its prefixed name.

        :param wanted: languages, best first
        """
        labels = self._labels.get(iri)
        if not labels:
            return Text(self._without_label(iri), "")
        order = {language: rank for rank, language in enumerate(wanted)}
        return text_of(min(labels, key=lambda label: _rank(label, order)), wanted)

    def _make_link(self, iri: str, wanted: tuple[str, ...]) -> Link:
        href = href_of(self._vocab.base, iri)
        return Link(self.label(iri, wanted), iri, href, external=bool(href) and not href.startswith("/"))

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


def _rank(label: Literal, order: dict[str, int]) -> tuple[int, bool, str]:
    language = label.language or ""
    exact = order.get(language, order.get(language.split("-")[0], len(order)))
    return (exact, bool(language), language)
