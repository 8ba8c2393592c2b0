"""Named graphs that wait compressed: N-Triples shrink to a tenth and less, and are unpacked in one go when needed."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import zstandard

from hansa.rdf import Graphs, Line, NamedNode, Quad, lines_of, quads_of

_LEVEL = 1


def pack(data: bytes) -> bytes:
    """Compress bytes fast (Zstandard, RFC 8878)."""
    return zstandard.ZstdCompressor(_LEVEL).compress(data)


def unpack(data: bytes) -> bytes:
    """Give back what was packed.

    :raises zstandard.ZstdError: when it is something else
    """
    return zstandard.ZstdDecompressor().decompress(data)


@dataclass(frozen=True, slots=True)
class PackedGraph:
    """A named graph; made by :meth:`of`.

    :param name: its name
    :param size: how many statements
    :param data: its distinct lines, sorted and compressed
    """

    name: NamedNode
    size: int
    data: bytes

    @classmethod
    def of(cls, name: NamedNode, lines: Iterable[Line]) -> PackedGraph:
        """Pack the distinct statements among some lines."""
        distinct = sorted(set(lines))
        return cls(name, len(distinct), pack(b"".join(distinct)))

    @classmethod
    def read(cls, name: NamedNode, data: bytes) -> PackedGraph:
        """Make it of bytes that were packed before."""
        return cls(name, unpack(data).count(b"\n"), data)

    def lines(self) -> list[Line]:
        """Give the statements as lines, in order."""
        return unpack(self.data).splitlines(keepends=True)

    def quads(self) -> list[Quad]:
        """Give the statements, in order."""
        return quads_of(self.lines(), self.name)


def in_graph(data: bytes, graph: NamedNode) -> bytes:
    """Write lines of N-Triples as N-Quads in a graph."""
    # A line break inside a text is escaped, so that this is the end of a line and nothing else.
    return data.replace(b" .\n", f" <{graph.value}> .\n".encode())


PackedGraphs = Mapping[NamedNode, PackedGraph]


def pack_graphs(graphs: Graphs) -> dict[NamedNode, PackedGraph]:
    """Pack all graphs."""
    return {name: PackedGraph.of(name, lines_of(quads)) for name, quads in graphs.items()}


def group(graphs: Sequence[PackedGraph], size: int = 100_000) -> Iterator[list[PackedGraph]]:
    """Put small graphs together so that each group is worth a process."""
    found: list[PackedGraph] = []
    room = size
    for graph in graphs:
        found.append(graph)
        room -= graph.size
        if room <= 0:
            yield found
            found, room = [], size
    if found:
        yield found


class Shelf(Protocol):
    """Keeps bytes under keys that stand for everything they were made of."""

    def get(self, key: str) -> bytes | None:
        """Give what was put under a key, or ``None``."""
        ...

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key."""
        ...


class NoShelf:
    """Keeps nothing."""

    def get(self, _key: str) -> bytes | None:
        """Give nothing."""
        return None

    def put(self, _key: str, _data: bytes) -> None:
        """Keep nothing."""


def kept(shelf: Shelf, key: str, make: Callable[[], bytes]) -> bytes:
    """Give what is kept under a key, or make it and keep it."""
    found = shelf.get(key)
    if found is None:
        found = make()
        shelf.put(key, found)
    return found


class Shelves:
    """A shelf in a directory, for one build after another.

    Every file begins with the SHA-256 of the rest: one that is damaged or cut off counts as missing. Only what the
    last build asked for is kept. A directory that cannot be written to is no error; it only costs time later.

    :param place: the directory, made when something is put
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        self._began = time.time()

    def get(self, key: str) -> bytes | None:
        """Give what was put under a key, or ``None``."""
        path = self._path(key)
        try:
            kept = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        data = kept[32:]
        return data if hashlib.sha256(data).digest() == kept[:32] else None

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key."""
        path = self._path(key)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._hide()
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(data).digest() + data)
            Path(name).replace(path)

    def _hide(self) -> None:
        """Tell git to look away."""
        ignore = self._place / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")

    def _path(self, key: str) -> Path:
        return self._place / key[:2] / key[2:]

    def prune(self) -> None:
        """Remove what was not asked for since this object was made."""
        with suppress(OSError):
            for path in self._place.glob("??/*"):
                if path.stat().st_mtime < self._began - 1:
                    path.unlink()
