"""Reviewed links: the shipped table, what becomes a triple, and what a bad row is told."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hansa.config import Config
from hansa.errors import HansaError, NotFoundError
from hansa.link.decisions import Choice, Decision, dangling, independent, link_quads, read_decisions
from hansa.link.sheet import COLUMNS
from hansa.model import Finding, Severity

LINKS = Path("instances/links/wikidata.sssom.tsv")
GOOD = {
    "subject_id": "place:tokyo",
    "predicate_id": "owl:sameAs",
    "predicate_modifier": "",
    "object_id": "wd:Q1490",
    "mapping_justification": "semapv:ManualMappingCuration",
    "author_label": "Hansa contributors",
    "reviewer_agreement": "1.0",
    "mapping_date": "2026-11-21",
    "confidence": "0.99",
    "comment": "Natural Earth; Wikidata.",
    "decision": "exact",
}
UNDECIDED = {"decision": "undecided", "reviewer_agreement": "0.0"}
REJECTED = {"decision": "rejected", "predicate_modifier": "Not"}
NONE = {"decision": "none", "object_id": "sssom:NoTermFound"}
RELATED = {"decision": "related", "predicate_id": "skos:relatedMatch"}


def text_of(*changes: dict[str, str]) -> str:
    rows = [{**GOOD, **change} for change in changes]
    return "\n".join(["\t".join(COLUMNS), *("\t".join(row[column] for column in COLUMNS) for row in rows), ""])


def read(tmp_path: Path, config: Config, text: str | bytes) -> tuple[list[Decision], list[Finding]]:
    path = tmp_path / "links.sssom.tsv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_decisions(path, "links.sssom.tsv", config.vocab)


@pytest.fixture(scope="session")
def shipped(root: Path, config: Config) -> list[Decision]:
    decisions, findings = read_decisions(root / LINKS, str(LINKS), config.vocab)
    assert findings == []
    return decisions


def answer(decisions: list[Decision], config: Config, subject: str) -> dict[Choice, set[str]]:
    found: dict[Choice, set[str]] = {}
    for decision in decisions:
        if config.vocab.shorten(decision.subject) == subject:
            found.setdefault(decision.decision, set()).add(decision.object.rpartition("/")[2])
    return found


# ------------------------------------------------------------------ the shipped table


def test_shipped_table_has_every_kind_of_decision(shipped: list[Decision]) -> None:
    count = Counter(decision.decision for decision in shipped)
    assert set(count) == set(Choice)
    assert all(decision.comment and decision.date == "2026-11-21" for decision in shipped)


@pytest.mark.parametrize(
    ("subject", "choice", "items"),
    [
        ("place:tokyo", Choice.EXACT, {"Q1490"}),
        ("place:tokyo", Choice.REJECTED, {"Q7473516"}),
        ("place:seoul", Choice.EXACT, {"Q8684"}),
        ("place:delhi", Choice.REJECTED, {"Q987"}),
        ("place:manila", Choice.REJECTED, {"Q13580"}),
        ("authority:amb", Choice.EXACT, {"Q4859869"}),
        ("authority:amb", Choice.REJECTED, {"Q249489"}),
        ("authority:greater-lyon", Choice.EXACT, {"Q16665897"}),
        ("authority:greater-lyon", Choice.REJECTED, {"Q2874"}),
        ("authority:helsinki", Choice.EXACT, {"Q20251620"}),
        ("authority:amsterdam", Choice.EXACT, {"Q9899"}),
        ("authority:tokyo", Choice.UNDECIDED, {"Q1074185"}),
        ("network:uclg", Choice.UNDECIDED, {"Q2974854"}),
        ("network:metropolis", Choice.NONE, {""}),
        ("organization:microsoft-citynext", Choice.RELATED, {"Q2283"}),
    ],
)
def test_shipped_decision(
    shipped: list[Decision], config: Config, subject: str, choice: Choice, items: set[str]
) -> None:
    assert answer(shipped, config, subject)[choice] == items


def test_the_company_is_never_its_initiative(shipped: list[Decision], config: Config) -> None:
    assert set(answer(shipped, config, "organization:microsoft-citynext")) == {Choice.RELATED}


@pytest.mark.conformance
def test_only_verified_items_are_linked(root: Path, shipped: list[Decision]) -> None:
    table = root.parent / "shared" / "data" / "qids.csv"
    if not table.exists():
        pytest.skip("the list of checked Wikidata items is not beside the checkout")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    verified = {row["qid"] for row in rows if row["confidence"] == "verified"}
    likely = {row["qid"] for row in rows if row["confidence"] == "likely"}
    by_choice: dict[Choice, set[str]] = {}
    for decision in shipped:
        by_choice.setdefault(decision.decision, set()).add(decision.object.rpartition("/")[2])
    linked = by_choice[Choice.EXACT] | by_choice[Choice.RELATED]
    # The list calls these three verified on the strength of one source; a link needs two.
    single = {"Q487883", "Q1142901", "Q249489"}
    assert linked == verified - single
    assert by_choice[Choice.UNDECIDED] == likely | single


def test_every_exact_link_rests_on_two_independent_sources(shipped: list[Decision]) -> None:
    exact = [decision for decision in shipped if decision.decision is Choice.EXACT]
    assert len(exact) > 50
    assert [decision.subject for decision in exact if len(independent(decision.sources)) < 2] == []


def test_copies_of_one_source_count_once() -> None:
    assert len(independent(["Wikidata label (a)", "Wikidata statements (b)"])) == 1
    assert len(independent(["Natural Earth 10m v4", "Natural Earth 50m v5", "Wikidata label (a)"])) == 2


# ------------------------------------------------------------------ triples


def test_only_accepted_rows_become_triples(tmp_path: Path, config: Config) -> None:
    text = text_of(
        {},
        {"subject_id": "authority:tokyo", **REJECTED},
        {"subject_id": "authority:seoul", "object_id": "wd:Q623789", **UNDECIDED},
        {"subject_id": "network:citynet", **NONE},
        {"subject_id": "organization:microsoft-citynext", "object_id": "wd:Q2283", **RELATED},
    )
    decisions, findings = read(tmp_path, config, text)
    assert findings == []
    assert [
        (str(q.subject), str(q.predicate), str(q.object), str(q.graph_name))
        for q in link_quads(decisions, config.vocab)
    ] == [
        (
            f"<{config.base}id/place/tokyo>",
            "<http://www.w3.org/2002/07/owl#sameAs>",
            "<http://www.wikidata.org/entity/Q1490>",
            f"<{config.base}graph/links>",
        ),
        (
            f"<{config.base}id/organization/microsoft-citynext>",
            "<http://www.w3.org/2004/02/skos/core#relatedMatch>",
            "<http://www.wikidata.org/entity/Q2283>",
            f"<{config.base}graph/links>",
        ),
    ]


def test_dangling_subject_is_found_in_its_line(tmp_path: Path, config: Config) -> None:
    decisions, _ = read(tmp_path, config, text_of({}, {"subject_id": "place:tokio", "object_id": "wd:Q64"}))
    (finding,) = dangling(decisions, {f"{config.base}id/place/tokyo"})
    assert (finding.position.line, finding.code) == (3, "link/unknown-subject")
    assert "place:tokio" in finding.message
    assert "did you mean place:tokyo?" in finding.hint


# ------------------------------------------------------------------ bad rows


@pytest.mark.parametrize(
    ("change", "code", "column", "words"),
    [
        ({"subject_id": "plaice:tokyo"}, "prefix", "subject_id", "has no prefix that the project knows"),
        ({"subject_id": "wd:Q1"}, "subject", "subject_id", "not a thing of this graph"),
        ({"object_id": "https://www.wikidata.org/wiki/Q1490"}, "wikidata-iri", "object_id", "write wd:Q1490"),
        ({"object_id": "http://www.wikidata.org/wiki/Q1490"}, "wikidata-iri", "object_id", "write wd:Q1490"),
        ({"object_id": "https://www.wikidata.org/entity/Q1490"}, "wikidata-iri", "object_id", "write wd:Q1490"),
        ({"object_id": "wd:Q01490"}, "wikidata-iri", "object_id", "not the IRI of a Wikidata item"),
        ({"object_id": "wd:P31"}, "wikidata-iri", "object_id", "wd:Q…"),
        ({"object_id": "Q1490"}, "prefix", "object_id", "write wd:Q1490"),
        ({"decision": "maybe"}, "decision", "decision", "exact, related, none, undecided, rejected"),
        ({"confidence": "high"}, "number", "confidence", "between 0 and 1"),
        ({"confidence": "1.5"}, "number", "confidence", "between 0 and 1"),
        ({"confidence": "nan"}, "number", "confidence", "between 0 and 1"),
        ({"mapping_date": "21.11.2026"}, "date", "mapping_date", "YYYY-MM-DD"),
        ({"mapping_date": "20261121"}, "date", "mapping_date", "YYYY-MM-DD"),
        ({"comment": " "}, "empty", "comment", "comment is empty"),
        ({"author_label": ""}, "empty", "author_label", "author_label is empty"),
        ({"predicate_id": "skos:exactMatch"}, "contradictory", "predicate_id", "sameAs"),
        ({"predicate_modifier": "Not"}, "contradictory", "predicate_modifier", "contradicts"),
        ({"decision": "rejected"}, "contradictory", "predicate_modifier", "the modifier Not"),
        ({"decision": "none"}, "contradictory", "object_id", "sssom:NoTermFound"),
        ({"object_id": "sssom:NoTermFound"}, "contradictory", "object_id", "a Wikidata item"),
        ({"decision": "undecided"}, "contradictory", "reviewer_agreement", "0.0"),
        ({"reviewer_agreement": "0.0"}, "contradictory", "reviewer_agreement", "1.0"),
    ],
)
def test_bad_row_is_told_where_and_what(
    tmp_path: Path, config: Config, change: dict[str, str], code: str, column: str, words: str
) -> None:
    text = "# a comment\n" + text_of({"subject_id": "place:seoul", "object_id": "wd:Q8684"}, change)
    decisions, (finding,) = read(tmp_path, config, text)
    start = text.split("\n")[3].split("\t")[: COLUMNS.index(column)]
    assert finding.position.file == "links.sssom.tsv"
    assert (finding.position.line, finding.position.column) == (4, len("\t".join([*start, ""])) + 1)
    assert (finding.code, finding.severity) == (f"link/{code}", Severity.ERROR)
    assert words in f"{finding.message} {finding.hint}"
    assert finding.hint
    assert [decision.line for decision in decisions] == [3]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (({}, {}), "duplicate"),
        (({}, {"decision": "rejected", "predicate_modifier": "Not"}), "duplicate"),
        (({}, {"object_id": "wd:Q7473516"}), "two-answers"),
        (({}, NONE), "two-answers"),
        (({}, {"subject_id": "authority:tokyo"}), "shared-item"),
    ],
)
def test_conflicting_rows(tmp_path: Path, config: Config, changes: tuple[dict[str, str], ...], code: str) -> None:
    _, findings = read(tmp_path, config, text_of(*changes))
    assert f"link/{code}" in {finding.code for finding in findings}
    assert all(finding.position.line == 3 and "line 2" in finding.message for finding in findings)


def test_rejected_and_undecided_candidates_stand_beside_a_match(tmp_path: Path, config: Config) -> None:
    text = text_of(
        {},
        {"object_id": "wd:Q7473516", **REJECTED},
        {"subject_id": "authority:tokyo", **REJECTED},
        {"subject_id": "authority:wroclaw", **UNDECIDED},
    )
    decisions, findings = read(tmp_path, config, text)
    assert (len(decisions), findings) == (4, [])


# ------------------------------------------------------------------ bad files


def test_missing_column(tmp_path: Path, config: Config) -> None:
    decisions, (finding,) = read(tmp_path, config, "# x\nsubject_id\tobject_id\nplace:tokyo\twd:Q1490\n")
    assert decisions == []
    assert (finding.code, finding.position.line) == ("link/column", 2)
    assert "predicate_id" in finding.message


@pytest.mark.parametrize("text", ["", "# only a header\n"])
def test_empty_table_lacks_its_columns(tmp_path: Path, config: Config, text: str) -> None:
    _, (finding,) = read(tmp_path, config, text)
    assert finding.code == "link/column"


def test_too_few_fields(tmp_path: Path, config: Config) -> None:
    decisions, (finding,) = read(tmp_path, config, text_of({}) + "place:seoul\twd:Q8684\n")
    assert len(decisions) == 1
    assert (finding.code, finding.position.line) == ("link/fields", 3)
    assert "2 fields" in finding.message


def test_open_quotation_mark(tmp_path: Path, config: Config) -> None:
    decisions, (finding,) = read(tmp_path, config, text_of({"subject_id": '"place:tokyo'}))
    assert (decisions, finding.code, finding.position.line) == ([], "link/syntax", 2)


def test_quoted_field_and_windows_line_ends(tmp_path: Path, config: Config) -> None:
    text = text_of({"comment": '"two ""good"" sources"'}).replace("\n", "\r\n")
    (decision,), findings = read(tmp_path, config, "\ufeff" + text)
    assert (decision.comment, findings) == ('two "good" sources', [])


def test_prefix_that_means_something_else(tmp_path: Path, config: Config) -> None:
    header = '#curie_map:\n#  wd: "https://www.wikidata.org/wiki/"\n#  other: "https://example.org/"\n'
    decisions, (finding,) = read(tmp_path, config, header + text_of({}))
    assert len(decisions) == 1
    assert (finding.code, finding.position.line, finding.position.column) == ("link/curie-map", 2, 8)
    assert "http://www.wikidata.org/entity/" in finding.hint


def test_no_such_file(tmp_path: Path, config: Config) -> None:
    with pytest.raises(NotFoundError, match=r"nowhere\.tsv does not exist"):
        read_decisions(tmp_path / "nowhere.tsv", "nowhere.tsv", config.vocab)


def test_not_utf8(tmp_path: Path, config: Config) -> None:
    with pytest.raises(HansaError, match="not UTF-8"):
        read(tmp_path, config, b"subject_id\xff\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(column=st.sampled_from(COLUMNS), value=st.text(st.characters(blacklist_categories=["Cs"])))
@example(column="subject_id", value="#place:tokyo")
def test_whatever_stands_in_a_field_is_a_row_or_a_finding(
    tmp_path: Path, config: Config, column: str, value: str
) -> None:
    decisions, findings = read(tmp_path, config, text_of({column: value}))
    assert decisions or findings
