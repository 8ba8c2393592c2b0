"""Find the names that could be meant, without looking at all of them.

Equal names and equal cores are looked up as they are. Names that are alike share pieces of two or three letters: the
rarest pieces of the query are looked up first and at most :data:`_BUDGET` entries are read, so that the work per query
does not grow with the graph. All of it stands in the file of what is looked up; in memory are six bytes for each name.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import islice

from hansa.serve.lookup.database import Database, Row, run_script
from hansa.serve.reconcile.names import core, fold, grams, romanise
from hansa.serve.reconcile.schema import types_of
from hansa.serve.reconcile.score import NameEvidence, name_evidence
from hansa.serve.reconcile.stored import StoredThings
from hansa.serve.reconcile.things import Thing, Things

_BUDGET = 4000
_COUNTED = 120
_COMPARED = 40
_EQUAL = 200
_ENTRY = array("I").itemsize
_TABLES = """
CREATE TABLE key(number INTEGER PRIMARY KEY, thing INTEGER, key TEXT, core TEXT, main INTEGER, size INTEGER);
CREATE TABLE piece(number INTEGER PRIMARY KEY, piece TEXT UNIQUE, keys BLOB);
"""
_INDEXES = "CREATE INDEX key_key ON key(key); CREATE INDEX key_core ON key(core);"

Wanted = Callable[[tuple[str, ...]], bool]
"""Says whether things of some types come into question."""


def create_keys(target: sqlite3.Connection) -> None:
    """Make the tables for names of things in the file of what is looked up."""
    run_script(target, _TABLES)


def finish_keys(target: sqlite3.Connection) -> None:
    """Index the names, when all :func:`key_rows` are written."""
    run_script(target, _INDEXES)


def key_rows(things: Things) -> Iterator[tuple[str, list[Row]]]:
    """Give what is written of the names of all things, and of the pieces of them, as statements and their values."""
    postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
    rows: list[Row] = []
    for number, (thing, key, main) in enumerate(_keys(things)):
        pieces = grams(key) | grams(romanise(key))
        rows.append((number, thing, key, core(key), main, len(pieces)))
        for piece in pieces:
            postings[piece].append(number)
    yield "INSERT INTO key VALUES (?, ?, ?, ?, ?, ?)", rows
    found = [(piece, numbers.tobytes()) for piece, numbers in sorted(postings.items())]
    yield "INSERT INTO piece(piece, keys) VALUES (?, ?)", found


def _keys(things: Things) -> Iterator[tuple[int, str, bool]]:
    for number, identifier in enumerate(sorted(things.by_id)):
        keys: dict[str, bool] = {}
        for name in things.by_id[identifier].names:
            key = fold(name.text)
            keys[key] = keys.get(key, False) or name.main
        yield from ((number, key, main) for key, main in keys.items() if key)


class NameIndex:
    """All names of all things.

    :param database: that has all :func:`key_rows`
    :param things: of the same file
    """

    def __init__(self, database: Database, things: StoredThings) -> None:
        self._database = database
        self._stored = things
        kinds = things.kinds()
        known = sorted(set(kinds))
        self._types = [types_of(kind) for kind in known]
        codes = {kind: code for code, kind in enumerate(known)}
        self._kinds = bytes(codes[kind] for kind in kinds)
        rows = database.rows("SELECT thing, size FROM key ORDER BY number")
        self._things = array("I", (thing for thing, _ in rows))
        self._sizes = array("H", (size for _, size in rows))

    def __len__(self) -> int:
        return len(self._things)

    def equal(self, key: str) -> list[Thing]:
        """Give the things that have a name with this folded form."""
        numbers = [self._things[number] for number in self._where("key", key)]
        found = self._stored.many(dict.fromkeys(numbers))
        return [found[number] for number in numbers]

    def _where(self, column: str, text: str) -> list[int]:
        rows = self._database.rows(f"SELECT number FROM key WHERE {column} = ? ORDER BY number", (text,))
        return [number for (number,) in rows]

    def _allowed(self, wanted: Wanted) -> Callable[[int], bool]:
        allowed = [wanted(types) for types in self._types]
        return lambda number: allowed[self._kinds[self._things[number]]]

    def with_prefix(self, key: str, wanted: Wanted, part: slice) -> list[Thing]:
        """Give things with a name that begins with a folded text, then those with a word that does.

        :param part: which of all of them are given
        """
        allowed = self._allowed(wanted)
        ranked: dict[int, tuple[int, int, int]] = {}
        rows = self._database.rows("SELECT number, key FROM key WHERE instr(' ' || key, ' ' || ?)", (key,))
        for number, name in rows:
            thing = self._things[number]
            rank = (int(not name.startswith(key)), len(name), thing)
            if allowed(number) and (thing not in ranked or rank < ranked[thing]):
                ranked[thing] = rank
        numbers = sorted(ranked, key=ranked.__getitem__)[part]
        found = self._stored.many(numbers)
        return [found[number] for number in numbers]

    def search(self, key: str, wanted: Wanted) -> dict[str, tuple[Thing, NameEvidence, str]]:
        """Find things whose name could be meant: thing, evidence and the folded name that fits best, by id.

        :param key: folded text
        :param wanted: which things come into question
        """
        best: dict[int, tuple[NameEvidence, str]] = {}
        numbers = list(dict.fromkeys(self._numbers(key, self._allowed(wanted))))
        rows = self._database.rows_for("SELECT number, key, main FROM key WHERE number IN ({})", numbers)
        for number in numbers:
            _, name, main = rows[number]
            evidence = name_evidence(key, name, main=bool(main))
            thing = self._things[number]
            if thing not in best or evidence.value > best[thing][0].value:
                best[thing] = evidence, name
        things = self._stored.many(best)
        return {things[number].id: (things[number], *found) for number, found in best.items()}

    def _numbers(self, key: str, allowed: Callable[[int], bool]) -> Iterator[int]:
        for numbers in (self._where("key", key), self._where("core", core(key))):
            yield from islice((n for n in numbers if allowed(n)), _EQUAL)
        yield from self._alike(key, allowed)

    def _alike(self, key: str, allowed: Callable[[int], bool]) -> list[int]:
        pieces = grams(key) | grams(romanise(key))
        shared = self._shared(pieces)
        counted = shared.most_common(_COUNTED) if len(shared) > _COUNTED else shared.items()
        fitting = [(2 * n / (len(pieces) + self._sizes[i]), i) for i, n in counted if allowed(i)]
        return [number for _, number in sorted(fitting, reverse=True)[:_COMPARED]]

    def _shared(self, pieces: set[str]) -> Counter[int]:
        """Count the pieces that names share with the query, the rarest pieces first."""
        lengths = self._database.rows_for("SELECT number, length(keys) FROM piece WHERE piece IN ({})", sorted(pieces))
        shared: Counter[int] = Counter()
        read = 0
        for number, size in sorted(lengths.values(), key=lambda row: row[1]):
            length = size // _ENTRY
            if read and read + length > _BUDGET:
                break
            shared.update(self._entries(number)[:_BUDGET])
            read += length
        return shared

    def _entries(self, number: int) -> array[int]:
        entries = array("I")
        entries.frombytes(self._database.value("SELECT keys FROM piece WHERE number = ?", number))
        return entries
