"""Reviewing candidates: the dialogue, the table it writes, and a real terminal."""

import io
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from hansa.cli import cli
from hansa.config import Config
from hansa.errors import HansaError
from hansa.link.decisions import Choice, read_decisions
from hansa.link.ledger import Ledger
from hansa.link.review import Dialogue, Question, Side, proposed, undecided

COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label"),
    *("mapping_justification", "author_label", "reviewer_label", "mapping_date", "confidence", "reviewer_agreement"),
    *("comment", "decision"),
)
HEAD = """#sssom_version: "1.1"
# a comment that stays
#curie_map:
#  wd: "http://www.wikidata.org/entity/"
"""


def row(subject: str, item: str, confidence: str, agreement: str, comment: str, decision: str) -> str:
    label = subject.partition(":")[2].capitalize()
    by = ("semapv:ManualMappingCuration", "X", "X", "2026-11-21")
    theirs = "" if item.startswith("sssom") else label
    return (
        "\t".join((subject, label, "owl:sameAs", "", item, theirs, *by, confidence, agreement, comment, decision))
        + "\n"
    )


TABLE = "".join(
    (
        HEAD,
        "\t".join(COLUMNS) + "\n",
        row("network:citynet", "sssom:NoTermFound", "", "1.0", "Nothing found.", "none"),
        row("place:lyon", "wd:Q456", "0.9", "1.0", "Sure.", "exact"),
        row("place:seoul", "wd:Q8684", "0.5", "0.0", '"One source, ""quoted""."', "undecided"),
        row("place:tokyo", "wd:Q1490", "0.5", "0.0", "One source.", "undecided"),
    )
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "wikidata.sssom.tsv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def keys(text: str) -> Iterator[str]:
    yield from text
    raise EOFError


def run(table: Path, config: Config, pressed: str, questions: list[Question] | None = None) -> tuple[str, Ledger]:
    ledger, out = Ledger(table, config.vocab), io.StringIO()
    source = keys(pressed)
    dialogue = Dialogue(
        ledger, config.vocab, Console(file=out, width=100), lambda: next(source), "Aiko", "2026-12-01",
        here=lambda _: Side("Seoul", (("in", "Korea"),), (37.5663, 126.9997)),
        there=lambda _: Side("Seoul", (("in", "South\x1b[31m Korea"),), (37.56, 126.99)),
    )  # fmt: skip
    dialogue.run(undecided(ledger.decisions) if questions is None else questions)
    return out.getvalue(), ledger


def changed(table: Path) -> list[tuple[str, str]]:
    new = table.read_text(encoding="utf-8").split("\n")
    return [(a, b) for a, b in zip(TABLE.split("\n"), new, strict=False) if a != b]


def test_accepting_changes_one_line_and_says_who_and_when(table: Path, config: Config) -> None:
    run(table, config, "aq")
    ((_, after),) = changed(table)
    fields = after.split("\t")
    assert (fields[0], fields[2], fields[4], fields[-1]) == ("place:seoul", "owl:sameAs", "wd:Q8684", "exact")
    assert fields[7:10] == ["Aiko", "Aiko", "2026-12-01"]
    decisions, findings = read_decisions(table, "t", config.vocab)
    assert not findings
    assert decisions[2].comment == 'One source, "quoted".'


@pytest.mark.parametrize(("key", "choice"), [("a", Choice.EXACT), ("r", Choice.REJECTED), ("l", Choice.RELATED)])
def test_every_choice_is_valid_to_the_reader(table: Path, config: Config, key: str, choice: Choice) -> None:
    run(table, config, f"{key}q")
    decisions, findings = read_decisions(table, "t", config.vocab)
    assert not findings
    assert [d.decision for d in decisions if d.subject.endswith("/seoul")] == [choice]


def test_none_keeps_the_candidate_as_rejected(table: Path, config: Config) -> None:
    run(table, config, "nq")
    decisions, findings = read_decisions(table, "t", config.vocab)
    assert not findings
    assert [d.decision for d in decisions if d.subject.endswith("/seoul")] == [Choice.REJECTED, Choice.NONE]


def test_undo_gives_the_table_back_byte_for_byte(table: Path, config: Config) -> None:
    text, _ = run(table, config, "nauuq")
    assert table.read_text(encoding="utf-8") == TABLE
    assert text.count("Undone.") == 2
    assert "Nothing to undo" in run(table, config, "uq")[0]


def test_skip_and_quit_write_nothing(table: Path, config: Config) -> None:
    text, _ = run(table, config, "ssq")
    assert table.read_text(encoding="utf-8") == TABLE
    assert "0 decisions" in text


@pytest.mark.parametrize("end", ["\x03", "\x04", "\x1b", ""])
def test_leaving_keeps_what_was_decided(table: Path, config: Config, end: str) -> None:
    text, _ = run(table, config, f"a{end}")
    assert "1 decision written" in text
    assert len(changed(table)) == 1


def test_both_sides_reasons_and_distance_are_shown_without_control_characters(table: Path, config: Config) -> None:
    text, _ = run(table, config, "?xq")
    for shown in (
        "place:seoul",
        "wd:Q8684",
        "Korea",
        "1.1 km",
        "One source",
        "score 0.5",
        "undo the last",
        "Press one of",
    ):
        assert shown in text
    assert "\x1b" not in text


def test_accepting_a_candidate_replaces_no_match(table: Path, config: Config) -> None:
    question = Question(config.vocab.expand("network:citynet"), config.vocab.expand("wd:Q1"), "name", "CITYNET", "C")
    run(table, config, "a", [question])
    decisions, findings = read_decisions(table, "t", config.vocab)
    assert not findings
    assert [d.decision for d in decisions if d.subject.endswith("/citynet")] == [Choice.EXACT]


@pytest.mark.parametrize(
    ("subject", "item", "reason"),
    [("place:lyon", "wd:Q2", "two final answers"), ("place:tokyo", "wd:Q456", "exact match of two things")],
)
def test_a_contradiction_is_not_written(table: Path, config: Config, subject: str, item: str, reason: str) -> None:
    question = Question(config.vocab.expand(subject), config.vocab.expand(item), "name")
    text, _ = run(table, config, "as", [question])
    assert reason in " ".join(text.split())
    assert table.read_text(encoding="utf-8") == TABLE


def test_a_faulty_table_must_be_mended_first(table: Path, config: Config) -> None:
    table.write_text(TABLE.replace("\texact\n", "\tmaybe\n"), encoding="utf-8")
    with pytest.raises(HansaError, match="unknown decision 'maybe'"):
        Ledger(table, config.vocab)


def test_proposals_leave_out_what_was_decided(table: Path, config: Config, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text(
        "id,decision,qid,score,reasons\nplace:lyon,match,Q456,0.99,name\nplace:seoul,review,Q8684,0.7,two cities\n"
        "place:tokyo,nil,,,no candidate\n",
        encoding="utf-8",
    )
    found = proposed(out, Ledger(table, config.vocab).decisions, config.vocab)
    assert [(q.subject.rpartition("/")[2], q.score, q.reasons) for q in found] == [("seoul", 0.7, "two cities")]
    out.write_text("id,decision,qid,score,reasons\nplace:lyon,match,456,1,\n", encoding="utf-8")
    with pytest.raises(HansaError, match=r"out\.csv:2"):
        proposed(out, [], config.vocab)


def project(table: Path, root: Path) -> Path:
    home = table.parent / "project"
    (home / "instances" / "links").mkdir(parents=True)
    shutil.copy(root / "pyproject.toml", home)
    shutil.copy(table, home / "instances" / "links" / table.name)
    return home


def test_the_command_reads_keys_from_a_pipe(table: Path, root: Path) -> None:
    home = project(table, root)
    arguments = ["--project", str(home), "link", "review", "--author", "Aiko", "--date", "2026-12-01"]
    result = CliRunner().invoke(cli, arguments, input="a\nr\n")
    assert result.exit_code == 0, result.output
    assert "2 decisions written" in result.output
    assert "\tAiko\tAiko\t2026-12-01\t" in (home / "instances" / "links" / table.name).read_text(encoding="utf-8")


def test_the_command_wants_an_author_and_a_day(table: Path, root: Path) -> None:
    home = project(table, root)
    assert CliRunner(env={"HANSA_AUTHOR": ""}).invoke(cli, ["--project", str(home), "link", "review"]).exit_code == 2
    result = CliRunner().invoke(cli, ["--project", str(home), "link", "review", "--author", "A", "--date", "today"])
    assert "not a day" in result.output


def test_on_a_terminal_one_key_is_enough(table: Path, root: Path) -> None:
    pexpect = pytest.importorskip("pexpect", reason="needs the package pexpect, which plays a terminal")
    home = project(table, root)
    command = ["-m", "hansa.cli", "--project", str(home), "link", "review", "--author", "Aiko", "--date", "2026-12-01"]
    child = pexpect.spawn(sys.executable, command, encoding="utf-8", timeout=30, dimensions=(40, 120))
    child.expect("1 of 2")
    child.expect(r"\[q\]uit")
    child.send("a")
    child.expect("2 of 2")
    child.expect(r"\[q\]uit")
    child.send("q")
    child.expect("1 decision written")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    text = (home / "instances" / "links" / table.name).read_text(encoding="utf-8")
    assert text.count("\tundecided") == 1
