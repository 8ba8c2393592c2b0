"""Check the table of things that are no more, each row by itself, so that all of its slips are shown at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from hansa.config import Config
from hansa.errors import HansaError
from hansa.model import Finding, Position
from hansa.validate.inputs import error, ordered
from hansa.withdrawn import PLACE, check_withdrawn, read_withdrawn

_CODE = "withdrawn/row"
_IRI = re.compile(r"<(https?://[^>]*)>")
_WHERE = re.compile(r"^[^\s:]+:\d+: ")


def check_withdrawals(config: Config, known: Collection[str]) -> list[Finding]:
    """Find rows that are not well-formed, name a thing that is still there, or stand twice; no table, no findings.

    :param known: the IRIs of all things in the graph
    """
    path = config.root / PLACE
    return ordered(_of_table(path, config, known)) if path.is_file() else []


def _of_table(path: Path, config: Config, known: Collection[str]) -> Iterator[Finding]:
    try:
        header, *rows = path.read_text(encoding="utf-8-sig").splitlines() or [""]
    except (UnicodeDecodeError, OSError):
        yield error(Position(PLACE.as_posix(), 1, 1), _CODE, "the table cannot be read as UTF-8", "save it as UTF-8")
        return
    first: dict[str, int] = {}
    wrong = list(_of_row(header, "", 1, config, known))
    yield from wrong
    for number, row in enumerate(rows, 2) if not wrong else ():
        if row.strip():
            yield from _of_row(header, row, number, config, known)
            name = row.split("\t")[0].strip()
            if first.setdefault(name, number) != number:
                at, message = Position(PLACE.as_posix(), number, 1), f"{name} is withdrawn twice"
                yield error(at, _CODE, message, f"keep one row; the first is line {first[name]}")


def _of_row(header: str, row: str, number: int, config: Config, known: Collection[str]) -> Iterator[Finding]:
    try:
        read = read_withdrawn(f"{header}\n{row}\n", PLACE.as_posix(), config.vocab.expand)
        check_withdrawn(read, known, f"{config.base}id/")
    except HansaError as problem:
        message = _IRI.sub(lambda found: config.vocab.shorten(found[1]), _WHERE.sub("", problem.message))
        yield error(Position(PLACE.as_posix(), number, 1), _CODE, message, problem.hint)
