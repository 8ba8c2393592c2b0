"""Check the shapes themselves, so that a slip in one is shown at its line and not as a thousand findings in the data.

The rules are those of SHACL's own shape of shapes (https://www.w3.org/TR/shacl/, appendix C) that a slip of the pen
breaks. Whatever else an engine refuses comes as one finding without a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hansa.errors import closest
from hansa.model import Finding
from hansa.rdf import BlankNode, Literal, NamedNode, Quad, Term
from hansa.validate.inputs import Inputs, did_you_mean, distinct, error, ordered
from hansa.vocab import RDF, SH, XSD

_COUNTS = frozenset({"minCount", "maxCount", "minLength", "maxLength", "qualifiedMinCount", "qualifiedMaxCount"})
_ONE_OF = {
    "severity": frozenset({"Violation", "Warning", "Info"}),
    "nodeKind": frozenset({"BlankNode", "IRI", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"}),
}
_BOUNDS = (("minCount", "maxCount"), ("minLength", "maxLength"), ("qualifiedMinCount", "qualifiedMaxCount"))
_TO_SHAPES = frozenset({"property", "node", "qualifiedValueShape", "not"})
_BOOLEANS = frozenset({"closed", "uniqueLang", "deactivated", "qualifiedValueShapesDisjoint"})
_ONCE = frozenset({"path", "minCount", "maxCount", "datatype", "nodeKind", "closed", "languageIn", "severity", "in"})


def check_shape_files(inputs: Inputs) -> list[Finding]:
    """Find shapes that cannot mean what they say: wrong numbers, patterns, kinds, and what may be said once only."""
    return ordered(inputs.remembered("shapes", (), lambda: _all(inputs)))


def _all(inputs: Inputs) -> Iterator[Finding]:
    quads = [q for q in distinct(inputs.shapes) if q.predicate.value.startswith(SH.iri)]
    wrong = ((quad, problem) for quad in quads if (problem := _problem(quad)))
    yield from (_finding(quad, *problem, inputs) for quad, problem in wrong)
    yield from _repeated(quads, inputs)
    yield from _impossible(quads, inputs)
    yield from _incomplete(inputs)


def _impossible(quads: list[Quad], inputs: Inputs) -> Iterator[Finding]:
    """Find shapes that nothing can meet: at least more than at most."""
    for low, high in _BOUNDS:
        most = {q.subject: q.object for q in quads if q.predicate == NamedNode(SH.iri + high)}
        for quad in (q for q in quads if q.predicate == NamedNode(SH.iri + low)):
            value, limit = quad.object, most.get(quad.subject)
            if _is_count(value) and limit is not None and _is_count(limit) and int(value.value) > int(limit.value):  # type: ignore[arg-type, union-attr]
                message = (
                    f"sh:{low} {value.value} is more than sh:{high} {limit.value}, so that nothing meets the shape"  # type: ignore[union-attr]
                )
                yield error(inputs.place_of(quad), "shape/value", message, "correct one of the two", quad.subject)  # type: ignore[arg-type]


def _incomplete(inputs: Inputs) -> Iterator[Finding]:
    """Find shapes that nobody describes, property shapes without a property, and shapes that say nothing to people."""
    quads = list(distinct(inputs.shapes))
    said: dict[Term, set[str]] = {}
    for quad in quads:
        said.setdefault(quad.subject, set()).add(quad.predicate.value.removeprefix(SH.iri))  # type: ignore[arg-type]
    shapes = {node.value for node in said if isinstance(node, NamedNode)}
    for quad in quads:
        name, value = quad.predicate.value.removeprefix(SH.iri), quad.object
        if name in _TO_SHAPES and isinstance(value, NamedNode) and value not in said:
            near = closest(value.value, shapes)
            hint = did_you_mean(near and inputs.vocab.shorten(near), "describe it, or correct the name")
            message = f"nothing describes the shape {inputs.short(value)}"
            yield error(inputs.place_of(quad), "shape/unknown", message, hint, quad.subject)  # type: ignore[arg-type]
        elif quad.predicate == RDF.type and value == SH.PropertyShape and "path" not in said[quad.subject]:  # type: ignore[index]
            message, hint = "the property shape has no sh:path", "say with sh:path which property it is about"
            yield error(inputs.place_of(quad), "shape/value", message, hint, quad.subject)  # type: ignore[arg-type]
        elif quad.predicate == RDF.type and value == SH.PropertyShape and "message" not in said[quad.subject]:  # type: ignore[index]
            message, hint = "the shape has no sh:message", "say in a sentence what its reader should do"
            yield error(inputs.place_of(quad), "shape/message", message, hint, quad.subject)  # type: ignore[arg-type]


def _finding(quad: Quad, message: str, hint: str, inputs: Inputs) -> Finding:
    return error(inputs.place_of(quad), "shape/value", message, hint, quad.subject)  # type: ignore[arg-type]


def _problem(quad: Quad) -> tuple[str, str] | None:
    name, value = quad.predicate.value.removeprefix(SH.iri), quad.object
    if name in _COUNTS and not _is_count(value):  # type: ignore[arg-type]
        return f"sh:{name} is no whole number", "write digits without quotes"
    if name in _ONE_OF and not (isinstance(value, NamedNode) and value.value.removeprefix(SH.iri) in _ONE_OF[name]):
        return f"sh:{name} has a value that SHACL does not know", f"use sh:{', sh:'.join(sorted(_ONE_OF[name]))}"
    if name in _BOOLEANS and not (isinstance(value, Literal) and value.datatype == XSD.boolean):
        return f"sh:{name} is neither true nor false", "write true or false without quotes"
    if name == "pattern":
        return _pattern_problem(value)  # type: ignore[arg-type]
    if name in {"path", "property", "node"} and isinstance(value, Literal):
        return f"sh:{name} is a text", "write the IRI without quotes"
    return None


def _is_count(value: Term) -> bool:
    return (
        isinstance(value, Literal) and value.datatype == XSD.integer and value.value.isascii() and value.value.isdigit()
    )


def _pattern_problem(value: Term) -> tuple[str, str] | None:
    try:
        re.compile(value.value if isinstance(value, Literal) else "(")
    except re.error as problem:
        return f"sh:pattern is no regular expression: {problem}", "check brackets and backslashes"
    return None


def _repeated(quads: list[Quad], inputs: Inputs) -> Iterator[Finding]:
    seen: dict[tuple[object, NamedNode], Quad] = {}
    for quad in quads:
        name = quad.predicate.value.removeprefix(SH.iri)
        first = seen.setdefault((quad.subject, quad.predicate), quad)
        if name in _ONCE and first != quad:
            message = f"the shape has a second sh:{name}"
            where = inputs.place_of(first).line if not isinstance(quad.subject, BlankNode) else 0
            hint = f"keep one; the first stands in line {where}" if where else "keep one"
            yield error(inputs.place_of(quad), "shape/repeated", message, hint, quad.subject)  # type: ignore[arg-type]
