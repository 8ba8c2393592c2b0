"""Parse the files of a project into named graphs; what cannot be parsed becomes a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from hansa import sparql
from hansa.config import Config
from hansa.errors import RdfSyntaxError
from hansa.model import Finding, Fix, Position, Severity
from hansa.rdf import FORMATS, Graphs, Line, Quad, Triple, parse_bytes, parse_lines
from hansa.sources.project import ProjectFiles, SourceFile
from hansa.sources.recovery import slips

_TRIPLE_TERM = re.compile(rb"\S+ \S+ <<\(")


_BINARY = (
    (b"\xff\xfe", "saved as UTF-16"),
    (b"\xfe\xff", "saved as UTF-16"),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet"),
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "compressed"),
    (b"\xd0\xcf\x11\xe0", "a document of an office program"),
)
"""How files begin that are something else."""


def load(files: ProjectFiles, config: Config) -> tuple[Graphs, list[Finding]]:
    """Parse the dataset: ontology, vocabulary and instances.

    A file with a syntax error gives a finding and none of its statements; the others go on.

    :returns: the statements by named graph in the order of the files, and the findings
    """
    graphs: Graphs = {}
    findings: list[Finding] = []
    for file in files.data:
        if file.graph is not None:
            quads, problem = _parse(file, config)
            graphs.setdefault(file.graph, []).extend(quads)
            findings += problem or ([empty(file)] if file in files.instances and not quads else [])
    return graphs, findings


def load_shapes(files: ProjectFiles, config: Config) -> tuple[list[Quad], list[Finding]]:
    """Parse the shapes; they are no part of the dataset but stand in a graph named after their namespace."""
    shapes: list[Quad] = []
    findings: list[Finding] = []
    for file in files.shapes:
        quads, problem = _parse(file, config)
        shapes += quads
        findings += problem
    return shapes, findings


def load_lines(file: SourceFile, config: Config) -> tuple[list[Line], list[Finding]]:
    """Parse one file to lines of N-Triples, repetitions included, with the findings that :func:`load` gives.

    A file with a syntax error gives no lines.
    """
    problem = _not_utf8(file)
    if problem:
        return [], [problem]
    try:
        lines = parse_lines(file.data, FORMATS["turtle"], file=file.name, base=config.base)
    except RdfSyntaxError as error:
        return [], slips(file, error, config)
    newer = b" <<(" in b"".join(lines) and any(_TRIPLE_TERM.match(line) for line in lines)
    return lines, [_newer_turtle(file)] if newer else []


def check_encoding(files: Iterable[SourceFile]) -> list[Finding]:
    """Find files that are not UTF-8, or begin with a byte order mark."""
    return [finding for file in files if (finding := _not_utf8(file))]


def _parse(file: SourceFile, config: Config) -> tuple[list[Quad], list[Finding]]:
    problem = _not_utf8(file)
    if problem:
        return [], [problem]
    try:
        quads = list(parse_bytes(file.data, FORMATS["turtle"], file=file.name, base=config.base))
    except RdfSyntaxError as error:
        return [], slips(file, error, config)
    # What the engine reads beyond Turtle 1.1 has no place in a dataset that every tool should read.
    newer = any(isinstance(quad.object, Triple) for quad in quads)
    problem = _newer_turtle(file) if newer else None
    graph = file.graph
    return [Quad(q.subject, q.predicate, q.object, graph) for q in quads], [problem] if problem else []


def empty(file: SourceFile) -> Finding:
    """Make the finding that a file makes no statement."""
    message, hint = "the file makes no statement", "describe its source, or delete the file"
    return Finding(Position(file.name, 1, 1), Severity.ERROR, "file/empty", message, hint=hint)


def _newer_turtle(file: SourceFile) -> Finding:
    text = file.text()
    tokens = sparql.tokens(text)
    marks = ((a, b) for a, b in pairwise(tokens) if a.text + b.text in ("<<", "{|") and a.kind == b.kind == "other")
    first = next(marks, None)
    line, column = sparql.position(text, first[0].offset) if first else (1, 1)
    message = "a statement about a statement (Turtle 1.2) is not read by every tool"
    hint = "give the statement its evidence with hansa:supportsProperty and hansa:supportsValue"
    return Finding(Position(file.name, line, column), Severity.ERROR, "syntax/turtle", message, hint=hint)


def _not_utf8(file: SourceFile) -> Finding | None:
    data = file.data
    kind = next((kind for start, kind in _BINARY if data.startswith(start)), "")
    if kind:
        message, hint = f"the file is {kind}, not text in UTF-8", "save it as plain text in UTF-8"
        return Finding(Position(file.name, 1, 1), Severity.ERROR, "syntax/encoding", message, hint=hint)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        at = Position(file.name, good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1)
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        hint = "save the file as UTF-8, not as Windows-1252 or Latin-1"
        return Finding(at, Severity.ERROR, "syntax/encoding", message, hint=hint)
    if "\0" in file.text():
        line, column = sparql.position(file.text(), file.text().index("\0"))
        message, hint = "the file has a NUL character in it", "take it out, or save the file as UTF-8"
        return Finding(Position(file.name, line, column), Severity.ERROR, "syntax/encoding", message, hint=hint)
    if data.startswith(b"\xef\xbb\xbf"):
        message = "the file starts with a byte order mark"
        hint, at = "save it as UTF-8 without BOM", Position(file.name, 1, 1)
        fix = Fix(at, Position(file.name, 1, 2), "", "\ufeff")
        return Finding(at, Severity.ERROR, "syntax/encoding", message, hint=hint, fix=fix)
    return None
