"""Who is next: clients take turns; limits on rows and bytes are seen in every form."""

import asyncio
from pathlib import Path

import httpx
import pytest

from hansa.serve.engine.fairness import FairQueue, Waiter, client_key
from hansa.serve.engine.frames import Job
from hansa.serve.engine.pool import Answer, Pool
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import serve


def waiter(client: str, loop: asyncio.AbstractEventLoop) -> Waiter:
    return Waiter(client, "", loop.create_future())


def test_one_client_with_many_queries_lets_others_pass() -> None:
    loop = asyncio.new_event_loop()
    queue = FairQueue(100)
    for _ in range(50):
        queue.push(waiter("many", loop))
    queue.push(waiter("one", loop))
    first = [queue.pop() for _ in range(2)]
    assert {w.client for w in first if w} == {"many", "one"}
    assert len(queue) == 49
    loop.close()


def test_a_full_queue_takes_a_place_from_whoever_has_most() -> None:
    loop = asyncio.new_event_loop()
    queue = FairQueue(3)
    assert [queue.push(waiter("many", loop)) for _ in range(3)] == [None, None, None]
    again = waiter("many", loop)
    assert queue.push(again) is again
    evicted = queue.push(waiter("one", loop))
    assert evicted is not None
    assert evicted.client == "many"
    assert len(queue) == 3
    loop.close()


def test_clients_are_known_by_a_hash_only() -> None:
    assert "192.0.2.1" not in client_key("192.0.2.1")
    assert client_key("192.0.2.1") != client_key("192.0.2.2")
    assert client_key("2001:db8::1") == client_key("2001:db8::2")


ROWS = "SELECT ?a ?b { ?a ?b ?c . ?d ?e ?f } LIMIT %d"
FORMS = ["text/csv", "text/tab-separated-values", "application/sparql-results+json", "application/sparql-results+xml"]


def test_rows_and_bytes_have_limits(release: Path) -> None:
    with serve(release, ServeSettings(workers=1, row_limit=500, byte_limit=1 << 20)) as served:

        def ask(query: str, accept: str) -> httpx.Response:
            return served.client.get("/sparql", params={"query": query}, headers={"Accept": accept})

        for accept in FORMS:
            assert ask(ROWS % 500, accept).status_code == 200
            assert ask(ROWS % 501, accept).status_code == 504
        assert "500 rows" in ask(ROWS % 501, "text/csv").json()["detail"]
        graph = "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f } LIMIT 1000"
        assert ask(graph, "text/turtle").status_code == 504
        long = f"SELECT ('{'x' * 3000}' AS ?x) {{ ?a ?b ?c . ?d ?e ?f }} LIMIT 450"
        with pytest.raises(httpx.RemoteProtocolError):
            ask(long, "text/csv")


@pytest.mark.parametrize(
    "path", ["/queries/members?network=league&on=1994-02-03", "/queries/members.csv?network=league"]
)
def test_a_canned_query_waits_in_the_queue_of_its_client(
    path: str, release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    submit = Pool.submit

    async def noted(pool: Pool, job: Job, client: str) -> Answer:
        asked.append(client)
        return await submit(pool, job, client)

    monkeypatch.setattr(Pool, "submit", noted)
    with serve(release, ServeSettings(workers=1)) as served:
        assert served.get(path).status_code == 200
    assert asked
    assert all(asked)
