"""Distances on the globe."""

from __future__ import annotations

import re
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""

_POINT = re.compile(r"\s*(?:<[^>]*>\s*)?POINT\s*\(\s*([-+]?[0-9.]+)\s+([-+]?[0-9.]+)\s*\)\s*", re.IGNORECASE)


def haversine(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Give the distance in kilometres between two points (latitude, longitude) in degrees, by the haversine formula."""
    (lat1, lon1), (lat2, lon2) = first, second
    half_lat, half_lon = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    chord = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))


def point(wkt: str) -> tuple[float, float] | None:
    """Read a WKT point, longitude first (GeoSPARQL 1.1), as (latitude, longitude); ``None`` for anything else."""
    found = _POINT.fullmatch(wkt)
    return (float(found[2]), float(found[1])) if found else None
