"""Cities whose names resemble a name: blocks and distances for spelling mistakes and transcriptions. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from hansa.link.case import Case, in_country, weighed
from hansa.link.gazetteer import Entry, How, deletions
from hansa.link.names import consonants, normalise, transliterate
from hansa.link.proposal import Candidate

_ALIKE = 0.84
_SKELETON_LENGTH = 4


def spelled_alike(case: Case) -> Iterator[Candidate]:
    """Give the cities whose name is one edit away (optimal string alignment)."""
    key = normalise(case.query.name)
    numbers = {n for variant in deletions(key) for n in case.gazetteer.neighbours.get(variant, ())}
    for number in numbers:
        item = case.gazetteer.items[number]
        name = normalise(item.name)
        if in_country(case, item) and OSA.distance(key, name, score_cutoff=1) <= 1:
            fit = OSA.normalized_similarity(key, name)
            yield weighed(Entry(item, How.NAME), case, fit, f"one edit away from {item.name} ({item.country})")


def same_consonants(case: Case) -> list[Candidate]:
    """Give the large cities whose names have the same consonants in Latin letters."""
    key = normalise(case.query.name)
    bones = consonants(transliterate(key) or key)
    found = case.gazetteer.skeletons.get((case.country, bones), []) if len(bones) >= _SKELETON_LENGTH else []
    return [weighed(Entry(item, How.NAME), case, 0.6, f"sounds like {item.name} ({item.country})") for item in found]


def resembling(case: Case, latin: str) -> list[Candidate]:
    """Give the large cities whose names a name in Latin letters could be a variant of (Jaro-Winkler, as many words)."""
    groups = case.gazetteer.weighty
    pool = groups.get(case.country, {}) if case.country else groups[""]
    hits = process.extract(
        latin, pool.keys(), scorer=JaroWinkler.similarity, score_cutoff=_ALIKE, limit=3, processor=None
    )
    return [
        weighed(Entry(item, How.NAME), case, fit * 0.8, f"resembles {item.name} ({item.country})")
        for name, fit, _ in hits
        if name.count(" ") == latin.count(" ")
        for item in pool[name]
    ]
