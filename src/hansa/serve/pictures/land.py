"""The outline of the land (Natural Earth, public domain; see land/README.md), projected and cut to a frame."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import accumulate

from hansa.serve.pictures.projection import Point, Position

Ring = tuple[Position, ...]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
_UNIT = 100


@cache
def rings(detail: str) -> tuple[Ring, ...]:
    """Read the coasts as closed lines.

    :param detail: ``coarse`` for the world, ``fine`` for a part of it
    """
    text = resources.files("hansa.serve.pictures").joinpath("land", f"{detail}.json").read_text(encoding="utf-8")
    return tuple(_positions(deltas) for deltas in json.loads(text))


def _positions(deltas: Sequence[int]) -> Ring:
    longitudes, latitudes = accumulate(deltas[::2]), accumulate(deltas[1::2])
    return tuple((x / _UNIT, y / _UNIT) for x, y in zip(longitudes, latitudes, strict=True))


def near(outline: Iterable[Ring], box: Box, projected: Iterable[Sequence[Point]]) -> Iterator[Sequence[Point]]:
    """Keep of projected coasts what comes into a box, cut at its edges."""
    for _, ring in zip(outline, projected, strict=True):
        if cut := clip(ring, box):
            yield cut


def clip(ring: Sequence[Point], box: Box) -> Sequence[Point]:
    """Cut a closed line to a box, one edge after the other (Sutherland and Hodgman, CACM 17, 1974, pages 32 to 42).

    Edges of the result may run along the box, where a frame hides them.
    """
    left, top, right, bottom = box
    for axis, limit, sign in ((0, left, 1), (1, top, 1), (0, right, -1), (1, bottom, -1)):
        if not ring:
            return ring
        inside = [sign * (point[axis] - limit) >= 0 for point in ring]
        if not all(inside):
            ring = _cut(ring, inside, axis, limit)
    return ring


def _cut(ring: Sequence[Point], inside: Sequence[bool], axis: int, limit: float) -> list[Point]:
    kept: list[Point] = []
    for i, point in enumerate(ring):
        if inside[i] != inside[i - 1]:
            kept.append(_crossing(ring[i - 1], point, axis, limit))
        if inside[i]:
            kept.append(point)
    return kept


def _crossing(a: Point, b: Point, axis: int, limit: float) -> Point:
    share = (limit - a[axis]) / (b[axis] - a[axis])
    other = a[1 - axis] + share * (b[1 - axis] - a[1 - axis])
    return (limit, other) if axis == 0 else (other, limit)
