"""Parse the files of a project into named graphs; what cannot be parsed becomes a finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from hansa import sparql
from hansa.config import Config
from hansa.errors import RdfSyntaxError, closest
from hansa.model import Finding, Fix, Position, Severity
from hansa.rdf import FORMATS, Graphs, Line, Quad, Triple, parse_bytes, parse_lines
from hansa.sources.project import ProjectFiles, SourceFile

_MISSING = re.compile(r"(?P<mark>[.;,\])}]) is not a valid (?:RDF )?(?P<what>object|predicate|subject).*")
_PREFIX = re.compile(r"The prefix (?P<prefix>[^:]*): has not been declared")

_ENGINE_PLACE = re.compile(r"^(at )?(line \d+ column \d+|line \d+ between columns \d+ and \d+|between [^:]*): *")
_FIRST_PREFIX = re.compile(r"^@prefix\b", re.MULTILINE)
_SEPARATOR_MISSING = ("A dot is expected", "Unexpected end", "is not a valid subject", "is not a valid predicate")

# The engine's words, and what a person can do about them.
_HINTS = (
    ("A dot is expected", "end the statement before this with . or go on with ; (same subject) or , (same predicate)"),
    (
        "Unexpected end of file",
        "something that starts here is not closed: a quote, a bracket, or a statement without .",
    ),
    ("Unexpected end", "a predicate or an object is missing before this, or a ; or , stands where a . should"),
    ("Line jumps are not allowed", 'close the quote on the same line, or use """ for text of several lines'),
    ("is not a valid subject", "end the statement before this with ; or , and check for a missing quote"),
    ("is not a valid predicate", "a predicate is an IRI or a prefixed name; check for a missing ; or ,"),
    (". is not a valid RDF object", "write an IRI, a prefixed name or a literal in quotes before the ."),
    ("is not a valid RDF object", "an object is an IRI, a prefixed name or a literal in quotes"),
    ("Invalid IRI code point", "percent-encode the character (a space is %20), or check for a missing >"),
    ("No scheme found", "write the IRI in full, or use a prefix"),
    ("language", "a language tag looks like @en or @pt-BR"),
    ("escape", r"write \\ for a backslash and \" for a quote inside quotes"),
)


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
            findings += problem or ([_empty(file)] if file in files.instances and not quads else [])
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
    """Parse one file to lines of N-Triples, repetitions included; a file with a syntax error gives none."""
    problem = _not_utf8(file)
    if problem:
        return [], [problem]
    try:
        return parse_lines(file.data, FORMATS["turtle"], file=file.name, base=config.base), []
    except RdfSyntaxError as error:
        return [], [_syntax(file, error, config)]


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
        return [], [_syntax(file, error, config)]
    # What the engine reads beyond Turtle 1.1 has no place in a dataset that every tool should read.
    newer = any(isinstance(quad.object, Triple) for quad in quads)
    problem = _newer_turtle(file) if newer else None
    graph = file.graph
    return [Quad(q.subject, q.predicate, q.object, graph) for q in quads], [problem] if problem else []


def _empty(file: SourceFile) -> Finding:
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
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        at = Position(file.name, good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1)
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        return Finding(at, Severity.ERROR, "syntax/encoding", message, hint="save the file as UTF-8")
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


def _syntax(file: SourceFile, error: RdfSyntaxError, config: Config) -> Finding:
    reason = _ENGINE_PLACE.sub("", error.reason)
    unknown = _PREFIX.search(reason)
    at = Position(file.name, error.line, error.column)
    if unknown:
        hint, fix = _prefix_hint(unknown["prefix"], config.prefixes), _declaration(file, unknown["prefix"], config)
        return Finding(at, Severity.ERROR, "syntax/turtle", _sentence(reason), hint=hint, fix=fix)
    before = _last_before(file, at)
    if before and before[1].text == "." and "not a valid predicate" in reason:
        at = Position(file.name, before[0], before[1].offset + 1)
        message = "the statement ends here, and the next line goes on with it"
        return Finding(at, Severity.ERROR, "syntax/turtle", message, hint="write ; instead of .")
    if before and before[1].text in (";", ","):
        at = Position(file.name, before[0], before[1].offset + 1)
        message = f"the statement goes on after {before[1].text!r}, and the next line begins a new one"
        return Finding(at, Severity.ERROR, "syntax/turtle", message, hint="end it with a . here")
    if before and before[1].text != "." and any(words in reason for words in _SEPARATOR_MISSING):
        at = Position(file.name, before[0], before[1].offset + len(before[1].text) + 1)
    return Finding(at, Severity.ERROR, "syntax/turtle", _sentence(reason), hint=_hint(reason))


def _last_before(file: SourceFile, at: Position) -> tuple[int, sparql.Token] | None:
    """Give the last token of the lines before, when a mistake there is noticed only here.

    That is so when the place begins a line, or comes second after a name that begins it without indentation: then this
    line is a new statement, and the one before was not ended.
    """
    lines = file.text().split("\n")
    head = lines[at.line - 1][: at.column - 1] if at.line <= len(lines) else "x y"
    if len(head.split()) > 1:
        return None
    indented = bool(head.strip()) and head[0].isspace()
    for number in range(at.line - 1, 0, -1):
        last = [token for token in sparql.tokens(lines[number - 1]) if token.kind not in ("space", "comment")]
        if last:
            marks = (".",) if indented else (";", ",")
            return (number, last[-1]) if (last[-1].text in marks) == bool(head.strip()) else None
    return None


def _declaration(file: SourceFile, prefix: str, config: Config) -> Fix | None:
    """Declare a prefix of the table before the first one that the file declares."""
    first = _FIRST_PREFIX.search(file.text())
    if prefix not in config.prefixes or first is None:
        return None
    line, column = sparql.position(file.text(), first.start())
    at = Position(file.name, line, column)
    return Fix(at, at, f"@prefix {prefix}: <{config.prefixes[prefix]}> .\n", "")


def _sentence(reason: str) -> str:
    missing = _MISSING.fullmatch(reason)
    if missing:
        return f"the {missing['what']} is missing before {missing['mark']!r}"
    if reason == "Unexpected end":
        return "the statement breaks off here"
    return reason[:1].lower() + reason[1:] if reason[1:2].islower() or reason[1:2] == " " else reason


def _hint(reason: str) -> str:
    return next((hint for words, hint in _HINTS if words in reason), "check the Turtle at this position")


def _prefix_hint(prefix: str, table: dict[str, str]) -> str:
    if prefix in table:
        return f"add this line at the top: @prefix {prefix}: <{table[prefix]}> ."
    near = closest(prefix, table)
    return f"did you mean {near}: ?" if near else "use a prefix of [tool.hansa.prefixes] in pyproject.toml"
