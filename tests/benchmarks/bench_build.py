"""``hansa build`` stage by stage on generated projects, and beside the plain stack, in one run.

The plain stack is the script that a user would write instead: rdflib parses the same Turtle files, owlrl closes,
pySHACL validates with the same shapes, rdflib serialises Turtle, N-Triples, RDF/XML and JSON-LD; it makes no tables, no
query store, no N-Quads and TriG, and checks nothing but shapes. Its job is that of ``hansa build --no-store``, which is
measured, too. Each runs in processes of its own, one after the other.
The plain stack may take 25 times as long as ours, then it is stopped and the ratio is a lower bound. Seconds are of the
clock; CPU seconds and memory are those of the whole process tree. By default the sizes are small, so that it takes a
minute or two; ``--large`` goes to ten million statements.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from hansa.config import Config
from hansa.rdf import FORMATS, Triple, serialise
from tests.benchmarks.conftest import Setting
from tests.benchmarks.generate import Generator
from tests.benchmarks.procs import family, memory

pytestmark = pytest.mark.timeout(4 * 3600)
_PLAIN_TIMES = 25
_SIZES = (10_000, 30_000)
_LARGE_SIZES = (100_000, 1_000_000, 10_000_000)
_WITHOUT_PEER = (30_000, 10_000_000)
"""Sizes that show how our cost grows, and nothing of the plain stack's."""
_BUILD = """
import json, sys
from pathlib import Path
from hansa.config import load_config
from hansa.pipeline import build
def main():
    run = build(load_config(Path(sys.argv[1])), Path(sys.argv[2]), store=STORE)
    errors = sorted({f"{f.code}: {f.message}" for f in run.findings if f.severity == "error"})
    for stage in run.stages:
        print("STAGE", json.dumps(stage.as_dict()), flush=True)
    print("DONE", json.dumps(errors[:5]), flush=True)
main()
"""
_ALL, _FILES_ALONE = _BUILD.replace("STORE", "True"), _BUILD.replace("STORE", "False")
_PLAIN = """
import json, resource, sys, time
from pathlib import Path
import owlrl, pyshacl, rdflib
root, out = Path(sys.argv[1]), Path(sys.argv[2])
began = time.perf_counter()
def done(name, triples):
    global began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    seconds = time.perf_counter() - began
    stage = {"name": name, "seconds": seconds, "triples": triples, "peak_mib": peak}
    print("STAGE", json.dumps(stage), flush=True)
    began = time.perf_counter()
data, shapes = rdflib.Graph(), rdflib.Graph()
for path in [*root.glob("ontology/*.ttl"), *root.glob("ontology/vocab/*.ttl"), *root.glob("instances/**/*.ttl")]:
    data.parse(path)
for path in root.glob("shapes/*.ttl"):
    shapes.parse(path)
done("load", len(data))
owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(data)
done("derive", len(data))
pyshacl.validate(data, shacl_graph=shapes, inplace=True)
done("validate", len(data))
out.mkdir()
# owlrl leaves statements with literals as subjects, which no format can hold.
for statement in [t for t in data if isinstance(t[0], rdflib.Literal)]:
    data.remove(statement)
for form, name in (("turtle", "ttl"), ("nt", "nt"), ("pretty-xml", "rdf"), ("json-ld", "jsonld")):
    data.serialize(out / f"hansa.{name}", format=form)
done("release", len(data))
print("DONE", "[]", flush=True)
"""


@dataclass
class Measured:
    """One run: its stages, its errors, and what the whole process tree took.

    :param finished: it was not stopped
    """

    stages: list[dict[str, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    finished: bool = False


def make_project(config: Config, size: int, place: Path, generator: Generator | None = None) -> int:
    """Write a graph project with generated instances and the shipped ontology, shapes and queries; give its size."""
    for folder in ("ontology", "shapes", "queries"):
        shutil.copytree(config.root / folder, place / folder)
    shutil.copy(config.root / "pyproject.toml", place)
    (place / "instances" / "sources").mkdir(parents=True)
    written = 0
    for source in (generator or Generator(config.vocab, size)).sources():
        triples = [quad.triple for quad in source.quads]
        text = serialise(triples, FORMATS["turtle"], _prefixes(config, triples))
        (place / "instances" / "sources" / f"{source.slug}.ttl").write_bytes(text)
        written += len(triples)
    return written


def _prefixes(config: Config, triples: list[Triple]) -> dict[str, str]:
    text = "\n".join(str(triple) for triple in triples)
    return {prefix: iri for prefix, iri in config.prefixes.items() if f"<{iri}" in text}


def measure(script: str, place: Path, out: Path, limit: float = 0) -> Measured:
    """Run a script and watch its process tree.

    :param limit: seconds after which it is stopped; 0 for never
    """
    found, began, before = Measured(), time.perf_counter(), os.times()
    with (out.parent / f"{out.name}.log").open("w+", encoding="utf-8") as log:
        command = [sys.executable, "-W", "ignore", "-c", script, str(place), str(out)]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        while process.poll() is None:
            found.peak = max(found.peak, sum(_proportional(p) for p in family(process.pid)))
            if limit and time.perf_counter() - began > limit:
                process.kill()
            time.sleep(0.2)
        found.seconds = time.perf_counter() - began
        after = os.times()
        found.cpu = sum(after[2:4]) - sum(before[2:4])
        log.seek(0)
        text = log.read()
    for line in text.splitlines():
        if line.startswith("STAGE "):
            found.stages.append(json.loads(line.removeprefix("STAGE ")))
        elif line.startswith("DONE "):
            found.errors, found.finished = json.loads(line.removeprefix("DONE ")), True
    assert found.finished or limit, text[-1500:]
    return found


def _proportional(process: int) -> int:
    """Give the memory of a process in bytes, what it shares with others divided among them."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return memory(process)
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)


def _table(title: str, found: Measured) -> Table:
    table = Table(title=title)
    for name in ("stage", "s", "statements", "statements/s"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    for stage in found.stages:
        seconds, triples = stage["seconds"], stage["triples"]
        rate = f"{triples / seconds:,.0f}" if seconds > 0.01 else ""
        table.add_row(str(stage["name"]), f"{seconds:.2f}", f"{triples:,}", rate)
    end = "all" if found.finished else "stopped after"
    table.add_row(end, f"{found.seconds:.1f}", f"{found.cpu:.0f} CPU s", f"{found.peak >> 20:,} MiB")
    return table


@dataclass
class _Growth:
    """How cost grows: a row a size."""

    rows: list[tuple[int, Measured]] = field(default_factory=list)

    def table(self) -> Table:
        table = Table(title="how the cost of hansa build grows")
        for name in ("statements", "s", "CPU s", "CPU µs each", "peak MiB", "× the size", "× the CPU time"):
            table.add_column(name, justify="right")
        for at, (size, found) in enumerate(self.rows):
            grown = [size / self.rows[at - 1][0], found.cpu / self.rows[at - 1][1].cpu] if at else []
            each = f"{found.cpu / size * 1e6:.0f}"
            row = (f"{size:,}", f"{found.seconds:.1f}", f"{found.cpu:.1f}", each, f"{found.peak >> 20:,}")
            table.add_row(*row, *(f"{g:.1f}" for g in grown))
        return table


@pytest.fixture(scope="module")
def growth() -> _Growth:
    return _Growth()


@pytest.mark.parametrize("size", [*_SIZES, *_LARGE_SIZES])
def test_build(config: Config, setting: Setting, tmp_path: Path, size: int, growth: _Growth) -> None:
    if size in _LARGE_SIZES and not setting.large:
        pytest.skip("run with --large")
    written = make_project(config, size, tmp_path / "project")
    console = Console(width=120)
    ours = measure(_ALL, tmp_path / "project", tmp_path / "ours")
    growth.rows.append((written, ours))
    console.print(_table(f"hansa build, {written:,} statements", ours))
    if size not in _WITHOUT_PEER:
        limit = max(60.0, _PLAIN_TIMES * ours.seconds)
        plain = measure(_PLAIN, tmp_path / "project", tmp_path / "plain", limit)
        console.print(_table(f"rdflib + owlrl + pySHACL, {written:,} statements", plain))
        files = measure(_FILES_ALONE, tmp_path / "project", tmp_path / "files")
        for command, found in (("hansa build", ours), ("hansa build --no-store", files)):
            more = "" if plain.finished else "more than "
            ratio = f"{plain.seconds / found.seconds:.1f} × the time and {plain.cpu / found.cpu:.1f} × the CPU time"
            console.print(f"the plain stack takes {more}{ratio} of {command} ({found.seconds:.1f} s)")
    console.print(growth.table())
    assert ours.errors == []
