"""Match triple patterns: rows become longer by what the statements say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from hansa.columns.algebra import Element, Path, Pattern, Select, Slot, UnansweredError, Values, Variable, variables
from hansa.columns.dataset import GRAPH, OBJECT, SUBJECT, Columns, Index
from hansa.columns.rows import Rows

_NEVER = 1e12
_SOME = 1000


class Matcher:
    """Matches the patterns of one group.

    :param allowed: gives the graphs that a variable can stand for
    :param hidden: variables whose values nobody wants to know
    """

    def __init__(
        self, data: Columns, allowed: Callable[[str], frozenset[bytes]], hidden: frozenset[str] = frozenset()
    ) -> None:
        self._data = data
        self._allowed = allowed
        self._hidden = hidden
        self._graphs: dict[str, frozenset[bytes]] = {}

    def _of(self, graph: Slot | None) -> frozenset[bytes] | None:
        if not isinstance(graph, Variable):
            return None if graph is None else frozenset((graph,))
        if graph.name not in self._graphs:
            self._graphs[graph.name] = self._allowed(graph.name)
        return self._graphs[graph.name]

    # ------------------------------------------------------------ order
    def cost(self, atom: Element, rows: Rows) -> float:
        """Estimate how many rows each row becomes."""
        if isinstance(atom, Pattern):
            return self._fan_out(atom, rows)
        shared = set(variables(atom)) & set(rows.names)
        if isinstance(atom, (Values, Select)):
            return 0.5 if shared or isinstance(atom, Select) else len(atom.rows)
        return _SOME if shared else _NEVER

    def _fan_out(self, pattern: Pattern, rows: Rows) -> float:
        known = set(rows.names)
        bound = [not isinstance(slot, Variable) or slot.name in known for slot in pattern.slots()]
        graph, subject, predicate, value = bound
        if isinstance(pattern.predicate, Path) and pattern.predicate.repeated:
            return 2 if subject or value else _NEVER
        if not predicate:
            return 50 if subject or value else _SOME * _SOME if graph else _NEVER
        if subject:
            return 0.9 if value else 1
        if isinstance(pattern.predicate, Variable):
            return 4 if value else _SOME * _SOME
        free = isinstance(pattern.object, Variable)
        if value and free and isinstance(pattern.predicate, bytes):
            own = self._of(pattern.graph)
            size = len(self._data.column(pattern.predicate, own))
            by = (OBJECT, GRAPH) if graph and own is not None else (OBJECT,)
            return size / max(1, len(self._data.index(pattern.predicate, own, None, by, (SUBJECT,))))
        every = self._size(pattern)
        return every if not known or (graph and pattern.graph is not None) else every * _SOME * _SOME

    def _size(self, pattern: Pattern) -> int:
        value = pattern.object if isinstance(pattern.object, bytes) else None
        return sum(len(self._data.column(p, self._of(pattern.graph), value)) for p in _properties(pattern))

    # ------------------------------------------------------------ matching
    def match(self, pattern: Pattern, rows: Rows) -> Rows:
        """Join rows with the statements that a pattern fits."""
        predicate = pattern.predicate
        if not rows.rows:
            new = dict.fromkeys(name for name in variables(pattern) if name not in rows.names)
            return Rows((*rows.names, *new), [], rows.open)
        if isinstance(predicate, Path) and predicate.repeated:
            return self._walk(pattern, predicate, rows)
        if isinstance(predicate, Variable):
            return self._any(pattern, predicate.name, rows)
        parts = [self._fixed(pattern, each, rows) for each in _properties(pattern)]
        return parts[0] if len(parts) == 1 else Rows.concatenated(parts)

    def _fixed(self, pattern: Pattern, predicate: bytes, rows: Rows) -> Rows:
        graph, subject, _, value = pattern.slots()
        by, keys, new, names = list[int](), list[int | bytes](), list[int](), list[str]()
        for place, slot in ((SUBJECT, subject), (OBJECT, value), (GRAPH, graph)):
            if isinstance(slot, Variable) and slot.name in rows.names:
                by.append(place)
                keys.append(rows.place(slot.name))
            elif isinstance(slot, Variable):
                new.append(place)
                names.append(slot.name)
            elif place == SUBJECT and isinstance(slot, bytes):
                by.append(place)
                keys.append(slot)
        constant, own = value if isinstance(value, bytes) else None, self._of(graph)  # type: ignore[arg-type]
        found = _looked_up(self._data, (predicate, own, constant), (tuple(by), tuple(new)), keys, rows)
        return _once_each(Rows((*rows.names, *names), found, rows.open))

    def _any(self, pattern: Pattern, name: str, rows: Rows) -> Rows:
        if name not in rows.names:
            return self._unknown(pattern, name, rows)
        place = rows.place(name)
        by_predicate: dict[bytes | None, list[tuple[bytes | None, ...]]] = defaultdict(list)
        for row in rows.rows:
            by_predicate[row[place]].append(row)
        parts = [self._fixed(pattern, p or b"", Rows(rows.names, own, rows.open)) for p, own in by_predicate.items()]
        return Rows(parts[0].names, [row for part in parts for row in part.rows], rows.open)

    def _unknown(self, pattern: Pattern, name: str, rows: Rows) -> Rows:
        """Match a pattern whose property is a new variable, by its subject or its object."""
        ends = ((SUBJECT, pattern.subject), (OBJECT, pattern.object))
        known = [(place, slot) for place, slot in ends if isinstance(slot, bytes) or slot.name in rows.names]
        if not known:
            return self._subjects(pattern, rows)
        place, slot = known[0]
        terms = {slot} if isinstance(slot, bytes) else {row[rows.place(slot.name)] for row in rows.rows}
        found = self._data.around(place, terms, self._of(pattern.graph))
        slots = (pattern.subject, pattern.object, pattern.graph, pattern.predicate)
        wanted = [(at, s.name) for at, s in enumerate(slots) if isinstance(s, Variable)]
        constant = [(at, s) for at, s in enumerate(slots) if isinstance(s, bytes) and at != GRAPH]
        names = tuple(each for _, each in wanted)
        if len(set(names)) < len(names):
            raise UnansweredError("a variable twice in one pattern")
        table: list[tuple[bytes | None, ...]] = []
        table += [tuple([s[at] for at, _ in wanted]) for s in found if all(s[at] == term for at, term in constant)]
        return rows.join(Rows(names, table))

    def _subjects(self, pattern: Pattern, rows: Rows) -> Rows:
        """Match a pattern that asks only what is described in a graph."""
        graph, subject, predicate, value = pattern.slots()
        hidden = all(isinstance(slot, Variable) and slot.name in self._hidden for slot in (predicate, value))
        if not hidden or not isinstance(graph, Variable) or not isinstance(subject, Variable):
            raise UnansweredError("all statements are asked for")
        graphs = self._of(graph) or frozenset()
        if graph.name in rows.names:
            graphs &= {row[rows.place(graph.name)] for row in rows.rows}
        return rows.join(Rows((graph.name, subject.name), self._data.subjects(graphs)))

    # ------------------------------------------------------------ paths
    def _walk(self, pattern: Pattern, path: Path, rows: Rows) -> Rows:
        """Follow a property any number of times, from whichever end is known (section 9.3: none at all counts)."""
        if pattern.graph is not None:
            raise UnansweredError("a path in a named graph")
        ends = (pattern.subject, pattern.object)
        known = [isinstance(slot, bytes) or slot.name in rows.names for slot in ends]
        if not any(known):
            raise UnansweredError("a path between unknown ends")
        start, end = ends if known[0] else reversed(ends)
        by, gives = (SUBJECT, OBJECT) if known[0] else (OBJECT, SUBJECT)
        steps = self._data.index(path.properties[0], None, None, (by,), (gives,))
        reached: dict[bytes | None, set[bytes | None]] = {}
        found: list[tuple[bytes | None, ...]] = []
        for row in rows.rows:
            first = start if isinstance(start, bytes) else row[rows.place(start.name)]
            if first not in reached:
                reached[first] = _reachable(first, steps, path.least)
            if all(known):
                last = end if isinstance(end, bytes) else row[rows.place(end.name)]
                found += [row] if last in reached[first] else []
            else:
                found += [(*row, each) for each in reached[first]]
        names = () if all(known) or isinstance(end, bytes) else (end.name,)
        return Rows((*rows.names, *names), found, rows.open)


def _once_each(rows: Rows) -> Rows:
    """Keep the rows in which a variable that stands in two places has one value."""
    places = {name: rows.names.index(name) for name in rows.names}
    twice = [(at, places[name]) for at, name in enumerate(rows.names) if at != places[name]]
    if not twice:
        return rows
    return rows.kept([all(row[one] == row[other] for one, other in twice) for row in rows.rows]).projected(list(places))


def _properties(pattern: Pattern) -> Sequence[bytes]:
    predicate = pattern.predicate
    if isinstance(predicate, Path):
        return predicate.properties
    return (predicate,) if isinstance(predicate, bytes) else ()


def _looked_up(
    data: Columns,
    column: tuple[bytes, frozenset[bytes] | None, bytes | None],
    places: tuple[tuple[int, ...], tuple[int, ...]],
    keys: Sequence[int | bytes],
    rows: Rows,
) -> list[tuple[bytes | None, ...]]:
    by, gives = places
    if not by:
        every = [tuple([statement[place] for place in gives]) for statement in data.column(*column)]
        return [row + rest for row in rows.rows for rest in every]
    get, nothing = data.index(*column, by, gives).get, ()
    if len(keys) == 1:
        (key,) = keys
        if isinstance(key, bytes):
            return [row + rest for row in rows.rows for rest in get(key, nothing)]
        return [row + rest for row in rows.rows for rest in get(row[key], nothing)]
    makers = [(key, None) if isinstance(key, int) else (-1, key) for key in keys]
    if all(isinstance(key, int) for key in keys):
        at = [key for key in keys if isinstance(key, int)]
        return [row + rest for row in rows.rows for rest in get(tuple([row[i] for i in at]), nothing)]
    return [
        row + rest
        for row in rows.rows
        for rest in get(tuple([row[i] if term is None else term for i, term in makers]), nothing)
    ]


def _reachable(start: bytes | None, steps: Index, least: int) -> set[bytes | None]:
    found: set[bytes | None] = set() if least else {start}
    todo: list[bytes | None] = [start]
    while todo:
        for (following,) in steps.get(todo.pop(), ()):
            if following not in found:
                found.add(following)
                todo.append(following)
    return found
