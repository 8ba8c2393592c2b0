"""A process that answers queries on the read-only store, one after another, and may be killed at any moment.

Made by :mod:`hansa.serve.engine.nursery`; jobs come on its channel, frames go out on it (see
:mod:`hansa.serve.engine.frames`).
"""

from __future__ import annotations

import io
import json
import os
import re
import socket
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from hansa.errors import HansaError, QueryError
from hansa.rdf import FORMATS, NamedNode, Triple, write
from hansa.serve.engine.confine import confine, limit_memory
from hansa.serve.engine.csv_rows import CsvFromTsv
from hansa.serve.engine.frames import (
    CHUNK,
    DATA,
    END,
    ERROR,
    HEAD,
    READY,
    WHOLE,
    Job,
    decode_job,
    frame,
    head,
    short,
)
from hansa.serve.engine.rows import RowCounter
from hansa.sparql import query_form
from hansa.store import RESULT_FORMATS, EmbeddedStore


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a query may take; 0 for no limit.

    :param memory: bytes of address space of the process
    :param rows: rows or triples of an answer
    :param size: bytes of an answer
    """

    memory: int = 0
    rows: int = 0
    size: int = 0


_RESULTS_XML = "application/sparql-results+xml"
_CSV, _TSV = "text/csv", "text/tab-separated-values"
_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that XML 1.0 cannot hold, not even escaped (section 2.2), in UTF-8."""


class LimitError(Exception):
    """An answer is longer than allowed."""


class _FrameWriter:
    """A file that gathers what is written and sends it as data frames.

    A short answer leaves in one frame with its head; what was not sent when a query fails is lost.

    :param form: of the query
    :param media_type: of what is written
    :param counted: its rows are counted; those of a page are not, which are few
    :ivar truncated: rows are left out; to be set before anything is written
    """

    def __init__(self, out: BinaryIO, form: str, media_type: str, limits: Limits, *, counted: bool) -> None:
        self._out = out
        self._about = form, media_type
        self.truncated = False
        self._waiting = bytearray()
        self._started = False
        self._left = limits.size
        self._limits = limits
        self._rows = RowCounter(media_type, limits.rows) if limits.rows and counted else None
        self._is_xml = media_type == _RESULTS_XML

    def write(self, data: bytes) -> int:
        # Parsers of XML read a carriage return that is not escaped as a line end (XML 1.0 section 2.11).
        self._waiting += data.replace(b"\r", b"&#xD;") if self._is_xml else data
        if len(self._waiting) >= (CHUNK if self._started else WHOLE):
            self._send()
        return len(data)

    def flush(self) -> None:
        """Do nothing: whoever serialises may flush early, and the first piece is to be held back."""

    def _check(self) -> None:
        if self._is_xml and _NOT_IN_XML.search(self._waiting):
            raise QueryError("a text has control characters, which XML cannot hold", "ask for JSON or CSV")
        if self._limits.size:
            self._left -= len(self._waiting)
            if self._left < 0:
                raise LimitError(f"the answer is longer than {self._limits.size} bytes")
        if self._rows and self._rows.exceeded(self._waiting):
            raise LimitError(f"the answer has more than {self._limits.rows} rows")

    def _send(self, tail: bytes = b"") -> None:
        self._check()
        first = b"" if self._started else frame(HEAD, head(*self._about, truncated=self.truncated))
        self._started = True
        view = memoryview(self._waiting)
        pieces = [frame(DATA, view[at : at + CHUNK]) for at in range(0, len(view), CHUNK)]
        view.release()
        self._out.write(b"".join((first, *pieces, tail)))
        self._out.flush()
        self._waiting.clear()

    def close(self) -> None:
        """Send what is left and the end."""
        if self._started:
            self._send(frame(END))
            return
        self._check()
        self._out.write(short(head(*self._about, truncated=self.truncated), self._waiting))
        self._out.flush()


def _nodes(iris: list[str] | None) -> list[Any] | None:
    return None if iris is None else [NamedNode(iri) for iri in iris]


def _write_graph(result: Any, job: Job, out: Any, limits: Limits) -> bool:
    triples: Any = result
    truncated = False
    if job.rows:
        triples = list(islice(result, job.rows + 1))
        truncated = len(triples) > job.rows
        triples = triples[: job.rows]
    elif limits.rows:
        triples = islice(result, limits.rows)
    form = next(f for f in FORMATS.values() if f.media_type == job.graph)
    write(triples, out, form, None if form.name in ("jsonld", "ntriples", "nquads") else job.prefixes)
    if limits.rows and not job.rows and next(result, None) is not None:
        raise LimitError(f"the answer has more than {limits.rows} triples")
    return truncated


def _binding(term: Any) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, Triple) or not hasattr(term, "datatype"):
        return {"type": "bnode", "value": str(term)}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def _write_rows(result: Any, job: Job, out: Any) -> bool:
    names = [variable.value for variable in result.variables]
    solutions = list(islice(result, job.rows + 1))
    rows = [{n: _binding(s[n]) for n in names if s[n] is not None} for s in solutions[: job.rows]]
    out.write(json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode())
    return len(solutions) > job.rows


def answer(store: EmbeddedStore, job: Job, out: BinaryIO, limits: Limits) -> None:
    """Run a job and write its frames; nothing is written before the first piece is full or the answer complete.

    :raises QueryError: when the query is wrong or fails while it runs
    :raises LimitError: when the answer is too long
    """
    form = job.form or query_form(job.query)
    graph = form in ("CONSTRUCT", "DESCRIBE")
    result = store.query(
        job.query, default_graphs=_nodes(job.default_graphs), named_graphs=_nodes(job.named_graphs), base=job.base
    )
    media_type = job.graph if graph else job.tabular
    page = io.BytesIO() if job.rows else None
    body = _FrameWriter(out, form, media_type, limits, counted=page is None)
    target = page or body
    if graph:
        body.truncated = _write_graph(result, job, target, limits)
    elif job.rows and form == "SELECT":
        body.truncated = _write_rows(result, job, target)
    elif job.tabular == _CSV and form == "SELECT":
        table = CsvFromTsv(target)
        result.serialize(table, format=RESULT_FORMATS[_TSV])
        table.close()
    else:
        result.serialize(target, format=RESULT_FORMATS[job.tabular])
    if page:
        # Whether rows are left out was not known before, and goes before the rows.
        body.write(page.getvalue())
    body.close()


def _error(error: Exception) -> bytes:
    if isinstance(error, QueryError):
        details = {"message": error.message, "hint": error.hint, "line": error.line, "column": error.column}
        return frame(ERROR, {"kind": "query", **details})
    if isinstance(error, MemoryError):
        return frame(ERROR, {"kind": "memory"})
    if isinstance(error, LimitError):
        return frame(ERROR, {"kind": "limit", "message": str(error)})
    return frame(ERROR, {"kind": "internal", "message": f"{type(error).__name__}: {error}"})


def _one_job(store: EmbeddedStore, line: bytes, out: BinaryIO, limits: Limits) -> None:
    try:
        answer(store, decode_job(line), out, limits)
    except BrokenPipeError:
        os._exit(0)
    except Exception as error:  # the worker must outlive whatever a query does
        out.write(_error(error))
        out.flush()


def _silence() -> None:
    """Close the standard streams; an engine that runs out of memory writes to them as often as it is asked to."""
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def run(channel: socket.socket, store_path: Path, limits: Limits, parent: int) -> int:
    """Open the store, say that the worker is ready, and answer jobs until the parent goes away.

    :param parent: process id of the nursery
    """
    confine()
    if os.getppid() != parent:
        return 1
    with channel.makefile("rb") as jobs, channel.makefile("wb") as out:
        try:
            store = EmbeddedStore.open(store_path)
        except HansaError as error:
            out.write(_error(error))
            out.flush()
            return 1
        limit_memory(limits.memory)
        _silence()
        out.write(frame(READY, {"pid": os.getpid()}))
        out.flush()
        for line in jobs:
            _one_job(store, line, out, limits)
    return 0
