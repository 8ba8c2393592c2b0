"""Draw the graph around a thing: the thing in the middle, its neighbours by kind on either side; the same every time.

No label can touch another: each has a line of its own. Phones get a tree, with all neighbours below the thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from xml.etree.ElementTree import Element

from hansa.serve.pages.views import Link
from hansa.serve.pictures.labels import BOLD, shortened, width_of, wrapped
from hansa.serve.pictures.picture import Frame
from hansa.serve.pictures.svg import add, link, num, svg

_NAME, _SMALL, _MIDDLE = 13.5, 12.0, 17.0
_ROW, _HEAD, _GAP, _MARGIN = 38.0, 26.0, 12.0, 26.0
_NEAREST, _BULGE = 160.0, 48.0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing tied to the one in the middle.

    :param ties: in words
    """

    link: Link
    ties: str


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours of one kind."""

    title: str
    category: int
    neighbours: Sequence[Neighbour]

    @property
    def height(self) -> float:
        """The room that it takes."""
        return _HEAD + len(self.neighbours) * _ROW + _GAP


def draw_butterfly(middle: Link, groups: Sequence[Group], frame: Frame) -> Element:
    """Draw the graph around a thing."""
    return _tree(middle, groups, frame) if frame.is_narrow else _wings(middle, groups, frame)


def sides(groups: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """Deal groups to two sides of about the same height, in their order; a group that is most of all is split."""
    total = sum(g.height for g in groups)
    halves = [half for g in groups for half in (_split(g) if g.height > total * 0.62 else (g,))]
    right: list[Group] = []
    left: list[Group] = []
    for group in sorted(halves, key=lambda g: -g.height):
        lower = left if _height(left) < _height(right) else right
        lower.append(group)
    order = {id(g): i for i, g in enumerate(halves)}
    return sorted(left, key=lambda g: order[id(g)]), sorted(right, key=lambda g: order[id(g)])


def _height(groups: Sequence[Group]) -> float:
    return sum(g.height for g in groups)


def _split(group: Group) -> tuple[Group, ...]:
    if len(group.neighbours) < 2:
        return (group,)
    middle = (len(group.neighbours) + 1) // 2
    parts = group.neighbours[:middle], group.neighbours[middle:]
    return tuple(Group(group.title, group.category, part) for part in parts)


# ---------------------------------------------------------------- wide
def _wings(middle: Link, groups: Sequence[Group], frame: Frame) -> Element:
    left, right = sides(groups)
    height = max(_height(left), _height(right), 120.0) + 2 * _MARGIN
    root = svg(frame.width, height, "around")
    edges = add(root, "g", cls="edges", aria_hidden="true")
    centre = (frame.width / 2, height / 2)
    card = _Card(wrapped(middle.text.value, _MIDDLE * BOLD, 2 * _NEAREST - 60, lines=3))
    for side, wing in ((-1, left), (1, right)):
        top = (height - _height(wing)) / 2
        for group in wing:
            _wing(root, edges, group, (side, top), (centre, card))
            top += group.height
    card.draw(root, middle.text.lang, centre)
    return root


@dataclass(frozen=True, slots=True)
class _Card:
    """The thing in the middle: its name in a frame, from whose sides the ties go out."""

    lines: Sequence[str]

    @property
    def half(self) -> float:
        """Half its width."""
        return max(width_of(line, _MIDDLE * BOLD) for line in self.lines or [""]) / 2 + 14

    def draw(self, root: Element, lang: str, centre: tuple[float, float]) -> None:
        """Draw it about a point."""
        leading = _MIDDLE * 1.25
        height = len(self.lines) * leading + 18
        x, y = centre
        layer = add(root, "g", cls="centre")
        add(layer, "rect", x=x - self.half, y=y - height / 2, width=2 * self.half, height=height, rx=8)
        for i, line in enumerate(self.lines):
            base = y - height / 2 + 9 + (i + 0.78) * leading
            add(layer, "text", line, x=x, y=base, text_anchor="middle", lang=lang or None)


def _wing(
    root: Element, edges: Element, group: Group, at: tuple[int, float], middle: tuple[tuple[float, float], _Card]
) -> None:
    """Draw a group on a side.

    :param at: the side, -1 or 1, and the top of the group
    """
    side, top = at
    centre, card = middle
    out = centre[0] + side * card.half
    layer = add(root, "g", cls=f"group c{group.category}")
    anchor = "start" if side > 0 else "end"
    first = _x(side, top + _HEAD * 0.6, centre)
    add(layer, "text", group.title, "head", x=first + side * 14, y=top + _HEAD * 0.6, text_anchor=anchor)
    for i, neighbour in enumerate(group.neighbours):
        y = top + _HEAD + (i + 0.4) * _ROW
        x = _x(side, y, centre)
        bend = (x - out) * 0.6
        curve = f"M{num(out)} {num(centre[1])}C{num(out + bend)} {num(centre[1])}"
        add(edges, "path", cls=f"edge c{group.category}", d=f"{curve} {num(x - bend)} {num(y)} {num(x)} {num(y)}")
        room = centre[0] - abs(x - centre[0]) - 22
        _neighbour(layer, neighbour, (x, y), (side * 14, anchor), room)


def _x(side: int, y: float, centre: tuple[float, float]) -> float:
    """Give the place of a line on the wing, which bulges like an arc about the centre."""
    off = (y - centre[1]) / centre[1]
    return centre[0] + side * (_NEAREST + _BULGE * sqrt(max(0.0, 1 - off * off)))


def _neighbour(
    layer: Element, neighbour: Neighbour, at: tuple[float, float], beside: tuple[float, str], room: float
) -> None:
    x, y = at
    text = neighbour.link.text
    name = link(layer, neighbour.link.href, f"{text.value}: {neighbour.ties}" if neighbour.ties else text.value)
    name.set("class", "node")
    add(name, "circle", cx=x, cy=y, r=5)
    tx, anchor = x + beside[0], beside[1]
    shown = shortened(text.value, _NAME * BOLD, room)
    add(name, "text", shown, "name", x=tx, y=y + 3, text_anchor=anchor, lang=text.lang or None)
    if neighbour.ties:
        add(name, "text", shortened(neighbour.ties, _SMALL, room), "soft", x=tx, y=y + 18, text_anchor=anchor)


# ---------------------------------------------------------------- narrow
def _tree(middle: Link, groups: Sequence[Group], frame: Frame) -> Element:
    lines = wrapped(middle.text.value, _MIDDLE * BOLD, frame.width - 44, lines=3)
    start = 24 + len(lines) * _MIDDLE * 1.25
    root = svg(frame.width, start + _height(groups), "around")
    edges = add(root, "g", cls="edges", aria_hidden="true")
    layer = add(root, "g", cls="centre")
    add(layer, "circle", cx=14, cy=18, r=9)
    for i, line in enumerate(lines):
        add(layer, "text", line, x=34, y=24 + i * _MIDDLE * 1.25, lang=middle.text.lang or None)
    top = start
    last = start + _height(groups) - _GAP - 0.6 * _ROW - 12
    add(edges, "path", cls="spine", d=f"M14 18V{num(last)}")
    for group in groups:
        _branch(root, edges, group, top, frame.width)
        top += group.height
    return root


def _branch(root: Element, edges: Element, group: Group, top: float, width: float) -> None:
    layer = add(root, "g", cls=f"group c{group.category}")
    add(layer, "text", group.title, "head", x=36, y=top + _HEAD * 0.6)
    for i, neighbour in enumerate(group.neighbours):
        y = top + _HEAD + (i + 0.4) * _ROW
        path = f"M14 {num(y - 12)}q0 12 12 12H40"
        add(edges, "path", cls=f"edge c{group.category}", d=path)
        _neighbour(layer, neighbour, (42, y), (14, "start"), width - 62)
