"""Where in the dump of a release the statements about each thing stand, as part of the file in which it is looked up.

A thing is found by the checksum of its name, which two things may share; whoever reads there sees whether it is the
one. So a place takes sixteen bytes of memory, however long names are, and all processes share them.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from zlib import crc32

from hansa.serve.lookup.database import Database, Row, run_script

_TABLES = """
CREATE TEMP TABLE stretch(checksums BLOB, starts BLOB, lengths BLOB);
CREATE TABLE place(size INTEGER, checksums BLOB, starts BLOB, lengths BLOB);
"""
_CHECKSUM, _START, _LENGTH = "I", "Q", "I"


class PlacesRead:
    """Takes note of places while a part of the dump is read.

    :param start: byte at which the part begins
    """

    def __init__(self, start: int) -> None:
        self._start = self._end = start
        self._checksums: list[int] = []
        self._begins: list[int] = []

    def begin(self, subject: bytes, at: int) -> None:
        """Take note that the statements about a thing begin.

        :param subject: in its N-Quads form
        :param at: byte in the part
        """
        self._checksums.append(crc32(subject))
        self._begins.append(self._start + at)

    def end(self, at: int) -> None:
        """Take note that the last statement ends before a byte of the part."""
        self._end = self._start + at

    def row(self) -> tuple[str, Row]:
        """Give what is written of the part, as a statement and its values."""
        ends = chain(self._begins[1:], (self._end,))
        lengths = array(_LENGTH, (after - begin for begin, after in zip(self._begins, ends, strict=False)))
        columns = array(_CHECKSUM, self._checksums), array(_START, self._begins), lengths
        return "INSERT INTO stretch VALUES (?, ?, ?)", tuple(column.tobytes() for column in columns)


def create_places(target: sqlite3.Connection) -> None:
    """Make the table for places."""
    run_script(target, _TABLES)


def finish_places(target: sqlite3.Connection, dump: Path) -> None:
    """Bring the places of all parts into the order of their checksums."""
    found = array(_CHECKSUM), array(_START), array(_LENGTH)
    for row in target.execute("SELECT checksums, starts, lengths FROM stretch ORDER BY rowid"):
        for column, part in zip(found, row, strict=True):
            column.frombytes(part)
    numbered = sorted([checksum << 32 | number for number, checksum in enumerate(found[0])])
    order = [number & 0xFFFFFFFF for number in numbered]
    columns = (array(column.typecode, map(column.__getitem__, order)).tobytes() for column in found)
    if numbered:
        target.execute("INSERT INTO place VALUES (?, ?, ?, ?)", (dump.stat().st_size, *columns)).close()
    target.execute("DROP TABLE stretch").close()


class Places:
    """The places of all things in a dump.

    :param database: in which they were written; without them nothing is found
    :ivar size: of the dump, in bytes; 0 when there are no places
    """

    def __init__(self, database: Database) -> None:
        self._checksums, self._starts, self._lengths = array(_CHECKSUM), array(_START), array(_LENGTH)
        self.size = 0
        for self.size, checksums, starts, lengths in database.rows("SELECT * FROM place"):
            self._checksums.frombytes(checksums)
            self._starts.frombytes(starts)
            self._lengths.frombytes(lengths)

    def of(self, subject: bytes) -> Iterator[tuple[int, int]]:
        """Give where the statements about a thing may stand: start and length in bytes, mostly just one place.

        :param subject: in its N-Quads form
        """
        checksums, wanted = self._checksums, crc32(subject)
        at = bisect_left(checksums, wanted)
        while at < len(checksums) and checksums[at] == wanted:
            yield self._starts[at], self._lengths[at]
            at += 1
