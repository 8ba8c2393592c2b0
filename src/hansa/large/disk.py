"""All statements of a large project on disk, and a query store made of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from hansa.errors import HansaError
from hansa.manifest import STORES
from hansa.packed import PackedGraphs, in_graph, unpack
from hansa.rdf import Quad, lines_of, parse_file
from hansa.store import EmbeddedStore
from hansa.validate.engines import Engine, is_fast, run, run_on_file
from hansa.validate.inputs import Inputs
from hansa.validate.shapefiles import check_shape_files


@dataclass(frozen=True)
class OnDisk:
    """All statements on disk: as files, and as a query store once it is loaded.

    :param place: an empty directory
    :param is_kept: the query store is wanted when all checks are done
    """

    place: Path
    is_kept: bool = False

    @property
    def triples(self) -> Path:
        """N-Triples of all graphs, with repetitions."""
        return self.place / "triples.nt"

    @property
    def quads(self) -> Path:
        """N-Quads of all graphs."""
        return self.place / "quads.nq"

    @property
    def store(self) -> Path:
        """The query store."""
        return self.place / "store"

    def write(self, graphs: PackedGraphs) -> None:
        """Write both files."""
        self.write_triples(graphs)
        self.write_quads(graphs)

    def write_triples(self, graphs: PackedGraphs) -> None:
        """Write the N-Triples."""
        with self.triples.open("wb") as triples:
            for graph in graphs.values():
                triples.write(unpack(graph.data))

    def write_quads(self, graphs: PackedGraphs) -> None:
        """Write the N-Quads."""
        with self.quads.open("wb") as quads:
            for graph in graphs.values():
                quads.write(in_graph(unpack(graph.data), graph.name))

    def load(self) -> Loading:
        """Begin to load the query store."""
        return Loading(self.quads, self.triples, self.store)

    def report(self, engine: Engine, inputs: Inputs) -> bytes:
        """Validate against the shapes and give the report in N-Triples; call it in a process of its own.

        Shapes that cannot mean what they say find nothing, for they are findings themselves.
        """
        shapes = [] if check_shape_files(inputs) else inputs.shapes
        fast = is_fast(engine)
        return b"".join(lines_of(run_on_file(self.triples, shapes) if fast else run(engine, self._parsed(), shapes)))

    def _parsed(self) -> Iterator[Quad]:
        return parse_file(self.triples)


def scratch_parent(out: Path | None, stack: ExitStack) -> Path:
    """Give the place for a query store: where that of the release will be, or where it soon is gone."""
    if out is None:
        return Path(stack.enter_context(TemporaryDirectory(prefix="hansa-")))
    try:
        (out / STORES).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "check that the directory is writable, or use --out DIR"
        raise HansaError(f"no release was written to {out}: {error}", hint) from error
    return out / STORES


class Loading:
    """A query store that another process loads.

    :param quads: N-Quads of all graphs
    :param triples: N-Triples of all graphs
    :param place: where the store will be
    """

    def __init__(self, quads: Path, triples: Path, place: Path) -> None:
        command = [sys.executable, "-m", "hansa.storing", str(quads), str(triples), str(place)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self._place = place

    @cached_property
    def store(self) -> EmbeddedStore:
        """The store, open for reading, when it is loaded.

        :raises HansaError: when it cannot be
        """
        self._wait()
        return EmbeddedStore.open(self._place)

    def close(self) -> None:
        """Close the store when it is loaded; stop to load it when it is not."""
        self.__dict__.pop("store", None)
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()

    def _wait(self) -> None:
        _, reason = self._process.communicate()
        if self._process.returncode:
            message = f"the query store cannot be built: {reason.decode(errors='replace').strip()[-300:]}"
            raise HansaError(message, "free some space, or choose another place with --out DIR")
