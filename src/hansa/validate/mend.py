"""Apply fixes to files: all or nothing for each file, and only to the very bytes that were checked."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hansa.errors import HansaError
from hansa.model import Finding, Fix
from hansa.validate.edits import Page


@dataclass(frozen=True, slots=True)
class Mended:
    """A file and what fixes make of it.

    :param name: the file as findings show it
    :param before: its text when it was checked
    :param after: its text with the fixes
    :param count: how many fixes
    """

    name: str
    before: str
    after: str
    count: int

    def diff(self) -> str:
        """Give the change as a unified diff."""
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(difflib.unified_diff(before, after, f"a/{self.name}", f"b/{self.name}"))


def mend(findings: Iterable[Finding], texts: Mapping[str, str]) -> list[Mended]:
    """Work out what the fixes of some findings make of the files; of two that overlap the first counts.

    :param texts: the files as they were checked, by name
    """
    by_file: dict[str, set[Fix]] = {}
    for finding in findings:
        if finding.fix and finding.fix.start.file in texts:
            by_file.setdefault(finding.fix.start.file, set()).add(finding.fix)
    mended = (_mended(name, texts[name], sorted(by_file[name])) for name in sorted(by_file))
    return [file for file in mended if file.count]


def _mended(name: str, text: str, fixes: list[Fix]) -> Mended:
    page, parts, done, count = Page(name, text), [], 0, 0
    for fix in fixes:
        start, end = page.offset(fix.start), page.offset(fix.end)
        if done <= start <= end and text[start:end] == fix.original:
            parts += [text[done:start], fix.replacement]
            done, count = end, count + 1
    return Mended(name, text, "".join([*parts, text[done:]]), count)


def write(mended: Mended, path: Path) -> None:
    """Write a file in one move, its permissions kept.

    :raises HansaError: when the file is no longer what was checked, or cannot be written
    """
    try:
        if path.read_bytes() != mended.before.encode():
            raise HansaError(f"{mended.name} has changed while it was checked", "run the command again")
        _replace(path, mended.after.encode())
    except OSError as error:
        raise HansaError(f"{mended.name} cannot be mended: {error.strerror}", "nothing in it was changed") from error


def _replace(path: Path, data: bytes) -> None:
    real = path.resolve()  # a link stays a link
    handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        Path(name).chmod(real.stat().st_mode & 0o7777)
        Path(name).replace(real)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
