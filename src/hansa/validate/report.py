"""Write findings: for people, for machines, for code hosts, and as a SHACL report."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote

from rich.console import Console
from rich.text import Text

from hansa.config import Config
from hansa.model import Finding, Fix, Position, Severity
from hansa.rdf import FORMATS, Literal, NamedNode, Triple, serialise, sort_key
from hansa.vocab import DCT, RDF, RDFS, SH, XSD

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold blue"}
_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SHACL_SEVERITIES = {Severity.ERROR: SH.Violation, Severity.WARNING: SH.Warning, Severity.INFO: SH.Info}
_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_MOST_ALIKE = 25
"""Findings of one kind that people are shown: one slip in a shape or in the ontology can have a thousand."""
_WIDEST, _BEFORE = 200, 80
"""Characters of a line that are shown, and how many of them before the place, when the line is longer."""
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_NAMES = (("error", Severity.ERROR), ("warning", Severity.WARNING), ("note", Severity.INFO))


def conforms(findings: Iterable[Finding]) -> bool:
    """Tell whether a release may be made: no finding is an error."""
    return all(finding.severity is not Severity.ERROR for finding in findings)


def summary(findings: Iterable[Finding]) -> str:
    """Count the findings in words: ``2 errors, 1 warning``."""
    findings = list(findings)
    severities = [finding.severity for finding in findings]
    counts = [(severities.count(severity), name) for name, severity in _NAMES]
    words = ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for n, name in counts if n) or "no findings"
    return f"{words} (the rest is checked when these are mended)" if any(map(stops_all, findings)) else words


def stops_all(finding: Finding) -> bool:
    """Tell whether a finding is of a file that cannot be read, so that little could be checked."""
    return finding.severity is Severity.ERROR and finding.code.startswith(
        ("syntax/", "file/", "rule/syntax", "rule/form")
    )


# ---------------------------------------------------------------- text
def write_text(findings: Iterable[Finding], out: TextIO, root: Path) -> None:
    """Write findings as a compiler does, in colour when ``out`` is a terminal.

    :param root: the folder that the files of the findings are named from
    """
    console = Console(file=out, highlight=False, soft_wrap=True, markup=False, emoji=False)
    line_of, shown = _line_reader(root), Counter[str]()
    for finding in findings:
        shown[finding.code] += 1
        if shown[finding.code] > _MOST_ALIKE:
            continue
        console.print(_heading(finding))
        for line in _excerpt(finding, line_of):
            console.print(line)
        if finding.hint:
            console.print(Text.assemble("  hint: ", finding.hint))
        if finding.fix:
            console.print(Text.assemble("  fix: ", (fix_in_words(finding.fix), "green")))
    for code, number in shown.items():
        if number > _MOST_ALIKE:
            console.print(f"… and {number - _MOST_ALIKE} more of the kind [{code}]; --format json gives them all")


def fix_in_words(fix: Fix) -> str:
    """Say what a fix does, for one line of text."""
    old, new = (
        text.replace("\ufeff", "the byte order mark").strip() or "space" for text in (fix.original, fix.replacement)
    )
    if not fix.original:
        return f"add {new}"
    return f"{old} -> {new}" if fix.replacement else f"take out {old}"


def _heading(finding: Finding) -> Text:
    place = finding.position
    where = ":".join(str(part) for part in (place.file, place.line, place.column) if part)
    return Text.assemble(
        (f"{where}: " if where else "", "bold"),
        (f"{finding.severity}: ", _COLOURS[finding.severity]),
        finding.message,
        (f" [{finding.code}]", "dim"),
    )


def _excerpt(finding: Finding, line_of: Callable[[str, int], str]) -> list[Text]:
    place = finding.position
    line = line_of(place.file, place.line)
    if not line:
        return []
    number = f"{place.line:>5} | "
    # A line may hold anything, the commands of a terminal too.
    line, column = _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", line), place.column
    if len(line) > _WIDEST:
        start = max(0, column - _BEFORE)
        line, column = ("…" if start else "") + line[start : start + _WIDEST] + "…", column - start + bool(start)
    before = line[: column - 1] if column else ""
    # Tabs stay tabs, which rich expands in both lines, and wide characters take two cells: so the caret fits.
    pad = "".join("\t" if c == "\t" else " " * max(1, Text(c).cell_len) for c in before)
    caret = Text.assemble("      | ", pad, ("^", _COLOURS[finding.severity]))
    return [Text(number + line), caret] if place.column else [Text(number + line)]


def _line_reader(root: Path) -> Callable[[str, int], str]:
    @cache
    def lines(file: str) -> list[str]:
        try:
            return (root / file).read_text(encoding="utf-8", errors="replace").split("\n") if file else []
        except OSError:
            return []

    def line_of(file: str, number: int) -> str:
        found = lines(file)
        return found[number - 1].rstrip() if 0 < number <= len(found) else ""

    return line_of


# ---------------------------------------------------------------- machines
def to_json(findings: Iterable[Finding], root: Path | None = None) -> str:
    """Give ``{"findings": […], "conforms": …}``.

    :param root: the folder that the files are named from; with it, each finding quotes its line as ``source``
    """
    listed = list(findings)
    line_of = _line_reader(root) if root else lambda _file, _line: ""
    rows = [finding.as_dict() | _quoted(finding, line_of) for finding in listed]
    document = {"findings": rows, "conforms": conforms(listed)}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _quoted(finding: Finding, line_of: Callable[[str, int], str]) -> dict[str, str]:
    line = line_of(finding.position.file, finding.position.line)
    return {"source": line} if line else {}


def to_sarif(findings: Iterable[Finding], version: str, root: Path | None = None) -> str:
    """Give SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), which code hosts and editors read.

    :param version: version of the project
    :param root: the folder that the files are named from; with it, each result quotes its line
    """
    listed = list(findings)
    line_of = _line_reader(root) if root else lambda _file, _line: ""
    codes = sorted({finding.code for finding in listed})
    driver = {"name": "hansa", "semanticVersion": version, "rules": [{"id": code} for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, codes.index(finding.code), line_of) for finding in listed],
    }
    document = {"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _sarif_result(finding: Finding, rule: int, line_of: Callable[[str, int], str]) -> dict[str, Any]:
    text = f"{finding.message}\n{finding.hint}" if finding.hint else finding.message
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": text},
    }
    if finding.position.file:
        result["locations"] = [{"physicalLocation": _sarif_location(finding.position, line_of)}]
    if finding.fix:
        result["fixes"] = [_sarif_fix(finding.fix)]
    return result


def _sarif_location(place: Position, line_of: Callable[[str, int], str]) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    line = line_of(place.file, place.line)
    region = {"startLine": place.line, "startColumn": place.column, "snippet": {"text": line} if line else None}
    if place.line:
        location["region"] = {key: value for key, value in region.items() if value}
    return location


def _uri(file: str) -> str:
    return Path(file).as_uri() if Path(file).is_absolute() else quote(file)


def _sarif_fix(fix: Fix) -> dict[str, Any]:
    ends = {"startLine": fix.start.line, "startColumn": fix.start.column}
    ends |= {"endLine": fix.end.line, "endColumn": fix.end.column}
    replacement = {"deletedRegion": ends, "insertedContent": {"text": fix.replacement}}
    change = {"artifactLocation": {"uri": _uri(fix.start.file)}, "replacements": [replacement]}
    return {"description": {"text": fix_in_words(fix)}, "artifactChanges": [change]}


def to_github(findings: Iterable[Finding]) -> str:
    """Give workflow commands that GitHub shows as annotations beside the lines."""
    return "".join(f"{_github_line(finding)}\n" for finding in findings)


def _github_line(finding: Finding) -> str:
    place = finding.position
    parts = (("file", place.file), ("line", place.line), ("col", place.column), ("title", finding.code))
    properties = ",".join(f"{key}={_escape_property(str(value))}" for key, value in parts if value)
    text = f"{finding.message}\nhint: {finding.hint}" if finding.hint else finding.message
    return f"::{_GITHUB_LEVELS[finding.severity]} {properties}::{_escape(text)}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


# ---------------------------------------------------------------- Turtle
def to_turtle(findings: Iterable[Finding], shacl: Iterable[Triple], config: Config) -> bytes:
    """Give a SHACL validation report of all findings, sorted and without blank nodes.

    ``sh:conforms`` is false when there is an error; SHACL's own results come as pySHACL gave them, every other finding
    as a result with its code (``dct:identifier``) and its place (``rdfs:comment``).

    :param shacl: the triples of :class:`hansa.validate.shacl.ShaclResult`
    """
    listed = list(findings)
    report = config.vocab.graph("report")
    triples = {
        Triple(report, RDF.type, SH.ValidationReport),
        Triple(report, SH.conforms, Literal(str(conforms(listed)).lower(), datatype=XSD.boolean)),
        *shacl,
        *(triple for f in listed if not f.code.startswith("shacl/") for triple in _result(f, report)),
    }
    used = {config.vocab.graph("report").value} | {str(t) for t in triples}
    prefixes = {p: ns for p, ns in sorted(config.prefixes.items()) if any(ns in text for text in used)}
    return serialise(sorted(triples, key=sort_key), FORMATS["turtle"], prefixes)


def _result(finding: Finding, report: NamedNode) -> list[Triple]:
    place = finding.position
    where = f"{place.file}:{place.line}:{place.column}"
    digest = hashlib.sha256(json.dumps(finding.as_dict(), sort_keys=True).encode()).hexdigest()[:16]
    node = NamedNode(f"{report.value}/{digest}")
    triples = [
        Triple(report, SH.result, node),
        Triple(node, RDF.type, SH.ValidationResult),
        Triple(node, SH.resultSeverity, _SHACL_SEVERITIES[finding.severity]),
        Triple(node, SH.resultMessage, Literal(finding.message, language="en")),
        Triple(node, DCT.identifier, Literal(finding.code)),
        Triple(node, RDFS.comment, Literal(where)),
    ]
    focus = [Triple(node, SH.focusNode, NamedNode(finding.focus))] if finding.focus else []
    return triples + focus
