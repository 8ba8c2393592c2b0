"""Find things that cannot be as the data say: the contradictions of OWL 2 RL, over all data and what follows from them.

These are the rules of OWL 2 RL with ``false`` as conclusion (OWL 2 Profiles, section 4.3, tables 4 to 9) that our
ontology can set off. On an ontology inside the RL profile, which the tests prove of ours, a contradiction is found by
them or does not exist (theorem PR1), so no reasoner need look at the data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from hansa.model import Finding
from hansa.rdf import NamedNode, Node, Quad, Term
from hansa.validate.inputs import Inputs, error, ordered
from hansa.vocab import OWL, RDF

_HINT = "check its class, and the properties that it stands with: they put it in one of the two"
_Pairs = set[tuple[Term, Term]]


def check_consistency(inputs: Inputs) -> list[Finding]:
    """Find things in two disjoint classes or in none, and links that a property forbids."""
    facts = _Facts(inputs)
    rules: tuple[Callable[[_Facts], Iterator[Finding]], ...] = (
        _in_disjoint_classes,
        _in_nothing,
        _linked_to_itself,
        _linked_both_ways,
        _linked_by_disjoint_properties,
        _same_and_different,
    )
    return ordered(finding for rule in rules for finding in rule(facts))


class _Facts:
    """The statements that the rules look at, by property."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.by_predicate: dict[NamedNode, list[Quad]] = {}
        wanted = set(self._wanted())
        for quads in inputs.graphs.values():
            for quad in quads:
                if quad.predicate in wanted:
                    self.by_predicate.setdefault(quad.predicate, []).append(quad)

    def _wanted(self) -> Iterator[NamedNode]:
        yield from (RDF.type, OWL.sameAs, _owl("differentFrom"))
        for quad in self._schema:
            if quad.predicate == RDF.type and quad.object in (_owl("IrreflexiveProperty"), _owl("AsymmetricProperty")):
                yield quad.subject  # type: ignore[misc]
            elif quad.predicate == _owl("propertyDisjointWith"):
                yield from (quad.subject, quad.object)  # type: ignore[misc]

    @cached_property
    def _schema(self) -> list[Quad]:
        vocab = self.inputs.vocab
        graphs = (vocab.graph("ontology"), vocab.graph("vocabulary"), vocab.graph("derived", "vocabulary"))
        return [quad for graph in graphs for quad in self.inputs.graphs.get(graph, [])]

    def pairs(self, predicate: NamedNode) -> _Pairs:
        """Give what the ontology relates by a property of OWL."""
        return {(q.subject, q.object) for q in self._schema if q.predicate == predicate}  # type: ignore[misc]

    def properties(self, kind: str) -> list[NamedNode]:
        """Give the properties that the ontology calls so, such as ``IrreflexiveProperty``."""
        found = {q.subject for q in self._schema if q.predicate == RDF.type and q.object == _owl(kind)}
        return sorted((node for node in found if isinstance(node, NamedNode)), key=str)

    @cached_property
    def classes(self) -> dict[Node, set[Term]]:
        """The classes of everything, the derived ones included."""
        classes: dict[Node, set[Term]] = {}
        for quad in self.by_predicate.get(RDF.type, ()):
            classes.setdefault(quad.subject, set()).add(quad.object)  # type: ignore[arg-type]
        return classes

    def members_of_both(self, one: Term, other: Term) -> Iterable[Node]:
        """Give what is in two classes, in the order of the names."""
        return sorted((node for node, found in self.classes.items() if {one, other} <= found), key=str)

    def short(self, term: Term) -> str:
        """Write a term as people write it."""
        return self.inputs.short(term)


def _owl(name: str) -> NamedNode:
    return NamedNode(f"{OWL.iri}{name}")


def _in_disjoint_classes(facts: _Facts) -> Iterator[Finding]:
    """Rule cax-dw."""
    for one, other in sorted(facts.pairs(_owl("disjointWith")), key=str):
        for node in facts.members_of_both(one, other):
            names = f"{facts.short(one)} and {facts.short(other)}"
            message = f"{facts.short(node)} is in two classes that share no member: {names}"
            yield error(facts.inputs.place(node, RDF.type), "owl/disjoint", message, _HINT, node)


def _in_nothing(facts: _Facts) -> Iterator[Finding]:
    """Rule cls-nothing2."""
    for node in sorted((node for node, found in facts.classes.items() if OWL.Nothing in found), key=str):
        message = f"the data contradicts the ontology: {facts.short(node)} is in the class that has no member"
        place = facts.inputs.place(node, RDF.type, OWL.Nothing)
        yield error(place, "owl/inconsistent", message, "take out owl:Nothing, or correct the class", node)


def _linked_to_itself(facts: _Facts) -> Iterator[Finding]:
    """Rule prp-irp."""
    for predicate in facts.properties("IrreflexiveProperty"):
        for quad in facts.by_predicate.get(predicate, ()):
            if quad.subject == quad.object:
                message = f"{facts.short(predicate)} links {facts.short(quad.subject)} to itself"  # type: ignore[arg-type]
                yield _forbidden(facts, quad, "owl/irreflexive", message)


def _linked_both_ways(facts: _Facts) -> Iterator[Finding]:
    """Rule prp-asyp."""
    for predicate in facts.properties("AsymmetricProperty"):
        quads = facts.by_predicate.get(predicate, [])
        links = {(q.subject, q.object) for q in quads}
        for quad in quads:
            if (quad.object, quad.subject) in links:
                message = f"{facts.short(predicate)} goes both ways between two things, and can go one way only"
                yield _forbidden(facts, quad, "owl/asymmetric", message)


def _linked_by_disjoint_properties(facts: _Facts) -> Iterator[Finding]:
    """Rule prp-pdw."""
    for one, other in sorted(facts.pairs(_owl("propertyDisjointWith")), key=str):
        quads = [*facts.by_predicate.get(one, ()), *facts.by_predicate.get(other, ())]  # type: ignore[arg-type]
        links = Counter((q.subject, q.object) for q in {q.triple for q in quads})
        for quad in quads:
            if links[quad.subject, quad.object] > 1:
                message = f"{facts.short(one)} and {facts.short(other)} never hold between the same two things"
                yield _forbidden(facts, quad, "owl/disjoint-properties", message)


def _same_and_different(facts: _Facts) -> Iterator[Finding]:
    """Rule eq-diff1."""
    different = {(q.subject, q.object) for q in facts.by_predicate.get(_owl("differentFrom"), ())}
    for quad in facts.by_predicate.get(OWL.sameAs, ()):
        if (quad.subject, quad.object) in different or (quad.object, quad.subject) in different:
            message = f"{facts.short(quad.subject)} is said to be the same and to be another"  # type: ignore[arg-type]
            yield _forbidden(facts, quad, "owl/same-and-different", message)


def _forbidden(facts: _Facts, quad: Quad, code: str, message: str) -> Finding:
    place = facts.inputs.place(quad.subject, quad.predicate, quad.object)  # type: ignore[arg-type]
    return error(place, code, message, "correct one of the statements, or the property in the ontology", quad.subject)  # type: ignore[arg-type]
