"""What the graph says about a node as plain Python data, read once and remembered.

A page asks the same things of many nodes: the values of a property, the graphs they stand in, the evidence. Terms of
the engine are made anew at every access; here each is turned into strings once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from hansa.rdf import Literal, NamedNode, Quad
from hansa.store import EmbeddedStore
from hansa.vocab import Vocabulary

_REMEMBERED = 1 << 14
"""Nodes; some tens of megabytes at most in a graph like ours."""


class Said(NamedTuple):
    """One value of a property.

    :param value: an IRI, or the lexical form of a literal
    :param datatype: of a literal; empty for an IRI
    :param graphs: named graphs that say so
    """

    value: str
    datatype: str
    lang: str
    graphs: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it this value, whoever says it."""
        return self[:3]

    @property
    def is_iri(self) -> bool:
        """Whether it names a thing."""
        return not self.datatype


class Pointer(NamedTuple):
    """A statement that has the thing as its object."""

    subject: str
    predicate: str
    graphs: tuple[str, ...]


class Evidence(NamedTuple):
    """Where in which source something stands.

    :param properties: that it supports; empty for all
    :param values: that it supports; empty for all
    """

    iri: str
    sources: tuple[str, ...]
    lines: tuple[int, ...]
    sections: tuple[str, ...]
    certainty: str
    reasons: tuple[Said, ...]
    properties: frozenset[str]
    values: frozenset[tuple[str, str, str]]


class Record:
    """All that is said with one node as subject, by property."""

    __slots__ = ("evidence", "iri", "says")

    def __init__(self, iri: str, says: dict[str, tuple[Said, ...]], evidence: tuple[str, ...]) -> None:
        self.iri = iri
        self.says = says
        self.evidence = evidence

    def of(self, predicate: NamedNode) -> tuple[Said, ...]:
        """Give the values of a property."""
        return self.says.get(predicate.value, ())

    def one(self, predicate: NamedNode) -> str:
        """Give the first value of a property as text, empty when it has none."""
        found = self.says.get(predicate.value)
        return found[0].value if found else ""

    def iris(self, predicate: NamedNode) -> list[str]:
        """Give the things that are values of a property."""
        return [said.value for said in self.says.get(predicate.value, ()) if not said.datatype]


def _key_of(term: object) -> tuple[str, str, str] | None:
    if isinstance(term, NamedNode):
        return term.value, "", ""
    if isinstance(term, Literal):
        return term.value, term.datatype.value, term.language or ""
    return None


def group(quads: Iterable[Quad]) -> dict[str, tuple[Said, ...]]:
    """Group statements about one subject by property and value, in a stable order."""
    found: dict[str, dict[tuple[str, str, str], list[str]]] = {}
    for quad in quads:
        key, graph = _key_of(quad.object), quad.graph_name
        if key is not None and isinstance(graph, NamedNode):
            found.setdefault(quad.predicate.value, {}).setdefault(key, []).append(graph.value)
    return {
        predicate: tuple(Said(*key, tuple(sorted(graphs))) for key, graphs in sorted(values.items()))
        for predicate, values in found.items()
    }


class Records:
    """The nodes of one store, which must not change."""

    def __init__(self, store: EmbeddedStore, vocab: Vocabulary) -> None:
        self._store = store
        self._hansa = vocab.hansa
        self.about = lru_cache(maxsize=_REMEMBERED)(self._read)
        """Give what is said about a node."""
        self.evidence = lru_cache(maxsize=_REMEMBERED)(self._read_evidence)
        """Give a piece of evidence."""

    def _read(self, iri: str) -> Record:
        says = group(self._store.quads(NamedNode(iri)))
        return Record(iri, says, tuple(said.value for said in says.get(self._hansa.evidence.value, ())))

    def _read_evidence(self, iri: str) -> Evidence:
        record, hansa = self._read(iri), self._hansa
        lines = sorted(int(s.value) for s in record.of(hansa.line) if s.value.isdecimal())
        return Evidence(
            iri=iri,
            sources=tuple(record.iris(hansa.inSource)),
            lines=tuple(lines),
            sections=tuple(s.value for s in record.of(hansa.section)),
            certainty=record.one(hansa.certainty),
            reasons=record.of(hansa.reason),
            properties=frozenset(record.iris(hansa.supportsProperty)),
            values=frozenset(s.key for s in record.of(hansa.supportsValue)),
        )

    def pointing(self, iri: str) -> Iterator[Pointer]:
        """Give the statements that have a node as object, each once, whichever graphs make it."""
        found: dict[tuple[str, str], list[str]] = {}
        for quad in self._store.quads(obj=NamedNode(iri)):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode):
                found.setdefault((quad.subject.value, quad.predicate.value), []).append(quad.graph_name.value)
        return (Pointer(*key, tuple(sorted(graphs))) for key, graphs in sorted(found.items()))
