"""What an operator may set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Where the server listens and how much one client may take.

    :param workers: processes that answer queries
    :param time_limit: seconds after which a query is stopped, sending included
    :param queue_limit: queries that may wait for a worker; one more is answered with 503
    :param memory_limit: bytes of address space of one worker, 0 for no limit
    :param body_limit: bytes of a query text or form
    :param page_size: things on one page of a list
    :param table_rows: rows of a result shown on a page; downloads are complete
    :param sheet_rows: rows of a spreadsheet; it is made in memory
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    time_limit: float = 30.0
    queue_limit: int = 64
    memory_limit: int = 2 << 30
    body_limit: int = 1 << 20
    page_size: int = 100
    table_rows: int = 500
    sheet_rows: int = 100_000
