"""Real servers on this machine: Oxigraph with a slice of Wikidata, and an HTTP server that behaves badly on request."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest

from hansa.link.slice import Slice
from hansa.rdf import FORMATS, parse_file, serialise


def oxigraph_program() -> str:
    """Find the server of the `oxigraph` wheel, or skip."""
    beside = Path(sys.executable).parent / "oxigraph"
    found = str(beside) if beside.is_file() else shutil.which("oxigraph")
    if not found:
        pytest.skip("needs the package oxigraph, a SPARQL server")
    return found


@contextmanager
def oxigraph(*slices: Path) -> Iterator[str]:
    """Run the server with some files loaded; give the address of its SPARQL endpoint."""
    program = oxigraph_program()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [program, "serve", "--bind", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(process, port)
        for path in slices:
            body = serialise((q.triple for q in parse_file(path)), FORMATS["ntriples"])
            message = Request(f"{base}/store?default", body, {"Content-Type": "application/n-triples"}, method="POST")
            urlopen(message, timeout=30).close()
        yield f"{base}/query"
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        assert process.poll() is None, "the SPARQL server did not start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the SPARQL server gave no sign of life")


@dataclass
class Answer:
    """What the server says to one request; ``pieces`` go out with a pause before each."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    pause: float = 0.0


class Awkward:
    """A server that gives the answers of a list in turn, the last one for ever, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.url = ""

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def awkward() -> Iterator[Awkward]:
    """Run an awkward server in a thread."""
    state = Awkward()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])))

        def _answer(self, body: bytes) -> None:
            state.asked.append((self.path, dict(self.headers), body))
            answer = state.next()
            self.send_response(answer.status)
            headers = {"Content-Type": "application/json", **answer.headers}
            if not answer.pieces:
                headers["Content-Length"] = str(len(answer.body))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            _drip(self.wfile.write, answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        state.url = f"http://127.0.0.1:{server.server_port}/api"
        yield state
        server.shutdown()


@contextmanager
def search_api(part: Slice, items: list[str]) -> Iterator[str]:
    """Run a stand-in for MediaWiki's ``wbsearchentities`` over the labels of a slice: prefixes, language and English.

    A foreign interface that cannot run here; the answer has the shape of the real one
    (https://www.wikidata.org/w/api.php?action=help&modules=wbsearchentities).
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
            found = [entry for item in items if (entry := self._hit(item, given))]
            body = json.dumps({"search": found[: int(given["limit"])], "success": 1}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _hit(self, item: str, given: dict[str, str]) -> dict[str, str] | None:
            labels, wanted = part.labels(item), given["search"].casefold()
            for language in (given["language"], "en"):
                if labels.get(language, "").casefold().startswith(wanted):
                    return {"id": item.rpartition("/")[2], "label": labels[language], "concepturi": item}
            return None

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/w/api.php"
        server.shutdown()


def _drip(write: Callable[[bytes], object], answer: Answer) -> None:
    try:
        for piece in answer.pieces or [answer.body]:
            time.sleep(answer.pause)
            write(piece)
    except (BrokenPipeError, ConnectionResetError):
        pass
