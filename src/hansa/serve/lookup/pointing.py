"""What points at a thing: the statements that have it as object, as part of the file in which a release is looked up.

The query store gives the same in twenty times as long, for it puts every term together from several places. Dates and
evidence, at which next to nothing points, are left to it, and so are concepts and documents, at which everything does.
Shortcuts are left out, such as that a network has a member: the membership that bears them out points as well.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from hansa.rdf import NamedNode
from hansa.serve.http.cache import Remembered
from hansa.serve.lookup.database import Database, Row, run_script
from hansa.store import EmbeddedStore
from hansa.vocab import ORG, Vocabulary

_LEFT_OUT = ("evidence", "instant", "interval", "source")
"""Kinds of things that are left to the store."""
SHORTCUTS = frozenset({ORG.hasMember, ORG.memberOf, ORG.heldBy, ORG.holds})
"""Properties that are left out."""
_PROPERTIES = 1 << 10
_TABLES = """
CREATE TEMP TABLE pointed(iri TEXT, said TEXT);
CREATE TABLE pointing(iri TEXT PRIMARY KEY, said TEXT) WITHOUT ROWID;
"""
_TOGETHER = """
INSERT INTO pointing SELECT iri, group_concat(said, ' ') FROM (SELECT * FROM pointed ORDER BY iri, rowid) GROUP BY iri;
DROP TABLE pointed;
"""
Pointed = tuple[str, str, str]
"""Subject, property and graph of a statement."""


class PointingRead:
    """Takes note of what points at things while a part of a release is read.

    :param graphs: names of all graphs
    :ivar is_pointed: tells whether an object, with what follows it, is a thing of a kind that is not left to the store
    """

    def __init__(self, vocab: Vocabulary, graphs: Iterable[str]) -> None:
        self._things = f"<{vocab.base}id/".encode()
        self._graphs = {f"<{graph}>".encode(): b"%d" % number for number, graph in enumerate(sorted(graphs))}
        self._short = Remembered[bytes, bytes](lambda iri: vocab.shorten(iri[1:-1].decode()).encode(), _PROPERTIES)
        self.is_pointed = re.compile(b"%s(?!(?:%s)/)" % (re.escape(self._things), "|".join(_LEFT_OUT).encode())).match
        self._left_out = frozenset(str(predicate).encode() for predicate in SHORTCUTS)
        self._found: dict[bytes, list[bytes]] = defaultdict(list)

    def add(self, subject: bytes, predicate: bytes, value: bytes) -> None:
        """Take note of a statement about a thing.

        :param value: object, graph and full stop
        """
        if predicate in self._left_out:
            return
        thing, graph = value.split(b" ", 2)[:2]
        if number := self._graphs.get(graph):
            self._found[thing] += (subject.removeprefix(self._things), self._short[predicate], number)

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Give what is written, as statements and their values."""
        for thing, said in self._found.items():
            yield "INSERT INTO pointed VALUES (?, ?)", (thing[1:-1].decode(), b" ".join(said).decode())


def create_pointing(target: sqlite3.Connection) -> None:
    """Make the table for what points at things."""
    run_script(target, _TABLES)


def finish_pointing(target: sqlite3.Connection) -> None:
    """Put together what the parts of a release say, when all rows are written."""
    run_script(target, _TOGETHER)


class Pointing(Protocol):
    """Where statements are looked up by their object."""

    def at(self, iri: str) -> Iterable[Pointed]:
        """Give the statements that have a thing as object and a named thing as subject, but for shortcuts."""
        ...


class StoredPointing:
    """What points at things, from a query store."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    def at(self, iri: str) -> Iterator[Pointed]:
        """Give the statements."""
        asked = f"SELECT ?s ?p ?g WHERE {{ GRAPH ?g {{ ?s ?p {NamedNode(iri)} }} }}"
        for subject, predicate, graph in self._store.query(asked):
            if isinstance(subject, NamedNode) and predicate not in SHORTCUTS:
                yield subject.value, predicate.value, graph.value


class WrittenPointing:
    """What points at things, from the file in which a release is looked up.

    :param stored: for things that are left to the store
    :param graphs: names of all graphs
    """

    def __init__(self, database: Database, stored: StoredPointing, vocab: Vocabulary, graphs: Iterable[str]) -> None:
        self._database = database
        self._stored = stored
        self._kind_and_slug = vocab.kind_and_slug
        self._things = f"{vocab.base}id/"
        self._graphs: Sequence[str] = sorted(graphs)
        self._property = Remembered(vocab.expand, _PROPERTIES)

    def at(self, iri: str) -> Iterable[Pointed]:
        """Give the statements."""
        found = self._kind_and_slug(iri)
        return self._written(iri) if found and found[0] not in _LEFT_OUT else self._stored.at(iri)

    def _written(self, iri: str) -> Iterator[Pointed]:
        said = (self._database.value("SELECT said FROM pointing WHERE iri = ?", iri) or "").split(" ")
        for subject, predicate, graph in zip(said[::3], said[1::3], said[2::3], strict=False):
            about = subject[1:-1] if subject[0] == "<" else self._things + subject[:-1]
            yield about, self._property[predicate], self._graphs[int(graph)]
