"""What happened when, as far as sources date it: foundings, joinings, leavings, terms of office; the newest first.

The home page, ``/changes`` and the feed show the same list. A change is plain data; :func:`sentence` puts it into words
of the reader's language, with links or without.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from hansa.rdf import NamedNode
from hansa.serve.lookup.database import Row, run_script
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.records import Record, Records
from hansa.store import EmbeddedStore
from hansa.vocab import DCT, ORG, RDF, SKOS, Vocabulary

if TYPE_CHECKING:
    from hansa.serve.pages.reader import Reader
    from hansa.serve.site import Site

_SENTENCES = {
    "joined": N_("%(agent)s joined %(organization)s"),
    "left": N_("%(agent)s left %(organization)s"),
    "took-office": N_("%(agent)s became %(role)s of %(organization)s"),
    "left-office": N_("%(agent)s ceased to be %(role)s of %(organization)s"),
    "founding": N_("%(organization)s was founded"),
    "merger": N_("%(organization)s came out of a merger"),
    "review": N_("%(organization)s was reviewed"),
    "suspension": N_("%(organization)s was suspended"),
    "change": N_("%(organization)s changed"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that a source dates.

    :param iri: the membership or change event that says so
    :param what: a key of the sentences above, such as ``joined``
    :param date: EDTF, as the source gives it
    :param day: the earliest day that it can have been, ISO form; for the order
    :param agent: IRI of who joined or took office; empty for changes of an organization
    :param sources: IRIs of the documents that say so
    """

    iri: str
    what: str
    date: str
    day: str
    organization: str
    agent: str = ""
    role: str = ""
    sources: tuple[str, ...] = ()


class Graph(NamedTuple):
    """Where changes are read from.

    :param graph_sources: the documents that each graph is from
    """

    store: EmbeddedStore
    vocab: Vocabulary
    records: Records
    graph_sources: dict[str, tuple[str, ...]]


_TABLES = """
CREATE TABLE change(
  number INTEGER PRIMARY KEY, iri TEXT, what TEXT, date TEXT, day TEXT, organization TEXT, agent TEXT, role TEXT,
  sources TEXT
);
CREATE INDEX change_organization ON change(organization);
CREATE INDEX change_agent ON change(agent);
"""
_NEVER = "~"
"""After every day in the order of texts."""
_SELECT = "SELECT iri, what, date, day, organization, agent, role, sources FROM change"


def write_changes(target: sqlite3.Connection, graph: Graph) -> None:
    """Write all changes into the file of what is looked up, the newest first."""
    run_script(target, _TABLES)
    found = sorted(_all(graph), key=lambda c: (c.day, c.iri, c.what), reverse=True)
    rows = (
        (n, c.iri, c.what, c.date, c.day, c.organization, c.agent, c.role, " ".join(c.sources))
        for n, c in enumerate(found)
    )
    target.executemany("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _change(row: Row) -> Change:
    iri, what, date, day, organization, agent, role, sources = row
    return Change(iri, what, date, day, organization, agent, role, tuple(sources.split()))


def changes(site: Site, limit: int | None = None, until: str = "") -> tuple[Change, ...]:
    """Give the dated changes of the graph, newest first.

    :param limit: how many at most; all when it is not given
    :param until: ISO day; what cannot have been by then is left out
    """
    most = -1 if limit is None else limit
    statement = f"{_SELECT} WHERE day <= ? ORDER BY number LIMIT ?"
    return tuple(_change(row) for row in site.lookup.rows(statement, (until or _NEVER, most)))


def changes_of(site: Site, iri: str, until: str = "") -> tuple[Change, ...]:
    """Give the changes that a thing takes part in, newest first; ``until`` as in :func:`changes`."""
    statement = f"{_SELECT} WHERE (agent = ? OR organization = ?) AND day <= ? ORDER BY number"
    return tuple(_change(row) for row in site.lookup.rows(statement, (iri, iri, until or _NEVER)))


def _plain_roles(graph: Graph) -> frozenset[str]:
    """Give the roles by which one is just a member: ``role:member`` and those right below it.

    A city that chairs is a member too, but who became chair need not have joined on that day.
    """
    member = graph.vocab.concept("role", "member")
    narrower = graph.store.quads(None, SKOS.broader, member)
    return frozenset((member.value, *(q.subject.value for q in narrower if isinstance(q.subject, NamedNode))))


def _dated(graph: Graph, predicate: NamedNode) -> Iterator[tuple[Record, str, tuple[str, ...]]]:
    """Give every node that has a date of a sort, the date, and the documents that say so."""
    subjects = {q.subject.value for q in graph.store.quads(None, predicate) if isinstance(q.subject, NamedNode)}
    for iri in sorted(subjects):
        record = graph.records.about(iri)
        for said in record.of(predicate):
            yield record, said.value, tuple({s: None for g in said.graphs for s in graph.graph_sources.get(g, ())})


def _all(graph: Graph) -> Iterator[Change]:
    hansa, roles = graph.vocab.hansa, _plain_roles(graph)
    for record, date, sources in _dated(graph, hansa.start):
        if change := _of_membership(record, date, sources, roles, ("joined", "took-office")):
            yield _placed(change, record.one(hansa.startEarliest) or record.one(hansa.startLatest))
    for record, date, sources in _dated(graph, hansa.end):
        if change := _of_membership(record, date, sources, roles, ("left", "left-office")):
            yield _placed(change, record.one(hansa.endEarliest) or record.one(hansa.endLatest))
    for record, date, sources in _dated(graph, hansa.date):
        if change := _of_event(record, date, sources):
            yield _placed(change, record.one(hansa.startEarliest) or record.one(hansa.endLatest))


def _placed(change: Change, day: str) -> Change:
    # Where no bound was derived the date itself puts it in order well enough.
    return replace(change, day=day or change.day)


def _of_membership(
    record: Record, date: str, sources: tuple[str, ...], roles: frozenset[str], words: tuple[str, str]
) -> Change | None:
    agent, organization = record.one(ORG.member), record.one(ORG.organization)
    if not agent or not organization:
        return None
    role = record.one(ORG.role)
    return Change(record.iri, words[bool(role) and role not in roles], date, date, organization, agent, role, sources)


def _of_event(record: Record, date: str, sources: tuple[str, ...]) -> Change | None:
    if ORG.ChangeEvent.value not in record.iris(RDF.type):
        return None
    organization = record.one(ORG.resultingOrganization) or record.one(ORG.originalOrganization)
    word = record.one(DCT.type).rpartition("/")[2]
    what = word if word in _SENTENCES else "change"
    return Change(record.iri, what, date, date, organization, sources=sources) if organization else None


def sentence(reader: Reader, change: Change, show: Callable[[str], str]) -> str:
    """Put a change into words of the reader's language.

    :param show: gives the text (or, as markup, the link) of an IRI
    """
    parts = {"agent": change.agent, "organization": change.organization, "role": change.role}
    shown = {name: show(iri) if iri else "" for name, iri in parts.items()}
    return reader.gettext(_SENTENCES[change.what]) % shown
