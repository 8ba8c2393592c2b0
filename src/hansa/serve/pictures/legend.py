"""The legend under a picture: what the colours and sizes mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from hansa.serve.pages.views import Text
from hansa.serve.pictures.labels import shortened, width_of
from hansa.serve.pictures.svg import add

COLOURS = 6
"""Colours there are; what comes after shares the last one."""


@dataclass(frozen=True, slots=True)
class Key:
    """An entry.

    :param category: number of the colour, from 1
    :param shape: dot, bar, fade, hatch, line or point
    :param radius: of a dot
    """

    text: Text
    category: int = 1
    shape: str = "dot"
    radius: float = 5.0


def colour(rank: int) -> int:
    """Give the number of a colour for what stands at a rank, from 0."""
    return min(rank, COLOURS - 1) + 1


@dataclass(frozen=True, slots=True)
class Legend:
    """Entries set in lines, ready to be drawn below a picture."""

    placed: tuple[tuple[float, float, str, Key], ...]
    height: float
    size: float

    def draw(self, root: Element, top: float) -> None:
        """Draw it below ``top``."""
        if not self.placed:
            return
        layer = add(root, "g", cls="legend", aria_hidden="true")
        for x, y, text, key in self.placed:
            entry = add(layer, "g", cls=f"c{key.category}")
            _symbol(entry, key, x, top + y - self.size * 0.35)
            add(entry, "text", text, x=x + 20 + max(0.0, key.radius - 7), y=top + y, lang=key.text.lang or None)


def legend(keys: Sequence[Key], width: float, size: float) -> Legend:
    """Set a legend in lines.

    :param width: there is for it
    :param size: of the letters
    """
    placed: list[tuple[float, float, str, Key]] = []
    x, y = 4.0, size * 2
    for key in keys:
        extra = max(0.0, key.radius - 7)
        text = shortened(key.text.value, size, width - 30 - extra)
        needed = 20 + extra + width_of(text, size) + 16
        if x > 4 and x + needed - 16 > width:
            x, y = 4.0, y + size * 1.7
        placed.append((x, y, text, key))
        x += needed
    return Legend(tuple(placed), y + size * 0.8 if placed else 0.0, size)


def _symbol(entry: Element, key: Key, x: float, y: float) -> None:
    middle = x + 7
    if key.shape == "dot":
        add(entry, "circle", cls="dot", cx=middle, cy=y, r=key.radius)
    elif key.shape == "bar":
        add(entry, "rect", cls="core", x=x, y=y - 5, width=14, height=10, rx=2)
    elif key.shape == "line":
        add(entry, "path", cls="today", d=f"M{middle:.1f} {y - 7:.1f}v14")
    elif key.shape == "point":
        add(entry, "path", cls="point", d=diamond(middle, y, 5.5))
    else:
        for i in range(4):
            add(entry, "rect", cls=f"{key.shape} s{i}", x=x + i * 4, y=y - 5, width=3.2, height=10)


def diamond(x: float, y: float, r: float) -> str:
    """Give the path of a square that stands on its corner."""
    return f"M{x - r:.1f} {y:.1f}l{r:.1f}-{r:.1f} {r:.1f} {r:.1f}-{r:.1f} {r:.1f}z"
