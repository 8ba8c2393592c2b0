"""Check the data against the shapes, and turn the report into findings that name file, line and column."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import SH as RDFLIB_SH

from hansa.model import Finding, Position, Severity
from hansa.rdf import NamedNode, Node, Term, Triple, sort_key
from hansa.validate.engines import Engine, filled, from_rdflib, run
from hansa.validate.inputs import Inputs, ordered
from hansa.vocab import SH, Vocabulary

_SEVERITIES = {
    SH.Violation.value: Severity.ERROR,
    SH.Warning.value: Severity.WARNING,
    SH.Info.value: Severity.INFO,
}
_HINTS = {
    "MinCount": "add a value",
    "MaxCount": "keep one value; a second one belongs to a second thing",
    "Class": "use a thing of that class, or say in its own statement that it is one",
    "Closed": "check the spelling of the property; if it is meant, add it to the shape",
    "Datatype": "write the datatype after the quotes, as in ^^xsd:integer",
    "In": "use one of the values of the list",
    "LanguageIn": "tag the text with a language of the list, as in @en",
    "NodeKind": "an IRI stands without quotes, a literal in quotes",
    "Pattern": "write the value in the form that the message shows",
    "UniqueLang": "keep one value for each language",
}
_BOUNDS = re.compile(r"(?P<property>start|end|asOf)(Earliest|Latest)")
_STEPS = (RDFLIB_SH.inversePath, RDFLIB_SH.zeroOrMorePath, RDFLIB_SH.oneOrMorePath, RDFLIB_SH.zeroOrOnePath)


@dataclass(frozen=True, slots=True)
class ShaclResult:
    """What the engine found: findings for people, and the same results as triples without blank nodes."""

    findings: list[Finding]
    triples: list[Triple]


def check_shapes(inputs: Inputs, engine: Engine = Engine.PYSHACL) -> ShaclResult:
    """Validate the union of all graphs, the derived ones included.

    :raises HansaError: when the shapes themselves are wrong, so that nothing can be said about the data
    """
    report = run(engine, (q for quads in inputs.graphs.values() for q in quads), inputs.shapes)
    shapes = filled(rdflib.Graph(), inputs.shapes)
    reader = _ReportReader(report, shapes, inputs)
    results = list(report.objects(None, RDFLIB_SH.result))  # not the details inside a result
    findings = ordered(reader.finding(node) for node in results)
    triples = {triple for node in results for triple in reader.triples(node)}
    return ShaclResult(findings, sorted(triples, key=sort_key))


def _local(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


class _ReportReader:
    """Reads one validation report against the shapes that made it."""

    def __init__(self, report: rdflib.Graph, shapes: rdflib.Graph, inputs: Inputs) -> None:
        self._report = report
        self._shapes = shapes
        self._inputs = inputs

    def finding(self, result: rdflib.term.Node) -> Finding:
        shape = self._one(result, RDFLIB_SH.sourceShape)
        component = _local(str(self._one(result, RDFLIB_SH.sourceConstraintComponent)))
        focus = self._one(result, RDFLIB_SH.focusNode)
        message = self._words(self._report.objects(result, RDFLIB_SH.resultMessage))
        return Finding(
            self._position(result),
            _SEVERITIES.get(str(self._one(result, RDFLIB_SH.resultSeverity)), Severity.ERROR),
            f"shacl/{self._name(shape)}",
            message or "the shape is not met",
            str(focus) if isinstance(focus, rdflib.URIRef) else "",
            self._hint(shape, component),
        )

    def triples(self, result: rdflib.term.Node) -> Iterator[Triple]:
        """Give a result under an IRI made of its content, so that the report is the same in every build."""
        rows = sorted(self._rows(result), key=lambda row: (row[0].value, str(row[1])))
        digest = hashlib.sha256("\n".join(f"{p} {o}" for p, o in rows).encode()).hexdigest()[:16]
        node = self._vocab.graph("report", digest)
        yield Triple(self._vocab.graph("report"), SH.result, node)
        yield from (Triple(node, predicate, value) for predicate, value in rows)

    @cached_property
    def _vocab(self) -> Vocabulary:
        return self._inputs.vocab

    def _rows(self, result: rdflib.term.Node) -> Iterator[tuple[NamedNode, Term]]:
        for predicate, value in self._report.predicate_objects(result):
            if predicate == RDFLIB_SH.sourceShape:
                yield SH.sourceShape, NamedNode(self._vocab.expand(f"shape:{self._name(value)}"))
            elif not isinstance(value, rdflib.BNode):
                yield NamedNode(str(predicate)), from_rdflib(value)

    def _one(self, subject: rdflib.term.Node, predicate: rdflib.URIRef) -> rdflib.term.Node | None:
        return self._report.value(subject, predicate)

    def _words(self, values: Iterable[rdflib.term.Node]) -> str:
        """Choose the text in the first language of the project that is there."""
        texts = sorted((v for v in values if isinstance(v, rdflib.Literal)), key=str)
        order = {language: rank for rank, language in enumerate((*self._inputs.config.languages, None))}
        return str(min(texts, key=lambda t: order.get(t.language, len(order)), default=""))

    def _hint(self, shape: rdflib.term.Node | None, component: str) -> str:
        described = self._words(self._shapes.objects(shape, RDFLIB_SH.description))
        return described or _HINTS.get(component.removesuffix("ConstraintComponent"), "")

    # ------------------------------------------------------------ shapes
    def _name(self, shape: rdflib.term.Node | None) -> str:
        """Name a shape: its local name, or for a nameless property shape the shape around it and the path."""
        if shape is None:
            return "shape"
        if isinstance(shape, rdflib.URIRef):
            return _local(str(shape))
        around = next(iter(sorted(self._shapes.subjects(None, shape), key=str)), None)
        path = self._shapes.value(shape, RDFLIB_SH.path)
        steps = [_local(str(step)) for step in self._steps(path)] if path is not None else []
        return "-".join([self._name(around), *steps])

    def _steps(self, path: rdflib.term.Node) -> list[rdflib.URIRef]:
        """Give the properties of a path in order, its operators left out."""
        if isinstance(path, rdflib.URIRef):
            return [path]
        for operator in _STEPS:
            inner = self._shapes.value(path, operator)
            if inner is not None:
                return self._steps(inner)
        choices = self._shapes.value(path, RDFLIB_SH.alternativePath) or path
        return [step for item in Collection(self._shapes, choices) for step in self._steps(item)]

    # ------------------------------------------------------------ places
    def _position(self, result: rdflib.term.Node) -> Position:
        focus, path = self._one(result, RDFLIB_SH.focusNode), self._one(result, RDFLIB_SH.resultPath)
        value = self._one(result, RDFLIB_SH.value)
        if focus is None or isinstance(focus, rdflib.Literal):
            return Position("", 0, 0)
        subject: Node = from_rdflib(focus)  # type: ignore[assignment]
        obj = None if value is None else from_rdflib(value)
        if path is None:
            return self._inputs.place(subject)
        if isinstance(path, rdflib.URIRef):
            return self._place_at(result, subject, NamedNode(str(path)), obj)
        inverse = self._report.value(path, RDFLIB_SH.inversePath)
        if isinstance(inverse, rdflib.URIRef) and isinstance(obj, NamedNode):
            return self._inputs.place(obj, NamedNode(str(inverse)), subject)
        return self._inputs.place(subject)

    def _place_at(self, result: rdflib.term.Node, subject: Node, predicate: NamedNode, obj: Term | None) -> Position:
        component = self._one(result, RDFLIB_SH.sourceConstraintComponent)
        if component == RDFLIB_SH.ClosedConstraintComponent:
            return self._inputs.place(subject, predicate)  # the property is wrong, not its value
        written = self._written(subject, self._upper_bound(result) or predicate.value)
        return written or self._inputs.place(subject, predicate, obj)

    def _upper_bound(self, result: rdflib.term.Node) -> str:
        """Give the property that the value should not exceed, where that is what the shape says."""
        shape = self._one(result, RDFLIB_SH.sourceShape)
        bounds = (self._shapes.value(shape, RDFLIB_SH[name]) for name in ("lessThanOrEquals", "lessThan"))
        return next((str(bound) for bound in bounds if bound is not None), "")

    def _written(self, subject: Node, derived: str) -> Position | None:
        """Find the date that a person wrote for a bound that the build derived from it."""
        hansa = self._vocab.hansa
        match = _BOUNDS.fullmatch(derived.removeprefix(hansa.iri))
        if match is None:
            return None
        names = {f"{hansa.iri}{match['property']}", hansa.date.value}
        quads = self._inputs.by_subject.get(subject, [])
        return next((self._inputs.place_of(q) for q in quads if q.predicate.value in names), None)
