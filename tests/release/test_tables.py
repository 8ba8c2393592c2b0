"""The tables say what the graph says, open well in a spreadsheet, and do not run as formulas."""

import csv
import io
import json
import re
from collections.abc import Callable
from importlib import resources

import pytest

from hansa.config import Config
from hansa.model import Release
from hansa.rdf import Graphs
from hansa.release.tables import make_tables
from hansa.store import EmbeddedStore

NAMES = "authorities counts events memberships networks organizations people places programmes roles sources"
TABLES = NAMES.split()


def read(release: Release, name: str) -> dict[str, dict[str, str]]:
    """Read a table by the slug of its first column."""
    text = (release.directory / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    return {next(iter(row.values())).rpartition("/")[2]: row for row in rows}


def test_there_is_a_table_for_each_query(release: Release) -> None:
    files = sorted(path.stem for path in (release.directory / "tables").glob("*.csv"))
    assert files == TABLES
    for name in TABLES:
        assert release.counts[name] == len(read(release, name))


def test_networks_have_their_names_in_each_language_and_all_their_dates(release: Release) -> None:
    row = read(release, "networks")["salt"]
    assert (row["network_en"], row["network_ja"], row["network_es"]) == ("League of Salt", "塩の同盟", "Liga de la Sal")
    assert row["founded"] == "1259 | 1260-03", "two sources, two dates: both stay"
    assert row["status_en"] == "active"
    assert row["network_source"] == "Almanac of Leagues"
    assert row["network_line"] == "almanac:9 | almanac:17 | almanac:101", "lines in the order of numbers"


def test_memberships_say_who_where_since_when_and_who_says_so(release: Release) -> None:
    row = read(release, "memberships")["salt-ulmen"]
    assert row["organization_en"] == "League of Salt"
    assert row["member_en"] == "Council of Ulmen"
    assert row["role_ja"] == "加盟都市"
    assert (row["start"], row["end"], row["as_of"]) == ("1259", "", "2019-11?")
    assert row["membership_source"] == "Almanac of Leagues | Chronicle of Ulmen"
    assert row["membership_line"] == "almanac:3 | chronicle:12"
    assert row["membership_certainty"] == "inferred | stated"


def test_a_name_without_a_language_stands_in_every_language(release: Release) -> None:
    row = read(release, "people")["ada"]
    assert row["person_en"] == row["person_ja"] == row["person_es"] == "Ada Köln"


def test_roles_name_holders_by_name_and_by_office_and_posts_without_holder(release: Release) -> None:
    rows = [row for row in csv_rows(release, "roles") if "salt" in row["post"]]
    holders = {(row["post_en"], row["holder_en"], row["ex_officio_of_en"], row["start"], row["end"]) for row in rows}
    assert holders == {
        ("Chair of the League", "Ada Köln", "", "2019", ""),
        ("Chair of the League", "", "Mayor of Ulmen", "", "2018-12-31"),
        ("Clerk of the League", "", "", "", ""),
    }


def csv_rows(release: Release, name: str) -> list[dict[str, str]]:
    text = (release.directory / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_places_have_coordinates_identifiers_and_wikidata_items(release: Release) -> None:
    row = read(release, "places")["ulmen"]
    assert float(row["latitude"]) == -53.5
    assert float(row["longitude"]) == -10
    assert (row["iso_3166_2"], row["geonames"], row["place_wikidata"]) == ("XX-ULM", "0042", "Q42")
    assert row["governed_by_en"] == "Council of Ulmen"


def test_counts_keep_number_and_precision_together(release: Release) -> None:
    row = read(release, "counts")["salt-members"]
    assert (row["number"], row["precision_en"], row["counted_en"]) == ("50", "more than", "members")


def test_texts_do_not_run_as_formulas_and_numbers_stay_numbers(release: Release) -> None:
    assert read(release, "networks")["salt"]["other_names"] == "'=SUM(1;2) | Salt"
    assert read(release, "programmes")["barrels"]["programme_en"] == "'+Barrels"
    assert read(release, "places")["ulmen"]["latitude"].startswith("-53.5")


@pytest.mark.parametrize("name", TABLES)
def test_files_are_what_spreadsheets_expect(release: Release, name: str) -> None:
    data = (release.directory / "tables" / f"{name}.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    rows = csv_rows(release, name)
    key = next(iter(rows[0])) if rows else ""
    assert [row[key] for row in rows] == sorted({row[key] for row in rows})


def test_every_table_and_column_is_described(release: Release) -> None:
    metadata = json.loads((release.directory / "tables" / "csv-metadata.json").read_bytes())
    described = {t["url"]: [c["name"] for c in t["tableSchema"]["columns"]] for t in metadata["tables"]}
    headings = {f"{name}.csv": heading(release, name) for name in TABLES}
    assert described == headings


def heading(release: Release, name: str) -> list[str]:
    text = (release.directory / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig")
    return next(csv.reader([text.splitlines()[0]]))


def test_tables_do_not_depend_on_the_order_of_loading(small: Config, graphs: Graphs, release: Release) -> None:
    turned = EmbeddedStore.memory(q for quads in reversed(graphs.values()) for q in reversed(quads))
    for table in make_tables(turned, small):
        assert table.data == (release.directory / "tables" / f"{table.name}.csv").read_bytes()


def test_queries_spell_no_base_iri() -> None:
    for folder in ("tables", "facets"):
        for file in (resources.files("hansa.release") / folder).iterdir():
            assert not re.search(r"https?://|^\s*PREFIX", file.read_text(encoding="utf-8"), re.MULTILINE)


def test_other_languages_give_other_columns(make_config: Callable[..., Config], graphs: Graphs) -> None:
    store = EmbeddedStore.memory(q for quads in graphs.values() for q in quads)
    tables = {t.name: t for t in make_tables(store, make_config(languages=("ja",)))}
    assert [c.name for c in tables["networks"].columns][:2] == ["network", "network_ja"]
