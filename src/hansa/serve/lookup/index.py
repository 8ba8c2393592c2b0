"""The index of names: SQLite's full-text engine (FTS5, https://www.sqlite.org/fts5.html), in a file or in memory.

Names are stored in the order in which they should be shown (labels before other names, short before long), so the
engine, which answers in the order of row ids, can stop as soon as it has enough. Kind and language of a name are words
of a second column, so that filters are part of the same look-up. What a user typed reaches the engine only as quoted
strings of letters and digits.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from hansa.errors import HansaError
from hansa.rdf import Literal
from hansa.serve.lookup.database import Database, Row, run_script
from hansa.serve.lookup.folding import fold, tokens, tokens_of, words
from hansa.serve.lookup.literals import literal_of, parts_of

_SIGNS = "\u2e80"
"""Where ideographic and syllabic scripts begin."""
LIMIT = 1000
"""Names that are looked at for one search; who sees so many narrows it down."""

_EXACT, _START, _WORD, _INSIDE, _SOME = 100, 80, 60, 40, 20
_WORDS_OF_QUERY = 12
_TRIGRAM = 3
_KIND = "kind "
_TABLES = """
CREATE VIRTUAL TABLE words USING fts5(name, tags, content='', tokenize="unicode61 remove_diacritics 2", prefix='1 2 3');
CREATE VIRTUAL TABLE parts USING fts5(name, content='', tokenize="trigram");
CREATE TABLE name(
  row INTEGER PRIMARY KEY, iri TEXT, kind TEXT, value TEXT, language TEXT, datatype TEXT, main INTEGER, folded TEXT
);
CREATE TEMP TABLE unsorted(
  iri TEXT, kind TEXT, value TEXT, language TEXT, datatype TEXT, main INTEGER, folded TEXT, written TEXT
);
CREATE TABLE word(word TEXT PRIMARY KEY, length INTEGER, names INTEGER) WITHOUT ROWID;
CREATE TABLE tag(tag TEXT PRIMARY KEY, code TEXT) WITHOUT ROWID;
"""
_SORTED = """
INSERT INTO name(iri, kind, value, language, datatype, main, folded)
SELECT iri, kind, value, language, datatype, main, folded FROM unsorted
ORDER BY main DESC, length(folded), folded, iri, written;
DROP TABLE unsorted;
CREATE INDEX name_folded ON name(folded);
INSERT INTO parts(rowid, name) SELECT row, folded FROM name ORDER BY row;
"""
_INSERT = "INSERT INTO unsorted VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_AT_ONCE = 64


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


def create_tables(target: sqlite3.Connection) -> None:
    """Make the tables of an empty index.

    :raises HansaError: when this Python's SQLite lacks the full-text engine or its trigram tokeniser (3.34)
    """
    try:
        run_script(target, _TABLES)
    except sqlite3.OperationalError as error:
        raise HansaError(
            f"search needs SQLite 3.34 or later with FTS5; this is {sqlite3.sqlite_version}: {error}",
            "use a Python whose sqlite3 module has it, such as those of python.org, Debian or conda",
        ) from None


def name_row(iri: str, kind: str, columns: tuple[str, str, str], *, main: bool) -> tuple[str, Row]:
    """Give what is written of a name, as a statement and its values.

    :param kind: of the thing
    :param columns: text, language and datatype of the name
    :param main: a label, not an alternative name
    """
    value, language, datatype = columns
    written = f'"{value}"@{language}^^{datatype}'
    return _INSERT, (iri, kind, value, language, datatype, main, fold(value), written)


def finish_index(target: sqlite3.Connection) -> None:
    """Make the index of all names, when every :func:`name_row` is written."""
    run_script(target, _SORTED)
    kinds = target.execute("SELECT DISTINCT kind, language FROM name").fetchall()
    tags = {(kind, language): _tags(kind, language) for kind, language in kinds}
    codes = {tag: f"t{n}" for n, tag in enumerate(sorted({tag for some in tags.values() for tag in some}))}
    coded = {key: " ".join(codes[tag] for tag in some) for key, some in tags.items()}
    target.executemany("INSERT INTO tag VALUES (?, ?)", codes.items())
    counted: Counter[str] = Counter()
    target.executemany("INSERT INTO words(rowid, name, tags) VALUES (?, ?, ?)", _indexed(target, coded, counted))
    rows = ((word, len(word), number) for word, number in sorted(counted.items()))
    target.executemany("INSERT INTO word VALUES (?, ?, ?)", rows)
    target.execute("CREATE INDEX word_length ON word(length)").close()


def _indexed(
    target: sqlite3.Connection, coded: Mapping[tuple[str, str], str], counted: Counter[str]
) -> Iterator[tuple[int, str, str]]:
    """Give row, words and tags of every name, and count the words."""
    for row, kind, language, text in target.execute("SELECT row, kind, language, folded FROM name ORDER BY row"):
        found = words(text)
        counted.update(found)
        yield row, tokens_of(found), coded[kind, language]


def write_index(target: sqlite3.Connection, names: Iterable[Name]) -> None:
    """Write the index of names.

    :param names: in any order
    :raises HansaError: as :func:`create_tables`
    """
    create_tables(target)
    rows = (name_row(name.iri, name.kind, parts_of(name.literal), main=name.main) for name in names)
    target.executemany(_INSERT, (row for _, row in rows))
    finish_index(target)


def _in_memory(names: Iterable[Name]) -> Database:
    connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    try:
        connection.execute("BEGIN").close()
        write_index(connection, names)
        connection.execute("COMMIT").close()
    except BaseException:
        connection.close()
        raise
    return Database(connection)


class NameIndex:
    """Finds things by their names.

    :param source: a database that :func:`write_index` has filled, or names in any order for an index in memory
    """

    def __init__(self, source: Database | Iterable[Name]) -> None:
        self._database = source if isinstance(source, Database) else _in_memory(source)
        self._tags: dict[str, str] = dict(self._database.rows("SELECT tag, code FROM tag"))
        self.kinds = tuple(sorted(tag.removeprefix(_KIND) for tag in self._tags if tag.startswith(_KIND)))
        self._nearest = lru_cache(maxsize=1024)(self._find_nearest)

    def __len__(self) -> int:
        return int(self._database.value("SELECT count(*) FROM name"))

    def close(self) -> None:
        """Give the memory back."""
        self._database.close()

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
        left = iter(rows)
        while some := list(islice(left, _AT_ONCE)):
            names = self._names(row for row, _ in some)
            for row, score in some:
                name = names[row]
                if name.iri not in best:
                    best[name.iri] = Found(name, score)
                    if len(best) == limit:
                        return tuple(best.values())
        return tuple(best.values())

    def _names(self, rows: Iterable[int]) -> dict[int, Name]:
        found = self._database.rows_for(
            "SELECT row, iri, kind, main, value, language, datatype FROM name WHERE row IN ({})", dict.fromkeys(rows)
        )
        return {
            row: Name(iri, kind, literal_of(*literal), bool(main))
            for row, (_, iri, kind, main, *literal) in found.items()
        }

    # ---------------------------------------------------------------- rows
    def _wanted(self, kind: str, language: str) -> list[str] | None:
        """Give the tags that a name must have; ``None`` when no name has them."""
        wanted = [
            tag for tag in (f"{_KIND}{kind}" if kind else "", f"lang {language.lower()}" if language else "") if tag
        ]
        return [self._tags[tag] for tag in wanted] if all(tag in self._tags for tag in wanted) else None

    def _exact_rows(self, text: str, tags: list[str]) -> list[tuple[int, int]]:
        rows = self._database.rows("SELECT row FROM name WHERE folded = ? ORDER BY row", (text,))
        return [(row, _EXACT) for row in self._having([row for (row,) in rows], tags)]

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
        rows = self._database.rows("SELECT rowid FROM parts WHERE parts MATCH ? ORDER BY rowid LIMIT ?", (match, limit))
        return self._having([row for (row,) in rows], tags)

    def _having(self, rows: list[int], tags: list[str]) -> list[int]:
        """Keep the rows of names that have all tags."""
        if not tags:
            return rows
        names = self._names(rows)
        return [row for row in rows if set(tags) <= {self._tags[tag] for tag in _tags_of(names[row])}]

    def _some_words(self, text: str, tags: list[str], limit: int) -> tuple[Found, ...]:
        known = [word for word in words(text)[:_WORDS_OF_QUERY] if self._is_known(word)]
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
        return [row for (row,) in self._database.rows(statement, (asked, limit))]

    # ---------------------------------------------------------------- spelling
    def meant(self, text: str) -> str:
        """Correct words that no name has to the nearest that some name has; empty when there is none."""
        asked = words(fold(text))[:_WORDS_OF_QUERY]
        corrected = [word if self._is_known(word) else self._nearest(word) for word in asked]
        return " ".join(corrected) if all(corrected) and corrected != asked else ""

    def _is_known(self, word: str) -> bool:
        return self._database.value("SELECT 1 FROM word WHERE word = ?", word) is not None

    def _find_nearest(self, word: str) -> str:
        """Find the word at the smallest edit distance (a swap counts one); among equals that of most names."""
        # In a script of signs half of a word of two is no slip: 北京 is not 東京.
        is_short = len(word) < 3 and word >= _SIGNS
        allowed = 0 if is_short else 1 if len(word) < 6 else 2
        counted: dict[str, int] = dict(
            self._database.rows(
                "SELECT word, names FROM word WHERE length BETWEEN ? AND ? ORDER BY word",
                (len(word) - allowed, len(word) + allowed),
            )
        )
        near = process.extract(word, list(counted), scorer=OSA.distance, score_cutoff=allowed, limit=20, processor=None)
        candidates = [(distance, -counted[found], found) for found, distance, _ in near if len(found) > 1]
        return min(candidates)[2] if candidates and len(word) > 1 else ""


def _tags(kind: str, language: str) -> list[str]:
    subtags = language.lower().split("-")
    ranges = ["-".join(subtags[: n + 1]) for n in range(len(subtags))] if subtags[0] else []
    return [f"{_KIND}{kind}", *(f"lang {tag}" for tag in ranges)]


def _tags_of(name: Name) -> list[str]:
    return _tags(name.kind, name.literal.language or "")


def _phrase(parts: list[str]) -> str:
    """Write an FTS5 string (https://www.sqlite.org/fts5.html#fts5_strings); quotation marks cannot end it."""
    return '"' + " ".join(parts).replace('"', '""') + '"'
