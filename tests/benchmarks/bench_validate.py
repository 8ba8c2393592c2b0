"""``hansa validate`` on generated projects with known errors, and its shapes beside pySHACL on the same file.

Our table: seconds of the clock, CPU seconds of the whole process tree, and its peak memory, from cold. The shapes are
then validated alone, by the fast engine and by pySHACL, each in a process of its own, over the same N-Triples of
everything that is known and derived; the violations must be the same, and those that were injected among them. pySHACL
is stopped after ten minutes, and its ratio is then a lower bound. By default the sizes are small; ``--large`` goes to a
million statements.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from hansa.build.derive import derive_packed
from hansa.config import Config, load_config
from hansa.packed import PackedGraph
from hansa.rdf import FORMATS, Line, NamedNode, serialise
from hansa.sources.loader import load_lines, load_shapes
from hansa.sources.project import find_files
from tests.benchmarks.bench_build import Measured, make_project, measure
from tests.benchmarks.conftest import Setting
from tests.benchmarks.generate import Generator

pytestmark = pytest.mark.timeout(2 * 3600)
_SIZES = (10_000, 30_000)
_LARGE_SIZES = (100_000, 1_000_000)
_ERRORS = 100
_PATIENCE = 600.0
_VALIDATE = """
import json, sys, time
from pathlib import Path
from hansa.config import load_config
from hansa.pipeline import validate
began = time.perf_counter()
run = validate(load_config(Path(sys.argv[1])))
for stage in run.stages:
    print("STAGE", json.dumps(stage.as_dict()), flush=True)
found = sorted({f"{f.code} {f.focus}" for f in run.findings})
Path(sys.argv[2]).write_text(json.dumps(found))
print("DONE", json.dumps([time.perf_counter() - began]), flush=True)
"""
_REPORT = """
import json, sys
from pathlib import Path
from hansa.rdf import FORMATS, parse_bytes
def violations(report):
    told, results = {}, set()
    for quad in report:
        name = quad.predicate.value.rpartition("#")[2]
        told.setdefault(str(quad.subject), {})[name] = str(quad.object)
        if name == "result":
            results.add(str(quad.object))
    keys = ("focusNode", "sourceShape", "sourceConstraintComponent", "value")
    return sorted({tuple(told[each].get(key, "") for key in keys) for each in results})
def done(report):
    Path(sys.argv[2]).write_text(json.dumps(violations(report)))
    print("DONE []", flush=True)
"""
_FAST = (
    _REPORT
    + """
import shacl
place = Path(sys.argv[1])
shapes = shacl.Shapes.from_text((place / "shapes.nt").read_text(), "ntriples")
done(parse_bytes(shapes.validate_file(str(place / "all.nt")).serialize("ntriples").encode(), FORMATS["ntriples"]))
"""
)
_PYSHACL = (
    _REPORT
    + """
import pyshacl, rdflib
place = Path(sys.argv[1])
data, shapes = rdflib.Graph(), rdflib.Graph()
data.parse(place / "all.nt")
shapes.parse(place / "shapes.nt")
_, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
done(parse_bytes(report.serialize(format="nt").encode(), FORMATS["ntriples"]))
"""
)


def write_all(place: Path, out: Path) -> None:
    """Write everything that a project says and that follows from it, and its shapes, as N-Triples."""
    config = load_config(place)
    files = find_files(config)
    graphs: dict[NamedNode, PackedGraph] = {}
    lines: dict[NamedNode, list[Line]] = {}
    for file in files.data:
        if file.graph is not None:
            lines.setdefault(file.graph, []).extend(load_lines(file, config)[0])
    graphs |= {name: PackedGraph.of(name, own) for name, own in lines.items()}
    graphs |= derive_packed(graphs, config.vocab, [rule.text() for rule in files.rules])
    out.mkdir()
    with (out / "all.nt").open("wb") as all_of_it:
        all_of_it.writelines(line for line in {line for graph in graphs.values() for line in graph.lines()})
    shapes, _ = load_shapes(files, config)
    (out / "shapes.nt").write_bytes(serialise((quad.triple for quad in shapes), FORMATS["ntriples"]))


def _row(table: Table, name: str, found: Measured, ratio: str = "", same: str = "") -> None:
    seconds = f"{found.seconds:.1f}" if found.finished else f"more than {found.seconds:.0f}"
    table.add_row(name, seconds, f"{found.cpu:.1f}", f"{found.peak >> 20:,}", ratio, same)


def _said(path: Path) -> set[tuple[str, ...]]:
    return {tuple(row) for row in json.loads(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("size", [*_SIZES, *_LARGE_SIZES])
def test_validate(config: Config, setting: Setting, tmp_path: Path, size: int) -> None:
    if size in _LARGE_SIZES and not setting.large:
        pytest.skip("run with --large")
    pytest.importorskip("shacl", reason="the fast SHACL engine is not installed")
    project = tmp_path / "project"
    generator = Generator(config.vocab, size, errors=_ERRORS)
    written = make_project(config, size, project, generator)
    table = Table(title=f"hansa validate, {written:,} statements, {len(generator.known)} errors injected")
    for name in ("what", "s", "CPU s", "peak MiB", "× the CPU time", "same violations"):
        table.add_column(name, justify="left" if name == "what" else "right")
    ours = measure(_VALIDATE, project, tmp_path / "findings.json")
    for stage in ours.stages:
        table.add_row(f"  {stage['name']}", f"{stage['seconds']:.1f}")
    _row(table, "hansa validate", ours)
    write_all(project, tmp_path / "data")
    fast = measure(_FAST, tmp_path / "data", tmp_path / "fast.json")
    slow = measure(_PYSHACL, tmp_path / "data", tmp_path / "slow.json", _PATIENCE)
    same = slow.finished and _said(tmp_path / "fast.json") == _said(tmp_path / "slow.json")
    _row(table, "shapes alone, fast engine", fast)
    more = "" if slow.finished else "> "
    told = ("yes" if same else "no") if slow.finished else "stopped"
    _row(table, "shapes alone, pySHACL", slow, f"{more}{slow.cpu / fast.cpu:.1f}", told)
    Console(width=120).print(table)
    found = {row.partition(" ")[2] for row in json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))}
    # An end before a start of which only the latest day is known is no contradiction, and no engine reports it.
    reported = {row[0].strip("<>") for row in _said(tmp_path / "fast.json")}
    injected = {each.focus for each in generator.known}
    assert injected & reported <= found
    assert len(injected & reported) > 0.9 * len(injected)
    assert same or not slow.finished
