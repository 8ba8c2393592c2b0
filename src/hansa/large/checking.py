"""Check a large project with query stores in memory, or, where it is too large, with the one on disk."""

from __future__ import annotations

from dataclasses import dataclass

from hansa.large.contradictions import contradictions
from hansa.large.disk import Loading, OnDisk
from hansa.large.files import check_files
from hansa.large.loading import Loaded
from hansa.large.review import asked_on_disk, checks_reviewed, shapes_reviewed
from hansa.model import Finding
from hansa.packed import PackedGraphs
from hansa.rdf import FORMATS, Triple, parse_bytes
from hansa.sources.project import ProjectFiles, SourceFile
from hansa.validate.engines import Engine
from hansa.validate.inputs import Inputs
from hansa.validate.profiles import check_profiles
from hansa.validate.scripts import check_queries
from hansa.validate.shapefiles import check_shape_files
from hansa.workers import Task

IN_MEMORY = 3_000_000
"""So many statements are looked up in memory, in about 3 GB; more of them on disk, which takes twice as long."""


@dataclass
class Checked:
    """What checks have given.

    :param results: of the shapes
    :param loading: the query store on disk, where one is wanted
    """

    results: list[Triple]
    findings: list[Finding]
    loading: Loading | None = None


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
        if size > IN_MEMORY:
            return self._on_disk(self._begin_to_load())
        return self._in_memory(self._begin_to_load() if self.disk.is_kept else None)

    def _begin_to_load(self) -> Loading:
        self.disk.write(self.graphs)
        return self.disk.load()

    def _in_memory(self, loading: Loading | None) -> Checked:
        """Ask stores in memory; the one on disk is loaded meanwhile."""
        disk, inputs, graphs = self.disk, self.inputs, self.graphs
        shaped = Task(lambda _: shapes_reviewed(disk, self.engine, inputs, graphs), None)
        asked = Task(lambda checks: checks_reviewed(disk, inputs, checks, graphs), self.files.checks)
        findings = [*self._of_files(), *contradictions(inputs, graphs)]
        report, found = shaped.result()
        results = [quad.triple for quad in parse_bytes(report, FORMATS["ntriples"])]
        findings += [*found, *asked.result()]
        return Checked(results, findings, loading)

    def _on_disk(self, loading: Loading) -> Checked:
        """Ask the store on disk."""
        disk, inputs = self.disk, self.inputs
        shaped = Task(lambda _: disk.report(self.engine, inputs), None)
        findings = [*self._of_files(), *contradictions(inputs, self.graphs)]
        report = shaped.result()
        results, found = asked_on_disk(loading.store, report, inputs, self.files.checks)
        return Checked(results, [*findings, *found], loading)

    def _of_files(self) -> list[Finding]:
        files, inputs = self.files, self.inputs
        return [
            *check_files(files, inputs, self.loaded.classes, self.suspects),
            *check_queries(inputs, files.queries),
            *check_profiles(inputs),
            *check_shape_files(inputs),
        ]
