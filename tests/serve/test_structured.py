"""What search engines, messengers and crawlers find in the pages."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from pyld import jsonld

from hansa.serve.pages.structured import data_block
from tests.serve.conftest import Served

_BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_SCHEMA = "https://schema.org/"


def _no_network(url: str, _options: object) -> dict[str, Any]:
    assert url == "https://schema.org"
    context = {"@vocab": _SCHEMA, "url": {"@type": "@id"}, "sameAs": {"@type": "@id"}}
    return {"contentType": None, "contextUrl": None, "documentUrl": url, "document": {"@context": context}}


def _described(served: Served, path: str) -> dict[str, Any]:
    page = served.get(path, "text/html").text
    (block,) = _BLOCK.findall(page)
    (expanded,) = jsonld.expand(json.loads(block), {"documentLoader": _no_network})
    return dict(expanded)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/doc/network/citynet", "Organization"),
        ("/doc/authority/seoul", "GovernmentOrganization"),
        ("/doc/place/barcelona", "Place"),
        ("/", "Dataset"),
    ],
)
def test_pages_describe_what_they_are_about_in_schema_org(shipped: Served, path: str, kind: str) -> None:
    described = _described(shipped, path)
    assert described["@type"] == [f"{_SCHEMA}{kind}"]
    assert described[f"{_SCHEMA}name"][0]["@value"]


def test_memberships_and_coordinates_are_in_the_description(shipped: Served) -> None:
    seoul = _described(shipped, "/doc/authority/seoul")
    networks = {str(found["@id"]).rpartition("/")[2] for found in seoul[f"{_SCHEMA}memberOf"]}
    assert "citynet" in networks
    place = _described(shipped, "/doc/place/barcelona")
    geo = place[f"{_SCHEMA}geo"][0]
    assert float(geo[f"{_SCHEMA}latitude"][0]["@value"]) == pytest.approx(41.4, abs=0.1)


def test_no_text_can_end_the_block() -> None:
    block = data_block({"name": "</script><script>alert(1)</script>\u2028<!--"})
    assert block.count("<") == 2
    (text,) = _BLOCK.findall(block)
    assert json.loads(text)["name"] == "</script><script>alert(1)</script>\u2028<!--"


def test_messengers_find_title_text_and_picture(shipped: Served) -> None:
    page = shipped.get("/doc/network/citynet", "text/html").text
    assert '<meta property="og:title" content="CITYNET' in page
    assert re.search(r'<meta name="description" property="og:description" content="[^"]{20,}">', page)
    assert shipped.get("/static/share.png").headers["content-type"] == "image/png"


def test_every_language_of_a_page_is_linked(shipped: Served) -> None:
    page = shipped.get("/doc/network/citynet?as_of=2013-11-20", "text/html").text
    linked = dict(re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', page))
    assert list(linked) == ["en", "ja", "es", "fr", "ca", "ko"]
    assert linked["ko"] == "/doc/network/citynet?as_of=2013-11-20&amp;lang=ko"


def test_the_icon_is_where_browsers_look(shipped: Served) -> None:
    icon = shipped.get("/favicon.ico")
    assert icon.headers["content-type"] == "image/x-icon"
    assert icon.content.startswith(b"\0\0\1\0")
    for path in re.findall(r'<link rel="[a-z-]*icon" href="([^"]+)"', shipped.get("/", "text/html").text):
        assert shipped.get(path).status_code == 200


def test_the_sitemap_lists_pages_that_answer_with_their_translations(shipped: Served) -> None:
    sitemap = ElementTree.fromstring(shipped.get("/sitemap.xml").content)
    urls = sitemap.findall(f"{_SITEMAP}url")
    paths = [(url.findtext(f"{_SITEMAP}loc") or "").removeprefix(shipped.url) for url in urls]
    assert "/doc/network/citynet" in paths
    assert all(len(url) == 7 for url in urls)
    assert all(shipped.client.head(path).status_code == 200 for path in paths[::25])


def test_a_sitemap_of_many_pages_comes_in_parts(shipped: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ElementTree.fromstring(shipped.get("/sitemap.xml").content)
    monkeypatch.setattr("hansa.serve.api.discovery._SITEMAP_LIMIT", 40)
    index = ElementTree.fromstring(shipped.get("/sitemap.xml").content)
    parts = [loc.text or "" for loc in index.iter(f"{_SITEMAP}loc")]
    assert len(parts) > 1
    listed = [len(ElementTree.fromstring(shipped.get(part).content)) for part in parts]
    assert sum(listed) == len(whole)
    assert shipped.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
