"""Check rules and queries before anything is made with them: header, syntax, and what kind of query they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import PurePosixPath

from hansa import sparql
from hansa.errors import ParameterError, QueryError, closest
from hansa.model import CannedQuery, Finding, Position
from hansa.parameters import bind_parameters
from hansa.queries import parse_query
from hansa.store import EmbeddedStore
from hansa.validate.inputs import Inputs, TextFile, did_you_mean, error, ordered
from hansa.validate.querywords import explain

_PLACE = re.compile(r"^(?:[^\s:]+:\d+(?::\d+)?|error at \d+:\d+): *| at \d+:\d+")
_CONSTRUCT = "a rule is a CONSTRUCT query: what is in its braces follows from what is under WHERE"


def check_rules(files: Iterable[TextFile]) -> list[Finding]:
    """Find rules that are no CONSTRUCT query; with one of these nothing can be derived."""
    return ordered(finding for file in files for finding in _of_rule(file))


def check_queries(inputs: Inputs, files: Iterable[TextFile]) -> list[Finding]:
    """Find canned queries whose header or syntax is wrong.

    :param files: the queries, without rules and checks
    """
    found = [f for file in files for f in inputs.remembered("queries", [file], partial(_of_query, file, inputs))]
    rules = [file for file in inputs.sparql if "/rules/" in file.name]
    found += [f for file in rules for f in inputs.remembered("rules", [file], partial(_unbound, file, "rule/variable"))]
    return ordered(found)


def _of_rule(file: TextFile) -> Iterator[Finding]:
    problem = _syntax(file, "rule/syntax")
    if problem:
        yield problem
    elif sparql.query_form(file.text()) != "CONSTRUCT":
        words = (token for token in sparql.all_tokens(file.text()) if token.kind == "word")
        form = next((token for token in words if token.text.upper() in {"SELECT", "ASK", "DESCRIBE"}), None)
        at = sparql.position(file.text(), form.offset if form else 0)
        yield error(Position(file.name, *at), "rule/form", "the rule is no CONSTRUCT query", _CONSTRUCT)


def _of_query(file: TextFile, inputs: Inputs) -> Iterator[Finding]:
    try:
        query = parse_query(PurePosixPath(file.name).stem, file.text(), file.name)
    except QueryError as problem:
        yield _finding(file, "query/header", problem)
        return
    broken = _syntax(file, "query/syntax")
    if broken:
        yield broken
        return
    yield from _examples(file, query, inputs)
    yield from _unbound(file, "query/variable")


def _examples(file: TextFile, query: CannedQuery, inputs: Inputs) -> Iterator[Finding]:
    """Find examples that the query itself would refuse."""
    try:
        bind_parameters(query, {p.name: p.example for p in query.parameters if p.example}, inputs.vocab)
    except ParameterError as problem:
        name = re.search(r"parameter '([^']*)'", problem.message)
        place = _example_place(file, name[1] if name else "")
        yield error(place, "query/example", f"the example is no good: {problem.message}", "give one that works")


def _example_place(file: TextFile, parameter: str) -> Position:
    inside = False
    for number, line in enumerate(file.text().splitlines(), 1):
        inside = inside or bool(re.match(rf"#\+\s+{re.escape(parameter)}:", line))
        if inside and re.match(r"#\+\s+example:", line):
            return Position(file.name, number, 1)
    return Position(file.name, 1, 1)


def _unbound(file: TextFile, code: str) -> Iterator[Finding]:
    """Find variables that a query promises and never looks for: their column stays empty, and nobody is told."""
    text = file.text()
    tokens = sparql.significant(text)
    where = next((n for n, token in enumerate(tokens) if token.text.upper() == "WHERE"), -1)
    sought = {token.text[1:] for token in tokens[where:] if token.kind == "variable"}
    made = {b.text[1:] for a, b in pairwise(tokens) if a.text.upper() == "AS"}
    for token in tokens[:where] if where >= 0 else ():
        if token.kind == "variable" and token.text[1:] not in sought | made:
            message = f"the variable {token.text} stands nowhere under WHERE"
            hint = did_you_mean(closest(token.text, {f"?{name}" for name in sought}), "bind it, or take it out")
            yield error(Position(file.name, *sparql.position(text, token.offset)), code, message, hint)


def _syntax(file: TextFile, code: str) -> Finding | None:
    try:
        EmbeddedStore.memory().query(_alone(file.text()))
    except QueryError as problem:
        return _finding(file, code, problem)
    return None


def _alone(query: str) -> str:
    """Make a query that asks nobody else: ``SERVICE <…> { }`` becomes ``{ }``, everything else stays in its place."""
    parts: list[str] = []
    calling = False
    for token in sparql.all_tokens(query):
        calling = calling or (token.kind == "word" and token.text.upper() == "SERVICE")
        calling = calling and token.text != "{"
        blank = calling and token.kind not in ("space", "comment")
        parts.append(" " * len(token.text) if blank else token.text)
    return "".join(parts)


def _finding(file: TextFile, code: str, problem: QueryError) -> Finding:
    at, message = Position(file.name, problem.line or 1, problem.column or 1), _PLACE.sub("", problem.message)
    hint = problem.hint or "compare it with another query in the same folder"
    if code.endswith("/syntax"):
        at, message, hint = explain(file.text(), at, message, hint)
    return error(at, code, message, hint)
