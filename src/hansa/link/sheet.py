"""An SSSOM table as lines of fields: header, heading, rows, and where each field begins."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hansa.errors import HansaError, NotFoundError
from hansa.model import Finding, Position, Severity
from hansa.vocab import Vocabulary

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
_CURIE_MAP_ENTRY = re.compile(r"#\s+(?P<prefix>[\w-]+):\s*(?P<iri>[\"']?\S+?[\"']?)\s*\Z")
_CONFLICT = re.compile(r"(<{7}|={7}|>{7}|\|{7})(\s|\Z)")
_SLOT = re.compile(r"#\s+- slot_name:\s*(?P<name>\w+)\s*\Z")


class RowError(Exception):
    """A row that cannot become a decision.

    :param column: the name of the column at fault
    """

    def __init__(self, column: str, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.column = column
        self.code = code
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of a line by column, and where each begins."""

    file: str
    line: int
    fields: Mapping[str, str]
    starts: Mapping[str, int]

    def at(self, column: str = "") -> Position:
        """Give the place of a field, or of the row."""
        return Position(self.file, self.line, self.starts.get(column, 1))


def row_error(position: Position, code: str, message: str, hint: str, focus: str = "") -> Finding:
    """Make a finding of the table."""
    return Finding(position, Severity.ERROR, f"link/{code}", message, focus, hint)


def _starts(line: str) -> list[int]:
    return [1, *(i + 2 for i, character in enumerate(line) if character == "\t")]


def _split(line: str) -> list[str]:
    return next(csv.reader([line], delimiter="\t", strict=True))


def read_lines(path: Path, name: str) -> list[str]:
    """Read the lines of a table.

    :raises NotFoundError: when there is no such file
    :raises HansaError: when the file is not UTF-8
    """
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        raise NotFoundError(f"{name} does not exist", "add an SSSOM table, or take the file off the list") from None
    except UnicodeDecodeError as error:
        raise HansaError(f"{name} is not UTF-8: {error.reason} at byte {error.start}", "save it as UTF-8") from None


def check_prefixes(header: Iterable[tuple[int, str]], name: str, vocab: Vocabulary) -> Iterator[Finding]:
    """Find prefixes of the header that stand for another namespace than in the project."""
    for number, line in header:
        entry = _CURIE_MAP_ENTRY.match(line)
        known = vocab.prefixes.get(entry["prefix"]) if entry else None
        if entry and known and entry["iri"].strip("\"'") != known:
            message = f"curie_map binds {entry['prefix']} to {entry['iri']}"
            position = Position(name, number, entry.start("iri") + 1)
            yield row_error(position, "curie-map", message, f"the prefix table says {known}")


def rows(lines: Iterable[tuple[int, str]], columns: list[str], name: str) -> Iterator[Row | Finding]:
    """Split lines into rows; what cannot be split becomes a finding, once when all lines have the same fault."""
    lines = list(lines)
    counts = Counter(line.count("\t") + 1 for _, line in lines)
    usual = counts.most_common(1)[0][0] if counts else 0
    if len(lines) > 1 and usual != len(columns) and counts[usual] > len(lines) / 2:
        message = f"the heading has {len(columns)} columns, and most rows have {usual} fields"
        yield row_error(Position(name, lines[0][0] - 1, 1), "fields", message, "compare the heading with the rows")
        return
    for number, line in lines:
        if _CONFLICT.match(line):
            hint = "keep one of the two versions, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
            yield row_error(Position(name, number, 1), "syntax", "a merge conflict is left in the file", hint)
            continue
        try:
            fields = _split(line)
        except csv.Error as error:
            hint = "close the quotation mark, or double it inside a quoted field"
            yield row_error(Position(name, number, 1), "syntax", f"the row is not valid TSV: {error}", hint)
            continue
        if len(fields) != len(columns):
            message = f"the row has {len(fields)} fields, the table has {len(columns)} columns"
            yield row_error(Position(name, number, 1), "fields", message, "separate fields by single tabs")
            continue
        starts = dict(zip(columns, _starts(line), strict=False))
        yield Row(name, number, dict(zip(columns, fields, strict=True)), starts)


def heading(
    table: list[tuple[int, str]], name: str, header: Iterable[tuple[int, str]] = ()
) -> tuple[list[str], list[Finding]]:
    """Read the heading: the columns, and what is wrong with them.

    :param header: the lines before it, which say what further columns there are
    """
    number, heading = table[0] if table else (1, "")
    columns = heading.split("\t")
    if len(columns) == 1 and any(mark in heading for mark in ",;|"):
        message = "the columns are not separated by tabs"
        return columns, [row_error(Position(name, number, 1), "column", message, "save the table as TSV, not as CSV")]
    if columns[0] != COLUMNS[0] and COLUMNS[0] not in columns and ":" in columns[0]:
        message, hint = "the table has no heading row", f"put the names of the columns first: {COLUMNS[0]}, …"
        return columns, [row_error(Position(name, number, 1), "column", message, hint)]
    slots = [found["name"] for _, line in header if (found := _SLOT.match(line))]
    missing = [column for column in (*COLUMNS, *slots) if column not in columns]
    if not missing:
        return columns, []
    message = f"the table lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}"
    return columns, [row_error(Position(name, number, 1), "column", message, "add it to the heading row")]
