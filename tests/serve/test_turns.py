"""Queries that nothing is known of get their turn while others that are known to be quick keep coming."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

from hansa.manifest import build_store, read_release
from hansa.serve.engine.frames import Job
from hansa.serve.engine.pool import Answer, Pool
from hansa.serve.settings import ServeSettings

pytestmark = pytest.mark.alone  # all must have had their turn within the time limit

both = pytest.mark.parametrize("workers", [1, 2])


def job(query: str) -> Job:
    return Job(query, "https://example.org/", "application/sparql-results+json", "text/turtle")


@asynccontextmanager
async def flooded(release: Path, workers: int) -> AsyncIterator[Pool]:
    """A pool for whose places quick queries of one shape always wait."""
    settings = ServeSettings(workers=workers, time_limit=2, answer_cache=0)
    pool = Pool(build_store(read_release(release)), settings)
    await pool.start()
    numbers = count()

    async def flood() -> None:
        while True:
            await pool.submit(job(f'ASK {{ ?s ?p "{next(numbers)}" }}'), "somebody")

    tasks: list[asyncio.Task[None]] = []
    try:
        await pool.submit(job('ASK { ?s ?p "first" }'), "somebody")
        tasks += [asyncio.create_task(flood()) for _ in range(4)]
        await asyncio.sleep(0)
        yield pool
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await pool.stop()


@both
def test_a_query_of_another_shape_has_its_turn_while_quick_ones_keep_coming(release: Path, workers: int) -> None:
    async def ask() -> Answer:
        async with flooded(release, workers) as pool:
            return await pool.submit(job("SELECT ?s { ?s ?p ?o } LIMIT 1"), "another")

    assert asyncio.run(ask()).form == "SELECT"


@both
def test_those_like_a_query_that_was_quick_wait_no_longer_than_others_that_are(release: Path, workers: int) -> None:
    async def ask() -> list[Answer]:
        async with flooded(release, workers) as pool:
            texts = [f'SELECT ?s {{ ?s ?p "{number}" }}' for number in range(20)]
            return await asyncio.gather(*(pool.submit(job(text), "another") for text in texts))

    assert len(asyncio.run(ask())) == 20
