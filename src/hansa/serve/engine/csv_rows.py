"""SPARQL results as CSV (https://www.w3.org/TR/sparql11-results-csv-tsv/, section 3), made from the engine's TSV.

The engine writes CSV itself, but leaves IRIs unquoted: one with a comma in it becomes two cells. In its TSV every term
can be told apart. Most lines need no quotation marks; those are rewritten many at a time.
"""

from __future__ import annotations

import re
from typing import Protocol

_AT_ONCE = 1 << 16
_SPECIAL = re.compile(rb"[,\\]")
"""What a line has in which a cell may have to be quoted: line ends and quotation marks are escaped in TSV."""
_KIND = re.compile(rb'"(?:@[0-9A-Za-z-]+|\^\^<[^>\t\n]*>)(?=[\t\n])')
"""Language or datatype of a literal, with the quotation mark in front."""
_ANGLE = re.compile(rb'"[^"\t\n<>]*[<>]')
"""A literal with a sign in it that otherwise begins or ends an IRI."""
_COMMAS = bytes.maketrans(b"\t", b",")
_LITERAL = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb"\\(?:([tbnrf\"'\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_MEANT = {b"t": b"\t", b"b": b"\b", b"n": b"\n", b"r": b"\r", b"f": b"\f"}
_QUOTED = re.compile(rb'[",\r\n]')


class Writable(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Take bytes."""
        ...


def _plain(lines: bytes) -> bytes:
    """Rewrite lines in which nothing has to be quoted."""
    text = _KIND.sub(b'"', lines)
    if _ANGLE.search(text):
        return b"".join(map(_special, lines.splitlines(keepends=True)))
    return text.translate(_COMMAS, b'<>"').replace(b"\n", b"\r\n")


def _unescaped(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return _MEANT.get(found[1], found[1])
    return chr(int(found[2] or found[3], 16)).encode()


def _cell(term: bytes) -> bytes:
    if term.startswith(b"<"):
        text = term[1:-1]
    elif literal := _LITERAL.match(term):
        text = _ESCAPE.sub(_unescaped, literal[1])
    else:
        text = term
    return b'"' + text.replace(b'"', b'""') + b'"' if _QUOTED.search(text) else text


def _special(line: bytes) -> bytes:
    """Rewrite a line term by term."""
    return b",".join(map(_cell, line[:-1].split(b"\t"))) + b"\r\n"


def _rewritten(lines: bytes) -> bytes:
    if b"," not in lines and b"\\" not in lines:
        return _plain(lines)
    parts, at = [], 0
    while found := _SPECIAL.search(lines, at):
        begin = lines.rfind(b"\n", at, found.start()) + 1 or at
        end = lines.index(b"\n", found.end()) + 1
        parts += [_plain(lines[at:begin]), _special(lines[begin:end])]
        at = end
    return b"".join((*parts, _plain(lines[at:])))


class CsvFromTsv:
    """A file that takes the engine's TSV and passes CSV on; close it at the end.

    :param out: takes the CSV
    """

    def __init__(self, out: Writable) -> None:
        self._out = out
        self._waiting = bytearray()
        self._is_head = True

    def write(self, data: bytes) -> int:
        """Take a piece, which may end within a line."""
        self._waiting += data
        if len(self._waiting) >= _AT_ONCE:
            self._pass_on()
        return len(data)

    def flush(self) -> None:
        """Do nothing: whoever serialises may flush early."""

    def close(self) -> None:
        """Pass on what is left."""
        self._pass_on()

    def _pass_on(self) -> None:
        end = self._waiting.rfind(b"\n") + 1
        lines = bytes(self._waiting[:end])
        del self._waiting[:end]
        if lines:
            self._out.write(self._converted(lines))

    def _converted(self, lines: bytes) -> bytes:
        if not self._is_head:
            return _rewritten(lines)
        self._is_head = False
        head, _, rest = lines.partition(b"\n")
        return head.replace(b"?", b"").replace(b"\t", b",") + b"\r\n" + _rewritten(rest)
