"""Things and their documents over HTTP."""

import json

import pytest
from rdflib import Dataset, Graph, URIRef

from tests.serve.conftest import BASE, Served

LEAGUE = URIRef(f"{BASE}id/network/league")
RDFLIB_FORMATS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}
MEDIA_TYPES = [
    ("text/html", "html"),
    ("text/turtle", "ttl"),
    ("application/ld+json", "jsonld"),
    ("application/n-triples", "nt"),
    ("application/rdf+xml", "rdf"),
    ("application/trig", "trig"),
    ("application/n-quads", "nq"),
]


def test_a_thing_is_not_its_document(served: Served) -> None:
    answer = served.get("/id/network/league?as_of=1990-01-01", "text/turtle")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/doc/network/league?as_of=1990-01-01"
    assert answer.headers["vary"] == "Accept, Accept-Language"


@pytest.mark.parametrize(("media_type", "extension"), MEDIA_TYPES)
def test_a_document_comes_in_the_form_asked_for(served: Served, media_type: str, extension: str) -> None:
    asked = served.get("/doc/network/league", media_type)
    assert asked.status_code == 200
    assert asked.headers["content-type"].partition(";")[0] == media_type
    assert asked.headers["content-location"] == f"/doc/network/league.{extension}"
    assert asked.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
    by_extension = served.get(f"/doc/network/league.{extension}", "image/png")
    assert by_extension.status_code == 200
    assert by_extension.content == asked.content
    assert f'</doc/network/league.{extension}>; rel="alternate"; type="{media_type}"' in asked.headers["link"]


def test_all_triple_forms_say_the_same(served: Served) -> None:
    graphs = []
    for extension, form in RDFLIB_FORMATS.items():
        body = served.get(f"/doc/network/league.{extension}").text
        if extension == "jsonld":
            assert json.loads(body)["@context"] == f"{BASE}context.jsonld"
            context = served.get("/context.jsonld").json()["@context"]
            body = json.dumps(json.loads(body) | {"@context": context})
        graphs.append(set(Graph().parse(data=body, format=form)))
    assert graphs[0]
    assert all(graph == graphs[0] for graph in graphs)


def test_a_description_holds_what_ties_the_thing_to_others(served: Served) -> None:
    graph = Graph().parse(data=served.get("/doc/network/league.ttl").text, format="turtle")
    subjects = {str(s).removeprefix(f"{BASE}id/") for s in graph.subjects()}
    nodes = {"membership/bergen", "count/members", "event/founding", "evidence/bergen", "evidence/league-name"}
    assert subjects >= nodes
    skos = "http://www.w3.org/2004/02/skos/core#prefLabel"
    assert str(graph.value(URIRef(f"{BASE}id/authority/lubeck"), URIRef(skos))) == "Lübeck"


def test_trig_keeps_the_graphs(served: Served) -> None:
    dataset = Dataset().parse(data=served.get("/doc/network/league.trig").text, format="trig")
    graphs = {str(g.identifier).removeprefix(f"{BASE}graph/") for g in dataset.graphs() if len(g)}
    assert graphs >= {"yearbook", "gazette", "derived/yearbook", "provenance"}


def test_what_is_not_there_is_404_with_suggestions(served: Served) -> None:
    answer = served.get("/doc/authority/bergn-city", "application/json")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    missing = served.get("/doc/network/bergen.ttl", "application/json").json()
    assert "/doc/authority/bergen" in [s["href"] for s in missing["suggestions"]]
    page = served.get("/id/network/bergen", "text/html")
    assert page.status_code == 404
    assert "/doc/authority/bergen" in page.text


@pytest.mark.parametrize("slug", ["x>y", "a b", "%00", "..%2f..%2fetc", '"', "ä"])
def test_names_that_nothing_can_have_are_404(served: Served, slug: str) -> None:
    assert served.get(f"/doc/network/{slug}").status_code == 404
    assert served.get(f"/id/network/{slug}").status_code == 404


def test_what_nobody_has_is_406_with_the_list_of_what_there_is(served: Served) -> None:
    answer = served.get("/doc/network/league", "image/png")
    assert answer.status_code == 406
    available = {entry["type"] for entry in answer.json()["available"]}
    assert available == {media_type for media_type, _ in MEDIA_TYPES}
    assert answer.headers["vary"].startswith("Accept, Accept-Language")
    assert '</doc/network/league.ttl>; rel="alternate"; type="text/turtle"' in answer.headers["link"]


def test_a_client_that_has_it_gets_304(served: Served) -> None:
    first = served.get("/doc/network/league", "text/turtle")
    etag = first.headers["etag"]
    assert not etag.startswith("W/")
    again = served.get("/doc/network/league", "text/turtle", **{"If-None-Match": f'"x", {etag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == etag
    other = served.get("/doc/network/league", "application/n-triples", **{"If-None-Match": etag})
    assert other.status_code == 200
    assert other.headers["etag"] != etag


def test_entity_tags_differ_by_language_and_day(served: Served) -> None:
    tags = [
        served.get("/doc/network/league", "text/html").headers["etag"],
        served.get("/doc/network/league", "text/html", **{"Accept-Language": "ja"}).headers["etag"],
        served.get("/doc/network/league?as_of=1990-06-01", "text/html").headers["etag"],
    ]
    assert len(set(tags)) == 3


def test_head_is_get_without_a_body(served: Served) -> None:
    get = served.get("/doc/network/league", "text/turtle")
    head = served.client.head("/doc/network/league", headers={"Accept": "text/turtle"})
    assert head.status_code == 200
    assert head.content == b""
    assert {k: v for k, v in head.headers.items() if k != "date"} == {
        k: v for k, v in get.headers.items() if k != "date"
    }


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("1985-01-01", {"lubeck"}),
        ("1994-01-01", {"lubeck", "bergen"}),
        ("2001-05-31", {"lubeck", "bergen"}),
        ("2001-06-01", {"lubeck"}),
        ("2005-01-01", {"lubeck", "ada"}),
    ],
)
def test_as_of_keeps_what_may_have_held_that_day(served: Served, day: str, expected: set[str]) -> None:
    graph = Graph().parse(data=served.get(f"/doc/network/league.ttl?as_of={day}").text, format="turtle")
    prefix = f"{BASE}id/membership/"
    assert {str(s).removeprefix(prefix) for s in graph.subjects() if str(s).startswith(prefix)} == expected


def test_as_of_drops_the_shortcuts_that_nothing_bears_out_any_more(served: Served) -> None:
    member_of = URIRef("http://www.w3.org/ns/org#memberOf")
    bergen = URIRef(f"{BASE}id/authority/bergen")

    def networks(query: str) -> set[object]:
        graph = Graph().parse(data=served.get(f"/doc/authority/bergen.ttl{query}").text, format="turtle")
        return set(graph.objects(bergen, member_of))

    assert networks("") == networks("?as_of=1995-01-01") == {LEAGUE}
    assert networks("?as_of=2010-01-01") == set()


@pytest.mark.parametrize("day", ["yesterday", "2013-02-30", "2013", "２０１３-01-01"])
def test_as_of_wants_a_day(served: Served, day: str) -> None:
    answer = served.client.get("/doc/network/league", params={"as_of": day}, headers={"Accept": "text/turtle"})
    assert answer.status_code == 400
    assert "YYYY-MM-DD" in answer.json()["hint"]


def test_concepts_schemes_graphs_and_terms_are_described_under_their_own_paths(served: Served) -> None:
    for path in ("/vocab/role", "/vocab/role/member-city", "/graph/yearbook", "/graph/derived/yearbook"):
        assert served.get(path, "text/html").status_code == 200
        graph = Graph().parse(data=served.get(path, "text/turtle").text, format="turtle")
        assert (URIRef(BASE + path[1:]), None, None) in graph
    whole = Graph().parse(data=served.get("/graph/gazette.nt").text, format="nt")
    assert (URIRef(f"{BASE}id/event/founding-gazette"), None, None) in whole
    assert served.get("/vocab/role/nobody").status_code == 404


def test_lists_are_paged_in_every_form(served: Served) -> None:
    first = served.get("/offices", "application/json").json()
    assert (first["total"], first["pages"], first["next"]) == (2, 1, None)
    networks = served.get("/networks.json").json()["items"]
    assert networks[0]["labels"] == {"en": "League of Ports", "ja": "港湾都市連盟"}
    things = {item["iri"] for n in (1, 2) for item in served.get(f"/sources.json?page={n}").json()["items"]}
    assert things == {f"{BASE}id/source/yearbook", f"{BASE}id/source/gazette"}
    graph = Graph().parse(data=served.get("/networks", "text/turtle").text, format="turtle")
    assert (LEAGUE, None, None) in graph
    for text in ("0", "-1", "x", "²", "9999999"):
        assert served.client.get("/networks", params={"page": text}).status_code == 400
