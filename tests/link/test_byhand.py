"""Drift and statements to give back, against results that were worked out by hand before the program was run."""

from pathlib import Path

import pytest

from hansa.config import Config
from hansa.link import report
from hansa.link.claims import Ours
from hansa.link.drift import Comparison
from hansa.link.quickstatements import plan, render
from hansa.link.slice import Slice, read_slice
from hansa.rdf import parse_file
from hansa.store import EmbeddedStore


@pytest.fixture(scope="module")
def case(data: Path) -> Path:
    return data / "byhand"


@pytest.fixture(scope="module")
def graph(case: Path, config: Config) -> Ours:
    return Ours(EmbeddedStore.memory(parse_file(case / "graph.trig")), config.vocab)


@pytest.fixture(scope="module")
def there(case: Path) -> Slice:
    return read_slice(case / "slice.ttl", complete=True)


def lines(path: Path) -> list[str]:
    return sorted(path.read_text(encoding="utf-8").splitlines())


def test_drift(graph: Ours, there: Slice, case: Path, config: Config) -> None:
    kinds = {entity: graph.kind(entity) for entity in graph.links}
    rows = Comparison(there, graph.links, graph.networks(), kinds).rows(graph.claims())
    assert sorted("\t".join(report.cells(row, config.vocab)) for row in rows) == lines(case / "drift.tsv")


def test_statements_to_give_back(graph: Ours, there: Slice, case: Path) -> None:
    commands, _ = plan(graph.claims(), there, graph.citations())
    assert sorted(render(commands).splitlines()) == lines(case / "quickstatements.tsv")


REFUSED = {
    ("network/alliance", "P571"): "Wikidata has it",
    ("network/gone", "P571"): "nothing is known about Q900203: deleted, or outside the slice",
    ("network/twin", "P571"): "Q900204 is now Q747279: review the link first",
    ("authority/stuttgart", "P463"): "Wikidata has it",
    ("authority/seoul", "P463"): "Wikidata has it",
}


def test_what_is_not_given_back_and_why(graph: Ours, there: Slice) -> None:
    _, refusals = plan(graph.claims(), there, graph.citations())
    found = {("/".join(r.claim.entity.split("/")[-2:]), r.claim.prop): r.reason for r in refusals}
    assert found == REFUSED
