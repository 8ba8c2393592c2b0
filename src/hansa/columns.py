"""Statements by predicate: a line is split once, however many look at what it says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from hansa.rdf import Line

Pair = tuple[bytes, bytes]
"""What stands before and after the predicate: subject, and object with the end of the line."""
Columns = Mapping[bytes, Sequence[Pair]]
"""Statements by predicate, each term as lines write it."""


def columns_of(lines: Iterable[Line]) -> dict[bytes, list[Pair]]:
    """Put lines in columns."""
    found: dict[bytes, list[Pair]] = {}
    for line in lines:
        subject, predicate, rest = line.split(b" ", 2)
        column = found.get(predicate)
        if column is None:
            column = found[predicate] = []
        column.append((subject, rest))
    return found


class Statements:
    """Distinct statements, as lines and in columns.

    :param lines: the statements to begin with
    """

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self.lines: set[Line] = set(lines)
        self.columns = columns_of(self.lines)

    def add(self, lines: Iterable[Line]) -> None:
        """Add statements; those that are known already change nothing."""
        new = set(lines) - self.lines
        self.lines |= new
        for predicate, column in columns_of(new).items():
            self.columns.setdefault(predicate, []).extend(column)

    def with_predicates(self, predicates: Collection[bytes]) -> list[Line]:
        """Give the statements with one of some predicates."""
        wanted = [predicate for predicate in predicates if predicate in self.columns]
        return [b"%s %s %s" % (subject, p, rest) for p in wanted for subject, rest in self.columns[p]]
