"""Check files statement by statement, a group after another, with what is known of all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hansa.large.groups import groups_of
from hansa.model import Finding
from hansa.rdf import Graphs, Node
from hansa.sources.loader import load
from hansa.sources.project import ProjectFiles, SourceFile
from hansa.validate.inputs import Inputs
from hansa.validate.integrity import check_integrity
from hansa.validate.statements import check_statements
from hansa.workers import spread

_ONCE = frozenset({"iri/slug", "iri/kind"})

Classes = Mapping[str, tuple[str, ...]]
"""What people describe, and the classes that they give it."""


@dataclass(frozen=True)
class _PartOfProject(Inputs):
    """Some files of a project, with what is known of all.

    :param classes: what is described in any file
    """

    classes: Classes = field(default_factory=dict)

    @property
    def described(self) -> set[str]:
        return self.classes.keys()  # type: ignore[return-value]

    def classes_elsewhere(self, node: Node) -> tuple[str, ...]:
        return self.classes.get(node.value, ())


def check_everything(inputs: Inputs) -> list[Finding]:
    """Check names, values, texts and coherence."""
    return [*check_statements(inputs), *check_integrity(inputs)]


def check_files(
    files: ProjectFiles,
    inputs: Inputs,
    classes: Classes,
    suspects: Iterable[SourceFile],
    look: Callable[[Inputs], list[Finding]] = check_everything,
) -> list[Finding]:
    """Check all files.

    :param inputs: all files of the project, with the graphs of ontology and vocabulary
    :param suspects: the files of instances that there may be something to say about
    :param look: checks some files
    """

    def check(some: tuple[SourceFile, ...]) -> list[Finding]:
        graphs, _ = load(ProjectFiles(instances=some), inputs.config)
        return look(_part(inputs, {**inputs.graphs, **graphs}, some, (), classes))

    written = (*files.ontology, *files.vocabulary, *files.shapes)
    findings = look(_part(inputs, inputs.graphs, written, files.sparql, classes))
    for found in spread(check, groups_of(suspects)):
        findings += found
    return list(_said_once(findings))


def _part(
    inputs: Inputs,
    graphs: Graphs,
    turtle: tuple[SourceFile, ...],
    sparql: tuple[SourceFile, ...],
    classes: Classes,
) -> Inputs:
    return _PartOfProject(graphs, inputs.shapes, turtle, sparql, inputs.config, inputs.positions, classes=classes)


def _said_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out that a name is wrong where another group of files has the same name."""
    seen: set[tuple[str, str]] = set()
    for finding in findings:
        if finding.code in _ONCE and (finding.code, finding.focus) in seen:
            continue
        seen.add((finding.code, finding.focus))
        yield finding
