"""``hansa build`` and ``hansa validate`` as a user meets them: messages, exit codes, and a release that stays whole."""

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

HANSA = [sys.executable, "-m", "hansa.cli"]

DAMAGES = {
    "a wrong role": ("instances/sources/seoul-citynet-2013.ttl", "role:executive-city", "role:executive-cty"),
    "an end before a start": (
        "instances/sources/seoul-citynet-2013.ttl",
        'hansa:end "2013-11-06"^^edtf:EDTF',
        'hansa:end "2012-11-06"^^edtf:EDTF',
    ),
    "a typo in a property": ("instances/sources/metrex-about.ttl", "hansa:throughPost", "hansa:troughPost"),
    "a Wikidata page instead of an entity": ("instances/links/wikidata.sssom.tsv", "\twd:Q64\t", "\thttps://www.wikidata.org/wiki/Q64\t"),
}  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """A copy of the shipped project with a release in ``dist``."""
    place = tmp_path_factory.mktemp("project")
    for part in ("ontology", "shapes", "instances", "queries"):
        shutil.copytree(root / part, place / part)
    shutil.copy(root / "pyproject.toml", place)
    done = run(place, "build", "--format", "json")
    assert done.returncode == 0, done.stderr
    # A server finds everything that it opens.
    assert len(list(place.glob("dist/.stores/*/lookup-*.sqlite"))) == 1
    return place


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*HANSA, "--project", str(project), *arguments], capture_output=True, text=True, check=False)


def state(project: Path) -> dict[str, bytes]:
    current = project / "dist" / "current"
    return {"": str(current.resolve()).encode(), **{f.name: f.read_bytes() for f in current.iterdir() if f.is_file()}}


def damage(project: Path, name: str) -> tuple[Path, str, int]:
    file, good, bad = DAMAGES[name]
    path = project / file
    text = path.read_text(encoding="utf-8")
    assert good in text
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")
    return path, text, text[: text.index(good)].count("\n") + 1


def test_damage_is_named_by_file_and_line_and_no_release_is_touched(project: Path) -> None:
    before = state(project)
    damaged = {name: damage(project, name) for name in DAMAGES}
    evidence = project / "instances/sources/amb-metropolis.ttl"
    original = evidence.read_text(encoding="utf-8")
    try:
        done = run(project, "build")
    finally:
        for path, text, _ in reversed(damaged.values()):
            path.write_text(text, encoding="utf-8")
        evidence.write_text(original, encoding="utf-8")
    assert done.returncode == 1
    assert "no release was written" in done.stdout
    assert "Traceback" not in done.stderr
    for name, (path, _, line) in damaged.items():
        assert f"{path.relative_to(project)}:{line}:" in done.stderr, name
    assert state(project) == before


def test_a_missing_evidence_is_named(project: Path) -> None:
    path = project / "instances/sources/tokyo-multi-city-diplomacy.ttl"
    text = path.read_text(encoding="utf-8")
    start = text.index("membership:u20-tokyo-")
    end = text.index("evidence:", text.index("hansa:evidence", start))
    broken = text[:start] + text[start:end].rsplit(";", 1)[0] + "." + text[text.index(".", end) + 1 :]
    path.write_text(broken, encoding="utf-8")
    done = run(project, "validate", str(path), "--format", "json")
    path.write_text(text, encoding="utf-8")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["conforms"] is False
    line = text[:start].count("\n") + 1
    assert [
        f for f in report["findings"] if f["line"] == line and "evidence" in f["message"] and f["severity"] == "error"
    ]


def test_bad_turtle_is_named_by_its_position(project: Path) -> None:
    path = project / "instances/sources/hamamatsu-uclg.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("hansa:evidence", 'hansa:evidence "', 1), encoding="utf-8")
    done = run(project, "validate")
    path.write_text(text, encoding="utf-8")
    line = text[: text.index("hansa:evidence")].count("\n") + 1
    assert done.returncode == 1
    assert f"instances/sources/hamamatsu-uclg.ttl:{line}:" in done.stdout
    assert "Traceback" not in done.stderr


def test_the_shipped_project_is_valid_in_every_format(project: Path) -> None:
    done = run(project, "validate", "--strict", "--format", "json")
    assert done.returncode == 0, done.stdout
    assert json.loads(done.stdout)["conforms"] is True


def test_a_killed_build_leaves_the_last_release(project: Path) -> None:
    before = state(project)
    building = subprocess.Popen(
        [*HANSA, "--project", str(project), "build"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not list((project / "dist").glob(".building-*")) and building.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    building.send_signal(signal.SIGKILL)
    building.wait()
    assert state(project) == before


def test_a_folder_that_is_no_project_is_explained(tmp_path: Path) -> None:
    done = run(tmp_path, "build")
    assert done.returncode == 1
    assert "pyproject.toml does not exist" in done.stderr
    assert "--project" in done.stderr


def test_every_command_shows_an_example(project: Path) -> None:
    for command in ("build", "validate", "query", "serve", "get"):
        done = run(project, command, "--help")
        assert done.returncode == 0
        assert "Example: hansa " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["query", "founding-order"], 0, "network:citynet"),
        (["query", "founding-order", "--format", "csv"], 0, "1987"),
        (["query", "suspended-networks", "--format", "json"], 0, "network/anmc21"),
        (["query", "members-of-network", "--param", "network=citynet", "--as-of", "2013-11-20"], 0, "yokohama"),
        (["query", "--list"], 0, "members-of-network"),
        (["query", "no-such-query"], 1, "no canned query"),
        (["query", "members-of-network"], 2, "needs the parameter 'network'"),
        (["query", "members-of-network", "--param", "network"], 2, "NAME=VALUE"),
        (["query", "members-of-network", "--param", "network=citynet", "--as-of", "soon"], 2, "soon"),
        (["query", "members-of-network", "--param", "network=citynett"], 1, "no such network: citynett"),
        (["query", "members-of-network", "--param", "network=citynett"], 1, "did you mean citynet?"),
        (["query", "wikidata-memberships-missing", "--param", "item=wd:Q8684"], 1, "--online"),
        (["query"], 2, "--list"),
        (["get", "/doc/network/citynet.ttl"], 0, "network:citynet"),
        (["get", "/doc/network/nobody"], 1, "404"),
        (["build", "--wrong"], 2, "No such option"),
    ],
)  # fmt: skip
def test_exit_codes_and_messages(project: Path, arguments: list[str], code: int, says: str) -> None:
    done = run(project, *arguments)
    assert done.returncode == code, done.stderr
    assert says in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_query_of_ones_own(project: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.rq"
    own.write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", encoding="utf-8")
    assert int(run(project, "query", "--file", str(own), "--format", "csv").stdout.split()[1]) > 1000
    own.write_text("SELECT * {\n ?s ?p z }", encoding="utf-8")
    wrong = run(project, "query", "--file", str(own))
    assert wrong.returncode == 1
    assert "own.rq:2:" in wrong.stderr
    own.write_text("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", encoding="utf-8")
    assert "SERVICE is not allowed" in run(project, "query", "--file", str(own)).stderr
