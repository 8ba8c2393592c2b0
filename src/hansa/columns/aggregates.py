"""What a query gives of the solutions that it has: columns, groups with their counts and extremes, each row once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from hansa.columns.algebra import AGGREGATES, Call, Expression, Select, UnansweredError, Variable, calls, variables
from hansa.columns.expressions import Value, term_of, value_of
from hansa.columns.rows import Rows, picked
from hansa.vocab import XSD

WorkOut = Callable[[Expression, Rows], list[bytes | None]]
Terms = Sequence[bytes | None]


def projected(query: Select, rows: Rows, work_out: WorkOut) -> Rows:
    """Give the columns that a query asks for.

    :param work_out: gives the values of an expression
    """
    if query.grouped is not None:
        rows = _grouped(query, query.grouped, rows, work_out)
    else:
        for name, expression in query.columns:
            if expression is not None:
                rows = rows.with_column(name, work_out(expression, rows))
    for name, _ in query.columns:
        if name not in rows.names:
            rows = rows.with_column(name, [None] * len(rows.rows))
    found = rows.projected([name for name, _ in query.columns])
    return found.distinct() if query.distinct else found


def _grouped(query: Select, by: tuple[str, ...], rows: Rows, work_out: WorkOut) -> Rows:
    members: dict[Terms, list[Terms]] = {}
    for key, row in zip(picked(rows.rows, [rows.place(name) for name in by]), rows.rows, strict=True):
        members.setdefault(key, []).append(row)
    table = Rows(by, list(members))  # type: ignore[arg-type]
    for name, expression in query.columns:
        if expression is None:
            table.place(name)
            continue
        for call in calls(expression, AGGREGATES):
            at = rows.names.index(next(variables(call)))
            told = [_AGGREGATES[call.name]([row[at] for row in each]) for each in members.values()]
            table = table.with_column(_column(call), told)
        table = table.with_column(name, work_out(_without_aggregates(expression), table))
    return table


def _column(call: Call) -> str:
    return f" {call.name} {id(call)}"


def _without_aggregates(expression: Expression) -> Expression:
    """Put a variable in the place of each aggregate."""
    if not isinstance(expression, Call):
        return expression
    if expression.name in AGGREGATES:
        return Variable(_column(expression))
    return Call(expression.name, tuple(map(_without_aggregates, expression.args)))


def _count(terms: Terms) -> bytes:
    return term_of(Value("number", Decimal(len(set(terms) - {None})), XSD.integer.value))


def _extreme(choose: Callable[..., bytes]) -> Callable[[Terms], bytes]:
    def extreme(terms: Terms) -> bytes:
        known = {term for term in terms if term is not None}
        values = {term: value_of(term) for term in known}
        kinds = {value.kind for value in values.values()}
        if len(kinds) != 1 or kinds - {"number", "date", "string"} or None in terms:
            raise UnansweredError("the extreme of values of several kinds")
        return choose(known, key=lambda term: values[term].content)

    return extreme


_AGGREGATES: dict[str, Callable[[Terms], bytes]] = {"COUNT": _count, "MAX": _extreme(max), "MIN": _extreme(min)}
