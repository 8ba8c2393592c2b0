"""Candidates from other servers over real HTTP: Oxigraph with a slice, a stand-in for Wikidata's search, a Hansa."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from hansa.cli import cli
from hansa.config import Config
from hansa.errors import HansaError
from hansa.link.cache import Cache, SystemClock
from hansa.link.decisions import read_decisions
from hansa.link.gazetteer import Gazetteer
from hansa.link.match import propose
from hansa.link.online import Online, Services, tags
from hansa.link.proposal import Proposal, Query, Verdict
from hansa.link.propose import propose_all
from hansa.link.reviewed import labels, reviewed
from hansa.link.slice import WD, read_slice
from hansa.link.wikidata import Client, Manners, agent_of
from hansa.serve.settings import ServeSettings
from hansa.store import EmbeddedStore
from tests.link.servers import oxigraph, search_api
from tests.serve.conftest import serve

AGENT = agent_of("https://example.org/", "1")
ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared/data/wikidata_slice.ttl"


def client(cache: Cache | None = None, *, offline: bool = False) -> Client:
    return Client(AGENT, cache=cache, manners=Manners(interval=0, tries=1), offline=offline)


@pytest.fixture(scope="module")
def endpoint(data: Path) -> Iterator[str]:
    with oxigraph(data / "online.ttl") as running:
        yield running


@pytest.fixture(scope="module")
def search(data: Path) -> Iterator[str]:
    items = [f"{WD}Q{number}" for number in (20934, *range(900101, 900109))]
    with search_api(read_slice(data / "online.ttl"), items) as running:
        yield running


@pytest.fixture(scope="module")
def online(endpoint: str, search: str) -> Online:
    return Online(client(), Services(endpoint, search))


def ask(online: Online, gaz: Gazetteer, name: str, country: str = "", kind: str = "") -> Proposal:
    return next(propose_all([("1", Query(name, country, kind))], gaz, elsewhere=online)).proposal


def test_a_name_that_only_wikidata_has(online: Online, gaz: Gazetteer) -> None:
    assert propose(Query("इंचियोन"), gaz).verdict is Verdict.REVIEW
    found = ask(online, gaz, "इंचियोन")
    assert (found.verdict, found.qid) == (Verdict.MATCH, "Q20934")
    assert found.candidates[0].item.population > 1_000_000, "the shipped facts stay"


def test_a_network_is_found_and_a_page_of_the_wiki_is_not_its_rival(online: Online, gaz: Gazetteer) -> None:
    assert propose(Query("METREX"), gaz).verdict is Verdict.NIL
    found = ask(online, gaz, "METREX", kind="network")
    assert (found.verdict, found.qid) == (Verdict.MATCH, "Q900101")
    assert "Wikidata" in found.reasons
    assert ask(online, gaz, "METREX").qid == "Q900101", "without a type as well"
    assert ask(online, gaz, "Metropolitan Exchange").qid == "Q900101", "by its alias"


def test_two_items_of_one_name_go_to_review(online: Online, gaz: Gazetteer) -> None:
    found = ask(online, gaz, "Bund der Flüsse")
    assert found.verdict is Verdict.REVIEW
    assert {c.item.qid for c in found.candidates} == {"Q900103", "Q900104"}
    assert "ambiguous" in found.reasons[-1]


def test_type_and_country_count_online_too(online: Online, gaz: Gazetteer) -> None:
    assert ask(online, gaz, "Nowhereville", "JP").qid == "Q900105", "the redirect is no rival"
    elsewhere = ask(online, gaz, "Nowhereville", "FR")
    assert (elsewhere.verdict, elsewhere.qid) == (Verdict.NIL, "")
    assert ask(online, gaz, "Nowhereville", "JP", "authority").verdict is Verdict.REVIEW, "a city is no government"
    assert ask(online, gaz, "Government of Nowhereville", "JP").qid == "Q900108"


def test_something_of_another_kind_is_never_a_match(online: Online, gaz: Gazetteer) -> None:
    found = ask(online, gaz, "Quillonbridge")
    assert (found.verdict, found.qid) == (Verdict.REVIEW, "Q900106")
    assert "neither a place nor an organization" in found.reasons[-1]


def test_search_finds_what_labels_do_not(endpoint: str, search: str, gaz: Gazetteer) -> None:
    by_label = Online(client(), Services(endpoint, ""))
    assert ask(by_label, gaz, "nowhereville", "JP").verdict is not Verdict.MATCH, "labels are compared letter by letter"
    assert ask(Online(client(), Services(endpoint, search)), gaz, "nowhereville", "JP").qid == "Q900105"


def test_nobody_is_asked_about_matches_and_persons(gaz: Gazetteer) -> None:
    nobody = Online(client(), Services("http://127.0.0.1:9/sparql", ""))
    rows = propose_all([("1", Query("Seoul")), ("2", Query("Jakub Mazur", kind="person"))], gaz, elsewhere=nobody)
    assert [row.proposal.verdict for row in rows] == [Verdict.MATCH, Verdict.NIL]
    with pytest.raises(HansaError, match="gave no answer"):
        ask(nobody, gaz, "METREX")


def test_kept_answers_serve_offline(endpoint: str, search: str, gaz: Gazetteer, tmp_path: Path) -> None:
    cache = Cache(tmp_path, SystemClock())
    services = Services(endpoint, search)
    assert ask(Online(client(cache), services), gaz, "METREX").qid == "Q900101"
    offline = Online(client(cache, offline=True), services)
    assert ask(offline, gaz, "METREX").qid == "Q900101"
    with pytest.raises(HansaError, match="no kept answer"):
        ask(offline, gaz, "Bund der Flüsse")


@pytest.mark.parametrize(
    ("name", "some"),
    [("Seoul", {"en", "es"}), ("東京", {"ja", "zh"}), ("Сеул", {"ru"}), ("서울", {"ko"}), ("42", {"en"})],
)
def test_the_script_of_a_name_says_which_labels_to_ask_for(name: str, some: set[str]) -> None:
    assert some <= set(tags(name))


# ---------------------------------------------------------------- a reconciliation service
def test_another_hansa_is_asked_for_what_it_has_linked(shipped_dist: Path, gaz: Gazetteer) -> None:
    """Our own service knows things of its own, and their items as a property: both steps over HTTP."""
    if not REAL.is_file():
        pytest.skip("needs ../shared/data/wikidata_slice.ttl")
    with oxigraph(REAL) as endpoint, serve(shipped_dist / "current", ServeSettings()) as hansa:
        without = Online(client(), Services(endpoint, ""))
        asking = Online(client(), Services(endpoint, "", f"{hansa.url}/reconcile"))
        assert asking.look_up([Query("ソウル")], gaz).by_qid.keys() >= {"Q8684"}
        assert ask(without, gaz, "G20 Group", kind="organization").qid == ""
        found = asking.look_up([Query("UN")], gaz)
    assert found.by_qid["Q1065"].name == "United Nations"


# ---------------------------------------------------------------- what was decided already
def test_accepted_links_are_candidates_under_every_name_of_the_graph(config: Config, gaz: Gazetteer) -> None:
    table = ROOT / "instances/links/wikidata.sssom.tsv"
    decisions, _ = read_decisions(table, table.name, config.vocab)
    seoul = config.vocab.expand("place:seoul")
    more = reviewed(decisions, {seoul: ["Soulopolis"]}, gaz, config.vocab)
    assert propose(Query("Soulopolis"), gaz).verdict is not Verdict.MATCH
    found = propose(Query("Soulopolis"), gaz, more)
    assert (found.verdict, found.qid) == (Verdict.MATCH, "Q8684")
    assert "reviewed link of place:seoul" in found.reasons
    assert more.by_qid["Q64"].kind == "city", "Berlin is a region too"
    undecided = {d.object.rpartition("/")[2] for d in decisions if d.decision == "undecided"}
    assert not {item.qid for item in more.items} & (undecided - {"Q1799", "Q185125"}), "only accepted ones"


def test_names_come_from_the_release(config: Config) -> None:
    text = (
        b'<http://x/1> <http://www.w3.org/2004/02/skos/core#altLabel> "b" ; '
        b'<http://www.w3.org/2004/02/skos/core#prefLabel> "z"@en .'
    )
    from hansa.rdf import FORMATS, parse_bytes

    assert labels(EmbeddedStore.memory(parse_bytes(text, FORMATS["turtle"]))) == {"http://x/1": ["z", "b"]}


# ---------------------------------------------------------------- the command
@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "in.csv").write_text("id,name\n1,Seoul\n2,METREX\n", encoding="utf-8")
    return tmp_path / "in.csv"


def test_the_command_asks_the_servers_that_are_named(endpoint: str, search: str, table: Path) -> None:
    out = table.with_name("out.csv")
    given = ["--endpoint", endpoint, "--search-url", search, "--out", str(out), "--names", str(table)]
    result = CliRunner().invoke(cli, ["--project", str(ROOT), "link", "propose", *given])
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["decision"], row["qid"]) for row in rows] == [("match", "Q8684"), ("match", "Q900101")]


def test_the_project_may_name_the_servers(endpoint: str, search: str, table: Path, tmp_path: Path) -> None:
    shown = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    servers = f'[tool.hansa.wikidata]\nendpoint = "{endpoint}"\nsearch-url = "{search}"\n\n'
    (tmp_path / "pyproject.toml").write_text(
        shown.replace("[tool.hansa.prefixes]", servers + "[tool.hansa.prefixes]"), encoding="utf-8"
    )
    result = CliRunner().invoke(cli, ["--project", str(tmp_path), "link", "propose", "--names", str(table), "--online"])
    assert result.exit_code == 0, result.output
    assert "Q900101" in result.output
