"""Timelines: the memberships, offices, seats and changes of a thing, from the dates that sources give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Link, Text
from hansa.serve.pictures.bars import pieces
from hansa.serve.pictures.legend import COLOURS, colour
from hansa.serve.pictures.picture import Cell, Picture, plain
from hansa.serve.pictures.spans import Gathered, Gatherer, Span, all_sources, days_of
from hansa.serve.pictures.timeline import Line, Today, draw_timeline, keys_for
from hansa.serve.pictures.wording import Wording, wording
from hansa.serve.site import Site


def timeline_of(site: Site, reader: Reader, iri: str, as_of: str = "") -> Picture | None:
    """Draw when a thing was what: its memberships, offices, holders, seats, founding.

    :param as_of: a day: what is known not to have held then is left out
    :return: ``None`` when no source dates anything
    """
    say = wording(reader)
    _ = say.gettext
    found = Gatherer(site, reader, say, as_of).of(iri)
    if not found.dated:
        return None
    today = date.fromisoformat(as_of or site.release.issued).toordinal()
    label = _("as of %(day)s") % {"day": say.day(as_of or site.release.issued)}
    ranks = _ranks(found.dated)
    lines = [_line(reader, say, span, ranks[_role(span)]) for span in found.dated]
    keys = keys_for(_colours(say, found.dated, ranks), _shapes(say, found.dated, today))

    kind, slug = reader.vocab.kind_and_slug(iri) or ("", "")
    return Picture(
        name="timeline",
        path=f"/pictures/timeline/{kind}/{slug}",
        title=_("%(thing)s over time") % {"thing": reader.link(iri).text.value},
        caption=_caption(say, found, as_of),
        draw=lambda frame: draw_timeline(lines, Today(today, label), keys, f"time-{kind}-{slug}", frame),
        columns=(_("What"), _("Role"), _("When"), _("From"), _("To"), _("Known on"), _("Statement")),
        rows=tuple(_row(reader, say, span) for span in found.dated),
        sources=say.links(all_sources(found.dated)),
        left_out=tuple(dict.fromkeys(span.link for span in found.undated)),
        why_left_out=_("Not drawn, for no source gives a date"),
        query=say.address(as_of),
    )


def _caption(say: Wording, found: Gathered, as_of: str) -> str:
    count = len(found.dated)
    drawn = say.ngettext("%(n)s statement with a date.", "%(n)s statements with dates.", count)
    return f"{drawn % {'n': say.number(count)}} {say.on(as_of)}"


def _role(span: Span) -> str:
    return span.role.iri or span.role.text.value


def _ranks(spans: Sequence[Span]) -> dict[str, int]:
    """Rank roles, the most common first."""
    counted = Counter(_role(span) for span in spans)
    return {role: rank for rank, role in enumerate(sorted(counted, key=lambda r: (-counted[r], r)))}


def _colours(say: Wording, spans: Sequence[Span], ranks: dict[str, int]) -> dict[int, Text]:
    """Name each colour by its role; the last one is shared when there are more roles than colours."""
    named = {colour(ranks[_role(s)]): s.role.text for s in reversed(spans) if s.role.text.value}
    if len(ranks) > COLOURS:
        named[COLOURS] = Text(say.gettext("other roles"))
    return named


def _shapes(say: Wording, spans: Sequence[Span], today: int) -> dict[str, str]:
    """Explain those shapes that occur."""
    _ = say.gettext
    drawn = {p.kind for s in spans if not s.is_moment for p in pieces(days_of(s.when), today, 1)}
    named = {
        "hatch": _("began or ended within this time"),
        "before": _("beginning not stated"),
        "after": _("end not stated"),
    }
    found = {kind: text for kind, text in named.items() if kind in drawn}
    if any(s.when.as_of for s in spans if not s.is_moment):
        found["point"] = _("a source says so at this time")
    return found


def _line(reader: Reader, say: Wording, span: Span, rank: int) -> Line:
    role = "" if span.role.text.value == span.link.text.value else span.role.text.value
    note = " · ".join(filter(None, (role, say.period(span.when, moment=span.is_moment))))
    return Line(span, note, reader.link(span.about).href, colour(rank))


def _row(reader: Reader, say: Wording, span: Span) -> tuple[Cell, ...]:
    record = reader.link(span.about)
    return (
        (span.link,),
        (span.role,) if span.role.text.value else (),
        plain(say.period(span.when, moment=span.is_moment)),
        plain(span.when.start),
        plain(span.when.end),
        plain(span.when.as_of),
        (Link(Text(say.gettext("record")), record.iri, record.href),),
    )
