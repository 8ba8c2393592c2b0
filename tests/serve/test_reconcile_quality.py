"""How good the matches are: the rules of the score, and figures on labelled names."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hansa.errors import ParameterError
from hansa.manifest import open_store, read_release
from hansa.serve.http.errors import HttpError
from hansa.serve.reconcile.names import core, fold, romanise
from hansa.serve.reconcile.requests import Column, Query
from hansa.serve.reconcile.score import Evidence, NameEvidence, Verdict, decide, name_evidence, score
from hansa.serve.reconcile.service import Service
from hansa.vocab import Vocabulary
from tests.conftest import ROOT

DEV = ROOT.parent / "shared" / "data" / "reconcile_dev.csv"
EXACT = NameEvidence(100, exact=True)


@pytest.fixture(scope="module")
def service(shipped_dist: Path) -> Service:
    release = read_release(shipped_dist / "current")
    return Service(release, open_store(release), Vocabulary(release.base, release.prefixes))


# ---------------------------------------------------------------- names
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wrocław", "WROCLAW"), ("São Paulo", "sao paulo"), ("Ｓｅｏｕｌ", "Seoul"), ("ｿｳﾙ", "ソウル"),
        ("Łódź", "lodz"), ("Straße", "STRASSE"), ("L’Aquila", "L'Aquila"), ("Aix-en-Provence", "Aix en Provence"),
        ("Αθήνα", "ΑΘΗΝΑ"), ("القاهرة", "القَاهِرة"), ("İstanbul", "Istanbul"),
        ("서울", "\u1109\u1165\u110b\u116e\u11af"),
    ],
)  # fmt: skip
def test_spellings_of_a_name_are_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("ガーナ", "カーナ"), ("दिल्ली", "दल्ल"), ("กำ", "กา"), ("Lyon", "Lion")])
def test_marks_that_make_another_letter_stay(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_municipal_words_come_off_but_never_everything() -> None:
    assert core(fold("City of Lyon")) == core(fold("Ville de Lyon")) == core(fold("Lyon"))
    assert core(fold("釜山広域市")) == core(fold("釜山"))
    assert core(fold("서울특별시")) == "서울"
    assert core(fold("City")) == "city"
    assert core("市") == "市"
    assert romanise(fold("スラバヤ")) == "surabaya"


# ---------------------------------------------------------------- score
def test_better_evidence_never_gives_a_lower_score() -> None:
    for pid in ("country", "network", "theme", "wikidata"):
        values = [score(Evidence(EXACT, ((pid, v),))) for v in (Verdict.SAME, Verdict.UNKNOWN, Verdict.OTHER)]
        assert values == sorted(values, reverse=True)
        assert values[0] == 100
        assert values[2] < values[1]
    scores = [
        score(Evidence(name_evidence("lyon", n, main=m))) for n, m in (("lyon", True), ("lyon", False), ("lyom", True))
    ]
    assert scores == sorted(scores, reverse=True)


def test_the_rule_of_the_match() -> None:
    def ranked(*evidence: Evidence) -> list[tuple[float, Evidence]]:
        return [(score(e), e) for e in evidence]

    alias, near = Evidence(NameEvidence(97, exact=True)), Evidence(NameEvidence(90, exact=False))
    best = Evidence(EXACT)
    assert not decide("lyon", [], typed=True)
    assert decide("lyon", ranked(best), typed=False)
    assert not decide("lyon", ranked(best, alias), typed=True)
    assert not decide("lyon", ranked(best, near), typed=False)
    assert decide("lyon", ranked(best, near), typed=True)
    assert not decide("lyon", ranked(near), typed=True)
    assert not decide("un", ranked(best), typed=True)
    assert decide("東京", ranked(best), typed=True)
    assert not decide("lyon", ranked(Evidence(EXACT, (("country", Verdict.OTHER),))), typed=True)
    assert not decide("lyon", ranked(Evidence(EXACT, (("country", Verdict.UNCLEAR),))), typed=True)
    assert not decide("lyon", ranked(Evidence(EXACT, type_fits=False)), typed=True)


# ---------------------------------------------------------------- figures
@dataclass
class Figures:
    """Counts of decisions; ``first`` counts the right thing in the first place, matched or not."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, text: str, matched: str, first: str, expected: set[str]) -> None:
        self.counts["known"] += bool(expected)
        self.counts["first"] += first in expected
        self.counts["matched"] += bool(matched)
        self.counts["right"] += matched in expected
        if matched and matched not in expected:
            self.wrong.append(f"{text} → {matched}")

    def report(self, title: str) -> str:
        c = self.counts
        return (
            f"{title}: precision {c['right']}/{c['matched']}, matched {c['right']}/{c['known']}, "
            f"in first place {c['first']}/{c['known']}; wrong: {self.wrong}"
        )


def decided(service: Service, query: Query) -> tuple[str, str]:
    found = service.matcher.answer(query)
    return next((c.thing.id for c in found if c.match), ""), found[0].thing.id if found else ""


def test_our_own_names_lead_back_and_never_elsewhere(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    typed, untyped = Figures(), Figures()
    for thing in service._things.by_id.values():
        for name in thing.names:
            typed.add(name.text, *decided(service, Query(name.text, (thing.kind,))), {thing.id})
            untyped.add(name.text, *decided(service, Query(name.text)), {thing.id})
    with capsys.disabled():
        print("\n" + typed.report("own names with type"), untyped.report("own names without type"), sep="\n")
    assert typed.wrong == untyped.wrong == []
    assert typed.counts["right"] >= 0.9 * typed.counts["known"]


@pytest.mark.parametrize("country", ["BR", "Brasil", "place/france", "no such land"])
def test_a_namesake_in_another_country_is_not_matched(service: Service, country: str) -> None:
    assert decided(service, Query("Seoul", ("place",), conditions=(("country", (country,)),))) == ("", "place/seoul")


@pytest.mark.parametrize("country", ["KR", "kr", "Korea", "韓国", "place/korea", "Q884"])
def test_the_country_is_understood_however_it_is_written(service: Service, country: str) -> None:
    found = service.matcher.answer(Query("Seoul", ("place",), conditions=(("country", (country,)),)))
    assert (found[0].thing.id, found[0].match, found[0].score) == ("place/seoul", True, 100)


def test_a_name_of_two_kinds_is_never_matched_without_a_type(service: Service) -> None:
    kinds: dict[str, set[str]] = {}
    for thing in service._things.by_id.values():
        for name in thing.names:
            kinds.setdefault(fold(name.text), set()).add(thing.id)
    shared = [text for text, ids in kinds.items() if len(ids) > 1]
    assert len(shared) > 20
    for text in shared:
        assert decided(service, Query(text))[0] == "", text


def _rows() -> Iterator[dict[str, str]]:
    if not DEV.is_file():
        pytest.skip("the labelled names are not beside the checkout")
    with DEV.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_labelled_names_of_others(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """Names whose item is not in the graph must not be matched with a thing that is another item.

    Left out: ambiguous names, and matches with things whose item nobody has stated yet, which cannot be judged.
    """
    by_qid: dict[str, str] = {}
    for thing in service._things.by_id.values():
        for qid in thing.facts.get("wikidata", ()):
            by_qid[qid] = thing.id
    known, others = Figures(), Figures()
    for row in _rows():
        if row["expected_qid"] == "AMBIGUOUS":
            continue
        accepted = {row["expected_qid"], *row["accept_also"].split("|")}
        expected = {by_qid[qid] for qid in accepted if qid in by_qid}
        condition = (("country", (row["country_hint"],)),) if row["country_hint"] else ()
        types = ("organization",) if row["entity_type"] in ("org", "metro-region") else ("place",)
        matched, first = decided(service, Query(row["name"], types, conditions=condition))
        linked = matched in by_qid.values() or row["expected_qid"] == "NIL"
        if expected or linked or not matched:
            (known if expected else others).add(row["name"], matched, first, expected)
    with capsys.disabled():
        print("\n" + known.report("labelled, in the graph"), others.report("labelled, not in the graph"), sep="\n")
    assert known.wrong == others.wrong == []
    assert known.counts["right"] >= 0.3 * known.counts["known"]
    assert known.counts["first"] >= 0.5 * known.counts["known"]


def test_a_batch_that_takes_too_long_is_stopped(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hansa.serve.reconcile.service.SECONDS", -1.0)
    with pytest.raises(HttpError, match="it took more than") as caught:
        service.reconcile({"q": Query("Seoul")}, ("en",))
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "5"})


def test_columns_that_take_too_long_or_have_no_end_are_stopped(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    things = list(service._things.by_id)
    few = service.extender.answer(things[:3] * 100, [Column("names")], ("en",))
    assert set(few["rows"]) == set(things[:3])
    with monkeypatch.context() as patch:
        patch.setattr("hansa.serve.reconcile.extend.MOST_VALUES", 20)
        with pytest.raises(ParameterError, match="more than 20 values"):
            service.extender.answer(things, [Column("names")], ("en",))
    monkeypatch.setattr("hansa.serve.reconcile.extend.SECONDS", -1.0)
    with pytest.raises(HttpError, match="it took more than"):
        service.extender.answer(things, [Column("names")], ("en",))


def test_a_column_of_misspelt_names_is_answered_whole(service: Service) -> None:
    names = [n.text for t in service._things.by_id.values() for n in t.names][:400]
    batch = {str(i): Query(f"{n[:-1]}x", ("place",)) for i, n in enumerate(names)}
    assert set(service.reconcile(batch, ("en",))) == set(batch)
