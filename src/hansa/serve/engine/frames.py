"""What parent and worker say to each other: a job as one JSON line, the answer as frames.

A frame is one byte that says what it is, four bytes of length (big-endian) and the payload:
``H`` a head (JSON: the form of the query), ``D`` data, ``E`` an error (JSON), ``Z`` the end.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any

HEADER = struct.Struct(">cI")
HEAD, DATA, ERROR, END = b"H", b"D", b"E", b"Z"
CHUNK = 1 << 16


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


def encode_job(job: Job) -> bytes:
    """Write a job as one line."""
    return json.dumps(asdict(job)).encode() + b"\n"


def decode_job(line: bytes) -> Job:
    """Read a job."""
    return Job(**json.loads(line))


def frame(kind: bytes, payload: bytes | dict[str, Any] = b"") -> bytes:
    """Write a frame."""
    data = json.dumps(payload).encode() if isinstance(payload, dict) else payload
    return HEADER.pack(kind, len(data)) + data
