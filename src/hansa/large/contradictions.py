"""Find contradictions among a few statements: those that can contradict each other at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from hansa.build.entailment import TYPE
from hansa.model import Finding
from hansa.packed import PackedGraph, PackedGraphs
from hansa.rdf import Graphs, Line, NamedNode, Quad, quads_of
from hansa.validate.consistency import check_consistency
from hansa.validate.inputs import Inputs
from hansa.vocab import OWL


def _name(iri: str) -> bytes:
    return f"<{iri}>".encode()


_NOTHING = _name(OWL.Nothing.value)


@dataclass(frozen=True)
class Suspicious:
    """What statements have to be about, to contradict others.

    :param properties: those with an axiom that forbids something, and those of sameness
    :param apart: pairs of classes that share no member
    """

    properties: frozenset[bytes]
    apart: frozenset[tuple[bytes, bytes]]

    @property
    def classes(self) -> set[bytes]:
        """All classes of pairs, and that of nothing."""
        return {_NOTHING, *(name for pair in self.apart for name in pair)}

    def members(self, by_class: Mapping[bytes, set[bytes]]) -> set[bytes]:
        """Give what is in both classes of a pair, or in that of nothing."""
        none = set[bytes]()
        both = (by_class.get(one, none) & by_class.get(other, none) for one, other in self.apart)
        return by_class.get(_NOTHING, none).union(*both)

    @classmethod
    def of(cls, schema: Iterable[Quad]) -> Suspicious:
        """Read the axioms."""
        properties = {_name(f"{OWL.iri}{name}") for name in ("sameAs", "differentFrom")}
        apart = set[tuple[bytes, bytes]]()
        for quad in schema:
            ends = _name(quad.subject.value), _name(quad.object.value)  # type: ignore[union-attr]
            if quad.predicate.value == f"{OWL.iri}propertyDisjointWith":
                properties.update(ends)
            elif quad.predicate.value == f"{OWL.iri}disjointWith":
                apart.add(ends)
            elif getattr(quad.object, "value", "") in (f"{OWL.iri}IrreflexiveProperty", f"{OWL.iri}AsymmetricProperty"):
                properties.add(_name(quad.subject.value))  # type: ignore[union-attr]
        return cls(frozenset(properties), frozenset(apart))


def contradictions(inputs: Inputs, graphs: PackedGraphs) -> list[Finding]:
    """Find things that cannot be as the data say.

    :param inputs: its graphs are ontology and schemes as they are written
    :param graphs: all statements
    """
    derived = graphs.get(inputs.vocab.graph("derived", "vocabulary"))
    schema = {**inputs.graphs, **({derived.name: derived.quads()} if derived else {})}
    found = facts(graphs, Suspicious.of(quad for quads in schema.values() for quad in quads))
    return check_consistency(replace(inputs, graphs={**found, **schema}))


# ---------------------------------------------------------------- statements
def facts(graphs: PackedGraphs, suspicious: Suspicious) -> Graphs:
    """Give the statements that can contradict each other: of sameness, of classes, and with properties that forbid."""
    by_class: dict[bytes, set[bytes]] = {}
    telling: dict[NamedNode, list[Line]] = {}
    for graph in graphs.values():
        telling[graph.name] = list(_telling(graph, suspicious, by_class))
    suspects = suspicious.members(by_class)
    kept = {name: [ln for ln in lines if _concerns(ln, suspects)] for name, lines in telling.items() if lines}
    return {name: quads_of(lines, name) for name, lines in kept.items() if lines}


def _telling(graph: PackedGraph, suspicious: Suspicious, by_class: dict[bytes, set[bytes]]) -> Iterator[Line]:
    ends, properties = {name + b" .\n" for name in suspicious.classes}, suspicious.properties
    for line in graph.lines():
        subject, predicate, rest = line.split(b" ", 2)
        if predicate in properties:
            yield line
        elif predicate == TYPE and rest in ends:
            by_class.setdefault(rest[:-3], set()).add(subject)
            yield line


def _concerns(line: Line, suspects: set[bytes]) -> bool:
    subject, predicate, _ = line.split(b" ", 2)
    return predicate != TYPE or subject in suspects
