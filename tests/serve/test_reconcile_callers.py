"""Who may ask the reconciliation service, and what it refuses with words."""

from __future__ import annotations

import json
import re

import pytest

from tests.serve.conftest import Served
from tests.serve.test_reconcile import FORM, ask


# ---------------------------------------------------------------- CORS and JSONP
def test_any_site_may_ask(served: Served) -> None:
    answer = served.client.post("/reconcile", data={"queries": "{}"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    options = served.client.options("/reconcile", headers=asked)
    assert "POST" in options.headers["access-control-allow-methods"]


def test_jsonp_calls_the_function_named(served: Served) -> None:
    for path in (
        "/reconcile?",
        "/reconcile?queries={}&",
        "/reconcile/suggest/type?prefix=p&",
        "/reconcile/extend/propose?",
    ):
        answer = served.get(f"{path}callback=jQuery12_3")
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        script = re.fullmatch(r"/\*\*/jQuery12_3\((.*)\);", answer.text, re.DOTALL)
        assert script, answer.text
        assert isinstance(json.loads(script[1]), dict)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "alert(1)//",
            "a b",
            "<script>",
            "a;b",
            "a[0]",
            "a\n",
            "a.b",
            "opener.document.body.click",
            "é",
            "1a",
            "",
            "x" * 65,
        ),
        "CWSMIKI0hCD0Up0IZUnnnnnnnn3Snn7iiudIbEAt333swW0ssG03sDDtDDDt0333333Gt333swwv3wwwFPOHtoHHvwHHFhH3D0Up0IZUnnnn",
    ],
)
def test_jsonp_takes_nothing_but_a_plain_name(served: Served, name: str) -> None:
    answer = served.client.get("/reconcile", params={"callback": name, "queries": "{}"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "callback" in answer.json()["detail"]


def test_no_text_ends_the_script(served: Served) -> None:
    queries = json.dumps({"</script>\u2028": {"query": "Ada <i>Example</i>"}, "\ud800": {"query": "\udfff"}})
    answer = served.client.get("/reconcile", params={"queries": queries, "callback": "f"})
    assert answer.status_code == 200
    assert answer.text.isascii()


# ---------------------------------------------------------------- what is refused
@pytest.mark.parametrize(
    ("queries", "said"),
    [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ("{", "not JSON"),
        ("[" * 200_000, "nested too deeply"),
        ('{"q": 1}', "not an object"),
        ('{"q": {}}', "neither a name nor a property"),
        ('{"q": {"query": 1}}', "the name is not a text"),
        ('{"q": {"query": "x", "limit": -1}}', "limit"),
        ('{"q": {"query": "x", "limit": NaN}}', "not JSON"),
        ('{"q": {"query": "x", "limit": true}}', "limit"),
        ('{"q": {"query": "x", "type": "planet"}}', "no type 'planet'"),
        ('{"q": {"query": "x", "type": {"a": 1}}}', "type is not a text"),
        ('{"q": {"query": "x", "type_strict": "no"}}', "type_strict"),
        ('{"q": {"query": "x", "properties": 3}}', "properties"),
        ('{"q": {"query": "x", "properties": [{"pid": "country"}]}}', "no pid or no v"),
        ('{"q": {"query": "x", "properties": [{"pid": "country", "v": {"x": 1}}]}}', "neither text, number"),
        (json.dumps({str(i): {"query": "x"} for i in range(501)}), "500 is the most"),
    ],
)
def test_a_wrong_batch_is_refused_with_words(served: Served, queries: str, said: str) -> None:
    answer = served.client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]
    assert answer.json()["hint"]


@pytest.mark.parametrize(
    ("extend", "said"),
    [
        ("{}", "list of ids"),
        ('{"ids": ["a"], "properties": [{"id": "no"}]}', "no property 'no'"),
        ('{"ids": ["a"], "properties": [7]}', "no id"),
        ('{"ids": ["network/league"], "properties": [{"id": "member", "settings": {"as_of": "soon"}}]}', "as_of"),
        ('{"ids": ["network/league"], "properties": [{"id": "member", "settings": {"limit": "x"}}]}', "limit"),
        (json.dumps({"ids": ["a"] * 1001, "properties": []}), "too many"),
    ],
)
def test_a_wrong_extension_is_refused_with_words(served: Served, extend: str, said: str) -> None:
    for path in ("/reconcile", "/reconcile/extend"):
        answer = served.client.post(path, data={"extend": extend})
        assert answer.status_code == 400, answer.text
        assert said in answer.json()["detail"]


def test_other_requests_are_refused_with_words(served: Served) -> None:
    post = served.client.post
    assert post("/reconcile", content=b"{}", headers={"Content-Type": "application/json"}).status_code == 415
    assert post("/reconcile", content=b"").status_code == 415
    assert post("/reconcile", content=b"", headers=FORM).status_code == 400
    assert post("/reconcile", content=b"queries=%FF", headers=FORM).status_code == 400
    assert post("/reconcile", content=b"queries={}&queries={}", headers=FORM).status_code == 400
    assert post("/reconcile", content=b"queries={}&extend={}", headers=FORM).status_code == 400
    assert served.get("/reconcile?query=Bergen").status_code == 400
    assert served.client.put("/reconcile").status_code == 405


def test_very_long_and_odd_names_are_answered(served: Served) -> None:
    for text in ("", " ", "\u0301", "a" * 100_000, "🏙️", "\x00", "(((((", "%s{{7*7}}", "' OR 1=1 --", "\u202ereverse"):
        assert isinstance(ask(served, text), list)


def test_a_strange_host_does_not_enter_the_manifest(served: Served) -> None:
    answer = served.client.get("/reconcile", headers={"Host": "evil.example/<script>"})
    assert (answer.status_code, "evil" in answer.text) == (400, False)
    manifest = served.client.get("/reconcile", headers={"Host": "ports.example:8080"}).json()
    assert manifest["view"]["url"] == "http://ports.example:8080/id/{{id}}"
