"""Answer a query: solutions are rows, and each part of a group makes longer rows of them, or leaves some out.

A group inside another is shown the rows around it where that gives what joining its own solutions would give (SPARQL
1.1, section 18), and is worked out by itself where it might not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from typing import TypeVar

from hansa.columns.aggregates import projected
from hansa.columns.algebra import (
    Bind,
    Call,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    Minus,
    Optional,
    Pattern,
    Select,
    UnansweredError,
    Union,
    Values,
    Variable,
    variables,
)
from hansa.columns.dataset import Columns
from hansa.columns.expressions import Evaluate, ExpressionError, Row, compiled, term_of, truth
from hansa.columns.patterns import Matcher
from hansa.columns.rows import Rows, picked
from hansa.vocab import XSD

Told = TypeVar("Told")


def answer(query: Select, data: Columns) -> Rows:
    """Give the solutions of a query.

    :raises UnansweredError: when the query, or what it meets in the data, is left to the query store
    """
    return _Evaluator(data).select(query)


Atom = Pattern | Values | Select | Union
"""What is joined with the rest of its group, in any order."""


class _Evaluator:
    def __init__(self, data: Columns) -> None:
        self._data = data

    def select(self, query: Select) -> Rows:
        return projected(query, self._group(query.where, Rows.unit()), self._terms)

    # ------------------------------------------------------------ groups
    def _group(self, group: Group, rows: Rows, hidden: frozenset[str] = frozenset()) -> Rows:
        """Make rows longer by the solutions of a group.

        :param hidden: variables whose values nobody wants to know
        """
        filters = [Filter(each) for e in group.elements if isinstance(e, Filter) for each in _parts(e.condition)]
        own = {name for element in group.elements if not isinstance(element, Filter) for name in variables(element)}
        matcher = Matcher(self._data, self._allowed(filters), hidden)
        waiting: list[Atom] = []
        for element in group.elements:
            if isinstance(element, (Pattern, Values, Select, Union)):
                waiting.append(element)
            elif not isinstance(element, Filter):
                rows = self._joined(waiting, rows, matcher, filters)
                rows = self._apply(element, self._asked(filters, rows, own))
                waiting = []
        rows = self._joined(waiting, rows, matcher, filters)
        for condition in filters:
            rows = self._filtered(rows, condition.condition)
        return rows

    def _asked(self, filters: list[Filter], rows: Rows, own: Set[str]) -> Rows:
        """Ask the conditions whose variables will not change any more."""
        for condition in list(filters):
            if own & set(variables(condition.condition)) <= rows.certain:
                rows = self._filtered(rows, condition.condition)
                filters.remove(condition)
        return rows

    def _allowed(self, filters: Iterable[Filter]) -> Callable[[str], frozenset[bytes]]:
        """Give the graphs that a variable can stand for, as far as conditions on it alone tell."""

        def allowed(name: str) -> frozenset[bytes]:
            graphs = Rows((name,), [(graph,) for graph in self._data.graphs])
            for found in filters:
                if set(variables(found.condition)) == {name} and not _exists_of(found.condition):
                    graphs = self._filtered(graphs, found.condition)
            return frozenset(row[0] for row in graphs.rows if row[0])

        return allowed

    def _joined(self, atoms: list[Atom], rows: Rows, matcher: Matcher, filters: list[Filter]) -> Rows:
        """Join what stands side by side, the cheapest first; a condition is asked as soon as it can be."""
        left = list(atoms)
        while left:
            atom = min(left, key=lambda each: matcher.cost(each, rows))
            left.remove(atom)
            rows = self._join(atom, rows, matcher)
            if isinstance(atom, Pattern) and isinstance(atom.graph, Variable):
                _forget(filters, atom.graph.name)
            for condition in [f for f in filters if not _exists_of(f.condition)]:
                if set(variables(condition.condition)) <= rows.certain:
                    rows = self._filtered(rows, condition.condition)
                    filters.remove(condition)
        return rows

    def _join(self, atom: Atom, rows: Rows, matcher: Matcher) -> Rows:
        if isinstance(atom, Pattern):
            return matcher.match(atom, rows)
        if isinstance(atom, Values):
            return rows.join(Rows(atom.variables, list(atom.rows)))
        if isinstance(atom, Select):
            return rows.join(self.select(atom))
        parts = [self._branch(group, rows) for group in atom.groups]
        return parts[0] if len(parts) == 1 else Rows.concatenated(parts)

    def _branch(self, group: Group, rows: Rows) -> Rows:
        return self._group(group, rows) if _may_see(group, rows) else rows.join(self._group(group, Rows.unit()))

    # ------------------------------------------------------------ what depends on the order
    def _apply(self, element: Element, rows: Rows) -> Rows:
        if isinstance(element, Optional):
            return self._optional(element.group, rows)
        if isinstance(element, Minus):
            return self._minus(element.group, rows)
        if isinstance(element, Bind):
            return self._bound(element, rows)
        raise UnansweredError("an element that is not known here")

    def _optional(self, group: Group, rows: Rows) -> Rows:
        if not all(isinstance(element, (Pattern, Filter)) for element in group.elements):
            raise UnansweredError("a group that need not be there, and has more in it than statements")
        found = self._group(group, rows.numbered())
        return rows.extended_by(found)

    def _minus(self, group: Group, rows: Rows) -> Rows:
        shared = sorted(set(variables(group)) & set(rows.names))
        if not shared:
            return rows
        seeds = rows.projected(shared).distinct()
        taken = self._group(group, seeds) if _may_see(group, seeds) else self._group(group, Rows.unit())
        if not set(shared) <= rows.certain or not set(shared) <= taken.certain:
            raise UnansweredError("MINUS with a variable that may have no value")
        keys = set(taken.projected(shared).rows)
        return rows.kept([key not in keys for key in rows.projected(shared).rows])

    def _bound(self, bind: Bind, rows: Rows) -> Rows:
        if bind.variable in rows.names:
            raise UnansweredError("a variable that has a value already")
        return rows.with_column(bind.variable, self._terms(bind.expression, rows))

    # ------------------------------------------------------------ expressions
    def _filtered(self, rows: Rows, condition: Expression) -> Rows:
        return rows.kept(self._holds(condition, rows))

    def _holds(self, condition: Expression, rows: Rows) -> list[bool]:
        """Tell of each row whether a condition holds."""
        if isinstance(condition, Exists):
            return self._exists(condition.group, rows)
        if isinstance(condition, Call) and condition.name == "!" and isinstance(condition.args[0], Exists):
            return [not found for found in self._exists(condition.args[0].group, rows)]
        if isinstance(condition, Call) and condition.name == "!=" and _are_variables(condition.args):
            names = [arg.name for arg in condition.args if isinstance(arg, Variable)]
            one, other = (rows.names.index(name) if name in rows.names else -1 for name in names)
            if min(one, other) >= 0 and all(_is_iri(row[one]) and _is_iri(row[other]) for row in rows.rows):
                return [row[one] != row[other] for row in rows.rows]
        return self._worked_out(condition, rows, _holds)

    def _terms(self, expression: Expression, rows: Rows) -> list[bytes | None]:
        """Give the value of an expression for each row, ``None`` where it has none."""
        return self._worked_out(expression, rows, _term)

    def _worked_out(self, expression: Expression, rows: Rows, tell: Callable[[Evaluate, Row], Told]) -> list[Told]:
        """Work an expression out, once for each combination of what it reads."""
        for inner in _exists_of(expression):
            rows = rows.with_column(_column(inner), [_YES if yes else _NO for yes in self._exists(inner.group, rows)])
        prepared = _without_exists(expression)
        read = [name for name in rows.names if name in set(variables(prepared))]
        work = compiled(prepared, {name: at for at, name in enumerate(read)})
        keys = picked(rows.rows, [rows.names.index(name) for name in read])
        known = {key: tell(work, key) for key in set(keys)}
        return [known[key] for key in keys]

    def _exists(self, group: Group, rows: Rows) -> list[bool]:
        """Tell of each row whether a group has a solution that goes with it (section 18.6: its values are put in)."""
        if any(isinstance(element, (Select, Minus)) for element in group.elements):
            raise UnansweredError("EXISTS with a query inside")
        count = Counter(variables(group))
        shared = sorted(count.keys() & set(rows.names))
        hidden = frozenset(name for name, times in count.items() if times == 1 and name not in shared)
        found: set[Row] = set()
        for seeds in rows.projected(shared).distinct().by_known():
            known = set(self._group(group, seeds, hidden).projected(seeds.names).rows)
            at = [seeds.names.index(name) if name in seeds.names else None for name in shared]
            found |= {tuple([None if i is None else key[i] for i in at]) for key in known}
        return [key in found for key in rows.projected(shared).rows]


_YES, _NO = (f'"{word}"^^<{XSD.boolean.value}>'.encode() for word in ("true", "false"))


def _are_variables(expressions: Iterable[Expression]) -> bool:
    return all(isinstance(each, Variable) for each in expressions)


def _is_iri(term: bytes | None) -> bool:
    return term is not None and term.startswith(b"<h")


def _holds(condition: Evaluate, row: Row) -> bool:
    try:
        return truth(condition(row))
    except ExpressionError:
        return False


def _term(expression: Evaluate, row: Row) -> bytes | None:
    try:
        return term_of(expression(row))
    except ExpressionError:
        return None


def _forget(filters: list[Filter], graph: str) -> None:
    """Leave out the conditions on a graph alone, which have chosen the statements already."""
    filters[:] = [f for f in filters if set(variables(f.condition)) != {graph} or _exists_of(f.condition)]


def _parts(condition: Expression) -> Iterator[Expression]:
    """Give what must hold if a condition does: all that ``&&`` puts together."""
    if isinstance(condition, Call) and condition.name == "&&":
        for arg in condition.args:
            yield from _parts(arg)
    else:
        yield condition


def _exists_of(expression: Expression) -> list[Exists]:
    if isinstance(expression, Exists):
        return [expression]
    return [e for arg in expression.args for e in _exists_of(arg)] if isinstance(expression, Call) else []


def _column(inner: Exists) -> str:
    return f" exists {id(inner)}"


def _without_exists(expression: Expression) -> Expression:
    """Put a variable in the place of each EXISTS."""
    if isinstance(expression, Exists):
        return Variable(_column(expression))
    return (
        Call(expression.name, tuple(map(_without_exists, expression.args)))
        if isinstance(expression, Call)
        else expression
    )


def _may_see(group: Group, rows: Rows) -> bool:
    """Tell whether a group may be shown the rows around it: nothing in it depends on what they alone know."""
    own = set(_certain(group))
    outside = set(rows.names) - own
    return not any(
        outside & set(variables(element))
        for element in group.elements
        if not isinstance(element, (Pattern, Values, Select))
    )


def _certain(group: Group) -> Iterable[str]:
    """Give the variables that every solution of a group has a value for."""
    for element in group.elements:
        if isinstance(element, (Pattern, Values)):
            yield from variables(element)
