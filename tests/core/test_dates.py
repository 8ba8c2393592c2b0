"""EDTF dates: bounds that contain every day the expression can mean."""

from datetime import date

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from hansa.dates import Bounds, bounds
from hansa.errors import SkipItemError


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
        ("/2004", None, "2004-12-31"),
        ("2004/", "2004-01-01", None),
        ("201X", "2010-01-01", "2019-12-31"),
    ],
)
def test_bounds(text: str, earliest: str | None, latest: str | None) -> None:
    assert bounds(text) == Bounds(earliest, latest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2013-13",
        "2013-02-30",
        "13.11.2013",
        "2013/11",
        "present",
        "2013-02-29",
        "../..",
        "2004/2003",
        "-0005",
        "Y12000",
        " 2013",
    ],
)
def test_what_is_not_edtf_is_skipped(text: str) -> None:
    with pytest.raises(SkipItemError, match=r"EDTF|open|before it begins"):
        bounds(text)


@given(st.dates(min_value=date(1, 1, 1)), st.sampled_from([4, 7, 10]))
def test_a_day_lies_within_the_bounds_of_its_year_month_and_itself(day: date, length: int) -> None:
    iso = f"{day.year:04d}{day.isoformat()[4:]}"
    found = bounds(iso[:length])
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= iso <= found.latest


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from([4, 7, 10]), st.sampled_from(["", "?", "~", "%"]))
def test_plain_dates_are_read_as_the_library_reads_them(day: date, length: int, doubt: str) -> None:
    parsed = parse_edtf(day.isoformat()[:length] + doubt)
    expected = [
        f"{m.tm_year:04d}-{m.tm_mon:02d}-{m.tm_mday:02d}" for m in (parsed.lower_strict(), parsed.upper_strict())
    ]
    found = bounds(day.isoformat()[:length] + doubt)
    assert [found.earliest, found.latest] == expected
