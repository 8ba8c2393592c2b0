"""What a rule asks for and how its patterns hang together, as its algebra tells (SPARQL 1.1 Query, section 18.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rdflib import BNode, URIRef, Variable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parserutils import CompValue, Expr

from hansa.build.joins import End, Shape
from hansa.patterns import parsed, patterns_of

_Pattern = tuple[object, object, object]
_PLAIN = {"ConstructQuery", "Project", "BGP", "Filter", "Extend", "Join", "ToMultiSet", "values"}


def asked_predicates(rule: str) -> frozenset[bytes] | None:
    """Give the properties whose statements a rule can ask for; ``None`` when it may ask for any."""
    found: set[bytes] = set()
    for pattern in patterns_of(rule):
        if pattern.named or pattern.predicates is None:
            return None
        found |= {f"<{name}>".encode() for name in pattern.predicates}
    return frozenset(found)


def shape_of(rule: str) -> Shape | None:
    """Find out how the patterns of a rule hang together; ``None`` when that is not plain to see."""
    algebra = translateQuery(parsed(rule)).algebra
    parts = list(_parts(algebra.p))
    patterns = [pattern for part in parts if part.name == "BGP" for pattern in part.triples]
    if not all(part.name in _PLAIN for part in parts) or not _is_plain(patterns) or not _is_plain(algebra.template):
        return None
    of = {variable: list(_places(variable, patterns)) for pattern in patterns for variable in _variables(pattern)}
    shared = {variable for variable, places in of.items() if len({number for number, _ in places}) > 1}
    if not _hang_together(patterns, shared) or any(_compares(part, set(of)) for part in parts):
        return None
    joins = {end for variable in shared for _, end in of[variable]}
    heads = [(str(p), _ends(of.get(s)), _ends(of.get(o))) for s, p, o in algebra.template]
    return Shape(sorted(joins), sorted(heads))


def _parts(part: object) -> Iterator[CompValue]:
    """Give the operators of an algebra, without what stands inside expressions."""
    if isinstance(part, CompValue) and not isinstance(part, Expr):
        yield part
        for key, value in part.items():
            if key not in {"expr", "triples", "_vars"}:
                yield from _parts(value)
    elif isinstance(part, list):
        for item in part:
            yield from _parts(item)


def _is_plain(patterns: Iterable[_Pattern]) -> bool:
    return all(isinstance(predicate, URIRef) for _, predicate, _ in patterns)


def _variables(pattern: _Pattern) -> set[object]:
    return {term for term in pattern if isinstance(term, (Variable, BNode))}


def _places(variable: object, patterns: Sequence[_Pattern]) -> Iterator[tuple[int, End]]:
    for number, pattern in enumerate(patterns):
        yield from ((number, (str(pattern[1]), end)) for end in (0, 2) if pattern[end] == variable)


def _ends(places: Iterable[tuple[int, End]] | None) -> list[End]:
    return sorted({end for _, end in places or ()})


def _hang_together(patterns: Sequence[_Pattern], shared: set[object]) -> bool:
    todo, found = list(patterns[:1]), list(patterns[:1])
    while todo:
        nodes = _variables(todo.pop()) & shared
        new = [pattern for pattern in patterns if pattern not in found and nodes & _variables(pattern)]
        found += new
        todo += new
    return bool(patterns) and len(found) == len(set(patterns))


def _compares(part: CompValue, variables: set[object]) -> bool:
    """Tell whether an operator brings together variables of patterns in another way than by standing in them."""
    if part.name == "Filter":
        return len(_mentioned(part.expr) & variables) > 1 or _asks(part.expr)
    return part.name == "Extend" and (part.var in variables or _asks(part.expr))


def _mentioned(expression: object) -> set[object]:
    if isinstance(expression, CompValue):
        return set().union(*(_mentioned(value) for value in expression.values()))
    if isinstance(expression, (list, tuple)):
        return set().union(*(_mentioned(item) for item in expression))
    return {expression} if isinstance(expression, Variable) else set()


def _asks(expression: object) -> bool:
    """Tell whether an expression has patterns of its own."""
    if isinstance(expression, CompValue):
        return expression.name.endswith("EXISTS") or any(_asks(value) for value in expression.values())
    return isinstance(expression, (list, tuple)) and any(_asks(item) for item in expression)
