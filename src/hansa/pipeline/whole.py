"""The order of the stages: load → derive → validate → ontology → link → release. No other module knows it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hansa import manifest
from hansa.build.derive import derive
from hansa.build.provenance import describe_graphs
from hansa.config import Config
from hansa.link.decisions import dangling, link_quads, read_decisions
from hansa.memo import Memo
from hansa.model import Finding, Release
from hansa.packed import PackedGraphs, Shelf
from hansa.rdf import Graphs, NamedNode, Quad
from hansa.run import Run
from hansa.sources.loader import check_encoding, load, load_shapes
from hansa.sources.positions import PositionIndex
from hansa.sources.project import ProjectFiles, SourceFile
from hansa.stages import Reporter, Stages
from hansa.store import EmbeddedStore
from hansa.validate.checks import run_checks
from hansa.validate.consistency import check_consistency
from hansa.validate.echoes import without_echoes
from hansa.validate.engines import Engine
from hansa.validate.inputs import Inputs
from hansa.validate.integrity import check_integrity
from hansa.validate.ontology import check_ontology
from hansa.validate.profiles import check_profiles
from hansa.validate.report import to_json, to_turtle
from hansa.validate.scripts import check_queries, check_rules
from hansa.validate.shacl import check_shapes
from hansa.validate.statements import check_statements
from hansa.validate.withdrawals import check_withdrawals
from hansa.withdrawn import PLACE as WITHDRAWN

if TYPE_CHECKING:
    from hansa.release.writer import ReleaseInputs


@dataclass(frozen=True)
class Given:
    """What a pipeline works on.

    :param files: those of the project
    :param memo: answers of earlier runs
    :param shelf: keeps what was derived
    """

    config: Config
    reporter: Reporter
    engine: Engine
    files: ProjectFiles
    memo: Memo
    shelf: Shelf | None


class Pipeline:
    """A project that fits into one process."""

    def __init__(self, given: Given) -> None:
        self._shelf = given.shelf
        self._memo = given.memo
        self._stages = Stages(given.reporter)
        self._engine = given.engine
        self._config = config = given.config
        self._run = Run(config, given.files, self._stages.done)
        self._positions = PositionIndex(self._run.files.turtle, config.base, self._memo)
        self._shapes: list[Quad] = []
        self._store = EmbeddedStore.memory()

    def run_checks(self) -> Run:
        """Load, derive, link and find whatever is wrong.

        A file that cannot be read says nothing, and every check would complain of what is missing: then stop at once.
        """
        self._load()
        self._run.checked = not self._run.blocks_release()
        if self._run.checked:
            # The reasoner is a process of its own (Java): let it think while the other stages run.
            with ThreadPoolExecutor(1) as pool:
                reasoner = pool.submit(check_ontology, self._inputs)
                self._derive()
                self._link()
                self._validate()
                self._reason(reasoner)
        else:
            self._check_readable()
        self._memo.save(complete=self._run.checked)
        self._run.findings = without_echoes(self._run.findings)
        return self._run

    def _load(self) -> None:
        with self._stages.stage("load") as stage:
            run = self._run
            run.graphs, findings = load(run.files, self._config)
            self._shapes, shape_findings = load_shapes(run.files, self._config)
            run.findings += [*run.files.findings, *findings, *shape_findings, *self._unusable()]
            stage.triples = _size(run.graphs)

    def _check_readable(self) -> None:
        """Check the statements of the other files one by one, where the schema and the shapes can be read."""
        run = self._run
        schema = {file.name for file in (*run.files.ontology, *run.files.vocabulary, *run.files.shapes)}
        if run.files.instances and not any(finding.position.file in schema for finding in run.findings):
            run.findings += self._statements()

    def _statements(self) -> list[Finding]:
        return check_statements(self._inputs)

    def _unusable(self) -> list[Finding]:
        """Find what else cannot be read: rules, queries and the table of links."""
        files = self._run.files
        found = check_encoding([*files.sparql, *([files.links] if files.links else [])])
        return found or check_rules(files.rules)

    def _derive(self) -> None:
        with self._stages.stage("derive") as stage:
            rules = [rule.text() for rule in self._run.files.rules]
            derived = derive(self._run.graphs, self._config.vocab, rules, self._shelf)
            self._run.graphs.update(derived)
            stage.triples = _size(derived)

    def _link(self) -> None:
        with self._stages.stage("link") as stage:
            run, vocab = self._run, self._config.vocab
            known = {q.subject.value for g in run.graphs.values() for q in g if isinstance(q.subject, NamedNode)}
            links = self._reviewed_links(known)
            if run.files.links is not None:
                run.graphs[vocab.graph("links")] = links
            stage.triples = len(links)
            run.graphs[vocab.graph("provenance")] = describe_graphs(run.graphs, vocab)

    def _reviewed_links(self, known: set[str]) -> list[Quad]:
        """Give the accepted links, and find what is wrong with the table of links and the one of withdrawn things."""
        run, vocab, table = self._run, self._config.vocab, self._run.files.links
        run.findings += check_withdrawals(self._config, known)
        if table is None:
            return []
        decisions, findings = read_decisions(table.path, table.name, vocab)
        run.findings += [*findings, *dangling(decisions, known)]
        return link_quads(decisions, vocab)

    @property
    def _inputs(self) -> Inputs:
        run = self._run
        files = run.files
        return Inputs(run.graphs, self._shapes, files.turtle, files.sparql, self._config, self._positions, self._memo)

    def _validate(self) -> None:
        with self._stages.stage("validate") as stage:
            run, inputs = self._run, self._inputs
            self._store.extend(quad for quads in run.graphs.values() for quad in quads)
            stage.triples = _size(self._run.graphs)
            run.findings += [*check_statements(inputs), *check_integrity(inputs)]
            run.findings += check_queries(inputs, run.files.queries)
            run.findings += [*check_consistency(inputs), *check_profiles(inputs)]
            self._check_shapes(inputs)

    def _check_shapes(self, inputs: Inputs) -> None:
        self._stages.reporter.step("shapes")
        result = check_shapes(inputs, self._engine)
        self._run.shacl_results = result.triples
        self._stages.reporter.step("check queries")
        self._run.findings += [*result.findings, *run_checks(self._store, self._run.files.checks, inputs)]

    def _reason(self, reasoner: Future[list[Finding]]) -> None:
        with self._stages.stage("ontology") as stage:
            stage.triples = len(self._run.graphs.get(self._config.vocab.graph("ontology"), []))
            self._run.findings += reasoner.result()

    def write(self, out: Path) -> None:
        """Write the release, then switch to it."""
        from hansa.release.writer import write_release  # noqa: PLC0415 - slow to import, and `validate` needs it not

        with self._stages.stage("release") as stage:
            release = write_release(self._release_inputs(), out, self._stages.reporter.step)
            stage.triples = release.counts["quads"]
        self._run.release = release

    def prepare_server(self) -> None:
        """Make what the server needs beside the release."""
        from hansa.serve.lookup.file import find_file as find_lookup  # noqa: PLC0415 - see write

        release = self._run.release
        assert release is not None
        with self._stages.stage("store") as stage:
            stage.triples = release.counts["quads"]
            self._build_store(release)
        with self._stages.stage("lookup") as stage:
            stage.triples = release.counts["quads"]
            find_lookup(release)

    def _tables_store(self) -> EmbeddedStore:
        return self._store

    @property
    def _graphs(self) -> Graphs | PackedGraphs:
        return self._run.graphs

    def _build_store(self, release: Release) -> None:
        manifest.build_store(release, self._stages.reporter.step)

    def _release_inputs(self) -> ReleaseInputs:
        from hansa.release.writer import ReleaseInputs  # noqa: PLC0415 - see write

        run, files = self._run, self._run.files
        return ReleaseInputs(
            config=self._config,
            graphs=self._graphs,
            store=self._tables_store,
            report_json=to_json(run.findings),
            report_turtle=to_turtle(run.findings, run.shacl_results, self._config).decode(),
            shapes=tuple((file.path.name, file.path) for file in files.shapes),
            ontology=_paths((*files.ontology, *files.vocabulary)),
            queries=_paths(files.queries),
            licence=self._in_project(Path("instances/LICENSE")),
            withdrawn=self._in_project(WITHDRAWN),
        )

    def _in_project(self, name: Path) -> Path | None:
        path = self._config.root / name
        return path if path.is_file() else None


def _paths(files: tuple[SourceFile, ...]) -> tuple[Path, ...]:
    return tuple(file.path for file in files)


def _size(graphs: Graphs) -> int:
    return sum(len(quads) for quads in graphs.values())
