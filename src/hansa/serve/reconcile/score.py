"""How well a thing fits what somebody wrote: pure functions over plain values.

The score
    Every piece of evidence has a weight and a value from 0 to 100; the score is their weighted mean.

    ========== ====== ==================================================================================
    evidence   weight value
    ========== ====== ==================================================================================
    name       1.0    similarity of the best name (below)
    type       0.3    100 fits, 0 does not; only for ``type_strict: should``, else types filter
    country    0.4    100 same, 0 another, 50 unknown, or a country whose name nobody here knows
    network    0.2    100 member, 50 not named, 0 when the roster is complete and does not name it
    theme      0.1    100 shared, 50 not named: sources do not say what somebody does not work on
    identifier 2.0    100 same, 0 another, 50 none known (Wikidata, GeoNames, ISO, UN/LOCODE, M49)
    ========== ====== ==================================================================================

The name
    ==================================================== =========
    equal to a main name after folding                   100
    equal to another name (alternative, hidden, legal)   97
    equal once words such as "City of" or 市 are off     90
    alike                                                below 90: 0.9 × the better of the ratio of edits and that
                                                         with words sorted; 0.8 × the ratio of shared words
    alike once both are in Latin letters                 0.85 × the ratio of edits
    ==================================================== =========

The match
    ``match`` is true for the best candidate only, and only when a name or an identifier is equal, nothing contradicts
    it (a country that nobody here knows is too little, too), its type fits if one is given, and it is ahead of every
    rival: by :data:`MARGIN` points when a type is given, else by :data:`MARGIN_WITHOUT_TYPE`. Rivals are all
    candidates whose type fits, so without a type the place Seoul and the government of Seoul (or the place Lyon and
    the City of Lyon) are rivals, and neither is matched.
    A likeness, a name without its municipal words or an ASCII name of one or two letters is never enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from hansa.serve.reconcile.names import core, romanise

MARGIN = 6.0
"""Points by which a match has to be ahead of every rival of its type."""
MARGIN_WITHOUT_TYPE = 12.0
"""The same when no type is given: more than lies between a name and the name with municipal words."""
LEAST = 45.0
"""Names less alike than this are no candidates."""

_MAIN, _OTHER, _CORE = 100.0, 97.0, 90.0
_ALIKE, _WORDS, _ROMAN = 0.9, 0.8, 0.85
_LEAST_LETTERS = 3


class Verdict(StrEnum):
    """What the graph says about a condition."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"
    UNCLEAR = "unclear"
    """The graph says something, but nobody here understands the value asked for: too little to match."""


_VALUE = {Verdict.SAME: 100.0, Verdict.UNKNOWN: 50.0, Verdict.UNCLEAR: 50.0, Verdict.OTHER: 0.0}
_AGAINST = (Verdict.OTHER, Verdict.UNCLEAR)
_WEIGHTS = {"type": 0.3, "country": 0.4, "network": 0.2, "theme": 0.1}
_IDENTIFIER_WEIGHT = 2.0


@dataclass(frozen=True, slots=True)
class NameEvidence:
    """How a name fits.

    :param value: 0 to 100
    :param exact: the names are equal after folding
    """

    value: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that speaks for or against a candidate.

    :param name: ``None`` when the query has no text
    :param conditions: pairs of a property and what the graph says about it
    :param type_fits: ``None`` when no type is asked for
    :param identified: an identifier is equal
    """

    name: NameEvidence | None
    conditions: tuple[tuple[str, Verdict], ...] = ()
    type_fits: bool | None = None
    identified: bool = False


def name_evidence(query: str, name: str, *, main: bool) -> NameEvidence:
    """Compare two folded names.

    :param main: the name is a main name of its thing
    """
    if query == name:
        return NameEvidence(_MAIN if main else _OTHER, exact=True)
    if core(query) == core(name):
        return NameEvidence(_CORE, exact=False)
    return NameEvidence(_likeness(query, name), exact=False)


def _likeness(query: str, name: str) -> float:
    direct = _ALIKE * max(fuzz.ratio(query, name), fuzz.token_sort_ratio(query, name))
    words = _WORDS * fuzz.token_set_ratio(query, name)
    if query.isascii() == name.isascii():
        return max(direct, words)
    return max(direct, words, _ROMAN * fuzz.ratio(romanise(query), romanise(name)))


def _weighted(evidence: Evidence) -> Iterable[tuple[float, float]]:
    if evidence.name is not None:
        yield 1.0, evidence.name.value
    if evidence.type_fits is not None:
        yield _WEIGHTS["type"], 100.0 if evidence.type_fits else 0.0
    for pid, verdict in evidence.conditions:
        yield _WEIGHTS.get(pid, _IDENTIFIER_WEIGHT), _VALUE[verdict]


def score(evidence: Evidence) -> float:
    """Give the score, 0 to 100, with one decimal."""
    pairs = list(_weighted(evidence))
    if not pairs:
        return 100.0 if evidence.identified else 0.0
    return round(sum(weight * value for weight, value in pairs) / sum(weight for weight, _ in pairs), 1)


def could_match(query: str, evidence: Evidence) -> bool:
    """Tell whether a candidate is good enough to be matched when it has no rival."""
    if evidence.type_fits is False or any(v in _AGAINST for _, v in evidence.conditions):
        return False
    if evidence.identified:
        return True
    long_enough = not query.isascii() or len(query) >= _LEAST_LETTERS
    return evidence.name is not None and evidence.name.exact and long_enough


def decide(query: str, ranked: Sequence[tuple[float, Evidence]], *, typed: bool) -> bool:
    """Tell whether the first of the ranked candidates is the match.

    :param query: folded text of the query
    :param ranked: score and evidence of every candidate, best first
    :param typed: the query names a type
    """
    if not ranked or not could_match(query, ranked[0][1]):
        return False
    best = ranked[0][0]
    margin = MARGIN if typed else MARGIN_WITHOUT_TYPE
    rivals = (value for value, other in ranked[1:] if other.type_fits is not False)
    return all(best - value >= margin for value in rivals)


def features(evidence: Evidence) -> list[dict[str, str | float | bool]]:
    """Say how the score came about, in the form of the specification."""
    found: list[dict[str, str | float | bool]] = []
    if evidence.name is not None:
        found.append({"id": "name", "value": round(evidence.name.value, 1)})
        found.append({"id": "name-equal", "value": evidence.name.exact})
    if evidence.type_fits is not None:
        found.append({"id": "type", "value": evidence.type_fits})
    found.extend({"id": pid, "value": _VALUE[verdict]} for pid, verdict in evidence.conditions)
    if evidence.identified:
        found.append({"id": "identifier-equal", "value": True})
    return found
