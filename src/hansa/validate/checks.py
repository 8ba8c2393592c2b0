"""Run check queries: a SELECT a file, whose rows are failures.

A file says in its header what is wrong (``#+ problem:``), what to do (``#+ solution:``) and how bad it is
(``#+ severity:`` error, warning or info). Its rows have ``?focus`` and, where they help to find the line, ``?property``
and ``?value``; ``?detail`` goes into the message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from hansa.errors import QueryError
from hansa.model import Finding, Position, Severity
from hansa.rdf import BlankNode, Literal, NamedNode, Term
from hansa.store import QueryStore
from hansa.validate.inputs import Inputs, TextFile, error, ordered

_LINE = re.compile(r"#\+\s?(?:(?P<key>[a-z]+):)?\s*(?P<text>.*)")
_POSITION = re.compile(r" at \d+:\d+")
_SEVERITIES = {str(s): s for s in Severity}


@dataclass(frozen=True, slots=True)
class CheckQuery:
    """A check as its file has it."""

    name: str
    file: str
    problem: str
    solution: str
    severity: Severity
    text: str


def run_checks(store: QueryStore, files: Iterable[TextFile], inputs: Inputs) -> list[Finding]:
    """Run every check on the store; a broken check is itself a finding, at its own line.

    :param store: holds asserted, derived and provenance graphs
    """
    findings: list[Finding] = []
    for file in files:
        check = read_check(file)
        findings += [check] if isinstance(check, Finding) else _run(check, store, inputs)
    return ordered(findings)


def read_check(file: TextFile) -> CheckQuery | Finding:
    """Read a check query with its header, or say what its header lacks."""
    text = file.text()
    header = _header(text)
    for key in ("problem", "solution", "severity"):
        if not header.get(key):
            return error(
                Position(file.name, 1, 1), "check/header", f"the check has no {key}", f"add a line: #+ {key}: …"
            )
    severity = _SEVERITIES.get(header["severity"])
    if severity is None:
        line = next(n for n, row in enumerate(text.splitlines(), 1) if row.startswith("#+ severity"))
        message = f"{header['severity']!r} is no severity"
        return error(Position(file.name, line, 1), "check/header", message, "write error, warning or info")
    name = PurePosixPath(file.name).stem
    return CheckQuery(name, file.name, header["problem"], header["solution"], severity, text)


def _header(text: str) -> dict[str, str]:
    """Read ``#+ key: text`` lines; a line without key goes on with the one before."""
    entries: dict[str, str] = {}
    key = ""
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            break
        key = match["key"] or key
        entries[key] = f"{entries.get(key, '')} {match['text']}".strip()
    return entries


def _run(check: CheckQuery, store: QueryStore, inputs: Inputs) -> list[Finding]:
    try:
        table = store.select(check.text)
    except QueryError as problem:
        at = Position(check.file, problem.line or 1, problem.column or 1)
        return [error(at, "check/query", _POSITION.sub("", problem.message), problem.hint)]
    if "focus" not in table.variables:
        return [error(Position(check.file, 1, 1), "check/query", "the check does not select ?focus", "SELECT ?focus …")]
    return list(_findings(check, table.dicts(), inputs))


def _findings(check: CheckQuery, rows: Iterable[Mapping[str, Term]], inputs: Inputs) -> Iterator[Finding]:
    for row in rows:
        focus = row.get("focus")
        if focus is None:  # an aggregate over nothing gives one empty row
            continue
        detail = row.get("detail")
        message = f"{inputs.short(focus)}: {check.problem}" + (f" ({_plain(detail, inputs)})" if detail else "")
        iri = focus.value if isinstance(focus, NamedNode) else ""
        yield Finding(_place(row, inputs), check.severity, f"check/{check.name}", message, iri, check.solution)


def _plain(term: Term, inputs: Inputs) -> str:
    return term.value if isinstance(term, Literal) else inputs.short(term)


def _place(row: Mapping[str, Term], inputs: Inputs) -> Position:
    focus, predicate = row["focus"], row.get("property")
    if not isinstance(focus, (NamedNode, BlankNode)):
        return Position("", 0, 0)
    return inputs.place(focus, predicate if isinstance(predicate, NamedNode) else None, row.get("value"))
