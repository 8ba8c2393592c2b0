"""Every kind of page, as four readers see it: on a wide screen and a phone, light and dark, in English and Japanese."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, SCREENSHOTS, WIDE, OpenPage, findings, keep
from tests.serve.conftest import Served

PAGES = {
    "home": "/",
    "networks": "/networks",
    "cities": "/authorities",
    "sources": "/sources",
    "network": "/doc/network/citynet",
    "network-as-of": "/doc/network/citynet?as_of=2013-11-20",
    "authority": "/doc/authority/seoul",
    "place": "/doc/place/seoul",
    "person": "/doc/person/jakub-mazur",
    "post": "/doc/post/c40-chair",
    "programme": "/doc/programme/clima-metropole-plus",
    "event": "/doc/event/citynet-congress-7",
    "source": "/doc/source/metrex-about",
    "membership": "/doc/membership/amsterdam-erik-pasveer-official",
    "role": "/vocab/role",
    "concept": "/vocab/role/member-city",
    "theme": "/vocab/theme/climate-change",
    "themes": "/vocab/theme",
    "graph": "/graph/metrex-about",
    "changes": "/changes",
    "networks-as-of": "/networks?as_of=2000-06-01",
    "ontology": "/ontology",
    "search": "/search?q=metr",
    "questions": "/queries",
    "question": "/queries/members-of-network",
    "sparql": "/sparql",
    "downloads": "/dumps/",
    "docs": "/docs",
    "developers": "/developers",
    "about": "/about",
    "quality": "/quality",
}
ALIKE = ("network-as-of", "networks-as-of", "cities", "place", "post", "role", "theme", "graph")
"""Pages of the same parts as others; axe need not look at them."""
LOOKED_AT_TWICE = ("home", "networks", "network", "person", "concept", "search", "question", "sparql", "quality")
"""Pages that between them have every component of the design; axe looks at them in both readers' colours."""

READERS: dict[str, dict[str, Any]] = {
    "wide": {"size": WIDE},
    "phone-dark-ja": {"size": PHONE, "scheme": "dark", "language": "ja"},
}


@pytest.mark.parametrize("reader", READERS)
def test_every_page_is_accessible_and_fits(open_page: OpenPage, reader: str) -> None:
    page = open_page("/about", **READERS[reader])
    wrong: list[str] = []
    for name, path in PAGES.items():
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        if name in LOOKED_AT_TWICE or (reader == "wide" and name not in ALIKE):
            wrong += [f"{name}: {found}" for found in findings(page)]
        if page.evaluate("document.documentElement.scrollWidth") > READERS[reader]["size"][0]:
            wrong.append(f"{name}: wider than the window")
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        keep(page, f"{name}-{reader}")
    assert not wrong, "\n".join(wrong)


def test_every_page_says_the_same_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/", javascript=False)
    for path in PAGES.values():
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        hidden = page.locator("main [data-part=host], main [role=combobox]").all()
        assert not [element for element in hidden if element.is_visible()]
    keep(page, "quality-without-scripts")


# ---------------------------------------------------------------- how fast
_OBSERVE = """
window.seen = {largest: 0, shift: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) seen.largest = e.startTime; })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) seen.shift += e.value; })
  .observe({type: 'layout-shift', buffered: true});
"""
_WEIGHT = """
() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .map(e => [new URL(e.name).pathname, e.transferSize])
"""


def measure(page: Page, path: str) -> dict[str, Any]:
    """Load a page with an empty cache on a processor four times slower."""
    session = page.context.new_cdp_session(page)
    session.send("Network.clearBrowserCache")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(path, wait_until="load")
    page.wait_for_timeout(400)
    seen = page.evaluate("window.seen")
    parts = page.evaluate(_WEIGHT)
    session.detach()
    return {
        "path": path,
        "largest": seen["largest"],
        "shift": seen["shift"],
        "bytes": sum(b for _, b in parts),
        "parts": parts,
    }


@pytest.mark.alone
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("path", ["/", "/doc/network/citynet", "/queries/members-of-network", "/sparql"])
def test_a_page_is_light_quick_and_still(
    browser: Browser, site: Served, path: str, size: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    context = browser.new_context(base_url=site.url, viewport={"width": size[0], "height": size[1]}, locale="en")
    page = context.new_page()
    page.add_init_script(_OBSERVE)
    # Other work on the machine slows a page down; it cannot make it quicker.
    tries: list[dict[str, Any]] = []
    while len(tries) < 3 and not (tries and tries[-1]["largest"] < 1000):
        tries.append(measure(page, path))
    context.close()
    best = min(tries, key=lambda found: found["largest"])
    note(request.node.callspec.id, best)
    assert best["largest"] < 1000
    assert best["shift"] < 0.02
    map_and_editor = re.compile(r"/editor-|/map|/pictures/")
    assert sum(size for name, size in best["parts"] if not map_and_editor.search(name)) < 100_000, best["parts"]


def note(name: str, figures: dict[str, Any]) -> None:
    """Keep the figures beside the screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    file = SCREENSHOTS.parent / "figures.json"
    kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    kept[name] = figures
    file.write_text(json.dumps(kept, indent=1), encoding="utf-8")
