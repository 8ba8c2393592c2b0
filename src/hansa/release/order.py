"""The order in which people like to read statements: by thing, the telling properties first, texts by language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from hansa.rdf import Line
from hansa.vocab import DCT, FOAF, RDF, RDFS, SKOS

_FIRST = (RDF.type, RDFS.label, SKOS.prefLabel, FOAF.name, DCT.title, SKOS.altLabel, SKOS.definition, DCT.description)
_RANK = {f"<{predicate.value}>".encode(): b"%d" % rank for rank, predicate in enumerate(_FIRST)}
_LAST = b"%d" % len(_FIRST)
_NUMBER = re.compile(rb'"(\d+)"')


def subject_of(line: Line) -> bytes:
    """Give the subject of a line."""
    return line.split(b" ", 1)[0]


def by_subject(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Give sorted lines thing by thing, each in reading order."""
    for _, group in groupby(lines, subject_of):
        yield sorted(group, key=_key)


def reading_order(lines: Iterable[Line]) -> list[Line]:
    """Put lines in reading order."""
    return [line for group in by_subject(sorted(lines)) for line in group]


def _key(line: Line) -> tuple[bytes, bytes, bytes, bytes]:
    """Order by rank of the property, then its name, then language and text; whole numbers by size."""
    _, predicate, value = line.split(b" ", 2)
    rank = _RANK.get(predicate, _LAST)
    if not value.startswith(b'"'):
        return rank, predicate, b"", value
    end = value.rfind(b'"')
    language = value[end + 2 : -3] if value[end + 1 : end + 2] == b"@" else b""
    number = _NUMBER.match(value)
    return rank, predicate, language, number[1].zfill(20) if number else value
