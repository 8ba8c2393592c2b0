"""How certain a span is, from day to day: what is known, what may be, and where knowledge fades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hansa.serve.pictures.spans import Days


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar.

    :param kind: ``core`` it held; ``hatch`` it began or ended within; ``before`` nobody says since when; ``after``
        nobody says that it ended
    :param start: a day, and ``end`` a later one
    """

    kind: str
    start: int
    end: int


def pieces(days: Days, today: int, faded: int) -> list[Piece]:
    """Cut a span into pieces, none of which ends before it begins.

    :param today: what has no end fades out there
    :param faded: days in which an unknown beginning fades in
    """
    begun = _first(days.start[1], days.as_of[0])
    lasted = max((d for d in (days.end[0], days.as_of[1], days.start[1]) if d is not None), default=None)
    found = [*_core(begun, lasted), *_beginning(days, begun, lasted, faded), *_ending(days, begun, lasted, today)]
    return sorted((p for p in found if p.start < p.end), key=lambda p: (p.start, p.end))


def _first(*values: int | None) -> int | None:
    return next((v for v in values if v is not None), None)


def _core(begun: int | None, lasted: int | None) -> Iterator[Piece]:
    if begun is not None and lasted is not None:
        yield Piece("core", begun, lasted)


def _beginning(days: Days, begun: int | None, lasted: int | None, faded: int) -> Iterator[Piece]:
    earliest, ended = days.start[0], days.end[1]
    edge = _first(begun, lasted, ended)
    if earliest is not None and edge is not None:
        yield Piece("hatch", earliest, edge)
    elif edge is not None:
        yield Piece("before", edge - faded, edge)


def _ending(days: Days, begun: int | None, lasted: int | None, today: int) -> Iterator[Piece]:
    edge = _first(lasted, begun)
    if days.end[1] is None:
        edge = _first(edge, days.start[0])
        if edge is not None:
            yield Piece("after", edge, today)
    elif edge is not None:
        yield Piece("hatch", edge, days.end[1])
