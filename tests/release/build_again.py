"""Build releases of two alternating data sets until killed; run by test_writer.py in a process of its own.

Arguments: what to do, the project directory, the dist directory.
"""

import itertools
import resource
import sys
from pathlib import Path

from hansa.config import load_config
from hansa.errors import HansaError
from hansa.rdf import FORMATS, Graphs, NamedNode, Quad, parse_bytes
from hansa.release import ReleaseInputs, write_release
from hansa.store import EmbeddedStore


def inputs_of(project: Path, turn: int) -> ReleaseInputs:
    """Read the small data, one statement more in odd turns."""
    config = load_config(project)
    preamble = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in config.prefixes.items())
    text = preamble + (Path(__file__).parent / "data" / "small.trig").read_text(encoding="utf-8")
    if turn % 2:
        text += "\ngraph:almanac { place:odd a dct:Location . }"
    graphs: Graphs = {}
    quads: list[Quad] = list(parse_bytes(text.encode(), FORMATS["trig"]))
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            graphs.setdefault(quad.graph_name, []).append(quad)
    return ReleaseInputs(config, graphs, lambda: EmbeddedStore.memory(quads), "{}\n", "")


def build_forever(project: Path, dist: Path) -> None:
    """Build and build again, and say so after each time."""
    for turn in itertools.count():
        print(write_release(inputs_of(project, turn), dist).canonical_hash, flush=True)


def build_with_little_space(project: Path, dist: Path) -> None:
    """Build with ever larger limits on the size of a file, as long as they are too small; print each error."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in itertools.count(1000, 1500):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        try:
            write_release(inputs_of(project, 1), dist)
        except HansaError as error:
            print(error.message.splitlines()[0], flush=True)
        else:
            return


if __name__ == "__main__":
    {"forever": build_forever, "little-space": build_with_little_space}[sys.argv[1]](
        Path(sys.argv[2]), Path(sys.argv[3])
    )
