"""The order in which people like to read statements: by thing, the telling properties first, texts by language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hansa.rdf import Line
from hansa.vocab import DCT, FOAF, RDF, RDFS, SKOS

_FIRST = (RDF.type, RDFS.label, SKOS.prefLabel, FOAF.name, DCT.title, SKOS.altLabel, SKOS.definition, DCT.description)
_RANK = {f"<{predicate.value}>".encode(): b"%d" % rank for rank, predicate in enumerate(_FIRST)}
_LAST = b"%d" % len(_FIRST)
_NUMBER = re.compile(rb'"(\d+)"')

Run = tuple[bytes, list[bytes]]
"""A property and its values, each as N-Triples writes it."""
Thing = tuple[bytes, list[Run]]
"""A thing and what is said of it, in reading order."""


def subject_of(line: Line) -> bytes:
    """Give the subject of a line."""
    return line.split(b" ", 1)[0]


def things_of(statements: Iterable[bytes]) -> Iterator[Thing]:
    """Put statements together by thing and property.

    :param statements: distinct lines of N-Triples in the order of their bytes, each without its end
    """
    subject, predicate = b"", b""
    runs: list[Run] = []
    values: list[bytes] = []
    for statement in statements:
        first, second, value = statement.split(b" ", 2)
        if first != subject:
            if runs:
                yield subject, _in_order(runs)
            subject, predicate, values = first, second, [value]
            runs = [(predicate, values)]
        elif second != predicate:
            predicate, values = second, [value]
            runs.append((predicate, values))
        else:
            values.append(value)
    if runs:
        yield subject, _in_order(runs)


def ends_off(lines: Iterable[Line]) -> list[bytes]:
    """Give lines without their ends."""
    return [line[:-3] for line in lines]


def reading_order(lines: Iterable[Line]) -> list[Line]:
    """Put lines in reading order."""
    things = things_of(sorted(ends_off(lines)))
    return [b"%s %s %s .\n" % (subject, p, value) for subject, runs in things for p, values in runs for value in values]


def _in_order(runs: list[Run]) -> list[Run]:
    runs.sort(key=_rank)
    for _, values in runs:
        # Names are in order already, and stand behind texts.
        if len(values) > 1 and values[0].startswith(b'"'):
            values.sort(key=_key)
    return runs


def _rank(run: Run) -> bytes:
    return _RANK.get(run[0], _LAST) + run[0]


def _key(value: bytes) -> tuple[bytes, bytes]:
    """Order by language, then text; whole numbers by size."""
    if not value.startswith(b'"'):
        return b"", value
    end = value.rfind(b'"')
    language = value[end + 2 :] if value[end + 1 : end + 2] == b"@" else b""
    number = _NUMBER.match(value)
    return language, number[1].zfill(20) if number else value
