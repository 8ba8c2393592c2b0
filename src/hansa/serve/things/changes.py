"""What happened when, as far as sources date it: foundings, joinings, leavings, terms of office; the newest first.

The home page, ``/changes`` and the feed show the same list. A change is plain data; :func:`sentence` puts it into words
of the reader's language, with links or without.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from hansa.rdf import NamedNode
from hansa.serve.lookup.database import Row, run_script
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.records import Said, Says
from hansa.store import EmbeddedStore
from hansa.vocab import DCT, ORG, RDF, SKOS, Vocabulary

if TYPE_CHECKING:
    from hansa.serve.pages.reader import Reader
    from hansa.serve.site import Site

_MEMBER, _ORGANIZATION, _ROLE = ORG.member.value, ORG.organization.value, ORG.role.value
_RESULTING, _ORIGINAL = ORG.resultingOrganization.value, ORG.originalOrganization.value
_TYPE, _EVENT, _SORT = RDF.type.value, ORG.ChangeEvent.value, DCT.type.value
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


class Change(NamedTuple):
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


_TABLES = """
CREATE TABLE change(
  number INTEGER PRIMARY KEY, iri TEXT, what TEXT, date TEXT, day TEXT, organization TEXT, agent TEXT, role TEXT,
  sources TEXT
);
CREATE TEMP TABLE unsorted_change(
  iri TEXT, what TEXT, date TEXT, day TEXT, organization TEXT, agent TEXT, role TEXT, sources TEXT
);
"""
_INSERT = "INSERT INTO unsorted_change VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_SORTED = """
INSERT INTO change(iri, what, date, day, organization, agent, role, sources)
SELECT * FROM unsorted_change ORDER BY day DESC, iri DESC, what DESC, rowid;
DROP TABLE unsorted_change;
CREATE INDEX change_organization ON change(organization);
CREATE INDEX change_agent ON change(agent);
"""
_NEVER = "~"
"""After every day in the order of texts."""
_SELECT = "SELECT iri, what, date, day, organization, agent, role, sources FROM change"


def create_changes(target: sqlite3.Connection) -> None:
    """Make the tables for changes in the file of what is looked up."""
    run_script(target, _TABLES)


def change_row(change: Change) -> tuple[str, Row]:
    """Give what is written of a change, as a statement and its values."""
    return _INSERT, (*change[:-1], " ".join(change.sources))


def finish_changes(target: sqlite3.Connection) -> None:
    """Put all changes in order, the newest first, when every :func:`change_row` is written."""
    run_script(target, _SORTED)


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


def plain_roles(store: EmbeddedStore, vocab: Vocabulary) -> frozenset[str]:
    """Give the roles by which one is just a member: ``role:member`` and those right below it.

    A city that chairs is a member too, but who became chair need not have joined on that day.
    """
    member = vocab.concept("role", "member")
    narrower = store.quads(None, SKOS.broader, member)
    return frozenset((member.value, *(q.subject.value for q in narrower if isinstance(q.subject, NamedNode))))


class ChangeReader:
    """Understands which changes a membership or a change event is.

    :param roles: of plain members: :func:`plain_roles`
    :param documents: that each graph is from
    """

    def __init__(self, vocab: Vocabulary, roles: frozenset[str], documents: Mapping[str, tuple[str, ...]]) -> None:
        hansa = vocab.hansa
        self._roles, self._documents = roles, documents
        self._start, self._end, self._date = (hansa.start.value, hansa.end.value, hansa.date.value)
        self._begins, self._ends = (
            (getattr(hansa, f"{bound}Earliest").value, getattr(hansa, f"{bound}Latest").value)
            for bound in ("start", "end")
        )

    def read(self, iri: str, says: Says) -> Iterator[Change]:
        """Give the changes that a node is."""
        if self._start in says or self._end in says:
            yield from self._of_membership(iri, says)
        if self._date in says and any(said.value == _EVENT for said in says.get(_TYPE, ())):
            yield from self._of_event(iri, says)

    def _of_membership(self, iri: str, says: Says) -> Iterator[Change]:
        agent, organization, role = _one(says, _MEMBER), _one(says, _ORGANIZATION), _one(says, _ROLE)
        if not agent or not organization:
            return
        is_office = bool(role) and role not in self._roles
        for predicate, bounds, words in (
            (self._start, self._begins, ("joined", "took-office")),
            (self._end, self._ends, ("left", "left-office")),
        ):
            if dates := says.get(predicate, ()):
                day = _one(says, bounds[0]) or _one(says, bounds[1])
                what = words[is_office]
                for said in dates:
                    # Where no bound was derived the date itself puts it in order well enough.
                    yield Change(
                        iri, what, said.value, day or said.value, organization, agent, role, self._sources(said)
                    )

    def _of_event(self, iri: str, says: Says) -> Iterator[Change]:
        organization = _one(says, _RESULTING) or _one(says, _ORIGINAL)
        word = _one(says, _SORT).rpartition("/")[2]
        what = word if word in _SENTENCES else "change"
        day = _one(says, self._begins[0]) or _one(says, self._ends[1])
        for said in says[self._date] if organization else ():
            yield Change(iri, what, said.value, day or said.value, organization, sources=self._sources(said))

    def _sources(self, said: Said) -> tuple[str, ...]:
        found = [source for graph in said.graphs for source in self._documents.get(graph, ())]
        return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _one(says: Says, predicate: str) -> str:
    found = says.get(predicate)
    return found[0].value if found else ""


def sentence(reader: Reader, change: Change, show: Callable[[str], str]) -> str:
    """Put a change into words of the reader's language.

    :param show: gives the text (or, as markup, the link) of an IRI
    """
    parts = {"agent": change.agent, "organization": change.organization, "role": change.role}
    shown = {name: show(iri) if iri else "" for name, iri in parts.items()}
    return reader.gettext(_SENTENCES[change.what]) % shown
