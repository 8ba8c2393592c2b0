"""The order of the stages: load → derive → validate → ontology → link → release. No other module knows it."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from hansa import manifest
from hansa.build.derive import derive
from hansa.build.provenance import describe_graphs
from hansa.config import Config
from hansa.link.decisions import dangling, link_quads, read_decisions
from hansa.model import Finding, Release, Severity
from hansa.rdf import Graphs, NamedNode, Quad, Triple
from hansa.release.writer import ReleaseInputs, write_release
from hansa.sources.loader import load, load_shapes
from hansa.sources.positions import PositionIndex
from hansa.sources.project import ProjectFiles, SourceFile, find_files, with_instances
from hansa.stages import Reporter, Silent, Stage, Stages
from hansa.store import EmbeddedStore
from hansa.validate.checks import run_checks
from hansa.validate.engines import Engine
from hansa.validate.inputs import Inputs, without_echoes
from hansa.validate.integrity import check_integrity
from hansa.validate.literals import check_literals
from hansa.validate.ontology import check_ontology
from hansa.validate.report import to_json, to_turtle
from hansa.validate.shacl import check_shapes
from hansa.validate.terms import check_terms


@dataclass(slots=True)
class Run:
    """What one run of the pipeline has made so far.

    :param findings: everything that is wrong, in the order of files and lines
    :param graphs: all named graphs, asserted, derived, links and provenance
    """

    config: Config
    files: ProjectFiles
    stages: list[Stage] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    graphs: Graphs = field(default_factory=dict)
    shacl_results: list[Triple] = field(default_factory=list)
    release: Release | None = None

    def blocks_release(self, *, strict: bool = False) -> bool:
        """Say whether the findings forbid a release: errors always, warnings when ``strict``."""
        blocking = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
        return any(finding.severity in blocking for finding in self.findings)


def validate(
    config: Config, reporter: Reporter | None = None, extra: tuple[Path, ...] = (), engine: Engine = Engine.AUTO
) -> Run:
    """Run everything up to the findings; write nothing.

    :param extra: instance files from outside the project, checked as if they were part of it
    :param engine: who checks the shapes
    :raises HansaError: when ``config.root`` is not a graph project
    """
    return _Pipeline(config, reporter or Silent(), engine, extra).run_checks()


def build(
    config: Config,
    out: Path,
    reporter: Reporter | None = None,
    *,
    strict: bool = False,
    engine: Engine = Engine.PYSHACL,
) -> Run:
    """Run everything; write a release below ``out`` unless the findings forbid it.

    The release in ``out`` stays as it is until the new one is complete, whatever happens.

    :raises HansaError: when the project cannot be read or the release not written
    """
    pipeline = _Pipeline(config, reporter or Silent(), engine)
    run = pipeline.run_checks()
    if not run.blocks_release(strict=strict):
        pipeline.write(out)
    return run


class _Pipeline:
    def __init__(self, config: Config, reporter: Reporter, engine: Engine, extra: tuple[Path, ...] = ()) -> None:
        self._stages = Stages(reporter)
        self._engine = engine
        self._config = config
        self._run = Run(config, with_instances(find_files(config), extra, config), self._stages.done)
        self._positions = PositionIndex(self._run.files.turtle, config.base)
        self._shapes: list[Quad] = []
        self._store = EmbeddedStore.memory()

    def run_checks(self) -> Run:
        """Load, derive, link and find whatever is wrong.

        A file that cannot be read says nothing, and every check would complain of what is missing: then stop at once.
        """
        self._load()
        if not self._run.blocks_release():
            self._derive()
            self._link()
            # The reasoner is a process of its own (Java): let it think while the other checks run.
            with ThreadPoolExecutor(1) as pool:
                reasoner = pool.submit(check_ontology, self._inputs)
                self._validate()
                self._reason(reasoner)
        self._run.findings = without_echoes(self._run.findings)
        return self._run

    def _load(self) -> None:
        with self._stages.stage("load") as stage:
            run = self._run
            run.graphs, findings = load(run.files, self._config)
            self._shapes, shape_findings = load_shapes(run.files, self._config)
            run.findings += [*run.files.findings, *findings, *shape_findings]
            stage.triples = _size(run.graphs)

    def _derive(self) -> None:
        with self._stages.stage("derive") as stage:
            rules = [rule.text() for rule in self._run.files.rules]
            derived = derive(self._run.graphs, self._config.vocab, rules)
            self._run.graphs.update(derived)
            stage.triples = _size(derived)

    def _link(self) -> None:
        with self._stages.stage("link") as stage:
            run, vocab = self._run, self._config.vocab
            if run.files.links is not None:
                decisions, findings = read_decisions(run.files.links.path, run.files.links.name, vocab)
                known = {
                    q.subject.value for quads in run.graphs.values() for q in quads if isinstance(q.subject, NamedNode)
                }
                run.findings += [*findings, *dangling(decisions, known)]
                run.graphs[vocab.graph("links")] = link_quads(decisions, vocab)
                stage.triples = len(run.graphs[vocab.graph("links")])
            run.graphs[vocab.graph("provenance")] = describe_graphs(run.graphs, vocab)

    @property
    def _inputs(self) -> Inputs:
        run = self._run
        return Inputs(run.graphs, self._shapes, run.files.turtle, run.files.sparql, self._config, self._positions)

    def _validate(self) -> None:
        with self._stages.stage("validate") as stage:
            run, inputs = self._run, self._inputs
            self._store.extend(quad for quads in run.graphs.values() for quad in quads)
            stage.triples = _size(self._run.graphs)
            run.findings += [*check_terms(inputs), *check_literals(inputs), *check_integrity(inputs)]
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
        """Write the release and its query store, then switch to it."""
        with self._stages.stage("release") as stage:
            stage.triples = _size(self._run.graphs)
            release = write_release(self._release_inputs(), out, self._stages.reporter.step)
        with self._stages.stage("store") as stage:
            stage.triples = _size(self._run.graphs)
            manifest.build_store(release, self._stages.reporter.step)
        self._run.release = release

    def _release_inputs(self) -> ReleaseInputs:
        run, files = self._run, self._run.files
        return ReleaseInputs(
            config=self._config,
            graphs=run.graphs,
            store=self._store,
            report_json=to_json(run.findings),
            report_turtle=to_turtle(run.findings, run.shacl_results, self._config).decode(),
            shapes=tuple((file.path.name, file.path) for file in files.shapes),
            ontology=_paths((*files.ontology, *files.vocabulary)),
            queries=_paths(files.queries),
            licence=self._licence(),
        )

    def _licence(self) -> Path | None:
        path = self._config.root / "instances" / "LICENSE"
        return path if path.is_file() else None


def _paths(files: tuple[SourceFile, ...]) -> tuple[Path, ...]:
    return tuple(file.path for file in files)


def _size(graphs: Graphs) -> int:
    return sum(len(quads) for quads in graphs.values())
