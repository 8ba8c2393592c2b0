"""Draw a map: land, cities as marks that lead to their pages, labels where there is room, legend, scale, inset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from xml.etree.ElementTree import Element

from hansa.serve.pages.views import Link, Text
from hansa.serve.pictures.labels import Room, shortened, width_of
from hansa.serve.pictures.legend import Key, legend
from hansa.serve.pictures.picture import Frame
from hansa.serve.pictures.projection import Position
from hansa.serve.pictures.svg import add, link, svg
from hansa.serve.pictures.view import EARTH_KM, FINENESS, View, view_of, world

LETTERS = 13.0
_MOST_LABELS = {"wide": 70, "narrow": 24}
_TRIES = 4
"""Cities that are tried for each label there may be; behind those the map is full."""
_REACHABLE = 60
"""Marks that the Tab key visits; where there are more, the table is the way."""
_LARGE_REGION = 45.0
"""Degrees of radius from which a map says by itself where on earth it is."""
_FINE_COAST = f"scale({1 / FINENESS})"


@dataclass(frozen=True, slots=True)
class Mark:
    """A city on a map.

    :param category: number of the legend entry, from 1
    :param weight: what the size of the mark stands for
    :param note: what a pointer shows besides the name
    :param label: a shorter name, as that of the place for its government
    :param priority: among marks of the same size the one with the highest is on top and named first
    """

    link: Link
    position: Position
    category: int = 1
    weight: int = 1
    note: str = ""
    label: Text | None = None
    priority: int = 0

    @property
    def name(self) -> Text:
        """What stands beside it: a short name where there is one."""
        return self.label or self.link.text


def draw_map(marks: Sequence[Mark], keys: Sequence[Key], frame: Frame) -> Element:
    """Draw a map of some cities.

    :param keys: the legend
    """
    view = view_of([m.position for m in marks], frame.width)
    key = legend(keys, frame.width, LETTERS)
    root = svg(view.width, view.height + key.height, "map")
    sheet = add(root, "svg", cls="sheet", width=view.width, height=view.height)
    _base(sheet, view)
    room = Room(view.width, view.height)
    placed = _marks(sheet, view, marks, frame)
    for x, y, radius, _ in placed:
        room.take((x - radius, y - radius, x + radius, y + radius))
    if view.region:
        _scale_bar(sheet, view, room)
        _inset(sheet, view, placed, room)
    _labels(sheet, placed, room, _MOST_LABELS[frame.name])
    key.draw(root, view.height)
    return root


def _base(sheet: Element, view: View) -> None:
    add(sheet, "rect", cls="sea" if view.region else "beyond", width=view.width, height=view.height, rx=6)
    base = add(sheet, "g", transform=_FINE_COAST, cls="base")
    if view.rim:
        add(base, "path", cls="sea", d=view.rim)
    add(base, "path", cls="grid", d=view.grid)
    add(base, "path", cls="land", d=view.land)


_Placed = tuple[float, float, float, Mark]


def _radius(mark: Mark, frame: Frame, crowd: int) -> float:
    """Size a mark: its area grows with what it stands for, and shrinks where there are many."""
    least = 4.6 if crowd < 100 else 3.4 if crowd < 400 else 2.6
    return min(least * sqrt(mark.weight), 5 * least) * (0.85 if frame.is_narrow else 1)


def _marks(sheet: Element, view: View, marks: Sequence[Mark], frame: Frame) -> list[_Placed]:
    """Draw the marks, large ones first, so that no small one is covered."""
    layer = add(sheet, "g", cls="marks")
    placed: list[_Placed] = []
    reachable = len(marks) <= _REACHABLE
    for mark in sorted(marks, key=lambda m: (-m.weight, m.priority, m.link.text.folded, m.link.iri)):
        x, y = view.place(mark.position)
        radius = _radius(mark, frame, len(marks))
        title = f"{mark.link.text.value}: {mark.note}" if mark.note else mark.link.text.value
        anchor = link(layer, mark.link.href, title, reachable=reachable)
        anchor.set("class", f"mark c{mark.category}")
        add(anchor, "circle", cx=x, cy=y, r=radius)
        placed.append((x, y, radius, mark))
    return placed


def _labels(sheet: Element, placed: Sequence[_Placed], room: Room, most: int) -> None:
    """Name the cities, the heaviest first, as long as there is room."""
    layer = add(sheet, "g", cls="labels", aria_hidden="true")
    left = most
    by_rank = sorted(placed, key=lambda p: (-p[3].weight, -p[3].priority))
    for x, y, radius, mark in by_rank[: most * _TRIES]:
        if not left:
            break
        text = shortened(mark.name.value, LETTERS, 190)
        found = room.label(x, y, radius, width_of(text, LETTERS), LETTERS)
        if found:
            left -= 1
            lang = mark.name.lang or None
            add(layer, "text", text, x=found.x, y=found.y, text_anchor=found.anchor, lang=lang)


# ---------------------------------------------------------------- where on earth this is
def _scale_bar(sheet: Element, view: View, room: Room) -> None:
    """Draw a round number of kilometres, which an equal-area map shows well near its centre."""
    per_km = view.scale / EARTH_KM
    wanted = view.width * 0.2 / per_km
    km = max((f * 10**e for e in range(5) for f in (1, 2, 5) if f * 10**e <= wanted), default=1)
    x, y, length = 14.0, view.height - 14.0, km * per_km
    bar = add(sheet, "g", cls="scale", aria_hidden="true")
    add(bar, "path", d=f"M{x:.1f} {y - 5:.1f}v5h{length:.1f}v-5")
    add(bar, "text", f"{km:,} km".replace(",", "\u202f"), x=x + length / 2, y=y - 6, text_anchor="middle")
    room.take((x - 4, y - 22, x + max(length, 60) + 4, y + 4))


def _inset(sheet: Element, view: View, placed: Sequence[_Placed], room: Room) -> None:
    """Show in a free corner where on earth the map lies; where no corner is free, leave it out."""
    if not view.region or view.region[1] > _LARGE_REGION:
        return
    width = round(view.width * 0.17) if view.width > 600 else 92
    small = world(width, whole=abs(view.region[0][1]) > 55)
    right, bottom, gap = view.width - width - 8, view.height - small.height - 8, 10
    for x, y in ((right, bottom), (right, 8.0), (8.0, 8.0)):
        box = (x - gap, y - gap, x + width + gap, y + small.height + gap)
        if not any(box[0] < px < box[2] and box[1] < py < box[3] for px, py, _, _ in placed):
            room.take((x, y, x + width, y + small.height))
            _globe(sheet, small, x, y, view.region)
            return


def _globe(sheet: Element, small: View, x: float, y: float, region: tuple[Position, float]) -> None:
    inset = add(sheet, "g", cls="inset", aria_hidden="true", transform=f"translate({x:.1f},{y:.1f})")
    add(inset, "rect", cls="card", width=small.width, height=small.height, rx=4)
    base = add(inset, "g", transform=_FINE_COAST, cls="base")
    add(base, "path", cls="sea", d=small.rim)
    add(base, "path", cls="land", d=small.land)
    here = small.place(region[0])
    add(inset, "circle", cls="here", cx=here[0], cy=here[1], r=max(4.0, region[1] * small.width / 360 * 0.8))
