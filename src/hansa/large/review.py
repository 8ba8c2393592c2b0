"""Look at a large project as a whole: shapes and check queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from hansa.large.disk import OnDisk
from hansa.large.narrowing import narrowed_store
from hansa.large.subjects import Subjects
from hansa.model import Finding
from hansa.packed import PackedGraphs
from hansa.patterns import patterns_of
from hansa.rdf import FORMATS, Node, Quad, Triple, lines_of, parse_bytes
from hansa.sources.project import SourceFile
from hansa.store import EmbeddedStore
from hansa.validate.checks import is_of_ontology, run_checks, schema_graphs
from hansa.validate.engines import Engine
from hansa.validate.inputs import Inputs
from hansa.validate.shacl import read_results
from hansa.workers import spread

_Quads = Callable[[Node], list[Quad]]
_STORES: list[EmbeddedStore] = []
"""Stores that end with their process: to take one apart statement by statement takes seconds."""
_PARTS = 4
"""So many processes share the check queries: more would be more even, but each copies what it touches of the store."""


def shapes_reviewed(disk: OnDisk, engine: Engine, inputs: Inputs, graphs: PackedGraphs) -> tuple[bytes, list[Finding]]:
    """Check the shapes; call it in a process of its own.

    :returns: the results in N-Triples, and their findings
    """
    if not disk.triples.exists():
        disk.write_triples(graphs)
    report = disk.report(engine, inputs)
    whole = _over(inputs, Subjects(graphs, inputs.files).quads)
    result = read_results(parse_bytes(report, FORMATS["ntriples"]), whole)
    return b"".join(lines_of(result.triples)), result.findings


def checks_reviewed(disk: OnDisk, inputs: Inputs, checks: Sequence[SourceFile], graphs: PackedGraphs) -> list[Finding]:
    """Run check queries on a query store in memory; call it in a process of its own, that ends with the store."""
    of_data = [check for check in checks if not is_of_ontology(check)]
    patterns = [pattern for check in of_data for pattern in patterns_of(check.text())]
    store = narrowed_store(patterns, graphs, disk.place, schema_graphs(inputs.vocab))
    _STORES.append(store)
    whole = _over(inputs, Subjects(graphs, inputs.files).quads)
    groups = [[check for check in checks if is_of_ontology(check)], *(of_data[at::_PARTS] for at in range(_PARTS))]
    found = spread(lambda some: run_checks(store, some, whole), groups)
    return [finding for each in found for finding in each]


def asked_on_disk(
    store: EmbeddedStore, report: bytes, inputs: Inputs, checks: Sequence[SourceFile]
) -> tuple[list[Triple], list[Finding]]:
    """Read the report of the shapes and run the check queries, with a query store on disk.

    :returns: the results of the shapes, and all findings
    """
    whole = whole_project(inputs, store)
    result = read_results(parse_bytes(report, FORMATS["ntriples"]), whole)
    found = spread(lambda check: run_checks(store, [check], whole), checks)
    return result.triples, [*result.findings, *(finding for each in found for finding in each)]


def whole_project(inputs: Inputs, store: EmbeddedStore) -> WholeProject:
    """Give the inputs of checks that ask a store on disk."""
    order = list(inputs.files)

    def about(subject: Node) -> list[Quad]:
        found = [q for q in store.quads(subject) if q.graph_name in order]
        return sorted(found, key=lambda q: order.index(q.graph_name))  # type: ignore[arg-type]

    return _over(inputs, about)


def _over(inputs: Inputs, about: _Quads) -> WholeProject:
    files = inputs.turtle, inputs.sparql
    return WholeProject(inputs.graphs, inputs.shapes, *files, inputs.config, inputs.positions, about=about)


@dataclass(frozen=True)
class WholeProject(Inputs):
    """All files of a project, whose statements are looked up.

    :param about: gives what people wrote about a thing, in the order of the graphs
    """

    about: _Quads = field(default=lambda _subject: [])

    @property
    def by_subject(self) -> _Lookup:  # type: ignore[override]
        """The authored statements by subject."""
        return _Lookup(self.about)


@dataclass(frozen=True)
class _Lookup:
    about: _Quads

    def __iter__(self) -> Iterator[Node]:
        return iter(())

    def get(self, subject: Node, _default: list[Quad]) -> list[Quad]:
        """Give what people wrote about a thing."""
        return self.about(subject)
