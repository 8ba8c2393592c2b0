"""One name on its way to a decision, and the weight of the items in question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hansa.link import kinds
from hansa.link.distance import haversine
from hansa.link.gazetteer import Entry, Gazetteer, How, Item
from hansa.link.proposal import Candidate, Proposal, Query, Verdict

DOMINANCE = 8
"""How many times an item must outweigh its namesakes to be meant without further ado."""
_SAME_KM = 25.0
WEIGHTY = 100_000
"""The population of a city that a misspelt name may mean, and of a place without an item that counts in full."""


@dataclass(slots=True)
class Case:
    """One name on its way to a decision.

    :param more: items beside those of the gazetteer: from reviewed links and from Wikidata
    """

    query: Query
    gazetteer: Gazetteer
    more: Gazetteer = field(default_factory=Gazetteer)
    country: str = ""
    allowed: set[str] | None = None
    reasons: list[str] = field(default_factory=list)
    wrong_kind: list[Candidate] = field(default_factory=list)

    def find(self, key: str) -> list[Entry]:
        """Give the items that bear a normalised name, each once; what is known better hides what is known less."""
        above, below = self.more.find(key), self.gazetteer.find(key)
        return [*above, *(e for e in below if not any(_same_place(e.item, o.item) for o in above))] if above else below

    def decide(self, verdict: Verdict, candidates: Sequence[Candidate] = (), *reasons: str) -> Proposal:
        """Make the proposal, the weightiest candidate first; a review scores less than any match."""
        ranked = sorted(candidates, key=lambda c: (-c.weight, c.item.qid))
        best = next((c for c in ranked if c.item.qid), None) if verdict is not Verdict.NIL else None
        score = 0.0 if best is None else best.score if verdict is Verdict.MATCH else best.score * 0.6
        words = (*self.reasons, *reasons)
        return Proposal(verdict, best.item.qid if best else "", round(score, 3), words, tuple(ranked))


def _same_place(one: Item, other: Item) -> bool:
    """Whether two entries are of one thing: by item, by an identifier, or without an item close by."""
    if one.qid or not other.qid:
        return bool(one.qid) and one.qid == other.qid
    if (one.geonames and one.geonames == other.geonames) or (one.code and one.code == other.code):
        return True
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return False
    return haversine((one.latitude, one.longitude), (other.latitude, other.longitude)) < _SAME_KM


def weighed(entry: Entry, case: Case, fit: float, reason: str) -> Candidate:
    """Weigh and score an item under one of its names; the score starts from how well the name fits."""
    item = entry.item
    weight = (
        float(item.population)
        * (1 if entry.how is How.NAME else 1 / DOMINANCE)
        * (1 if item.qid or item.population >= WEIGHTY else 1 / DOMINANCE)
    )
    score = fit * (0.97 if entry.how is How.ALIAS else 1.0) * (1.0 if case.country else 0.95)
    return Candidate(item, score * (1.0 if item.trust == "verified" else 0.97), weight, reason, entry.how)


def called(entry: Entry) -> str:
    """Say in words whose name it is."""
    word = "the name" if entry.how is How.NAME else "another name"
    return f"{word} of {entry.item.kind} {entry.item.name}" + (f" ({entry.item.country})" if entry.item.country else "")


def allows(case: Case, item: Item) -> bool:
    """Whether the type leaves the item in question."""
    return case.allowed is None or item.kind in case.allowed


def in_country(case: Case, item: Item) -> bool:
    """Whether the country leaves the item in question: its own territory counts, and what has no country."""
    return not case.country or item.country in {case.country, ""} or item.country in kinds.WITHIN.get(case.country, ())
