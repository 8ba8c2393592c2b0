"""Memberships as tables: who is in an organization, what an agent is in, who was in a role or office."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from hansa.rdf import NamedNode
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds.sheet import PAGE_SIZE, Sheet
from hansa.serve.pages.records import Record
from hansa.serve.pages.table_views import Cell
from hansa.serve.pages.tables import Spec, table
from hansa.serve.pages.views import Section
from hansa.vocab import DCT, ORG

_OFFICE_KINDS = ("person", "post")


def _time(sheet: Sheet) -> tuple[Spec, ...]:
    hansa = sheet.hansa
    return (
        Spec("from", N_("From"), hansa.start),
        Spec("to", N_("To"), hansa.end),
        Spec("known", N_("Known as of"), hansa.asOf),
    )


def _office(sheet: Sheet) -> tuple[Spec, ...]:
    hansa = sheet.hansa
    return (
        Spec("role", N_("Role"), ORG.role),
        Spec("title", N_("Title as printed"), hansa.positionTitle),
        Spec("office", N_("Office"), hansa.throughPost),
        Spec("for", N_("On behalf of"), hansa.representing),
    )


def country_of(sheet: Sheet, agent: str) -> str:
    """Find the country of an authority: that of the place it governs; empty when nothing is said about it."""
    records, seen = sheet.records, set[str]()
    place = records.about(agent).one(sheet.hansa.governs) or agent
    while place and place not in seen:
        seen.add(place)
        record = records.about(place)
        if any(s.datatype.endswith("#iso3166-1") for s in record.of(DCT.identifier)):
            return place if place != agent else ""
        place = record.one(DCT.isPartOf)
    return ""


def _country(sheet: Sheet, record: Record) -> Cell:
    country = country_of(sheet, record.one(ORG.member))
    if not country:
        return Cell(Markup(""))
    link = sheet.link(country)
    return Cell(link.markup, link.text.folded)


def _is_office(sheet: Sheet, membership: Record) -> bool:
    return any(sheet.kind(agent) in _OFFICE_KINDS for agent in membership.iris(ORG.member))


def _count(total: int, distinct: int, sheet: Sheet) -> str:
    if distinct == total:
        return str(total)
    return sheet.reader.gettext("%(number)s in %(records)s records") % {"number": distinct, "records": total}


def _section(sheet: Sheet, anchor: str, title: str, records: Sequence[Record], specs: Sequence[Spec]) -> Section | None:
    found = table(sheet, anchor, records, specs, PAGE_SIZE)
    return Section(anchor, title, "table", found, _count(found.total, found.distinct, sheet)) if found else None


def members(sheet: Sheet) -> Section | None:
    """Show the members of an organization: cities, regions, organizations; people in office stand elsewhere."""
    found = [m for m in sheet.around(ORG.organization, ORG.Membership) if not _is_office(sheet, m)]
    countries = (Spec("country", N_("Country"), _country),) if any(_country(sheet, m).key for m in found) else ()
    specs = (Spec("member", N_("Member"), ORG.member), *countries, *_office(sheet), *_time(sheet))
    return _section(sheet, "members", N_("Members"), found, specs)


def officers(sheet: Sheet) -> Section | None:
    """Show everyone who holds or held an office in an organization, with dates and sources."""
    found = [m for m in sheet.around(ORG.organization, ORG.Membership) if _is_office(sheet, m)]
    specs = (Spec("who", N_("Who"), ORG.member), *_office(sheet), *_time(sheet))
    return _section(sheet, "people", N_("People in office, over time"), found, specs)


def _is_network(sheet: Sheet, membership: Record) -> bool:
    return membership.one(ORG.organization) in sheet.site.roster.networks


def networks(sheet: Sheet) -> Section | None:
    """Show the networks that an agent is or was in."""
    found = [m for m in sheet.around(ORG.member, ORG.Membership) if _is_network(sheet, m)]
    specs = (Spec("network", N_("Network"), ORG.organization), *_office(sheet), *_time(sheet))
    return _section(sheet, "networks", N_("Networks"), found, specs)


def positions(sheet: Sheet) -> Section | None:
    """Show what else than networks an agent belongs to, and the offices held there."""
    found = [m for m in sheet.around(ORG.member, ORG.Membership) if not _is_network(sheet, m)]
    specs = (Spec("organization", N_("Organization"), ORG.organization), *_office(sheet), *_time(sheet))
    return _section(sheet, "memberships", N_("Other memberships and offices"), found, specs)


def career(sheet: Sheet) -> Section | None:
    """Show the offices of a person over time, wherever they are."""
    specs = (
        Spec("from", N_("From"), sheet.hansa.start),
        Spec("to", N_("To"), sheet.hansa.end),
        *_office(sheet),
        Spec("organization", N_("Organization"), ORG.organization),
        Spec("known", N_("Known as of"), sheet.hansa.asOf),
    )
    found = sheet.around(ORG.member, ORG.Membership)
    used = specs if any(m.of(sheet.hansa.start) or m.of(sheet.hansa.end) for m in found) else specs[2:]
    return _section(sheet, "offices", N_("Offices over time"), found, used)


def _whole(sheet: Sheet) -> tuple[Spec, ...]:
    who, where = Spec("who", N_("Who"), ORG.member), Spec("organization", N_("Organization"), ORG.organization)
    return (who, where, *_office(sheet), *_time(sheet))


def _all_by(sheet: Sheet, anchor: str, title: str, predicate: NamedNode) -> Section | None:
    return _section(sheet, anchor, title, sheet.around(predicate, ORG.Membership), _whole(sheet))


def role_holders(sheet: Sheet) -> Section | None:
    """Show who is or was in a role."""
    return _all_by(sheet, "holders", N_("Who is or was in this role"), ORG.role)


def post_holders(sheet: Sheet) -> Section | None:
    """Show who holds or held an office."""
    return _all_by(sheet, "holders", N_("Who holds or held it"), sheet.hansa.throughPost)


def representatives(sheet: Sheet) -> Section | None:
    """Show who speaks for an agent elsewhere."""
    return _all_by(sheet, "representatives", N_("Who represents it"), sheet.hansa.representing)


def tenures(sheet: Sheet) -> Section | None:
    """Show offices that are held by virtue of another office."""
    hansa = sheet.hansa
    specs = (
        Spec("office", N_("Office"), hansa.heldPost),
        Spec("holder", N_("Held by whoever is"), hansa.holdingPost),
        *_time(sheet),
    )
    found = [*sheet.around(hansa.heldPost), *sheet.around(hansa.holdingPost)]
    return _section(sheet, "ex-officio", N_("By virtue of another office"), found, specs)
