"""A process that answers queries on the read-only store, one after another, and may be killed at any moment.

Run by :mod:`hansa.serve.engine.pool` as ``python -m hansa.serve.engine.worker STORE MEMORY_LIMIT``; jobs come on
standard input, frames go out on standard output (see :mod:`hansa.serve.engine.frames`).
"""

from __future__ import annotations

import io
import json
import sys
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from hansa.errors import HansaError, QueryError
from hansa.rdf import FORMATS, NamedNode, Triple, write
from hansa.serve.engine.confine import confine
from hansa.serve.engine.frames import CHUNK, DATA, END, ERROR, HEAD, Job, decode_job, frame
from hansa.sparql import query_form
from hansa.store import RESULT_FORMATS, EmbeddedStore


class _FrameWriter:
    """A file that gathers what is written and sends it as data frames; what was not sent when a query fails is lost."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        if len(self._waiting) >= CHUNK:
            self.send()
        return len(data)

    def flush(self) -> None:
        """Do nothing: whoever serialises may flush early, and the first chunk is to be held back."""

    def send(self) -> None:
        if self._waiting:
            self._out.write(frame(DATA, bytes(self._waiting)))
            self._out.flush()
            self._waiting.clear()


def _nodes(iris: list[str] | None) -> list[Any] | None:
    return None if iris is None else [NamedNode(iri) for iri in iris]


def _write_graph(result: Any, job: Job, _form: str, out: Any) -> bool:
    triples: Any = result
    truncated = False
    if job.rows:
        triples = list(islice(result, job.rows + 1))
        truncated = len(triples) > job.rows
        triples = triples[: job.rows]
    engine_format = next(f for f in FORMATS.values() if f.media_type == job.graph)
    write(triples, out, engine_format, None if engine_format.name in ("jsonld", "ntriples", "nquads") else job.prefixes)
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


def _write_solutions(result: Any, job: Job, form: str, out: Any) -> bool:
    if job.rows and form == "SELECT":
        return _write_rows(result, job, out)
    result.serialize(out, format=RESULT_FORMATS[job.tabular])
    return False


def answer(store: EmbeddedStore, job: Job, out: BinaryIO) -> None:
    """Run a job and write its frames; nothing is written before the first chunk is full or the answer complete.

    :raises QueryError: when the query is wrong or fails while it runs
    """
    form = query_form(job.query)
    graph = form in ("CONSTRUCT", "DESCRIBE")
    result = store.query(
        job.query, default_graphs=_nodes(job.default_graphs), named_graphs=_nodes(job.named_graphs), base=job.base
    )
    body = io.BytesIO() if job.rows else _FrameWriter(out)
    head = {"form": form, "media_type": job.graph if graph else job.tabular, "truncated": False}
    if isinstance(body, _FrameWriter):
        out.write(frame(HEAD, head))
    head["truncated"] = (_write_graph if graph else _write_solutions)(result, job, form, body)
    if isinstance(body, _FrameWriter):
        body.send()
    else:
        out.write(frame(HEAD, head) + frame(DATA, body.getvalue()))
    out.write(frame(END))
    out.flush()


def _error(error: Exception) -> bytes:
    if isinstance(error, QueryError):
        details = {"message": error.message, "hint": error.hint, "line": error.line, "column": error.column}
        return frame(ERROR, {"kind": "query", **details})
    if isinstance(error, MemoryError):
        return frame(ERROR, {"kind": "memory"})
    return frame(ERROR, {"kind": "internal", "message": f"{type(error).__name__}: {error}"})


def _one_job(store: EmbeddedStore, line: bytes, out: BinaryIO) -> None:
    try:
        answer(store, decode_job(line), out)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # the worker must outlive whatever a query does
        out.write(_error(error))
        out.flush()


def main(arguments: list[str]) -> int:
    """Open the store, say that the worker is ready, and answer jobs until the parent goes away."""
    store_path, memory_limit = arguments
    confine(int(memory_limit))
    out = sys.stdout.buffer
    try:
        store = EmbeddedStore.open(Path(store_path))
    except HansaError as error:
        out.write(_error(error))
        return 1
    out.write(frame(END))
    out.flush()
    for line in sys.stdin.buffer:
        _one_job(store, line, out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
