"""Run check queries: a SELECT a file, whose rows are failures.

A file says in its header what is wrong (``#+ problem:``), what to do (``#+ solution:``) and how bad it is
(``#+ severity:`` error, warning or info). Its rows have ``?focus`` and, where they help to find the line, ``?property``
and ``?value``; ``?detail`` goes into the message, and ``?replacement`` is the term to write instead of the one at that
line. Checks of the ontology stand in a folder of their own and name the pitfall of the OOPS! catalogue that they find
(``#+ pitfall:``, https://oops.linkeddata.es/catalogue.jsp).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import PurePosixPath

from hansa.errors import QueryError
from hansa.model import Finding, Fix, Position, Severity
from hansa.rdf import BlankNode, Literal, NamedNode, Term
from hansa.store import EmbeddedStore, Table
from hansa.validate.inputs import Inputs, TextFile, error, ordered
from hansa.validate.querywords import explain
from hansa.vocab import Vocabulary

_LINE = re.compile(r"#\+\s?(?:(?P<key>[a-z]+):)?\s*(?P<text>.*)")
_OF_ONTOLOGY = "/checks/ontology/"
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


def run_checks(store: EmbeddedStore, files: Iterable[TextFile], inputs: Inputs) -> list[Finding]:
    """Run every check on the store; a broken check is itself a finding, at its own line.

    :param store: holds asserted, derived and provenance graphs
    """
    findings: list[Finding] = []
    schema = _SchemaStore(store, inputs)
    rules = [file for file in inputs.sparql if file.name.startswith("ontology/rules/")]
    for file in files:
        if is_of_ontology(file):
            find = partial(_run_file, file, schema, inputs)
            findings += inputs.remembered("check", [file, *rules], find)
        else:
            findings += _run_file(file, store, inputs)
    return ordered(findings)


def is_of_ontology(file: TextFile) -> bool:
    """Tell whether a check looks at the ontology and the schemes alone."""
    return _OF_ONTOLOGY in file.name


def schema_graphs(vocab: Vocabulary) -> list[NamedNode]:
    """Give the graphs that checks of the ontology look at."""
    return [vocab.graph("ontology"), vocab.graph("vocabulary"), vocab.graph("derived", "vocabulary")]


class _SchemaStore:
    """The ontology and the schemes alone, for the checks of the ontology: what they say is remembered for them."""

    def __init__(self, store: EmbeddedStore, inputs: Inputs) -> None:
        self._whole = store
        self._vocab = inputs.vocab

    @cached_property
    def _store(self) -> EmbeddedStore:
        graphs = schema_graphs(self._vocab)
        return EmbeddedStore.memory(quad for graph in graphs for quad in self._whole.quads(graph=graph))

    def select(self, query: str) -> Table:
        return self._store.select(query)


_Asked = EmbeddedStore | _SchemaStore


def _run_file(file: TextFile, store: _Asked, inputs: Inputs) -> list[Finding]:
    check = read_check(file)
    return [check] if isinstance(check, Finding) else _run(check, store, inputs)


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


def _run(check: CheckQuery, store: _Asked, inputs: Inputs) -> list[Finding]:
    try:
        table = store.select(check.text)
    except QueryError as problem:
        at = Position(check.file, problem.line or 1, problem.column or 1)
        return [error(*_told(check, at, _POSITION.sub("", problem.message), problem.hint))]
    if "focus" not in table.variables:
        line = next((n for n, row in enumerate(check.text.splitlines(), 1) if row.startswith("SELECT")), 1)
        return [
            error(Position(check.file, line, 1), "check/query", "the check does not select ?focus", "SELECT ?focus …")
        ]
    return list(_findings(check, table.dicts(), inputs))


def _told(check: CheckQuery, at: Position, message: str, hint: str) -> tuple[Position, str, str, str]:
    """Say where the text is broken, if it is; a query that is only too hard is not."""
    if "SPARQL" in message:
        at, message, hint = explain(check.text, at, message, hint)
    return at, "check/query", message, hint


def _findings(check: CheckQuery, rows: Iterable[Mapping[str, Term]], inputs: Inputs) -> Iterator[Finding]:
    for row in rows:
        focus = row.get("focus")
        if focus is None:  # an aggregate over nothing gives one empty row
            continue
        detail = row.get("detail")
        message = f"{inputs.short(focus)}: {check.problem}" + (f" ({_plain(detail, inputs)})" if detail else "")
        iri = focus.value if isinstance(focus, NamedNode) else ""
        place = _place(row, inputs)
        fix = _replaced(row, place, inputs)
        yield Finding(place, check.severity, f"check/{check.name}", message, iri, check.solution, fix)


def _replaced(row: Mapping[str, Term], place: Position, inputs: Inputs) -> Fix | None:
    """Put ``?replacement`` in the place of the term that the row is about, where its file knows the prefix."""
    new = row.get("replacement")
    name = inputs.short(new) if isinstance(new, NamedNode) else ""
    page = inputs.page(place)
    return page.term(place, name) if name and (name.startswith("<") or page.declares(name)) else None


def _plain(term: Term, inputs: Inputs) -> str:
    return term.value if isinstance(term, Literal) else inputs.short(term)


def _place(row: Mapping[str, Term], inputs: Inputs) -> Position:
    focus, predicate = row["focus"], row.get("property")
    if not isinstance(focus, (NamedNode, BlankNode)):
        return Position("", 0, 0)
    return inputs.place(focus, predicate if isinstance(predicate, NamedNode) else None, row.get("value"))
