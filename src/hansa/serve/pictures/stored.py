"""What pictures need of memberships, written once for a release: when each held, and which documents say so."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from hansa.serve.lookup.database import Database, Row, run_script
from hansa.serve.pages.records import Says
from hansa.vocab import ORG, Vocabulary

_TABLES = "CREATE TABLE drawn(number INTEGER PRIMARY KEY, held TEXT, sources TEXT)"
_BATCH = 400


@dataclass(frozen=True, slots=True)
class When:
    """When something held, as bounds in ISO form; empty where nothing is known.

    :param start: as the source gives it (EDTF), and ``end`` and ``as_of``
    """

    start_earliest: str = ""
    start_latest: str = ""
    end_earliest: str = ""
    end_latest: str = ""
    as_of_earliest: str = ""
    as_of_latest: str = ""
    start: str = ""
    end: str = ""
    as_of: str = ""

    def on(self, day: str) -> bool:
        """Tell whether it may have held on a day: not known to have begun later, not known to have ended before."""
        begun, ended = self.start_earliest, self.end_latest
        return not day or ((not begun or begun <= day) and (not ended or ended >= day))

    def __bool__(self) -> bool:
        """Tell whether anything is known."""
        return bool(self.start or self.end or self.as_of or self.start_earliest or self.end_latest)


NAMED = {
    "startEarliest": "start_earliest",
    "startLatest": "start_latest",
    "endEarliest": "end_earliest",
    "endLatest": "end_latest",
    "asOfEarliest": "as_of_earliest",
    "asOfLatest": "as_of_latest",
    "start": "start",
    "end": "end",
    "asOf": "as_of",
    "date": "start",
}
"""Names of the bounds in our ontology."""
_FIELDS = tuple(field.name for field in fields(When))
_UNKNOWN = When()
_STATING = (ORG.member.value, ORG.organization.value)
_quoted = json.encoder.encode_basestring_ascii


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership: who, in what, as what, when, and who says so (IRIs)."""

    iri: str
    member: str
    organization: str
    role: str
    when: When
    sources: tuple[str, ...]


def create_drawn(target: sqlite3.Connection) -> None:
    """Make the table for what pictures need of memberships, which gets one row for each membership, in their order."""
    run_script(target, _TABLES)


class DrawnReader:
    """Understands when a membership held, and which documents say so.

    :param documents: that each graph is from
    """

    def __init__(self, vocab: Vocabulary, documents: Mapping[str, tuple[str, ...]]) -> None:
        self._derived = f"{vocab.base}graph/derived/"
        self._documents = documents
        self._bounds = [(f"{vocab.hansa.iri}{local}", _FIELDS.index(name)) for local, name in NAMED.items()]

    def row(self, says: Says) -> tuple[str, Row]:
        """Give what is written for a membership, as a statement and its values."""
        graphs = {graph for p in _STATING for said in says.get(p, ()) for graph in said.graphs}
        stated = sorted(graph for graph in graphs if not graph.startswith(self._derived))
        sources = dict.fromkeys(source for graph in stated for source in self._documents.get(graph, ()))
        return "INSERT INTO drawn(held, sources) VALUES (?, ?)", (self._held(says), " ".join(sources))

    def _held(self, says: Says) -> str:
        found = [""] * len(_FIELDS)
        for predicate, place in self._bounds:
            for said in says.get(predicate, ()):
                found[place] = min(found[place] or said.value, said.value)
        return f"[{', '.join(map(_quoted, found))}]" if any(found) else ""


_SELECT = """SELECT iri, member, organization, roles, held, sources FROM membership JOIN drawn USING (number)
WHERE {column} IN ({marks}) ORDER BY iri, member, organization, roles"""


def read_memberships(database: Database, column: str, values: Iterable[str]) -> dict[str, list[Membership]]:
    """Give memberships by member or by organization, each in the order of their IRIs.

    :param column: ``member`` or ``organization``
    :param values: whose memberships are wanted; each stands in the answer
    """
    wanted = list(dict.fromkeys(values))
    found: dict[str, list[Membership]] = {value: [] for value in wanted}
    for at in range(0, len(wanted), _BATCH):
        some = wanted[at : at + _BATCH]
        statement = _SELECT.format(column=column, marks=",".join("?" * len(some)))
        for membership in map(_membership, database.rows(statement, some)):
            found[membership.member if column == "member" else membership.organization].append(membership)
    return found


def _membership(row: Row) -> Membership:
    iri, member, organization, roles, held, sources = row
    role = roles.partition(" ")[0]
    return Membership(
        iri, member, organization, role, When(*json.loads(held)) if held else _UNKNOWN, tuple(sources.split())
    )
