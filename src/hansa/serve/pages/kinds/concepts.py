"""Concepts: what has a theme, what is narrower, and a vocabulary as a tree."""

from __future__ import annotations

from collections.abc import Iterator

from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds.relations import GROUP_LIMIT, group, groups_of
from hansa.serve.pages.kinds.sheet import Sheet
from hansa.serve.pages.kinds.titles import KINDS
from hansa.serve.pages.records import Pointer
from hansa.serve.pages.views import LinkGroup, Section, Text, Value
from hansa.serve.terms import scheme
from hansa.vocab import DCT, SKOS


def subjects(sheet: Sheet) -> Section | None:
    """Show what has a theme, by the kind of thing."""
    by_kind: dict[str, list[Pointer]] = {}
    for pointer in (*sheet.asserted(DCT.subject), *sheet.asserted(sheet.hansa.promotes)):
        by_kind.setdefault(sheet.kind(pointer.subject), []).append(pointer)
    groups = [
        group(sheet, Text(sheet.reader.gettext(KINDS[k].all) if k in KINDS else ""), found)
        for k, found in by_kind.items()
    ]
    return groups_of("subjects", N_("What has this theme"), (*groups, *_narrower_subjects(sheet)))


def _narrower_subjects(sheet: Sheet) -> Iterator[LinkGroup]:
    """Give, theme by theme, what has a narrower theme."""
    queue, seen = [sheet.iri], {sheet.iri}
    about = (DCT.subject.value, sheet.hansa.promotes.value)
    while queue:
        below = [p.subject for p in sheet.records.pointing(queue.pop(0)) if p.predicate == SKOS.broader.value]
        for theme in sorted(set(below) - seen, key=lambda iri: sheet.link(iri).text.folded):
            seen.add(theme)
            queue.append(theme)
            found = [p for p in sheet.records.pointing(theme) if p.predicate in about]
            if found:
                yield _about(sheet, theme, found)


def _about(sheet: Sheet, theme: str, found: list[Pointer]) -> LinkGroup:
    values = tuple(
        Value(sheet.link(p.subject), sheet.notes.of_pointer(p.subject, p.predicate, theme, p.graphs))
        for p in found[:GROUP_LIMIT]
    )
    return LinkGroup(sheet.link(theme).text, values, len(found) - len(values))


def narrower(sheet: Sheet) -> Section | None:
    """Show the concepts that are narrower."""
    found = sheet.asserted(SKOS.broader)
    return groups_of("concepts", N_("Concepts"), [group(sheet, Text(""), found)]) if found else None


def tree(sheet: Sheet) -> Section | None:
    """Show the concepts of a vocabulary as a tree, with what each means."""
    found = scheme.tree(sheet.site, sheet.reader, sheet.iri)
    count = str(len(sheet.pointers.get(SKOS.inScheme.value, ())))
    return Section("concepts", N_("Concepts"), "tree", found, count) if found else None
