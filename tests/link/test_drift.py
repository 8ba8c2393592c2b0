"""Drift between our graph and Wikidata: a hand-made expected result, and the forms it is shown in."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from hansa.cli import cli
from hansa.config import Config
from hansa.link import report
from hansa.link.claims import Ours
from hansa.link.distance import haversine, point
from hansa.link.drift import Comparison, Drift, Row
from hansa.link.families import misfit
from hansa.link.slice import WD, Slice, read_slice
from hansa.link.times import agree
from hansa.rdf import FORMATS, parse_bytes


def compare(ours: Ours, there: Slice, distance: float = 10.0) -> list[Row]:
    kinds = {entity: ours.kind(entity) for entity in ours.links}
    return Comparison(there, ours.links, ours.networks(), kinds, distance).rows(ours.claims())


def test_the_rows_are_those_made_by_hand(ours: Ours, theirs: Slice, config: Config, data: Path) -> None:
    found = ["\t".join(report.cells(row, config.vocab)) for row in compare(ours, theirs)]
    assert found == (data / "drift.tsv").read_text(encoding="utf-8").splitlines()


def test_every_kind_of_drift_is_shown_but_an_absent_item_counts_as_deleted_only_in_a_complete_slice(
    ours: Ours, theirs: Slice, data: Path
) -> None:
    complete = {row.kind for row in compare(ours, theirs)}
    assert complete == set(Drift) - {Drift.ABSENT}
    partial = {row.kind for row in compare(ours, read_slice(data / "theirs.ttl"))}
    assert partial == set(Drift) - {Drift.DELETED}


def test_no_drift_where_both_sides_say_the_same(ours: Ours, theirs: Slice) -> None:
    same = {("place:seoul", "P625"), ("place:seoul", "P300"), ("place:tokyo", "P17"), ("network:alpha", "label")}
    found = {(f"{r.entity.split('/')[-2]}:{r.entity.split('/')[-1]}", r.prop) for r in compare(ours, theirs)}
    assert not same & found


def test_the_distance_is_the_users(ours: Ours, theirs: Slice) -> None:
    strict = [row for row in compare(ours, theirs, distance=0.1) if row.prop == "P625" and row.item == "Q8684"]
    assert [row.kind for row in strict] == [Drift.DIFFERENT]


@pytest.mark.parametrize(
    ("ours", "theirs", "precision", "same"),
    [
        ("1987", "1987-01-01T00:00:00Z", 0, True),
        ("1987-11", "1987-01-01T00:00:00Z", 9, True),
        ("1987-11", "1987-01-01T00:00:00Z", 10, False),
        ("2018-01-24", "2018-01-25T00:00:00Z", 11, False),
        ("2018", "2018-01-25T00:00:00Z", 11, True),
        ("../2013-11?", "2013-11-05T00:00:00Z", 11, True),
        ("1987", "http://www.wikidata.org/.well-known/genid/abc", 0, False),
    ],
)
def test_dates_agree_when_they_can_be_the_same_day(ours: str, theirs: str, precision: int, same: bool) -> None:
    assert agree(ours, theirs, precision) is same


def test_distances_on_the_globe() -> None:
    tokyo, osaka = point("Point(139.6917 35.6895)"), point("POINT (135.5022 34.6937)")
    assert tokyo is not None
    assert osaka is not None
    assert haversine(tokyo, osaka) == pytest.approx(397, abs=2)
    assert haversine((0, 179.9), (0, -179.9)) == pytest.approx(22.2, abs=0.1)
    assert point("LINESTRING(0 0, 1 1)") is None


def test_an_item_is_of_the_wrong_type_only_when_all_that_is_known_is_wrong() -> None:
    assert misfit("network", ["Q515"]) == "Q515 (place)"
    assert misfit("network", ["Q515", "Q43229"]) == ""
    assert misfit("network", ["Q123456789"]) == ""
    assert misfit("person", ["Q4167410"]) == "Q4167410 (page of a wiki)"


def test_redirects_are_followed_to_the_end_and_never_in_a_circle() -> None:
    text = "\n".join(
        f"<{WD}Q{a}> <http://www.w3.org/2002/07/owl#sameAs> <{WD}Q{b}> ." for a, b in ((1, 2), (2, 3), (8, 9), (9, 8))
    )
    there = Slice((q.triple for q in parse_bytes(text.encode(), FORMATS["ntriples"])), complete=True)
    assert there.redirect("http://www.wikidata.org/entity/Q1").endswith("Q3")
    assert there.redirect("http://www.wikidata.org/entity/Q3") == ""
    assert there.redirect("http://www.wikidata.org/entity/Q8").endswith("Q9")


def test_the_page_escapes_everything_and_loads_nothing(config: Config) -> None:
    evil = "<script>alert(1)</script>"
    page = report.to_html([Row("https://example.org/x", "Q1", "label", Drift.LABEL, evil, evil)], config.vocab, evil)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 3
    assert "src=" not in page
    assert "default-src 'none'" in page


def test_json_and_turtle_hold_every_row(ours: Ours, theirs: Slice, config: Config) -> None:
    rows = compare(ours, theirs)
    loaded = json.loads(report.to_json(rows, config.vocab))
    assert len(loaded["rows"]) == len(rows)
    assert sum(loaded["counts"].values()) == len(rows)
    graph = list(parse_bytes(report.to_rdf(rows, config.vocab), FORMATS["turtle"]))
    annotations = [q for q in graph if q.object.value.endswith("QualityAnnotation")]  # type: ignore[union-attr]
    assert len(annotations) == len(rows)


def test_the_command_wants_to_know_what_to_compare_with() -> None:
    result = CliRunner().invoke(cli, ["wikidata", "drift"])
    assert result.exit_code == 2
    assert "--slice FILE" in result.output


def test_the_real_slice(root: Path, shipped_dist: Path, tmp_path: Path) -> None:
    real = root.parent / "shared" / "data" / "wikidata_slice.ttl"
    if not real.is_file():
        pytest.skip("needs ../shared/data/wikidata_slice.ttl")
    out = tmp_path / "drift.json"
    arguments = [
        "--project",
        str(root),
        "wikidata",
        "drift",
        "--slice",
        str(real),
        "--release",
        str(shipped_dist),
        "--format",
        "json",
        "--out",
        str(out),
    ]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1, result.output
    rows = json.loads(out.read_text(encoding="utf-8"))["rows"]
    assert not [row for row in rows if row["kind"] in {"wrong type", "redirected", "merged", "deleted"}]
    assert any(row["entity"] == "place:japan" and row["kind"] == "missing there" for row in rows)
