"""What the checks look at, gathered once: graphs, shapes, texts, settings, and where each statement stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

from hansa.config import Config
from hansa.memo import Memo, digest
from hansa.model import Finding, Fix, Position, Severity
from hansa.rdf import Graphs, Locator, NamedNode, Node, Quad, Term
from hansa.validate.edits import Page
from hansa.vocab import RDF, Vocabulary


class TextFile(Protocol):
    """A file that people wrote: its name as findings show it, and the graph it is (``None``: not RDF)."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def graph(self) -> NamedNode | None: ...  # noqa: D102

    @property
    def digest(self) -> str:
        """What tells its content from any other."""
        ...

    def text(self) -> str:
        """Read it."""
        ...


class Positions(Locator, Protocol):
    """A locator that also knows every place where a statement is repeated."""

    def occurrences(self, graph: NamedNode, subject: Node, predicate: NamedNode, obj: Term) -> list[Position]:
        """Give every place in the files of a graph that makes exactly this statement."""
        ...


@dataclass(frozen=True)
class Inputs:
    """Everything that a check may need.

    :param graphs: all named graphs, the derived ones included
    :param shapes: the statements of the shapes
    :param turtle: the Turtle files of the project, shapes too
    :param sparql: the SPARQL files of the project
    :param config: the settings
    :param positions: where statements stand
    :param memo: what was said before about the same bytes
    """

    graphs: Graphs
    shapes: list[Quad]
    turtle: tuple[TextFile, ...]
    sparql: tuple[TextFile, ...]
    config: Config
    positions: Positions
    memo: Memo = field(default_factory=Memo.nothing)

    @property
    def vocab(self) -> Vocabulary:
        """The project's names."""
        return self.config.vocab

    @cached_property
    def instances(self) -> list[tuple[NamedNode, TextFile]]:
        """The instance graphs with their files, in the order of the files."""
        others = {self.vocab.graph("ontology"), self.vocab.graph("vocabulary"), self.vocab.shapes}
        return [(f.graph, f) for f in self.turtle if f.graph is not None and f.graph not in others]

    @cached_property
    def authored(self) -> list[Quad]:
        """What people wrote: the statements of all graphs that have a file."""
        named = dict.fromkeys(f.graph for f in self.turtle if f.graph is not None)
        return [quad for graph in named for quad in self.graphs.get(graph, [])]

    @cached_property
    def instance_quads(self) -> list[Quad]:
        """What people wrote in the instances."""
        return [quad for graph, _ in self.instances for quad in self.graphs.get(graph, [])]

    @cached_property
    def by_subject(self) -> dict[Node, list[Quad]]:
        """The authored statements by subject."""
        index: dict[Node, list[Quad]] = {}
        for quad in self.authored:
            index.setdefault(quad.subject, []).append(quad)  # type: ignore[arg-type]
        return index

    @cached_property
    def described(self) -> set[str]:
        """The IRIs about which somebody wrote something."""
        return {node.value for node in self.by_subject if isinstance(node, NamedNode)}

    def classes_elsewhere(self, _node: Node) -> tuple[str, ...]:
        """Give classes that a thing has in files that are not looked at now; there are none when all are."""
        return ()

    # ------------------------------------------------------------ files and what was said of them
    @cached_property
    def files(self) -> dict[NamedNode, list[TextFile]]:
        """The Turtle files of each graph that people write, the shapes' too, in order."""
        named: dict[NamedNode, list[TextFile]] = {}
        for file in self.turtle:
            if file.graph is not None:
                named.setdefault(file.graph, []).append(file)
        return named

    @cached_property
    def schema_digest(self) -> str:
        """Stands for everything that says which names there are: ontology, schemes, shapes and settings."""
        graphs = (self.vocab.graph("ontology"), self.vocab.graph("vocabulary"), self.vocab.shapes)
        digests = [file.digest for graph in graphs for file in self.files.get(graph, [])]
        return digest(repr(replace(self.config, root=Path())), *digests)

    def remembered(self, stage: str, files: Iterable[TextFile], find: Callable[[], Iterable[Finding]]) -> list[Finding]:
        """Give the findings of a stage that reads nothing but some files and the schema.

        :param find: makes them, when nobody asked before
        """
        key = digest(stage, self.schema_digest, *(file.digest for file in files))
        return from_json(self.memo.text(key, lambda: to_json(find())))

    @cached_property
    def _pages(self) -> dict[str, TextFile]:
        return {file.name: file for file in (*self.turtle, *self.sparql)}

    def page(self, place: Position) -> Page:
        """Give the text of the file that a place is in, to make a fix; an unknown file is empty."""
        file = self._pages.get(place.file)
        return Page(place.file, file.text() if file else "")

    # ------------------------------------------------------------ places
    def place(self, subject: Node, predicate: NamedNode | None = None, obj: Term | None = None) -> Position:
        """Find a statement whose graph is unknown: the exact one, one with that predicate, or the thing's class."""
        quads = self.by_subject.get(subject, [])
        exact = (q for q in quads if q.predicate == predicate and q.object == obj)
        similar = (q for q in quads if q.predicate == predicate)
        typed = (q for q in quads if q.predicate == RDF.type)
        nearest = next((q for group in (exact, similar, typed, quads) for q in group), None)
        graph = nearest.graph_name if nearest else self.vocab.graph("ontology")
        return self.positions.locate(graph, subject, predicate, obj)  # type: ignore[arg-type]

    def place_of(self, quad: Quad, *, predicate_only: bool = False) -> Position:
        """Find a statement in the files of its own graph; where they cannot be read to the end, give their start."""
        obj = None if predicate_only else quad.object
        found = self.positions.locate(quad.graph_name, quad.subject, quad.predicate, obj)  # type: ignore[arg-type]
        own = self.files.get(quad.graph_name, [])  # type: ignore[arg-type]
        return found if not own or any(file.name == found.file for file in own) else Position(own[0].name, 1, 1)

    def short(self, term: Term) -> str:
        """Write a term as people write it."""
        return self.vocab.shorten(term.value) if isinstance(term, NamedNode) else str(term)


def error(
    position: Position, code: str, message: str, hint: str = "", focus: Term | None = None, fix: Fix | None = None
) -> Finding:
    """Make a finding that blocks the release."""
    return Finding(position, Severity.ERROR, code, message, _iri(focus), hint, fix)


def warning(
    position: Position, code: str, message: str, hint: str = "", focus: Term | None = None, fix: Fix | None = None
) -> Finding:
    """Make a finding that blocks the release in strict mode only."""
    return Finding(position, Severity.WARNING, code, message, _iri(focus), hint, fix)


def _iri(focus: Term | None) -> str:
    return focus.value if isinstance(focus, NamedNode) else ""


# ---------------------------------------------------------------- keeping
def to_json(findings: Iterable[Finding]) -> str:
    """Write findings down so that :func:`from_json` gives the same ones."""
    return json.dumps([_row(f) for f in findings], ensure_ascii=False)


def _row(finding: Finding) -> list[object]:
    fix, place = finding.fix, finding.position
    ends = [fix.start.file, fix.start.line, fix.start.column, fix.end.line, fix.end.column] if fix else []
    change = [ends, fix.replacement, fix.original] if fix else None
    told = [str(finding.severity), finding.code, finding.message, finding.focus, finding.hint]
    return [[place.file, place.line, place.column], told, change]


def from_json(text: str) -> list[Finding]:
    """Read findings back."""
    return [_finding(*row) for row in json.loads(text)]


def _finding(place: list[object], told: list[str], change: list[object] | None) -> Finding:
    severity, code, message, focus, hint = told
    fix = _fix(*change) if change else None  # type: ignore[arg-type]
    return Finding(Position(*place), Severity(severity), code, message, focus, hint, fix)  # type: ignore[arg-type]


def _fix(ends: list[object], replacement: str, original: str) -> Fix:
    file, line, column, end_line, end_column = ends
    start, end = Position(file, line, column), Position(file, end_line, end_column)  # type: ignore[arg-type]
    return Fix(start, end, replacement, original)


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by place, then by gravity, and leave out repetitions."""
    return sorted(set(findings), key=lambda f: (f.position, _ORDER[f.severity], f.code, f.message, f.focus, f.hint))


def did_you_mean(suggestion: str, otherwise: str, *, sure: bool = True) -> str:
    """Make a hint of a suggestion, or give other advice where there is none; both where the suggestion is a guess."""
    if not suggestion:
        return otherwise
    return f"did you mean {suggestion}?" + ("" if sure else f" Otherwise {otherwise}")


def distinct(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Give each statement once, in order."""
    return iter(dict.fromkeys(quads))
