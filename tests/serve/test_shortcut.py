"""Queries like an earlier one take a short way to their answer, and nobody sees a difference."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hansa.serve.engine.asked import Asked
from hansa.serve.engine.process import Worker
from hansa.serve.operation.shortcut import is_plain, query_of
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import BASE, Served, serve, wait_until

ABOUT = "SELECT ?p ?o {{ <{base}id/network/{name}> ?p ?o }} ORDER BY ?p ?o"
MANY = "SELECT ?s ?p ?o {{ ?s ?p ?o FILTER(?s != <{base}id/network/{name}>) }} ORDER BY ?s ?p ?o LIMIT 90"


@pytest.fixture(scope="module")
def short(release: Path) -> Iterator[Served]:
    with serve(release, ServeSettings(workers=1, time_limit=2)) as running:
        yield running


class Connection:
    """A keep-alive connection; what it says is read answer by answer."""

    def __init__(self, served: Served) -> None:
        parts = urlsplit(served.url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=20)
        self._rest = b""

    def send(self, query: str, *fields: str) -> None:
        head = "".join(f"{field}\r\n" for field in ("Host: x", *fields))
        self.socket.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\n{head}\r\n".encode())

    def read(self) -> tuple[str, bytes]:
        """Give the head without its date, and the body."""
        while b"\r\n\r\n" not in self._rest:
            self._rest += self._more()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        text = re.sub(r"\r\ndate: [^\r]*", "", head.decode("latin-1"))
        found = re.search(r"content-length: (\d+)", text)
        assert found, text
        while len(self._rest) < int(found[1]):
            self._rest += self._more()
        body, self._rest = self._rest[: int(found[1])], self._rest[int(found[1]) :]
        return text, body

    def _more(self) -> bytes:
        piece = self.socket.recv(1 << 16)
        assert piece, "the connection was closed"
        return piece

    def ask(self, query: str, *fields: str) -> tuple[str, bytes]:
        self.send(query, *fields)
        return self.read()


@contextmanager
def connected(served: Served) -> Iterator[Connection]:
    connection = Connection(served)
    with connection.socket:
        yield connection


def asked(served: Served) -> int:
    """Count the queries that took the short way."""
    return served.site.shortcut.taken


def about(name: str, query: str = ABOUT) -> str:
    return query.format(base=BASE, name=name)


@pytest.mark.parametrize("query", [ABOUT, MANY])
@pytest.mark.parametrize("fields", [(), ("Accept: text/csv",), ("Accept: text/csv", "Accept-Encoding: gzip")])
def test_the_short_way_gives_what_the_long_way_gives(short: Served, query: str, fields: tuple[str, ...]) -> None:
    with connected(short) as first, connected(short) as other:
        first.ask(about("one", query), *fields)
        before = asked(short)
        found = first.ask(about("two", query), *fields)
        assert asked(short) == before + 1
        # A header that has not been seen before is unknown to the short way.
        expected = other.ask(about("two", query), "X-Other: 1", *fields)
        assert asked(short) == before + 1
    assert found == expected


def test_the_tag_of_an_answer_is_good_for_a_304(short: Served) -> None:
    with connected(short) as connection:
        connection.ask(about("one"))
        head, _ = connection.ask(about("two"))
        tag = re.search(r"etag: (\S+)", head)
        assert tag
        connection.send(about("two"), f"If-None-Match: {tag[1]}")
        assert connection.socket.recv(1 << 16).startswith(b"HTTP/1.1 304 ")


def test_requests_that_come_before_their_turn_are_answered_in_turn(short: Served) -> None:
    with connected(short) as connection:
        connection.ask(about("league"))
        names = [f"name-{n}" for n in range(40)]
        for name in names:
            connection.send(f"SELECT ('{name}' AS ?n) {{ <{BASE}id/network/league> a ?c }} LIMIT 1")
        assert [name in connection.read()[1].decode() for name in names] == [True] * 40


def test_a_mistake_in_a_query_like_others_is_told(short: Served) -> None:
    with connected(short) as connection:
        connection.ask("SELECT ?o { <x:a> ?p ?o }")
        head, body = connection.ask("SELECT ?o { <not an IRI> ?p ?o }")
        assert head.startswith("HTTP/1.1 400 ")
        assert b"not valid SPARQL" in body
        assert connection.ask("SELECT ?o { <x:b> ?p ?o }")[0].startswith("HTTP/1.1 200 ")


def test_a_slow_query_like_quick_ones_is_still_stopped(short: Served) -> None:
    query = "SELECT (COUNT(*) AS ?n) {{ <{base}{name}> ?p ?q . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }}"
    with connected(short) as connection:
        # There is nothing to join with what is not there.
        connection.ask(about("nothing", query))
        before = asked(short)
        connection.ask(about("nothing-else", query))
        assert asked(short) == before + 1
        head, _ = connection.ask(about("id/network/league", query))
        assert head.startswith("HTTP/1.1 504 ")
        wait_until(lambda: short.site.pool.idle == 2)
        assert connection.ask(about("after"))[0].startswith("HTTP/1.1 200 ")


COUNTED = "SELECT (COUNT(*) AS ?n) {{ <{base}{name}> ?p ?q . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }}"
NAMED = 'SELECT ("{name}" AS ?n) {{ <{base}id/network/league> a ?c }} LIMIT 1'


@pytest.mark.parametrize("leaves", [False, True])
def test_who_comes_after_a_slow_query_or_a_client_that_leaves_is_answered(release: Path, leaves: bool) -> None:
    settings = ServeSettings(workers=1, time_limit=30, quick_share=0.5)
    with serve(release, settings) as served, connected(served) as slow, connected(served) as after:
        slow.ask(about("nothing", COUNTED))
        after.ask(about("first", NAMED))
        slow.send(about("id/network/league", COUNTED))
        wait_until(lambda: served.site.pool.idle == 1)
        after.send(about("second", NAMED))
        if leaves:
            slow.socket.close()
        after.socket.settimeout(10)
        assert "second" in after.read()[1].decode()


def test_an_answer_that_is_there_before_its_turn_is_found(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead, go_ahead = [], Asked.go_ahead

    def slowly(self: Asked, worker: Worker) -> None:
        go_ahead(self, worker)
        ahead.append(worker)
        time.sleep(0.2)  # long enough for the worker to answer both

    settings = ServeSettings(workers=1, time_limit=30, quick_share=20)
    with serve(release, settings) as served, ExitStack() as stack:
        connections = [stack.enter_context(connected(served)) for _ in range(4)]
        connections[0].ask(about("first", NAMED))
        monkeypatch.setattr(Asked, "go_ahead", slowly)
        for number, connection in enumerate(connections):
            connection.send(about(str(number), NAMED))
        for number, connection in enumerate(connections):
            connection.socket.settimeout(10)
            assert f'"{number}"' in connection.read()[1].decode()
    assert ahead


def test_many_who_ask_at_once_get_each_their_own_answer(short: Served) -> None:
    with ExitStack() as stack:
        connections = [stack.enter_context(connected(short)) for _ in range(8)]
        for turn in range(10):
            for number, connection in enumerate(connections):
                connection.send(about(f"{turn} of {number}", NAMED))
            for number, connection in enumerate(connections):
                assert f'"{turn} of {number}"' in connection.read()[1].decode()


def test_a_client_that_leaves_on_the_short_way_stops_its_query(short: Served) -> None:
    with connected(short) as connection:
        connection.ask(about("league"))
        connection.send(about("gone"))
    wait_until(lambda: short.site.pool.idle == 2)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?n) {}",
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { S\\u0045RVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * FROM <x:g> { ?s ?p ?o }",
        "DELETE WHERE { ?s ?p ?o }",
    ],
)
def test_what_is_special_takes_the_long_way(query: str) -> None:
    assert not is_plain(query)


def test_words_inside_of_names_are_nothing_special() -> None:
    assert is_plain("SELECT * { ?s <x:address> 'known as downloads' }")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_are_decoded_as_forms_are(text: str) -> None:
    for value in (quote(text, safe=""), quote_plus(text)):
        assert query_of(value.encode()) == dict(parse_qsl(f"query={value}", keep_blank_values=True))["query"]


@given(st.binary())
def test_bytes_are_decoded_as_forms_are_or_not_at_all(value: bytes) -> None:
    found = query_of(value)
    if found is not None:
        pairs = parse_qsl(b"query=" + value, keep_blank_values=True, errors="strict")
        assert [(name.decode(), text.decode()) for name, text in pairs] == [("query", found)]
