"""Finished answers kept in memory, as many as fit; the one that was asked for longest ago goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Generic, TypeVar, TypeVarTuple

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Arguments = TypeVarTuple("Arguments")
_SHORT = 256
"""Characters of a header up to which it is remembered what it means; those of browsers have a hundred."""
_MANY = 1 << 9


@dataclass(slots=True)
class Tally:
    """How well a cache did.

    :param bytes: what the entries take
    """

    hits: int = 0
    misses: int = 0
    bytes: int = 0


class ByteCache(Generic[K, V]):
    """A least-recently-used cache with a budget in bytes. It is used by one thread, that of the event loop.

    :param budget: bytes; 0 keeps nothing
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.tally = Tally()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """Find an entry and mark it as used."""
        entry = self._entries.get(key)
        if entry is None:
            self.tally.misses += 1
            return None
        self._entries.move_to_end(key)
        self.tally.hits += 1
        return entry[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep an entry; one that would take more than an eighth of the budget is not worth what it pushes out.

        :param size: in bytes
        """
        if size > self._budget // 8:
            return
        if key in self._entries:
            self.tally.bytes -= self._entries.pop(key)[1]
        self._entries[key] = (value, size)
        self.tally.bytes += size
        while self.tally.bytes > self._budget:
            _, (_, freed) = self._entries.popitem(last=False)
            self.tally.bytes -= freed


class Remembered(dict[K, V]):
    """What a function gave for its argument, as a dictionary that fills itself: ``remembered[argument]``.

    Looking up what is there calls nothing written in Python, which matters where that is done a hundred times for an
    answer. When it is full it forgets everything: what is wanted often is soon there again.

    :param make: the function
    :param most: entries
    """

    def __init__(self, make: Callable[[K], V], most: int) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, key: K) -> V:
        """Call the function."""
        value = self._make(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value


def remember_headers(read: Callable[[*Arguments], V]) -> Callable[[*Arguments], V]:
    """Remember what a function made of the headers of clients, most of whom send the same few.

    Long ones are rare, and would take much memory if they were remembered.
    """
    remembered = lru_cache(maxsize=_MANY)(read)

    @wraps(read)
    def known(*args: *Arguments) -> V:
        is_long = any(isinstance(text, str) and len(text) > _SHORT for text in args)
        return read(*args) if is_long else remembered(*args)

    return known
