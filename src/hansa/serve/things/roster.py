"""Who is in what, for all pages: members of networks on a day, and which cities share most networks.

Memberships are written once for a release into the file of what is looked up; none of them stays in memory for long.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache, partial
from heapq import nsmallest
from itertools import chain
from typing import NamedTuple

from hansa.rdf import Literal, NamedNode
from hansa.serve.lookup.database import Database, run_script
from hansa.store import EmbeddedStore
from hansa.vocab import ORG, RDF, SKOS, Vocabulary

_IN_OFFICE = ("person", "post")
_REMEMBERED = 512
"""Networks on a day, whose members are remembered."""
_READ = 1024
"""Members and organizations whose memberships are remembered."""
_TABLES = """
CREATE TABLE membership(
  number INTEGER PRIMARY KEY, iri TEXT, member TEXT, organization TEXT, roles TEXT, begun TEXT, ended TEXT,
  kind TEXT, in_network INTEGER
);
CREATE INDEX membership_member ON membership(member);
CREATE INDEX membership_organization ON membership(organization);
CREATE TABLE network(iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE member_role(iri TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_COLUMNS = "iri, member, organization, roles, begun, ended"


class Membership(NamedTuple):
    """One membership: who, in what, as what, and the bounds of when; bounds are days in ISO form or empty."""

    iri: str
    member: str
    organization: str
    roles: tuple[str, ...]
    begun: str
    ended: str

    def held(self, day: str) -> bool:
        """Tell whether it may have held on a day: not known to have begun later, not known to have ended before."""
        return (not self.begun or self.begun <= day) and (not self.ended or self.ended >= day)


def _values(store: EmbeddedStore, predicate: NamedNode) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for quad in store.quads(None, predicate):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            found[quad.subject.value].append(quad.object.value)
    return found


def write_memberships(target: sqlite3.Connection, store: EmbeddedStore, vocab: Vocabulary) -> None:
    """Write all memberships into the file of what is looked up."""
    types = store.quads(None, RDF.type, vocab.hansa.CityNetwork)
    networks = {q.subject.value for q in types if isinstance(q.subject, NamedNode)}
    run_script(target, _TABLES)
    target.executemany("INSERT INTO network VALUES (?)", ((iri,) for iri in sorted(networks)))
    target.executemany("INSERT INTO member_role VALUES (?)", ((iri,) for iri in sorted(_member_roles(store, vocab))))
    rows = (
        (n, *m[:3], " ".join(m.roles), *m[4:], (vocab.kind_and_slug(m.member) or ("",))[0], m.organization in networks)
        for n, m in enumerate(_read(store, vocab))
    )
    target.executemany("INSERT INTO membership VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _read(store: EmbeddedStore, vocab: Vocabulary) -> Iterable[Membership]:
    organizations, roles = _values(store, ORG.organization), _values(store, ORG.role)
    begun, ended = _values(store, vocab.hansa.startEarliest), _values(store, vocab.hansa.endLatest)
    for iri, members in _values(store, ORG.member).items():
        for member in dict.fromkeys(members):
            for organization in dict.fromkeys(organizations.get(iri, ())):
                bounds = min(begun.get(iri, ("",))), max(ended.get(iri, ("",)))
                yield Membership(iri, member, organization, tuple(dict.fromkeys(roles.get(iri, ()))), *bounds)


class Roster:
    """All memberships of a release.

    :param database: that :func:`write_memberships` has filled
    """

    def __init__(self, database: Database, vocab: Vocabulary) -> None:
        self._base = vocab.base
        self._kind_of = vocab.kind_and_slug
        self._database = database
        self._of_kind = lru_cache(maxsize=_REMEMBERED)(self._members_of_kind)
        self._of_member = lru_cache(maxsize=_READ)(partial(self._with, "member"))
        self._in = lru_cache(maxsize=_READ)(partial(self._with, "organization"))
        self.member_roles = frozenset(iri for (iri,) in database.rows("SELECT iri FROM member_role"))
        self.networks = frozenset(iri for (iri,) in database.rows("SELECT iri FROM network"))

    def _with(self, column: str, iri: str) -> tuple[Membership, ...]:
        found = self._database.rows(f"SELECT {_COLUMNS} FROM membership WHERE {column} = ? ORDER BY number", (iri,))
        return tuple(Membership(i, m, o, tuple(roles.split()), *bounds) for i, m, o, roles, *bounds in found)

    @cached_property
    def _size(self) -> int:
        return int(self._database.value("SELECT count(*) FROM membership"))

    def __len__(self) -> int:
        return self._size

    def is_office(self, membership: Membership) -> bool:
        """Tell whether someone holds an office by it, and is not just a member."""
        kind = self._kind_of(membership.member)
        return bool(kind and kind[0] in _IN_OFFICE) or not self.member_roles.intersection(membership.roles)

    def of(self, member: str, day: str = "") -> list[Membership]:
        """Give the memberships of a member, of a day or of all times."""
        return [m for m in self._of_member(member) if not day or m.held(day)]

    def within(self, organization: str, day: str = "") -> list[Membership]:
        """Give the memberships in an organization, of a day or of all times."""
        return [m for m in self._in(organization) if not day or m.held(day)]

    def members(self, organization: str, day: str = "", role: str = "") -> set[str]:
        """Give the members of an organization, those in one role or in any role of a member."""
        roles = frozenset((role,)) if role else self.member_roles
        return {m.member for m in self.within(organization, day) if roles.intersection(m.roles)}

    def officers(self, organization: str, day: str = "") -> set[str]:
        """Give those who are in an organization in other roles than that of a member."""
        return {m.member for m in self.within(organization, day) if self.is_office(m)}

    def networks_of(self, member: str, day: str) -> set[str]:
        """Give the networks that a member is in on a day, in whatever role."""
        return {m.organization for m in self.of(member, day) if m.organization in self.networks}

    def busiest(self, count: int, kind: str = "authority") -> list[str]:
        """Give the things of a kind that are in most networks."""
        rows = self._database.rows(
            "SELECT member FROM membership WHERE kind = ? GROUP BY member"
            " ORDER BY count(DISTINCT CASE WHEN in_network THEN organization END) DESC, member LIMIT ?",
            (kind, count),
        )
        return [iri for (iri,) in rows]

    def sharing(self, member: str, day: str, limit: int) -> tuple[int, dict[str, list[str]]]:
        """Count those of the same kind that are in the same networks on a day, and name the networks of the first.

        They come in the order of how many networks are shared, most first.

        :param limit: how many are given with their networks
        """
        kind = (self._kind_of(member) or ("",))[0]
        networks = {n: self._of_kind(n, kind, day) for n in sorted(self.networks_of(member, day))}
        counted = Counter(chain.from_iterable(networks.values()))
        del counted[member]
        first = _most(counted, limit)
        return len(counted), {iri: [n for n, members in networks.items() if iri in members] for iri in first}

    def _members_of_kind(self, network: str, kind: str, day: str) -> frozenset[str]:
        prefix = f"{self._base}id/{kind}/"
        return frozenset(m.member for m in self.within(network, day) if m.member.startswith(prefix))


def _most(counted: Counter[str], limit: int) -> list[str]:
    """Give those with the highest counts, equal ones by name; most have a low count and are never compared."""
    if len(counted) > limit:
        least = sorted(counted.values(), reverse=True)[limit - 1]
        above = [iri for iri, count in counted.items() if count > least]
        level = [iri for iri, count in counted.items() if count == least]
        return [*sorted(above, key=lambda iri: (-counted[iri], iri)), *nsmallest(limit - len(above), level)]
    return sorted(counted, key=lambda iri: (-counted[iri], iri))


def _member_roles(store: EmbeddedStore, vocab: Vocabulary) -> frozenset[str]:
    """Give the roles that make an agent a member: ``role:member`` and all that are narrower."""
    found: set[str] = set()
    queue = [vocab.concept("role", "member")]
    while queue:
        role = queue.pop()
        if role.value not in found:
            found.add(role.value)
            queue += [q.subject for q in store.quads(None, SKOS.broader, role) if isinstance(q.subject, NamedNode)]
    return frozenset(found)
