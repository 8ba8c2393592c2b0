"""Check the data against the shapes, and turn the report into findings that name file, line and column."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from hansa.model import Finding, Position, Severity
from hansa.rdf import BlankNode, Literal, NamedNode, Node, Quad, Term, Triple, sort_key
from hansa.validate.engines import Engine, run
from hansa.validate.inputs import Inputs, ordered
from hansa.validate.shapefiles import check_shape_files
from hansa.vocab import RDF, SH, XSD, Vocabulary


def _sh(name: str) -> NamedNode:
    return NamedNode(SH.iri + name)


_SEVERITIES = {
    SH.Violation.value: Severity.ERROR,
    SH.Warning.value: Severity.WARNING,
    SH.Info.value: Severity.INFO,
}
_HINTS = {
    "MinCount": "add a value",
    "MaxCount": "keep one value; a second one belongs to a second thing",
    "Class": "name a thing of that kind, or describe it as one",
    "Closed": "check the spelling of the property; if it is meant, add it to the shape",
    "Datatype": "write a number without quotes; what is in quotes has its datatype after them, as in ^^edtf:EDTF",
    "In": "use one of the values of the list",
    "LanguageIn": "tag the text with a language of the list, as in @en",
    "NodeKind": "the name of a thing stands without quotes (place:seoul), a text in quotes",
    "Pattern": "write the value in the form that the message shows",
    "UniqueLang": "keep one value for each language",
}
_NONE = Literal("0", datatype=XSD.integer)
_TOO_MANY = frozenset(_sh(f"{name}ConstraintComponent") for name in ("MaxCount", "UniqueLang"))
_BOUNDS = re.compile(r"(?P<property>start|end|asOf)(Earliest|Latest)")
_OPERATORS = tuple(_sh(name) for name in ("inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath"))
_UPPER_BOUNDS = tuple(_sh(name) for name in ("lessThanOrEquals", "lessThan"))


@dataclass(frozen=True, slots=True)
class ShaclResult:
    """What the engine found: findings for people, and the same results as triples without blank nodes."""

    findings: list[Finding]
    triples: list[Triple]


def check_shapes(inputs: Inputs, engine: Engine = Engine.PYSHACL) -> ShaclResult:
    """Validate the union of all graphs, the derived ones included.

    :raises HansaError: when the shapes themselves are wrong, so that nothing can be said about the data
    """
    wrong = check_shape_files(inputs)
    if wrong:
        return ShaclResult(wrong, [])
    return read_results(run(engine, (q for quads in inputs.graphs.values() for q in quads), inputs.shapes), inputs)


def read_results(statements: Iterable[Quad], inputs: Inputs) -> ShaclResult:
    """Read the statements of a validation report."""
    report = _Statements(statements)
    reader = _ReportReader(report, _Statements(inputs.shapes), inputs)
    results = list(report.of(SH.result))  # not the details inside a result
    findings = ordered(finding for node in results for finding in reader.findings(node))
    triples = {triple for node in results for triple in reader.triples(node)}
    return ShaclResult(findings, sorted(triples, key=sort_key))


def _local(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


class _Statements:
    """A few statements, by subject and predicate, by predicate, and by object."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._about: dict[Term, dict[NamedNode, list[Term]]] = {}
        self._pointing: dict[Term, list[Node]] = {}
        for quad in dict.fromkeys(quad.triple for quad in quads):
            self._about.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)  # type: ignore[arg-type]
            self._pointing.setdefault(quad.object, []).append(quad.subject)  # type: ignore[arg-type]

    def rows(self, subject: Term) -> Iterator[tuple[NamedNode, Term]]:
        """Give the predicates and objects of a subject."""
        yield from ((p, o) for p, objects in self._about.get(subject, {}).items() for o in objects)

    def all(self, subject: Term | None, predicate: NamedNode) -> list[Term]:
        return self._about.get(subject, {}).get(predicate, []) if subject is not None else []

    def one(self, subject: Term | None, predicate: NamedNode) -> Term | None:
        return next(iter(self.all(subject, predicate)), None)

    def of(self, predicate: NamedNode) -> Iterator[Term]:
        """Give all values of a property."""
        return (o for about in self._about.values() for o in about.get(predicate, ()))

    def around(self, node: Term) -> Term | None:
        """Give what points to a node, the first by name."""
        return min(self._pointing.get(node, []), key=str, default=None)

    def items(self, node: Term | None) -> Iterator[Term]:
        """Give the members of a list."""
        seen: set[Term] = set()
        while node is not None and node != RDF.nil and node not in seen:
            seen.add(node)
            yield from self.all(node, RDF.first)
            node = self.one(node, NamedNode(f"{RDF.iri}rest"))


class _ReportReader:
    """Reads one validation report against the shapes that made it."""

    def __init__(self, report: _Statements, shapes: _Statements, inputs: Inputs) -> None:
        self._report = report
        self._shapes = shapes
        self._inputs = inputs

    def findings(self, result: Term) -> list[Finding]:
        """Give the finding of a result, or where it speaks of several values one for each."""
        found = self._finding(result)
        return [replace(found, position=place) for place in self._places(result)] or [found]

    def _places(self, result: Term) -> list[Position]:
        """Give where the values stand of which there are too many: any of them may be the wrong one."""
        component = self._report.one(result, SH.sourceConstraintComponent)
        focus, path = self._report.one(result, SH.focusNode), self._report.one(result, SH.resultPath)
        if component not in _TOO_MANY or not isinstance(path, NamedNode) or focus is None or isinstance(focus, Literal):
            return []
        quads = [q for q in self._inputs.by_subject.get(focus, []) if q.predicate == path]
        tags = Counter(q.object.language for q in set(quads) if isinstance(q.object, Literal))
        every = component != _sh("UniqueLangConstraintComponent")
        values = (q for q in quads if every or (isinstance(q.object, Literal) and tags[q.object.language] > 1))
        return [self._inputs.place_of(quad) for quad in values]

    def _finding(self, result: Term) -> Finding:
        shape = self._report.one(result, SH.sourceShape)
        component = self._report.one(result, SH.sourceConstraintComponent)
        focus = self._report.one(result, SH.focusNode)
        severity = self._report.one(result, SH.resultSeverity)
        message = self._words(self._report.all(result, SH.resultMessage))
        return Finding(
            self._position(result),
            _SEVERITIES.get(severity.value if severity else "", Severity.ERROR),
            f"shacl/{self._name(shape)}",
            self._named(result, component) + (message or "the shape is not met"),
            focus.value if isinstance(focus, NamedNode) else "",
            self._hint(shape, _local(component.value if component else "")),
        )

    def _named(self, result: Term, component: Term | None) -> str:
        """Name the property that has no business there; the shape only knows those that have."""
        path = self._report.one(result, SH.resultPath)
        closed = component == _sh("ClosedConstraintComponent") and isinstance(path, NamedNode)
        return f"{self._inputs.short(path)} does not belong here. " if closed and path else ""

    def triples(self, result: Term) -> Iterator[Triple]:
        """Give a result under an IRI made of its content, so that the report is the same in every build."""
        rows = sorted(self._rows(result), key=lambda row: (row[0].value, str(row[1])))
        digest = hashlib.sha256("\n".join(f"{p} {o}" for p, o in rows).encode()).hexdigest()[:16]
        node = self._vocab.graph("report", digest)
        yield Triple(self._vocab.graph("report"), SH.result, node)
        yield from (Triple(node, predicate, value) for predicate, value in rows)

    @cached_property
    def _vocab(self) -> Vocabulary:
        return self._inputs.vocab

    def _rows(self, result: Term) -> Iterator[tuple[NamedNode, Term]]:
        for predicate, value in self._report.rows(result):
            if predicate == SH.sourceShape:
                yield predicate, NamedNode(self._vocab.expand(f"shape:{self._name(value)}"))
            elif not isinstance(value, BlankNode):
                yield predicate, value

    def _words(self, values: Iterable[Term]) -> str:
        """Choose the text in the first language of the project that is there."""
        texts = sorted((v for v in values if isinstance(v, Literal)), key=lambda v: (v.value, v.language or ""))
        order = {language: rank for rank, language in enumerate((*self._inputs.config.languages, None))}
        best = min(texts, key=lambda t: order.get(t.language, len(order)), default=None)
        return best.value if best else ""

    def _hint(self, shape: Term | None, component: str) -> str:
        if component == "MaxCountConstraintComponent" and self._shapes.one(shape, _sh("maxCount")) == _NONE:
            return "take it out"
        described = self._words(self._shapes.all(shape, _sh("description")))
        return described or _HINTS.get(component.removesuffix("ConstraintComponent"), "")

    # ------------------------------------------------------------ shapes
    def _name(self, shape: Term | None) -> str:
        """Name a shape: its local name, or for a nameless property shape the shape around it and the path."""
        if shape is None:
            return "shape"
        if isinstance(shape, NamedNode):
            return _local(shape.value)
        path = self._shapes.one(shape, _sh("path"))
        steps = [_local(step.value) for step in self._steps(path)] if path is not None else []
        return "-".join([self._name(self._shapes.around(shape)), *steps])

    def _steps(self, path: Term) -> list[NamedNode]:
        """Give the properties of a path in order, its operators left out."""
        if isinstance(path, NamedNode):
            return [path]
        for operator in _OPERATORS:
            inner = self._shapes.one(path, operator)
            if inner is not None:
                return self._steps(inner)
        choices = self._shapes.one(path, _sh("alternativePath")) or path
        return [step for item in self._shapes.items(choices) for step in self._steps(item)]

    # ------------------------------------------------------------ places
    def _position(self, result: Term) -> Position:
        focus, path = self._report.one(result, SH.focusNode), self._report.one(result, SH.resultPath)
        value = self._report.one(result, SH.value)
        if focus is None or isinstance(focus, Literal):
            return Position("", 0, 0)
        if path is None:
            return self._inputs.place(focus)
        if isinstance(path, NamedNode):
            return self._place_at(result, focus, path, value)
        inverse = self._report.one(path, _sh("inversePath"))
        if isinstance(inverse, NamedNode) and isinstance(value, NamedNode):
            return self._inputs.place(value, inverse, focus)
        return self._inputs.place(focus)

    def _place_at(self, result: Term, subject: Node, predicate: NamedNode, obj: Term | None) -> Position:
        component = self._report.one(result, SH.sourceConstraintComponent)
        if component == _sh("ClosedConstraintComponent"):
            return self._inputs.place(subject, predicate)  # the property is wrong, not its value
        written = self._written(subject, self._upper_bound(result) or predicate.value)
        return written or self._inputs.place(subject, predicate, obj)

    def _upper_bound(self, result: Term) -> str:
        """Give the property that the value should not exceed, where that is what the shape says."""
        shape = self._report.one(result, SH.sourceShape)
        bounds = (self._shapes.one(shape, bound) for bound in _UPPER_BOUNDS)
        return next((bound.value for bound in bounds if bound is not None), "")

    def _written(self, subject: Node, derived: str) -> Position | None:
        """Find the date that a person wrote for a bound that the build derived from it."""
        hansa = self._vocab.hansa
        match = _BOUNDS.fullmatch(derived.removeprefix(hansa.iri))
        if match is None:
            return None
        names = {f"{hansa.iri}{match['property']}", hansa.date.value}
        quads = self._inputs.by_subject.get(subject, [])
        return next((self._inputs.place_of(q) for q in quads if q.predicate.value in names), None)
