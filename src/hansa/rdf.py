"""Parse and serialise RDF, from and to bytes and files, never a URL.

The only other module that imports the engine is :mod:`hansa.store`. Everything else takes its terms from here.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from hansa.errors import RdfSyntaxError, UnwritableError
from hansa.model import Position

__all__ = [
    "FORMATS",
    "BlankNode",
    "DefaultGraph",
    "Format",
    "Graphs",
    "Line",
    "Literal",
    "Locator",
    "NamedNode",
    "Node",
    "Quad",
    "Term",
    "Triple",
    "format_for_path",
    "lines_of",
    "parse_bytes",
    "parse_file",
    "parse_lines",
    "quads_of",
    "serialise",
    "sort_key",
    "split_line",
    "triples_of",
    "write",
]

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold, not even escaped (section 2.2)."""
_ELEMENT_NAME = re.compile(r"[^\W\d][\w.·-]*\Z")
_TAKE_TURTLE = "ask for Turtle or N-Triples"

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True, slots=True)
class Format:
    """An RDF serialisation: short name, media type, file extension and whether it keeps named graphs."""

    name: str
    media_type: str
    extension: str
    graphs: bool
    engine: RdfFormat


FORMATS: Mapping[str, Format] = {
    f.name: f
    for f in (
        Format("turtle", "text/turtle", "ttl", False, RdfFormat.TURTLE),
        Format("jsonld", "application/ld+json", "jsonld", True, RdfFormat.JSON_LD),
        Format("ntriples", "application/n-triples", "nt", False, RdfFormat.N_TRIPLES),
        Format("nquads", "application/n-quads", "nq", True, RdfFormat.N_QUADS),
        Format("trig", "application/trig", "trig", True, RdfFormat.TRIG),
        Format("rdfxml", "application/rdf+xml", "rdf", False, RdfFormat.RDF_XML),
    )
}


def format_for_path(path: Path) -> Format:
    """Find the format of a file by its extension, ``.gz`` looked through.

    :raises KeyError: when no format has that extension
    """
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    for candidate in FORMATS.values():
        if f".{candidate.extension}" == suffix:
            return candidate
    raise KeyError(suffix)


def _syntax_error(error: SyntaxError, file: str) -> RdfSyntaxError:
    reason = (error.msg or str(error)).removeprefix("Parser error").lstrip(" :")
    return RdfSyntaxError(reason, file, error.lineno or 1, error.offset or 1)


def parse_bytes(
    data: bytes | IO[bytes], form: Format, *, file: str = "<input>", base: str | None = None
) -> Iterator[Quad]:
    """Parse RDF as a stream.

    :param data: the bytes, or a binary file
    :param file: the name that errors show
    :param base: the IRI that relative IRIs are resolved against
    :raises RdfSyntaxError: at the first place that is not well-formed
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    try:
        yield from parse(stream, form.engine, base_iri=base)
    except SyntaxError as error:
        raise _syntax_error(error, file) from error
    except ValueError as error:
        raise RdfSyntaxError(str(error), file, 1, 1) from error


def parse_file(path: Path, *, file: str = "", base: str | None = None) -> Iterator[Quad]:
    """Parse a file, gzip looked through, format by extension.

    :raises RdfSyntaxError: at the first place that is not well-formed
    """
    opener = gzip.open if path.suffix == ".gz" else Path.open
    with opener(path, "rb") as stream:
        yield from parse_bytes(stream, format_for_path(path), file=file or str(path), base=base)  # type: ignore[arg-type]


def sort_key(item: Quad | Triple) -> tuple[str, ...]:
    """Give the key that orders statements the same way in every build: their N-Triples form."""
    parts = (str(item.subject), str(item.predicate), str(item.object))
    return (*parts, str(item.graph_name)) if isinstance(item, Quad) else parts


def triples_of(quads: Iterable[Quad]) -> list[Triple]:
    """Give the distinct triples of some quads in a stable order."""
    return sorted({quad.triple for quad in quads}, key=sort_key)


def _writable_as_xml(items: Iterable[Quad | Triple]) -> Iterator[Quad | Triple]:
    """Pass statements on that RDF/XML can hold; the engine would write the others as broken XML.

    A property is the name of an element there (RDF 1.1 XML Syntax section 7.2.14), and XML 1.0 section 2.2 leaves out
    control characters even where they are escaped.
    """
    for item in items:
        if not _ELEMENT_NAME.search(item.predicate.value):
            raise UnwritableError(f"the property <{item.predicate.value}> cannot be written in RDF/XML", _TAKE_TURTLE)
        if isinstance(item.object, Literal) and _NOT_IN_XML.search(item.object.value):
            raise UnwritableError("a text has control characters, which RDF/XML cannot hold", _TAKE_TURTLE)
        yield item


class _CarriageReturns:
    """Escapes carriage returns, which parsers of XML would read as line ends (XML 1.0 section 2.11)."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        self._out.write(bytes(data).replace(b"\r", b"&#xD;"))
        return len(data)

    def flush(self) -> None:
        self._out.flush()


def write(
    items: Iterable[Quad | Triple], out: IO[bytes], form: Format, prefixes: Mapping[str, str] | None = None
) -> None:
    """Write statements in the order given.

    :raises UnwritableError: when the form cannot hold one of them
    """
    if form.name == "rdfxml":
        items, out = _writable_as_xml(items), cast("IO[bytes]", _CarriageReturns(out))
    serialize(items, out, form.engine, prefixes=dict(prefixes) if prefixes else None)  # type: ignore[arg-type]


def serialise(items: Iterable[Quad | Triple], form: Format, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Write statements to bytes in the order given."""
    out = io.BytesIO()
    write(items, out, form, prefixes)
    return out.getvalue()


Line = bytes
"""A statement in canonical N-Triples, its line end included.

A line can be split, sorted and looked up in a fraction of the time that objects of the engine take.
"""


def parse_lines(data: bytes, form: Format, *, file: str = "<input>", base: str | None = None) -> list[Line]:
    """Parse RDF to lines, without an object for each statement; graph names are dropped.

    :raises RdfSyntaxError: at the first place that is not well-formed
    """
    try:
        triples = parse(data, form.engine, base_iri=base, without_named_graphs=not form.graphs)
        return serialize(triples, format=RdfFormat.N_TRIPLES).splitlines(keepends=True)  # type: ignore[union-attr]
    except SyntaxError as error:
        raise _syntax_error(error, file) from error
    except ValueError as error:
        raise RdfSyntaxError(str(error), file, 1, 1) from error


def lines_of(statements: Iterable[Quad | Triple]) -> Iterator[Line]:
    """Give statements as lines, without their graphs."""
    for statement in statements:
        triple = statement.triple if isinstance(statement, Quad) else statement
        yield f"{triple} .\n".encode()


def quads_of(lines: Iterable[Line], graph: NamedNode) -> list[Quad]:
    """Give lines as statements of a graph."""
    parsed = parse(b"".join(lines), RdfFormat.N_TRIPLES)
    return [Quad(q.subject, q.predicate, q.object, graph) for q in parsed]


def split_line(line: Line) -> tuple[bytes, bytes, bytes]:
    """Split a line into subject, predicate and object, each as N-Triples writes it."""
    subject, predicate, rest = line.split(b" ", 2)
    return subject, predicate, rest[:-3]


Graphs = dict[NamedNode, list[Quad]]
"""Parsed statements by named graph, in the order of their files."""


class Locator(Protocol):
    """Knows where statements stand in the files that people wrote."""

    def locate(
        self, graph: NamedNode, subject: Node, predicate: NamedNode | None = None, obj: Term | None = None
    ) -> Position:
        """Find a statement, or with less given the first statement about the subject; an empty position if unknown."""
        ...
