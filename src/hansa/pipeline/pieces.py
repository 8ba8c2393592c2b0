"""The same stages for a project that does not fit into one process."""

from __future__ import annotations

from dataclasses import replace

from hansa import manifest
from hansa.build.derive import derive_packed, sizes
from hansa.build.provenance import describe_graphs
from hansa.large.checking import LargeProject
from hansa.large.disk import Loading, OnDisk
from hansa.large.files import check_files
from hansa.large.loading import Loaded, load_packed
from hansa.large.narrowing import narrowed_store
from hansa.model import Finding, Release
from hansa.packed import PackedGraph, PackedGraphs
from hansa.patterns import patterns_of
from hansa.pipeline.whole import Given, Pipeline
from hansa.rdf import NamedNode, Quad, lines_of
from hansa.sources.loader import load, load_shapes
from hansa.sources.project import SourceFile
from hansa.store import EmbeddedStore
from hansa.validate.statements import check_statements
from hansa.validate.suspects import Screen


class LargePipeline(Pipeline):
    """The same stages for a graph that does not fit into one process.

    :param disk: a scratch directory for all statements
    """

    def __init__(self, given: Given, disk: OnDisk) -> None:
        super().__init__(given)
        self._loaded = Loaded()
        self._loading: Loading | None = None
        self._packed: dict[NamedNode, PackedGraph] = {}
        self._suspects: tuple[SourceFile, ...] = ()
        self._disk = disk

    def _load(self) -> None:
        with self._stages.stage("load") as stage:
            run, config = self._run, self._config
            run.graphs, _ = load(replace(run.files, instances=()), config)
            self._shapes, shape_findings = load_shapes(run.files, config)
            screen = Screen(self._inputs)
            self._loaded = load_packed(run.files, config, screen)
            self._packed = self._loaded.graphs
            self._suspects = self._loaded.suspects(run.files, screen)
            run.findings += [*run.files.findings, *self._loaded.findings, *shape_findings, *self._unusable()]
            stage.triples = sizes(self._packed)

    def _derive(self) -> None:
        with self._stages.stage("derive") as stage:
            rules = [rule.text() for rule in self._run.files.rules]
            derived = derive_packed(self._packed, self._config.vocab, rules, self._shelf)
            self._packed |= derived
            stage.triples = sizes(derived)

    def _link(self) -> None:
        with self._stages.stage("link") as stage:
            vocab, links = self._config.vocab, self._reviewed_links(set(self._loaded.classes))
            if self._run.files.links is not None:
                self._add(vocab.graph("links"), links)
            stage.triples = len(links)
            self._add(vocab.graph("provenance"), describe_graphs(self._packed, vocab))

    def _statements(self) -> list[Finding]:
        files, classes = self._run.files, self._loaded.classes
        return check_files(files, self._inputs, classes, self._suspects, check_statements)

    def _add(self, name: NamedNode, quads: list[Quad]) -> None:
        self._packed[name] = PackedGraph.of(name, lines_of(quads))

    def _validate(self) -> None:
        run, loaded = self._run, self._loaded
        with self._stages.stage("validate") as stage:
            stage.triples = sizes(self._packed)
            project = run.files, self._inputs, self._packed, loaded, self._suspects, self._engine, self._disk
            found = LargeProject(*project).check()
            run.findings += found.findings
            run.shacl_results = found.results
            self._loading = found.loading

    @property
    def _graphs(self) -> PackedGraphs:
        return self._packed

    def _tables_store(self) -> EmbeddedStore:
        from hansa.release.tables import table_queries  # noqa: PLC0415 - see write

        if self._loading is not None:
            return self._loading.store
        patterns = [pattern for query in table_queries(self._config) for pattern in patterns_of(query)]
        return narrowed_store(patterns, self._packed, self._disk.place)

    def close(self) -> None:
        """Close the query store on disk, or stop to load it."""
        if self._loading is not None:
            self._loading.close()

    def _build_store(self, release: Release) -> None:
        self.close()
        manifest.adopt_store(release, self._disk.store)
