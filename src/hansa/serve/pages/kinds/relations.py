"""What belongs to a thing, what happened to it, and what else in the graph speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from hansa.rdf import NamedNode
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds.sheet import PAGE_SIZE, Sheet
from hansa.serve.pages.part_views import Shared, SharedList
from hansa.serve.pages.records import Pointer, Record
from hansa.serve.pages.table_views import Cell
from hansa.serve.pages.tables import Spec, table
from hansa.serve.pages.views import LinkGroup, Section, Text, Value
from hansa.vocab import DCT, ORG, RDF, RDFS, SCHEMA, Namespace

_CLASSIFICATION = Namespace("http://www.w3.org/ns/org#", "classification").classification
_LOCN = Namespace("http://www.w3.org/ns/locn#", "location fullAddress")
GROUP_LIMIT = 60
"""Links under one heading."""
_SHARED_LIMIT = 15
Part = Callable[[Sheet], Section | None]


def _by_table(
    sheet: Sheet, anchor: str, title: str, records: Iterable[Record], specs: tuple[Spec, ...]
) -> Section | None:
    found = table(sheet, anchor, list(records), specs, PAGE_SIZE)
    return Section(anchor, title, "table", found, str(found.total)) if found else None


def _labelled(sheet: Sheet, predicates: Iterable[NamedNode]) -> list[Record]:
    found = dict.fromkeys(p.subject for predicate in predicates for p in sheet.asserted(predicate))
    return list(sheet.held(sheet.records.about(iri) for iri in found))


def _itself(sheet: Sheet, record: Record) -> Cell:
    link = sheet.link(record.iri)
    return Cell(link.markup, link.text.folded)


def bodies(sheet: Sheet) -> Section | None:
    """Show the sections, committees and secretariats of an organization."""
    specs = (Spec("body", N_("Body"), _itself), Spec("type", N_("What it is"), _CLASSIFICATION))
    return _by_table(sheet, "bodies", N_("Bodies"), _labelled(sheet, (ORG.subOrganizationOf,)), specs)


def programmes(sheet: Sheet) -> Section | None:
    """Show the programmes that an agent runs or takes part in."""
    hansa = sheet.hansa
    specs = (
        Spec("programme", N_("Programme"), _itself),
        Spec("type", N_("What it is"), DCT.type),
        Spec("run-by", N_("Run by"), hansa.runBy),
        Spec("from", N_("From"), hansa.start),
        Spec("to", N_("To"), hansa.end),
    )
    found = _labelled(sheet, (hansa.runBy, hansa.participant, hansa.programmePartner, DCT.isPartOf, hansa.continues))
    programmes_ = (r for r in found if sheet.kind(r.iri) == "programme")
    return _by_table(sheet, "programmes", N_("Programmes"), programmes_, specs)


def events(sheet: Sheet) -> Section | None:
    """Show events that a thing organised, took part in or was the place of."""
    hansa = sheet.hansa
    specs = (
        Spec("date", N_("Date"), hansa.date),
        Spec("event", N_("Event"), _itself),
        Spec("from", N_("From"), hansa.start),
        Spec("to", N_("To"), hansa.end),
        Spec("place", N_("Place"), SCHEMA.location),
        Spec("organiser", N_("Organised by"), SCHEMA.organizer),
    )
    properties = (SCHEMA.organizer, SCHEMA.location, hansa.participant, hansa.presidedBy, SCHEMA.superEvent)
    found = {r.iri: r for r in _labelled(sheet, (*properties, hansa.discussedProposalOf))} | _held_where_it_governs(
        sheet
    )
    return _by_table(sheet, "events", N_("Events"), (r for i, r in found.items() if sheet.kind(i) == "event"), specs)


def _held_where_it_governs(sheet: Sheet) -> dict[str, Record]:
    """Give what took place where an authority governs, for readers look for it on the page of the city."""
    places = sheet.record.iris(sheet.hansa.governs)
    events_ = dict.fromkeys(iri for place in places for iri in sheet.records.having(SCHEMA.location, place))
    return {record.iri: record for record in sheet.held(sheet.records.about(iri) for iri in events_)}


def changes(sheet: Sheet) -> Section | None:
    """Show foundings, mergers, reviews and suspensions."""
    specs = (
        Spec("date", N_("Date"), sheet.hansa.date),
        Spec("type", N_("What happened"), DCT.type),
        Spec("from", N_("Out of"), ORG.originalOrganization),
        Spec("to", N_("Resulting in"), ORG.resultingOrganization),
    )
    found = {r.iri: r for p in (ORG.resultingOrganization, ORG.originalOrganization) for r in sheet.around(p)}
    return _by_table(sheet, "changes", N_("Founding and changes"), found.values(), specs)


def sites_of(sheet: Sheet) -> dict[str, str]:
    """Give the seats and addresses of an organization and of its bodies, each with whose it is."""
    parts = [sheet.record, *(sheet.records.about(p.subject) for p in sheet.asserted(ORG.subOrganizationOf))]
    properties = (ORG.hasPrimarySite, ORG.hasSite)
    return {site: of.iri for of in reversed(parts) for p in properties for site in of.iris(p)}


def seats(sheet: Sheet) -> Section | None:
    """Show where an organization has its seat, and its bodies theirs."""
    whose = sites_of(sheet)

    def of(_sheet: Sheet, site: Record) -> Cell:
        link = sheet.link(whose[site.iri])
        return Cell(link.markup, link.text.folded)

    bodies_too = (Spec("of", N_("Of"), of),) if set(whose.values()) - {sheet.iri} else ()
    specs = (
        Spec("place", N_("Place"), _LOCN.location),
        *bodies_too,
        Spec("address", N_("Address"), ORG.siteAddress),
        Spec("from", N_("From"), sheet.hansa.start),
        Spec("to", N_("To"), sheet.hansa.end),
    )
    return _by_table(sheet, "seats", N_("Seats"), sheet.held(sheet.records.about(iri) for iri in whose), specs)


# ---------------------------------------------------------------- groups of links
def group(sheet: Sheet, title: Text, pointers: Iterable[Pointer], *, inverse: bool = False) -> LinkGroup:
    """List the things that point at the thing of the page, in the order of their labels, with their notes."""
    named = ((sheet.named(sheet.records.about(p.subject)), p) for p in pointers)
    linked = sorted(named, key=lambda i: (i[0].text.folded, i[0].iri))
    shown = tuple(
        Value(link, sheet.notes.of_pointer(p.subject, p.predicate, sheet.iri, p.graphs))
        for link, p in linked[:GROUP_LIMIT]
    )
    return LinkGroup(title, shown, max(0, len(linked) - GROUP_LIMIT), inverse)


def _still(sheet: Sheet, predicate: NamedNode) -> list[Pointer]:
    return [p for p in sheet.asserted(predicate) if sheet.may_hold(sheet.records.about(p.subject))]


def groups_of(anchor: str, title: str, groups: Iterable[LinkGroup]) -> Section | None:
    """Make a part of groups of links; none without any."""
    found = tuple(groups)
    total = sum(g.total for g in found)
    return Section(anchor, title, "groups", found, str(total)) if found else None


def links_here(*shown: NamedNode) -> Part:
    """Make the part that lists whatever else points at the thing.

    :param shown: properties that another part of the page shows
    """
    # Evidence is reached from what it supports, members from their tables, instances from the ontology.
    apart = {p.value for p in (*shown, ORG.memberOf, ORG.hasMember, ORG.member, ORG.organization, ORG.role)}
    apart |= {p.value for p in (ORG.holds, ORG.heldBy, RDFS.subClassOf, RDFS.isDefinedBy, RDF.type)}

    def part(sheet: Sheet) -> Section | None:
        hansa = sheet.hansa
        own = {p.value for p in (hansa.inSource, hansa.supportsValue, hansa.throughPost, hansa.representing)}
        own |= {p.value for p in (hansa.heldPost, hansa.holdingPost, hansa.countOf, hansa.counted, hansa.certainty)}
        own |= {p.value for p in (hansa.runBy, hansa.participant, hansa.programmePartner, hansa.continues)}
        own |= {p.value for p in (hansa.presidedBy, hansa.discussedProposalOf, hansa.governs)}
        titles = {p: sheet.reader.property(p).text for p in sheet.pointers.keys() - apart - own}
        found = []
        for predicate in sorted(titles, key=lambda p: (titles[p].value.casefold(), p)):
            if asserted := _still(sheet, NamedNode(predicate)):
                found.append(group(sheet, titles[predicate], asserted, inverse=True))
        return groups_of("links-here", N_("What links here"), found)

    return part


def inverse(anchor: str, title: str, predicate: NamedNode) -> Part:
    """Make the part that lists what points at the thing by one property."""

    def part(sheet: Sheet) -> Section | None:
        found = _still(sheet, predicate)
        return groups_of(anchor, title, [group(sheet, Text(""), found)]) if found else None

    return part


def governed_by(sheet: Sheet) -> Section | None:
    """Show the authorities that govern a place."""
    return inverse("governed-by", N_("Governed by"), sheet.hansa.governs)(sheet)


# ---------------------------------------------------------------- who shares most networks
def sharing(sheet: Sheet) -> Section | None:
    """Show which cities share most networks with this one on the day of the page."""
    total, found = sheet.site.roster.sharing(sheet.iri, sheet.day, _SHARED_LIMIT)
    if not total:
        return None
    rows = tuple(Shared(sheet.link(iri), tuple(sheet.link(n) for n in networks)) for iri, networks in found.items())
    data = SharedList(rows, total - len(rows), _question(sheet))
    return Section("sharing", N_("Who shares most networks with it"), "sharing", data, str(total))


def _question(sheet: Sheet) -> str:
    """Give the address of the question that lists all of them."""
    if "co-members-of-city" not in sheet.site.queries:
        return ""
    asked = {"city": sheet.site.vocab.shorten(sheet.iri), "on": sheet.day}
    return f"/queries/co-members-of-city?{urlencode(asked, safe=':')}"
