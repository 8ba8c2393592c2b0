"""Run the fast SHACL engine in a process of its own: ``python -m hansa.validate.apart DATA SHAPES``, N-Triples all.

The engine has threads, which a forked process would wait for in vain, and the memory that a large graph takes is given
back with the process.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(data: str, shapes: str) -> None:
    """Write the validation report to standard output; exit with 1 and the reason when the shapes are wrong."""
    import shacl  # noqa: PLC0415 - an optional extra

    try:
        report = shacl.Shapes.from_text(Path(shapes).read_text(encoding="utf-8"), "ntriples").validate_file(data)
    except ValueError as error:
        sys.exit(str(error))
    sys.stdout.write(report.serialize("ntriples"))


if __name__ == "__main__":
    main(*sys.argv[1:])
