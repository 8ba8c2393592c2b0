"""The questions of ``competency.yaml``, asked of the shipped graph."""

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from hansa.model import CannedQuery
from hansa.parameters import bind_parameters
from hansa.results import text_rows
from hansa.store import EmbeddedStore, Table
from hansa.vocab import Vocabulary

HERE = Path(__file__).resolve().parent
Question = dict[str, Any]
QUESTIONS: list[Question] = yaml.safe_load((HERE / "competency.yaml").read_text(encoding="utf-8"))


def answer(question: Question, store: EmbeddedStore, canned: dict[str, CannedQuery], vocab: Vocabulary) -> Table:
    if "inline" in question:
        return store.select((HERE / "competency" / f"{question['inline']}.rq").read_text(encoding="utf-8"))
    query = canned[question["query"]]
    return store.select(query.text, bind_parameters(query, question.get("with", {}), vocab, issued="2026-11-21"))


def project(table: Table, columns: list[str] | None, vocab: Vocabulary) -> set[tuple[str, ...]]:
    wanted = [table.variables.index(column) for column in columns or table.variables]
    return {tuple(row[i] for i in wanted) for row in text_rows(table, vocab)}


@pytest.mark.parametrize("question", QUESTIONS, ids=[q["id"] for q in QUESTIONS])
def test_is_answered(
    question: Question, shipped: EmbeddedStore, canned: dict[str, CannedQuery], vocab: Vocabulary
) -> None:
    found = project(answer(question, shipped, canned, vocab), question.get("columns"), vocab)
    assert found == {tuple(map(str, row)) for row in question["expect"]}, question["question"]


def test_every_query_of_the_folder_is_asked() -> None:
    asked = {q["inline"] for q in QUESTIONS if "inline" in q}
    assert asked == {file.stem for file in (HERE / "competency").glob("*.rq")}


def test_silence_is_asked_for_too() -> None:
    silent = [q for q in QUESTIONS if q["expect"] == [] or any("not stated" in row for row in q["expect"])]
    assert len(silent) >= 5


# ---------------------------------------------------------------- against the shared lists
def shared(root: Path, name: str) -> Path:
    path = root.parent / "shared" / "data" / name
    if not path.exists():
        pytest.skip(f"the shared list does not stand beside the checkout (../shared/data/{name})")
    return path


def test_every_question_of_the_shared_list_is_here(root: Path) -> None:
    listed = yaml.safe_load(shared(root, "competency.yaml").read_text(encoding="utf-8"))["questions"]
    ours = {q["id"]: q for q in QUESTIONS}
    assert [q["id"] for q in listed if q["id"] not in ours] == []
    assert len(QUESTIONS) >= len(listed) + 25
    for entry in listed:
        assert set(entry["facts"]) <= set(ours[entry["id"]]["facts"]), entry["id"]


def test_every_kind_of_fact_is_asked_for(root: Path) -> None:
    with shared(root, "facts.csv").open(encoding="utf-8", newline="") as lines:
        facts = {row["fact_id"]: row for row in csv.DictReader(lines)}
    asked = {fact for question in QUESTIONS for fact in question["facts"]}
    assert asked <= facts.keys()
    kinds = {row["relation"] for row in facts.values() if row["publish"] == "yes"}
    assert kinds - {facts[fact]["relation"] for fact in asked} == set()
