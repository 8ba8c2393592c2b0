"""Read the reviewed links to Wikidata from an SSSOM table and make triples of the accepted ones.

The table is SSSOM/TSV 1.1 (https://mapping-commons.github.io/sssom/spec-formats-tsv/) with one extension column,
``decision``. Rows that say "no match", "undecided" and "rejected" are kept on purpose: what was looked at once is not
proposed again. :func:`read_decisions` never stops at a bad row; it leaves it out and says where and why.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

from hansa.errors import HansaError, NotFoundError
from hansa.model import Finding, Position, Severity
from hansa.rdf import NamedNode, Quad
from hansa.vocab import OWL, SKOS, Vocabulary

COLUMNS = (
    "subject_id",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "mapping_justification",
    "author_label",
    "reviewer_agreement",
    "mapping_date",
    "confidence",
    "comment",
    "decision",
)
_FAMILIES = ("Wikidata", "Natural Earth")
NO_TERM = "sssom:NoTermFound"
_QID = re.compile(r"Q[1-9][0-9]*\b")
_CURIE_MAP_ENTRY = re.compile(r"#\s+(?P<prefix>[\w-]+):\s*(?P<iri>[\"']?\S+?[\"']?)\s*\Z")


class Choice(StrEnum):
    """What the reviewer decided about a subject and an item."""

    EXACT = "exact"
    RELATED = "related"
    NONE = "none"
    UNDECIDED = "undecided"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class _Form:
    """How a decision must look in the standard SSSOM columns, so that tools without the extension read it rightly."""

    predicate: NamedNode
    modifier: str
    item: bool
    agreement: float


_CLASHES = {
    "duplicate": ("{subject} and {object} are decided on twice", "keep one row for the pair"),
    "two-answers": ("{subject} has two final answers", "a thing has one exact match or none"),
    "shared-item": ("{object} is the exact match of two things", "an item is one thing: a city or its government"),
}
_FORMS: Mapping[Choice, _Form] = {
    Choice.EXACT: _Form(OWL.sameAs, "", True, 1.0),
    Choice.RELATED: _Form(SKOS.relatedMatch, "", True, 1.0),
    Choice.NONE: _Form(OWL.sameAs, "", False, 1.0),
    Choice.UNDECIDED: _Form(OWL.sameAs, "", True, 0.0),
    Choice.REJECTED: _Form(OWL.sameAs, "Not", True, 1.0),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One reviewed row.

    :param position: file, line and column of its first field
    :param subject: IRI of our thing
    :param predicate: IRI of the mapping relation
    :param object: IRI of the Wikidata item, or an empty string for :attr:`Choice.NONE`
    :param confidence: between 0 and 1, ``None`` where the table gives none
    :param comment: the evidence in words
    :param author: who decided
    :param date: the day of the decision in ISO form
    :param sources: what bears it out; an exact match needs two that are :func:`independent`
    """

    position: Position
    subject: str
    predicate: str
    object: str
    decision: Choice
    confidence: float | None
    comment: str
    author: str
    date: str
    subject_label: str = ""
    object_label: str = ""
    sources: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        """The line in the table, counted from 1."""
        return self.position.line


def independent(sources: Iterable[str]) -> set[str]:
    """Give what does not depend on each other among sources.

    What Wikidata says of itself counts once, whoever copied it, and so does Natural Earth.
    """
    return {next((name for name in _FAMILIES if source.startswith(name)), source) for source in sources}


class _RowError(Exception):
    """A row that cannot become a decision.

    :param column: the name of the column at fault
    """

    def __init__(self, column: str, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.column = column
        self.code = code
        self.hint = hint


@dataclass(frozen=True, slots=True)
class _Row:
    """The fields of a line by column, and where each begins."""

    file: str
    line: int
    fields: Mapping[str, str]
    starts: Mapping[str, int]

    def at(self, column: str = "") -> Position:
        return Position(self.file, self.line, self.starts.get(column, 1))


def _error(position: Position, code: str, message: str, hint: str, focus: str = "") -> Finding:
    return Finding(position, Severity.ERROR, f"link/{code}", message, focus, hint)


def _starts(line: str) -> list[int]:
    return [1, *(i + 2 for i, character in enumerate(line) if character == "\t")]


def _split(line: str) -> list[str]:
    return next(csv.reader([line], delimiter="\t", strict=True))


def _iri(row: _Row, column: str, vocab: Vocabulary) -> str:
    try:
        return vocab.expand(row.fields[column])
    except HansaError as error:
        raise _RowError(column, "prefix", error.message, error.hint) from None


def _subject(row: _Row, vocab: Vocabulary) -> str:
    iri = _iri(row, "subject_id", vocab)
    if vocab.kind_and_slug(iri) is None:
        raise _RowError(
            "subject_id",
            "subject",
            f"{row.fields['subject_id']} is not a thing of this graph",
            "write kind:slug, as in place:tokyo",
        )
    return iri


def _item(row: _Row, vocab: Vocabulary) -> str:
    name = row.fields["object_id"]
    if name == NO_TERM:
        return ""
    iri = _iri(row, "object_id", vocab)
    if not re.fullmatch(re.escape(vocab.prefixes["wd"]) + r"Q[1-9][0-9]*", iri):
        found = _QID.search(name)
        hint = f"write wd:{found[0]}" if found else f"write wd:Q… with digits, or {NO_TERM} for no match"
        raise _RowError("object_id", "wikidata-iri", f"{name} is not the IRI of a Wikidata item", hint)
    return iri


def _choice(row: _Row) -> Choice:
    try:
        return Choice(row.fields["decision"])
    except ValueError:
        words = ", ".join(Choice)
        raise _RowError(
            "decision", "decision", f"unknown decision {row.fields['decision']!r}", f"use {words}"
        ) from None


def _number(row: _Row, column: str) -> float | None:
    text = row.fields[column]
    try:
        value = float(text) if text else None
    except ValueError:
        value = -1.0
    if value is not None and not 0 <= value <= 1:
        raise _RowError(column, "number", f"{column} is {text!r}", "give a number between 0 and 1")
    return value


def _day(row: _Row) -> str:
    text = row.fields["mapping_date"]
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if not day or day != text:
        raise _RowError("mapping_date", "date", f"mapping_date is {text!r}", "give a day as YYYY-MM-DD")
    return day


def _required(row: _Row) -> None:
    for column in ("mapping_justification", "author_label", "comment"):
        if not row.fields[column].strip():
            raise _RowError(column, "empty", f"{column} is empty", "every decision says who made it, how and on what")


def _check_form(row: _Row, choice: Choice, predicate: str, item: str) -> None:
    form = _FORMS[choice]
    expected = {
        "predicate_id": (predicate == form.predicate.value, f"predicate <{form.predicate.value}>"),
        "predicate_modifier": (row.fields["predicate_modifier"] == form.modifier, f"modifier {form.modifier!r}"),
        "object_id": (bool(item) == form.item, "a Wikidata item" if form.item else NO_TERM),
        "reviewer_agreement": (_number(row, "reviewer_agreement") == form.agreement, str(form.agreement)),
    }
    for column, (fits, wanted) in expected.items():
        if not fits:
            message = f"{column} {row.fields[column]!r} contradicts the decision {choice.value!r}"
            raise _RowError(column, "contradictory", message, f"{choice.value} goes with {wanted}")


def _decision(row: _Row, vocab: Vocabulary) -> Decision:
    _required(row)
    subject, item = _subject(row, vocab), _item(row, vocab)
    choice, predicate = _choice(row), _iri(row, "predicate_id", vocab)
    _check_form(row, choice, predicate, item)
    return Decision(
        position=row.at(),
        subject=subject,
        predicate=predicate,
        object=item,
        decision=choice,
        confidence=_number(row, "confidence"),
        comment=row.fields["comment"],
        author=row.fields["author_label"],
        date=_day(row),
        subject_label=row.fields.get("subject_label", ""),
        object_label=row.fields.get("object_label", ""),
        sources=tuple(filter(None, row.fields.get("sources", "").split("|"))),
    )


def _lines(path: Path, name: str) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise NotFoundError(f"{name} does not exist", "add an SSSOM table, or take the file off the list") from None
    except UnicodeDecodeError as error:
        raise HansaError(f"{name} is not UTF-8: {error.reason} at byte {error.start}", "save it as UTF-8") from None


def _check_prefixes(header: Iterable[tuple[int, str]], name: str, vocab: Vocabulary) -> Iterator[Finding]:
    for number, line in header:
        entry = _CURIE_MAP_ENTRY.match(line)
        known = vocab.prefixes.get(entry["prefix"]) if entry else None
        if entry and known and entry["iri"].strip("\"'") != known:
            message = f"curie_map binds {entry['prefix']} to {entry['iri']}"
            position = Position(name, number, entry.start("iri") + 1)
            yield _error(position, "curie-map", message, f"the prefix table says {known}")


def _rows(lines: Iterable[tuple[int, str]], columns: list[str], name: str) -> Iterator[_Row | Finding]:
    for number, line in lines:
        try:
            fields = _split(line)
        except csv.Error as error:
            hint = "close the quotation mark, or double it inside a quoted field"
            yield _error(Position(name, number, 1), "syntax", f"the row is not valid TSV: {error}", hint)
            continue
        if len(fields) != len(columns):
            message = f"the row has {len(fields)} fields, the table has {len(columns)} columns"
            yield _error(Position(name, number, 1), "fields", message, "separate fields by single tabs")
            continue
        starts = dict(zip(columns, _starts(line), strict=False))
        yield _Row(name, number, dict(zip(columns, fields, strict=True)), starts)


def _read(row: _Row | Finding, vocab: Vocabulary) -> Decision | Finding:
    if isinstance(row, Finding):
        return row
    try:
        return _decision(row, vocab)
    except _RowError as bad:
        return _error(row.at(bad.column), bad.code, str(bad), bad.hint)


def _clash(code: str, decision: Decision, first: Decision, vocab: Vocabulary) -> Finding:
    message, hint = _CLASHES[code]
    item = vocab.shorten(decision.object) if decision.object else NO_TERM
    text = message.format(subject=vocab.shorten(decision.subject), object=item)
    return _error(decision.position, code, f"{text}: first in line {first.line}", hint, decision.subject)


def _conflicts(decisions: Iterable[Decision], vocab: Vocabulary) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], Decision] = {}
    for decision in decisions:
        keys: list[tuple[str, ...]] = [("duplicate", decision.subject, decision.object)]
        if decision.decision in {Choice.EXACT, Choice.NONE}:
            keys.append(("two-answers", decision.subject))
        if decision.decision is Choice.EXACT:
            keys.append(("shared-item", decision.object))
        for key in keys:
            first = seen.setdefault(key, decision)
            if first is not decision:
                yield _clash(key[0], decision, first, vocab)


def _heading(table: list[tuple[int, str]], name: str) -> tuple[list[str], list[Finding]]:
    number, heading = table[0] if table else (1, "")
    columns = heading.split("\t")
    missing = [column for column in COLUMNS if column not in columns]
    if not missing:
        return columns, []
    message = f"the table lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
    return columns, [_error(Position(name, number, 1), "column", message, "add it to the heading row")]


def read_decisions(path: Path, name: str, vocab: Vocabulary) -> tuple[list[Decision], list[Finding]]:
    """Read an SSSOM table of decisions.

    :param path: the file
    :param name: its name as findings show it
    :param vocab: gives the prefix table; the table's own ``curie_map`` must agree with it
    :return: the good rows in file order, and findings for everything else, each with line and column
    :raises NotFoundError: when there is no such file
    :raises HansaError: when the file is not UTF-8
    """
    lines = [(number, line.removesuffix("\r")) for number, line in enumerate(_lines(path, name), start=1)]
    header = list(takewhile(lambda pair: pair[1].startswith("#"), lines))
    table = [pair for pair in lines[len(header) :] if pair[1].strip()]
    columns, broken = _heading(table, name)
    results = [] if broken else [_read(row, vocab) for row in _rows(table[1:], columns, name)]
    decisions = [result for result in results if isinstance(result, Decision)]
    findings = [*broken, *_check_prefixes(header, name, vocab)]
    findings += [result for result in results if isinstance(result, Finding)]
    return decisions, sorted([*findings, *_conflicts(decisions, vocab)], key=lambda finding: finding.position)


def dangling(decisions: Iterable[Decision], known: Collection[str]) -> list[Finding]:
    """Find decisions about things that the graph does not have.

    :param known: the IRIs of all things in the graph
    """
    hint = "mend the slug, or drop the row"
    return [
        _error(d.position, "unknown-subject", f"<{d.subject}> is not in the graph", hint, d.subject)
        for d in decisions
        if d.subject not in known
    ]


def link_quads(decisions: Iterable[Decision], vocab: Vocabulary) -> list[Quad]:
    """Give the triples of ``graph:links``, in file order: only what a reviewer accepted."""
    accepted = (d for d in decisions if d.decision in {Choice.EXACT, Choice.RELATED})
    graph = vocab.graph("links")
    return [Quad(NamedNode(d.subject), NamedNode(d.predicate), NamedNode(d.object), graph) for d in accepted]
