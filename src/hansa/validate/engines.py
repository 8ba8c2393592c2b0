"""The SHACL engines: pySHACL, the reference, and a fast Core engine where its wheel exists.

Both give a ``sh:ValidationReport``; a test proves them equal on every snippet of our shapes, on the shipped graph and
on damaged data. The fast one is young and kept by one person, so it is an extra and never the only way.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from hansa.errors import HansaError
from hansa.rdf import FORMATS, Quad, parse_bytes, serialise
from hansa.validate.inputs import distinct


class Engine(StrEnum):
    """Who validates: ``auto`` is the fast engine where it is installed, else the reference."""

    AUTO = "auto"
    FAST = "fast"
    PYSHACL = "pyshacl"


def run(engine: Engine, data: Iterable[Quad], shapes: Iterable[Quad]) -> list[Quad]:
    """Validate some statements and give the statements of the report.

    :raises HansaError: when the shapes are wrong, or the fast engine is asked for and not installed
    """
    has_fast = find_spec("shacl") is not None
    if engine is Engine.FAST and not has_fast:
        raise HansaError("the fast SHACL engine is not installed", "pip install 'hansa[fast]', or use --engine pyshacl")
    if has_fast and engine is not Engine.PYSHACL:
        return _fast(data, shapes)
    from hansa.validate import reference  # noqa: PLC0415 - the reference is slow to import, and seldom needed here

    return reference.run(data, shapes)


def unusable(reason: object) -> HansaError:
    """Make the error that says why an engine cannot work with the shapes."""
    return HansaError(f"the shapes cannot be used: {reason}", "correct the file in shapes/")


def _fast(data: Iterable[Quad], shapes: Iterable[Quad]) -> list[Quad]:
    import shacl  # noqa: PLC0415 - an optional extra

    try:
        report = shacl.Shapes.from_text(_ntriples(shapes), "ntriples").validate_text(_ntriples(data), "ntriples")
    except ValueError as error:
        raise unusable(error) from error
    return list(parse_bytes(report.serialize("ntriples").encode(), FORMATS["ntriples"]))


def run_on_file(data: Path, shapes: Iterable[Quad]) -> list[Quad]:
    """Validate a file of N-Triples with the fast engine, in a process of its own; the shapes are written beside.

    :raises HansaError: when the shapes are wrong
    """
    wanted = data.with_name("shapes.nt")
    wanted.write_text(_ntriples(shapes), encoding="utf-8")
    command = [sys.executable, "-m", "hansa.validate.apart", str(data), str(wanted)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise unusable(done.stderr.decode(errors="replace").strip())
    return list(parse_bytes(done.stdout, FORMATS["ntriples"]))


def is_fast(engine: Engine) -> bool:
    """Tell whether the fast engine would be used."""
    return engine is not Engine.PYSHACL and find_spec("shacl") is not None


def _ntriples(quads: Iterable[Quad]) -> str:
    return serialise((quad.triple for quad in distinct(quads)), FORMATS["ntriples"]).decode()
