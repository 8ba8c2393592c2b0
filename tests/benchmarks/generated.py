"""Write a generated graph: ``python -m tests.benchmarks.generated 1000000 graph.nq --seed 1 --errors 100``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from hansa.config import load_config
from hansa.rdf import FORMATS, write
from tests.benchmarks.generate import Generator


def write_nquads(generator: Generator, path: Path) -> int:
    """Write a graph as N-Quads, source by source; give the number of statements."""
    written = 0
    with path.open("wb") as file:
        for source in generator.sources():
            write(source.quads, file, FORMATS["nquads"])
            written += len(source.quads)
    return written


def main() -> None:
    """Generate a graph from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, help="about how many statements")
    parser.add_argument("file", type=Path, help="where the N-Quads go")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--errors", type=int, default=0, help="how many errors to inject; listed beside, as JSON")
    options = parser.parse_args()
    config = load_config(Path(__file__).resolve().parents[2])
    generator = Generator(config.vocab, options.size, options.seed, options.errors)
    print(f"{write_nquads(generator, options.file)} statements in {options.file}")
    if options.errors:
        listed = [{"kind": e.kind, "code": e.code, "focus": e.focus} for e in generator.known]
        options.file.with_suffix(".errors.json").write_text(json.dumps(listed, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
