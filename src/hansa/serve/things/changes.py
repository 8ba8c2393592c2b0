"""What happened when, as far as sources date it: foundings, joinings, leavings, terms of office; the newest first.

The home page, ``/changes`` and the feed show the same list. A change is plain data; :func:`sentence` puts it into words
of the reader's language, with links or without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from hansa.rdf import NamedNode
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.records import Record
from hansa.vocab import DCT, ORG, RDF, SKOS

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


_kept: WeakKeyDictionary[Site, tuple[Change, ...]] = WeakKeyDictionary()


def changes(site: Site, limit: int | None = None) -> tuple[Change, ...]:
    """Give the dated changes of the graph, newest first.

    :param limit: how many at most; all when it is not given
    """
    if site not in _kept:
        found = sorted(_all(site), key=lambda c: (c.day, c.iri, c.what), reverse=True)
        _kept[site] = tuple(found)
    return _kept[site][:limit]


def changes_of(site: Site, iri: str) -> tuple[Change, ...]:
    """Give the changes that a thing takes part in, newest first."""
    return tuple(c for c in changes(site) if iri in (c.agent, c.organization))


def member_roles(site: Site) -> frozenset[str]:
    """Give the roles that make an agent a member: ``role:member`` and all that are narrower."""
    found: set[str] = set()
    queue = [site.vocab.concept("role", "member")]
    while queue:
        role = queue.pop()
        if role.value not in found:
            found.add(role.value)
            narrower = site.store.quads(None, SKOS.broader, role)
            queue += [q.subject for q in narrower if isinstance(q.subject, NamedNode)]
    return frozenset(found)


def _dated(site: Site, predicate: NamedNode) -> Iterator[tuple[Record, str, tuple[str, ...]]]:
    """Give every node that has a date of a sort, the date, and the documents that say so."""
    subjects = {q.subject.value for q in site.store.quads(None, predicate) if isinstance(q.subject, NamedNode)}
    for iri in sorted(subjects):
        record = site.records.about(iri)
        for said in record.of(predicate):
            yield record, said.value, tuple({s: None for g in said.graphs for s in site.graph_sources.get(g, ())})


def _all(site: Site) -> Iterator[Change]:
    hansa, roles = site.vocab.hansa, member_roles(site)
    for record, date, sources in _dated(site, hansa.start):
        if change := _of_membership(record, date, sources, roles, ("joined", "took-office")):
            yield _placed(change, record.one(hansa.startEarliest) or record.one(hansa.startLatest))
    for record, date, sources in _dated(site, hansa.end):
        if change := _of_membership(record, date, sources, roles, ("left", "left-office")):
            yield _placed(change, record.one(hansa.endEarliest) or record.one(hansa.endLatest))
    for record, date, sources in _dated(site, hansa.date):
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
    return Change(record.iri, words[role not in roles], date, date, organization, agent, role, sources)


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
