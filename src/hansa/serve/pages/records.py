"""What the graph says about a node as plain Python data, read once and remembered.

A page asks the same things of many nodes: the values of a property, the graphs they stand in, the evidence. Terms of
the engine are made anew at every access; here each is turned into strings once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import NamedTuple, Protocol

from hansa.rdf import Literal, NamedNode, Quad
from hansa.serve.http.cache import Remembered
from hansa.serve.lookup.pointing import Pointing
from hansa.vocab import Vocabulary

_PARTS = ("inSource", "certainty", "line", "section", "reason", "supportsProperty", "supportsValue")
"""What a piece of evidence says, in the order in which :meth:`Records._read_evidence` takes it."""
_REMEMBERED = 1 << 10
"""Nodes; what belongs to many pages is asked for again before so many others are."""
_END = " .\n"
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


class Lines(Protocol):
    """Where statements are looked up as text."""

    def about(self, subject: str) -> str:
        """Give the statements with a subject, in named graphs, as lines of N-Quads."""
        ...


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


Place = tuple[str, tuple[str, ...], str, tuple[tuple[str, str, str], ...], tuple[int, ...], tuple[str, ...]]
"""What a note says: its sort, sources, certainty, reasons, lines and sections."""


class Evidence(NamedTuple):
    """Where in which source something stands.

    :param properties: that it supports; empty for all
    :param values: that it supports; empty for all
    :param cited: what tells its note from others: two pieces that name the same place are one note to a reader
    """

    iri: str
    sources: tuple[str, ...]
    lines: tuple[int, ...]
    sections: tuple[str, ...]
    certainty: str
    reasons: tuple[Said, ...]
    properties: frozenset[str]
    values: frozenset[tuple[str, str, str]]
    cited: Place


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


_said: Callable[[tuple[str, str, str, tuple[str, ...]]], Said] = partial(tuple.__new__, Said)
_graphs = Remembered[str, tuple[str, ...]](lambda graph: (graph[1:-1],), 1 << 12)
"""One graph, by its N-Quads form."""


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


def _plain(text: str) -> str:
    """Undo the escapes of N-Quads (https://www.w3.org/TR/n-quads/, section 4)."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _ESCAPED.get(m[3], m[3]), text)


def _read_object(text: str) -> tuple[str, str, str]:
    """Read an IRI or literal: its value, datatype and language."""
    if text[0] == "<":
        return _plain(text[1:-1]), "", ""
    if text[-1] == '"':
        return _plain(text[1:-1]), _STRING, ""
    value, _, suffix = text.rpartition('"')
    if suffix[0] == "@":
        return _plain(value[1:]), _LANG_STRING, suffix[1:]
    return _plain(value[1:]), suffix[3:-1], ""


def read_lines(text: str) -> dict[str, tuple[Said, ...]]:
    """Group the statements about one subject, as sorted lines of N-Quads, by property and value, in a stable order."""
    begin, before = text.find(" ") + 1, ""
    found: dict[str, list[Said]] = {}
    for line in text.split(_END)[:-1]:
        said, _, graph = line[begin:].rpartition(" ")
        predicate, _, value = said.partition(" ")
        if value[0] == "_":
            continue
        values = found.setdefault(predicate[1:-1], [])
        if said == before:
            values[-1] = values[-1]._replace(graphs=tuple(sorted((*values[-1].graphs, graph[1:-1]))))
        elif value[0] == "<" and "\\" not in value:
            values.append(_said((value[1:-1], "", "", _graphs[graph])))
        else:
            values.append(_said((*_read_object(value), _graphs[graph])))
        before = said
    return {p: tuple(values) if len(values) == 1 else tuple(sorted(values)) for p, values in found.items()}


Says = Mapping[str, tuple[Said, ...]]
"""What is said about a thing, by property."""


def _iris(values: Iterable[Said]) -> tuple[str, ...]:
    return tuple([said.value for said in values if not said.datatype])


class Records:
    """The nodes of one store, which must not change.

    :param lines: gives the statements about a node, and ``pointing`` those that have it as object
    """

    def __init__(self, lines: Lines, pointing: Pointing, vocab: Vocabulary) -> None:
        self._lines = lines
        self._pointing = pointing
        self._evidence = vocab.hansa.evidence.value
        self._parts = tuple(getattr(vocab.hansa, name).value for name in _PARTS)
        self.about = lru_cache(maxsize=_REMEMBERED)(self._read)
        """Give what is said about a node."""
        self.evidence = lru_cache(maxsize=_REMEMBERED)(self._read_evidence)
        """Give a piece of evidence."""

    def _read(self, iri: str) -> Record:
        says = read_lines(self._lines.about(iri))
        return Record(iri, says, tuple(said.value for said in says.get(self._evidence, ())))

    def _read_evidence(self, iri: str) -> Evidence:
        says = read_lines(self._lines.about(iri))
        found = [says.get(part, ()) for part in self._parts]
        in_source, certain, at, within, reasons, properties, values = found
        sources, certainty = _iris(in_source), certain[0].value if certain else ""
        lines = tuple(sorted([int(s.value) for s in at if s.value.isdecimal()]))
        sections = tuple([s.value for s in within])
        cited = ("cited", sources, certainty, tuple([said.key for said in reasons]), lines, sections)
        supported = frozenset(_iris(properties)), frozenset([s.key for s in values])
        return Evidence(iri, sources, lines, sections, certainty, reasons, *supported, cited)

    def pointing(self, iri: str) -> Iterator[Pointer]:
        """Give the statements that have a node as object, each once, whichever graphs make it."""
        found: dict[tuple[str, str], list[str]] = {}
        for subject, predicate, graph in self._pointing.at(iri):
            found.setdefault((subject, predicate), []).append(graph)
        return (Pointer(*key, tuple(sorted(graphs))) for key, graphs in sorted(found.items()))

    def having(self, predicate: NamedNode, iri: str) -> list[str]:
        """Give the things that have a node as value of a property."""
        wanted = predicate.value
        return sorted({subject for subject, about, _ in self._pointing.at(iri) if about == wanted})
