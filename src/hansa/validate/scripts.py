"""Check rules and queries before anything is made with them: header, syntax, and what kind of query they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import PurePosixPath

from hansa import sparql
from hansa.errors import QueryError
from hansa.model import Finding, Position
from hansa.queries import parse_query
from hansa.store import EmbeddedStore
from hansa.validate.inputs import Inputs, TextFile, error, ordered

_PLACE = re.compile(r"^(?:[^\s:]+:\d+(?::\d+)?|error at \d+:\d+): *| at \d+:\d+")
_CONSTRUCT = "a rule is a CONSTRUCT query: what is in its braces follows from what is under WHERE"


def check_rules(files: Iterable[TextFile]) -> list[Finding]:
    """Find rules that are no CONSTRUCT query; with one of these nothing can be derived."""
    return ordered(finding for file in files for finding in _of_rule(file))


def check_queries(inputs: Inputs, files: Iterable[TextFile]) -> list[Finding]:
    """Find canned queries whose header or syntax is wrong.

    :param files: the queries, without rules and checks
    """
    found = (inputs.remembered("queries", [file], partial(_of_query, file)) for file in files)
    return ordered(finding for findings in found for finding in findings)


def _of_rule(file: TextFile) -> Iterator[Finding]:
    problem = _syntax(file, "rule/syntax")
    if problem:
        yield problem
    elif sparql.query_form(file.text()) != "CONSTRUCT":
        words = (token for token in sparql.tokens(file.text()) if token.kind == "word")
        form = next((token for token in words if token.text.upper() in {"SELECT", "ASK", "DESCRIBE"}), None)
        at = sparql.position(file.text(), form.offset if form else 0)
        yield error(Position(file.name, *at), "rule/form", "the rule is no CONSTRUCT query", _CONSTRUCT)


def _of_query(file: TextFile) -> Iterator[Finding]:
    try:
        parse_query(PurePosixPath(file.name).stem, file.text(), file.name)
    except QueryError as problem:
        yield _finding(file, "query/header", problem)
        return
    broken = _syntax(file, "query/syntax")
    if broken:
        yield broken


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
    for token in sparql.tokens(query):
        calling = calling or (token.kind == "word" and token.text.upper() == "SERVICE")
        calling = calling and token.text != "{"
        blank = calling and token.kind not in ("space", "comment")
        parts.append(" " * len(token.text) if blank else token.text)
    return "".join(parts)


def _finding(file: TextFile, code: str, problem: QueryError) -> Finding:
    at = Position(file.name, problem.line or 1, problem.column or 1)
    hint = problem.hint or "compare it with another query in the same folder"
    return error(at, code, _PLACE.sub("", problem.message), hint)
