"""The errors people see: what is wrong, where, what to do.

Two kinds: :class:`HansaError` stops the run and is printed without a traceback; :class:`SkipItemError` leaves out one
item and lets the rest go on.
"""

import difflib
from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str:
    """Give the known word that a mistyped one was most likely meant to be, or an empty string."""
    return next(iter(difflib.get_close_matches(word, sorted(known), 1)), "")


class HansaError(Exception):
    """Something the user can mend; the command stops and prints it.

    :param message: what is wrong, in a sentence
    :param hint: what to do about it, or an empty string
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class ConfigError(HansaError):
    """The project's settings are missing or wrong."""


class NotFoundError(HansaError):
    """A named thing (query, release, file) does not exist."""


class ParameterError(HansaError):
    """A query parameter is missing, unknown or of the wrong type."""


class QueryError(HansaError):
    """A SPARQL query is wrong.

    :param line: line in the query text, counted from 1, 0 when unknown
    :param column: column in that line, counted from 1, 0 when unknown
    """

    def __init__(self, message: str, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, hint)
        self.line = line
        self.column = column


class ForbiddenQueryError(QueryError):
    """A SPARQL query asks for something this endpoint does not do (SERVICE, FROM a remote graph, updates)."""


class UnwritableError(QueryError):
    """Statements or rows cannot be written in the form asked for."""


class RdfSyntaxError(HansaError):
    """A file is not well-formed RDF.

    :param file: the file as the user knows it
    :param line: line counted from 1
    :param column: column counted from 1
    """

    def __init__(self, message: str, file: str, line: int, column: int) -> None:
        super().__init__(f"{file}:{line}:{column}: {message}")
        self.reason = message
        self.file = file
        self.line = line
        self.column = column


class SkipItemError(Exception):
    """One item cannot be used; the rest goes on.

    :param reason: why, in words for a log or a table
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
