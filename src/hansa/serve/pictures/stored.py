"""What pictures need of memberships, written once for a release: when each held, and which documents say so."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from hansa.rdf import NamedNode
from hansa.serve.lookup.database import Database, Row, run_script
from hansa.store import RESULT_FORMATS, EmbeddedStore
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


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership: who, in what, as what, when, and who says so (IRIs)."""

    iri: str
    member: str
    organization: str
    role: str
    when: When
    sources: tuple[str, ...]


def _statements(store: EmbeddedStore, predicate: NamedNode) -> Iterator[list[str]]:
    """Give subject, object and graph of all statements with a property: as text, for which objects take too long."""
    result = store.query(f"SELECT ?s ?o ?g {{ GRAPH ?g {{ ?s {predicate} ?o }} }}")
    rows = csv.reader(io.StringIO(result.serialize(format=RESULT_FORMATS["text/csv"]).decode(), newline=""))
    next(rows)
    yield from rows


def write_drawn(
    target: sqlite3.Connection, store: EmbeddedStore, vocab: Vocabulary, sources: Mapping[str, tuple[str, ...]]
) -> None:
    """Write what pictures need of the memberships that stand in the file already.

    :param sources: the documents that each graph is from
    """
    run_script(target, _TABLES)
    derived = f"{vocab.base}graph/derived/"
    held: dict[str, dict[str, str]] = defaultdict(dict)
    for local, name in NAMED.items():
        for node, value, _ in _statements(store, NamedNode(f"{vocab.hansa.iri}{local}")):
            known = held[node]
            known[name] = min(known.get(name, value), value)
    graphs: dict[str, set[str]] = defaultdict(set)
    for predicate in (ORG.member, ORG.organization):
        for node, _, graph in _statements(store, predicate):
            if not graph.startswith(derived):
                graphs[node].add(graph)
    numbers = target.execute("SELECT number, iri FROM membership").fetchall()
    rows = ((n, _packed(held.get(iri)), _documents(graphs.get(iri, ()), sources)) for n, iri in numbers)
    target.executemany("INSERT INTO drawn VALUES (?, ?, ?)", rows)


def _packed(held: Mapping[str, str] | None) -> str:
    return json.dumps([held.get(name, "") for name in _FIELDS]) if held else ""


def _documents(graphs: Iterable[str], sources: Mapping[str, tuple[str, ...]]) -> str:
    return " ".join(dict.fromkeys(source for graph in sorted(graphs) for source in sources.get(graph, ())))


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
