"""Read the whole of a release once, subject by subject, in parts that several processes share.

The dump of a release is sorted, so all that is said about a thing stands together: to read it from one end to the
other as text takes a tenth of what the query store takes to give the same statements property by property.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from hansa.errors import HansaError
from hansa.manifest import open_store
from hansa.model import Release
from hansa.rdf import NamedNode
from hansa.serve.pages.records import Says, read_lines
from hansa.serve.things.statements import SortedDump
from hansa.vocab import RDF

_PART = 1 << 24
"""Bytes that are read at once."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the dump: all the statements about some subjects.

    :param start: byte at which it begins; ``end`` the one after it
    """

    release: Release
    start: int
    end: int

    def lines(self) -> list[bytes]:
        """Read its statements, without the ends of their lines."""
        with self.release.directory.joinpath("hansa.nq").open("rb", buffering=0) as file:
            return os.pread(file.fileno(), self.end - self.start, self.start).split(b"\n")


@dataclass(frozen=True, slots=True)
class Whole:
    """All statements of a release whose dump is not there or not sorted: from its query store."""

    release: Release

    def lines(self) -> list[bytes]:
        """Read its statements, without the ends of their lines."""
        store = open_store(self.release)
        return sorted(f"{quad} .".encode() for graph in store.graphs() for quad in store.quads(graph=graph))


def parts_of_release(release: Release) -> list[Part] | list[Whole]:
    """Divide a release into parts of some megabytes, in the order of their subjects."""
    dump = release.directory / "hansa.nq"
    try:
        SortedDump(dump).close()
    except HansaError:
        return [Whole(release)]
    cuts = sorted({0, *_cuts(dump), dump.stat().st_size})
    return [Part(release, start, end) for start, end in pairwise(cuts)]


def _cuts(dump: Path) -> Iterator[int]:
    with dump.open("rb") as file:
        for offset in range(_PART, dump.stat().st_size, _PART):
            file.seek(offset)
            file.readline()
            place, line = file.tell(), file.readline()
            subject = line.partition(b" ")[0]
            while line and line.partition(b" ")[0] == subject:
                place, line = file.tell(), file.readline()
            yield place


def read_subjects(
    part: Part | Whole, properties: Iterable[NamedNode], types: Iterable[NamedNode]
) -> Iterator[tuple[str, Says]]:
    """Give every named subject of a part with what some properties say about it.

    :param properties: whose values are wanted
    :param types: of all the types of a thing only these are given
    :raises HansaError: when the part is not sorted
    """
    wanted = frozenset(str(one).encode() for one in properties)
    a_type, wanted_types = str(RDF.type).encode(), frozenset(str(one).encode() for one in types)
    current = b""
    kept: list[bytes] = []
    for line in part.lines():
        subject, _, said = line.partition(b" ")
        predicate, _, value = said.partition(b" ")
        if predicate in wanted or (predicate == a_type and value.partition(b" ")[0] in wanted_types):
            if subject != current:
                if not subject.startswith(b"<"):  # blank nodes, which come after everything that has a name
                    break
                if subject < current:
                    raise HansaError("the dump of the release is not sorted", "run `hansa build`")
                if kept:
                    yield _said(current, kept)
                current, kept = subject, []
            kept.append(line)
    if kept:
        yield _said(current, kept)


def _said(subject: bytes, lines: list[bytes]) -> tuple[str, Says]:
    return subject[1:-1].decode(), read_lines(b"\n".join([*lines, b""]).decode())
