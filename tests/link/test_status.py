"""Coverage of the links by kind."""

import json
from pathlib import Path

from click.testing import CliRunner

from hansa.cli import cli
from hansa.config import Config
from hansa.link.decisions import Choice, Decision
from hansa.link.status import coverage
from hansa.model import Position


def decision(subject: str, choice: Choice, config: Config) -> Decision:
    return Decision(Position("t", 1, 1), config.vocab.expand(subject), "", "", choice, None, "", "", "")


def test_a_thing_counts_once_in_its_best_state(config: Config) -> None:
    decisions = [
        decision("place:a", Choice.REJECTED, config),
        decision("place:a", Choice.EXACT, config),
        decision("place:b", Choice.REJECTED, config),
        decision("place:c", Choice.NONE, config),
        decision("place:c", Choice.REJECTED, config),
        decision("network:n", Choice.UNDECIDED, config),
    ]
    names = ("place:a", "place:b", "place:c", "place:d", "network:n", "membership:m")
    found = {row.kind: row for row in coverage(decisions, [config.vocab.expand(name) for name in names], config.vocab)}
    assert found.keys() == {"network", "place"}
    assert found["place"].things == 4
    expected = {"linked": 1, "related": 0, "undecided": 0, "none": 1, "rejected": 1, "without": 1}
    assert found["place"].states == expected
    assert found["network"].states["undecided"] == 1


def test_the_command(root: Path, shipped_dist: Path) -> None:
    status = ["--project", str(root), "link", "status", "--release", str(shipped_dist)]
    result = CliRunner().invoke(cli, [*status, "--format", "json"])
    assert result.exit_code == 0, result.output
    kinds = {row["kind"]: row for row in json.loads(result.stdout)["kinds"]}
    assert kinds["place"]["linked"] > 30
    for row in kinds.values():
        assert row["things"] == sum(number for name, number in row.items() if name not in {"kind", "things"})
    table = CliRunner().invoke(cli, status).output
    assert "not looked at" in table
