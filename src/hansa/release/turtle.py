"""Turtle and TriG that read well and come out the same every time: grouped by thing, type first, then names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from hansa.errors import HansaError
from hansa.rdf import FORMATS, Literal, NamedNode, Quad, Triple, parse_bytes, serialise
from hansa.vocab import DCT, FOAF, RDF, RDFS, SKOS

_FIRST = (RDF.type, RDFS.label, SKOS.prefLabel, FOAF.name, DCT.title, SKOS.altLabel, SKOS.definition, DCT.description)
_RANK = {predicate: rank for rank, predicate in enumerate(_FIRST)}
_HEAD = re.compile(r".*[/#]")
_PREFIX_LINE = re.compile(r"^@prefix\s+(\S*):\s+<([^>]*)>\s*\.\s*$", re.MULTILINE)


def reading_order(statement: Quad | Triple) -> tuple[str, str, int, str, str, str]:
    """Give the key that sorts statements by graph and thing, the telling properties first, texts by language."""
    graph = str(statement.graph_name) if isinstance(statement, Quad) else ""
    predicate = statement.predicate
    subject = str(statement.subject).strip("<>")
    return graph, subject, _RANK.get(predicate, len(_RANK)), predicate.value, *_value_order(statement.object)


def _value_order(value: object) -> tuple[str, str]:
    """Order values by language and then by text, whole numbers by size."""
    if not isinstance(value, Literal):
        return "", str(value)
    return value.language or "", value.value.zfill(20) if value.value.isdecimal() else str(value)


def used_prefixes(statements: Iterable[Quad | Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Give the part of the prefix table that some statements need, in alphabetical order."""
    heads = {head for statement in statements for iri in _iris(statement) if (head := _head(iri))}
    namespaces = set(prefixes.values())
    used = {max((n for n in namespaces if head.startswith(n)), key=len, default="") for head in heads}
    return {prefix: namespace for prefix, namespace in sorted(prefixes.items()) if namespace in used}


def _head(iri: str) -> str:
    match = _HEAD.match(iri)
    return match.group() if match else ""


def _iris(statement: Quad | Triple) -> Iterable[str]:
    terms: list[object] = [statement.subject, statement.predicate, statement.object]
    if isinstance(statement, Quad):
        terms.append(statement.graph_name)
    for term in terms:
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value


def write_turtle(triples: Iterable[Triple], out: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write triples as Turtle in reading order."""
    ordered = sorted(triples, key=reading_order)
    out.writelines(_spaced(serialise(ordered, FORMATS["turtle"], used_prefixes(ordered, prefixes)), depth=0))


def write_trig(quads: Iterable[Quad], out: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write quads as TriG in reading order, one block a graph."""
    ordered = sorted(quads, key=reading_order)
    out.writelines(_spaced(serialise(ordered, FORMATS["trig"], used_prefixes(ordered, prefixes)), depth=1))


def _spaced(text: bytes, depth: int) -> Iterator[bytes]:
    """Put the prefixes in alphabetical order and an empty line before each thing and graph.

    The engine escapes every line break inside literals, so a line is always a line of syntax.

    :param depth: how many tabs stand before a subject
    """
    lines = text.split(b"\n")
    head = sorted(line for line in lines if line.startswith(b"@prefix"))
    yield from (line + b"\n" for line in head)
    for line in lines[len(head) :]:
        starts = len(line) - len(line.lstrip(b"\t")) <= depth and line not in {b"", b"}"}
        yield b"\n" * starts + line + b"\n" * bool(line)


def merge_turtle(paths: Iterable[Path]) -> bytes:
    """Join Turtle files as their authors wrote them, comments included, under one block of prefixes.

    Text is joined instead of triples because lists then keep their ``( )`` and blank nodes their nesting.

    :raises HansaError: when two files mean different things by one prefix
    """
    prefixes: dict[str, str] = {}
    parts: list[str] = []
    for path in sorted(paths, key=lambda p: p.name):
        text = path.read_text(encoding="utf-8")
        for prefix, namespace in _PREFIX_LINE.findall(text):
            if prefixes.setdefault(prefix, namespace) != namespace:
                raise HansaError(f"{path.name} declares the prefix {prefix}: differently", "use the prefix table")
        parts.append(f"\n# ---- {path.name}\n\n{_PREFIX_LINE.sub('', text).strip()}\n")
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in sorted(prefixes.items()))
    merged = (head + "".join(parts)).encode()
    for _ in parse_bytes(merged, FORMATS["turtle"], file="merged Turtle"):
        pass
    return merged
