"""The one client for other servers, over real HTTP: against Oxigraph with a slice, and a server that misbehaves."""

import json
from collections.abc import Iterator
from email.utils import formatdate
from functools import partial
from pathlib import Path

import pytest

from hansa.errors import HansaError, QueryError
from hansa.link.cache import Cache
from hansa.link.claims import Ours
from hansa.link.drift import Comparison
from hansa.link.slice import WD, Slice, fetch_slice
from hansa.link.wikidata import Client, Manners, agent_of
from hansa.rdf import NamedNode, Triple
from tests.link.servers import Answer, Awkward, awkward, oxigraph

AGENT = agent_of("https://example.org/graph/", "1.2")
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?_item ?p ?o }"
HIT = json.dumps({"search": [{"id": "Q8684", "label": "Seoul", "description": "capital"}]}).encode()


class Watch:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def server() -> Iterator[Awkward]:
    with awkward() as running:
        yield running


@pytest.fixture(scope="module")
def wikidata(data: Path) -> Iterator[str]:
    with oxigraph(data / "theirs.ttl") as endpoint:
        yield endpoint


def client(watch: Watch, cache: Cache | None = None, **manners: float) -> Client:
    return Client(AGENT, cache=cache, clock=watch, manners=Manners(**manners))  # type: ignore[arg-type]


# ---------------------------------------------------------------- a real SPARQL server
def test_a_query_with_a_bound_term(wikidata: str, watch: Watch) -> None:
    table = client(watch).select(wikidata, COUNT, {"_item": NamedNode(f"{WD}Q900006")})
    assert [row["n"].value for row in table.dicts()] == ["1"]


def test_what_the_server_sends_compares_like_the_file(wikidata: str, watch: Watch, ours: Ours, theirs: Slice) -> None:
    fetched = fetch_slice(partial(client(watch).construct, wikidata), ours.links.values())
    kinds = {entity: ours.kind(entity) for entity in ours.links}
    rows = [Comparison(there, ours.links, ours.networks(), kinds).rows(ours.claims()) for there in (fetched, theirs)]
    assert rows[0] == rows[1]
    assert rows[0]


def test_the_real_slice_over_http(root: Path, watch: Watch) -> None:
    real = root.parent / "shared" / "data" / "wikidata_slice.ttl"
    if not real.is_file():
        pytest.skip("needs ../shared/data/wikidata_slice.ttl")
    with oxigraph(real) as endpoint:
        there = fetch_slice(partial(client(watch).construct, endpoint), [f"{WD}Q8684", f"{WD}Q1022", f"{WD}Q1490"])
    assert there.labels(f"{WD}Q8684")["ja"] == "ソウル特別市"
    assert len(there.statements(f"{WD}Q1022", "P463")) == 4
    assert [s.value.value for s in there.statements(f"{WD}Q1490", "P300")] == ["JP-13"]


def test_a_wrong_query_is_said_to_be_wrong_at_once(wikidata: str, watch: Watch) -> None:
    with pytest.raises(QueryError, match="refused the query"):
        client(watch).select(wikidata, "SELECT nonsense")
    assert watch.slept == []


def test_nobody_there(watch: Watch) -> None:
    with pytest.raises(HansaError, match="gave no answer in 3 tries"):
        client(watch, tries=3).search("Seoul", api="http://127.0.0.1:9/api")


# ---------------------------------------------------------------- manners
def test_it_says_who_calls_and_how_to_reach_them(server: Awkward, watch: Watch) -> None:
    server.answers = [Answer(body=HIT)]
    assert client(watch).search("Seoul", api=server.url)[0].qid == "Q8684"
    path, headers, _ = server.asked[0]
    assert "https://example.org/graph/" in headers["User-Agent"]
    assert headers["User-Agent"].startswith("hansa/1.2")
    assert "action=wbsearchentities" in path


def test_it_pauses_between_requests(server: Awkward, watch: Watch) -> None:
    server.answers = [Answer(body=HIT)]
    asker = client(watch, interval=2.5)
    for name in ("Seoul", "Tokyo", "Lyon"):
        asker.search(name, api=server.url)
    assert watch.slept == [2.5, 2.5]


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_it_is_told(server: Awkward, watch: Watch, status: int) -> None:
    server.answers = [Answer(status, headers={"Retry-After": "7"}), Answer(body=HIT)]
    assert client(watch, interval=0).search("Seoul", api=server.url)
    assert watch.slept == [7.0]


def test_retry_after_may_be_a_date(server: Awkward, watch: Watch) -> None:
    server.answers = [Answer(429, headers={"Retry-After": formatdate(watch.time + 9, usegmt=True)}), Answer(body=HIT)]
    assert client(watch, interval=0).search("Seoul", api=server.url)
    assert watch.slept == [9.0]


def test_a_longer_wait_than_the_deadline_is_an_error_that_says_so(server: Awkward, watch: Watch) -> None:
    server.answers = [Answer(429, headers={"Retry-After": "3600"})]
    with pytest.raises(HansaError, match="asks to wait 3600 s"):
        client(watch).search("Seoul", api=server.url)
    assert watch.slept == []


def test_pauses_double_up_to_a_cap_and_the_tries_end(server: Awkward, watch: Watch) -> None:
    server.answers = [Answer(500)]
    with pytest.raises(HansaError, match="gave no answer in 6 tries"):
        client(watch, tries=6, backoff=2, longest=5, interval=0, deadline=600).search("Seoul", api=server.url)
    assert len(server.asked) == 6
    for slept, most in zip(watch.slept, (2, 4, 5, 5, 5), strict=True):
        assert most * 0.75 <= slept <= most


def test_the_deadline_ends_the_tries(server: Awkward, watch: Watch) -> None:
    server.answers = [Answer(503)]
    with pytest.raises(HansaError, match="10 s at most"):
        client(watch, tries=50, backoff=4, interval=0, deadline=10).search("Seoul", api=server.url)
    assert sum(watch.slept) < 10


def test_sparql_waits_too(server: Awkward, watch: Watch) -> None:
    body = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
    server.answers = [Answer(429, headers={"Retry-After": "3"}), Answer(500), Answer(body=body)]
    assert client(watch, interval=0).select(server.url, "SELECT ?x { ?x ?y ?z }").rows == ()
    assert watch.slept[0] == 3.0
    assert len(server.asked) == 3


def test_a_slow_answer_is_given_up() -> None:
    with awkward() as server:
        server.answers = [Answer(pieces=[b" "] * 40, pause=0.1)]
        with pytest.raises(HansaError, match=r"too slowly|gave no answer"):
            Client(AGENT, manners=Manners(deadline=1, tries=1, interval=0)).search("Seoul", api=server.url)


def test_a_broken_answer_under_status_200_is_tried_again(server: Awkward, watch: Watch) -> None:
    server.answers = [Answer(body=b'{"search": [{"id": "Q8'), Answer(body=HIT)]
    assert client(watch).search("Seoul", api=server.url)[0].qid == "Q8684"


def test_a_wrong_address_is_not_tried_again(server: Awkward, watch: Watch) -> None:
    server.answers = [Answer(404)]
    with pytest.raises(HansaError, match="answered 404"):
        client(watch).search("Seoul", api=server.url)
    assert len(server.asked) == 1


def test_a_reconciliation_service(server: Awkward, watch: Watch) -> None:
    hit = {"id": "Q8684", "name": "Seoul", "score": 98.5, "match": True}
    server.answers = [Answer(body=json.dumps({"q1": {"result": []}, "q0": {"result": [hit]}}).encode())]
    found = client(watch).reconcile(["Seoul", "Nowhere"], "Q515", service=server.url)
    assert [[h.qid for h in hits] for hits in found] == [["Q8684"], []]
    assert found[0][0].match
    assert b"Q515" in server.asked[0][2]


# ---------------------------------------------------------------- cache
def test_an_answer_is_kept_until_it_expires(server: Awkward, watch: Watch, tmp_path: Path) -> None:
    server.answers = [Answer(body=HIT)]
    asker = client(watch, Cache(tmp_path, watch, expiry=100))
    asker.search("Seoul", api=server.url)
    asker.search("Seoul", api=server.url)
    assert len(server.asked) == 1
    watch.time += 101
    asker.search("Seoul", api=server.url)
    assert len(server.asked) == 2


def test_another_question_is_asked(server: Awkward, watch: Watch, tmp_path: Path) -> None:
    server.answers = [Answer(body=HIT)]
    asker = client(watch, Cache(tmp_path, watch))
    for language in ("en", "ja"):
        asker.search("Seoul", language, api=server.url)
    assert len(server.asked) == 2


def test_offline_gives_what_was_kept_and_never_asks(server: Awkward, watch: Watch, tmp_path: Path) -> None:
    server.answers = [Answer(body=HIT)]
    cache = Cache(tmp_path, watch, expiry=1)
    client(watch, cache).search("Seoul", api=server.url)
    watch.time += 1000
    offline = Client(AGENT, cache=cache, clock=watch, offline=True)
    assert offline.search("Seoul", api=server.url)[0].qid == "Q8684"
    with pytest.raises(HansaError, match="no kept answer"):
        offline.search("Tokyo", api=server.url)
    assert len(server.asked) == 1


def test_a_damaged_answer_is_fetched_again(server: Awkward, watch: Watch, tmp_path: Path) -> None:
    server.answers = [Answer(body=HIT)]
    asker = client(watch, Cache(tmp_path, watch))
    asker.search("Seoul", api=server.url)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-5])
    assert asker.search("Seoul", api=server.url)[0].qid == "Q8684"
    assert len(server.asked) == 2


# ---------------------------------------------------------------- long runs
def test_a_run_that_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    items = [f"{WD}Q{number}" for number in range(1, 121)]
    keep, asked = tmp_path / "slice.nt", []

    def ask(query: str, *, dies_at: int) -> list[Triple]:
        asked.append(query)
        if len(asked) == dies_at:
            raise HansaError("the line is down")
        named = [item for item in items if f"<{item}>" in query]
        return [
            Triple(NamedNode(i), NamedNode("http://www.wikidata.org/prop/direct/P31"), NamedNode(f"{WD}Q5"))
            for i in named
        ]

    with pytest.raises(HansaError):
        fetch_slice(partial(ask, dies_at=3), items, keep)
    with keep.open("ab") as file:
        file.write(b"<half a tri")
    there = fetch_slice(partial(ask, dies_at=0), items, keep)
    assert len(asked) == 4, "two batches were kept, one is asked again"
    assert all(there.knows(item) for item in items)
    assert [path.name for path in tmp_path.iterdir()] == ["slice.nt"], "the cursor goes when the slice is whole"
