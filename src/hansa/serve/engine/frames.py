"""What parent and worker say to each other: a job as one JSON line, the answer as frames.

A frame is one byte that says what it is, four bytes of length (big-endian) and the payload:
``R`` the worker is ready (JSON: its process id), ``H`` a head (JSON: the form of the query), ``D`` data, ``E`` an error
(JSON), ``Z`` the end; ``S`` a whole short answer: the length of its head in two bytes, the head, the data.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hansa.sparql import query_form

HEADER = struct.Struct(">cI")
READY, HEAD, DATA, ERROR, END, SHORT = b"R", b"H", b"D", b"E", b"Z", b"S"
CHUNK = 1 << 16
"""Bytes of a piece of a long answer."""
WHOLE = 1 << 18
"""Bytes up to which an answer is sent in one piece, when it is complete; a longer one is streamed."""


@dataclass(frozen=True, slots=True)
class Job:
    """A query for a worker.

    :param query: SPARQL text, already checked to stay in the house
    :param base: the IRI that relative IRIs are resolved against
    :param tabular: media type of the answer to SELECT and ASK
    :param graph: media type of the answer to CONSTRUCT and DESCRIBE
    :param default_graphs: the default graph as IRIs, ``None`` for the union of all named graphs
    :param named_graphs: the named graphs as IRIs, ``None`` for all
    :param prefixes: written into the RDF forms that know prefixes
    :param form: SELECT, ASK, CONSTRUCT or DESCRIBE; found out when it is not given
    :param rows: stop after so many rows or triples and say so in the head (for pages), 0 for all
    """

    query: str
    base: str
    tabular: str
    graph: str
    default_graphs: list[str] | None = None
    named_graphs: list[str] | None = None
    prefixes: dict[str, str] | None = None
    rows: int = 0
    form: str = ""


_SELDOM = ("default_graphs", "named_graphs", "prefixes", "rows")


def like(job: Job, query: str) -> Job:
    """Give the job for another query of the same form."""
    return Job(
        query, job.base, job.tabular, job.graph, job.default_graphs, job.named_graphs, job.prefixes, job.rows, job.form
    )


@lru_cache(maxsize=64)
def _common(base: str, tabular: str, graph: str, form: str) -> str:
    return json.dumps({"base": base, "tabular": tabular, "graph": graph, "form": form})[:-1]


def encode_job(job: Job) -> bytes:
    """Write a job as one line."""
    # Not asdict(), which copies the prefixes deeply.
    rest = {name: value for name in _SELDOM if (value := getattr(job, name)) not in (None, 0)}
    common = _common(job.base, job.tabular, job.graph, job.form or query_form(job.query))
    more = f", {json.dumps(rest)[1:-1]}" if rest else ""
    return f'{common}{more}, "query": {json.dumps(job.query)}}}\n'.encode()


def decode_job(line: bytes) -> Job:
    """Read a job."""
    return Job(**json.loads(line))


def frame(kind: bytes, payload: bytes | memoryview | dict[str, Any] = b"") -> bytes:
    """Write a frame."""
    data = json.dumps(payload).encode() if isinstance(payload, dict) else payload
    return HEADER.pack(kind, len(data)) + data


Head = tuple[str, str, bool]
"""The form of a query, the media type of its answer, and whether rows are left out."""


@lru_cache(maxsize=64)
def head(form: str, media_type: str, *, truncated: bool = False) -> bytes:
    """Write a head."""
    return json.dumps((form, media_type, truncated)).encode()


@lru_cache(maxsize=64)
def read_head(payload: bytes) -> Head:
    """Read a head."""
    form, media_type, truncated = json.loads(payload)
    return form, media_type, truncated


def short(written: bytes, data: bytes | bytearray) -> bytes:
    """Write the frame of a whole answer.

    :param written: its head
    """
    size = len(written)
    return b"".join((HEADER.pack(SHORT, 2 + size + len(data)), size.to_bytes(2, "big"), written, data))


def read_short(payload: bytes) -> tuple[Head, bytes]:
    """Read a whole answer."""
    at = 2 + int.from_bytes(payload[:2], "big")
    return read_head(payload[2:at]), payload[at:]


class FrameReader:
    """Takes bytes as they come and gives whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Give the frames that are complete now."""
        if not self._buffer and len(data) >= HEADER.size:
            kind, length = HEADER.unpack_from(data)
            if len(data) == HEADER.size + length:
                # Most answers are one frame that comes in one piece.
                return [(kind, data[HEADER.size :])]
        self._buffer += data
        frames, at = [], 0
        while len(self._buffer) - at >= HEADER.size:
            kind, length = HEADER.unpack_from(self._buffer, at)
            end = at + HEADER.size + length
            if len(self._buffer) < end:
                break
            frames.append((kind, bytes(self._buffer[at + HEADER.size : end])))
            at = end
        del self._buffer[:at]
        return frames
