"""The base of a map: the whole world, or the part of it in which all positions lie, large enough to tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, hypot, pi, radians

from hansa.serve.pictures.land import Box, Ring, clip, rings
from hansa.serve.pictures.projection import (
    Point,
    Position,
    Projection,
    azimuthal,
    bounds_of,
    centre_of,
    distance,
    equal_earth,
)
from hansa.serve.pictures.svg import path_of

EARTH_KM = 6371.0
FINENESS = 2
"""Steps of a path to a unit of the drawing: paths are whole numbers under ``scale(0.5)``."""
_WORLD_FROM, _WORLD_TO = 83.7, -56.5
_REGION_LIMIT = 75.0
_LEAST_RADIUS = 2.0
_LOCATOR_RADIUS = 13.0
_STEPS = (1, 2, 5, 10, 15, 20, 30)
_BLUR = 1.1
"""How far a coast may be off, in units of the drawing."""


@dataclass(frozen=True, slots=True)
class View:
    """The base of a map.

    :param place: gives where in the drawing a position is
    :param land: path data, and ``grid`` those of the meridians and parallels, ``rim`` of the edge of the world
    :param scale: units of the drawing to a radius of the earth
    :param region: centre and radius in degrees; ``None`` for the world
    """

    width: float
    height: float
    place: Callable[[Position], Point]
    land: str
    grid: str
    rim: str
    scale: float
    region: tuple[Position, float] | None = None


def view_of(positions: Sequence[Position], width: int) -> View:
    """Choose the base for some positions: a region when all lie close together, else the world.

    :param width: of the drawing
    """
    if not positions:
        return world(width, whole=False)
    centre = centre_of(positions)
    reach = distance(centre, *positions)
    if reach > _REGION_LIMIT:
        return world(width, whole=any(not _WORLD_TO < p[1] < _WORLD_FROM for p in positions))
    project = azimuthal(centre)
    left, top, right, bottom = bounds_of(project(*p) for p in positions)
    least = radians(_LOCATOR_RADIUS if len(positions) == 1 else _LEAST_RADIUS)
    half_width = max((right - left) / 2 * 1.2, least)
    half_height = max((bottom - top) / 2 * 1.2, least * 0.7)
    middle = ((left + right) / 2, (top + bottom) / 2)
    return region(centre, middle, (half_width, half_height), width)


# ---------------------------------------------------------------- the world
@lru_cache(maxsize=8)
def world(width: int, *, whole: bool) -> View:
    """Draw the world, without the Antarctic unless ``whole``."""
    edge = equal_earth(180, 0)[0]
    north, south = (90.0, -90.0) if whole else (_WORLD_FROM, _WORLD_TO)
    top, bottom = equal_earth(0, north)[1], equal_earth(0, south)[1]
    margin = 3.0
    scale = (width - 2 * margin) / (2 * edge)

    def place(position: Position) -> Point:
        x, y = equal_earth(*position)
        return margin + (x + edge) * scale, margin + (y - top) * scale

    shown = [r for r in rings("coarse") if max(y for _, y in r) > south]
    return View(
        width=width,
        height=(bottom - top) * scale + 2 * margin,
        place=place,
        land=_coasts([[place(p) for p in ring] for ring in shown]),
        grid=path_of((_fine([place(p) for p in line]) for line in _world_lines()), closed=False),
        rim=path_of([_fine([place(p) for p in _rim()])]),
        scale=scale,
    )


def _rim() -> list[Position]:
    return [(-180.0, float(y)) for y in range(-90, 91, 3)] + [(180.0, float(y)) for y in range(90, -91, -3)]


def _world_lines() -> Iterator[list[Position]]:
    yield from ([(float(x), float(y)) for y in range(-90, 91, 6)] for x in range(-150, 180, 30))
    yield from ([(-180.0, float(y)), (180.0, float(y))] for y in range(-60, 90, 30))


# ---------------------------------------------------------------- a part of it
def region(centre: Position, middle: Point, half: Point, width: int) -> View:
    """Draw a part of the world.

    :param centre: of the projection
    :param middle: of the drawing on its plane, and ``half`` its half width and height
    """
    height = width * min(1.05 if width < 600 else 0.62, max(0.5, half[1] / half[0]))
    pad = 14.0
    scale = min((width / 2 - pad) / half[0], (height / 2 - pad) / half[1])
    rounded = (round(centre[0], 4), round(centre[1], 4))
    return _region(rounded, (round(middle[0], 6), round(middle[1], 6)), round(scale, 3), width, round(height))


@lru_cache(maxsize=64)
def _region(centre: Position, middle: Point, scale: float, width: int, height: int) -> View:
    project = azimuthal(centre)

    def place(position: Position) -> Point:
        x, y = project(*position)
        return width / 2 + (x - middle[0]) * scale, height / 2 + (y - middle[1]) * scale

    reach = hypot(width, height) / 2 / scale * 180 / pi + hypot(*middle) * 180 / pi
    box = (-4.0, -4.0, width + 4.0, height + 4.0)
    outline = (ring for ring in rings("fine") if _comes_near(ring, centre, reach))
    coasts = [clip([place(p) for p in ring], box) for ring in outline]
    step = next((s for s in _STEPS if s >= reach / 3), _STEPS[-1])
    lines = (_inside([place(p) for p in line], box) for line in _lines(step, centre, reach))
    grid = path_of((_fine(run) for line in lines for run in line), closed=False)
    return View(width, height, place, _coasts(coasts), grid, "", scale, (centre, reach))


def _comes_near(ring: Ring, centre: Position, reach: float) -> bool:
    """Tell whether any of a ring may be in reach; every tenth point will do, for coasts have no longer gaps."""
    if len(ring) > 2000:
        return True
    step = 10 if len(ring) > 40 else 3
    limit = min(reach * 1.2 + 6, 180)
    x, y = centre
    return any(abs(p[1] - y) < limit and distance(p, (x, y)) < limit for p in ring[::step])


def _lines(step: int, centre: Position, reach: float) -> Iterator[list[Position]]:
    """Give the meridians and parallels that may come into reach."""
    south, north = max(-88.0, centre[1] - reach - step), min(88.0, centre[1] + reach + step)
    widest = min(reach / max(cos(radians(max(abs(south), abs(north)))), 0.01) + step, 180.0)
    half = 0.5 if step < 5 else 1.0
    latitudes = [south + i * half for i in range(int((north - south) / half) + 2)]
    longitudes = [centre[0] - widest + i * half for i in range(int(2 * widest / half) + 2)]
    yield from ([(float(x), y) for y in latitudes] for x in range(-180, 180, step) if _turn(x, centre[0]) <= widest)
    yield from ([(x, float(y)) for x in longitudes] for y in range(-90 + step, 90, step) if south <= y <= north)


def _turn(first: float, second: float) -> float:
    return abs((first - second + 180) % 360 - 180)


def _inside(line: Sequence[Point], box: Box) -> Iterator[list[Point]]:
    """Cut a line into the runs that are in a box, each with one point beyond."""
    left, top, right, bottom = box
    seen = [left <= x <= right and top <= y <= bottom for x, y in line]
    run: list[Point] = []
    for i, point in enumerate(line):
        beside = seen[i] or (i and seen[i - 1]) or (i + 1 < len(line) and seen[i + 1])
        if beside:
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


# ---------------------------------------------------------------- paths
def _fine(points: Sequence[Point]) -> list[Point]:
    return [(x * FINENESS, y * FINENESS) for x, y in points]


def _coasts(lines: Sequence[Sequence[Point]]) -> str:
    kept = (_thinned(line) for line in lines if line)
    return path_of(_fine(line) for line in kept if len(line) > 2)


def _thinned(line: Sequence[Point]) -> list[Point]:
    """Leave out points that are hardly away from the one before."""
    kept = [line[0]]
    for point in line:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= _BLUR:
            kept.append(point)
    return kept


__all__ = ["EARTH_KM", "FINENESS", "Projection", "View", "view_of", "world"]
