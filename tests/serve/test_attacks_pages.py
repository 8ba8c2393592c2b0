"""A graph full of markup and dangerous addresses, and requests that are no better: every page stays harmless."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from hansa.config import Config
from hansa.rdf import FORMATS, parse_bytes, parse_file
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import BASE, DATA, Served, make_release, serve

EVIL = (
    "</script></title></style></textarea><script>alert(1)</script><img src=x onerror=alert(2)>"
    "\"'`--><![CDATA[ ]]>&lt;{{7*7}}{% x %}\u202e"
)
GRAPH = """
network:evil a hansa:CityNetwork ;
    skos:prefLabel "Evil TEXT"@en, "=HYPERLINK(1)"@ja ; skos:altLabel "@SUM(1+1) TEXT"@en ;
    dct:description "TEXT"@en ; hansa:purpose "TEXT"@en ; schema:foundingDate "TEXT"^^edtf:EDTF ;
    foaf:homepage <javascript:alert(1)>, <data:text/html,x>, <JaVaScRiPt:alert(3)>,
        <https://ok.example/%22onclick=x> ;
    dct:identifier "TEXT"^^<javascript:alert(9)> ; <javascript:alert(4)> <javascript:alert(5)> ;
    dct:subject <javascript:alert(7)> .
place:evil a dct:Location ;
    skos:prefLabel "Place TEXT"@en ; wgs84:lat "TEXT" ; wgs84:long "1e999" ; dct:isPartOf place:evil .
authority:evil skos:prefLabel "A TEXT"@en ; hansa:governs place:evil .
person:evil a foaf:Person ; foaf:name "P TEXT" .
event:evil a schema:Event ; skos:prefLabel "E TEXT"@en ; hansa:start "TEXT"^^edtf:EDTF .
membership:evil a org:Membership ; org:member authority:evil ; org:organization network:evil ;
    org:role role:member-city ;
    hansa:start "TEXT"^^edtf:EDTF ; hansa:positionTitle "TEXT"@en .
source:yearbook dct:title "S TEXT"@en ; dct:publisher "TEXT" .
"""
MOST_PAGES = 80


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, config: Config) -> Iterator[Served]:
    prefixes = "".join(f"@prefix {n}: <{i.replace(config.base, BASE)}> .\n" for n, i in config.prefixes.items())
    text = json.dumps(EVIL, ensure_ascii=False)[1:-1]
    trig = f"{prefixes}graph:yearbook {{ {GRAPH.replace('TEXT', text)} }}"
    quads = [*parse_file(DATA / "graph.trig"), *parse_bytes(trig.encode(), FORMATS["trig"])]
    place = make_release(tmp_path_factory.mktemp("dist") / "1", config, quads)
    with serve(place, ServeSettings(workers=1)) as running:
        yield running


class Dangers(HTMLParser):
    """Finds what would run: handlers, addresses with code, scripts in the page, elements that the data brought."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script: dict[str, str | None] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._script = given if tag == "script" else self._script
        if given.get("src") == "x":
            self.found.append(tag)
        for name, value in attrs:
            code = re.match(r"\s*(?:javascript|data|vbscript):", value or "", re.IGNORECASE)
            if name.startswith("on") or name == "style" or (code and name in ("href", "src", "action", "formaction")):
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self._script is None or not data.strip():
            return
        if self._script.get("type") == "application/ld+json":
            json.loads(data)
        else:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._script = None if tag == "script" else self._script


def _starts() -> list[str]:
    asked, segment = quote(EVIL), quote(EVIL, safe="")
    things = [f"/doc/{kind}/evil" for kind in ("network", "place", "person", "event", "membership", "authority")]
    lists = ["/", "/networks", "/places", "/people", "/events", "/sources", "/queries", "/changes", "/graph/yearbook"]
    queries = [quote("SELECT * { ?s ?p ?o }"), quote("CONSTRUCT WHERE { ?s ?p ?o }"), asked]
    hostile = [f"/{path}={asked}" for path in ("search?q", "resolve?id", "networks?page", "doc/network/evil?as_of")]
    hostile += [f"/doc/network/{segment}", f"/queries/{segment}", f"/queries/members?network={asked}", f"/{segment}"]
    return [*things, *lists, "/search?q=evil", *(f"/sparql?query={q}" for q in queries), *hostile]


def test_no_page_runs_what_the_graph_or_the_request_says(target: Served) -> None:
    todo = _starts()
    seen: set[str] = set()
    while todo and len(seen) < MOST_PAGES:
        path = todo.pop(0)
        if path in seen or path.startswith("/dumps"):
            continue
        seen.add(path)
        answer = target.get(path, "text/html, */*;q=0.5")
        assert answer.status_code < 500, path
        if "html" in answer.headers.get("Content-Type", ""):
            assert Dangers(answer.text).found == [], path
            assert "script-src 'unsafe-inline'" not in answer.headers["Content-Security-Policy"]
            todo += [link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', answer.text)]
    assert len(seen) > 60


@pytest.mark.parametrize("path", ["/reconcile/preview?id=network/evil", "/reconcile/preview?id=place/evil"])
def test_what_is_shown_in_frames_is_harmless(target: Served, path: str) -> None:
    answer = target.get(path, "text/html")
    assert (answer.status_code, Dangers(answer.text).found) == (200, [])


@pytest.mark.parametrize("path", ["/sitemap.xml", "/feed.atom", "/doc/place/evil.rdf"])
def test_xml_is_well_formed(target: Served, path: str) -> None:
    answer = target.get(path)
    if answer.status_code == 404:
        pytest.skip(f"{path} is not in this release")
    ET.fromstring(answer.content)


def test_what_rdf_xml_cannot_hold_is_refused(target: Served) -> None:
    answer = target.get("/doc/network/evil.rdf")
    assert (answer.status_code, "javascript:alert(4)" in answer.json()["detail"]) == (406, True)


def test_no_cell_of_a_download_is_a_formula(target: Served) -> None:
    rows = target.get("/queries/find.csv?name=HYPERLINK").text
    assert target.get("/queries/find.csv?name=HYPERLINK").status_code == 200
    assert not re.search(r'(?:^|,|\r\n)"?[=@]', rows), rows
