import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hansa.link.gazetteer import Gazetteer
from hansa.link.match import propose
from hansa.link.proposal import Proposal, Query, Verdict

DEV = Path(__file__).parents[3] / "shared/data/reconcile_dev.csv"


def ask(gaz: Gazetteer, name: str, country: str = "", kind: str = "") -> tuple[str, str]:
    proposal = propose(Query(name, country, kind), gaz)
    assert proposal.reasons
    return proposal.verdict.value, proposal.qid


@pytest.mark.parametrize(
    "name", ["San José", "Victoria", "Birmingham", "Valencia", "Córdoba", "Hyderabad", "Cartagena"]
)
def test_ambiguous_names_go_to_review(gaz: Gazetteer, name: str) -> None:
    proposal = propose(Query(name), gaz)
    assert proposal.verdict is Verdict.REVIEW
    assert "ambiguous" in proposal.reasons[-1]
    assert len(proposal.candidates) > 1


@pytest.mark.parametrize(
    ("name", "country", "qid"),
    [
        ("Birmingham", "GB", "Q2256"),
        ("Birmingham", "US", "Q79867"),
        ("Córdoba", "Mexico", "Q989492"),
        ("Lima", "", "Q2868"),
    ],
)
def test_a_country_or_dominance_settles(gaz: Gazetteer, name: str, country: str, qid: str) -> None:
    assert ask(gaz, name, country) == ("match", qid)


@pytest.mark.parametrize(
    ("name", "country", "kind", "expected"),
    [
        ("Barcelona City Council", "ES", "", ("match", "Q3129773")),
        ("Barcelona", "ES", "", ("match", "Q1492")),
        ("Barcelona", "ES", "authority", ("review", "Q1492")),
        ("Surabaya Municipal Government", "ID", "", ("review", "Q11462")),
        ("Surabaya Municipal Government", "ID", "city", ("match", "Q11462")),
        ("Gemeente Amsterdam", "NL", "", ("match", "Q9899")),
        ("Gemeente Utrecht aan Zee", "NL", "", ("review", "")),
        ("Metropolis of Lyon", "FR", "", ("match", "Q16665897")),
        ("Greater Seoul", "KR", "", ("review", "Q8684")),
        ("Osh Province", "KG", "", ("review", "Q47282")),
        ("Shizuoka Prefecture", "JP", "", ("match", "Q131320")),
        ("Shizuoka", "JP", "city", ("match", "Q174691")),
        ("City of Helsinki", "FI", "", ("review", "Q1757")),
        ("City of Helsinki", "FI", "authority", ("match", "Q20251620")),
        ("City of Helsinki", "FI", "city", ("match", "Q1757")),
        ("東京都", "", "", ("match", "Q1490")),
    ],
)
def test_city_government_province_and_area_are_kept_apart(
    gaz: Gazetteer, name: str, country: str, kind: str, expected: tuple[str, str]
) -> None:
    assert ask(gaz, name, country, kind) == expected


@pytest.mark.parametrize(
    ("name", "country", "kind"),
    [
        ("Stephen Gallagher", "GB", "person"),
        ("Florence", "IT", "person"),
        ("Stephen Gallagher", "GB", ""),
        ("METREX", "", ""),
        ("Metropolis", "", "network"),
        ("Tokyo", "FR", ""),
        ("???", "", ""),
        ("", "", ""),
        ("Paris Hilton", "FR", ""),
        ("First Deputy Mayor of Wrocław", "PL", ""),
        ("研修プログラム", "", ""),
    ],
)
def test_what_has_no_item_is_nil(gaz: Gazetteer, name: str, country: str, kind: str) -> None:
    assert ask(gaz, name, country, kind) == ("nil", "")


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Wrclaw", "PL", ("match", "Q1799")),
        ("Mocsow", "RU", ("match", "Q649")),
        ("Mocsow", "", ("review", "Q649")),
        ("Istanboel", "TR", ("review", "Q406")),
    ],
)
def test_spelling_mistakes(gaz: Gazetteer, name: str, country: str, expected: tuple[str, str]) -> None:
    assert ask(gaz, name, country) == expected


@pytest.mark.parametrize(
    ("name", "country", "qid"),
    [
        ("Tokyo Metropolitan Government", "JP", "Q1074185"),
        ("Seoul Metropolitan Government", "KR", "Q623789"),
        ("Eusko Jaurlaritza", "ES", "Q2554299"),
    ],
)
def test_what_one_weak_source_says_is_never_a_match(gaz: Gazetteer, name: str, country: str, qid: str) -> None:
    assert ask(gaz, name, country) == ("review", qid)
    assert all(item.trust != "single" for item in gaz.items if item.qid == qid)


@pytest.mark.parametrize("name", ["ジブチ", "卢森堡", "الجزائر", "Тунис", "Mexico"])
def test_a_country_called_like_its_capital_is_a_question(gaz: Gazetteer, name: str) -> None:
    assert ask(gaz, name)[0] == "review"


@pytest.mark.parametrize(
    ("name", "country", "expected"),
    [
        ("Boston MA", "USA", ("match", "Q100")),
        ("Portland OR", "", ("match", "Q6106")),
        ("Abidjan", "Ivory Coast", ("match", "Q1515")),
        ("Izmir", "Turkey", ("match", "Q35997")),
        ("Nassau", "The Bahamas", ("match", "Q2467")),
        ("Greve in Chianti", "Italy", ("review", "")),
        ("Rio de Janeiro Marathon", "BR", ("nil", "")),
    ],
)
def test_names_as_rosters_write_them(gaz: Gazetteer, name: str, country: str, expected: tuple[str, str]) -> None:
    assert ask(gaz, name, country) == expected


def test_a_country_code_is_no_word(gaz: Gazetteer) -> None:
    assert ask(gaz, "Valletta", "MT") == ("match", "Q23800")
    assert propose(Query("São Tomé", "ST"), gaz).qid == "Q3932"


@pytest.mark.parametrize("name", ["Fukuoka District", "Los Angeles County", "İzmit Metropolitan Municipality"])
def test_a_district_is_neither_the_city_nor_the_region(gaz: Gazetteer, name: str) -> None:
    assert ask(gaz, name)[0] == "review"


def test_coordinates_settle_and_contradict(gaz: Gazetteer) -> None:
    assert propose(Query("Birmingham", latitude=52.48, longitude=-1.9), gaz).qid == "Q2256"
    far = propose(Query("Helsinki", latitude=0.0, longitude=0.0), gaz)
    assert far.verdict is Verdict.REVIEW
    assert "150 km" in far.reasons[-1]


@pytest.mark.parametrize(
    ("name", "qid"), [("Suzhou, Jiangsu", "Q42622"), ("Suzhou, Anhui", "Q360643"), ("Lyon, France", "Q456")]
)
def test_what_follows_the_comma_counts(gaz: Gazetteer, name: str, qid: str) -> None:
    assert ask(gaz, name) == ("match", qid)


def test_an_unknown_country_is_said_and_left_aside(gaz: Gazetteer) -> None:
    proposal = propose(Query("Helsinki", "Atlantis"), gaz)
    assert proposal.verdict is Verdict.MATCH
    assert "'Atlantis' is unknown" in proposal.reasons[0]


def test_sources_that_disagree_make_a_review(gaz: Gazetteer) -> None:
    proposal = propose(Query("Copiapó", "CL"), gaz)
    assert proposal.verdict is Verdict.REVIEW
    assert "disagree" in proposal.reasons[-1]


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_right_country_never_turns_a_match_into_another(gaz: Gazetteer, data: st.DataObject) -> None:
    items = [item for item in gaz.items[:7000] if item.kind == "city" and item.trust != "conflict"]
    item = data.draw(st.sampled_from(items))
    bare = propose(Query(item.name), gaz)
    if bare.verdict is Verdict.MATCH and bare.qid == item.qid:
        hinted = propose(Query(item.name, item.country), gaz)
        assert hinted.qid == item.qid
        assert hinted.verdict is Verdict.MATCH


@settings(max_examples=300, deadline=None)
@given(
    name=st.text(max_size=30),
    country=st.sampled_from(["", "JP", "US", "Nowhere"]),
    kind=st.sampled_from(["", "city", "org"]),
)
def test_every_answer_has_reasons_and_a_fitting_item(gaz: Gazetteer, name: str, country: str, kind: str) -> None:
    proposal = propose(Query(name, country, kind), gaz)
    assert all(proposal.reasons)
    assert proposal.reasons
    assert 0 <= proposal.score <= 1
    assert bool(proposal.qid) or proposal.verdict is not Verdict.MATCH
    assert not proposal.qid or proposal.verdict is not Verdict.NIL


def _answers(gaz: Gazetteer, kind: bool) -> Iterator[tuple[dict[str, str], Proposal]]:
    with DEV.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield row, propose(Query(row["name"], row["country_hint"], row["entity_type"] if kind else ""), gaz)


@pytest.mark.skipif(not DEV.exists(), reason="../shared/data/reconcile_dev.csv is absent")
@pytest.mark.parametrize("kind", [False, True], ids=["without-type", "with-type"])
def test_the_labelled_list(gaz: Gazetteer, kind: bool) -> None:
    counts: Counter[str] = Counter()
    for row, proposal in _answers(gaz, kind):
        expected = {row["expected_qid"], *row["accept_also"].split("|")}
        counts["items"] += row["expected_qid"].startswith("Q")
        if row["expected_qid"] == "AMBIGUOUS":
            assert proposal.verdict is Verdict.REVIEW, row
        counts[proposal.verdict] += 1
        if proposal.verdict is Verdict.MATCH:
            counts["right"] += row["expected_qid"].startswith("Q") and proposal.qid in expected
        if proposal.verdict is Verdict.NIL:
            counts["rightly nil"] += row["expected_qid"] == "NIL"
    assert counts["right"] / counts[Verdict.MATCH] >= 0.99
    assert counts["right"] / counts["items"] >= 0.90
    assert counts["rightly nil"] / counts[Verdict.NIL] >= 0.95
