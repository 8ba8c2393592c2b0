"""Solutions of a query as rows of terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from hansa.columns.algebra import UnansweredError

NUMBER = " number"
"""The column that tells which row a longer one was made of."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of terms in N-Triples, ``None`` where a variable has no value.

    :param names: the variables
    :param rows: their values
    :param open: the variables that may have no value
    """

    names: tuple[str, ...]
    rows: list[tuple[bytes | None, ...]]
    open: frozenset[str] = frozenset()

    @classmethod
    def unit(cls) -> Rows:
        """Give one row without variables: the solution of an empty group."""
        return cls((), [()])

    @property
    def certain(self) -> set[str]:
        """The variables that have a value in every row."""
        return set(self.names) - self.open

    def place(self, name: str) -> int:
        """Tell where a variable stands; it must have a value everywhere.

        :raises UnansweredError: when it may have none
        """
        if name in self.open:
            raise UnansweredError(f"?{name} may have no value")
        return self.names.index(name)

    def kept(self, wanted: Sequence[bool]) -> Rows:
        """Keep some of the rows."""
        return Rows(self.names, [row for row, keep in zip(self.rows, wanted, strict=True) if keep], self.open)

    def projected(self, names: Sequence[str]) -> Rows:
        """Give some of the columns, in this order."""
        places = [self.names.index(name) for name in names]
        return Rows(tuple(names), picked(self.rows, places), self.open & set(names))

    def distinct(self) -> Rows:
        """Give each row once."""
        return Rows(self.names, list(dict.fromkeys(self.rows)), self.open)

    def with_column(self, name: str, terms: Sequence[bytes | None]) -> Rows:
        """Add a column."""
        rows = [(*row, term) for row, term in zip(self.rows, terms, strict=True)]
        return Rows((*self.names, name), rows, self.open | ({name} if None in terms else set()))

    def join(self, other: Rows) -> Rows:
        """Put every row together with the rows of others that say the same of the variables that both have."""
        shared = [name for name in self.names if name in other.names]
        new = [name for name in other.names if name not in shared]
        ours = [self.place(name) for name in shared]
        found: dict[tuple[bytes | None, ...], list[tuple[bytes | None, ...]]] = defaultdict(list)
        theirs = picked(other.rows, [other.place(name) for name in shared])
        for key, rest in zip(theirs, picked(other.rows, [other.names.index(name) for name in new]), strict=True):
            found[key].append(rest)
        keys = picked(self.rows, ours)
        rows = [row + rest for row, key in zip(self.rows, keys, strict=True) for rest in found.get(key, ())]
        return Rows((*self.names, *new), rows, self.open | (other.open & set(new)))

    def by_known(self) -> Iterator[Rows]:
        """Give the rows in parts, each with the columns that have a value in all of its rows."""
        if not self.open:
            yield self
            return
        parts: dict[tuple[str, ...], list[tuple[bytes | None, ...]]] = defaultdict(list)
        for row in self.rows:
            names = tuple(name for name, term in zip(self.names, row, strict=True) if term is not None)
            parts[names].append(tuple([term for term in row if term is not None]))
        yield from (Rows(names, rows) for names, rows in parts.items())

    def numbered(self) -> Rows:
        """Add the number of each row."""
        return self.with_column(NUMBER, [b"%d" % at for at in range(len(self.rows))])

    def extended_by(self, longer: Rows) -> Rows:
        """Put the longer rows that were made of numbered ones in their place; a row of which none was made stays."""
        new = [name for name in longer.names if name not in self.names and name != NUMBER]
        made: dict[bytes | None, list[tuple[bytes | None, ...]]] = defaultdict(list)
        numbers = picked(longer.rows, [longer.names.index(NUMBER)])
        for (number,), rest in zip(numbers, picked(longer.rows, [longer.names.index(n) for n in new]), strict=True):
            made[number].append(rest)
        nothing = [(None,) * len(new)]
        rows = [row + rest for at, row in enumerate(self.rows) for rest in made.get(b"%d" % at, nothing)]
        return Rows((*self.names, *new), rows, self.open | set(new))

    @classmethod
    def concatenated(cls, parts: Sequence[Rows]) -> Rows:
        """Put the solutions of several groups one after the other."""
        names = tuple(dict.fromkeys(name for part in parts for name in part.names))
        rows = [
            tuple([row[part.names.index(name)] if name in part.names else None for name in names])
            for part in parts
            for row in part.rows
        ]
        certain = set(names).intersection(*(part.certain for part in parts))
        return cls(names, rows, frozenset(names) - certain)


def picked(rows: Iterable[tuple[bytes | None, ...]], places: Sequence[int]) -> list[tuple[bytes | None, ...]]:
    """Give some columns of rows."""
    if not places:
        return [() for _ in rows]
    if len(places) == 1:
        (place,) = places
        return [(row[place],) for row in rows]
    return list(map(itemgetter(*places), rows))
