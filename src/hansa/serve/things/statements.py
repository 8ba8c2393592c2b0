"""Look up the statements about a node, as lines of N-Quads.

A release holds its data as canonical N-Quads (RDFC-1.0, section 5): sorted, so the statements about a node stand
together. To find them there costs some microseconds, a tenth of what the query store takes to put the terms together.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from hansa.errors import HansaError
from hansa.rdf import FORMATS, Literal, NamedNode, Quad, Term, parse_bytes
from hansa.serve.lookup.places import Places
from hansa.store import EmbeddedStore


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


class Dump:
    """The statements of a file of sorted N-Quads. It is read where it stands: the whole never comes into memory.

    :param path: the file, which must not change
    :param places: where in it the statements about each thing stand
    :raises HansaError: when it is not there, or another one than that whose places are known
    """

    def __init__(self, path: Path, places: Places) -> None:
        self._places = places
        try:
            self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise HansaError(f"{path} cannot be read: {error.strerror}") from None
        if os.fstat(self._file).st_size != places.size:
            self.close()
            raise HansaError(f"it is not known where in {path} things stand", "run `hansa build`")

    def close(self) -> None:
        """Close the file; nothing can be looked up afterwards."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __del__(self) -> None:
        """Close the file when the release is no longer served."""
        if getattr(self, "_file", -1) >= 0:
            self.close()

    def about(self, subject: str) -> str:
        """Give the statements with a subject."""
        key = f"<{subject}>".encode()
        for start, length in self._places.of(key):
            data = os.pread(self._file, length, start)
            if data.startswith(key):
                return data.decode()
        return ""


def open_statements(dump: Path, places: Places, store: EmbeddedStore) -> Statements:
    """Open the statements of a release: its dump where that can be read, else its query store."""
    try:
        return Dump(dump, places)
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
