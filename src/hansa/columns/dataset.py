"""Statements in columns, one a property, and look-ups in them that are made when they are first wanted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, repeat
from operator import itemgetter

from hansa.rdf import Line, NamedNode, quads_of
from hansa.store import EmbeddedStore
from hansa.vocab import RDF, XSD

Statement = tuple[bytes, ...]
"""Subject and object, and after them the graph where named graphs are asked."""
Places = tuple[int, ...]
"""Which of the three: 0 the subject, 1 the object, 2 the graph."""
SUBJECT, OBJECT, GRAPH = range(3)
Index = dict[object, list[tuple[bytes, ...]]]

_CANONICAL = re.compile(
    rb'"(?:-?[1-9]\d{0,17}|0)"\^\^<[^>]*#integer>|"-?(?:0|[1-9]\d{0,15})(?:\.\d{0,15}[1-9])?"\^\^<[^>]*#decimal>'
)
_CHECKED = tuple(f'"^^<{XSD.iri}{name}>'.encode() for name in ("integer", "decimal"))
_TYPE = f"<{RDF.type.value}>".encode()
_VALUED = f'"^^<{XSD.iri}'.encode()


class Columns:
    """The statements of a dataset, whose default graph is the union of the named ones."""

    def __init__(self) -> None:
        self._named: dict[bytes, dict[bytes, list[tuple[bytes, bytes]]]] = {}
        self._columns: dict[object, list[Statement]] = {}
        self._indexes: dict[object, Index] = {}
        self._by_object: dict[object, dict[bytes, list[Statement]]] = {}

    def add(self, graph: NamedNode, lines: Iterable[Line]) -> None:
        """Add the distinct statements of a graph that is not here yet."""
        name, own = f"<{graph.value}>".encode(), dict[bytes, list[tuple[bytes, bytes]]]()
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            pairs = own.get(predicate)
            if pairs is None:
                pairs = own[predicate] = []
            pairs.append((subject, rest[:-3]))
        for predicate, pairs in own.items():
            self._named.setdefault(predicate, {})[name] = pairs

    @cached_property
    def graphs(self) -> frozenset[bytes]:
        """The names of all graphs."""
        return frozenset(name for graphs in self._named.values() for name in graphs)

    @property
    def predicates(self) -> Collection[bytes]:
        """All properties."""
        return self._named.keys()

    def size(self, predicate: bytes) -> int:
        """Tell how many statements have a property, those that are repeated in other graphs too."""
        return sum(map(len, self._named.get(predicate, {}).values()))

    def column(self, predicate: bytes, graphs: frozenset[bytes] | None, value: bytes | None = None) -> list[Statement]:
        """Give the statements with a property.

        :param graphs: the graphs to look at, or ``None`` for the default graph
        :param value: the object that they have, where only one is wanted
        """
        if value is not None:
            return self._with_object(predicate, graphs).get(value, [])
        key = predicate, graphs
        if key not in self._columns:
            self._columns[key] = self._make(predicate, graphs)
        return self._columns[key]

    def _make(self, predicate: bytes, graphs: frozenset[bytes] | None) -> list[Statement]:
        own = self._named.get(predicate, {})
        if graphs is not None:
            return _as_stored([(s, o, graph) for graph, pairs in own.items() if graph in graphs for s, o in pairs])
        if len(own) == 1:
            return _as_stored(list(*own.values()))
        return _as_stored(list(dict.fromkeys(chain.from_iterable(own.values()))))

    def _with_object(self, predicate: bytes, graphs: frozenset[bytes] | None) -> dict[bytes, list[Statement]]:
        key = predicate, graphs
        if key not in self._by_object:
            found: dict[bytes, dict[Statement, None]] = defaultdict(dict)
            for statement in self._all(predicate, graphs):
                found[statement[OBJECT]][statement] = None
            self._by_object[key] = {value: list(each) for value, each in found.items()}
        return self._by_object[key]

    def _all(self, predicate: bytes, graphs: frozenset[bytes] | None) -> Iterable[Statement]:
        """Give the statements with a property; those of several graphs may come more than once."""
        own = self._named.get(predicate, {})
        plain = predicate == _TYPE and graphs is None and (predicate, graphs) not in self._columns
        return chain.from_iterable(own.values()) if plain else self.column(predicate, graphs)

    def index(
        self, predicate: bytes, graphs: frozenset[bytes] | None, value: bytes | None, by: Places, gives: Places
    ) -> Index:
        """Give a look-up in a column: from some places of its statements to others.

        :param by: one place is looked up by its term, several by a tuple
        """
        key = predicate, graphs, value, by, gives
        if key not in self._indexes:
            column = self.column(predicate, graphs, value)
            keys = map(itemgetter(*by), column)
            given = map(itemgetter(*gives), column) if len(gives) > 1 else _alone(column, gives)
            found: Index = defaultdict(list)
            for each, rest in zip(keys, given, strict=True):
                found[each].append(rest)
            self._indexes[key] = dict(found)
        return self._indexes[key]

    def subjects(self, graphs: frozenset[bytes]) -> list[tuple[bytes | None, ...]]:
        """Give what is described in some graphs: the graph and the subject, each pair once."""
        found: dict[bytes, set[bytes]] = {}
        for own in self._named.values():
            for graph, pairs in own.items():
                if graph in graphs:
                    found.setdefault(graph, set()).update([subject for subject, _ in pairs])
        return [(graph, subject) for graph, subjects in found.items() for subject in subjects]

    def around(self, place: int, terms: Collection[bytes | None], graphs: frozenset[bytes] | None) -> list[Statement]:
        """Give the statements that have one of some terms in a place: subject, object, graph and property."""
        found: list[Statement] = []
        for predicate, own in self._named.items():
            for graph, pairs in own.items():
                if graphs is None or graph in graphs:
                    name = b"" if graphs is None else graph
                    found += [(*pair, name, predicate) for pair in pairs if pair[place] in terms]
        return _as_stored(list(dict.fromkeys(found)))


def _alone(column: list[Statement], gives: Places) -> Iterator[tuple[bytes, ...]]:
    """Give one place of each statement as a tuple, or none."""
    return zip(map(itemgetter(gives[0]), column), strict=False) if gives else repeat((), len(column))


def _as_stored(statements: list[Statement]) -> list[Statement]:
    """Write numbers as a query store gives them back: ``7`` for ``007``."""
    objects = set(map(itemgetter(OBJECT), statements))
    literals = [o for o in objects if o.startswith(b'"') and o.endswith(b">") and _VALUED in o]
    odd = [o for o in literals if not _CANONICAL.fullmatch(o)]
    if not odd:
        return statements
    stored = _stored(sorted(odd))
    return [(s, stored.get(o, o), *rest) for s, o, *rest in statements]


_NOWHERE = NamedNode("urn:x")


def _stored(terms: Sequence[bytes]) -> dict[bytes, bytes]:
    lines = [b"<urn:x:%d> <urn:x> %s .\n" % (at, term) for at, term in enumerate(terms)]
    store = EmbeddedStore.memory(quads_of(lines, _NOWHERE))
    found = {str(quad.subject): str(quad.object).encode() for quad in store.quads(graph=_NOWHERE)}
    return {term: found[f"<urn:x:{at}>"] for at, term in enumerate(terms)}
