"""Coverage of the links: what is decided about which things."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from hansa.link.decisions import Choice, Decision
from hansa.vocab import Vocabulary

KINDS = (
    "network", "body", "authority", "organization", "place", "person", "post", "programme", "event", "document",
)  # fmt: skip
"""Kinds of things that can have an item of their own."""

STATES = ("linked", "related", "undecided", "none", "rejected", "without")
_STATE = {
    Choice.EXACT: "linked",
    Choice.RELATED: "related",
    Choice.UNDECIDED: "undecided",
    Choice.NONE: "none",
    Choice.REJECTED: "rejected",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many things of a kind are in which state; each thing counts once, in the first state that fits it.

    A thing is linked, else related, else undecided, else known to have no item, else it has only rejected candidates,
    else nobody has looked at it.
    """

    kind: str
    things: int
    states: dict[str, int]


def coverage(decisions: Iterable[Decision], things: Iterable[str], vocab: Vocabulary) -> list[Coverage]:
    """Count the states of all things, by kind.

    :param things: IRIs of everything in the graph; other kinds are left out
    """
    found: dict[str, set[str]] = defaultdict(set)
    for decision in decisions:
        found[decision.subject].add(_STATE[decision.decision])
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for thing in set(things):
        split = vocab.kind_and_slug(thing)
        if split and split[0] in KINDS:
            counts[split[0]][next((s for s in STATES if s in found.get(thing, ())), "without")] += 1
    return [
        Coverage(kind, counts[kind].total(), {s: counts[kind][s] for s in STATES}) for kind in KINDS if counts[kind]
    ]
