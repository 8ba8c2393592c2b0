"""Draw a matrix: how much each of some things has in common with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from hansa.serve.pages.views import Link, Text
from hansa.serve.pictures.labels import BOLD, shortened, width_of, wrapped
from hansa.serve.pictures.picture import Frame
from hansa.serve.pictures.svg import add, link, num, svg

_NAME, _NUMBER = 13.5, 13.0
_SHADES = 5
_MOST_SLANTED = 16
_SIN = 0.7071


@dataclass(frozen=True, slots=True)
class Common:
    """What two things have in common.

    :param share: of all that either has, from 0 to 1
    :param href: where it is listed
    :param title: in words
    """

    count: int
    share: float
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix: things in order, how many each has, and what pairs have in common, by their places in the order."""

    names: Sequence[Link]
    totals: Sequence[int]
    common: Mapping[tuple[int, int], Common]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the cells stand; ``slanted`` when the columns have names, else they have numbers as the rows have."""

    left: float
    top: float
    cell: float
    slanted: bool


def _layout(matrix: Matrix, frame: Frame) -> _Layout:
    count = len(matrix.names)
    slanted = not frame.is_narrow and count <= _MOST_SLANTED
    longest = max(width_of(_short(n.text), _NAME) for n in matrix.names)
    left = min(longest * BOLD + 36, max(132.0, frame.width - 40.0 * count) if frame.is_narrow else 300.0)
    spare = longest * _SIN * 0.8 if slanted else 8.0
    cell = min(64.0, max(14.0, (frame.width - left - spare) / count))
    return _Layout(left, longest * _SIN + 18 if slanted else 24.0, cell, slanted)


def _short(text: Text) -> str:
    return shortened(text.value, _NAME, 180)


def draw_matrix(matrix: Matrix, legend_text: str, frame: Frame) -> Element:
    """Draw a matrix of at least one thing; it is as wide as it has to be where there are many."""
    plan = _layout(matrix, frame)
    count = len(matrix.names)
    size = plan.cell * count
    root = svg(max(float(frame.width), plan.left + size + 4), plan.top + size + 54, "overlap")
    for i, name in enumerate(matrix.names):
        _row_name(root, plan, i, name)
        _column_name(root, plan, i, name)
    for i in range(count):
        for j in range(count):
            _cell(root, plan, matrix, i, j)
    _scale(root, plan, plan.top + size + 22, legend_text, frame)
    return root


def _row_name(root: Element, plan: _Layout, i: int, name: Link) -> None:
    y = plan.top + (i + 0.5) * plan.cell + _NAME * 0.35
    number = "" if plan.slanted else f"{i + 1}\u2002"
    text = shortened(number + name.text.value, _NAME * BOLD, plan.left - 10)
    anchor = link(root, name.href, name.text.value)
    add(anchor, "text", text, "name", x=plan.left - 8, y=y, text_anchor="end", lang=name.text.lang or None)


def _column_name(root: Element, plan: _Layout, i: int, name: Link) -> None:
    x, y = plan.left + (i + 0.5) * plan.cell, plan.top - 8
    if plan.slanted:
        turn = f"rotate(-45 {num(x)} {num(y)})"
        add(root, "text", _short(name.text), "soft", x=x, y=y, transform=turn, lang=name.text.lang or None)
    else:
        add(root, "text", str(i + 1), "soft", x=x, y=y, text_anchor="middle")


def _cell(root: Element, plan: _Layout, matrix: Matrix, i: int, j: int) -> None:
    x, y = plan.left + j * plan.cell, plan.top + i * plan.cell
    found = matrix.common.get((min(i, j), max(i, j)))
    if i == j:
        group, cls, text = add(root, "g"), "own", str(matrix.totals[i])
        add(group, "title", f"{matrix.names[i].text.value}: {matrix.totals[i]}")
    elif found:
        group, cls, text = link(root, found.href, found.title, reachable=i < j), _shade(matrix, found), str(found.count)
    else:
        group, cls, text = add(root, "g"), "none", ""
    group.set("class", f"cell {cls} c1")
    add(group, "rect", x=x + 1, y=y + 1, width=plan.cell - 2, height=plan.cell - 2, rx=3)
    if text:
        size = min(_NUMBER, plan.cell * 0.8 / max(1, len(text)) * 1.4)
        middle, base = x + plan.cell / 2, y + plan.cell / 2 + size * 0.36
        add(group, "text", text, x=middle, y=base, text_anchor="middle", font_size=size)


def _shade(matrix: Matrix, found: Common) -> str:
    """Give the shade of a cell: the largest share there is has the strongest."""
    most = max(c.share for c in matrix.common.values())
    return f"t{max(1, min(_SHADES, round(found.share / most * _SHADES)))}"


def _scale(root: Element, plan: _Layout, y: float, text: str, frame: Frame) -> None:
    """Explain the shades."""
    layer = add(root, "g", cls="legend", aria_hidden="true")
    left = 8.0 if frame.is_narrow else plan.left
    for i in range(_SHADES):
        cell = add(layer, "g", cls=f"cell t{i + 1} c1")
        add(cell, "rect", x=left + i * 16, y=y - 8, width=14, height=14, rx=2)
    beside = left + _SHADES * 16 + 8
    for i, line in enumerate(wrapped(text, 12, frame.width - beside)):
        add(layer, "text", line, "soft", x=beside, y=y + 3 + i * 16)
