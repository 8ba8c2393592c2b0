"""Pictures as a reader gets them: pages, files and tables that say the same, on any day and in any language."""

import csv
import io
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import httpx
import pytest

from hansa.serve.pages.reader import Reader
from hansa.serve.pictures import around, city_map, map_of, overlap, timeline_of
from hansa.serve.pictures.picture import NARROW, WIDE, Picture
from hansa.serve.pictures.standalone import style
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import Served, serve
from tests.serve.test_pages import Reading

SVG = "{http://www.w3.org/2000/svg}"
ADDRESSES = [
    "/pictures/map",
    "/pictures/overlap",
    "/pictures/map/network/citynet",
    "/pictures/map/authority/seoul",
    "/pictures/map/place/seoul",
    "/pictures/timeline/network/citynet",
    "/pictures/timeline/authority/seoul",
    "/pictures/timeline/person/park-won-soon",
    "/pictures/around/network/metrex",
    "/pictures/around/person/park-won-soon",
]
DAY = "2013-11-20"


@pytest.fixture(scope="module")
def shown(shipped_dist: Path) -> Iterator[Served]:
    with serve((shipped_dist / "current").resolve(), ServeSettings(workers=1)) as running:
        yield running


@pytest.fixture(scope="module")
def reader(shown: Served) -> Reader:
    return Reader(shown.site.vocab, shown.site.names, ("en",))


@pytest.fixture(scope="module")
def iri(shown: Served) -> str:
    return f"{shown.site.release.base}id/"


def rows(shown: Served, path: str, **query: str) -> list[list[str]]:
    answer = shown.client.get(f"{path}.csv", params=query)
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.text)))


def hrefs(root: Element, cls: str) -> set[str]:
    """Give where the links of a class lead, their own or those within a group of that class."""
    return {a.attrib["href"] for a in root.iter("a") if cls in a.attrib.get("class", "").split() and "href" in a.attrib}


def linked(picture: Picture, column: int) -> set[str]:
    return {link.href for row in picture.rows for link in row[column]}


# ---------------------------------------------------------------- addresses
@pytest.mark.parametrize("path", ADDRESSES)
def test_every_picture_is_a_page_a_file_and_a_table(shown: Served, path: str) -> None:
    page = shown.get(path, "text/html,*/*")
    reading = Reading(page.text)
    assert page.status_code == 200
    assert reading.tags.count("svg") >= 2
    assert reading.tags.count("h1") == 1
    assert "table" in reading.tags
    assert not [a for a in reading.attributes if a[1].startswith("on") or a[1] == "style"]
    assert len(reading.values("id")) == len(set(reading.values("id")))
    assert {f"{path}.svg", f"{path}.csv"} <= set(reading.values("href"))
    found = shown.get(f"{path}.svg")
    assert found.headers["content-type"] == "image/svg+xml"
    assert fromstring(found.content).tag == f"{SVG}svg"
    assert shown.get(path, "image/svg+xml").content == found.content
    assert len(rows(shown, path)) >= 2


@pytest.mark.parametrize("path", ADDRESSES[:3])
def test_answers_are_kept_by_their_entity_tags(shown: Served, path: str) -> None:
    for extension in ("", ".svg", ".csv"):
        tag = shown.get(f"{path}{extension}").headers["etag"]
        assert shown.get(f"{path}{extension}", **{"If-None-Match": tag}).status_code == 304
        assert shown.get(f"{path}{extension}?as_of={DAY}").headers["etag"] != tag


def test_links_of_a_picture_lead_somewhere(shown: Served) -> None:
    pages = [shown.get(path, "text/html").text for path in ("/pictures", "/pictures/overlap", *ADDRESSES[-3:-1])]
    found = {h for page in pages for h in Reading(page.split("<main")[1].split("</main")[0]).values("href")}
    lost = [h for h in sorted(found) if h.startswith("/") and shown.client.head(h).status_code not in (200, 303)]
    assert len(found) > 60
    assert not lost


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/pictures/map/network/nothing", 404),
        ("/pictures/portrait/network/citynet", 404),
        ("/pictures/map/person/park-won-soon", 404),
        ("/pictures/map/network/citynet?as_of=yesterday", 400),
        ("/pictures/map.png", 406),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(shown: Served, path: str, status: int) -> None:
    answer = shown.get(path, "application/problem+json, text/html;q=0.1")
    assert answer.status_code == status
    assert answer.json()["detail"]


# ---------------------------------------------------------------- the file
@pytest.mark.parametrize("path", ADDRESSES)
def test_a_file_stands_alone(shown: Served, path: str) -> None:
    answer = shown.get(f"{path}.svg")
    root = fromstring(answer.content)
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title")
    assert root.findtext(f"{SVG}desc")
    assert shown.site.release.licence in answer.text
    assert "var(" not in answer.text
    assert not re.findall(r"""(?:src|href)=["'](?!https?:)""", answer.text)
    assert not re.findall(r"@import|url\((?!#)", answer.text)
    assert root.findtext(f"{SVG}style") == style()
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "sha256-" in policy


def test_a_file_is_packed_on_its_way(shown: Served) -> None:
    answer = shown.get("/pictures/map.svg", **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 16_000


def test_a_file_names_its_sources(shown: Served) -> None:
    text = shown.get("/pictures/overlap.svg").text
    assert "Multi-city diplomacy" in text
    assert "/id/source/tokyo-multi-city-diplomacy" in text


# ---------------------------------------------------------------- the table
def pictures(shown: Served, reader: Reader, iri: str) -> list[tuple[Picture, str, int]]:
    """Give pictures, the class of the links in them that stand for rows, and the column that has the same links."""
    site = shown.site
    found = [
        (city_map(site, reader), "mark", 0),
        (city_map(site, reader, DAY), "mark", 0),
        (map_of(site, reader, f"{iri}network/anmc21"), "mark", 0),
        (map_of(site, reader, f"{iri}place/lyon"), "mark", 0),
        (timeline_of(site, reader, f"{iri}network/citynet"), "bar", 6),
        (timeline_of(site, reader, f"{iri}authority/seoul", DAY), "bar", 6),
        (around(site, reader, f"{iri}network/metrex"), "node", 1),
        (around(site, reader, f"{iri}authority/tokyo", DAY), "node", 1),
    ]
    return [(picture, cls, column) for picture, cls, column in found if picture]


def test_every_row_of_a_table_is_in_its_picture_and_the_reverse(shown: Served, reader: Reader, iri: str) -> None:
    found = pictures(shown, reader, iri)
    assert len(found) == 8
    for picture, cls, column in found:
        for frame in (WIDE, NARROW):
            assert hrefs(picture.draw(frame), cls) == linked(picture, column)
            assert linked(picture, column)


def test_numbers_in_the_overlap_are_those_of_the_question(shown: Served, reader: Reader) -> None:
    for day in ("", DAY):
        picture = overlap(shown.site, reader, day)
        assert picture
        cells = [a for a in picture.draw(WIDE).iter("a") if "cell" in a.attrib.get("class", "")]
        assert cells
        for cell in cells:
            number = int("".join(t.text or "" for t in cell.iter("text")))
            path, _, query = cell.attrib["href"].partition("?")
            answer = list(csv.DictReader(io.StringIO(shown.get(f"{path}.csv?{query}").text)))
            assert len({row["member"] for row in answer}) == number


# ---------------------------------------------------------------- day and language
def test_another_day_gives_another_picture(shown: Served) -> None:
    chairs = {
        row[0] for row in rows(shown, "/pictures/timeline/network/citynet", as_of="2020-01-01") if "chair city" in row
    }
    assert chairs == {"Seoul Metropolitan Government"}
    before = {row[0] for row in rows(shown, "/pictures/map/network/u20")}
    assert before > {"Member"}
    assert shown.get("/pictures/map/network/u20?as_of=2010-01-01").status_code == 404
    assert "2013" in (fromstring(shown.get(f"/pictures/map.svg?as_of={DAY}").content).findtext(f"{SVG}desc") or "")


def test_a_picture_is_drawn_beside_other_requests_and_once(shown: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, drawn = threading.Event(), threading.Event(), []

    def slowly(*arguments: object) -> object:
        drawn.append(1)
        begun.set()
        assert go_on.wait(20)
        return city_map(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("hansa.serve.pictures.endpoints.city_map", slowly)
    path = "/pictures/map?as_of=1999-12-31"
    with ThreadPoolExecutor(3) as clients:
        waiting = [clients.submit(httpx.get, f"{shown.url}{path}", timeout=30) for _ in range(3)]
        assert begun.wait(20)
        assert shown.get("/health").status_code == 200
        go_on.set()
        assert {answer.result().status_code for answer in waiting} == {200}
    assert len(drawn) == 1


def test_long_cells_are_cut_on_pages_only(shown: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hansa.serve.pictures.endpoints._NAMED", 1)
    page = shown.get("/pictures/overlap?as_of=2001-01-01", "text/html").text
    table = shown.get("/pictures/overlap.csv?as_of=2001-01-01").text
    longest = max((row[-1] for row in csv.reader(io.StringIO(table))), key=lambda cell: cell.count("; "))
    assert longest.count("; ") > 0
    assert f"and {longest.count('; ')} more" in page


def test_labels_are_in_the_language_that_was_asked_for(shown: Served) -> None:
    text = shown.get("/pictures/map/network/citynet.svg?lang=ja").text
    assert "ソウル" in text
    assert 'xml:lang="ja"' in text
    assert "Seoul" not in re.sub(r"<desc>.*</metadata>", "", text, flags=re.DOTALL).split("典拠")[0]
    assert ">Seoul<" in shown.get("/pictures/map/network/citynet.svg").text


# ---------------------------------------------------------------- the small graph with hostile labels
def test_markup_in_names_stays_text(served: Served) -> None:
    for path in ("/pictures/timeline/network/league", "/pictures/around/network/league"):
        text = served.get(path, "text/html").text
        assert "Ada &lt;i&gt;Example" in text
        assert "<i>Example" not in text
        assert "Ada <i>Example</i>" in "".join(fromstring(served.get(f"{path}.svg").content).itertext())


def test_a_graph_without_positions_has_an_empty_map(served: Served) -> None:
    page = served.get("/pictures/map", "text/html").text
    assert 'class="land"' in page
    assert "Lübeck" in page
    assert served.get("/pictures/map/network/league").status_code == 404
