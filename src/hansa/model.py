"""The plain data that travels between the stages: findings, canned queries, releases."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Severity(StrEnum):
    """How bad a finding is: an error blocks the release, a warning blocks it with ``--strict``."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1, and 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Fix:
    """A change of a file that mends a finding and that nobody need think about.

    :param start: the first character to replace
    :param end: the place after the last one, in the same file; the same place when something is only put in
    :param replacement: what stands there afterwards
    :param original: what stands there now, so that a file that has changed meanwhile is left alone
    """

    start: Position
    end: Position
    replacement: str
    original: str

    def as_dict(self) -> dict[str, str | int]:
        """Give the flat form that ``hansa validate --format json`` prints."""
        return {
            "file": self.start.file,
            "line": self.start.line,
            "column": self.start.column,
            "end_line": self.end.line,
            "end_column": self.end.column,
            "original": self.original,
            "replacement": self.replacement,
        }


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with the data, said so that its author can mend it.

    :param position: where
    :param severity: how bad
    :param code: the rule, stable and short, such as ``shacl/Membership-role`` or ``term/unknown``
    :param message: what is wrong
    :param focus: IRI of the focus node, or an empty string
    :param hint: what to do
    :param fix: the change that does it, where that is safe
    """

    position: Position
    severity: Severity
    code: str
    message: str
    focus: str = ""
    hint: str = ""
    fix: Fix | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give the flat form that ``hansa validate --format json`` prints; ``fix`` only where there is one."""
        return {
            **asdict(self.position),
            "severity": str(self.severity),
            "code": self.code,
            "focus": self.focus,
            "message": self.message,
            "hint": self.hint,
            **({"fix": self.fix.as_dict()} if self.fix else {}),
        }


class ParameterType(StrEnum):
    """The types a query parameter may have."""

    IRI = "iri"
    DATE = "date"
    LANGUAGE = "language"
    INTEGER = "integer"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a canned query.

    :param name: without ``?_`` and without the type suffix: ``network`` for the variable ``?_network_iri``
    :param variable: the SPARQL variable without ``?``
    :param type: what values are taken
    :param class_iri: for an IRI, the class its value should have, or an empty string
    :param default: used when no value is given; ``None`` makes the parameter required
    :param example: a value that gives an answer on the shipped graph
    :param summary: one line for people
    """

    name: str
    variable: str
    type: ParameterType
    class_iri: str = ""
    default: str | None = None
    example: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class CannedQuery:
    """A query of ``queries/*.rq`` with what its header says.

    :param name: the file name without ``.rq``
    :param text: the SPARQL text as written, header included
    :param federated: the query calls a remote SERVICE and is run by the client, never by our endpoint
    """

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    federated: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseFile:
    """One file of a release: path inside it, media type, size in bytes, SHA-256 in hex and what it is for."""

    path: str
    media_type: str
    bytes: int
    sha256: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """A release directory and what its ``release.json`` says; the contract between building and serving."""

    directory: Path
    version: str
    issued: str
    base: str
    title: dict[str, str]
    description: dict[str, str]
    publisher: str
    licence: str
    languages: tuple[str, ...]
    prefixes: dict[str, str]
    canonical_hash: str
    counts: dict[str, int]
    files: tuple[ReleaseFile, ...] = field(default_factory=tuple)
