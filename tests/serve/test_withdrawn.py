"""What was published once and is no more: said by people in a table, kept by the release, answered with 410 Gone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hansa.config import Config
from hansa.errors import HansaError
from hansa.manifest import MANIFEST, read_release, withdrawn_things
from hansa.rdf import Graphs, parse_file
from hansa.release import ReleaseInputs, write_release
from hansa.serve.settings import ServeSettings
from hansa.store import EmbeddedStore
from hansa.withdrawn import read_withdrawn
from tests.serve.conftest import BASE, DATA, Served, make_release, serve

HEAD = "iri\tdate\treason\treplaced_by\n"
ROWS = f"""{BASE}id/network/guild\t2026-01-30\tthe same <b>network</b> as the league\t{BASE}id/network/league
{BASE}id/person/nobody\t2025-06-01\ta misreading\t
"""


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, config: Config) -> Iterator[Served]:
    place = make_release(tmp_path_factory.mktemp("dist") / "1", config, list(parse_file(DATA / "graph.trig")))
    (place / "withdrawn.tsv").write_text(HEAD + ROWS, encoding="utf-8")
    manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    size = len((HEAD + ROWS).encode())
    listed = {"path": "withdrawn.tsv", "media_type": "text/plain", "bytes": size, "sha256": "0" * 64, "title": "gone"}
    manifest["files"].append(listed)
    (place / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with serve(place, ServeSettings(workers=1)) as running:
        yield running


@pytest.mark.parametrize("path", ["/id/network/guild", "/doc/network/guild", "/doc/network/guild.ttl"])
def test_programs_learn_when_why_and_what_instead(target: Served, path: str) -> None:
    answer = target.get(path, "text/turtle, application/json;q=0.5")
    assert answer.status_code == 410
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Link"] == '</doc/network/league>; rel="successor-version"'
    problem = answer.json()
    assert problem["detail"] == "this thing was withdrawn on 2026-01-30: the same <b>network</b> as the league"
    assert problem["replacedBy"]["href"] == "/doc/network/league"
    assert problem["replacedBy"]["iri"] == f"{BASE}id/network/league"


def test_people_see_a_page_with_a_link(target: Served) -> None:
    page = target.get("/doc/network/guild", "text/html")
    assert page.status_code == 410
    assert '<a href="/doc/network/league">' in page.text
    assert "&lt;b&gt;network" in page.text
    assert "<b>network" not in page.text


def test_nothing_need_stand_in_its_place(target: Served) -> None:
    answer = target.get("/doc/person/nobody")
    assert (answer.status_code, "replacedBy" in answer.json(), "Link" in answer.headers) == (410, False, False)
    assert target.get("/doc/person/somebody").status_code == 404
    assert target.get("/doc/network/league").status_code == 200


# ---------------------------------------------------------------- the build
@pytest.fixture(scope="module")
def make_inputs(config: Config, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], ReleaseInputs]:
    quads = list(parse_file(DATA / "graph.trig"))
    graphs: Graphs = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, []).append(quad)  # type: ignore[arg-type]
    place = tmp_path_factory.mktemp("project")
    (place / "hansa.ttl").write_text("<x:ontology> <x:p> 1 .", encoding="utf-8")
    prefixes = {name: iri.replace(config.base, BASE) for name, iri in config.prefixes.items()}
    ours = replace(config, base=BASE, prefixes=prefixes)

    def make(table: str) -> ReleaseInputs:
        given = place / "withdrawn.tsv"
        given.write_text(table, encoding="utf-8")
        store = EmbeddedStore.memory(quads)
        ontology = (place / "hansa.ttl",)
        return ReleaseInputs(
            ours, graphs, lambda: store, "{}\n", "", ontology=ontology, withdrawn=given if table else None
        )

    return make


def test_a_release_keeps_the_table_with_full_iris(make_inputs: Callable[[str], ReleaseInputs], tmp_path: Path) -> None:
    table = HEAD + "network:guild\t2026-01-30\ttwice\tnetwork:league\n\n"
    found = withdrawn_things(write_release(make_inputs(table), tmp_path))
    assert found[f"{BASE}id/network/guild"].replaced_by == f"{BASE}id/network/league"
    assert "withdrawn.tsv" in (tmp_path / "current" / "SHA256SUMS").read_text(encoding="utf-8")


def test_without_a_table_nothing_is_said_of_it(make_inputs: Callable[[str], ReleaseInputs], tmp_path: Path) -> None:
    release = write_release(make_inputs(""), tmp_path)
    assert withdrawn_things(read_release(release.directory)) == {}
    assert all(
        "withdrawn" not in p.read_text(encoding="utf-8") for p in release.directory.glob("*.*") if p.suffix != ".gz"
    )


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("network:league\t2026-01-30\tx\t", ":2: .* is still described"),
        ("network:guild\t2026-01-30\tx\tnetwork:nothing", "network/nothing> is not described"),
        ("network:guild\t30 January\tx\t", "'30 January' is not a day"),
        ("network:guild\t2026-01-30\t\t", "no reason"),
        ("network:guild\t2026-01-30\tx", "3 cells"),
        ("nonsense:guild\t2026-01-30\tx\t", "unknown prefix"),
        ("skos:Concept\t2026-01-30\tx\t", "no thing of this graph"),
        ("network:guild\t2026-01-30\tx\t\nnetwork:guild\t2026-01-30\tx\t", ":3: .* twice"),
    ],
)
def test_a_wrong_row_stops_the_build(
    make_inputs: Callable[[str], ReleaseInputs], tmp_path: Path, row: str, complaint: str
) -> None:
    with pytest.raises(HansaError, match=complaint):
        write_release(make_inputs(f"{HEAD}{row}\n"), tmp_path)
    assert not (tmp_path / "current").exists()


def test_other_columns_are_refused() -> None:
    with pytest.raises(HansaError, match=r"withdrawn\.tsv:1: the columns are iri, day"):
        read_withdrawn("iri\tday\n", "withdrawn.tsv")
