"""Draw a timeline: a bar for each span, solid where it is known to have held, hatched or fading where it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from hansa.serve.pages.views import Text
from hansa.serve.pictures.axis import Axis, axis_for
from hansa.serve.pictures.bars import pieces
from hansa.serve.pictures.labels import BOLD, shortened, width_of
from hansa.serve.pictures.legend import Key, legend
from hansa.serve.pictures.picture import Frame
from hansa.serve.pictures.shapes import diamond, gradients, piece
from hansa.serve.pictures.spans import Days, Span, days_of
from hansa.serve.pictures.svg import add, link, num, svg

_NAME, _SMALL = 13.5, 12.0
_TOP = 40.0
_FADE = 56.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a timeline, in words.

    :param note: role and period
    :param href: of the statement
    """

    span: Span
    note: str
    href: str
    category: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where things stand: on wide pages names beside the bars, on phones above them."""

    width: float
    left: float
    row: float
    bar: float
    room: float


def _layout(frame: Frame) -> _Layout:
    if frame.is_narrow:
        return _Layout(frame.width, 8, 62, 46, frame.width - 8)
    return _Layout(frame.width, 330, 46, 22, 312)


@dataclass(frozen=True, slots=True)
class Today:
    """The day up to which anything is known, marked by a line."""

    day: int
    label: str


def draw_timeline(lines: Sequence[Line], today: Today, keys: Sequence[Key], ident: str, frame: Frame) -> Element:
    """Draw a timeline.

    :param lines: at least one
    :param ident: what ids begin with, unique on a page
    """
    ident = f"{ident}-{frame.name}"
    plan = _layout(frame)
    known = [day for line in lines for day in days_of(line.span.when).known()]
    axis = axis_for([*known, today.day], plan.left, plan.width - 12)
    bottom = _TOP + len(lines) * plan.row + 6
    key = legend(keys, frame.width, _SMALL)
    root = svg(frame.width, bottom + 22 + key.height, "timeline")
    gradients(root, ident, (6, *(line.category for line in lines)))
    _ticks(root, axis, bottom, 4 if frame.is_narrow else 9)
    for i, line in enumerate(lines):
        _draw_line(root, line, axis, plan, _TOP + i * plan.row, (today.day, ident))
    _today(root, axis, bottom, today)
    key.draw(root, bottom + 18, ident)
    return root


def _ticks(root: Element, axis: Axis, bottom: float, most: int) -> None:
    layer = add(root, "g", cls="axis", aria_hidden="true")
    for day, label in axis.ticks(most):
        x = axis.at(day)
        add(layer, "path", d=f"M{num(x)} {num(_TOP - 6)}V{num(bottom)}")
        for y in (_TOP - 10, bottom + 15):
            _caption(layer, axis, label, x, y)


def _today(root: Element, axis: Axis, bottom: float, today: Today) -> None:
    layer = add(root, "g", cls="now", aria_hidden="true")
    x = axis.at(today.day)
    add(layer, "path", cls="today", d=f"M{num(x)} {num(_TOP - 22)}V{num(bottom)}")
    _caption(layer, axis, today.label, x, _TOP - 27)


def _caption(layer: Element, axis: Axis, text: str, x: float, y: float) -> None:
    """Write a word at a place of the axis, turned inwards where it would run over the edge."""
    half, right = width_of(text, _SMALL) / 2, axis.right + 12
    if x + half > right:
        add(layer, "text", text, x=right, y=y, text_anchor="end")
    else:
        add(layer, "text", text, x=max(x, half), y=y, text_anchor="middle")


def _draw_line(root: Element, line: Line, axis: Axis, plan: _Layout, top: float, now: tuple[int, str]) -> None:
    group = add(root, "g", cls=f"line c{line.category}")
    add(group, "path", cls="rule", d=f"M0 {num(top)}H{num(plan.width)}")
    text = line.span.link.text
    name = link(group, line.span.link.href)
    add(name, "text", shortened(text.value, _NAME * BOLD, plan.room), "name", x=4, y=top + 18, lang=text.lang or None)
    add(group, "text", shortened(line.note, _SMALL, plan.room), "soft", x=4, y=top + 34)
    bar = link(group, line.href, f"{text.value}: {line.note}" if line.note else text.value)
    bar.set("class", "bar")
    # A pointer must not have to hit what has faded.
    add(bar, "rect", cls="hit", x=plan.left, y=top + plan.bar - 11, width=axis.right - plan.left, height=22)
    days = days_of(line.span.when)
    today, ident = now
    fading = f"{ident}-{line.category}"
    if line.span.is_moment:
        _moment(bar, days, axis, top + plan.bar)
    else:
        _bar(bar, days, axis, top + plan.bar, (today, fading))


def _bar(parent: Element, days: Days, axis: Axis, y: float, now: tuple[int, str]) -> None:
    today, fading = now
    for part in pieces(days, today, axis.days(_FADE)):
        piece(parent, part.kind, axis.at(part.start), axis.at(part.end), y, fading)
    if days.as_of[0] is not None and days.as_of[1] is not None:
        add(parent, "path", cls="point", d=diamond(axis.at((days.as_of[0] + days.as_of[1]) / 2), y, 5.5))


def _moment(parent: Element, days: Days, axis: Axis, y: float) -> None:
    known = days.known()
    first, last = axis.at(min(known)), axis.at(max(known))
    if last - first > 14:
        piece(parent, "hatch", first, last, y, "")
    add(parent, "circle", cls="moment", cx=(first + last) / 2, cy=y, r=5.5)


def keys_for(roles: Mapping[int, Text], kinds: Mapping[str, str]) -> list[Key]:
    """Make the legend: the colours that occur, and what the shapes mean.

    :param roles: names of the colours
    :param kinds: names of the shapes
    """
    colours = [Key(text, category, "core") for category, text in sorted(roles.items())]
    return colours + [Key(Text(text), 6, shape) for shape, text in kinds.items()]
