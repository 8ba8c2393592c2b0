"""Decide which item a name means: match, review or nil, with reasons. Pure: no files, no network.

The steps, in this order; each leaves a reason behind:

1. A text without letters, a person, a programme or an event is nil: a name alone never identifies them. So is a
   network for which no item could be verified.
2. Candidates are the items that bear the normalised name. If there are none, generic words are read as signals of what
   is meant ("Gemeente", "City Council", "県"), and the items that bear the rest of the name and are of that kind are
   taken. A city is never taken for its government, its province, its county or its metropolitan area: that is a
   review.
3. The country, the type and the coordinates that were given rule candidates out. A country that rules out all of them
   makes a nil, unless the name is an alias or in another script, which another place may share.
4. One candidate is a match. Of several, one is a match if it weighs :data:`~hansa.link.case.DOMINANCE` times the next.
   The weight is the population, an eighth of it where the name is a mere alias, an eighth of it for a small place that
   is only in GeoNames. Over an item that bears it as a mere alias, an item that bears it as its name needs only the
   greater weight; the other way round nothing is enough. The name of a country that is also that of its capital, in
   this language or in several others, is a review; so is an item that one weak source gives, or sources disagree on.
5. Without any candidate, a spelling mistake is assumed if the country is given and exactly one weighty city in it is
   one edit away (optimal string alignment); a transliteration likewise. A name that only resembles that of a large city
   (Jaro-Winkler, as many words) is a review.
6. What is left is nil, unless silence proves nothing: words that speak of a public body or an area, a single
   capitalised word, a short name in another script. Of these the gazetteer holds only some, so they are reviews.

The score is a product: how the name fits (1 for the name, 0.97 for an alias, 0.95 under a generic word, the similarity
of the spelling), 0.95 without a country, 0.97 with a single source. It orders candidates; it does not decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from hansa.link import kinds
from hansa.link.alike import resembling, same_consonants, spelled_alike
from hansa.link.case import DOMINANCE, WEIGHTY, Case, allows, called, in_country, weighed
from hansa.link.distance import haversine
from hansa.link.gazetteer import Entry, Gazetteer, How, Item
from hansa.link.names import (
    Reading,
    Signal,
    like_a_town,
    normalise,
    one_script,
    qualified,
    readings,
    transliterate,
    written_without_spaces,
)
from hansa.link.proposal import Candidate, Proposal, Query, Verdict
from hansa.link.words import known_from, weak, where

_NEAR_KM, _FAR_KM = 50.0, 150.0
_TYPO_LENGTH = 5
_WORD_LENGTH, _SCRIPT_LENGTH = 5, 12
_SETTLED = {"city", "municipality"}
_BODIES = {"organization"}


def _distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Keep each item once, under its best reading; rivals without an item all stay."""
    seen: dict[str, Candidate] = {}
    for candidate in candidates:
        key = candidate.item.qid or f"gn{candidate.item.geonames}"
        if key not in seen or candidate.weight > seen[key].weight:
            seen[key] = candidate
    return list(seen.values())


def _prefer_kind(case: Case, candidates: list[Candidate]) -> list[Candidate]:
    """Read a bare name without a type as tables of members do: the settlement before the region, and in a country only.

    Many capitals are called like their country in some language; then both stay, which is a review.
    """
    named = [c for c in candidates if c.item.kind in {"country", "continent"}]
    settled = [c for c in candidates if c.item.kind in _SETTLED]
    known = any(c.item.qid for c in settled)
    if named and not (known and case.country):
        lands = {c.item.country for c in named}
        rivals = [c for c in settled if c.item.qid and (c.how is How.NAME or c.item.country in lands)]
        return _distinct([*named, *rivals, *_capitals(case, lands)])
    return settled if known else candidates


def _capitals(case: Case, lands: Iterable[str]) -> Iterator[Candidate]:
    for item in (item for land in lands for item in case.gazetteer.namesakes.get(land, ())):
        words = f"in other languages {item.name} is called like its country"
        yield weighed(Entry(item, How.ALIAS), case, 0.9, words)


def _direct(case: Case, name: str) -> list[Candidate]:
    entries = case.find(normalise(name))
    return _distinct(weighed(entry, case, 1.0, called(entry)) for entry in entries)


def _signal_of(reading: Reading, item: Item) -> Signal:
    # "Metropolitan City" is a rank of Korean cities; elsewhere it is a metropolitan area.
    if reading.word == "metropolitan city" and item.country != "KR":
        return Signal.METRO
    return reading.signal


def _takes(reading: Reading, item: Item, case: Case) -> bool:
    signal = _signal_of(reading, item)
    if reading.word in kinds.METROPOLIS and item.code == "JP-13":
        return True
    if item.kind == "city" and case.allowed is not None and "city" in case.allowed:
        return signal not in {Signal.REGION, Signal.METRO, Signal.DISTRICT}
    if signal is Signal.MUNICIPALITY and item.kind == "city":
        return item.country not in kinds.SPLIT_MUNICIPALITIES
    return item.kind in kinds.KINDS.get(signal, set())


def _generic(case: Case) -> tuple[list[Candidate], list[Candidate]]:
    """Give the items that a name means under its generic words, and those that it only resembles."""
    taken: list[Candidate] = []
    related: list[Candidate] = []
    for reading in readings(case.query.name)[1:]:
        for entry in case.find(reading.key):
            signal = _signal_of(reading, entry.item)
            reason = f"{called(entry)}; '{reading.word}' says {signal.value}"
            candidate = weighed(entry, case, 0.95, reason)
            if entry.item.kind != "network":
                (taken if _takes(reading, entry.item, case) else related).append(candidate)
    return _distinct(taken), _distinct(related)


def _near_enough(case: Case, candidates: list[Candidate]) -> tuple[list[Candidate], str]:
    here = (case.query.latitude, case.query.longitude)
    if here[0] is None or here[1] is None:
        return candidates, ""
    away = {
        index: haversine((here[0], here[1]), (c.item.latitude, c.item.longitude))
        for index, c in enumerate(candidates)
        if c.item.latitude is not None and c.item.longitude is not None
    }
    near = [candidates[index] for index, km in away.items() if km <= _NEAR_KM]
    if near:
        return near, f"within {_NEAR_KM:.0f} km of the coordinates"
    far = len(away) == len(candidates) and all(km > _FAR_KM for km in away.values())
    return candidates, "far" if far else ""


def _dominates(best: Candidate, other: Candidate) -> bool:
    # A country or a region has no population here, so nothing outweighs it.
    margin = 1 if (best.how, other.how) == (How.NAME, How.ALIAS) else DOMINANCE
    return best.weight > 0 and other.item.kind in _SETTLED and best.weight >= margin * other.weight


def _choose(case: Case, candidates: list[Candidate]) -> Proposal:
    candidates, distance = _near_enough(case, candidates)
    ranked = sorted(candidates, key=lambda c: (-c.weight, c.item.qid))
    best, others = ranked[0], ranked[1:]
    if distance == "far":
        return case.decide(Verdict.REVIEW, ranked, best.reason, f"more than {_FAR_KM:.0f} km from the coordinates")
    borrowed = best.how is How.ALIAS and any(c.how is How.NAME and c.item.qid for c in others)
    if borrowed or not all(_dominates(best, other) for other in others):
        listed = "; ".join(where(c.item) for c in ranked[:4])
        return case.decide(Verdict.REVIEW, ranked, f"ambiguous: {listed}")
    if not best.item.qid:
        return case.decide(Verdict.REVIEW, ranked, best.reason, "the gazetteer has no item for this place")
    if best.item.trust == "conflict":
        return case.decide(Verdict.REVIEW, ranked, best.reason, "the sources of the gazetteer disagree on this item")
    if best.item.trust == "likely":
        return case.decide(Verdict.REVIEW, ranked, best.reason, weak(best.item))
    notes = [best.reason, distance, known_from(best.item)]
    if others:
        notes.append(f"outweighs {where(others[0].item)}")
    elif not distance:
        notes.append("no namesake" + (f" in {case.country}" if case.country else ""))
    return case.decide(Verdict.MATCH, ranked, *filter(None, notes))


def _elsewhere(case: Case, candidates: list[Candidate]) -> Proposal:
    alike = [*spelled_alike(case), *same_consonants(case)]
    if alike:
        return case.decide(Verdict.REVIEW, alike, alike[0].reason, "not certain enough")
    places = ", ".join(dict.fromkeys(c.item.country for c in candidates[:5]))
    words = f"the name is known in {places}, not in {case.country}"
    if normalise(case.query.name).isascii() and any(c.how is How.NAME for c in candidates):
        return case.decide(Verdict.NIL, (), words)
    return case.decide(Verdict.REVIEW, (), words, "but a name in another spelling may be another's too")


def _named_otherwise(case: Case) -> Proposal | None:
    candidates = case.wrong_kind
    if not candidates:
        return None
    names = ", ".join(dict.fromkeys(c.item.kind for c in candidates))
    return case.decide(
        Verdict.REVIEW,
        candidates,
        f"the name is that of a {names}, but the type is {case.query.kind}: not the same item",
    )


def _weigh(case: Case, candidates: list[Candidate]) -> Proposal | None:
    """Rule out by country and type, then choose; ``None`` when there was nothing to weigh."""
    if not candidates:
        return None
    here = [c for c in candidates if in_country(case, c.item)]
    if not here:
        return _elsewhere(case, candidates)
    fitting = [c for c in here if allows(case, c.item)]
    if not fitting:
        case.wrong_kind = case.wrong_kind or here
        return None
    return _choose(case, _prefer_kind(case, fitting))


def _network(case: Case) -> Proposal | None:
    if case.allowed is not None and "organization" not in case.allowed:
        return None
    entries = case.find(normalise(case.query.name))
    known = {entry.item.kind for entry in entries if entry.item.qid}
    if not case.country and "organization" not in known and any(entry.item.kind == "network" for entry in entries):
        return case.decide(Verdict.NIL, (), "a network for which no item could be verified; never a place")
    return None


def _exact(case: Case) -> Proposal | None:
    found = [c for c in _direct(case, case.query.name) if c.item.kind != "network"]
    bodies = [c for c in found if c.item.kind in _BODIES and in_country(case, c.item)]
    if bodies and case.allowed is None:
        # "City of Los Angeles" is what both the city and its government are called.
        cities = [c for c in _generic(case)[0] if in_country(case, c.item)]
        if cities:
            words = "the city and its government are both called so: give the type"
            return case.decide(Verdict.REVIEW, [*bodies, *cities], bodies[0].reason, words)
    if found and all(c.how is How.ALIAS and c.item.kind == "city" for c in found):
        # "Buffalo City" is a by-name of Dodge City, and what Buffalo may be called.
        found = _distinct([*found, *(c for c in _generic(case)[0] if c.how is How.NAME)])
    return _weigh(case, found)


def _typed_words(case: Case) -> Proposal | None:
    taken, related = _generic(case)
    here = [c for c in taken if in_country(case, c.item)]
    if here:
        return _weigh(case, here)
    near = [c for c in related if in_country(case, c.item)]
    if near:
        words = "it names something of another kind than the item: city, government and region are different items"
        return case.decide(Verdict.REVIEW, near, near[0].reason, words)
    return _elsewhere(case, taken) if taken else None


def _qualifies(candidate: Candidate, regions: set[tuple[str, str]], countries: set[str]) -> bool:
    item = candidate.item
    return item.country in countries or (item.country, item.admin1) in regions


def _with_qualifier(case: Case) -> Proposal | None:
    """Read "Phoenix, Arizona": the part after the comma is a country, or a region whose code GeoNames uses too."""
    parts = qualified(case.query.name)
    if parts is None:
        return _with_state(case)
    head, tail = parts
    found = [e.item for e in case.find(normalise(tail)) if e.item.kind in {"country", "region"}]
    countries = {item.country for item in found if item.kind == "country"}
    regions = {(item.country, item.code.partition("-")[2]) for item in found if item.kind == "region"}
    candidates = [c for c in _direct(case, head) if in_country(case, c.item)]
    there = [c for c in candidates if _qualifies(c, regions, countries)]
    if there:
        case.reasons.append(f"'{tail}' says where it is")
        return _weigh(case, there)
    if candidates:
        return case.decide(
            Verdict.REVIEW, candidates, f"'{tail}' could not be checked against {candidates[0].item.name}"
        )
    return None


def _with_state(case: Case) -> Proposal | None:
    """Read "Boston MA": the code of a state whose cities bear it in GeoNames."""
    head, _, tail = case.query.name.strip().rpartition(" ")
    if not head or len(tail) != 2 or not (tail.isalpha() and tail.isupper()):
        return None
    there = [c for c in _direct(case, head) if in_country(case, c.item) and c.item.admin1 == tail]
    if not there:
        return None
    case.reasons.append(f"'{tail}' says where it is")
    return _weigh(case, there)


def _resembling(case: Case) -> Proposal | None:
    key = normalise(case.query.name)
    latin = transliterate(key) or key
    if len(latin) < _TYPO_LENGTH or (case.allowed is not None and "city" not in case.allowed):
        return None
    found = resembling(case, latin)
    return case.decide(Verdict.REVIEW, found, found[0].reason, "not certain enough") if found else None


def _misspelled(case: Case) -> Proposal | None:
    key = normalise(case.query.name)
    if len(key) < _TYPO_LENGTH - 1 or (case.allowed is not None and "city" not in case.allowed):
        return None
    candidates = list(spelled_alike(case))
    if not candidates:
        return None
    weighty = max(c.item.population for c in candidates) >= WEIGHTY
    if case.country and weighty and len(key) >= _TYPO_LENGTH:
        case.reasons.append("no such name; a spelling mistake is likely")
        return _choose(case, candidates)
    if weighty or case.country:
        return case.decide(Verdict.REVIEW, candidates, candidates[0].reason, "a spelling mistake is possible")
    return None


def _transliterated(case: Case) -> Proposal | None:
    latin = transliterate(normalise(case.query.name))
    found = [c for c in _direct(case, latin) if c.item.kind == "city" and in_country(case, c.item)] if latin else []
    if not found:
        return None
    case.reasons.append(f"transliterated as '{latin}'")
    proposal = _choose(case, [replace(c, score=c.score * 0.85) for c in found])
    strong = case.country and found[0].item.population >= WEIGHTY
    return proposal if strong else replace(proposal, verdict=Verdict.REVIEW, score=round(proposal.score * 0.6, 3))


def _unknown(case: Case) -> Proposal:
    words = set(normalise(case.query.name).split())
    institution = sorted(words & kinds.INSTITUTION)
    signals = [reading.word for reading in readings(case.query.name)[1:]]
    if signals or (institution and len(words) > 1 and not words & kinds.NOT_BODIES):
        word = (signals or institution)[0]
        text = f"'{word}' speaks of a public body or an area, of which the gazetteer holds only some"
        return case.decide(Verdict.REVIEW, (), text)
    if _may_be_unknown_place(case):
        return case.decide(
            Verdict.REVIEW, (), "a proper name that the gazetteer does not hold: it may be a place all the same"
        )
    return case.decide(Verdict.NIL, (), "no item bears this name, and none is one edit away")


def _may_be_unknown_place(case: Case) -> bool:
    """Whether silence of the gazetteer proves nothing.

    That is one capitalised word, a name like "Greve in Chianti", or a short name in another script.
    """
    name = case.query.name.strip()
    if case.allowed is not None and "city" not in case.allowed:
        return False
    if normalise(name).isascii():
        return (name.isalpha() and name.istitle() and len(name) >= _WORD_LENGTH) or (
            like_a_town(name) and not set(normalise(name).split()) & (kinds.NOT_BODIES | kinds.NOT_TOWNS)
        )
    longest = _SCRIPT_LENGTH if written_without_spaces(name) else 3 * _SCRIPT_LENGTH
    return len(name.split()) <= 3 and len(name) <= longest and one_script(name)


_STEPS: tuple[Callable[[Case], Proposal | None], ...] = (
    _network, _exact, _with_qualifier, _typed_words, _misspelled, _transliterated, _named_otherwise, _resembling,
)  # fmt: skip


def _nameless(query: Query, allowed: set[str] | None) -> str:
    if sum(character.isalpha() for character in query.name) < (2 if query.name.isascii() else 1):
        return "there is no name in it"
    if allowed is not None and not allowed:
        return f"a {query.kind} is never matched by its name alone"
    return ""


def askable(query: Query) -> bool:
    """Whether a name can be looked up at all: it has letters, and its type is one that names identify."""
    return not _nameless(query, kinds.ALLOWED.get(normalise(query.kind).replace("_", " ")))


def _article(key: str) -> str:
    return key.removeprefix("the ")


def _country(query: Query, gazetteer: Gazetteer) -> tuple[str, str]:
    text = query.country.strip().lower()
    # A code is no name: "MT" is Malta, and as a word it would be a mount.
    key = normalise(text)
    code = gazetteer.countries.get(text) or gazetteer.countries.get(key) or gazetteer.countries.get(_article(key), "")
    return code, "" if code or not text else f"the country {query.country!r} is unknown and was left aside"


def propose(query: Query, gazetteer: Gazetteer, more: Gazetteer | None = None) -> Proposal:
    """Decide which item a name means.

    :param more: further items, weighed by the same rules: those of reviewed links, those that Wikidata gave
    :return: a match, a review or a nil, always with reasons
    """
    allowed = kinds.ALLOWED.get(normalise(query.kind).replace("_", " "))
    country, doubt = _country(query, gazetteer)
    case = Case(query, gazetteer, more or Gazetteer(), country, allowed, [doubt] if doubt else [])
    nameless = _nameless(query, allowed)
    if nameless:
        return case.decide(Verdict.NIL, (), nameless)
    for step in _STEPS:
        proposal = step(case)
        if proposal is not None:
            return proposal
    return _unknown(case)
