"""The table of links is valid SSSOM for the format's own library, offline."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.usefixtures("socket_disabled")]
LINKS = Path("instances/links/wikidata.sssom.tsv")


@pytest.fixture(scope="module")
def mappings(root: Path) -> Any:
    from sssom.parsers import parse_sssom_table

    return parse_sssom_table(str(root / LINKS))


def test_the_table_is_valid(mappings: Any) -> None:
    from sssom.validators import validate

    reports = validate(mappings, fail_on_error=False)
    assert reports
    assert {str(kind): report.results for kind, report in reports.items() if report.results} == {}


def test_a_tool_without_our_column_reads_undecided_rows_rightly(mappings: Any) -> None:
    rows = mappings.df[mappings.df.subject_id == "network:uclg"]
    assert list(rows.object_id) == ["wd:Q2974854"]
    assert list(rows.reviewer_agreement) == [0.0]


def test_every_row_is_curated_by_hand_and_dated(mappings: Any) -> None:
    assert set(mappings.df.mapping_justification) == {"semapv:ManualMappingCuration"}
    assert set(mappings.df.mapping_date.astype(str)) == {"2026-11-21"}
    assert mappings.metadata["license"] == "https://creativecommons.org/licenses/by/4.0/"
