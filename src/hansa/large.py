"""Checks of graphs that are too large to be looked at as a whole: a group of files after another, on all cores.

The findings are those that the checks of :mod:`hansa.pipeline` give on the whole graph; tests prove it. Graphs wait
compressed, and what needs everything asks a query store on disk.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from hansa.build.entailment import TYPE
from hansa.config import Config
from hansa.errors import HansaError
from hansa.manifest import STORES
from hansa.model import Finding
from hansa.packed import PackedGraph, PackedGraphs
from hansa.rdf import (
    FORMATS,
    Graphs,
    Line,
    NamedNode,
    Node,
    Quad,
    lines_of,
    parse_bytes,
    parse_file,
    quads_of,
    split_line,
)
from hansa.sources.loader import load, load_lines
from hansa.sources.project import ProjectFiles, SourceFile
from hansa.store import EmbeddedStore
from hansa.validate.checks import run_checks
from hansa.validate.consistency import check_consistency
from hansa.validate.engines import Engine, is_fast, run, run_on_file
from hansa.validate.inputs import Inputs
from hansa.validate.integrity import check_integrity
from hansa.validate.literals import check_literals
from hansa.validate.shacl import read_results
from hansa.validate.shapefiles import check_shape_files
from hansa.validate.terms import check_terms
from hansa.validate.texts import check_texts
from hansa.vocab import OWL
from hansa.workers import spread

BYTES = 3_000_000
"""From so many bytes of instances on a project is large: about 75 000 statements."""
IN_MEMORY = 3_000_000
"""So many statements are looked up in memory, in about 3 GB; more of them on disk, which takes three times as long."""
_GROUP = 3_000_000
_ONCE = frozenset({"iri/slug", "iri/kind"})

Classes = Mapping[str, tuple[str, ...]]
"""What people describe, and the classes that they give it."""


def is_large(files: ProjectFiles) -> bool:
    """Tell whether the files of a project are too many bytes for one process."""
    return sum(file.path.stat().st_size for file in files.instances) >= BYTES


def _groups(files: Iterable[SourceFile]) -> Iterator[tuple[SourceFile, ...]]:
    """Put files together so that each group is worth a process; the files of one graph stay together."""
    found: list[SourceFile] = []
    room = _GROUP
    for file in sorted(files, key=lambda f: (str(f.graph), f.name)):
        if room <= 0 and file.graph != found[-1].graph:
            yield tuple(found)
            found, room = [], _GROUP
        found.append(file)
        room -= file.path.stat().st_size
    if found:
        yield tuple(found)


# ---------------------------------------------------------------- loading
@dataclass
class Loaded:
    """What files hold.

    :param graphs: their statements
    :param classes: what they describe
    :param findings: what cannot be read
    """

    graphs: dict[NamedNode, PackedGraph] = field(default_factory=dict)
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    _known: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def add(self, other: Loaded) -> None:
        """Add what other files hold; none of their graphs is among ours."""
        self.graphs |= other.graphs
        self.findings += other.findings
        for iri, classes in other.classes.items():
            both = tuple(sorted({*classes, *self.classes.get(iri, ())}))
            # There are a million things, and few sets of classes.
            self.classes[iri] = self._known.setdefault(both, both)


def load_packed(files: ProjectFiles, config: Config) -> Loaded:
    """Parse ontology, vocabulary and instances into packed graphs."""
    found = Loaded()
    for part in spread(lambda some: _load(some, config), _groups(files.data)):
        found.add(part)
    return found


def _load(files: Sequence[SourceFile], config: Config) -> Loaded:
    found, lines = Loaded(), dict[NamedNode, list[Line]]()
    for file in files:
        if file.graph is not None:
            parsed, findings = load_lines(file, config)
            lines.setdefault(file.graph, []).extend(parsed)
            found.findings += findings
    found.graphs = {name: PackedGraph.of(name, each) for name, each in lines.items()}
    found.classes = _classes(line for each in lines.values() for line in each)
    return found


def _classes(lines: Iterable[Line]) -> dict[str, tuple[str, ...]]:
    found: dict[bytes, tuple[str, ...]] = {}
    for line in lines:
        subject, predicate, value = split_line(line)
        if predicate == TYPE and value.startswith(b"<"):
            found[subject] = (*found.get(subject, ()), value[1:-1].decode())
        else:
            found.setdefault(subject, ())
    return {subject[1:-1].decode(): each for subject, each in found.items() if subject.startswith(b"<")}


# ---------------------------------------------------------------- checks of files
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


def check_files(files: ProjectFiles, inputs: Inputs, classes: Classes) -> list[Finding]:
    """Check names, values and coherence in all files.

    :param inputs: all files of the project, with the graphs of ontology and vocabulary
    """

    def check(some: tuple[SourceFile, ...]) -> list[Finding]:
        graphs, _ = load(ProjectFiles(instances=some), inputs.config)
        return _check(_part(inputs, {**inputs.graphs, **graphs}, some, (), classes))

    written = (*files.ontology, *files.vocabulary, *files.shapes)
    findings = _check(_part(inputs, inputs.graphs, written, files.sparql, classes))
    for found in spread(check, _groups(files.instances)):
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


def _check(inputs: Inputs) -> list[Finding]:
    return [*check_terms(inputs), *check_literals(inputs), *check_texts(inputs), *check_integrity(inputs)]


def _said_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out that a name is wrong where another group of files has the same name."""
    seen: set[tuple[str, str]] = set()
    for finding in findings:
        if finding.code in _ONCE and (finding.code, finding.focus) in seen:
            continue
        seen.add((finding.code, finding.focus))
        yield finding


# ---------------------------------------------------------------- facts for reasoners
def _name(iri: str) -> bytes:
    return f"<{iri}>".encode()


def facts(graphs: PackedGraphs, schema: Iterable[Quad]) -> Graphs:
    """Give the statements that can contradict each other: of classes, sameness, and properties with such axioms."""
    wanted = {_name(f"{OWL.iri}{name}") for name in ("sameAs", "differentFrom")}
    apart = set[bytes]()
    for quad in schema:
        ends = {_name(quad.subject.value), _name(quad.object.value)}  # type: ignore[union-attr]
        if quad.predicate.value == f"{OWL.iri}propertyDisjointWith":
            wanted |= ends
        elif quad.predicate.value == f"{OWL.iri}disjointWith":
            apart |= ends
        elif getattr(quad.object, "value", "") in (f"{OWL.iri}IrreflexiveProperty", f"{OWL.iri}AsymmetricProperty"):
            wanted.add(_name(quad.subject.value))  # type: ignore[union-attr]
    suspects = _suspects(graphs, apart)
    return {graph.name: quads_of(_telling(graph, wanted, apart, suspects), graph.name) for graph in graphs.values()}


def contradictions(inputs: Inputs, graphs: PackedGraphs) -> list[Finding]:
    """Find things that cannot be as the data say.

    :param inputs: its graphs are ontology and schemes as they are written
    :param graphs: all statements
    """
    derived = graphs.get(inputs.vocab.graph("derived", "vocabulary"))
    schema = {**inputs.graphs, **({derived.name: derived.quads()} if derived else {})}
    found = facts(graphs, (quad for quads in schema.values() for quad in quads))
    return check_consistency(replace(inputs, graphs={**found, **schema}))


_NOTHING = _name(OWL.Nothing.value)


def _suspects(graphs: PackedGraphs, apart: set[bytes]) -> set[bytes]:
    """Give what is in the class of nothing, or in two classes that are disjoint with some class."""
    first: dict[bytes, bytes] = {}
    found: set[bytes] = set()
    for graph in graphs.values():
        for line in graph.lines():
            subject, predicate, value = split_line(line)
            if predicate != TYPE or not (value in apart or value == _NOTHING):
                continue
            if value == _NOTHING or first.setdefault(subject, value) != value:
                found.add(subject)
    return found


def _telling(graph: PackedGraph, wanted: set[bytes], apart: set[bytes], suspects: set[bytes]) -> Iterator[Line]:
    for line in graph.lines():
        subject, predicate, value = split_line(line)
        if predicate in wanted or (predicate == TYPE and subject in suspects and (value in apart or value == _NOTHING)):
            yield line


# ---------------------------------------------------------------- everything on disk
@dataclass(frozen=True)
class OnDisk:
    """All statements on disk: as files, and as a query store once it is loaded.

    :param place: an empty directory
    :param is_kept: the query store is wanted when all checks are done
    """

    place: Path
    is_kept: bool = False

    @property
    def triples(self) -> Path:
        """N-Triples of all graphs, with repetitions."""
        return self.place / "triples.nt"

    @property
    def quads(self) -> Path:
        """N-Quads of all graphs."""
        return self.place / "quads.nq"

    @property
    def store(self) -> Path:
        """The query store."""
        return self.place / "store"

    def write(self, graphs: PackedGraphs) -> None:
        """Write both files."""
        with self.triples.open("wb") as triples, self.quads.open("wb") as quads:
            for graph in graphs.values():
                lines = graph.lines()
                triples.write(b"".join(lines))
                _write_quads(lines, graph.name, quads)

    def load(self) -> Loading:
        """Begin to load the query store."""
        return Loading([self.quads, self.triples, self.store])

    def report(self, engine: Engine, inputs: Inputs) -> bytes:
        """Validate against the shapes and give the report in N-Triples; call it in a process of its own.

        Shapes that cannot mean what they say find nothing, for they are findings themselves.
        """
        shapes = [] if check_shape_files(inputs) else inputs.shapes
        fast = is_fast(engine)
        return b"".join(lines_of(run_on_file(self.triples, shapes) if fast else run(engine, self._parsed(), shapes)))

    def _parsed(self) -> Iterator[Quad]:
        return parse_file(self.triples)


def scratch_parent(out: Path | None, stack: ExitStack) -> Path:
    """Give the place for a query store: where that of the release will be, or where it soon is gone."""
    if out is None:
        return Path(stack.enter_context(TemporaryDirectory(prefix="hansa-")))
    try:
        (out / STORES).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "check that the directory is writable, or use --out DIR"
        raise HansaError(f"no release was written to {out}: {error}", hint) from error
    return out / STORES


class Loading:
    """A query store that another process loads.

    :param paths: what :mod:`hansa.storing` takes
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        command = [sys.executable, "-m", "hansa.storing", *map(str, paths)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def wait(self) -> None:
        """Wait until it is loaded.

        :raises HansaError: when it cannot be
        """
        _, reason = self._process.communicate()
        if self._process.returncode:
            message = f"the query store cannot be built: {reason.decode(errors='replace').strip()[-300:]}"
            raise HansaError(message, "free some space, or choose another place with --out DIR")


def reviewed(disk: OnDisk, engine: Engine, inputs: Inputs, checks: Sequence[SourceFile]) -> tuple[bytes, list[Finding]]:
    """Check shapes and run the check queries on a store in memory; call it in a process of its own.

    :returns: the results of the shapes in N-Triples, and all findings
    """
    report = disk.report(engine, inputs)
    store = EmbeddedStore.memory()
    with disk.quads.open("rb") as quads, disk.triples.open("rb") as triples:
        store.load(quads, triples)
    whole = whole_project(inputs, store)
    result = read_results(parse_bytes(report, FORMATS["ntriples"]), whole)
    return b"".join(lines_of(result.triples)), [*result.findings, *run_checks(store, checks, whole)]


def whole_project(inputs: Inputs, store: EmbeddedStore) -> WholeProject:
    """Give the inputs of checks that ask a store."""
    files = inputs.turtle, inputs.sparql
    return WholeProject(inputs.graphs, inputs.shapes, *files, inputs.config, inputs.positions, store=store)


def _write_quads(lines: Iterable[Line], graph: NamedNode, out: IO[bytes]) -> None:
    end = f" <{graph.value}> .\n".encode()
    out.write(b"".join([line[:-3] + end for line in lines]))


@dataclass(frozen=True)
class WholeProject(Inputs):
    """All files of a project, whose statements are looked up in a store.

    :param store: holds everything
    """

    store: EmbeddedStore = field(default_factory=EmbeddedStore.memory)

    @property
    def by_subject(self) -> _Lookup:  # type: ignore[override]
        """The authored statements by subject."""
        return _Lookup(self.store, list(self.files))


@dataclass(frozen=True)
class _Lookup:
    store: EmbeddedStore
    order: list[NamedNode]

    def __iter__(self) -> Iterator[Node]:
        return iter(())

    def get(self, subject: Node, _default: list[Quad]) -> list[Quad]:
        """Give what people wrote about a thing, in the order of the graphs."""
        found = [q for q in self.store.quads(subject) if q.graph_name in self.order]
        return sorted(found, key=lambda q: self.order.index(q.graph_name))  # type: ignore[arg-type]
