"""Answer reconciliation queries: find candidates, hold the conditions against what the graph says, rank and decide."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hansa.serve.reconcile.index import NameIndex
from hansa.serve.reconcile.names import fold
from hansa.serve.reconcile.requests import Query
from hansa.serve.reconcile.schema import IDENTIFIERS, PROPERTIES
from hansa.serve.reconcile.score import LEAST, Evidence, NameEvidence, Verdict, decide, score
from hansa.serve.reconcile.stored import StoredThings
from hansa.serve.reconcile.things import Thing

_QID = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:entity|wiki)/)?(Q[1-9]\d{0,11})\Z", re.IGNORECASE)
_GEONAMES = re.compile(r"https?://(?:sws|www)\.geonames\.org/(\d+)\b.*\Z")
_IDENTIFIER_PROPERTIES = ("wikidata", *IDENTIFIERS)
_COUNTRY_CODE = re.compile(r"[A-Za-z]{2}\Z")
_MOST_BY_FACT = 1000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that could be meant.

    :param name: the folded name that fits best, empty when none was compared
    """

    thing: Thing
    score: float
    evidence: Evidence
    name: str
    match: bool = False


@dataclass(frozen=True, slots=True)
class _Condition:
    """A condition whose values are understood: ids, IRIs or identifiers; none when nobody here knows the value."""

    property: str
    values: frozenset[str]


class Matcher:
    """Matches names with the things of one release.

    :param root: what the IRIs of things begin with
    """

    def __init__(self, things: StoredThings, index: NameIndex, root: str) -> None:
        self._things = things
        self._index = index
        self._root = root
        self._themes: dict[str, set[str]] = defaultdict(set)
        for text, iri in things.themes:
            self._themes[fold(text)].add(iri)

    def thing(self, identifier: str) -> Thing | None:
        """Find a thing by its id or its IRI."""
        return self._things.by_id.get(identifier.removeprefix(self._root))

    def answer(self, query: Query) -> list[Candidate]:
        """Give the candidates for a query, best first; at most one of them is the match."""
        conditions = [_Condition(pid, self._understood(pid, values)) for pid, values in query.conditions if values]
        known = [c for c in conditions if c.property in PROPERTIES and PROPERTIES[c.property].narrows]
        key = fold(query.text)
        ranked = sorted(
            self._candidates(query, key, known), key=lambda c: (-c.score, c.thing.kind, len(c.thing.id), c.thing.id)
        )
        if ranked and decide(key, [(c.score, c.evidence) for c in ranked], typed=bool(query.types)):
            best = ranked[0]
            ranked[0] = Candidate(best.thing, best.score, best.evidence, best.name, match=True)
        return ranked[: query.limit]

    # ---------------------------------------------------------------- candidates
    def _candidates(self, query: Query, key: str, conditions: Sequence[_Condition]) -> Iterator[Candidate]:
        named = self._index.search(key, lambda types: _may_be(query, types)) if key else {}
        meant = self._meant(query.text)
        others = {*meant, *self._by_conditions(conditions, with_text=bool(key))} - named.keys()
        found: list[tuple[Thing, NameEvidence | None, str]] = list(named.values())
        found += [(self._things.by_id[i], NameEvidence(0.0, exact=False) if key else None, "") for i in others]
        for thing, name, best in found:
            identified = self._identifies(conditions, thing)
            if not _may_be(query, thing.types) or not (identified or thing.id in meant or _alike(name)):
                continue
            evidence = Evidence(
                None if thing.id in meant else name,
                tuple((c.property, self._verdict(c, thing)) for c in conditions),
                _fits(query, thing.types) if query.types and query.strict == "should" else None,
                identified=identified or thing.id in meant,
            )
            yield Candidate(thing, score(evidence), evidence, best)

    def _meant(self, text: str) -> set[str]:
        """Give the ids of things when the text is an identifier itself: our own, or a Wikidata item."""
        plain = text.strip()
        if qid := _QID.match(plain):
            return set(self._things.with_fact("wikidata", qid[1].upper()))
        return {found.id} if (found := self.thing(plain)) else set()

    def _by_conditions(self, conditions: Sequence[_Condition], *, with_text: bool) -> Iterator[str]:
        for condition in conditions:
            if with_text and condition.property not in _IDENTIFIER_PROPERTIES:
                continue
            for value in condition.values:
                yield from self._things.with_fact(condition.property, value, _MOST_BY_FACT)

    def _identifies(self, conditions: Sequence[_Condition], thing: Thing) -> bool:
        return any(c.property in _IDENTIFIER_PROPERTIES and self._verdict(c, thing) is Verdict.SAME for c in conditions)

    # ---------------------------------------------------------------- conditions
    def _verdict(self, condition: _Condition, thing: Thing) -> Verdict:
        said = thing.facts.get(condition.property, frozenset())
        if said & condition.values:
            return Verdict.SAME
        if not condition.values:
            return Verdict.UNCLEAR if condition.property == "country" and said else Verdict.UNKNOWN
        if condition.property == "theme":
            return Verdict.UNKNOWN
        if condition.property == "network":
            return Verdict.OTHER if condition.values <= self._things.complete else Verdict.UNKNOWN
        return Verdict.OTHER if said else Verdict.UNKNOWN

    def _understood(self, pid: str, values: Sequence[str]) -> frozenset[str]:
        return frozenset(found for value in values for found in self._values(pid, value.strip()))

    def _values(self, pid: str, text: str) -> set[str]:
        if pid == "country":
            return self._country(text)
        if pid == "network":
            found = {t.id for t in self._index.equal(fold(text)) if t.kind == "network"}
            return found or self._meant(text)
        if pid == "theme":
            slug = text.replace(":", "/").rpartition("theme/")[2]
            named = self._themes.get(fold(text), set())
            return named | {iri for _, iri in self._things.themes if iri.endswith(f"/vocab/theme/{slug}")}
        code = _code(pid, text)
        return {code} if code else set()

    def _country(self, text: str) -> set[str]:
        if _COUNTRY_CODE.match(text):
            # The code of a country that is not here is still another country than those that are.
            return set(self._things.with_fact("iso3166-1", text.upper()) or (text.upper(),))
        named = {t.id for t in self._index.equal(fold(text)) if t.id in self._things.countries}
        return named or (self._meant(text) & self._things.countries)


def _alike(name: NameEvidence | None) -> bool:
    return name is None or name.value >= LEAST


def _may_be(query: Query, types: tuple[str, ...]) -> bool:
    return not query.types or query.strict == "should" or _fits(query, types)


def _fits(query: Query, types: tuple[str, ...]) -> bool:
    if query.strict == "all":
        return set(query.types) <= set(types)
    return any(kind in query.types for kind in types)


def _code(pid: str, text: str) -> str:
    """Write an identifier as the graph does."""
    if pid == "wikidata":
        qid = _QID.match(text)
        return qid[1].upper() if qid else text
    if pid == "geonames":
        return _GEONAMES.sub(r"\1", text)
    return text.replace(" ", "").zfill(3) if pid == "m49" else text.replace(" ", "").upper()
