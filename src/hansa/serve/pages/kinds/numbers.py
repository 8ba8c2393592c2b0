"""Numbers that sources state beside those that the graph records, and statements that cannot all hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hansa.rdf import NamedNode
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds.sheet import Sheet
from hansa.serve.pages.part_views import Claim, Compared, Dispute
from hansa.serve.pages.records import Record
from hansa.serve.pages.tables import Spec, table
from hansa.serve.pages.views import Link, Section, Text, Value
from hansa.vocab import ADMS, DCT, ORG, SCHEMA, SKOS

if TYPE_CHECKING:
    from hansa.serve.pages.reader import Reader

_PRECISION = {
    "more-than": N_("more than %(number)s"),
    "approximate": N_("about %(number)s"),
    "exact": "%(number)s",
}
_BEGINNINGS = ("founding", "merger")


def stated_in_words(reader: Reader, count: Record) -> str:
    """Put a stated number into words that keep its precision: over 50 stays *more than 50*."""
    hansa = reader.vocab.hansa
    message = _PRECISION.get(count.one(hansa.countPrecision).rpartition("/")[2], "%(number)s")
    return reader.gettext(message) % {"number": reader.number(count.one(hansa.statedNumber))}


def _role_counted(sheet: Sheet, counted: str) -> str | None:
    """Find the role whose holders a concept such as *full members* counts: empty for all members, none if unknown."""
    name = counted.rpartition("/")[2].replace("cities", "city").removesuffix("s")
    role = sheet.site.vocab.concept("role", name).value
    if name == "member":
        return ""
    return role if role in sheet.site.roster.member_roles else None


def _compared(sheet: Sheet, count: Record) -> Compared:
    counted = count.one(sheet.hansa.counted)
    role = _role_counted(sheet, counted)
    # That nobody is recorded in a role says nothing where the source names members without it.
    recorded = None if role is None else len(sheet.site.roster.members(sheet.iri, sheet.as_of, role)) or None
    return Compared(
        counted=Value(sheet.link(counted)),
        stated=stated_in_words(sheet.reader, count),
        when=sheet.known(count),
        recorded=recorded,
        notes=sheet.notes.of_node(count),
        about=sheet.link(count.iri),
    )


def counts(sheet: Sheet) -> Section | None:
    """Show the numbers that sources state of the thing, each beside what the graph records by name."""
    found = sheet.around(sheet.hansa.countOf)
    found.sort(key=lambda c: (sheet.link(c.one(sheet.hansa.counted)).text.folded, c.one(sheet.hansa.asOf)))
    rows = tuple(_compared(sheet, count) for count in found)
    named = len(sheet.site.roster.members(sheet.iri, sheet.as_of))
    title = N_("Stated and recorded numbers")
    return Section("numbers", title, "numbers", (rows, named), str(len(rows))) if rows else None


def counted(sheet: Sheet) -> Section | None:
    """Show where a concept is what is counted."""
    hansa = sheet.hansa
    specs = (
        Spec("of", N_("Of"), hansa.countOf),
        Spec("number", N_("Number"), hansa.statedNumber),
        Spec("precision", N_("Precision"), hansa.countPrecision),
        Spec("known", N_("As of"), hansa.asOf),
    )
    found = table(sheet, "counted", sheet.around(hansa.counted), specs)
    return Section("counted", N_("Numbers that sources state"), "table", found, str(found.total)) if found else None


# ---------------------------------------------------------------- contradictions
def disputes(sheet: Sheet) -> Section | None:
    """Show where sources contradict each other, side by side; nobody is put right."""
    found = (
        *_different_values(sheet),
        *_different_beginnings(sheet),
        *_different_counts(sheet),
        *_different_times(sheet),
    )
    return Section("contradictions", N_("Where sources differ"), "disputes", found, str(len(found))) if found else None


def _different_values(sheet: Sheet) -> Iterator[Dispute]:
    """Find properties that can have one value, or one a language, and have more from different sources."""
    for predicate in (SKOS.prefLabel, SCHEMA.legalName, ADMS.status, sheet.hansa.rosterStatus, DCT.issued):
        by_language: dict[str, list[int]] = defaultdict(list)
        said = [s for s in sheet.record.of(predicate) if not sheet.notes.by_rule(s.graphs)]
        for number, one in enumerate(said):
            by_language[one.lang].append(number)
        for numbers in by_language.values():
            graphs = {said[n].graphs for n in numbers}
            if len(numbers) > 1 and len(graphs) > 1:
                marked = (
                    sheet.reader.said(said[n], sheet.notes.of(sheet.record, predicate.value, said[n])) for n in numbers
                )
                yield Dispute(sheet.reader.property(predicate.value).text, tuple(Claim(value) for value in marked))


def _claims(sheet: Sheet, records: list[Record], predicate: NamedNode) -> tuple[Claim, ...]:
    return tuple(
        Claim(sheet.reader.said(s, sheet.notes.of_node(record)), sheet.known(record))
        for record in records
        for s in record.of(predicate)
    )


def _different_beginnings(sheet: Sheet) -> Iterator[Dispute]:
    events = [e for e in sheet.around(ORG.resultingOrganization) if _is_beginning(e)]
    if len({e.one(sheet.hansa.date) for e in events}) > 1:
        about = sheet.reader.property(SCHEMA.foundingDate.value).text
        yield Dispute(about, _claims(sheet, events, sheet.hansa.date))


def _is_beginning(event: Record) -> bool:
    return event.one(DCT.type).rpartition("/")[2] in _BEGINNINGS


def _different_counts(sheet: Sheet) -> Iterator[Dispute]:
    hansa = sheet.hansa
    by_subject: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for count in sheet.around(hansa.countOf):
        by_subject[count.one(hansa.counted), count.one(hansa.asOf)].append(count)
    for (counted_, _), found in by_subject.items():
        if len({c.one(hansa.statedNumber) for c in found}) > 1:
            claims = tuple(Claim(_number(sheet, c), sheet.known(c)) for c in found)
            yield Dispute(sheet.link(counted_).text, claims)


def _number(sheet: Sheet, count: Record) -> Value:
    return Value(Link(Text(stated_in_words(sheet.reader, count))), sheet.notes.of_node(count))


def _different_times(sheet: Sheet) -> Iterator[Dispute]:
    """Find dates of one membership, event or tenure that differ."""
    pointers = [p for tie in (ORG.organization, ORG.member) for p in sheet.pointers.get(tie.value, ())]
    records = [sheet.records.about(pointer.subject) for pointer in pointers]
    for predicate in (sheet.hansa.start, sheet.hansa.end, sheet.hansa.date):
        name = predicate.value
        for record in records:
            if len(record.says.get(name, ())) > 1 and len({s.value for s in record.of(predicate)}) > 1:
                marked = tuple(Claim(value) for value in sheet.values(record, predicate))
                yield Dispute(Text(f"{_of(sheet, record)}: {sheet.reader.property(name)}"), marked)


def _of(sheet: Sheet, membership: Record) -> str:
    other = membership.one(ORG.member if membership.one(ORG.organization) == sheet.iri else ORG.organization)
    return sheet.link(other).text.value
