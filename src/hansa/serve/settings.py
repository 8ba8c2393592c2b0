"""What an operator may set."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from hansa.errors import ConfigError


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """Where the server listens and how much one client may take.

    :param processes: processes that answer requests
    :param workers: queries that run at once, and as many slow ones besides; there are twice as many processes
    :param time_limit: seconds after which a query is stopped, sending included
    :param queue_limit: queries that may wait for a worker; one more is answered with 503
    :param memory_limit: bytes of address space of one worker, 0 for no limit
    :param row_limit: rows or triples of one answer, 0 for no limit
    :param byte_limit: bytes of one answer, 0 for no limit
    :param quick_share: seconds of CPU time after which a query is a slow one
    :param answer_cache: bytes of short answers that are remembered, 0 for none
    :param body_limit: bytes of a query text or form
    :param url_limit: bytes of a path with its query string
    :param header_limit: bytes of all header fields of a request, its first line included
    :param header_timeout: seconds that a client has to send the header of a request
    :param body_timeout: seconds that a client has to send a body, and that it may leave an answer untouched
    :param grace: seconds that answers under way have to end when the server is stopped
    :param cache_bytes: bytes of finished answers kept in memory, 0 for none
    :param allow_service: endpoints that SERVICE in a query may name, as they are written there
    :param allow_service_network: ranges of addresses that are not public where such endpoints may be
    :param warm: make the index of reconciliation and the answers to canned queries before somebody asks for them
    :param access_log: write one JSON line to standard error for every answer
    :param page_size: things on one page of a list
    :param table_rows: rows of a result shown on a page; downloads are complete
    :param sheet_rows: rows of a spreadsheet; it is made in memory
    """

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1
    workers: int = 2
    time_limit: float = 30.0
    queue_limit: int = 64
    memory_limit: int = 2 << 30
    row_limit: int = 0
    byte_limit: int = 4 << 30
    quick_share: float = 0.05
    answer_cache: int = 8 << 20
    body_limit: int = 1 << 20
    url_limit: int = 16 << 10
    header_limit: int = 32 << 10
    header_timeout: float = 10.0
    body_timeout: float = 30.0
    grace: float = 10.0
    cache_bytes: int = 32 << 20
    allow_service: tuple[str, ...] = ()
    allow_service_network: tuple[str, ...] = ()
    warm: bool = False
    access_log: bool = False
    page_size: int = 100
    table_rows: int = 500
    sheet_rows: int = 100_000

    def __post_init__(self) -> None:
        """Check the numbers.

        :raises ConfigError: when one makes no sense
        """
        for name, least in _LEAST.items():
            value = getattr(self, name)
            if not value >= least:
                raise ConfigError(f"{name} is {value:g}, and the least it can be is {least:g}", "give a larger number")


def available_processors() -> int:
    """Count the processors that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_of(settings: ServeSettings) -> ServeSettings:
    """Give the settings of one process: its share of what is counted for all of them together."""
    number = settings.processes
    return replace(
        settings,
        workers=-(-settings.workers // number),
        queue_limit=-(-settings.queue_limit // number),
        cache_bytes=settings.cache_bytes // number,
        answer_cache=settings.answer_cache // number,
    )


_LEAST = {
    "processes": 1,
    "workers": 1,
    "time_limit": 0.01,
    "queue_limit": 0,
    "memory_limit": 0,
    "row_limit": 0,
    "byte_limit": 0,
    "quick_share": 0.001,
    "answer_cache": 0,
    "body_limit": 1,
    "url_limit": 256,
    "header_limit": 1024,
    "header_timeout": 0.1,
    "body_timeout": 0.1,
    "grace": 0,
    "cache_bytes": 0,
    "page_size": 1,
    "table_rows": 1,
    "sheet_rows": 1,
}
