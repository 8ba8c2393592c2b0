"""The federated queries, run against a stand-in for Wikidata's endpoint on this machine."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from hansa.model import CannedQuery
from hansa.parameters import bind_parameters
from hansa.results import text_rows
from hansa.store import EmbeddedStore
from hansa.vocab import Vocabulary

WIKIDATA = "https://query.wikidata.org/sparql"


class Endpoint(BaseHTTPRequestHandler):
    """Answers every query with the same solutions and keeps what it was asked."""

    solutions: ClassVar[list[dict[str, dict[str, str]]]] = []
    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        names = sorted({name for row in self.solutions for name in row})
        body = json.dumps({"head": {"vars": names}, "results": {"bindings": self.solutions}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    Endpoint.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/sparql"
        server.shutdown()


def rows(query: CannedQuery, endpoint: str, store: EmbeddedStore, vocab: Vocabulary) -> list[list[str]]:
    values = bind_parameters(query, {p.name: p.example for p in query.parameters}, vocab)
    assert WIKIDATA in query.text
    return text_rows(store.select(query.text.replace(WIKIDATA, endpoint), values), vocab)


def label(text: str, lang: str) -> dict[str, str]:
    return {"type": "literal", "value": text, "xml:lang": lang}


def test_names_that_differ_from_wikidata(
    endpoint: str, canned: dict[str, CannedQuery], shipped: EmbeddedStore, vocab: Vocabulary
) -> None:
    Endpoint.solutions[:] = [{"theirs": label("Edo", "en")}, {"theirs": label("東京", "ja")}]
    found = rows(canned["wikidata-label-check"], endpoint, shipped, vocab)
    assert ["place:tokyo", "Tokyo", "Edo"] in [row[:3] for row in found]
    assert "http://www.wikidata.org/entity/Q1490" in Endpoint.asked[0], "only one item is asked for"


def test_memberships_that_wikidata_lacks(
    endpoint: str, canned: dict[str, CannedQuery], shipped: EmbeddedStore, vocab: Vocabulary
) -> None:
    item = {"type": "uri", "value": "http://www.wikidata.org/entity/Q1"}
    Endpoint.solutions[:] = [{"theirs": item, "theirName": label("citynet", "en")}]
    found = rows(canned["wikidata-memberships-missing"], endpoint, shipped, vocab)
    assert [row[:3] for row in found] == [["authority:seoul", "network:anmc21", "role:member-city"]]
