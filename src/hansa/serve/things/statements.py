"""Look up the statements about a node, as lines of N-Quads.

A release holds its data as canonical N-Quads (RDFC-1.0, section 5): sorted, so the statements about a node stand
together. To find them there costs some microseconds, a tenth of what the query store takes to put the terms together.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from hansa.errors import HansaError
from hansa.rdf import FORMATS, Literal, NamedNode, Quad, Term, parse_bytes
from hansa.store import EmbeddedStore

_PAGE = 1 << 13
"""Bytes from one place that is known in the file to the next."""
_LARGE = 1 << 30
"""Bytes of a file in which twice as far from one such place to the next is near enough, to save memory."""
_MOST = 1 << 12
"""Bytes that the statements about a thing rarely go over."""
_HEAD = 1 << 9


class Statements(Protocol):
    """Where statements are looked up."""

    def about(self, subject: str) -> str:
        """Give the statements with a subject, in named graphs, as lines of N-Quads that are sorted."""
        ...


class StoredStatements:
    """The statements of a query store, for a release whose dump is not there or not sorted."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    def about(self, subject: str) -> str:
        """Give the statements with a subject."""
        return "".join(sorted(f"{quad} .\n" for quad in self._store.quads(NamedNode(subject))))


class SortedDump:
    """The statements of a file of sorted N-Quads. It is read where it stands: the whole never comes into memory.

    :param path: the file, which must not change
    :raises HansaError: when it is not there or not sorted
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise HansaError(f"{path} cannot be read: {error.strerror}") from None
        try:
            self._size = os.fstat(self._file).st_size
            self._step = _PAGE if self._size < _LARGE else 2 * _PAGE
            pages = [page for page in map(self._first_line, range(0, self._size, self._step)) if page[1]]
        except BaseException:
            self.close()
            raise
        self._offsets = [offset for offset, _ in pages]
        self._subjects = [subject for _, subject in pages]
        if self._subjects != sorted(self._subjects):
            self.close()
            raise HansaError(f"{path} is not sorted", "run `hansa build`")

    def close(self) -> None:
        """Close the file; nothing can be looked up afterwards."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __del__(self) -> None:
        """Close the file when the release is no longer served."""
        if getattr(self, "_file", -1) >= 0:
            self.close()

    def _first_line(self, offset: int) -> tuple[int, bytes]:
        """Give where the first line in a page begins, and its subject; an empty one when no line begins there."""
        head = os.pread(self._file, _HEAD, max(0, offset - 1))
        at = head.find(b"\n") + 1 if offset else 0
        end = head.find(b" ", at)
        if (offset and not at) or end < 0:
            # A long literal or name goes over the page; a shorter page before it does no harm.
            return offset, b""
        return max(0, offset - 1) + at, head[at:end]

    def about(self, subject: str) -> str:
        """Give the statements with a subject."""
        key = f"<{subject}>".encode()
        page = max(0, bisect_left(self._subjects, key) - 1)
        if not self._offsets:
            return ""
        return self._read(self._offsets[page], key + b" ").decode()

    def _read(self, offset: int, key: bytes) -> bytes:
        size = self._step + _MOST
        while True:
            data = os.pread(self._file, size, offset)
            complete = offset + len(data) >= self._size
            start = _bound(data, key, 0)
            end = _end(data, key, start)
            # Whether more follows is known only when another line has begun.
            if complete or end <= len(data) - len(key):
                return data[start:end]
            size *= 4


def _bound(data: bytes, key: bytes, low: int) -> int:
    """Find where lines that begin with a key begin among sorted ones."""
    high, length = len(data), len(key)
    while low < high:
        middle = (low + high) >> 1
        begin = data.rfind(b"\n", low, middle) + 1 or low
        if data[begin : begin + length] < key:
            low = data.find(b"\n", middle) + 1 or len(data)
        else:
            high = begin
    return low


def _end(data: bytes, key: bytes, at: int) -> int:
    """Find where lines that begin with a key end; they are few, so it looks at each."""
    while data.startswith(key, at):
        at = data.find(b"\n", at) + 1 or len(data)
    return at


def open_statements(dump: Path, store: EmbeddedStore) -> Statements:
    """Open the statements of a release: its dump where that can be read, else its query store."""
    try:
        return SortedDump(dump)
    except HansaError:
        return StoredStatements(store)


# ---------------------------------------------------------------- terms
_WORDS = FORMATS["ntriples"]


def _by_parser(text: str) -> Term:
    statement = next(iter(parse_bytes(f"<x:s> <x:p> {text} .\n".encode(), _WORDS)))
    term: Term = statement.object  # type: ignore[assignment]
    return term


@lru_cache(maxsize=1 << 12)
def read_term(text: str) -> Term:
    r"""Read a term in its N-Triples form, as the engine writes it; what has escapes is read by the engine's parser.

    :raises RdfSyntaxError: when it is not a term
    """
    if "\\" in text or text[0] not in '<"' or text.startswith("<<"):
        return _by_parser(text)
    if text[0] == "<":
        return NamedNode(text[1:-1])
    value, _, kind = text[1:].rpartition('"')
    if kind.startswith("@"):
        return Literal(value, language=kind[1:])
    return Literal(value, datatype=NamedNode(kind[3:-1])) if kind else Literal(value)


def read_quad(line: str) -> Quad:
    """Read a statement of N-Quads, without its full stop."""
    triple, _, graph = line.rpartition(" ")
    subject, predicate, obj = triple.split(" ", 2)
    return Quad(read_term(subject), read_term(predicate), read_term(obj), read_term(graph))  # type: ignore[arg-type]
