"""What a query is made of. Terms are as N-Triples writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from hansa.errors import HansaError

AGGREGATES = frozenset({"COUNT", "MAX", "MIN"})
"""The functions that make one value of those of a group."""


class UnansweredError(HansaError):
    """A query, or the data that it meets, has what is left to the query store."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable, without its question mark."""

    name: str


Slot = Variable | bytes
"""A place in a pattern: a variable or a term."""


@dataclass(frozen=True, slots=True)
class Path:
    """A property path: one of several properties, or a way of any length along one.

    :param properties: any of them
    :param least: how many steps there must be when any number may be, -1 when there is one step
    """

    properties: tuple[bytes, ...]
    least: int = -1

    @property
    def repeated(self) -> bool:
        """Any number of steps."""
        return self.least >= 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern, in a named graph or in the default graph (``None``)."""

    subject: Slot
    predicate: Slot | Path
    object: Slot
    graph: Slot | None = None

    def slots(self) -> tuple[Slot | Path | None, ...]:
        """Give graph, subject, predicate and object."""
        return self.graph, self.subject, self.predicate, self.object


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or a function with its arguments; ``term`` has one term, ``var`` one variable."""

    name: str
    args: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether a group has a solution."""

    group: Group


Expression = Call | Exists | Variable | bytes


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition on the solutions of its group."""

    condition: Expression


@dataclass(frozen=True, slots=True)
class Bind:
    """A new variable."""

    expression: Expression
    variable: str


@dataclass(frozen=True, slots=True)
class Values:
    """Solutions that the query itself gives."""

    variables: tuple[str, ...]
    rows: tuple[tuple[bytes, ...], ...]


@dataclass(frozen=True, slots=True)
class Optional:
    """A group that need not have a solution."""

    group: Group


@dataclass(frozen=True, slots=True)
class Minus:
    """A group whose solutions are taken away."""

    group: Group


@dataclass(frozen=True, slots=True)
class Union:
    """Either of several groups."""

    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Select:
    """A query.

    :param columns: what it gives: a variable each, and how it is made where it is not one of the group's
    :param grouped: by what its solutions are put together; ``None`` where they are not
    """

    columns: tuple[tuple[str, Expression | None], ...]
    where: Group
    distinct: bool
    grouped: tuple[str, ...] | None


Element = Pattern | Filter | Bind | Values | Optional | Minus | Union | Select


@dataclass(frozen=True, slots=True)
class Group:
    """What stands between two braces, in order."""

    elements: tuple[Element, ...]


def variables(item: Element | Group | Expression | None) -> Iterator[str]:
    """Give every variable that a part of a query shows to what is around it."""
    if isinstance(item, Variable):
        yield item.name
    elif isinstance(item, Pattern):
        yield from (slot.name for slot in item.slots() if isinstance(slot, Variable))
    elif isinstance(item, (Call, Group, Union)):
        parts: Sequence[Element | Group | Expression] = (
            item.args if isinstance(item, Call) else item.elements if isinstance(item, Group) else item.groups
        )
        for part in parts:
            yield from variables(part)
    elif isinstance(item, Filter):
        yield from variables(item.condition)
    elif isinstance(item, Bind):
        yield from (item.variable, *variables(item.expression))
    elif isinstance(item, (Values, Select)):
        yield from item.variables if isinstance(item, Values) else (name for name, _ in item.columns)
    elif isinstance(item, (Optional, Exists, Minus)):
        yield from variables(item.group)


def calls(expression: Expression, names: Collection[str]) -> Iterator[Call]:
    """Give the calls of some functions in an expression."""
    if isinstance(expression, Call):
        if expression.name in names:
            yield expression
        for arg in expression.args:
            yield from calls(arg, names)


def properties(item: Element | Group | Expression) -> Iterator[bytes]:
    """Give every property that a part of a query names, at whatever depth."""
    if isinstance(item, Pattern) and not isinstance(item.predicate, Variable):
        yield from item.predicate.properties if isinstance(item.predicate, Path) else (item.predicate,)
    elif isinstance(item, Select):
        yield from properties(item.where)
    elif isinstance(item, (Filter, Bind)):
        yield from properties(item.condition if isinstance(item, Filter) else item.expression)
    elif isinstance(item, (Optional, Exists, Minus)):
        yield from properties(item.group)
    elif isinstance(item, (Call, Group, Union)):
        parts: Sequence[Element | Group | Expression] = (
            item.args if isinstance(item, Call) else item.elements if isinstance(item, Group) else item.groups
        )
        for part in parts:
            yield from properties(part)
