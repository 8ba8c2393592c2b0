"""The dataset cut into segments: ranges of subjects that are sorted, written and counted one by one, on all cores.

The canonical order of statements is the order of their lines, so what is true of the order inside segments is true of
the whole, and no process ever holds more than one segment. Where the cuts are depends on the data alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hansa.errors import HansaError
from hansa.packed import PackedGraph, group, in_graph, pack, unpack
from hansa.rdf import Line, NamedNode
from hansa.workers import spread

SMALL = 60_000
"""Up to so many statements one process is faster than several."""
_SEGMENT = 100_000
_STRIDE = 50


@dataclass(frozen=True, slots=True)
class _Piece:
    """Where the part of a segment that one group of graphs gave lies."""

    file: Path
    start: int
    length: int


class Segments:
    """The quads of all graphs by ranges of subjects, on disk.

    :param graphs: the dataset
    :param scratch: a directory for the pieces; the caller removes it
    """

    def __init__(self, graphs: Sequence[PackedGraph], scratch: Path) -> None:
        self.size = sum(graph.size for graph in graphs)
        self.is_small = self.size <= SMALL
        self._scratch = scratch
        groups = list(group(graphs))
        self._cuts = self._choose_cuts(groups)
        self._pieces = list(spread(self._cut, enumerate(groups), small=self.is_small))

    def __len__(self) -> int:
        return len(self._cuts) + 1

    def _choose_cuts(self, groups: list[list[PackedGraph]]) -> list[bytes]:
        count = self.size // _SEGMENT
        if not count:
            return []
        sample = sorted(subject for found in spread(_sample, groups, small=self.is_small) for subject in found)
        chosen = {sample[len(sample) * number // (count + 1)] for number in range(1, count + 1)}
        return sorted(chosen)

    def _cut(self, numbered: tuple[int, list[PackedGraph]]) -> list[_Piece]:
        number, graphs = numbered
        lines = sorted([line for graph in graphs for line in quad_lines(graph)])
        ends = [*(bisect_left(lines, cut) for cut in self._cuts), len(lines)]
        path = self._scratch / f"piece-{number}"
        pieces, start = [], 0
        with path.open("wb") as out:
            for end in ends:
                at, data = out.tell(), pack(b"".join(lines[start:end]))
                out.write(data)
                pieces.append(_Piece(path, at, len(data)))
                start = end
        return pieces

    def quads(self, number: int) -> list[Line]:
        """Give the distinct quads of a segment in canonical order, as lines of N-Quads."""
        lines: list[Line] = []
        for pieces in self._pieces:
            piece = pieces[number]
            with piece.file.open("rb") as source:
                source.seek(piece.start)
                lines += unpack(source.read(piece.length)).splitlines(keepends=True)
        return sorted(lines)


def _sample(graphs: list[PackedGraph]) -> list[bytes]:
    return [line.split(b" ", 1)[0] for graph in graphs for line in graph.lines()[::_STRIDE]]


def quad_lines(graph: PackedGraph) -> list[Line]:
    """Give the statements of a graph as lines of N-Quads.

    :raises HansaError: when a statement has a blank node
    """
    data = unpack(graph.data)
    if b" _:" in data or b"\n_:" in data or data.startswith(b"_:"):
        for line in data.splitlines(keepends=True):
            _refuse_blank_node(line, graph.name)
    return in_graph(data, graph.name).splitlines(keepends=True)


def _refuse_blank_node(line: Line, graph: NamedNode) -> None:
    subject, _, rest = line.split(b" ", 2)
    if subject.startswith(b"_:") or rest.startswith(b"_:"):
        raise HansaError(
            f"a statement in {graph} has a blank node: {line[:-3].decode()}", "give the node a name of its own"
        )
