"""Things that were published once and are no more: their addresses answer 410 Gone, say why, and what to see instead.

An IRI is never reused, and one that vanishes leaves its readers alone (Cool URIs). The table is written by people in
``instances/withdrawn.tsv``; a release holds it with full IRIs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

from hansa.errors import HansaError

FILE = "withdrawn.tsv"
PLACE = Path("instances") / FILE
COLUMNS = ("iri", "date", "reason", "replaced_by")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A thing that is no more.

    :param date: the day of its withdrawal, in ISO form
    :param reason: why, in a phrase
    :param replaced_by: the IRI of what stands in its place, or an empty string
    """

    iri: str
    date: str
    reason: str
    replaced_by: str = ""


def _wrong(where: str, what: str, hint: str) -> HansaError:
    return HansaError(f"{where}: {what}", hint)


def _rows(text: str, name: str) -> Iterator[tuple[str, list[str]]]:
    reader = csv.reader(io.StringIO(text), "excel-tab", quoting=csv.QUOTE_NONE)
    header = tuple(next(reader, ()))
    if header != COLUMNS:
        raise _wrong(
            f"{name}:1", f"the columns are {', '.join(header)}", f"they must be {', '.join(COLUMNS)}, with tabs"
        )
    for cells in reader:
        where = f"{name}:{reader.line_num}"
        if not cells:
            continue
        if len(cells) != len(COLUMNS):
            raise _wrong(
                where, f"there are {len(cells)} cells", f"write {len(COLUMNS)}, with tabs; the last may be empty"
            )
        yield where, [cell.strip() for cell in cells]


def read_withdrawn(text: str, name: str, expand: Callable[[str], str] = str) -> list[tuple[str, Withdrawal]]:
    """Read the table: for each row where it stands and what it says.

    :param name: of the file, for errors
    :param expand: makes an IRI of what stands in the cells for one
    :raises HansaError: with the line, when a row is not well-formed or an IRI stands twice
    """
    found: dict[str, tuple[str, Withdrawal]] = {}
    for where, (iri, day, reason, other) in _rows(text, name):
        try:
            row = Withdrawal(expand(iri), date.fromisoformat(day).isoformat(), reason, expand(other) if other else "")
        except ValueError:
            raise _wrong(where, f"{day!r} is not a day", "write it as 2026-01-31") from None
        except HansaError as error:
            raise _wrong(where, error.message, error.hint) from None
        if not reason or row.iri in found:
            raise _wrong(where, "there is no reason" if not reason else f"{iri} stands here twice", "see the columns")
        found[row.iri] = where, row
    return list(found.values())


def check_withdrawn(rows: Iterable[tuple[str, Withdrawal]], known: Collection[str], root: str) -> list[Withdrawal]:
    """Hold the table against the graph.

    :param known: IRIs of the things that the graph describes
    :param root: what the IRIs of things begin with
    :raises HansaError: when a thing is not ours or still there, or what replaces it is not
    """
    checked = []
    for where, row in rows:
        if not row.iri.startswith(root):
            raise _wrong(where, f"<{row.iri}> is no thing of this graph", f"its IRI begins with {root}")
        if row.iri in known:
            raise _wrong(where, f"<{row.iri}> is still described", "remove its statements, or this row")
        if row.replaced_by and row.replaced_by.startswith(root) and row.replaced_by not in known:
            raise _wrong(
                where, f"<{row.replaced_by}> is not described", "name a thing that is there, or leave it empty"
            )
        checked.append(row)
    return checked


def write_withdrawn(rows: Iterable[Withdrawal]) -> str:
    """Write the table as a release holds it."""
    return "".join("\t".join(cells) + "\n" for cells in (COLUMNS, *map(astuple, rows)))
