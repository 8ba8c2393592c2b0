"""Check a large project: everything in memory, or, where it is too large or a release follows, with a store on disk."""

from __future__ import annotations

from dataclasses import dataclass

from hansa.large.contradictions import contradictions
from hansa.large.disk import OnDisk
from hansa.large.files import check_files
from hansa.large.loading import Loaded
from hansa.large.review import asked_on_disk, checks_reviewed, shapes_reviewed
from hansa.model import Finding
from hansa.packed import PackedGraphs
from hansa.rdf import FORMATS, Triple, parse_bytes
from hansa.sources.project import ProjectFiles, SourceFile
from hansa.store import EmbeddedStore
from hansa.validate.engines import Engine
from hansa.validate.inputs import Inputs
from hansa.validate.profiles import check_profiles
from hansa.validate.scripts import check_queries
from hansa.validate.shapefiles import check_shape_files
from hansa.workers import Task

IN_MEMORY = 3_000_000
"""So many statements are looked up in memory, in about 3 GB; more of them on disk, which takes three times as long."""


@dataclass
class Checked:
    """What checks have given.

    :param results: of the shapes
    :param store: on disk, where one was loaded
    """

    results: list[Triple]
    findings: list[Finding]
    store: EmbeddedStore | None = None


@dataclass(frozen=True)
class LargeProject:
    """A large project, loaded.

    :param inputs: its graphs are ontology and schemes as they are written
    :param graphs: all statements
    :param suspects: the files of instances that there may be something to say about
    """

    files: ProjectFiles
    inputs: Inputs
    graphs: PackedGraphs
    loaded: Loaded
    suspects: tuple[SourceFile, ...]
    engine: Engine
    disk: OnDisk

    def check(self) -> Checked:
        """Run all checks. What takes one core for long runs beside the checks of the files."""
        size = sum(graph.size for graph in self.graphs.values())
        return self._on_disk() if self.disk.is_kept or size > IN_MEMORY else self._in_memory()

    def _in_memory(self) -> Checked:
        disk, inputs, graphs = self.disk, self.inputs, self.graphs
        asked = Task(lambda _: checks_reviewed(disk, inputs, self.files.checks, graphs), None)
        shaped = Task(lambda _: shapes_reviewed(disk, self.engine, inputs, graphs), None)
        findings = [*self._of_files(), *contradictions(inputs, graphs)]
        report, found = shaped.result()
        results = [quad.triple for quad in parse_bytes(report, FORMATS["ntriples"])]
        return Checked(results, [*findings, *found, *asked.result()])

    def _on_disk(self) -> Checked:
        disk, inputs = self.disk, self.inputs
        disk.write(self.graphs)
        loading = disk.load()
        shaped = Task(lambda _: disk.report(self.engine, inputs), None)
        findings = [*self._of_files(), *contradictions(inputs, self.graphs)]
        report = shaped.result()
        loading.wait()
        results, found, store = asked_on_disk(disk, report, inputs, self.files.checks)
        return Checked(results, [*findings, *found], store)

    def _of_files(self) -> list[Finding]:
        files, inputs = self.files, self.inputs
        return [
            *check_files(files, inputs, self.loaded.classes, self.suspects),
            *check_queries(inputs, files.queries),
            *check_profiles(inputs),
            *check_shape_files(inputs),
        ]
