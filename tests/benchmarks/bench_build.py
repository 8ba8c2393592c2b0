"""``hansa build`` stage by stage on generated projects, and beside the plain stack at a size where that one ends.

The plain stack is the script that a user would write instead: rdflib parses the same Turtle files, owlrl closes,
pySHACL validates with the same shapes, rdflib serialises Turtle, N-Triples, RDF/XML and JSON-LD. Both run in processes
of their own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from hansa.config import Config
from hansa.rdf import FORMATS, Triple, serialise
from tests.benchmarks.conftest import Setting
from tests.benchmarks.generate import Generator

pytestmark = pytest.mark.timeout(3600)
_PLAIN_SIZE = 10_000
_BUILD = """
import json, sys
from pathlib import Path
from hansa.config import load_config
from hansa.pipeline import build
run = build(load_config(Path(sys.argv[1])), Path(sys.argv[2]))
errors = sorted({f"{f.code}: {f.message}" for f in run.findings if f.severity == "error"})
print("RESULT", json.dumps({"stages": [s.as_dict() for s in run.stages], "errors": errors[:5]}))
"""
_PLAIN = """
import json, resource, sys, time
from pathlib import Path
import owlrl, pyshacl, rdflib
root, out = Path(sys.argv[1]), Path(sys.argv[2])
stages, began = [], time.perf_counter()
def done(name, triples):
    global began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    stages.append({"name": name, "seconds": time.perf_counter() - began, "triples": triples, "peak_mib": peak})
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
print("RESULT", json.dumps({"stages": stages, "errors": []}))
"""


def make_project(config: Config, size: int, place: Path) -> int:
    """Write a graph project with generated instances and the shipped ontology, shapes and queries; give its size."""
    for folder in ("ontology", "shapes", "queries"):
        shutil.copytree(config.root / folder, place / folder)
    shutil.copy(config.root / "pyproject.toml", place)
    (place / "instances" / "sources").mkdir(parents=True)
    written = 0
    for source in Generator(config.vocab, size).sources():
        triples = [quad.triple for quad in source.quads]
        text = serialise(triples, FORMATS["turtle"], _prefixes(config, triples))
        (place / "instances" / "sources" / f"{source.slug}.ttl").write_bytes(text)
        written += len(triples)
    return written


def _prefixes(config: Config, triples: list[Triple]) -> dict[str, str]:
    text = "\n".join(str(triple) for triple in triples)
    return {prefix: iri for prefix, iri in config.prefixes.items() if f"<{iri}" in text}


def _run(script: str, place: Path, out: Path) -> dict[str, list[dict[str, float]]]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, str(place), str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    line = next((x for x in done.stdout.splitlines() if x.startswith("RESULT ")), None)
    assert line, done.stderr[-1500:]
    return dict(json.loads(line.removeprefix("RESULT ")))


def _table(title: str, stages: list[dict[str, float]]) -> Table:
    table = Table(title=title)
    for name in ("stage", "s", "statements", "statements/s", "peak MiB"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    for stage in stages:
        seconds, triples = stage["seconds"], stage["triples"]
        rate = f"{triples / seconds:,.0f}" if seconds else ""
        table.add_row(str(stage["name"]), f"{seconds:.2f}", f"{triples:,}", rate, f"{stage['peak_mib']:,}")
    table.add_row("all", f"{sum(s['seconds'] for s in stages):.2f}", "", "", "")
    return table


def test_beside_the_plain_stack(config: Config, tmp_path: Path) -> None:
    size = make_project(config, _PLAIN_SIZE, tmp_path / "project")
    ours, plain = _run(_BUILD, tmp_path / "project", tmp_path / "a"), _run(_PLAIN, tmp_path / "project", tmp_path / "b")
    console = Console(width=120)
    console.print(_table(f"hansa build, {size:,} statements", ours["stages"]))
    console.print(_table(f"rdflib + owlrl + pySHACL, {size:,} statements", plain["stages"]))
    totals = [sum(stage["seconds"] for stage in found["stages"]) for found in (ours, plain)]
    console.print(f"the plain stack takes {totals[1] / totals[0]:.1f} × the time of hansa build")
    assert ours["errors"] == []


@pytest.mark.parametrize("size", [100_000, 1_000_000])
def test_stages(config: Config, setting: Setting, tmp_path: Path, size: int) -> None:
    if size > 100_000 and not setting.large:
        pytest.skip("run with --large")
    written = make_project(config, size, tmp_path / "project")
    found = _run(_BUILD, tmp_path / "project", tmp_path / "out")
    Console(width=120).print(_table(f"hansa build, {written:,} statements", found["stages"]))
    assert found["errors"] == []
