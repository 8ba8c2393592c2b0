"""Check that the ontology keeps to OWL 2 DL and to its profile RL, as far as the form of its statements shows it.

DL: the typing constraints and the restriction on simple roles (OWL 2 Structural Specification, sections 5.8.1, 11.2).
RL: the kinds of axioms and where class expressions may stand (OWL 2 Profiles, section 4.2). Inside RL the closure of
the build is complete, and :mod:`hansa.validate.consistency` finds every contradiction. Datatypes of XML Schema outside
the OWL 2 datatype map (xsd:date) are allowed as annotation and value: no reasoning here rests on them.
"""

from __future__ import annotations

from collections.abc import Iterator

from hansa.model import Finding
from hansa.rdf import BlankNode, Literal, NamedNode, Node, Quad, Term
from hansa.validate.inputs import Inputs, error, ordered
from hansa.vocab import OWL, RDF, RDFS, XSD

_PROPERTY_KINDS = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
_RESERVED = (OWL.iri, RDF.iri, RDFS.iri, XSD.iri)
_NOT_SIMPLE = frozenset(
    {"FunctionalProperty", "InverseFunctionalProperty", "IrreflexiveProperty", "AsymmetricProperty"}
)
_LOGICAL = frozenset({"subPropertyOf", "domain", "range"})
_NOT_IN_RL = frozenset({"disjointUnionOf", "hasSelf", "minCardinality", "minQualifiedCardinality", "cardinality"})
_ONLY_BELOW = frozenset({"someValuesFrom", "unionOf", "oneOf"})
_ONLY_ABOVE = frozenset({"allValuesFrom", "complementOf", "maxCardinality", "maxQualifiedCardinality"})
_DL, _RL = "profile/dl", "profile/rl"


def check_profiles(inputs: Inputs) -> list[Finding]:
    """Find statements of the ontology that leave OWL 2 DL or OWL 2 RL, each at its line."""
    ontology = _Ontology(inputs)
    return ordered(
        [*_puns(ontology), *_reserved(ontology), *_roles(ontology), *_values(ontology), *_beyond_rl(ontology)]
    )


class _Ontology:
    """The statements of the ontology, and which kinds each term is of."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.quads = inputs.graphs.get(inputs.vocab.graph("ontology"), [])
        self.kinds: dict[Term, set[str]] = {}
        self.typed: dict[tuple[Term, str], Quad] = {}
        for quad in self.quads:
            if quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
                name = quad.object.value.removeprefix(OWL.iri).removeprefix(RDFS.iri)
                self.kinds.setdefault(quad.subject, set()).add(name)  # type: ignore[arg-type]
                self.typed[quad.subject, name] = quad  # type: ignore[index]

    def finding(self, code: str, quad: Quad, message: str, hint: str) -> Finding:
        return error(self.inputs.place_of(quad), code, message, hint, quad.subject)  # type: ignore[arg-type]

    def short(self, term: object) -> str:
        return self.inputs.short(term)  # type: ignore[arg-type]


def _puns(ontology: _Ontology) -> Iterator[Finding]:
    """Find names that are properties of two kinds, or class and datatype at once (section 5.8.1)."""
    for node, kinds in ontology.kinds.items():
        for clash in (set(_PROPERTY_KINDS) & kinds, {"Class", "Datatype"} & kinds):
            if len(clash) > 1:
                message = f"{ontology.short(node)} is declared as {' and '.join(sorted(clash))}"
                for name in clash:  # any of them may be the slip
                    quad = ontology.typed[node, name]
                    yield ontology.finding(_DL, quad, message, "OWL 2 DL allows one of them: keep that one")


def _reserved(ontology: _Ontology) -> Iterator[Finding]:
    for quad in ontology.quads:
        node = quad.subject
        if isinstance(node, NamedNode) and node.value.startswith(_RESERVED) and _is_axiom(quad):
            message = f"the statement changes {ontology.short(node)}, which belongs to the language itself"
            yield ontology.finding(_DL, quad, message, "make a term of your own")


def _is_axiom(quad: Quad) -> bool:
    name = quad.predicate.value
    return name.startswith(OWL.iri) or name in (RDFS.subClassOf.value, *(f"{RDFS.iri}{n}" for n in _LOGICAL))


def _roles(ontology: _Ontology) -> Iterator[Finding]:
    """Find transitive properties that are used as only simple ones may be (section 11.2)."""
    for node, kinds in ontology.kinds.items():
        wrong = _NOT_SIMPLE & kinds if "TransitiveProperty" in kinds else set()
        for name in sorted(wrong):
            message = f"{ontology.short(node)} is transitive and a {name}"
            yield ontology.finding(_DL, ontology.typed[node, name], message, "OWL 2 DL allows one of the two")


def _values(ontology: _Ontology) -> Iterator[Finding]:
    """Find things as values of properties for texts and numbers, and the other way round; in the data, shapes do."""
    schemes = ontology.inputs.graphs.get(ontology.inputs.vocab.graph("vocabulary"), [])
    for quad in (*ontology.quads, *schemes):
        kinds = ontology.kinds.get(quad.predicate, set())
        literal = isinstance(quad.object, Literal)
        if literal and kinds & set(_PROPERTY_KINDS) == {"ObjectProperty"}:
            message = f"{ontology.short(quad.predicate)} leads to things, and the value is a text or a number"
            yield ontology.finding(_DL, quad, message, "write the name of the thing without quotes")
        elif not literal and kinds & set(_PROPERTY_KINDS) == {"DatatypeProperty"}:
            message = f"{ontology.short(quad.predicate)} takes a text or a number, and the value is a thing"
            yield ontology.finding(_DL, quad, message, "write the value in quotes, or use another property")


# ---------------------------------------------------------------- RL
def _beyond_rl(ontology: _Ontology) -> Iterator[Finding]:
    above, below = _expressions(ontology.quads, above=True), _expressions(ontology.quads, above=False)
    for quad in ontology.quads:
        name = quad.predicate.value.removeprefix(OWL.iri)
        if quad.predicate == RDF.type and quad.object == NamedNode(f"{OWL.iri}ReflexiveProperty"):
            name = "ReflexiveProperty"
        misplaced = (name in _ONLY_BELOW and quad.subject in above) or (name in _ONLY_ABOVE and quad.subject in below)
        if name in _NOT_IN_RL or name == "ReflexiveProperty" or misplaced:
            message = f"owl:{name} is outside of OWL 2 RL" + (" in this place" if misplaced else "")
            hint = "say it as a shape or as a rule: the closure of the build does not compute it"
            yield ontology.finding(_RL, quad, message, hint)


def _expressions(quads: list[Quad], *, above: bool) -> set[Node]:
    """Give the nameless classes that stand as superclass, domain or range (``above``), or as subclass."""
    found: set[Node] = set()
    for quad in quads:
        superclass = quad.predicate in (RDFS.subClassOf, RDFS.domain, RDFS.range)
        node = quad.object if above else quad.subject
        relevant = superclass if above else quad.predicate == RDFS.subClassOf
        if isinstance(node, BlankNode) and relevant:
            found.add(node)
    return found
