"""The question about a name, and the answer: match, review or nil, with reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hansa.link.gazetteer import How, Item


class Verdict(StrEnum):
    """What is proposed for a name."""

    MATCH = "match"
    REVIEW = "review"
    NIL = "nil"


@dataclass(frozen=True, slots=True)
class Query:
    """What is known about the thing that is to be found.

    :param country: ISO 3166-1 code or name of a country, or an empty string
    :param kind: the type as the user calls it: city, region, authority, network, person, …
    :param latitude: decimal degrees
    :param longitude: decimal degrees
    """

    name: str
    country: str = ""
    kind: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item in question.

    :param score: between 0 and 1
    :param weight: what population and kind of name count for among namesakes
    """

    item: Item
    score: float
    weight: float
    reason: str
    how: How = How.NAME


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answer for a name.

    :param qid: the item of a match, the likeliest one of a review, or an empty string
    :param reasons: why, in the order of the steps; never empty
    :param candidates: what was weighed, best first
    """

    verdict: Verdict
    qid: str = ""
    score: float = 0.0
    reasons: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
