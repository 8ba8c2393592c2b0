"""A read-only SQLite file that every process opens for itself and whose pages all of them share.

A connection must not go through a fork (https://www.sqlite.org/howtocorrupt.html, section 2.6), so each process makes
its own when it first asks.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

_MAPPED = 1 << 30
_CACHE_KIB = 256
"""Of pages; SQLite reads from the mapped file, the cache is for what it puts together itself."""
_BATCH = 500

Row = tuple[Any, ...]


class Database:
    """What is looked up.

    :param source: a file that never changes, or a connection to a database in memory
    """

    def __init__(self, source: Path | sqlite3.Connection) -> None:
        self._path = source if isinstance(source, Path) else None
        self._connection = None if isinstance(source, Path) else source
        self._process = 0 if self._path else os.getpid()
        self._opening = threading.Lock()

    def __del__(self) -> None:
        """Close it when the release is no longer served."""
        self.close()

    def close(self) -> None:
        """Give the memory back."""
        if self._connection is not None and self._process == os.getpid():
            self._connection.close()
        self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and (self._path is None or self._process == os.getpid()):
            return self._connection
        with self._opening:
            if self._path is not None and self._process != os.getpid():
                self._connection, self._process = open_file(self._path), os.getpid()
            if self._connection is None:
                raise sqlite3.ProgrammingError("the database is closed")
            return self._connection

    def rows(self, statement: str, values: Iterable[Any] = ()) -> list[Row]:
        """Give the rows of a query; none for a text that is not Unicode, which stands in no row."""
        try:
            return self._open().execute(statement, tuple(values)).fetchall()
        except UnicodeEncodeError:
            return []

    def value(self, statement: str, *values: Any) -> Any:
        """Give the first value of the first row, ``None`` when there is none."""
        found = self.rows(statement, values)
        return found[0][0] if found else None

    def rows_for(self, statement: str, keys: Iterable[Any]) -> dict[Any, Row]:
        """Give the rows for many keys at once, by their first column.

        :param statement: with ``({})`` where the keys go
        """
        wanted, found = list(keys), {}
        for at in range(0, len(wanted), _BATCH):
            some = wanted[at : at + _BATCH]
            found.update({row[0]: row for row in self.rows(statement.format(",".join("?" * len(some))), some)})
        return found


def open_file(path: Path) -> sqlite3.Connection:
    """Open a file that never changes: no locks, and its pages are those of the file cache.

    :raises sqlite3.Error: when it is not there or not a database
    """
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True, check_same_thread=False, isolation_level=None
    )
    try:
        connection.execute(f"PRAGMA mmap_size={_MAPPED}").close()
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}").close()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def is_whole(path: Path, stamp: str) -> bool:
    """Tell whether a file was made to its end, by the program that asks."""
    try:
        with closing(open_file(path)) as connection:
            (pages,), (size,) = (
                connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size")
            )
            found = connection.execute("SELECT stamp FROM made").fetchone()
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()
    except (sqlite3.Error, OSError):
        return False
    return bool(found == (stamp,) and sound == ("ok",) and pages * size == path.stat().st_size)


def run_script(target: sqlite3.Connection, script: str) -> None:
    """Run statements with semicolons between, inside the transaction that is open (unlike ``executescript``)."""
    for statement in filter(str.strip, script.split(";")):
        target.execute(statement).close()
