"""What the checks look at, gathered once: graphs, shapes, texts, settings, and where each statement stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from hansa.config import Config
from hansa.model import Finding, Position, Severity
from hansa.rdf import Graphs, Locator, NamedNode, Node, Quad, Term
from hansa.vocab import RDF, Vocabulary


class TextFile(Protocol):
    """A file that people wrote: its name as findings show it, and the graph it is (``None``: not RDF)."""

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def graph(self) -> NamedNode | None: ...  # noqa: D102

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
    """

    graphs: Graphs
    shapes: list[Quad]
    turtle: tuple[TextFile, ...]
    sparql: tuple[TextFile, ...]
    config: Config
    positions: Positions

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

    def place(self, subject: Node, predicate: NamedNode | None = None, obj: Term | None = None) -> Position:
        """Find a statement whose graph is unknown: the exact one, one with that predicate, or the thing's class."""
        quads = self.by_subject.get(subject, [])
        exact = (q for q in quads if q.predicate == predicate and q.object == obj)
        similar = (q for q in quads if q.predicate == predicate)
        typed = (q for q in quads if q.predicate == RDF.type)
        nearest = next((q for group in (exact, similar, typed, quads) for q in group), None)
        graph = nearest.graph_name if nearest else self.vocab.graph("ontology")
        return self.positions.locate(graph, subject, predicate, obj)  # type: ignore[arg-type]

    def place_of(self, quad: Quad) -> Position:
        """Find a statement in its own graph."""
        return self.positions.locate(quad.graph_name, quad.subject, quad.predicate, quad.object)  # type: ignore[arg-type]

    def short(self, term: Term) -> str:
        """Write a term as people write it."""
        return self.vocab.shorten(term.value) if isinstance(term, NamedNode) else str(term)


def error(position: Position, code: str, message: str, hint: str = "", focus: Term | None = None) -> Finding:
    """Make a finding that blocks the release."""
    return _finding(Severity.ERROR, position, code, message, hint, focus)


def warning(position: Position, code: str, message: str, hint: str = "", focus: Term | None = None) -> Finding:
    """Make a finding that blocks the release in strict mode only."""
    return _finding(Severity.WARNING, position, code, message, hint, focus)


def _finding(severity: Severity, position: Position, code: str, message: str, hint: str, focus: Term | None) -> Finding:
    return Finding(position, severity, code, message, focus.value if isinstance(focus, NamedNode) else "", hint)


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by place, then by gravity, and leave out repetitions."""
    return sorted(set(findings), key=lambda f: (f.position, _ORDER[f.severity], f.code, f.message, f.focus, f.hint))


def without_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """Order all findings of a run, and leave out what a shape says where another check says the same more plainly.

    A misspelt property is both unknown and outside a closed shape: people read it once; the SHACL report keeps it.
    """
    listed = ordered(findings)
    plain = {(f.position, f.focus, f.severity) for f in listed if not f.code.startswith("shacl/")}
    return [f for f in listed if not (f.code.startswith("shacl/") and (f.position, f.focus, f.severity) in plain)]


def did_you_mean(suggestion: str, otherwise: str) -> str:
    """Make a hint of a suggestion, or give other advice where there is none."""
    return f"did you mean {suggestion}?" if suggestion else otherwise


def distinct(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Give each statement once, in order."""
    return iter(dict.fromkeys(quads))
