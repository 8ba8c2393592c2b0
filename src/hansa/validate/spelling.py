"""Tell whether a misspelt name can only have meant one known name, so that a machine may correct it."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz.distance import OSA

_SHORT = 6


def certain(word: str, known: Iterable[str]) -> str:
    """Give the one known name that is one slip away (two in a long name), or an empty string.

    A slip is a letter too many, missing, wrong, or swapped with the next (optimal string alignment); case is none.
    """
    limit = 1 if len(word) < _SHORT else 2
    distances = [(OSA.distance(word.casefold(), name.casefold(), score_cutoff=limit), name) for name in known]
    found = sorted(pair for pair in distances if pair[0] <= limit)
    alone = found and (len(found) == 1 or found[0][0] < found[1][0])
    return found[0][1] if alone else ""
