"""Find room for labels: none covers another, nor a mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import combining, east_asian_width

_CELL = 24.0
_NARROW = frozenset("iljtfrI.,:;'|!()[] ")


BOLD = 1.12
"""How much wider bold letters run."""


def width_of(text: str, size: float) -> float:
    """Estimate how wide a text runs in a sans-serif face; rather too wide than too narrow.

    :param size: of the letters, in the unit of the answer
    """
    return size * sum(map(_advance, text))


@lru_cache(maxsize=4096)
def _advance(letter: str) -> float:
    if combining(letter):
        return 0.0
    if east_asian_width(letter) in "WF":
        return 1.0
    if letter in _NARROW:
        return 0.37
    return 0.74 if letter.isupper() or letter in "mwMW%&@—" else 0.62


def shortened(text: str, size: float, room: float) -> str:
    """Cut a text so that it runs no wider than there is room, with an ellipsis where something is missing."""
    if width_of(text, size) <= room:
        return text
    left = room - width_of("…", size)
    kept = ""
    for letter in text:
        left -= _advance(letter) * size
        if left < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def wrapped(text: str, size: float, room: float, lines: int = 2) -> list[str]:
    """Break a text into lines between words, or between letters where the script has no spaces; cut the last one."""
    found: list[str] = []
    rest = text.strip()
    while rest and len(found) < lines - 1 and width_of(rest, size) > room:
        cut = _break(rest, size, room)
        found.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*found, shortened(rest, size, room)] if rest else found


def _break(text: str, size: float, room: float) -> int:
    """Find where a line ends: behind the last space, or before the last wide letter, that there is room for."""
    at, used = 0, 0.0
    for i, letter in enumerate(text):
        if letter == " " or (i and east_asian_width(letter) in "WF"):
            at = i
        used += _advance(letter) * size
        if used > room:
            return at or max(1, i)
    return len(text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label stands; ``anchor`` is that of SVG: start, middle or end."""

    x: float
    y: float
    anchor: str


Rectangle = tuple[float, float, float, float]


class Room:
    """A sheet on which things take room.

    :param width: of the sheet, and ``height``; nothing may stick out
    """

    def __init__(self, width: float, height: float) -> None:
        self._width, self._height = width, height
        self._taken: dict[tuple[int, int], list[Rectangle]] = defaultdict(list)

    def take(self, box: Rectangle) -> None:
        """Mark a rectangle (left, top, right, bottom) as taken."""
        for cell in _cells(box):
            self._taken[cell].append(box)

    def is_free(self, box: Rectangle) -> bool:
        """Tell whether a rectangle is on the sheet and touches nothing."""
        left, top, right, bottom = box
        if left < 0 or top < 0 or right > self._width or bottom > self._height:
            return False
        return not any(
            left < r and right > x and top < b and bottom > y
            for cell in _cells(box)
            for x, y, r, b in self._taken[cell]
        )

    def label(self, x: float, y: float, radius: float, text_width: float, size: float) -> Place | None:
        """Find a place beside a round mark and take it; ``None`` when there is none.

        :param x: of the middle of the mark, and ``y``
        :param size: of the letters
        """
        gap = radius + size * 0.3
        for dx, dy, anchor in ((1, 0, "start"), (-1, 0, "end"), (0, -1, "middle"), (0, 1, "middle"), *_CORNERS):
            tx, ty = x + dx * gap, y + dy * (gap + size * 0.35) + size * 0.35
            left = tx - text_width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
            box = (left - 1, ty - size * 0.9, left + text_width + 1, ty + size * 0.25)
            if self.is_free(box):
                self.take(box)
                return Place(tx, ty, anchor)
        return None


_CORNERS = ((0.7, -0.6, "start"), (0.7, 0.6, "start"), (-0.7, -0.6, "end"), (-0.7, 0.6, "end"))


def _cells(box: Rectangle) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(v // _CELL) for v in box)
    return ((i, j) for i in range(left, right + 1) for j in range(top, bottom + 1))
