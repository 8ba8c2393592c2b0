"""Pictures on the pages of things: where members are, where a place lies, who was in what when.

Where a picture would be larger than the rest of its page, or the graph is so large that pages must be made quickly
while thousands are asked for, the page leads to it instead.
"""

from __future__ import annotations

from collections.abc import Callable

from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds.sheet import Sheet
from hansa.serve.pages.views import Section
from hansa.serve.pictures import Picture, map_of, timeline_of

LARGE = 5000
"""Memberships in a graph whose pages lead to their pictures."""
_MAPPED = 250
_TIMED = 40
"""Memberships in one picture."""


def _part(sheet: Sheet, name: str, title: str, most: int, make: Callable[[], Picture | None]) -> Section | None:
    known = sheet.site.roster
    around = len(known.within(sheet.iri)) + len(known.of(sheet.iri))
    if around > most or (around and len(known) > LARGE):
        return Section(name, title, "elsewhere", f"/pictures/{name}/{_slug(sheet)}")
    picture = make()
    return Section(name, title, "pictures", None, pictures=(picture,)) if picture else None


def _slug(sheet: Sheet) -> str:
    return "/".join(sheet.site.vocab.kind_and_slug(sheet.iri) or ())


def on_the_map(sheet: Sheet) -> Section | None:
    """Show where the members of a network are, or where a place lies."""
    asked = sheet.site, sheet.reader, sheet.iri, sheet.as_of
    return _part(sheet, "map", N_("On the map"), _MAPPED, lambda: map_of(*asked))


def in_time(sheet: Sheet) -> Section | None:
    """Show when the thing was what: its memberships, offices, holders, seats."""
    asked = sheet.site, sheet.reader, sheet.iri, sheet.as_of
    return _part(sheet, "timeline", N_("Over time"), _TIMED, lambda: timeline_of(*asked))
