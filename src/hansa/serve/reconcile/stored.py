"""What can be reconciled, in the file of what is looked up: written once for a release, read thing by thing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from hansa.serve.lookup.database import Database, Row, run_script
from hansa.serve.reconcile.schema import types_of
from hansa.serve.reconcile.things import Name, Thing, Things

_REMEMBERED = 1 << 10
"""Things that are remembered."""
_TABLES = """
CREATE TABLE thing(number INTEGER PRIMARY KEY, id TEXT UNIQUE, iri TEXT, kind TEXT, body TEXT);
CREATE TABLE fact(property TEXT, value TEXT, thing INTEGER, PRIMARY KEY (property, value, thing)) WITHOUT ROWID;
CREATE TABLE around(name TEXT PRIMARY KEY, value TEXT);
"""
_COLUMNS = "number, id, iri, kind, body"


def create_things(target: sqlite3.Connection) -> None:
    """Make the tables for things in the file of what is looked up."""
    run_script(target, _TABLES)


def thing_rows(things: Things) -> Iterator[tuple[str, list[Row]]]:
    """Give what is written of all things, as statements and their values; numbers are in the order of the ids."""
    listed = sorted(things.by_id.values(), key=lambda thing: thing.id)
    rows = [(number, thing.id, thing.iri, thing.kind, _body(thing)) for number, thing in enumerate(listed)]
    yield "INSERT INTO thing VALUES (?, ?, ?, ?, ?)", rows
    facts = (
        (pid, value, number)
        for number, thing in enumerate(listed)
        for pid, values in thing.facts.items()
        for value in values
    )
    yield "INSERT INTO fact VALUES (?, ?, ?)", sorted(facts)
    around = {"themes": things.themes, "complete": sorted(things.complete), "countries": sorted(things.countries)}
    yield "INSERT INTO around VALUES (?, ?)", [(name, json.dumps(value)) for name, value in around.items()]


def _body(thing: Thing) -> str:
    names = [(name.text, name.language, name.main) for name in thing.names]
    return json.dumps([names, {pid: sorted(values) for pid, values in thing.facts.items()}], ensure_ascii=False)


def _thing(identifier: str, iri: str, kind: str, body: str) -> Thing:
    names, facts = json.loads(body)
    sets = {pid: frozenset(values) for pid, values in facts.items()}
    return Thing(identifier, iri, kind, types_of(kind), [Name(*name) for name in names], sets)


class StoredThings(Mapping[str, Thing]):
    """All things by id.

    :param database: that has all :func:`thing_rows`
    :ivar themes: names (as written) and IRIs of the themes
    :ivar complete: ids of networks whose members are all named
    :ivar countries: ids of places that are countries
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        around: dict[str, Any] = {
            name: json.loads(value) for name, value in database.rows("SELECT name, value FROM around")
        }
        self.themes: list[tuple[str, str]] = [(text, iri) for text, iri in around["themes"]]
        self.complete = frozenset(around["complete"])
        self.countries = frozenset(around["countries"])
        self._read = lru_cache(maxsize=_REMEMBERED)(self._read_thing)

    @property
    def by_id(self) -> Mapping[str, Thing]:
        """All things by id."""
        return self

    def __getitem__(self, identifier: str) -> Thing:
        if found := self._read(identifier):
            return found
        raise KeyError(identifier)

    def __iter__(self) -> Iterator[str]:
        return iter([found for (found,) in self._database.rows("SELECT id FROM thing ORDER BY number")])

    def __len__(self) -> int:
        return int(self._database.value("SELECT count(*) FROM thing"))

    def _read_thing(self, identifier: str) -> Thing | None:
        rows = self._database.rows("SELECT id, iri, kind, body FROM thing WHERE id = ?", (identifier,))
        return _thing(*rows[0]) if rows else None

    def many(self, numbers: Iterable[int]) -> dict[int, Thing]:
        """Give things by their numbers, in one query."""
        rows = self._database.rows_for(f"SELECT {_COLUMNS} FROM thing WHERE number IN ({{}})", numbers)
        return {number: _thing(*row[1:]) for number, row in rows.items()}

    def kinds(self) -> list[str]:
        """Give the kind of every thing, in the order of their numbers."""
        return [kind for (kind,) in self._database.rows("SELECT kind FROM thing ORDER BY number")]

    def with_fact(self, pid: str, value: str, limit: int = -1) -> list[str]:
        """Give the ids of the things with a value of a property.

        :param limit: at most so many; all when negative
        """
        rows = self._database.rows(
            "SELECT id FROM fact JOIN thing ON number = thing WHERE property = ? AND value = ? ORDER BY number LIMIT ?",
            (pid, value, limit),
        )
        return [found for (found,) in rows]
