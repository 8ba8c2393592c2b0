"""How the rules do on a list that they were not made on."""

from collections import Counter, defaultdict

import pytest

from hansa.link.gazetteer import Gazetteer
from hansa.link.match import propose
from hansa.link.proposal import Query, Verdict
from tests.link.heldout import rows

RECALL = {"localised": 0.78, "misspelt": 0.90, "generic word": 0.90}


@pytest.fixture(scope="module")
def answers(gaz: Gazetteer) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows(gaz):
        proposal = propose(Query(row.name, row.country), gaz)
        right = "" if proposal.verdict is not Verdict.MATCH else " right" if proposal.qid == row.qid else " wrong"
        found[row.sort][f"{proposal.verdict}{right}"] += 1
    return found


def test_matches_are_right(answers: dict[str, Counter[str]]) -> None:
    right, wrong = (sum(c[f"match {word}"] for c in answers.values()) for word in ("right", "wrong"))
    assert right > 2000
    assert right / (right + wrong) >= 0.99, {sort: count["match wrong"] for sort, count in answers.items()}


@pytest.mark.parametrize("sort", RECALL)
def test_most_items_are_found(answers: dict[str, Counter[str]], sort: str) -> None:
    assert answers[sort]["match right"] / answers[sort].total() >= RECALL[sort], answers[sort]


def test_a_nil_is_nothing(answers: dict[str, Counter[str]]) -> None:
    nil = sum(count["nil"] for count in answers.values())
    assert nil > 200
    assert (answers["nothing"]["nil"] + answers["of another kind"]["nil"]) / nil >= 0.95


def test_ambiguous_names_and_names_of_something_else_are_asked_about(answers: dict[str, Counter[str]]) -> None:
    assert set(answers["ambiguous"]) <= {"review", "match right", "match wrong"}
    assert answers["ambiguous"]["review"] / answers["ambiguous"].total() >= 0.95
    assert answers["of another kind"]["match wrong"] / answers["of another kind"].total() <= 0.02
    assert answers["nothing"]["match wrong"] == 0
