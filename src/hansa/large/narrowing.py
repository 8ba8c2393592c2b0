"""Give check queries no more statements than they can ask for: most would be loaded into their store in vain."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from hansa.packed import PackedGraphs, in_graph
from hansa.patterns import Names, Pattern, asked
from hansa.rdf import Line, NamedNode
from hansa.store import EmbeddedStore


def narrowed_store(
    patterns: Sequence[Pattern], graphs: PackedGraphs, scratch: Path, whole: Collection[NamedNode] = ()
) -> EmbeddedStore:
    """Make a query store in memory of what some queries can ask for.

    :param patterns: what they ask for
    :param graphs: all statements
    :param whole: graphs that are wanted as they are
    :param scratch: a directory for what is not to stay
    """
    store = EmbeddedStore.memory()
    with TemporaryDirectory(dir=scratch) as place:
        quads, triples = Path(place, "quads.nq"), Path(place, "triples.nt")
        with quads.open("wb") as named, triples.open("wb") as union:
            _write(_Sieves(patterns, whole), graphs, named, union)
        with quads.open("rb") as named, triples.open("rb") as union:
            store.load(named, union, trusted=True)
    return store


def _write(sieves: _Sieves, graphs: PackedGraphs, named: IO[bytes], union: IO[bytes]) -> None:
    for graph in graphs.values():
        lines = graph.lines()
        named.write(in_graph(b"".join(sieves.of(graph.name).sift(lines)), graph.name))
        union.write(b"".join(sieves.of_union.sift(lines)))


class _Sieves:
    """What of each graph some queries can ask for."""

    def __init__(self, patterns: Sequence[Pattern], whole: Collection[NamedNode]) -> None:
        self._patterns = patterns
        self._whole = whole
        self._known: dict[tuple[Pattern, ...], _Sieve] = {}
        self.of_union = _Sieve(asked(self._patterns, None))

    def of(self, graph: NamedNode) -> _Sieve:
        """Give that of a named graph; most graphs have the same."""
        patterns = [Pattern(named=True)] if graph in self._whole else asked(self._patterns, graph.value)
        key = tuple(patterns)
        if key not in self._known:
            self._known[key] = _Sieve(patterns)
        return self._known[key]


class _Sieve:
    """Lets through the statements that fit one of some patterns."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._all = any(p.predicates is None and p.objects is None for p in patterns)
        self._predicates: set[bytes] = set()
        self._ends: dict[bytes, set[bytes]] = {}
        self._any_with: set[bytes] = set()
        for pattern in patterns:
            self._take(pattern)

    def _take(self, pattern: Pattern) -> None:
        ends = None if pattern.objects is None else {b"%s .\n" % name for name in _names(pattern.objects)}
        if pattern.predicates is None:
            self._any_with |= ends or set()
            return
        for name in _names(pattern.predicates):
            if ends is None:
                self._predicates.add(name)
            else:
                self._ends.setdefault(name, set()).update(ends)

    def sift(self, lines: list[Line]) -> list[Line]:
        """Give the lines that fit."""
        if self._all:
            return lines
        if not (self._predicates or self._ends or self._any_with):
            return []
        predicates, ends, none = self._predicates, self._ends, self._any_with
        return [
            line
            for line in lines
            for _, predicate, rest in (line.split(b" ", 2),)
            if predicate in predicates or rest in ends.get(predicate, ()) or rest in none
        ]


def _names(iris: Names) -> Iterable[bytes]:
    return (f"<{iri}>".encode() for iri in iris)
