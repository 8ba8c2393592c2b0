"""The reconciliation service over a real server, as its clients use it, and as attackers do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

from hansa.serve.settings import ServeSettings
from tests.conftest import ROOT
from tests.serve.conftest import Served, serve

SCHEMAS = ROOT.parent / "shared" / "conformance" / "reconciliation-0.2"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def batch(served: Served, queries: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = served.client.post("/reconcile", data={"queries": json.dumps(queries)}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def ask(served: Served, text: str, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = batch(served, {"q": {"query": text, **query}})["q"]["result"]
    return found


def matched(served: Served, text: str, **query: Any) -> list[str]:
    return [c["id"] for c in ask(served, text, **query) if c["match"]]


def columns(served: Served, ids: list[str], *properties: dict[str, Any], **headers: str) -> dict[str, Any]:
    asked = json.dumps({"ids": ids, "properties": properties})
    answer = served.client.post("/reconcile", data={"extend": asked}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


# ---------------------------------------------------------------- the forms of the specification
@pytest.fixture(scope="module")
def registry() -> Registry[Any]:
    if not SCHEMAS.is_dir():
        pytest.skip("the JSON schemas of the specification are not beside the checkout")
    files = [json.loads(file.read_bytes()) for file in SCHEMAS.glob("*.json")]
    return Registry().with_resources((f["$id"], DRAFT7.create_resource(f)) for f in files if "$id" in f)


def valid(registry: Registry[Any], name: str, value: Any) -> None:
    schema = json.loads((SCHEMAS / f"{name}.json").read_bytes())
    # The schema of the manifest refers to one of Swagger for authentication, which we do not use.
    schema.get("properties", {}).pop("authentication", None)
    # The schemas name a dialect that no validator knows; they are written in draft 7.
    schema.pop("$schema", None)
    Draft7Validator(schema, registry=registry).validate(value)


@pytest.mark.conformance
def test_every_answer_is_valid_against_the_schemas(served: Served, registry: Registry[Any]) -> None:
    def get(path: str) -> Any:
        return served.get(path).json()

    valid(registry, "manifest", get("/reconcile"))
    queries: dict[str, Any] = {
        "a": {"query": "Bergen", "type": "place", "limit": 3},
        "b": {"query": "league", "type": ["network", "body"], "type_strict": "should"},
        "c": {"query": "nothing like it qqq"},
        "d": {"properties": [{"pid": "geonames", "v": 3161732}]},
        "e": {"query": "港湾都市連盟", "properties": [{"pid": "country", "v": [{"id": "place/bergen"}, "NO"]}]},
    }
    valid(registry, "reconciliation-query-batch", queries)
    found = batch(served, queries)
    assert found.keys() == queries.keys()
    valid(registry, "reconciliation-result-batch", found)
    valid(registry, "suggest-entities-response", get("/reconcile/suggest/entity?prefix=ber"))
    valid(registry, "suggest-types-response", get("/reconcile/suggest/type?prefix=net"))
    valid(registry, "suggest-properties-response", get("/reconcile/suggest/property?prefix=c"))
    proposed = get("/reconcile/extend/propose?type=network&limit=30")
    valid(registry, "data-extension-property-proposal", proposed)
    every = [{"id": p["id"]} for p in get("/reconcile/extend/propose")["properties"]]
    asked = ["network/league", "place/bergen", "authority/bergen", "person/ada", "post/mayor-bergen", "place/none"]
    valid(registry, "data-extension-query", {"ids": asked, "properties": every})
    extended = columns(served, asked, *every)
    valid(registry, "data-extension-response", extended)
    assert list(extended["rows"]) == asked
    assert all(len(row) == len(every) for row in extended["rows"].values())


def test_the_manifest_says_where_everything_is(served: Served) -> None:
    manifest = served.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://cities.example/id/"
    assert [t["id"] for t in manifest["defaultTypes"]] == ["place", "authority", "network", "organization"]
    for name, prefix in (("entity", "b"), ("type", "p"), ("property", "c")):
        service = manifest["suggest"][name]
        answer = httpx.get(service["service_url"] + service["service_path"], params={"prefix": prefix})
        assert answer.json()["result"]
    propose = manifest["extend"]["propose_properties"]
    assert httpx.get(propose["service_url"] + propose["service_path"], params={"type": "place"}).status_code == 200
    assert httpx.get(manifest["logo"]).headers["content-type"].startswith("image/svg")


@pytest.mark.parametrize("written", ["network/league", "network%2Fleague"])
def test_an_id_leads_back_to_the_thing(served: Served, written: str) -> None:
    manifest = served.get("/reconcile").json()
    page = httpx.get(manifest["view"]["url"].replace("{{id}}", written), follow_redirects=True)
    assert page.status_code == 200
    assert "League of Ports" in page.text
    preview = httpx.get(manifest["preview"]["url"].replace("{{id}}", written))
    assert "League of Ports" in preview.text


def test_get_and_post_give_the_same(served: Served) -> None:
    queries = {"q0": {"query": "Lubeck"}}
    by_get = served.client.get("/reconcile", params={"queries": json.dumps(queries)}).json()
    assert by_get == batch(served, queries)
    assert by_get["q0"]["result"][0]["id"] == "authority/lubeck"


# ---------------------------------------------------------------- what matches
def test_a_place_and_its_government_are_never_told_apart_without_a_type(served: Served) -> None:
    found = ask(served, "Bergen")
    assert [c["id"] for c in found[:2]] == ["place/bergen", "authority/bergen"]
    assert not any(c["match"] for c in found)
    assert matched(served, "Bergen", type="place") == ["place/bergen"]
    assert matched(served, "Bergen", type="dct:Location") == ["place/bergen"]
    assert matched(served, "City of Bergen", type="authority") == ["authority/bergen"]
    assert matched(served, "Bergen", type="place", type_strict="should") == ["place/bergen"]


def test_names_are_equal_in_any_script_case_width_and_accent(served: Served) -> None:
    for text in (
        "League of Ports",
        "LEAGUE  of PORTS",
        "Ｌｅａｇｕｅ　ｏｆ　Ｐｏｒｔｓ",
        "港湾都市連盟",
        "Liga Portow",
    ):
        assert matched(served, text) == ["network/league"], text
    for text in ("Lübeck", "LUBECK", "Lu\u0308beck"):
        assert matched(served, text) == ["authority/lubeck"], text


def test_what_is_only_alike_is_offered_but_not_matched(served: Served) -> None:
    for text, expected in (("Leage of Port", "network/league"), ("Lybeck", "authority/lubeck")):
        best = ask(served, text)[0]
        assert (best["id"], best["match"]) == (expected, False)
        assert 45 <= best["score"] < 95


def test_types_filter_and_the_wider_type_includes_the_narrower(served: Served) -> None:
    assert {c["id"] for c in ask(served, "League of Ports", type="place")} == set()
    assert matched(served, "League of Ports", type="organization") == ["network/league"]
    assert ask(served, "League of Ports", type=["network", "place"], type_strict="all") == []
    types = ask(served, "League of Ports")[0]["type"]
    assert [t["id"] for t in types] == ["network", "organization"]


def test_conditions_speak_for_and_against_and_say_so(served: Served) -> None:
    def features(candidate: dict[str, Any]) -> dict[str, Any]:
        return {f["id"]: f["value"] for f in candidate["features"]}

    member = {"pid": "network", "v": "League of Ports"}
    best = ask(served, "City of Bergen", type="authority", properties=[member])[0]
    assert (best["match"], best["score"], features(best)["network"]) == (True, 100, 100)
    wrong = ask(served, "Lübeck", properties=[{"pid": "wikidata", "v": "Q1"}])[0]
    assert (wrong["match"], features(wrong)["wikidata"]) == (False, 0)
    assert wrong["score"] < ask(served, "Lübeck")[0]["score"]
    unnamed = ask(served, "Lübeck", properties=[member])[0]
    assert (unnamed["match"], features(unnamed)["network"]) == (True, 50)
    right = ask(
        served, "completely other", properties=[{"pid": "wikidata", "v": "http://www.wikidata.org/entity/Q2843"}]
    )
    assert (right[0]["id"], right[0]["match"]) == ("authority/lubeck", True)
    unknown = ask(served, "Lübeck", properties=[{"pid": "no such property", "v": "x"}])[0]
    assert unknown["match"]


def test_a_query_may_be_an_identifier_or_have_no_text(served: Served) -> None:
    assert matched(served, "Q2843") == ["authority/lubeck"]
    assert matched(served, "network/league") == matched(served, "https://cities.example/id/network/league")
    found = batch(served, {"q": {"properties": [{"pid": "iso3166-2", "v": "no-46"}]}})["q"]["result"]
    assert [(c["id"], c["match"]) for c in found] == [("place/bergen", True)]
    found = batch(served, {"q": {"type": "authority", "properties": [{"pid": "network", "v": "network/league"}]}})
    assert {c["id"] for c in found["q"]["result"]} == {"authority/bergen"}
    assert not any(c["match"] for c in found["q"]["result"])


def test_names_come_in_the_language_of_the_client(served: Served) -> None:
    found = batch(served, {"q": {"query": "League of Ports"}}, **{"Accept-Language": "ja"})["q"]["result"][0]
    assert found["name"] == "港湾都市連盟"
    assert "also League of Ports" in found["description"]


# ---------------------------------------------------------------- suggest, extend, preview
def test_suggestions_are_paged_and_begin_with_what_was_typed(served: Served) -> None:
    def ids(query: str) -> list[str]:
        return [r["id"] for r in served.get(f"/reconcile/suggest/entity?prefix={query}").json()["result"]]

    every = ids("ber")
    assert every[0] == "place/bergen"
    assert ids("ber&cursor=1") == every[1:]
    assert ids("ber&type=authority") == ["authority/bergen"]
    assert ids("network/league") == ["network/league"]
    assert ids("") == []
    assert served.get("/reconcile/suggest/entity?prefix=a&cursor=-1").status_code == 400
    assert served.get("/reconcile/suggest/other?prefix=a").status_code == 404


def test_columns_hold_what_the_graph_says(served: Served) -> None:
    rows = columns(
        served, ["network/league", "place/bergen", "https://cities.example/id/authority/bergen"],
        {"id": "founded"}, {"id": "member"}, {"id": "geonames"}, {"id": "governs"},
        {"id": "label", "settings": {"lang": "ja"}},
    )["rows"]  # fmt: skip
    league = rows["network/league"]
    assert league["founded"] == [{"str": "1987"}]
    assert [c["id"] for c in league["member"]] == ["authority/bergen", "authority/lubeck"]
    assert league["label"] == [{"str": "港湾都市連盟"}]
    assert rows["place/bergen"]["geonames"] == [{"str": "3161732"}]
    assert rows["https://cities.example/id/authority/bergen"]["governs"] == [{"id": "place/bergen", "name": "Bergen"}]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("1989-12-31", ["lubeck"]), ("1995-06-01", ["bergen", "lubeck"]), ("2001-06-01", ["lubeck"])],
)
def test_columns_as_of_a_day(served: Served, day: str, expected: list[str]) -> None:
    settings = {"as_of": day}
    row = columns(
        served, ["network/league"], {"id": "member", "settings": settings}, {"id": "member-count", "settings": settings}
    )["rows"]["network/league"]
    assert [c["id"] for c in row["member"]] == [f"authority/{slug}" for slug in expected]
    assert row["member-count"] == [{"int": len(expected)}]


def test_the_preview_may_be_framed_and_nothing_else_may(served: Served) -> None:
    preview = served.get("/reconcile/preview?id=network/league")
    policy = preview.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "x-frame-options" not in preview.headers
    for path in ("/", "/reconcile", "/doc/network/league", "/reconcile/preview?id=none"):
        assert "frame-ancestors 'none'" in served.get(path, "text/html").headers["content-security-policy"], path


def test_markup_in_the_graph_and_in_requests_stays_text(served: Served) -> None:
    page = served.get("/reconcile/preview?id=person/ada").text
    assert "Ada &lt;i&gt;Example&lt;/i&gt;" in page
    assert "<i>" not in page
    assert not re.search(
        r"<script|style=|\son\w+=|javascript:", served.get("/reconcile/preview?id=network/league").text
    )
    for attack in ("<script>alert(1)</script>", "../../etc/passwd", 'network/league" onload="x', "javascript:alert(1)"):
        answer = served.client.get("/reconcile/preview", params={"id": attack}, headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert "<script>" not in answer.text


# ---------------------------------------------------------------- the shipped graph, as OpenRefine uses it
@pytest.fixture(scope="module")
def shipped(shipped_dist: Path) -> Iterator[Served]:
    with serve(shipped_dist / "current", ServeSettings(workers=1)) as running:
        yield running


def test_a_column_of_names_becomes_a_table(shipped: Served) -> None:
    manifest = shipped.get("/reconcile").json()
    kind = next(t["id"] for t in manifest["defaultTypes"] if t["name"] == "Place")
    column = ["Seoul", "ソウル", "Seúl", "東京都", "Tokio", "Yokohama", "Helsinki", "Lyon"]
    queries = {f"q{i}": {"query": n, "type": kind, "type_strict": "should", "limit": 6} for i, n in enumerate(column)}
    found = batch(shipped, queries)
    ids = [next(c["id"] for c in found[key]["result"] if c["match"]) for key in queries]
    assert ids == [f"place/{s}" for s in ("seoul", "seoul", "seoul", "tokyo", "tokyo", "yokohama", "helsinki", "lyon")]
    rows = columns(shipped, ids, {"id": "country-code"}, {"id": "wikidata"}, {"id": "network"}, {"id": "latitude"})[
        "rows"
    ]
    assert rows["place/seoul"]["country-code"] == [{"str": "KR"}]
    assert rows["place/tokyo"]["wikidata"] == [{"str": "Q1490"}]
    assert {"id": "network/citynet", "name": "CITYNET"} in rows["place/seoul"]["network"]
    assert rows["place/seoul"]["latitude"][0]["float"] == pytest.approx(37.57, abs=0.01)
    preview = httpx.get(manifest["preview"]["url"].replace("{{id}}", "place%2Fseoul"))
    assert "Korea" in preview.text
