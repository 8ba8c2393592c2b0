"""The federated queries, run against a real SPARQL server that holds a small slice of Wikidata."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hansa.model import CannedQuery
from hansa.parameters import bind_parameters
from hansa.results import text_rows
from hansa.store import EmbeddedStore
from hansa.vocab import Vocabulary
from tests.link.servers import oxigraph

WIKIDATA = "https://query.wikidata.org/sparql"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with oxigraph(Path(__file__).parents[1] / "link" / "data" / "theirs.ttl") as endpoint:
        yield endpoint


@pytest.fixture
def ask(server: str, canned: dict[str, CannedQuery], shipped: EmbeddedStore, vocab: Vocabulary):  # type: ignore[no-untyped-def]
    def answer(name: str, **given: str) -> list[list[str]]:
        query = canned[name]
        assert WIKIDATA in query.text
        values = bind_parameters(query, given, vocab)
        return text_rows(shipped.select(query.text.replace(WIKIDATA, server), values), vocab, "en")

    return answer


def test_names_beside_those_of_wikidata(ask) -> None:  # type: ignore[no-untyped-def]
    found = ask("wikidata-label-check", item="wd:Q8684")
    assert [row[:3] for row in found] == [["place:seoul", "ソウル @ja", "ソウル特別市 @ja"]]


def test_memberships_that_wikidata_lacks(ask) -> None:  # type: ignore[no-untyped-def]
    networks = {row[1] for row in ask("wikidata-memberships-missing", item="wd:Q8684")}
    assert {"network:citynet", "network:anmc21"} <= networks


def test_large_cities_of_a_country_and_their_networks(ask) -> None:  # type: ignore[no-untyped-def]
    found = ask("wikidata-cities-of-country", country="wd:Q17", minimum="1000000")
    assert {tuple(row[:1] + row[3:5]) for row in found} == {("wd:Q1490", "place:tokyo", "authority:tokyo")}
    assert {row[5] for row in found} == {"network:anmc21", "network:u20"}
    assert ask("wikidata-cities-of-country", country="wd:Q17", minimum="20000000") == []


def test_the_mayor_of_today(ask) -> None:  # type: ignore[no-untyped-def]
    found = ask("wikidata-mayor-of-city", item="wd:Q8684")
    assert {row[2] for row in found} == {"wd:Q900008"}
    assert {row[1] for row in found} >= {"network:citynet", "network:anmc21"}
    assert found[0][3] == "Ada"


def test_members_in_wikidata_beside_ours(ask) -> None:  # type: ignore[no-untyped-def]
    found = ask("wikidata-members-of-network", item="wd:Q900006")
    assert found == [["wd:Q456", "Lyon", "place:lyon", ""]]
