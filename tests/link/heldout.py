"""A list that the rules were not made on: names of cities from Unicode CLDR, mistakes, generic words, no names.

Rows are name, country, expected item and sort. The expected item is empty for a name that must not match anything.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from babel import Locale
from babel.core import get_global

from hansa.link.gazetteer import Gazetteer, Item
from hansa.link.names import normalise

LANGUAGES = [
    "ja",
    "ko",
    "zh",
    "zh_Hant",
    "ar",
    "fa",
    "he",
    "ru",
    "uk",
    "el",
    "hi",
    "ta",
    "th",
    "pl",
    "it",
    "pt",
    "hu",
    "de",
    "fr",
    "tr",
    "es",
    "sv",
    "nl",
    "vi",
]
# Of another kind than the city: a government, an area, or nothing at all.
OTHERWISE = [
    "{} Metropolitan Government",
    "Greater {}",
    "{} Metropolitan Area",
    "{} County",
    "{} District",
    "{} Municipal Corporation",
    "Government of {}",
    "{} Urban Area",
    "{} Metropolitan Municipality",
    "{} Combined Authority",
]
SAME = ["City of {}", "Municipality of {}", "Ville de {}", "Stadt {}", "{} City"]
NOTHING = [
    "{} FC",
    "{} Airport",
    "Port of {}",
    "{} Stock Exchange",
    "Friends of {}",
    "{} Marathon",
    "{} Declaration",
    "{} Times",
    "Hotel {}",
    "Mayor of {}",
    "{} Forum 2014",
    "Bishop of {}",
    "{} Agreement on Climate",
    "Radio {}",
    "{} Chamber of Commerce",
]
PLAIN = [
    "n/a",
    "42",
    "2019",
    "www.example.org",
    "Av. Diagonal 123",
    "Floor 3",
    "Observer cities",
    "and others",
    "Partner institutions",
    "Climate Summit of Local Leaders",
    "First Vice-President",
    "Working Group on Mobility",
    "Smart City Expo",
    "Annual General Meeting",
    "N.N.",
    "Secretaría General",
    "Villes membres",
    "Ciudades miembros",
    "John Smith",
    "María García López",
    "Hans Müller",
]


class Row(NamedTuple):
    name: str
    country: str
    qid: str
    sort: str


def rows(gazetteer: Gazetteer, seed: int = 7) -> list[Row]:
    """Give the list, the same for a seed."""
    chance = random.Random(seed)
    large = [
        i for i in gazetteer.items if i.kind == "city" and i.qid and i.population > 300_000 and i.trust != "conflict"
    ]
    listed = [*_localised(gazetteer, chance), *_misspelt(large, chance), *_ambiguous(gazetteer)]
    for item in chance.sample(large, 300):
        listed.append(Row(chance.choice(SAME).format(item.name), item.country, item.qid, "generic word"))
        listed.append(Row(chance.choice(OTHERWISE).format(item.name), item.country, "", "of another kind"))
        listed.append(Row(chance.choice(NOTHING).format(item.name), chance.choice(["", item.country]), "", "nothing"))
    return [*listed, *(Row(name, "", "", "nothing") for name in PLAIN)]


def _localised(gazetteer: Gazetteer, chance: random.Random) -> Iterator[Row]:
    """Give the names that CLDR has for the cities of time zones."""
    known: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in gazetteer.items:
        if item.kind == "city" and item.qid:
            known[normalise(item.name), item.country].append(item)
    for zone, country in sorted(get_global("zone_territories").items()):
        found = known.get((normalise(zone.rpartition("/")[2].replace("_", " ")), country), [])
        if len(found) != 1 or found[0].population < 300_000:
            continue
        for language in LANGUAGES:
            name = Locale.parse(language).time_zones.get(zone, {}).get("city")
            if name:
                yield Row(str(name), chance.choice(["", country]), found[0].qid, "localised")


def _misspelt(large: list[Item], chance: random.Random) -> Iterator[Row]:
    for item in chance.sample([i for i in large if len(i.name) > 6], 300):
        at = chance.randrange(1, len(item.name) - 2)
        before, here, after = item.name[:at], item.name[at], item.name[at + 1 :]
        wrong = chance.choice([before + after, before + here + here + after, before + after[0] + here + after[1:]])
        if normalise(wrong) != normalise(item.name):
            yield Row(wrong, item.country, item.qid, "misspelt")


def _ambiguous(gazetteer: Gazetteer) -> Iterator[Row]:
    """Give names that several cities of like size bear, without saying which is meant."""
    named: dict[str, list[Item]] = defaultdict(list)
    for item in gazetteer.items:
        if item.kind == "city" and item.qid:
            named[item.name].append(item)
    for name, items in sorted(named.items()):
        first, *others = sorted((item.population for item in items), reverse=True)
        if others and first < 4 * max(1, others[0]):
            yield Row(name, "", "", "ambiguous")
