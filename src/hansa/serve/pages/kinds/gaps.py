"""What the sources do not say of a network or city, so that readers need not guess whether it was overlooked."""

from __future__ import annotations

from hansa.rdf import NamedNode
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds.offices import leads
from hansa.serve.pages.kinds.relations import sites_of
from hansa.serve.pages.kinds.sheet import Sheet
from hansa.serve.pages.views import Section
from hansa.vocab import ORG, SCHEMA


def unsaid(sheet: Sheet) -> Section | None:
    """List what readers look for on the page of a network and no source says, at any time."""
    return _gaps(_looked_for_in_network(sheet))


def unsaid_of_city(sheet: Sheet) -> Section | None:
    """List what readers look for on the page of a city or regional government and no source says, at any time."""
    networks = {m.organization for m in sheet.site.roster.of(sheet.iri)} & sheet.site.roster.networks
    return _gaps(
        (
            (N_("Which networks it belongs to"), bool(networks)),
            (N_("Who presides over it or holds another office"), _is_led(sheet)),
        )
    )


def _gaps(looked_for: tuple[tuple[str, bool], ...]) -> Section | None:
    found = tuple(what for what, said in looked_for if not said)
    return Section("unsaid", N_("What the sources do not say"), "gaps", found) if found else None


def _looked_for_in_network(sheet: Sheet) -> tuple[tuple[str, bool], ...]:
    roster, pointers = sheet.site.roster, sheet.pointers
    return (
        (N_("Who its members are"), bool(roster.members(sheet.iri))),
        (N_("Who presides over it or holds another office"), _is_led(sheet)),
        (N_("How many members it has"), bool(pointers.get(sheet.hansa.countOf.value))),
        (N_("When it was founded"), _says(sheet, SCHEMA.foundingDate) or ORG.resultingOrganization.value in pointers),
        (N_("Where its seat is"), bool(sites_of(sheet))),
    )


def _is_led(sheet: Sheet) -> bool:
    """Tell whether a source names somebody in an office, or a city that leads."""
    roster = sheet.site.roster
    if any(_is_held(sheet, p.subject) for p in sheet.pointers.get(ORG.postIn.value, ())):
        return True
    return any(roster.is_office(m) or any(map(leads, m.roles)) for m in roster.within(sheet.iri))


def _is_held(sheet: Sheet, post: str) -> bool:
    holding = (sheet.hansa.throughPost.value, sheet.hansa.heldPost.value)
    return any(p.predicate in holding for p in sheet.records.pointing(post))


def _says(sheet: Sheet, predicate: NamedNode) -> bool:
    return bool(sheet.record.of(predicate))
