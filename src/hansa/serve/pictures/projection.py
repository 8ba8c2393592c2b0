"""Map projections: from longitude and latitude to a plane whose unit is the radius of the earth, y to the south.

Both are equal-area, so that no part of the world looks larger than it is. See Šavrič, Patterson and Jenny, "The Equal
Earth map projection", International Journal of Geographical Information Science 33 (2019), equations 3 to 6; Snyder,
"Map Projections: A Working Manual", USGS Professional Paper 1395 (1987), equations 22-4 and 24-2 to 24-4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import acos, asin, atan2, cos, degrees, radians, sin, sqrt

Position = tuple[float, float]
"""Longitude and latitude in degrees."""
Point = tuple[float, float]
"""x to the right, y down."""
_Vector = tuple[float, float, float]
Projection = Callable[[float, float], Point]

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2
_NEARLY_OPPOSITE = 1e-9


def equal_earth(longitude: float, latitude: float) -> Point:
    """Project the whole world (Equal Earth, central meridian Greenwich)."""
    theta = asin(_M * sin(radians(latitude)))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    x = radians(longitude) * cos(theta) / (_M * (_A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)))
    return x, -theta * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))


def azimuthal(centre: Position) -> Projection:
    """Make the Lambert azimuthal equal-area projection about a centre, for a part of the world."""
    longitude0, latitude0 = radians(centre[0]), radians(centre[1])
    sin0, cos0 = sin(latitude0), cos(latitude0)

    def project(longitude: float, latitude: float) -> Point:
        turn, phi = radians(longitude) - longitude0, radians(latitude)
        sin_phi, cos_phi = sin(phi), cos(phi)
        near = cos_phi * cos(turn)
        # The point opposite the centre is a circle on the plane; any point of it will do.
        k = sqrt(2 / max(_NEARLY_OPPOSITE, 1 + sin0 * sin_phi + cos0 * near))
        return k * cos_phi * sin(turn), -k * (cos0 * sin_phi - sin0 * near)

    return project


def centre_of(positions: Sequence[Position]) -> Position:
    """Find the middle of some positions on the sphere, also where they lie on both sides of the date line.

    It is on the meridian between two that are far apart (Ritter's first step to a bounding sphere, Graphics Gems,
    1990), so that many cities in one country do not draw it to them, and half-way between north and south.

    :param positions: at least one
    """
    vectors = [_vector(p) for p in positions]
    one = _farthest(vectors[0], vectors)
    other = _farthest(one, vectors)
    latitudes = [latitude for _, latitude in positions]
    return degrees(atan2(one[1] + other[1], one[0] + other[0])), (min(latitudes) + max(latitudes)) / 2


def distance(first: Position, *others: Position) -> float:
    """Give the angle between a position and the farthest of some others in degrees."""
    vector = _vector(first)
    cosine = _dot(vector, _farthest(vector, [_vector(p) for p in others]))
    return degrees(acos(min(1.0, max(-1.0, cosine))))


def _dot(a: _Vector, b: _Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _farthest(vector: _Vector, others: Sequence[_Vector]) -> _Vector:
    return min(others, key=lambda other: _dot(vector, other))


def _vector(position: Position) -> _Vector:
    longitude, latitude = radians(position[0]), radians(position[1])
    return cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)


def bounds_of(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """Give left, top, right and bottom of some points.

    :raises ValueError: when there is none
    """
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
