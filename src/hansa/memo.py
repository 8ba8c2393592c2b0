"""Answers kept between runs: what a stage said the last time it read exactly the same bytes.

A key is a digest of *everything* that the answer depends on (contents of files, settings, our own code), so an answer
is either the one that a run from scratch would give or is not found. Only what the last run used is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import hansa

FOLDER = ".hansa-cache"
"""The folder of a graph project that caches stand in; it tells git to look away."""
_LONGEST = 4_000_000


def digest(*parts: str | bytes) -> str:
    """Give one SHA-256 in hex of some texts; where one ends and the next begins counts."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


@cache
def code_digest() -> str:
    """Give a digest of this package as installed: sizes and times of its files."""
    root = Path(hansa.__file__).parent
    found = sorted(path for path in root.rglob("*") if path.suffix in {".py", ".rq", ".txt"})
    stats = ((path, path.stat()) for path in found)
    return digest(*(f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}" for path, stat in stats))


class Memo:
    """A table of answers in one file; made with :meth:`nothing` it remembers no further than the run.

    :param path: the file, or ``None``
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._old = _read(path)
        self._used: dict[str, str] = {}

    @classmethod
    def nothing(cls) -> Memo:
        """Make a table that starts empty and is not written."""
        return cls(None)

    @classmethod
    def of_project(cls, root: Path, name: str) -> Memo:
        """Open the table ``name`` of the project in ``root``."""
        return cls(root / FOLDER / f"{name}.json")

    def text(self, key: str, make: Callable[[], str]) -> str:
        """Give the answer kept under a key, or make it and keep it."""
        if key not in self._used:
            found = self._old.get(key)
            self._used[key] = make() if found is None else found
        return self._used[key]

    def save(self, *, complete: bool = True) -> None:
        """Write what this run used; a folder that cannot be written to is no error, it only costs time later.

        :param complete: the run went through all stages; else what it did not come to is kept as well
        """
        kept = {key: text for key, text in self._used.items() if len(text) < _LONGEST}
        kept = kept if complete else self._old | kept
        if self._path is not None and kept != self._old:
            with suppress(OSError):
                _write(self._path, {"code": code_digest(), "answers": kept})
        self._old, self._used = kept, {}


def _read(path: Path | None) -> dict[str, str]:
    """Read a table; one that is missing, broken or of other code is empty."""
    if path is None:
        return {}
    try:
        document = json.loads(path.read_bytes())
        answers = document["answers"] if document["code"] == code_digest() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {key: text for key, text in answers.items() if isinstance(text, str)} if isinstance(answers, dict) else {}


def _write(path: Path, document: object) -> None:
    """Write a file in one move, so that two runs at once never read half of it."""
    path.parent.mkdir(exist_ok=True)
    ignore = path.parent / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(document, stream)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
