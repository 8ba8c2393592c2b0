"""Who is in what, for all pages: members of networks on a day, and which cities share most networks.

Memberships are written once for a release into the file of what is looked up; none of them stays in memory for long.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from functools import cached_property, lru_cache, partial
from itertools import chain, islice
from typing import NamedTuple

from hansa.rdf import NamedNode
from hansa.serve.lookup.database import Database, Row, run_script
from hansa.serve.pages.records import Said, Says
from hansa.serve.things.bits import bits_of, count_bits, set_of_bits
from hansa.store import EmbeddedStore
from hansa.vocab import ORG, RDF, SKOS, Vocabulary

_IN_OFFICE = ("person", "post")
_REMEMBERED = 2048
"""Networks on a day, whose members are remembered: a bit for each city."""
_KINDS = 16
_READ = 256
"""Members and organizations whose memberships are remembered."""
_TABLES = """
CREATE TABLE membership(
  number INTEGER PRIMARY KEY, iri TEXT, member TEXT, organization TEXT, roles TEXT, begun TEXT, ended TEXT,
  kind TEXT, in_network INTEGER
);
CREATE TABLE network(iri TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE member_role(iri TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX membership_member ON membership(member);
CREATE INDEX membership_organization ON membership(organization);
"""
_INSERT = (
    "INSERT INTO membership(iri, member, organization, roles, begun, ended, kind, in_network)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
MEMBER = ORG.member.value
_ORGANIZATION, _ROLE = ORG.organization.value, ORG.role.value
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


def networks_in(store: EmbeddedStore, vocab: Vocabulary) -> frozenset[str]:
    """Give all networks."""
    types = store.quads(None, RDF.type, vocab.hansa.CityNetwork)
    return frozenset(quad.subject.value for quad in types if isinstance(quad.subject, NamedNode))


def create_memberships(target: sqlite3.Connection, networks: Iterable[str], roles: Iterable[str]) -> None:
    """Make the tables for memberships in the file of what is looked up.

    :param roles: by which one is a member: :func:`member_roles`
    """
    run_script(target, _TABLES)
    target.executemany("INSERT INTO network VALUES (?)", ((iri,) for iri in sorted(networks)))
    target.executemany("INSERT INTO member_role VALUES (?)", ((iri,) for iri in sorted(roles)))


def finish_memberships(target: sqlite3.Connection) -> None:
    """Index the memberships, when all :func:`membership_row` are written."""
    run_script(target, _INDEXES)


class MembershipReader:
    """Understands which memberships a node is."""

    def __init__(self, vocab: Vocabulary) -> None:
        self._begun, self._ended = vocab.hansa.startEarliest.value, vocab.hansa.endLatest.value

    def read(self, iri: str, says: Says) -> list[Membership]:
        """Give the memberships that a node is: one for each member and each organization, mostly just one."""
        members, organizations = _in_order(says, MEMBER), _in_order(says, _ORGANIZATION)
        if not members or not organizations:
            return []
        roles = tuple(_in_order(says, _ROLE))
        begun, ended = min(_in_order(says, self._begun), default=""), max(_in_order(says, self._ended), default="")
        return [Membership(iri, m, o, roles, begun, ended) for m in members for o in organizations]


def _in_order(says: Says, predicate: str) -> list[str]:
    """Give the values of a property, those of the first graph first."""
    found = says.get(predicate, ())
    if len(found) < 2:
        return [said.value for said in found]
    return list(dict.fromkeys(said.value for said in sorted(found, key=_by_graph)))


def _by_graph(said: Said) -> tuple[str, str]:
    return said.graphs[0], said.value


def membership_row(membership: Membership, kind: str, *, in_network: bool) -> tuple[str, Row]:
    """Give what is written of a membership, as a statement and its values.

    :param kind: of the member
    """
    iri, member, organization, roles, begun, ended = membership
    return _INSERT, (iri, member, organization, " ".join(roles), begun, ended, kind, in_network)


class Roster:
    """All memberships of a release.

    :param database: that has every :func:`membership_row`
    """

    def __init__(self, database: Database, vocab: Vocabulary) -> None:
        self._base = vocab.base
        self._kind_of = vocab.kind_and_slug
        self._database = database
        self._of_kind = lru_cache(maxsize=_REMEMBERED)(self._members_of_kind)
        self._numbered = lru_cache(maxsize=_KINDS)(self._number_kind)
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

    def sizes(self, day: str = "") -> dict[str, int]:
        """Count the members of every organization that has some, in any role of a member."""
        known = [roles for (roles,) in self._database.rows("SELECT DISTINCT roles FROM membership")]
        counted = [roles for roles in known if self.member_roles.intersection(roles.split())]
        held = " AND (begun = '' OR begun <= ?) AND (ended = '' OR ended >= ?)" if day else ""
        places = ",".join("?" * len(counted))
        rows = self._database.rows(
            "SELECT organization, count(DISTINCT member) FROM membership"
            f" WHERE roles IN ({places}){held} GROUP BY organization",
            (*counted, *((day, day) if day else ())),
        )
        return dict(rows)

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

    def prepare(self, day: str) -> None:
        """Find out who is in the networks on a day before a page waits for it, where they are not too many to remember.

        Only members of the kind that is in most networks are looked at, which is that of cities.
        """
        kind = self._database.value("SELECT kind FROM membership GROUP BY kind ORDER BY count(*) DESC LIMIT 1")
        if kind and len(self.networks) <= _REMEMBERED:
            for network in self.networks:
                self._of_kind(network, kind, day)

    def sharing(self, member: str, day: str, limit: int) -> tuple[int, dict[str, list[str]]]:
        """Count those of the same kind that are in the same networks on a day, and name the networks of the first.

        They come in the order of how many networks are shared, most first, equal ones by name.

        :param limit: how many are given with their networks
        """
        kind = (self._kind_of(member) or ("",))[0]
        networks = {n: self._of_kind(n, kind, day) for n in sorted(self.networks_of(member, day))}
        numbered, numbers = self._numbered(kind)
        others = ~(1 << numbers[member]) if member in numbers else -1
        counted = count_bits([members & others for members in networks.values()])
        total = sum(group.bit_count() for group in counted)
        first = islice(chain.from_iterable(map(bits_of, counted)), limit)
        return total, {numbered[bit]: [n for n, members in networks.items() if members >> bit & 1] for bit in first}

    def _number_kind(self, kind: str) -> tuple[tuple[str, ...], dict[str, int]]:
        """Give the members of a kind in the order of their names, and the number of each."""
        prefix = f"{self._base}id/{kind}/"
        rows = self._database.rows(
            "SELECT DISTINCT member FROM membership WHERE member >= ? AND member < ? ORDER BY member",
            (prefix, prefix + chr(0x10FFFF)),
        )
        members = tuple(member for (member,) in rows)
        return members, {member: number for number, member in enumerate(members)}

    def _members_of_kind(self, network: str, kind: str, day: str) -> int:
        """Give the members of a network on a day as a set of their numbers, each a bit of an integer."""
        _, numbers = self._numbered(kind)
        rows = self._database.rows(
            "SELECT member FROM membership WHERE organization = ? AND (begun = '' OR begun <= ?)"
            " AND (ended = '' OR ended >= ?)",
            (network, day, day),
        )
        return set_of_bits(numbers[member] for (member,) in rows if member in numbers)


def member_roles(store: EmbeddedStore, vocab: Vocabulary) -> frozenset[str]:
    """Give the roles that make an agent a member: ``role:member`` and all that are narrower."""
    found: set[str] = set()
    queue = [vocab.concept("role", "member")]
    while queue:
        role = queue.pop()
        if role.value not in found:
            found.add(role.value)
            queue += [q.subject for q in store.quads(None, SKOS.broader, role) if isinstance(q.subject, NamedNode)]
    return frozenset(found)
