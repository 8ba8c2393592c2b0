"""Find the names that could be meant, without looking at all of them.

Equal names and equal cores come from two dictionaries. Names that are alike share pieces of two or three letters: the
rarest pieces of the query are looked up first and at most :data:`_BUDGET` entries are read, so that the work per query
does not grow with the graph.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import islice

from hansa.serve.reconcile.names import core, fold, grams, romanise
from hansa.serve.reconcile.score import NameEvidence, name_evidence
from hansa.serve.reconcile.things import Thing, Things

_BUDGET = 4000
_COUNTED = 120
_COMPARED = 40
_EQUAL = 200


class NameIndex:
    """All names of all things.

    :param things: read once; the index never changes
    """

    def __init__(self, things: Things) -> None:
        self._keys: list[str] = []
        self._things: list[Thing] = []
        self._main: list[bool] = []
        self._sizes: list[int] = []
        self._equal: dict[str, list[int]] = defaultdict(list)
        self._cores: dict[str, list[int]] = defaultdict(list)
        self._postings: dict[str, array[int]] = defaultdict(lambda: array("I"))
        for thing in things.by_id.values():
            self._add(thing)

    def _add(self, thing: Thing) -> None:
        keys: dict[str, bool] = {}
        for name in thing.names:
            key = fold(name.text)
            keys[key] = keys.get(key, False) or name.main
        for key, main in keys.items():
            if key:
                self._add_name(thing, key, main=main)

    def _add_name(self, thing: Thing, key: str, *, main: bool) -> None:
        number = len(self._keys)
        pieces = grams(key) | grams(romanise(key))
        self._keys.append(key)
        self._things.append(thing)
        self._main.append(main)
        self._sizes.append(len(pieces))
        self._equal[key].append(number)
        self._cores[core(key)].append(number)
        for piece in pieces:
            self._postings[piece].append(number)

    def __len__(self) -> int:
        return len(self._keys)

    def equal(self, key: str) -> Iterator[Thing]:
        """Give the things that have a name with this folded form."""
        return (self._things[number] for number in self._equal.get(key, ()))

    def with_prefix(self, key: str, wanted: Callable[[Thing], bool]) -> list[Thing]:
        """Give the things with a name that begins with a folded text, then those with a word that does."""
        ranked: dict[str, tuple[tuple[int, int, str], Thing]] = {}
        for number, name in enumerate(self._keys):
            at = 0 if name.startswith(key) else 1 if f" {key}" in name else 2
            if at == 2 or not wanted(self._things[number]):
                continue
            thing = self._things[number]
            rank = (at, len(name), thing.id)
            if thing.id not in ranked or rank < ranked[thing.id][0]:
                ranked[thing.id] = rank, thing
        return [thing for _, thing in sorted(ranked.values(), key=lambda pair: pair[0])]

    def search(self, key: str, wanted: Callable[[Thing], bool]) -> dict[str, tuple[Thing, NameEvidence, str]]:
        """Find things whose name could be meant: thing, evidence and the folded name that fits best, by id.

        :param key: folded text
        :param wanted: which things come into question
        """
        found: dict[str, tuple[Thing, NameEvidence, str]] = {}
        for number in dict.fromkeys(self._numbers(key, wanted)):
            thing = self._things[number]
            evidence = name_evidence(key, self._keys[number], main=self._main[number])
            if thing.id not in found or evidence.value > found[thing.id][1].value:
                found[thing.id] = thing, evidence, self._keys[number]
        return found

    def _numbers(self, key: str, wanted: Callable[[Thing], bool]) -> Iterator[int]:
        for numbers in (self._equal.get(key, ()), self._cores.get(core(key), ())):
            yield from islice((n for n in numbers if wanted(self._things[n])), _EQUAL)
        yield from self._alike(key, wanted)

    def _alike(self, key: str, wanted: Callable[[Thing], bool]) -> list[int]:
        pieces = grams(key) | grams(romanise(key))
        shared = self._shared(pieces)
        counted = shared.most_common(_COUNTED) if len(shared) > _COUNTED else shared.items()
        fitting = [(2 * n / (len(pieces) + self._sizes[i]), i) for i, n in counted if wanted(self._things[i])]
        return [number for _, number in sorted(fitting, reverse=True)[:_COMPARED]]

    def _shared(self, pieces: set[str]) -> Counter[int]:
        """Count the pieces that names share with the query, the rarest pieces first."""
        lists = sorted((found for piece in pieces if (found := self._postings.get(piece))), key=len)
        shared: Counter[int] = Counter()
        read = 0
        for numbers in lists:
            if read and read + len(numbers) > _BUDGET:
                break
            shared.update(numbers[:_BUDGET])
            read += len(numbers)
        return shared
