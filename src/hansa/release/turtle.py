"""Turtle and TriG that read well and come out the same every time: grouped by thing, type first, then names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from hansa.errors import HansaError
from hansa.rdf import FORMATS, Line, Triple, lines_of, parse_bytes, serialise
from hansa.release.order import reading_order

_IRI = re.compile(rb"<([^>]*)>")
_PREFIX_LINE = re.compile(r"^@prefix\s+(\S*):\s+<([^>]*)>\s*\.\s*$", re.MULTILINE)
# The engine escapes every line break inside literals, so a line is always a line of syntax.
_HEAD_LINE = re.compile(rb"@prefix[^\n]*\n")
_STARTS_THING = re.compile(rb"^(?=[^\t\n])", re.MULTILINE)


def head_of(iri: bytes) -> bytes:
    """Give an IRI up to its last ``/`` or ``#``."""
    return iri[: max(iri.rfind(b"/"), iri.rfind(b"#")) + 1]


def namespaces(prefixes: Mapping[str, str]) -> dict[str, str]:
    """Give the prefixes that a name can be cut at: their namespaces end in ``/`` or ``#``."""
    return {prefix: iri for prefix, iri in sorted(prefixes.items()) if iri.endswith(("/", "#"))}


def fitting_prefixes(heads: Iterable[bytes], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Give the part of the prefix table that some IRIs need, in alphabetical order.

    :param heads: the IRIs, each up to its last ``/`` or ``#``
    """
    known = set(namespaces(prefixes).values())
    used = {max((n for n in known if head.decode().startswith(n)), key=len, default="") for head in set(heads)}
    return {prefix: namespace for prefix, namespace in namespaces(prefixes).items() if namespace in used}


def heads_of(lines: Iterable[Line]) -> set[bytes]:
    """Give the heads of all IRIs in lines of N-Triples, datatypes included."""
    return {head_of(iri) for line in lines for iri in _IRI.findall(line)}


def turtle_head(prefixes: Mapping[str, str]) -> bytes:
    """Declare prefixes."""
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(prefixes.items())).encode()


def turtle_body(lines: Iterable[Line], prefixes: Mapping[str, str]) -> bytes:
    """Write lines of N-Triples as Turtle without its head, an empty line before each thing.

    :param lines: in reading order
    """
    parsed = parse_bytes(b"".join(lines), FORMATS["ntriples"])
    text = serialise((quad.triple for quad in parsed), FORMATS["turtle"], namespaces(prefixes))
    return _STARTS_THING.sub(b"\n", _HEAD_LINE.sub(b"", text))


def write_turtle(triples: Iterable[Triple], out: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write triples as Turtle in reading order."""
    lines = reading_order(set(lines_of(triples)))
    out.write(turtle_head(fitting_prefixes(heads_of(lines), prefixes)))
    out.write(turtle_body(lines, prefixes))


def merge_turtle(paths: Iterable[Path]) -> bytes:
    """Join Turtle files as their authors wrote them, comments included, under one block of prefixes.

    Text is joined instead of triples because lists then keep their ``( )`` and blank nodes their nesting.

    :raises HansaError: when two files mean different things by one prefix
    """
    prefixes: dict[str, str] = {}
    parts: list[str] = []
    for path in sorted(paths, key=lambda p: p.name):
        text = path.read_text(encoding="utf-8")
        for prefix, namespace in _PREFIX_LINE.findall(text):
            if prefixes.setdefault(prefix, namespace) != namespace:
                raise HansaError(f"{path.name} declares the prefix {prefix}: differently", "use the prefix table")
        parts.append(f"\n# ---- {path.name}\n\n{_PREFIX_LINE.sub('', text).strip()}\n")
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(prefixes.items()))
    merged = (head + "".join(parts)).encode()
    for _ in parse_bytes(merged, FORMATS["turtle"], file="merged Turtle"):
        pass
    return merged
