"""The legend under a picture: what the colours and sizes mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from hansa.serve.pages.views import Text
from hansa.serve.pictures.labels import shortened, width_of
from hansa.serve.pictures.shapes import diamond, piece
from hansa.serve.pictures.svg import add

_LEFT = 8.0
_LONG = {"hatch", "before", "after"}
COLOURS = 6
"""Colours there are; what comes after shares the last one."""


@dataclass(frozen=True, slots=True)
class Key:
    """An entry.

    :param category: number of the colour, from 1
    :param shape: dot, point, line, or a piece of a bar: core, hatch, before, after
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

    def draw(self, root: Element, top: float, ident: str = "") -> None:
        """Draw it below ``top``; ``ident`` is what the ids of gradients begin with."""
        if not self.placed:
            return
        layer = add(root, "g", cls="legend", aria_hidden="true")
        for x, y, text, key in self.placed:
            entry = add(layer, "g", cls=f"c{key.category}")
            _symbol(entry, key, x, top + y - self.size * 0.35, ident)
            add(entry, "text", text, x=x + 20 + _extra(key), y=top + y, lang=key.text.lang or None)


def legend(keys: Sequence[Key], width: float, size: float) -> Legend:
    """Set a legend in lines.

    :param width: there is for it
    :param size: of the letters
    """
    placed: list[tuple[float, float, str, Key]] = []
    x, y = _LEFT, size * 2
    for key in keys:
        extra = _extra(key)
        text = shortened(key.text.value, size, width - 30 - extra)
        needed = 20 + extra + width_of(text, size) + 16
        if x > _LEFT and x + needed - 16 > width:
            x, y = _LEFT, y + size * 1.7
        placed.append((x, y, text, key))
        x += needed
    return Legend(tuple(placed), y + size * 0.8 if placed else 0.0, size)


def _extra(key: Key) -> float:
    """Give the room that a symbol takes beyond the common one."""
    return max(0.0, key.radius - 7) * 2 if key.shape == "dot" else 14.0 if key.shape in _LONG else 0.0


def _symbol(entry: Element, key: Key, x: float, y: float, ident: str) -> None:
    middle = x + 7 + (_extra(key) / 2 if key.shape == "dot" else 0)
    if key.shape == "dot":
        add(entry, "circle", cls="dot", cx=middle, cy=y, r=key.radius)
    elif key.shape == "line":
        add(entry, "path", cls="today", d=f"M{middle:.1f} {y - 7:.1f}v14")
    elif key.shape == "point":
        add(entry, "path", cls="point", d=diamond(middle, y, 5.5))
    else:
        piece(entry, key.shape, x, x + (28 if key.shape in _LONG else 14), y, f"{ident}-{key.category}")
