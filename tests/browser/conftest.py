"""Debian's Chromium, driven by Playwright, on the shipped graph served on loopback.

``open_page`` opens pages as different readers; whatever page it opened must have made no console message of an error
and no request to another host: that is asserted when the test ends. Screenshots are kept in ``test-artefacts/``.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from hansa.serve.pages.built import built_scripts
from hansa.serve.settings import ServeSettings
from tests.conftest import ROOT
from tests.serve.conftest import Served, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SCREENSHOTS = ROOT / "test-artefacts" / "screenshots"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PHONE = (390, 844)
WIDE = (1440, 900)

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-quic",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

OpenPage = Callable[..., "Page"]


def find_chromium() -> str:
    """Find Debian's browser, or skip the test."""
    found = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
    if not found:
        pytest.skip("there is no chromium here: apt-get install chromium")
    return found


# One playwright for this folder only: while one runs, no other test of the process can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A browser."""
    chromium = find_chromium()
    api = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed")
    with api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def site(shipped_dist: Path) -> Iterator[Served]:
    """The site of the shipped graph on loopback."""
    with serve((shipped_dist / "current").resolve(), ServeSettings(workers=1, time_limit=5)) as running:
        yield running


@pytest.fixture(scope="package")
def scripted() -> None:
    """Skip what needs the bundled scripts where they could not be made."""
    if not {"main", "editor"} <= set(built_scripts()):
        pytest.skip("the front end was not built: run make build where the npm registry is reached")


def watch(page: Page, faults: list[str], allowed: str) -> None:
    """Write down errors in the console and requests to other hosts."""
    host = urlsplit(allowed).netloc

    def on_request(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != host:
            faults.append(f"request to {request.url}")

    def on_console(message: Any) -> None:
        if message.type in ("error", "warning"):
            faults.append(f"console {message.type}: {message.text} ({page.url})")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: faults.append(f"error in a script: {error} ({page.url})"))


@pytest.fixture
def faults() -> list[str]:
    """What went wrong on the pages of a test; a test that expects something to go wrong may clear it."""
    return []


@pytest.fixture
def open_page(browser: Browser, site: Served, faults: list[str]) -> Iterator[OpenPage]:
    """Open pages: ``open_page("/networks", size=PHONE, javascript=False, scheme="dark", language="ja")``."""
    contexts = []

    def open_one(
        path: str,
        *,
        size: tuple[int, int] = WIDE,
        javascript: bool = True,
        scheme: str = "light",
        language: str = "en",
    ) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=language,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        watch(page, faults, site.url)
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not faults


def findings(page: Page, *, least: tuple[str, ...] = ("serious", "critical")) -> list[str]:
    """Let axe look at a page; give what it finds to be serious, with the elements."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run make build where the npm registry is reached")
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "tags => axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values: tags}})", _TAGS
    )
    return [
        f"{found['id']} ({found['impact']}) at {node['target']}: {node['html'][:160]} {node['failureSummary'][:200]}"
        for found in result["violations"]
        if found["impact"] in least
        for node in found["nodes"]
    ]


_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def keep(page: Page, name: str) -> None:
    """Keep a screenshot of what fits the window."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")
