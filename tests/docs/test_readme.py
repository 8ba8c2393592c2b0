"""What README.md tells users to type does what it says."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

_COMMAND = re.compile(r"^hansa (?P<arguments>[^#\n]+)", re.MULTILINE)
_SLICE = '<http://www.wikidata.org/entity/Q8684> <http://www.w3.org/2000/01/rdf-schema#label> "Seoul"@en .'
_ROOT = Path(__file__).resolve().parents[2]
_COMMANDS = [
    found["arguments"].strip() for found in _COMMAND.finditer((_ROOT / "README.md").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("command", [c for c in _COMMANDS if c.split()[0] in {"query", "get", "link", "wikidata"}])
def test_the_commands_answer(command: str, shipped_dist: Path, tmp_path: Path) -> None:
    (tmp_path / "my.rq").write_text("SELECT ?network { ?network a ?class } LIMIT 1", encoding="utf-8")
    (tmp_path / "names.csv").write_text("id,name\n1,Seoul\n", encoding="utf-8")
    (tmp_path / "slice.ttl").write_text(_SLICE, encoding="utf-8")
    arguments = [*shlex.split(command), "--release", str(shipped_dist)]
    done = subprocess.run(
        [sys.executable, "-m", "hansa.cli", "--project", str(_ROOT), *arguments],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    # Drift found is a finding, not a failure.
    assert done.returncode == (1 if "drift" in command else 0), done.stderr.decode()
    written = [tmp_path / name for name in ("answer.xlsx", "proposals.csv") if name in command]
    assert done.stdout or all(path.stat().st_size > 50 for path in written)


def test_every_folder_and_document_it_names_exists() -> None:
    text = (_ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w./-]+(?:/|\.md))`", text) + re.findall(r"\]\((docs/[^)]+)\)", text)
    assert len(named) > 8
    assert [name for name in named if not name.startswith(("/", ".")) and not any(_ROOT.rglob(name.rstrip("/")))] == []
