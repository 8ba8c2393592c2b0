"""Dates: bounds that contain every day the expression can mean, and intervals for memberships."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hansa.build.dates import Bounds, DateDeriver, bounds
from hansa.config import Config
from hansa.errors import SkipItemError
from hansa.rdf import Literal, NamedNode, Quad
from hansa.vocab import EDTF, ORG, RDF


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1987", "1987-01-01", "1987-12-31"),
        ("2013-11", "2013-11-01", "2013-11-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2018-01-24", "2018-01-24", "2018-01-24"),
        ("2023-11-22?", "2023-11-22", "2023-11-22"),
        ("../2013-11?", None, "2013-11-30"),
        ("2013-11-05/..", "2013-11-05", None),
        ("2013-11-03/2013-11-06", "2013-11-03", "2013-11-06"),
        ("201X", "2010-01-01", "2019-12-31"),
    ],
)
def test_bounds(text: str, earliest: str | None, latest: str | None) -> None:
    assert bounds(text) == Bounds(earliest, latest)


@pytest.mark.parametrize("text", ["", "yesterday", "2013-13", "2013-02-30", "13.11.2013", "2013/11", "present"])
def test_what_is_not_edtf_is_skipped(text: str) -> None:
    with pytest.raises(SkipItemError, match="EDTF"):
        bounds(text)


@given(st.dates(min_value=date(1, 1, 1)), st.sampled_from([4, 7, 10]))
def test_a_day_lies_within_the_bounds_of_its_year_month_and_itself(day: date, length: int) -> None:
    iso = f"{day.year:04d}{day.isoformat()[4:]}"
    found = bounds(iso[:length])
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= iso <= found.latest


def _edtf(text: str) -> Literal:
    return Literal(text, datatype=EDTF.EDTF)


def test_membership_gets_bounds_and_interval(config: Config) -> None:
    v = config.vocab
    graph, target = v.graph("x"), v.graph("derived", "x")
    membership = v.thing("membership", "u20-tokyo-member-city")
    quads = [
        Quad(membership, RDF.type, ORG.Membership, graph),
        Quad(membership, v.hansa.start, _edtf("2018-01"), graph),
    ]
    derived = DateDeriver(v, target).derive(quads)
    values = {(q.predicate.value.rsplit("#")[-1], getattr(q.object, "value", "")) for q in derived}
    assert {("startEarliest", "2018-01-01"), ("startLatest", "2018-01-31")} <= values
    assert ("memberDuring", v.thing("interval", "u20-tokyo-member-city").value) in values
    assert ("inXSDgYearMonth", "2018-01") in values
    assert {q.graph_name for q in derived} == {target}


def test_a_date_bounds_start_and_end_alike(config: Config) -> None:
    v = config.vocab
    quad = Quad(v.thing("event", "e"), v.hansa.date, _edtf("1987"), v.graph("x"))
    names = {q.predicate.value.rsplit("#")[-1] for q in DateDeriver(v, v.graph("derived", "x")).derive([quad])}
    assert names == {"startEarliest", "startLatest", "endEarliest", "endLatest"}


def test_a_plain_string_is_not_a_date(config: Config) -> None:
    v = config.vocab
    quad = Quad(NamedNode("http://e/x"), v.hansa.start, Literal("1987"), v.graph("x"))
    assert DateDeriver(v, v.graph("derived", "x")).derive([quad]) == []
