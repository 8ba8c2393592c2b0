"""What parent and worker say to each other: a job as one JSON line, the answer as frames.

A frame is one byte that says what it is, four bytes of length (big-endian) and the payload:
``R`` the worker is ready (JSON: its process id), ``H`` a head (JSON: the form of the query), ``D`` data, ``E`` an error
(JSON), ``Z`` the end.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, fields
from typing import Any

from hansa.sparql import query_form

HEADER = struct.Struct(">cI")
READY, HEAD, DATA, ERROR, END = b"R", b"H", b"D", b"E", b"Z"
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


_FIELDS = tuple(f.name for f in fields(Job))


def encode_job(job: Job) -> bytes:
    """Write a job as one line."""
    # Not asdict(), which copies the prefixes deeply.
    values = {name: getattr(job, name) for name in _FIELDS}
    values["form"] = job.form or query_form(job.query)
    return json.dumps(values).encode() + b"\n"


def decode_job(line: bytes) -> Job:
    """Read a job."""
    return Job(**json.loads(line))


def frame(kind: bytes, payload: bytes | memoryview | dict[str, Any] = b"") -> bytes:
    """Write a frame."""
    data = json.dumps(payload).encode() if isinstance(payload, dict) else payload
    return HEADER.pack(kind, len(data)) + data


class FrameReader:
    """Takes bytes as they come and gives whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Give the frames that are complete now."""
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
