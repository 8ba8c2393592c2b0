"""Parse the files of a project into named graphs; what cannot be parsed becomes a finding."""

from __future__ import annotations

import re

from hansa.config import Config
from hansa.errors import RdfSyntaxError, closest
from hansa.model import Finding, Position, Severity
from hansa.rdf import FORMATS, Graphs, Quad, parse_bytes
from hansa.sources.project import ProjectFiles, SourceFile

_MISSING = re.compile(r"(?P<mark>[.;,\])}]) is not a valid (?:RDF )?(?P<what>object|predicate|subject).*")
_PREFIX = re.compile(r"The prefix (?P<prefix>[^:]*): has not been declared")

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
            findings += problem
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


def _parse(file: SourceFile, config: Config) -> tuple[list[Quad], list[Finding]]:
    data = file.path.read_bytes()
    problem = _not_utf8(file, data)
    if problem:
        return [], [problem]
    try:
        triples = [quad.triple for quad in parse_bytes(data, FORMATS["turtle"], file=file.name, base=config.base)]
    except RdfSyntaxError as error:
        return [], [_syntax(file, error, config)]
    return [Quad(t.subject, t.predicate, t.object, file.graph) for t in triples], []


def _not_utf8(file: SourceFile, data: bytes) -> Finding | None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        good = data[: error.start].decode("utf-8")
        at = Position(file.name, good.count("\n") + 1, len(good) - (good.rfind("\n") + 1) + 1)
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        return Finding(at, Severity.ERROR, "syntax/encoding", message, hint="save the file as UTF-8")
    if data.startswith(b"\xef\xbb\xbf"):
        message = "the file starts with a byte order mark"
        hint = "save it as UTF-8 without BOM"
        return Finding(Position(file.name, 1, 1), Severity.ERROR, "syntax/encoding", message, hint=hint)
    return None


def _syntax(file: SourceFile, error: RdfSyntaxError, config: Config) -> Finding:
    reason = re.sub(
        r"^(at )?(line \d+ column \d+|line \d+ between columns \d+ and \d+|between [^:]*): *", "", error.reason
    )
    unknown = _PREFIX.search(reason)
    hint = _prefix_hint(unknown["prefix"], config.prefixes) if unknown else _hint(reason)
    return Finding(
        Position(file.name, error.line, error.column), Severity.ERROR, "syntax/turtle", _sentence(reason), hint=hint
    )


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
