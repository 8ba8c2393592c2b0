"""Giving back to Wikidata: the commands, what is refused and why, and the syntax."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from hansa.errors import SkipItemError
from hansa.link.claims import Citation, Claim, Ours
from hansa.link.quickstatements import plan, render
from hansa.link.slice import WD, Slice
from hansa.link.times import quickstatements_time
from hansa.rdf import Literal, NamedNode

ITEM = r"Q[1-9][0-9]*"
MONTH, DAY, MIDNIGHT = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])", "T00:00:00Z"
TIME = rf"\+[0-9]{{4}}-(?:00-00{MIDNIGHT}/9|{MONTH}-00{MIDNIGHT}/10|{MONTH}-{DAY}{MIDNIGHT}/11)"
STRING = r'"[^"\t\n|]+"'
TEXT = rf"[a-z]{{2,3}}(?:-[a-z]+)*:{STRING}"
GRAMMAR = {
    "P463": ITEM, "P488": ITEM, "P3975": ITEM, "P159": ITEM, "P571": TIME, "P2124": r"[0-9]+",
    "P580": TIME, "P582": TIME, "P585": TIME, "P2868": ITEM,
    "S854": r'"https?://[^"\s|]+"', "S1476": TEXT, "S123": ITEM, "S958": STRING,
}  # fmt: skip
MAIN, QUALIFIERS = {"P463", "P488", "P3975", "P159", "P571", "P2124"}, {"P580", "P582", "P585", "P2868"}


def check_syntax(line: str) -> None:
    """Check a line against the grammar of Help:QuickStatements, narrowed to the properties that we write."""
    fields = line.split("\t")
    assert re.fullmatch(ITEM, fields[0]), line
    pairs = list(zip(fields[1::2], fields[2::2], strict=True))
    names = [name for name, _ in pairs]
    assert names[0] in MAIN
    references = [name for name in names if name.startswith("S")]
    assert names[1:] == [n for n in names[1:] if n in QUALIFIERS] + references, "qualifiers come before references"
    assert {"S854", "S123"} & set(references), "a reference leads somewhere"
    assert len(set(names)) == len(names)
    for name, value in pairs:
        assert re.fullmatch(GRAMMAR[name], value), f"{name} {value}"


def test_the_commands_are_the_golden_ones(ours: Ours, theirs: Slice, data: Path) -> None:
    lines, _ = plan(ours.claims(), theirs, ours.citations())
    assert render(lines) == (data / "batch.tsv").read_text(encoding="utf-8")


def test_the_syntax_is_that_of_the_help_page(ours: Ours, theirs: Slice) -> None:
    lines, _ = plan(ours.claims(), theirs, ours.citations(), include_inferred=True)
    assert lines
    for line in lines:
        check_syntax(line.text)


def test_another_program_writes_the_same_lines(ours: Ours, theirs: Slice) -> None:
    client = pytest.importorskip("quickstatements_client", reason="needs the package quickstatements-client")
    for line in plan(ours.claims(), theirs, ours.citations())[0]:
        subject, prop, value, *rest = line.text.split("\t")
        pairs = [_qualifier(client, *pair) for pair in zip(rest[::2], rest[1::2], strict=True)]
        if value.startswith("Q"):
            written = client.EntityLine(subject=subject, predicate=prop, target=value, qualifiers=pairs)
            assert written.get_line(sep="\t") == line.text


def _qualifier(client: object, name: str, value: str) -> object:
    if re.fullmatch(ITEM, value):
        return client.EntityQualifier(predicate=name, target=value)  # type: ignore[attr-defined]
    if value.startswith('"'):
        return client.TextQualifier(predicate=name, target=value.strip('"'))  # type: ignore[attr-defined]
    return client.DateQualifier(predicate=name, target=value)  # type: ignore[attr-defined]


REASONS = {
    ("beta", "P2124"): "“over 50” has no equivalent",
    ("beta", "P571"): "our sources contradict each other",
    ("doubled", "P571"): "Q900005 is now Q900001: review the link first",
    ("lyon", "Q900002"): "Wikidata has it as a deprecated statement: talk to its editors",
    ("seoul", "Q900006"): "the organization is suspended, which the format cannot say",
    ("seoul", "Q900002"): "Wikidata has it",
    ("tokyo", "Q900002"): "the role chair-city has no reviewed item for P2868",
    ("tokyo", "Q900004"): "Q900004 is now Q900044: review the link first",
    ("tokyo", "unlinked"): "no reviewed link of the value",
    ("publisher", "Q900001"): "'A page | with a bar' holds |, which the format cannot carry",
    ("beta", "P488"): "inferred, not stated by the source",
}


def test_every_refusal_says_why(ours: Ours, theirs: Slice) -> None:
    _, refusals = plan(ours.claims(), theirs, ours.citations())
    found = {}
    for refusal in refusals:
        claim = refusal.claim
        value = claim.value.value.rpartition("/")[2] if claim.prop == "P463" else claim.prop
        found[claim.entity.rpartition("/")[2], value] = refusal.reason
    assert REASONS.items() <= found.items()
    assert found.keys() - REASONS.keys() == {("tokyo", "Q900001")}


def test_inferred_statements_only_on_request(ours: Ours, theirs: Slice) -> None:
    plain, _ = plan(ours.claims(), theirs, ours.citations())
    more, _ = plan(ours.claims(), theirs, ours.citations(), include_inferred=True)
    assert {line.text for line in more} - {line.text for line in plain} == {
        'Q900002\tP488\tQ900008\tS1476\ten:"Who belongs to Alpha"\tS123\tQ900007\tS958\t"line 22"'
    }


@pytest.mark.parametrize(
    ("edtf", "written"),
    [
        ("1987", "+1987-00-00T00:00:00Z/9"),
        ("2013-11", "+2013-11-00T00:00:00Z/10"),
        ("2018-01-24", "+2018-01-24T00:00:00Z/11"),
    ],
)
def test_the_precision_is_always_written(edtf: str, written: str) -> None:
    assert quickstatements_time(edtf) == written


@pytest.mark.parametrize(
    "edtf", ["2013-11?", "1987~", "../2013-11", "2013-11-05/..", "198X", "2013-21", "2013-02-29", ""]
)
def test_a_date_that_the_format_cannot_carry_is_refused(edtf: str) -> None:
    with pytest.raises(SkipItemError, match=r"uncertain|precision"):
        quickstatements_time(edtf)


CLAIM = Claim("x", (f"{WD}Q8684",), "P463", NamedNode(f"{WD}Q900001"), role="member-city", source="source", node="node")


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("two\tcolumns", "TAB"),
        ("two\nlines", "line break"),
        ('a "quoted" title', "quotation mark"),
        ("a\x07bell", "control character"),
        ("a\u2028line", "control character"),
        ("   ", "empty"),
    ],
)
def test_a_title_that_would_break_the_line_is_refused(theirs: Slice, title: str, reason: str) -> None:
    lines, refusals = plan(
        [CLAIM], theirs, {"source": Citation(Literal(title, language="en"), publisher_item=f"{WD}Q1")}
    )
    assert not lines
    assert reason in refusals[0].reason


def test_a_reference_must_lead_somewhere(theirs: Slice) -> None:
    title = Literal("多都市間都市外交", language="ja")
    assert "neither an address nor a publisher" in plan([CLAIM], theirs, {"source": Citation(title)})[1][0].reason
    assert "neither" in plan([CLAIM], theirs, {})[1][0].reason
    untagged = Citation(Literal("Title"), page="https://example.org/")
    assert "no language" in plan([CLAIM], theirs, {"source": untagged})[1][0].reason
    found = plan([CLAIM], theirs, {"source": Citation(title, page="https://example.org/")})[0]
    assert found[0].text.endswith('S854\t"https://example.org/"\tS1476\tja:"多都市間都市外交"')


def test_a_dissolved_network_needs_an_end(theirs: Slice) -> None:
    citations = {"source": Citation(Literal("T", language="en"), page="https://example.org/")}
    dissolved = replace(CLAIM, status="dissolved")
    assert "no end is known" in plan([dissolved], theirs, citations)[1][0].reason
    assert plan([replace(dissolved, end="2010")], theirs, citations)[0]


def test_equal_commands_are_given_once(theirs: Slice) -> None:
    citations = {"source": Citation(Literal("T", language="en"), page="https://example.org/")}
    assert len(plan([CLAIM, replace(CLAIM, role="member")], theirs, citations)[0]) == 1
