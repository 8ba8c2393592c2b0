"""Find every slip of a text that is no Turtle, not only the first, so that nobody mends a file a line at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from hansa.config import Config
from hansa.errors import RdfSyntaxError
from hansa.model import Finding
from hansa.rdf import FORMATS, parse_bytes
from hansa.sources.project import SourceFile
from hansa.sources.syntax import explain

_MOST, _LARGEST = 20, 2_000_000
"""How many slips are looked for, and the bytes of a file that is not read again and again."""
_UNKNOWN_PREFIX = re.compile(r"The prefix (?P<prefix>[^:]*): has not been declared")
_DECLARATION = re.compile(r"@?(?:prefix|base)\b", re.IGNORECASE)
_OF_THE_FILE = ("a merge conflict", "the file is")


def slips(file: SourceFile, first: RdfSyntaxError, config: Config) -> list[Finding]:
    """Give the slips of a file in the order of its lines.

    A statement with a slip is left out and the rest is read again. A wrong prefix, or a file that is something else
    altogether, ends the search: what comes after would only be an echo.

    :param first: what the engine said of the whole file
    """
    found = dict.fromkeys(_search(file, first, config))
    return sorted(found, key=lambda finding: finding.position)


def _search(file: SourceFile, error: RdfSyntaxError, config: Config) -> Iterator[Finding]:
    lines = file.text().split("\n")
    seen: RdfSyntaxError | None = error
    for _ in range(_MOST):
        if seen is None:
            return
        finding = explain(_with_text(file, lines), seen, config)
        yield finding
        if len(file.data) > _LARGEST or not _leave_out(lines, seen, finding, config):
            return
        seen = _error(_with_text(file, lines), config)


def _with_text(file: SourceFile, lines: list[str]) -> SourceFile:
    other = replace(file)
    other.__dict__["data"] = "\n".join(lines).encode()  # the cached property of this copy: nothing is read
    return other


def _error(file: SourceFile, config: Config) -> RdfSyntaxError | None:
    try:
        for _ in parse_bytes(file.data, FORMATS["turtle"], file=file.name, base=config.base):
            pass
    except RdfSyntaxError as error:
        return error
    return None


def _leave_out(lines: list[str], error: RdfSyntaxError, finding: Finding, config: Config) -> bool:
    """Take the cause of a finding out of the text, all else in its place; tell whether that was possible."""
    unknown = _UNKNOWN_PREFIX.search(error.reason)
    if unknown:
        prefix = unknown["prefix"]
        lines[0] = f"@prefix {prefix}: <{config.prefixes.get(prefix, f'urn:x-hansa:{prefix}:')}> . {lines[0]}"
        return True
    if finding.message.startswith(_OF_THE_FILE):
        return False
    first, end = _statement(lines, finding.position.line)
    if first == end or any(_DECLARATION.match(line) for line in lines[first:end]):
        return False
    lines[first:end] = [""] * (end - first)
    return True


def _statement(lines: list[str], number: int) -> tuple[int, int]:
    """Give the first line of the statement that a line is in, and the line after its last: both counted from 0."""
    begins = [n for n, line in enumerate(lines) if line[:1].strip() and not line.startswith("#")]
    first = max((n for n in begins if n < number), default=number)
    return first, min((n for n in begins if n >= number), default=len(lines))
