"""The offline gazetteer: items that a name can mean, indexed by normalised name.

The shipped tables (``data/``, see its README) hold cities, countries, regions and public bodies with their QIDs, the
names that GeoNames has for these cities in all scripts, and the places of GeoNames that have no item here: they are
rivals, never answers.
"""

from __future__ import annotations

import csv
import gc
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from importlib.resources import files

from hansa.link import names
from hansa.link.names import normalise

_SEVERAL = 8
_CODE = re.compile(r"(?:rigour:|ISO 3166-2 |RegionInfos, )([A-Za-z]{2}-[A-Za-z0-9]{1,3})\b")


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
    :param trust: ``verified`` (two independent sources), ``single``, ``likely`` (one weak source), ``conflict`` or
        ``none``
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
    """

    items: list[Item] = field(default_factory=list)
    index: dict[str, list[int]] = field(default_factory=dict)

    def find(self, key: str) -> list[Entry]:
        """Give the items that bear a normalised name."""
        return [Entry(self.items[number >> 1], How(number & 1)) for number in self.index.get(key, ())]

    def add(self, item: Item, called: Iterable[str] = (), aliases: Iterable[str] = ()) -> None:
        """Add an item.

        :param called: names as good as its own, in any spelling
        :param aliases: names that it also answers to, normalised
        """
        number = len(self.items) << 1
        self.items.append(item)
        keys = dict.fromkeys(aliases, number | How.ALIAS)
        keys |= dict.fromkeys(map(normalise, (item.name, *called)), number)
        for key, value in keys.items():
            if key:
                self.index.setdefault(key, []).append(value)

    def joined(self, other: Gazetteer) -> Gazetteer:
        """Give both as one; an item that both have counts under the names of both, as the other knows it."""
        result = Gazetteer([*other.items], {key: [*numbers] for key, numbers in other.index.items()})
        places = {item.qid: number for number, item in enumerate(result.items)}
        moved = []
        for item in self.items:
            moved.append(places.get(item.qid, len(result.items)))
            if item.qid not in places:
                result.items.append(item)
        for key, numbers in self.index.items():
            there = result.index.setdefault(key, [])
            taken = {number >> 1 for number in there}
            there += [moved[n >> 1] << 1 | n & 1 for n in numbers if moved[n >> 1] not in taken]
        return result

    @cached_property
    def by_qid(self) -> dict[str, Item]:
        """Give the items by QID; of a city that is a region too, the city."""
        return {item.qid: item for item in reversed(self.items) if item.qid}

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
    def namesakes(self) -> dict[str, list[Item]]:
        """Give by country the cities that are called like it in several languages: Luxembourg, Kuwait, Tunis."""
        shared: Counter[tuple[int, int]] = Counter()
        lands = {number for number, item in enumerate(self.items) if item.kind == "country"}
        for numbers in self.index.values():
            for land in {n >> 1 for n in numbers} & lands if len(numbers) > 1 else ():
                shared.update((land, n >> 1) for n in numbers if self.items[n >> 1].kind == "city")
        found: dict[str, list[Item]] = defaultdict(list)
        for (land, number), times in shared.items():
            item = self.items[number]
            if times >= _SEVERAL and item.qid and item.country == self.items[land].country:
                found[item.country].append(item)
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


def table(name: str) -> Iterator[dict[str, str]]:
    """Give the rows of a shipped table."""
    text = files("hansa.link").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def _rows(name: str) -> Iterator[list[str]]:
    text = files("hansa.link").joinpath("data", name).read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    return rows


def _aliases(row: Mapping[str, str]) -> list[str]:
    return [alias for alias in row["aliases"].split("|") if alias]


def _city(row: Mapping[str, str], admin1: str) -> Item:
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
        admin1,
    )


def _other(row: Mapping[str, str]) -> Item:
    found = _CODE.search(row["evidence"])
    code = found[1].upper() if found else ""
    return Item(
        row["qid"], row["kind"], row["country"], row["name"], trust=row["trust"], evidence=row["evidence"], code=code
    )


def _add_divisions(gazetteer: Gazetteer) -> None:
    """Add the names of divisions to the items that bear their codes; the other divisions are known without an item."""
    coded = {item.code: number << 1 | How.ALIAS for number, item in enumerate(gazetteer.items) if item.code}
    for code, name, listed in _rows("subdivisions.csv"):
        country = code[:2]
        keys = dict.fromkeys(map(normalise, (name, *listed.split("|"))))
        if code in coded:
            for key in filter(None, keys):
                numbers = gazetteer.index.setdefault(key, [])
                if not {coded[code], coded[code] - 1} & set(numbers):
                    numbers.append(coded[code])
        elif not any(e.item.country == country and e.item.kind != "city" for e in gazetteer.find(normalise(name))):
            division = Item("", "region", country, name, trust="none", evidence="Unicode CLDR", code=code)
            gazetteer.add(division, filter(None, listed.split("|")))


def _plain_name(text: str) -> bool:
    """Whether a public body is called like its city, without any word that says what it is."""
    return len(names.readings(text)) == 1 and len(normalise(text).split()) == 1


def _bodies(known: set[str]) -> Iterator[tuple[Item, list[str]]]:
    for row in table("bodies.csv"):
        called = [name for name in (row["name"], *_aliases(row)) if not _plain_name(name)]
        if called and row["qid"] not in known:
            yield _other({**row, "name": called[0]}), called[1:]


def build() -> Gazetteer:
    """Index the shipped tables."""
    gazetteer = Gazetteer()
    more = {number: (admin1, listed) for number, admin1, listed in _rows("names.csv")}
    for row in table("cities.csv"):
        admin1, listed = more.get(row["geonames"], ("", ""))
        gazetteer.add(_city(row, admin1), _aliases(row), listed.split("|"))
    curated = list(table("curated.csv"))
    for row in (*curated, *table("territories.csv")):
        gazetteer.add(_other(row), _aliases(row))
    for item, aliases in _bodies({row["qid"] for row in curated}):
        gazetteer.add(item, aliases)
    _add_divisions(gazetteer)
    for number, country, admin1, name, lat, long, population in _rows("places.csv"):
        place = Item(
            "", "city", country, name, float(lat), float(long), int(population), "none", "GeoNames", number, "", admin1
        )
        gazetteer.add(place)
    return gazetteer


def load() -> Gazetteer:
    """Give the gazetteer."""
    with _uncollected():
        return build()


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
