"""What statements a query can ask for, as its patterns tell (SPARQL 1.1 Query, sections 5 to 13).

Statements that fit none of the patterns of a query cannot change its answer: whoever runs a few known queries over very
many statements can leave the others out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from pyparsing import ParserElement
from rdflib import Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Some of the statements that a query asks for.

    :param named: they are asked for in named graphs, else in the default graph
    :param predicates: IRIs, one of which they have; ``None`` for any
    :param objects: IRIs, one of which they have; ``None`` for any term
    :param without: texts; in graphs whose names hold one of them they are not asked for
    :param graphs: IRIs of the only graphs in which they are asked for; ``None`` for all
    """

    named: bool
    predicates: Names | None = None
    objects: Names | None = None
    without: Names = frozenset()
    graphs: Names | None = None


EVERYTHING = Pattern(named=False), Pattern(named=True)


def patterns_of(query: str) -> tuple[Pattern, ...]:
    """Give what a query asks for; where that is not plain to see, everything.

    :param query: SPARQL; what cannot be parsed asks for everything
    """
    try:
        tree = parsed(query)
        prologue = translatePrologue(tree[0], None)
        body = traverse(tree[1], visitPost=partial(translatePName, prologue=prologue))
        body = traverse(body, visitPost=translatePath)
    except Exception:  # the parser raises whatever its parts raise; what is wrong the engine will say
        return EVERYTHING
    if body.datasetClause or not body.where:
        return EVERYTHING
    return tuple(dict.fromkeys([*_group(body.where, _Scope()), *_asked_by(body, _Scope())]))


def parsed(query: str) -> Any:
    """Parse a query with rdflib's grammar.

    :raises Exception: whatever the parts of the parser raise when it is no SPARQL
    """
    # The library for EDTF has all grammars remember what they tried (packrat): that of SPARQL takes twice as long then.
    ParserElement.disable_memoization()
    try:
        return parseQuery(query)
    finally:
        ParserElement.enable_packrat()


# ---------------------------------------------------------------- what is known of variables
@dataclass(frozen=True)
class _Scope:
    """What holds of the variables of a group, and which graph is asked.

    :param values: the IRIs that a variable can have
    :param without: texts that the value of a variable does not hold
    :param graph: the name of the graph that is asked; ``None`` for the default graph
    """

    values: Mapping[object, Names] | None = None
    without: Mapping[object, Names] | None = None
    graph: object = None

    def within(self, group: CompValue) -> _Scope:
        """Give the scope inside a group: its VALUES and FILTER hold of all of its parts."""
        values, without = dict(self.values or {}), dict(self.without or {})
        for part in group.part or ():
            if part.name == "InlineData":
                values |= _listed(part)
            elif part.name == "Filter":
                for condition in _conditions(part.expr):
                    values |= _demanded(condition)
                    for variable, text in _excluded(condition):
                        without[variable] = without.get(variable, frozenset()) | {text}
        return _Scope(values, without, self.graph)

    def of(self, variables: set[object]) -> _Scope:
        """Give what is known of some variables and no others."""
        values = {v: known for v, known in (self.values or {}).items() if v in variables}
        without = {v: known for v, known in (self.without or {}).items() if v in variables}
        return _Scope(values, without, self.graph)

    def at(self, graph: object) -> _Scope:
        """Give the scope inside a graph."""
        return _Scope(self.values, self.without, graph)

    def names(self, term: object) -> Names | None:
        """Give the IRIs that a term can be; ``None`` when it can be something else."""
        return frozenset({str(term)}) if isinstance(term, URIRef) else (self.values or {}).get(term)

    def pattern(self, predicates: Names | None = None, objects: Names | None = None) -> Pattern:
        """Give a pattern in the graph that is asked."""
        without = (self.without or {}).get(self.graph, frozenset())
        return Pattern(self.graph is not None, predicates, objects, without, self.names(self.graph))


def _listed(data: CompValue) -> dict[object, Names]:
    """Give the variables of a VALUES clause that have an IRI in every row."""
    rows = [row if len(data.var) > 1 else [row] for row in data.value or ()]
    columns = {variable: [row[at] for row in rows] for at, variable in enumerate(data.var)}
    return {v: frozenset(map(str, terms)) for v, terms in columns.items() if all(isinstance(t, URIRef) for t in terms)}


def _conditions(expression: object) -> Iterator[CompValue]:
    """Give what a filter demands, each by itself."""
    part = _plain(expression)
    if isinstance(part, CompValue) and part.name == "ConditionalAndExpression":
        for condition in (part.expr, *part.other):
            yield from _conditions(condition)
    elif isinstance(part, CompValue):
        yield part


def _demanded(condition: CompValue) -> dict[object, Names]:
    """Give the variable of a condition of the form ``?variable IN (iri, …)``."""
    if condition.name != "RelationalExpression" or condition.op != "IN":
        return {}
    terms = [_plain(term) for term in condition.other]
    return {_plain(condition.expr): frozenset(map(str, terms))} if all(isinstance(t, URIRef) for t in terms) else {}


def _excluded(condition: CompValue) -> Iterator[tuple[object, str]]:
    """Give what a condition of the form ``!CONTAINS(STR(?variable), "text")`` excludes."""
    if condition.name == "UnaryNot":
        yield from _contained(_plain(condition.expr))


def _contained(part: object) -> Iterator[tuple[object, str]]:
    if isinstance(part, CompValue) and part.name == "Builtin_CONTAINS":
        of, text = _plain(part.arg1), _plain(part.arg2)
        if isinstance(of, CompValue) and of.name == "Builtin_STR" and isinstance(text, Literal):
            yield _plain(of.arg), str(text)


def _plain(expression: object) -> object:
    """Give what stands within an expression that does nothing."""
    while isinstance(expression, CompValue) and set(expression) == {"expr"} and expression.name.endswith("Expression"):
        expression = expression.expr
    return expression


# ---------------------------------------------------------------- groups
def _group(group: CompValue, outer: _Scope) -> Iterator[Pattern]:
    """Give what a group asks for."""
    if group.name == "SubSelect":
        yield from _subselect(group, outer)
        return
    scope, before = outer.within(group), set[object]()
    plain = {term for part in group.part or () if part.name == "TriplesBlock" for term in _ends(part)}
    for part in group.part or ():
        yield from _part(part, scope, _bound(group) if part.name == "Filter" else before, plain)
        before |= _bound_by(part)


def _part(part: CompValue, scope: _Scope, bound: set[object], plain: set[object]) -> Iterator[Pattern]:
    """Give what a part of a group asks for.

    :param bound: the variables that surely have a value where it is looked at
    :param plain: the subjects and objects of the patterns beside it
    """
    if part.name == "TriplesBlock":
        for triple in _triples(part):
            yield _asked_in(triple, scope, plain)
    elif part.name == "GraphGraphPattern":
        yield from _in_graph(part, scope)
    elif part.name == "MinusGraphPattern":
        # What is subtracted is another solution: only what both surely have is the same there.
        yield from _group(part.graph, scope.of(bound))
    elif part.name == "OptionalGraphPattern":
        # Without a match there is a solution too, and with nothing in it that VALUES could refuse.
        yield from _group(part.graph, replace(scope, values=scope.of(bound).values))
    elif part.name == "GroupOrUnionGraphPattern":
        for branch in part.graph:
            yield from _group(branch, scope)
    elif part.name == "ServiceGraphPattern":
        yield from EVERYTHING
    else:
        yield from _asked_by(part, scope.of(bound))


def _in_graph(part: CompValue, scope: _Scope) -> Iterator[Pattern]:
    inner = scope.at(part.term)
    yield from _group(part.graph, inner)
    if not part.graph.part:
        yield inner.pattern()


def _subselect(query: CompValue, outer: _Scope) -> Iterator[Pattern]:
    """Give what a query inside another asks for; only what it hands out is the same variable outside."""
    out = {v.var for v in query.projection or () if "var" in v} if not _counts_rows(query) else set()
    inner = outer.of(out)
    yield from _group(query.where, inner)
    yield from _asked_by(query, inner)


def _counts_rows(query: CompValue) -> bool:
    """Tell whether which rows there are matters beyond the rows themselves."""
    grouped = query.groupby or query.having or query.limitoffset or query.valuesClause
    return bool(grouped) or any("evar" in variable for variable in query.projection or ())


def _asked_by(part: object, scope: _Scope) -> Iterator[Pattern]:
    """Give what EXISTS asks for, wherever it stands in an expression."""
    if isinstance(part, CompValue):
        if part.name in {"Builtin_EXISTS", "Builtin_NOTEXISTS"}:
            yield from _group(part.graph, scope)
            return
        for key, value in part.items():
            if key != "where":
                yield from _asked_by(value, scope)
    elif isinstance(part, list):
        for item in part:
            yield from _asked_by(item, scope)


def _bound(group: CompValue) -> set[object]:
    """Give variables that have a value in every solution of a group."""
    if group.name == "SubSelect":
        return _bound(group.where) & {v.var for v in group.projection or () if "var" in v}
    return set[object]().union(*(_bound_by(part) for part in group.part or ()))


def _bound_by(part: CompValue) -> set[object]:
    if part.name == "TriplesBlock":
        return {term for triple in _triples(part) for term in triple if isinstance(term, Variable)}
    if part.name == "GraphGraphPattern":
        return {part.term} | _bound(part.graph)
    if part.name == "InlineData":
        return set(_listed(part))
    if part.name == "GroupOrUnionGraphPattern":
        return set[object].intersection(*map(_bound, part.graph))
    return set()


# ---------------------------------------------------------------- triples
def _triples(block: CompValue) -> Iterator[tuple[object, object, object]]:
    for same in block.triples:
        terms = list(same)
        yield from zip(terms[::3], terms[1::3], terms[2::3], strict=True)


def _ends(block: CompValue) -> Iterator[object]:
    """Give the subjects and objects of the patterns that a statement has to fit."""
    for subject, predicate, value in _triples(block):
        if not _may_be_nothing(predicate):
            yield from (subject, value)


def _asked_in(triple: tuple[object, object, object], scope: _Scope, plain: set[object]) -> Pattern:
    subject, predicate, value = triple
    if isinstance(predicate, (URIRef, Variable)):
        return scope.pattern(scope.names(predicate), scope.names(value))
    # A path of no steps leads from every node to itself, so it asks what nodes there are, unless that is known.
    if _may_be_nothing(predicate) and subject not in plain and value not in plain:
        return scope.pattern()
    names = list(_names(predicate))
    return scope.pattern(None if None in names else frozenset(name for name in names if name is not None))


def _names(path: object) -> Iterator[str | None]:
    """Give the properties of a path; ``None`` when it may take any."""
    if isinstance(path, URIRef):
        yield str(path)
    elif isinstance(path, (SequencePath, AlternativePath)):
        for part in path.args:
            yield from _names(part)
    elif isinstance(path, InvPath):
        yield from _names(path.arg)
    elif isinstance(path, MulPath):
        yield from _names(path.path)
    else:
        yield None


def _may_be_nothing(path: object) -> bool:
    """Tell whether a path may have no step."""
    if isinstance(path, SequencePath):
        return all(_may_be_nothing(part) for part in path.args)
    if isinstance(path, AlternativePath):
        return any(_may_be_nothing(part) for part in path.args)
    if isinstance(path, InvPath):
        return _may_be_nothing(path.arg)
    return isinstance(path, MulPath) and (path.zero or _may_be_nothing(path.path))


def asked(patterns: Iterable[Pattern], graph: str | None) -> list[Pattern]:
    """Give the patterns that ask a graph.

    :param graph: its name; ``None`` for the default graph
    """
    if graph is None:
        return [pattern for pattern in patterns if not pattern.named]
    named = (p for p in patterns if p.named and (p.graphs is None or graph in p.graphs))
    return [p for p in named if not any(text in graph for text in p.without)]
