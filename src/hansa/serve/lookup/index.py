"""The index of names: SQLite's full-text engine (FTS5, https://www.sqlite.org/fts5.html) in memory.

Names are stored in the order in which they should be shown (labels before other names, short before long), so the
engine, which answers in the order of row ids, can stop as soon as it has enough. Kind and language of a name are words
of a second column, so that filters are part of the same look-up. What a user typed reaches the engine only as quoted
strings of letters and digits.
"""

from __future__ import annotations

import sqlite3
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from hansa.errors import HansaError
from hansa.rdf import Literal
from hansa.serve.lookup.folding import as_indexed, fold, tokens, words

LIMIT = 1000
"""Names that are looked at for one search; who sees so many narrows it down."""

_EXACT, _START, _WORD, _INSIDE, _SOME = 100, 80, 60, 40, 20
_WORDS_OF_QUERY = 12
_TRIGRAM = 3
_TABLES = """
CREATE VIRTUAL TABLE words USING fts5(name, tags, content='', tokenize="unicode61 remove_diacritics 2", prefix='1 2 3');
CREATE VIRTUAL TABLE parts USING fts5(name, content='', tokenize="trigram");
"""


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one thing.

    :param kind: of the thing, such as ``network``, or ``concept``
    :param main: a label, not an alternative name
    """

    iri: str
    kind: str
    literal: Literal
    main: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A thing found, by which of its names, and how well that fits: 100 is exactly."""

    name: Name
    score: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found.

    :param meant: the spelling that was looked for instead, when nothing has the one that was typed
    :param partial: nothing has all the words; these have some of them
    """

    found: tuple[Found, ...]
    meant: str = ""
    partial: bool = False


def open_database() -> sqlite3.Connection:
    """Open an empty index.

    :raises HansaError: when this Python's SQLite lacks the full-text engine or its trigram tokeniser (3.34)
    """
    database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    try:
        database.executescript(_TABLES)
    except sqlite3.OperationalError as error:
        database.close()
        raise HansaError(
            f"search needs SQLite 3.34 or later with FTS5; this is {sqlite3.sqlite_version}: {error}",
            "use a Python whose sqlite3 module has it, such as those of python.org, Debian or conda",
        ) from None
    return database


class NameIndex:
    """Finds things by their names.

    :param names: in any order
    """

    def __init__(self, names: Iterable[Name]) -> None:
        folded = [(fold(name.literal.value), name) for name in names]
        folded.sort(key=lambda pair: (not pair[1].main, len(pair[0]), pair[0], pair[1].iri, str(pair[1].literal)))
        self._names = [name for _, name in folded]
        self._folded = [text for text, _ in folded]
        self._exact: dict[str, list[int]] = {}
        for row, text in enumerate(self._folded):
            self._exact.setdefault(text, []).append(row)
        self._words = Counter(word for text in self._folded for word in words(text))
        self._vocabulary = sorted(self._words)
        self.kinds = tuple(sorted({name.kind for name in self._names}))
        self._tags = {tag: f"t{number}" for number, tag in enumerate(sorted(self._all_tags()))}
        self._database = open_database()
        # A release that is switched away takes its index with it.
        weakref.finalize(self, self._database.close)
        self._fill()

    def __len__(self) -> int:
        return len(self._names)

    def close(self) -> None:
        """Give the memory back."""
        self._database.close()

    def _all_tags(self) -> set[str]:
        return {tag for name in self._names for tag in _tags(name)}

    def _fill(self) -> None:
        rows = [(n, " ".join(self._tags[t] for t in _tags(name))) for n, name in enumerate(self._names)]
        self._database.execute("BEGIN")
        add = self._database.executemany
        add(
            "INSERT INTO words(rowid, name, tags) VALUES (?, ?, ?)",
            ((n, as_indexed(self._folded[n]), t) for n, t in rows),
        )
        add("INSERT INTO parts(rowid, name) VALUES (?, ?)", enumerate(self._folded))
        self._database.execute("COMMIT")

    # ---------------------------------------------------------------- search
    def search(self, query: str, kind: str = "", language: str = "", limit: int = LIMIT) -> Answer:
        """Find things by any of their names, best first.

        :param query: what somebody typed: words in any order, the last letters of each may be missing
        :param kind: only things of this kind
        :param language: only names in this language; ``zh`` finds ``zh-Hant`` too
        """
        tags = self._wanted(kind, language)
        text = fold(query)
        if tags is None or not words(text):
            return Answer(())
        if found := self._all_words(text, tags, limit):
            return Answer(found)
        if (meant := self.meant(text)) and (found := self._all_words(meant, tags, limit)):
            return Answer(found, meant=meant)
        return Answer(self._some_words(text, tags, limit), partial=True)

    def suggest(self, prefix: str, kind: str = "", language: str = "", limit: int = 10) -> tuple[Found, ...]:
        """Find names that begin with some letters, or have a word that does, best first; made for every key stroke."""
        tags = self._wanted(kind, language)
        text = fold(prefix)
        if tags is None or not words(text):
            return ()
        return self._first([*self._exact_rows(text, tags), *self._starting(text, tags, limit * 4)], limit)

    def _all_words(self, text: str, tags: list[str], limit: int) -> tuple[Found, ...]:
        rows = [*self._exact_rows(text, tags), *self._starting(text, tags, limit)]
        rows += ((row, _INSIDE) for row in self._inside(text, tags, limit))
        return self._first(rows, limit)

    def _first(self, rows: Iterable[tuple[int, int]], limit: int) -> tuple[Found, ...]:
        """Keep of each thing the name that fits best."""
        best: dict[str, Found] = {}
        for row, score in rows:
            name = self._names[row]
            if name.iri not in best:
                best[name.iri] = Found(name, score)
                if len(best) == limit:
                    break
        return tuple(best.values())

    # ---------------------------------------------------------------- rows
    def _wanted(self, kind: str, language: str) -> list[str] | None:
        """Give the tags that a name must have; ``None`` when no name has them."""
        wanted = [
            tag for tag in (f"kind {kind}" if kind else "", f"lang {language.lower()}" if language else "") if tag
        ]
        return [self._tags[tag] for tag in wanted] if all(tag in self._tags for tag in wanted) else None

    def _exact_rows(self, text: str, tags: list[str]) -> list[tuple[int, int]]:
        rows = self._exact.get(text, [])
        return [(row, _EXACT) for row in rows if self._has(row, tags)]

    def _starting(self, text: str, tags: list[str], limit: int) -> Iterator[tuple[int, int]]:
        """Find names that begin with the text, then names with words that begin with its words."""
        asked = words(text)[:_WORDS_OF_QUERY]
        phrase = _phrase([token for word in asked for token in tokens(word)])
        yield from ((row, _START) for row in self._rows(f"^{phrase} *", tags, limit))
        each = " AND ".join(f"{_phrase(tokens(word))} *" for word in asked)
        yield from ((row, _WORD) for row in self._rows(each, tags, limit, ranked=len(asked) > 1))

    def _inside(self, text: str, tags: list[str], limit: int) -> list[int]:
        """Find names with every word somewhere inside (trigrams, so words of at least three letters)."""
        asked = [word for word in words(text)[:_WORDS_OF_QUERY] if len(word) >= _TRIGRAM]
        if not asked or len(asked) < len(words(text)[:_WORDS_OF_QUERY]):
            return []
        match = " AND ".join(_phrase([word]) for word in asked)
        rows = self._database.execute(
            "SELECT rowid FROM parts WHERE parts MATCH ? ORDER BY rowid LIMIT ?", (match, limit)
        )
        return [row for (row,) in rows if self._has(row, tags)]

    def _has(self, row: int, tags: list[str]) -> bool:
        return set(tags) <= {self._tags[tag] for tag in _tags(self._names[row])}

    def _some_words(self, text: str, tags: list[str], limit: int) -> tuple[Found, ...]:
        known = [word for word in words(text)[:_WORDS_OF_QUERY] if word in self._words]
        if not known:
            return ()
        any_of_them = " OR ".join(_phrase(tokens(word)) for word in known)
        rows = self._rows(any_of_them, tags, limit, ranked=True)
        return self._first(((row, _SOME) for row in rows), limit)

    def _rows(self, match: str, tags: list[str], limit: int, *, ranked: bool = False) -> list[int]:
        """Look up rows by words.

        :param ranked: by BM25, then by row; else by row alone, which lets the engine stop early
        """
        asked = " AND ".join([f"name : ({match})", *(f"tags : {_phrase([tag])}" for tag in tags)])
        order = "bm25(words), rowid" if ranked else "rowid"
        statement = f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY {order} LIMIT ?"
        return [row for (row,) in self._database.execute(statement, (asked, limit))]

    # ---------------------------------------------------------------- spelling
    def meant(self, text: str) -> str:
        """Correct words that no name has to the nearest that some name has; empty when there is none."""
        asked = words(fold(text))[:_WORDS_OF_QUERY]
        corrected = [word if word in self._words else self._nearest(word) for word in asked]
        return " ".join(corrected) if all(corrected) and corrected != asked else ""

    def _nearest(self, word: str) -> str:
        """Find the word at the smallest edit distance (a swap counts one); among equals that of most names."""
        allowed = 1 if len(word) < 6 else 2
        near = process.extract(
            word, self._vocabulary, scorer=OSA.distance, score_cutoff=allowed, limit=20, processor=None
        )
        candidates = [(distance, -self._words[found], found) for found, distance, _ in near if len(found) > 1]
        return min(candidates)[2] if candidates and len(word) > 1 else ""


def _tags(name: Name) -> list[str]:
    language = (name.literal.language or "").lower().split("-")
    ranges = ["-".join(language[: n + 1]) for n in range(len(language))] if language[0] else []
    return [f"kind {name.kind}", *(f"lang {tag}" for tag in ranges)]


def _phrase(parts: list[str]) -> str:
    """Write an FTS5 string (https://www.sqlite.org/fts5.html#fts5_strings); quotation marks cannot end it."""
    return '"' + " ".join(parts).replace('"', '""') + '"'
