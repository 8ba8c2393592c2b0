"""The offices of an organization: who holds each on the day of the page, and who did before."""

from __future__ import annotations

from collections.abc import Iterable

from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds.sheet import Sheet
from hansa.serve.pages.part_views import Holder, Office
from hansa.serve.pages.records import Record
from hansa.serve.pages.views import Section, Value
from hansa.vocab import ORG

_LEADING = ("president", "chair", "lead", "secretary", "head", "director")
"""Words in the IRI of a role or office of those who lead, in their order; a city that chairs is more than a member."""


class Offices:
    """Gathers the offices of one organization and of its bodies."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._found: dict[str, list[tuple[Holder, bool]]] = {}

    def gather(self) -> tuple[Office, ...]:
        """Give the offices that someone holds or held, those that lead the organization first."""
        sheet = self._sheet
        for pointer in sheet.pointers.get(ORG.postIn.value, ()):
            self._add_holders(pointer.subject)
        for membership in sheet.around(ORG.organization, ORG.Membership):
            if not membership.of(sheet.hansa.throughPost) and self._is_office(membership):
                for role in membership.iris(ORG.role):
                    self._add(role, membership)
        return tuple(self._office(iri) for iri in sorted(self._found, key=self._order))

    def of_posts(self, posts: Iterable[str]) -> tuple[Office, ...]:
        """Give some offices with their holders."""
        for post in posts:
            self._add_holders(post)
        return tuple(self._office(iri) for iri in sorted(self._found, key=self._order))

    def _is_office(self, membership: Record) -> bool:
        members = self._sheet.site.roster.member_roles
        return any(r not in members or leads(r) for r in membership.iris(ORG.role))

    def _add_holders(self, post: str) -> None:
        sheet, hansa = self._sheet, self._sheet.hansa
        self._found.setdefault(post, [])
        through, held_by = hansa.throughPost.value, hansa.heldPost.value
        for pointer in sheet.records.pointing(post):
            if pointer.predicate in (through, held_by):
                record = sheet.records.about(pointer.subject)
                if sheet.may_hold(record):
                    self._add(post, record, ex_officio=pointer.predicate == held_by)

    def _add(self, office: str, record: Record, *, ex_officio: bool = False) -> None:
        sheet = self._sheet
        who = record.one(sheet.hansa.holdingPost if ex_officio else ORG.member)
        if not who:
            return
        holder = Holder(
            who=Value(sheet.link(who)),
            span=sheet.span(record),
            known=sheet.known(record),
            notes=sheet.notes.of_node(record),
            ex_officio=ex_officio,
            persons=self._persons(who) if sheet.kind(who) == "post" else (),
        )
        self._found.setdefault(office, []).append((holder, sheet.is_now(record)))

    def _persons(self, post: str) -> tuple[Holder, ...]:
        """Find who holds the office by virtue of which another is held."""
        sheet, through = self._sheet, self._sheet.hansa.throughPost.value
        found = (sheet.records.about(p.subject) for p in sheet.records.pointing(post) if p.predicate == through)
        return tuple(
            Holder(Value(sheet.link(r.one(ORG.member))), sheet.span(r), sheet.known(r), sheet.notes.of_node(r))
            for r in found
            if sheet.is_now(r) and sheet.may_hold(r)
        )

    def _order(self, iri: str) -> tuple[int, str]:
        return _rank(iri), self._sheet.link(iri).text.folded

    def _office(self, iri: str) -> Office:
        holders = self._found[iri]
        return Office(
            title=Value(self._sheet.link(iri)),
            now=tuple(holder for holder, now in holders if now),
            past=tuple(holder for holder, now in holders if not now),
        )


def leads(role: str) -> bool:
    """Tell whether a role is that of one who leads, as a city does that chairs a network it is a member of."""
    return _rank(role) < len(_LEADING)


def _rank(iri: str) -> int:
    """Rank an office by the words of its IRI; deputies and heads of parts come after heads of the whole."""
    words = iri.rpartition("/")[2]
    lower = any(word in words for word in ("vice", "deputy", "committee"))
    rank = next((n for n, word in enumerate(_LEADING) if word in words), len(_LEADING))
    return rank + (len(_LEADING) if lower else 0)


def offices(sheet: Sheet) -> Section | None:
    """Show the offices of an organization, who holds them now, and who held them before."""
    # Offices that nobody is named for come last.
    found = sorted(Offices(sheet).gather(), key=lambda o: not (o.now or o.past))
    return Section("offices", N_("Offices"), "offices", tuple(found), str(len(found))) if found else None


def posts_held(sheet: Sheet) -> Section | None:
    """Show what the office of this page holds by virtue of itself, or is held by, as offices with holders."""
    found = Offices(sheet).of_posts([sheet.iri])
    return Section("holder", N_("Holder"), "offices", found) if found and (found[0].now or found[0].past) else None
