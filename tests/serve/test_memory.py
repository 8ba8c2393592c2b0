"""What is kept in memory takes what it counts as."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from hansa.serve.http.encoding import CODINGS, pack


@pytest.mark.parametrize("coding", CODINGS)
def test_a_packed_body_takes_no_more_than_its_bytes(coding: str) -> None:
    numbers = random.Random(1)
    bodies = [b"".join(b"membership/%d " % numbers.randrange(1000) for _ in range(3000)) for _ in range(20)]
    tracemalloc.start()
    try:
        kept = [pack(body, coding) for body in bodies]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(map(len, kept)) < sum(map(len, bodies)) / 3
    assert taken < 1.2 * sum(map(len, kept))
