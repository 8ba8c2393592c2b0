"""The names of everything, for pages: written once for a release into the file of what is looked up.

No page asks the store for labels. A look-up in the file takes some ten microseconds; labels that are asked for often
stay in memory, and their number is bounded, so a large graph takes no more memory than a small one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from babel import Locale, UnknownLocaleError

from hansa.rdf import Literal
from hansa.serve.lookup.database import Database, Row, run_script
from hansa.serve.lookup.folding import fold
from hansa.serve.lookup.literals import columns_of, literal_of
from hansa.serve.pages.addresses import href_of
from hansa.serve.pages.records import Said, Says
from hansa.serve.pages.views import Link, Text
from hansa.vocab import DCT, FOAF, RDFS, SCHEMA, SKOS, Vocabulary

LABELS = (SKOS.prefLabel, FOAF.name, DCT.title, RDFS.label)
OTHER_NAMES = (SCHEMA.legalName, SKOS.altLabel, SKOS.hiddenLabel)
NAMING = (*LABELS, *OTHER_NAMES)
"""All properties that name a thing."""
NAMES = frozenset(predicate.value for predicate in NAMING)
_RANKED = tuple(enumerate(predicate.value for predicate in NAMING))
_LINKS = 1 << 12
"""Links that are remembered, for all languages together; some four megabytes at most."""
_REMEMBERED = 1 << 11
"""Things whose labels are remembered."""
_TABLES = """
CREATE TABLE labelled(number INTEGER PRIMARY KEY, iri TEXT UNIQUE, kind TEXT);
CREATE TEMP TABLE named(rank INTEGER, iri TEXT, kind TEXT);
CREATE TABLE label(iri TEXT, number INTEGER, value TEXT, language TEXT, datatype TEXT, PRIMARY KEY (iri, number))
WITHOUT ROWID;
CREATE TABLE language(tag TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_NUMBERED = """
INSERT INTO labelled(iri, kind) SELECT iri, kind FROM named ORDER BY rank, '<' || iri || '>';
DROP TABLE named;
CREATE INDEX labelled_kind ON labelled(kind);
"""
_LAST = chr(0x10FFFF)


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


def said_names(says: Says) -> list[tuple[int, Said]]:
    """Give the names that are said of a thing, each with the rank of its property, in a stable order."""
    return [
        (rank, said)
        for rank, predicate in _RANKED
        for said in sorted(says.get(predicate, ()), key=_as_written)
        if not said.is_iri
    ]


def _as_written(said: Said) -> str:
    return f'"{said.value}"@{said.lang}'


def label_rows(iri: str, kind: str, named: Sequence[tuple[int, Said]]) -> Iterator[tuple[str, Row]]:
    """Give what is written of the names of a thing, as statements and their values."""
    labels = [(rank, said) for rank, said in named if rank < len(LABELS)]
    if labels:
        yield "INSERT INTO named VALUES (?, ?, ?)", (labels[0][0], iri, kind)
    for number, (_, said) in enumerate(labels):
        yield "INSERT INTO label VALUES (?, ?, ?, ?, ?)", (iri, number, *columns_of(said))
    for language in {said.lang for _, said in named} - {""}:
        yield "INSERT OR IGNORE INTO language VALUES (?)", (language,)


def create_labels(target: sqlite3.Connection) -> None:
    """Make the tables for labels in the file of what is looked up."""
    run_script(target, _TABLES)


def finish_labels(target: sqlite3.Connection) -> None:
    """Give a number to everything that has a label, when all :func:`label_rows` are written."""
    run_script(target, _NUMBERED)


class Names:
    """All names in the graph.

    :param database: that :func:`label_rows` have filled
    """

    def __init__(self, database: Database, vocab: Vocabulary) -> None:
        self._vocab = vocab
        self._database = database
        self.link = lru_cache(maxsize=_LINKS)(self._make_link)
        """Give the link to a thing for readers of some languages."""
        self._labels = lru_cache(maxsize=_REMEMBERED)(self._read_labels)
        self._sorted = lru_cache(maxsize=64)(self._sort_kind)
        self.languages = tuple(tag for (tag,) in database.rows("SELECT tag FROM language ORDER BY tag"))

    def _read_labels(self, iri: str) -> tuple[Literal, ...]:
        found = self._database.rows("SELECT value, language, datatype FROM label WHERE iri = ? ORDER BY number", (iri,))
        return tuple(literal_of(*row) for row in found)

    def label(self, iri: str, wanted: Sequence[str]) -> Text:
        """Give the label of a thing in the first language wanted that it has, else any, else its prefixed name.

        :param wanted: languages, best first
        """
        labels = self._labels(iri)
        return _best(labels, wanted) if labels else Text(self._without_label(iri), "")

    def _make_link(self, iri: str, wanted: tuple[str, ...]) -> Link:
        href = href_of(self._vocab.base, iri)
        return Link(self.label(iri, wanted), iri, href, external=bool(href) and not href.startswith("/"))

    def _without_label(self, iri: str) -> str:
        short = self._vocab.shorten(iri)
        return iri if short.startswith("<") else short

    def labels(self, iri: str) -> list[Literal]:
        """Give all main labels of a thing."""
        return list(self._labels(iri))

    def kinds(self) -> Iterator[tuple[str, str]]:
        """Give kind and IRI of every thing that has a label."""
        yield from self._database.rows("SELECT kind, iri FROM labelled WHERE kind <> '' ORDER BY number")

    def number_of(self, kind: str) -> int:
        """Count the things of a kind."""
        return int(self._database.value("SELECT count(*) FROM labelled WHERE kind = ?", kind))

    def of_kind(self, kind: str, wanted: Sequence[str]) -> Sequence[str]:
        """Give the things of a kind in the order of their labels in the first language wanted that each has."""
        return self._sorted(kind, tuple(wanted))

    def _sort_kind(self, kind: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
        rows = self._database.rows(
            "SELECT label.iri, value, language, datatype FROM labelled JOIN label USING (iri) WHERE kind = ?"
            " ORDER BY label.iri, label.number",
            (kind,),
        )
        keys = []
        for iri, found in groupby(rows, key=lambda row: row[0]):
            best = _best([literal_of(*row[1:]) for row in found], wanted)
            keys.append((fold(best.value), iri))
        return tuple(iri for _, iri in sorted(keys))

    def in_namespace(self, namespace: str) -> list[str]:
        """Give the IRIs with a label that stand directly in a namespace."""
        rows = self._database.rows(
            "SELECT iri FROM labelled WHERE iri >= ? AND iri < ? ORDER BY number", (namespace, namespace + _LAST)
        )
        return [iri for (iri,) in rows if "/" not in iri[len(namespace) :]]


def _best(labels: Sequence[Literal], wanted: Sequence[str]) -> Text:
    order = {language: rank for rank, language in enumerate(wanted)}
    return text_of(min(labels, key=lambda label: _rank(label, order)), wanted)


def _rank(label: Literal, order: dict[str, int]) -> tuple[int, bool, str]:
    language = label.language or ""
    exact = order.get(language, order.get(language.split("-")[0], len(order)))
    return (exact, bool(language), language)
