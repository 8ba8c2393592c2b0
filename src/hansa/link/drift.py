"""Drift: where our graph and Wikidata no longer say the same about linked things.

Pure: claims of ours and a slice of Wikidata go in, rows come out. Nothing is mended here; a person reads the rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from hansa.link.claims import Claim
from hansa.link.distance import haversine, point
from hansa.link.families import misfit
from hansa.link.slice import Slice, Statement
from hansa.link.times import agree, shown
from hansa.rdf import Literal, NamedNode, Term

LANGUAGES = ("en", "ja", "es")
EXPECTED = {
    "network": ("P159", "P488", "P571", "P3975"),
    "organization": ("P159", "P571"),
    "place": ("P17", "P300", "P625", "P1566"),
}
"""Properties that a kind should have here when Wikidata has them."""
NAMES = {
    "P17": "country",
    "P31": "instance of",
    "P159": "headquarters",
    "P300": "ISO 3166-2",
    "P463": "member of",
    "P488": "chairperson",
    "P571": "inception",
    "P580": "member of: start",
    "P582": "member of: end",
    "P625": "coordinates",
    "P1566": "GeoNames id",
    "P2124": "member count",
    "P3975": "secretary general",
    "label": "label",
    "item": "item",
}


class Drift(StrEnum):
    """What is wrong between the two, the most pressing first."""

    TYPE = "wrong type"
    DELETED = "deleted"
    MERGED = "merged"
    REDIRECTED = "redirected"
    DIFFERENT = "different value"
    ENDED = "ended there"
    LABEL = "label drift"
    MISSING_HERE = "missing here"
    MISSING_THERE = "missing there"
    ABSENT = "absent from slice"


@dataclass(frozen=True, slots=True)
class Row:
    """One difference.

    :param entity: IRI of our thing
    :param item: QID
    :param prop: property of Wikidata, or ``label`` or ``item``
    :param here: what we say, as text; empty when nothing
    :param there: what Wikidata says
    :param since: start or as-of date, ours
    :param source: IRI of our source document
    """

    entity: str
    item: str
    prop: str
    kind: Drift
    here: str
    there: str
    since: str = ""
    source: str = ""

    def as_dict(self) -> dict[str, str]:
        """Give the row as JSON has it."""
        return {**asdict(self), "kind": str(self.kind), "property": NAMES.get(self.prop, self.prop)}


def qid(item: str) -> str:
    """Give the QID of an item's IRI."""
    return item.rpartition("/")[2]


class Comparison:
    """Compares claims with a slice.

    :param links: our thing to its item
    :param networks: item to IRI of organizations whose members we record
    :param distance: kilometres that two points may lie apart
    :param kinds: our thing to its kind
    """

    def __init__(
        self,
        there: Slice,
        links: Mapping[str, str],
        networks: Mapping[str, str],
        kinds: Mapping[str, str],
        distance: float = 10.0,
    ) -> None:
        self._there, self._links, self._networks = there, links, networks
        self._kinds, self._distance = kinds, distance

    def rows(self, claims: Iterable[Claim]) -> list[Row]:
        """Give all differences, ordered by thing, property and kind."""
        grouped: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            if claim.items:
                grouped[claim.entity, claim.prop].append(claim)
        found = [row for entity, item in sorted(self._links.items()) for row in self._item(entity, item)]
        for (entity, prop), same in grouped.items():
            if self._usable(same[0]):
                found += self._compare(entity, prop, same, grouped)
        found += [*self._unrecorded(grouped), *self._unsaid(grouped)]
        return sorted(set(found), key=lambda r: (r.entity, r.prop, r.kind, r.here, r.there, r.source))

    def _usable(self, claim: Claim) -> bool:
        return self._there.knows(claim.items[0]) and not self._there.redirect(claim.items[0])

    # ------------------------------------------------------------ the item itself
    def _item(self, entity: str, item: str) -> Iterator[Row]:
        target = self._there.redirect(item)
        if target:
            shared = sorted(e for e, other in self._links.items() if other == target)
            kind = Drift.MERGED if shared else Drift.REDIRECTED
            yield Row(entity, qid(item), "item", kind, qid(item), qid(target))
        elif not self._there.knows(item):
            kind = Drift.DELETED if self._there.complete else Drift.ABSENT
            yield Row(entity, qid(item), "item", kind, qid(item), "")
        else:
            types = [s.value.value for s in self._there.statements(item, "P31")]
            if wrong := misfit(self._kinds.get(entity, ""), [qid(t) for t in types]):
                yield Row(entity, qid(item), "P31", Drift.TYPE, self._kinds.get(entity, ""), wrong)

    # ------------------------------------------------------------ values
    def _compare(
        self, entity: str, prop: str, same: list[Claim], grouped: Mapping[tuple[str, str], list[Claim]]
    ) -> Iterator[Row]:
        if prop == "label":
            yield from self._labels(entity, same, grouped.get((entity, "alias"), []))
        elif prop == "P463":
            yield from (row for claim in same for row in self._membership(claim))
        elif prop != "alias" and all(claim.linked for claim in same):
            # A value of ours without an item can be compared with nothing.
            yield from self._values(prop, same)

    def _values(self, prop: str, same: list[Claim]) -> Iterator[Row]:
        item = same[0].items[0]
        theirs = self._there.statements(item, prop)
        for claim in same:
            fitting = [s for s in theirs if self._same(claim, s)]
            here = _text(claim.value)
            row = Row(
                claim.entity, qid(item), prop, Drift.MISSING_THERE, here, "", claim.start or claim.as_of, claim.source
            )
            if not theirs:
                yield row
            elif not fitting:
                yield _with(row, Drift.DIFFERENT, "; ".join(sorted(_text(s.value, s.precision) for s in theirs)))
            elif all(s.end for s in fitting) and not claim.end:
                yield _with(row, Drift.ENDED, _ends(fitting))
        if prop in {"P488", "P3975"}:
            yield from self._unknown_holders(prop, same, theirs)

    def _unknown_holders(self, prop: str, same: list[Claim], theirs: list[Statement]) -> Iterator[Row]:
        ours = {claim.value for claim in same}
        for s in theirs:
            if s.value not in ours and not s.end:
                since = shown(s.start.text, s.start.precision) if s.start else ""
                yield Row(same[0].entity, qid(same[0].items[0]), prop, Drift.MISSING_HERE, "", _text(s.value), since)

    def _same(self, claim: Claim, statement: Statement) -> bool:
        ours, theirs = claim.value, statement.value
        if claim.prop == "P571":
            return agree(ours.value, theirs.value, statement.precision)
        if claim.prop == "P625":
            here, there = point(ours.value), point(theirs.value)
            return here is not None and there is not None and haversine(here, there) <= self._distance
        if claim.prop == "P2124":
            return _counts_agree(claim, theirs)
        return ours == theirs if isinstance(ours, NamedNode) else ours.value == theirs.value

    # ------------------------------------------------------------ labels
    def _labels(self, entity: str, same: list[Claim], aliases: list[Claim]) -> Iterator[Row]:
        item = same[0].items[0]
        theirs = self._there.labels(item)
        ours: dict[str, list[Claim]] = defaultdict(list)
        for claim in same:
            if isinstance(claim.value, Literal) and claim.value.language:
                ours[claim.value.language].append(claim)
        known = {c.value.value.casefold() for c in [*same, *aliases]}
        for language in LANGUAGES:
            there = theirs.get(language, "")
            if not ours[language] and there and there.casefold() not in known:
                yield Row(entity, qid(item), "label", Drift.MISSING_HERE, "", f"{there} @{language}")
            for claim in ours[language] if there.casefold() not in known or not there else []:
                here = f"{claim.value.value} @{language}"
                kind = Drift.LABEL if there else Drift.MISSING_THERE
                shown_there = f"{there} @{language}" if there else ""
                yield Row(entity, qid(item), "label", kind, here, shown_there, source=claim.source)

    # ------------------------------------------------------------ memberships
    def _membership(self, claim: Claim) -> Iterator[Row]:
        if not claim.linked:
            return
        found = [(i, s) for i in claim.items for s in self._there.statements(i, "P463") if s.value == claim.value]
        row = Row(
            claim.entity, qid(claim.items[0]), "P463", Drift.MISSING_THERE, _text(claim.value), "",
            claim.start or claim.as_of, claim.source,
        )  # fmt: skip
        if not found:
            yield row
        elif not claim.end and all(s.end for _, s in found):
            yield _with(row, Drift.ENDED, _ends([s for _, s in found]))
        else:
            yield from self._qualifiers(claim, row, [s for _, s in found])

    def _qualifiers(self, claim: Claim, row: Row, found: list[Statement]) -> Iterator[Row]:
        for prop, ours, theirs in (
            ("P580", claim.start, [s.start for s in found if s.start]),
            ("P582", claim.end, [s.end for s in found if s.end]),
        ):
            there = "; ".join(sorted(shown(m.text, m.precision) for m in theirs))
            here = Row(row.entity, row.item, prop, Drift.MISSING_THERE, ours, "", row.since, row.source)
            if ours and not theirs:
                yield here
            elif theirs and not ours and prop == "P580":
                yield _with(here, Drift.MISSING_HERE, there)
            elif ours and not any(agree(ours, m.text, m.precision) for m in theirs):
                yield _with(here, Drift.DIFFERENT, there)

    def _unrecorded(self, grouped: Mapping[tuple[str, str], list[Claim]]) -> Iterator[Row]:
        """Find memberships there, in organizations whose members we record, that we do not have."""
        ours = {(i, c.value.value) for (_, p), cs in grouped.items() if p == "P463" for c in cs for i in c.items}
        for entity, item in self._links.items():
            for s in self._there.statements(item, "P463"):
                if s.value.value in self._networks and (item, s.value.value) not in ours:
                    since = shown(s.start.text, s.start.precision) if s.start else ""
                    there = f"{qid(s.value.value)}{f', ended {_ends([s])}' if s.end else ''}"
                    yield Row(entity, qid(item), "P463", Drift.MISSING_HERE, "", there, since)

    def _unsaid(self, grouped: Mapping[tuple[str, str], list[Claim]]) -> Iterator[Row]:
        """Find values there of properties about which we say nothing."""
        for entity, item in self._links.items():
            for prop in EXPECTED.get(self._kinds.get(entity, ""), ()):
                theirs = [s for s in self._there.statements(item, prop) if not s.end]
                if theirs and (entity, prop) not in grouped:
                    there = "; ".join(sorted({_text(s.value, s.precision) for s in theirs}))
                    yield Row(entity, qid(item), prop, Drift.MISSING_HERE, "", there)


def _with(row: Row, kind: Drift, there: str) -> Row:
    return Row(row.entity, row.item, row.prop, kind, row.here, there, row.since, row.source)


def _ends(found: list[Statement]) -> str:
    return "; ".join(sorted(shown(s.end.text, s.end.precision) for s in found if s.end))


def _text(term: Term, precision: int = 0) -> str:
    if isinstance(term, NamedNode):
        return qid(term.value)
    return shown(term.value, precision)


def _counts_agree(claim: Claim, theirs: Term) -> bool:
    try:
        here, there = float(claim.value.value), float(theirs.value)
    except ValueError:
        return False
    return {"more-than": there > here, "approximate": abs(there - here) <= here / 10}.get(
        claim.precision, here == there
    )
