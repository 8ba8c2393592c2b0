"""Who is in what, read once for all pages: members of networks on a day, and which cities share most networks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from heapq import nsmallest
from itertools import chain
from typing import NamedTuple

from hansa.rdf import Literal, NamedNode
from hansa.store import EmbeddedStore
from hansa.vocab import ORG, RDF, SKOS, Vocabulary

_IN_OFFICE = ("person", "post")
_REMEMBERED = 512
"""Networks on a day, whose members are remembered."""


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


class Roster:
    """All memberships of a store, which must not change."""

    def __init__(self, store: EmbeddedStore, vocab: Vocabulary) -> None:
        self._base = vocab.base
        self._kind_of = vocab.kind_and_slug
        self._of_kind = lru_cache(maxsize=_REMEMBERED)(self._members_of_kind)
        self.member_roles = _member_roles(store, vocab)
        self.networks = frozenset(
            q.subject.value
            for q in store.quads(None, RDF.type, vocab.hansa.CityNetwork)
            if isinstance(q.subject, NamedNode)
        )
        self._of_member: dict[str, list[Membership]] = defaultdict(list)
        self._in: dict[str, list[Membership]] = defaultdict(list)
        for membership in self._read(store, vocab):
            self._of_member[membership.member].append(membership)
            self._in[membership.organization].append(membership)

    @staticmethod
    def _read(store: EmbeddedStore, vocab: Vocabulary) -> Iterable[Membership]:
        organizations, roles = _values(store, ORG.organization), _values(store, ORG.role)
        begun, ended = _values(store, vocab.hansa.startEarliest), _values(store, vocab.hansa.endLatest)
        for iri, members in _values(store, ORG.member).items():
            for member in dict.fromkeys(members):
                for organization in dict.fromkeys(organizations.get(iri, ())):
                    bounds = min(begun.get(iri, ("",))), max(ended.get(iri, ("",)))
                    yield Membership(iri, member, organization, tuple(dict.fromkeys(roles.get(iri, ()))), *bounds)

    def __len__(self) -> int:
        return sum(map(len, self._of_member.values()))

    def is_office(self, membership: Membership) -> bool:
        """Tell whether someone holds an office by it, and is not just a member."""
        kind = self._kind_of(membership.member)
        return bool(kind and kind[0] in _IN_OFFICE) or not self.member_roles.intersection(membership.roles)

    def of(self, member: str, day: str = "") -> list[Membership]:
        """Give the memberships of a member, of a day or of all times."""
        return [m for m in self._of_member.get(member, ()) if not day or m.held(day)]

    def within(self, organization: str, day: str = "") -> list[Membership]:
        """Give the memberships in an organization, of a day or of all times."""
        return [m for m in self._in.get(organization, ()) if not day or m.held(day)]

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
        in_networks = {
            member: len({m.organization for m in found if m.organization in self.networks})
            for member, found in self._of_member.items()
            if (self._kind_of(member) or ("",))[0] == kind
        }
        return sorted(in_networks, key=lambda iri: (-in_networks[iri], iri))[:count]

    def sharing(self, member: str, day: str, limit: int) -> tuple[int, dict[str, list[str]]]:
        """Count those of the same kind that are in the same networks on a day, and name the networks of the first.

        They come in the order of how many networks are shared, most first.

        :param limit: how many are given with their networks
        """
        kind = (self._kind_of(member) or ("",))[0]
        networks = {n: self._of_kind(n, kind, day) for n in sorted(self.networks_of(member, day))}
        counted = Counter(chain.from_iterable(networks.values()))
        del counted[member]
        first = nsmallest(limit, counted.items(), key=lambda item: (-item[1], item[0]))
        return len(counted), {iri: [n for n, members in networks.items() if iri in members] for iri, _ in first}

    def _members_of_kind(self, network: str, kind: str, day: str) -> frozenset[str]:
        prefix = f"{self._base}id/{kind}/"
        return frozenset(m.member for m in self.within(network, day) if m.member.startswith(prefix))


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
