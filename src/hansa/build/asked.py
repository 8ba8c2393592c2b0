"""What a query asks for, as its algebra tells (SPARQL 1.1 Query, section 18.2)."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue


def asked_predicates(rule: str) -> frozenset[bytes] | None:
    """Give the properties whose statements a rule can ask for; ``None`` when it may ask for any."""
    found: set[bytes] = set()
    for predicate in _predicates(translateQuery(parseQuery(rule)).algebra.p):
        names = list(_names(predicate))
        if None in names:
            return None
        found |= {f"<{name}>".encode() for name in names}
    return frozenset(found)


def _predicates(part: object) -> Iterator[object]:
    """Give what stands in the middle of every triple pattern, those inside EXISTS included."""
    if isinstance(part, CompValue):
        if part.name == "Graph":
            yield None
        for key, value in part.items():
            if key == "triples":
                yield from (predicate for _, predicate, _ in value)
            else:
                yield from _predicates(value)
    elif isinstance(part, (list, tuple)):
        for item in part:
            yield from _predicates(item)


def _names(predicate: object) -> Iterator[str | None]:
    """Give the properties of a path; a path that nothing need satisfy finds any node, so it asks for everything."""
    if isinstance(predicate, URIRef):
        yield str(predicate)
    elif isinstance(predicate, (SequencePath, AlternativePath)):
        for part in predicate.args:
            yield from _names(part)
    elif isinstance(predicate, InvPath):
        yield from _names(predicate.arg)
    elif isinstance(predicate, MulPath) and not predicate.zero:
        yield from _names(predicate.path)
    else:
        yield None
