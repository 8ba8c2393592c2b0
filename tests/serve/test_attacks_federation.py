"""SERVICE for endpoints that the operator allows: a real SPARQL server answers, and no trick reaches anything else."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest

from hansa.egress import may_reach, read_endpoint, read_network
from hansa.errors import ConfigError
from hansa.serve.settings import ServeSettings
from tests.link.servers import oxigraph
from tests.serve.conftest import BASE, Served, serve

LOOPBACK = ("127.0.0.0/8",)
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
NETWORK = f"<{BASE}id/network/league>"
RESULTS = "application/sparql-results+json"


def ask(served: Served, query: str, accept: str = "*/*") -> httpx.Response:
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    return served.client.post("/sparql", content=query.encode(), headers=headers)


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    bindings = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


# ---------------------------------------------------------------- a real endpoint
@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("elsewhere") / "data.ttl"
    lines = [f'{NETWORK} <x:motto> "Sail \\"on\\"\\n\\\\u0022 }} SERVICE"@en ; <x:ships> 12 .']
    lines += [
        f'<x:other> <x:motto> "nothing of ours" . <x:blank> <x:knows> [ <x:said> "b" ] . {NETWORK} <x:see> <y:1> .'
    ]
    data.write_text("\n".join(lines), encoding="utf-8")
    with oxigraph(data) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def target(release: Path, elsewhere: str) -> Iterator[Served]:
    settings = ServeSettings(workers=1, time_limit=5, allow_service=(elsewhere,), allow_service_network=LOOPBACK)
    with serve(release, settings) as running:
        yield running


def test_the_page_names_the_endpoints_that_may_be_asked(target: Served, served: Served, elsewhere: str) -> None:
    assert f"<code>&lt;{elsewhere}&gt;</code>" in target.get("/sparql", "text/html").text
    assert "SERVICE and updates are not possible" not in target.get("/sparql", "text/html").text
    assert "SERVICE and updates are not possible" in served.get("/sparql", "text/html").text


def test_a_block_is_answered_elsewhere_and_joined_here(target: Served, elsewhere: str) -> None:
    query = f"""PREFIX x: <x:>
    SELECT ?name ?motto ?ships {{
      ?network {LABEL} ?name . FILTER(lang(?name) = "en")
      SERVICE <{elsewhere}> {{ ?network x:motto ?motto . # a brace }} in a comment
        OPTIONAL {{ ?network x:ships ?ships }} }} .
    }}"""
    assert rows(ask(target, query)) == [
        {"name": "League of Ports", "motto": 'Sail "on"\n\\u0022 } SERVICE', "ships": "12"}
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{ SERVICE <{e}> { <x:other> <x:motto> ?m } }", {"m": "nothing of ours"}),
        ("{ SERVICE <{e}> { <x:other> <x:motto> 'no' } }", None),
        ("{ BIND(1 AS ?a) SERVICE <{e}> { <x:other> <x:motto> 'nothing of ours' } }", {"a": "1"}),
        ("{ VALUES ?s { <x:none> } OPTIONAL { SERVICE <{e}> { ?s <x:motto> ?m } } }", {"s": "x:none"}),
        ("{ VALUES ?s { <x:other> } FILTER EXISTS { SERVICE <{e}> { ?s <x:motto> ?m } } }", {"s": "x:other"}),
        ("{ SERVICE <{e}> { ?s <x:ships> ?n } SERVICE SILENT <{e}> { ?s <x:see> ?t } }", None),
        ("{ SERVICE <{e}> { SELECT (SUM(?n) AS ?t) { ?s <x:ships> ?n } } }", {"t": "12"}),
    ],
)
def test_every_place_of_a_clause(target: Served, elsewhere: str, body: str, expected: dict[str, str] | None) -> None:
    found = rows(ask(target, "SELECT * " + body.replace("{e}", elsewhere)))
    if "SILENT" in body:
        assert found == [{"s": NETWORK[1:-1], "n": "12", "t": "y:1"}]
    else:
        assert found == ([expected] if expected else [])


def test_prefixes_base_and_other_forms(target: Served, elsewhere: str) -> None:
    query = f"PREFIX e: <{elsewhere.removesuffix('query')}> BASE <x:> ASK {{ SERVICE e:query {{ ?s <motto> ?m }} }}"
    assert ask(target, query).json()["boolean"] is True
    graph = ask(target, f"CONSTRUCT WHERE {{ ?a ?b ?c }} # SERVICE <{elsewhere}>", "text/turtle")
    assert graph.status_code == 200
    page = ask(target, f"SELECT * {{ SERVICE <{elsewhere}> {{ <x:other> <x:motto> ?m }} }}", "text/html")
    assert "nothing of ours" in page.text
    described = target.get("/sparql", "application/n-triples").text
    assert "#BasicFederatedQuery" in described


def test_an_answer_from_elsewhere_is_not_kept(target: Served, elsewhere: str) -> None:
    query = f"SELECT * {{ SERVICE <{elsewhere}> {{ <x:other> <x:motto> ?m }} }}"
    answer = target.client.get("/sparql", params={"query": query})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


# ---------------------------------------------------------------- what is refused
def _tricks(url: str) -> dict[str, str]:
    host = url.removeprefix("http://")
    name, port, path = host.partition(":")[0], host.partition(":")[2].partition("/")[0], host.partition("/")[2]
    return {
        "another": "http://127.0.0.1:1/query",
        "longer": f"{url}x",
        "query": f"{url}?x",
        "fragment": f"{url}#",
        "below": f"{url}/../query",
        "upper case": f"HTTP://{host}",
        "upper path": url.replace("query", "QUERY"),
        "percent": url.replace("query", "%71uery"),
        "user": f"http://{url.removeprefix('http://')}@evil.example/",
        "user in front": f"http://x@{host}",
        "name": f"http://localhost:{port}/{path}",
        "dots": f"http://{name}.:{port}/{path}",
        "decimal": f"http://2130706433:{port}/{path}",
        "port": f"http://{name}:0{port}/{path}",
        "scheme": f"https://{host}",
        "file": "file:///etc/passwd",
        "empty": "",
        "relative": "//" + host,
    }


@pytest.mark.parametrize("trick", _tricks("http://127.0.0.1:7/query"))
def test_only_the_very_address_is_asked(target: Served, elsewhere: str, trick: str) -> None:
    for silent in ("", "SILENT "):
        answer = ask(target, f"SELECT * {{ SERVICE {silent}<{_tricks(elsewhere)[trick]}> {{ ?s ?p ?o }} }}")
        assert answer.status_code in (400, 403), answer.text
        assert "head" not in answer.json()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { BIND(<{e}> AS ?e) SERVICE ?e { ?s ?p ?o } }",
        "SELECT * { SERVICE <{e}> { ?s ?p ?o SERVICE <{e}> { ?s ?p ?o } } }",
        "SELECT * { SERVICE <{e}> { ?s ?p ?o { SERVICE SILENT <x:y> { } } } }",
        "SELECT * { SERVICE <{e}> { ?s ?p ?o } SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <{e}> ?s }",
        "SELECT * { SERVICE <{e}> { ?s ?p ?o }",
        "SELECT * { SERVICE <{e}>",
        "SELECT * { SERVICE",
        "SELECT * { SERVICE <{e}> { ?s ?p '\\u0022 } SERVICE <x:y> {} #' } }",
        "SELECT * { \\u0053ERVICE <x:y> { } }",
        "PREFIX e: <{e}> SELECT * { SERVICE f: { ?s ?p ?o } }",
        "SELECT * FROM <http://127.0.0.1:1/g> { SERVICE <{e}> { ?s ?p ?o } }",
        "LOAD <x:y> ; SELECT * { SERVICE <{e}> { ?s ?p ?o } }",
        "SELECT * { SERVICE <{e}> { ?s ?p ?o } } ; DROP ALL",
        "SELECT * { " + "SERVICE <{e}> { ?s ?p ?o } " * 6 + "}",
        "SELECT * { SERVICE <{e}> { <x:blank> <x:knows> ?who } }",
    ],
)
def test_what_cannot_be_asked_elsewhere(target: Served, elsewhere: str, query: str) -> None:
    answer = ask(target, query.replace("{e}", elsewhere))
    assert answer.status_code in (400, 403), answer.text
    assert answer.json()["detail"]


def test_blank_nodes_are_refused_in_words(target: Served, elsewhere: str) -> None:
    answer = ask(target, f"SELECT * {{ SERVICE SILENT <{elsewhere}> {{ <x:blank> <x:knows> ?who }} }}")
    assert (answer.status_code, "blank nodes" in answer.json()["detail"]) == (400, True)


def test_a_wrong_block_is_a_bad_gateway(target: Served, elsewhere: str) -> None:
    answer = ask(target, f"SELECT * {{ SERVICE <{elsewhere}> {{ this is no pattern }} }}")
    assert answer.status_code == 502
    assert "status 400" in answer.json()["detail"]
    silent = ask(target, f"SELECT * {{ SERVICE SILENT <{elsewhere}> {{ this is no pattern }} }}")
    assert rows(silent) == [{}]


# ---------------------------------------------------------------- an endpoint that behaves badly
def _head(*lines: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", f"Content-Type: {RESULTS}", *lines, "", "")).encode()


def _table(variables: list[Any], bindings: list[Any]) -> bytes:
    body = json.dumps({"head": {"vars": variables}, "results": {"bindings": bindings}}).encode()
    return _head(f"Content-Length: {len(body)}") + body


NOTHING = b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'


def _typed(media_type: str) -> bytes:
    return _head().replace(RESULTS.encode(), media_type.encode()) + NOTHING


def _one(term: dict[str, Any]) -> bytes:
    return _table(["s"], [{"s": term}])


BAD = {
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: {trap}\r\nContent-Length: 0\r\n\r\n",
    "permanent redirect": b"HTTP/1.1 308 Permanent Redirect\r\nLocation: {trap}\r\nContent-Length: 0\r\n\r\n",
    "meta": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nRefresh: 0; url={trap}\r\nContent-Length: 2\r\n\r\n{}",
    "no form": _head()[: _head().index(b"Content-Type")] + b"\r\n" + NOTHING,
    "plain json": _typed("application/json"),
    "page": _typed("text/html"),
    "looks alike": _typed(f"text/html; {RESULTS}"),
    "huge": _head() + NOTHING + b" " * (3 << 20),
    "huge header": _head()[:-2] + b"X: " + b"x" * (1 << 20),
    "packed": _head("Content-Encoding: gzip") + NOTHING,
    "cut": _head("Content-Length: 1000") + b'{"head":{"vars":[]},"results":{"bindings":[]}}',
    "cut chunk": _head("Transfer-Encoding: chunked") + b"5\r\n{}",
    "no json": _head("Content-Length: 3") + b"<x>",
    "deep": _head() + b'{"head":' + b"[" * 200_000,
    "list": _head("Content-Length: 2") + b"[]",
    "empty": _head("Content-Length: 2") + b"{}",
    "injected column": _table(["s) {} } SERVICE <x:y> { ?s ?p ?o } #"], []),
    "list as column": _table([["s"]], []),
    "foreign column": _table(["t"], []),
    "column twice": _table(["s", "s"], []),
    "injected iri": _one({"type": "uri", "value": "x:y> } SERVICE <x:z> {"}),
    "relative iri": _one({"type": "uri", "value": "y"}),
    "injected language": _one({"type": "literal", "value": "x", "xml:lang": "en } DROP"}),
    "injected datatype": _one({"type": "literal", "value": "x", "datatype": "x:y> } "}),
    "triple term": _one({"type": "triple", "value": {"subject": {}, "predicate": {}, "object": {}}}),
    "surrogate": _one({"type": "literal", "value": "\ud800"}),
    "no HTTP": b"220 smtp.example ESMTP\r\n" * 5,
    "switching": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    "informational": b"HTTP/1.1 100 Continue\r\n\r\n" * 3,
    "silence": b"",
}


@contextmanager
def badly(answer: bytes, *, drip: bool = False) -> Iterator[str]:
    """Serve one answer to everybody, or one byte of it now and then."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def one(client: socket.socket) -> None:
            with client:
                client.settimeout(2)
                try:
                    client.recv(1 << 16)
                    for at in range(len(answer)) if drip else (0,):
                        client.sendall(answer[at : at + 1] if drip else answer)
                        if drip and stop.wait(0.05):
                            return
                    client.shutdown(socket.SHUT_WR)
                    client.recv(1 << 16)
                except OSError:
                    pass

        def run() -> None:
            server.settimeout(0.05)
            while not stop.is_set():
                try:
                    one(server.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/query"
        finally:
            stop.set()
            thread.join()


@pytest.fixture(scope="module")
def exposed(release: Path) -> Iterator[Served]:
    with serve(release, ServeSettings(workers=1, time_limit=0.6, allow_service_network=LOOPBACK)) as running:
        yield running


@pytest.fixture
def allow(exposed: Served, monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda url: monkeypatch.setitem(exposed.site.federation.endpoints, url, read_endpoint(url))


@pytest.mark.parametrize("name", BAD)
def test_a_bad_endpoint_gives_a_bad_gateway(exposed: Served, allow: Any, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.05)
        address = f"http://127.0.0.1:{trap.getsockname()[1]}/"
        with badly(BAD[name].replace(b"{trap}", address.encode())) as url:
            allow(url)
            answer = ask(exposed, f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}")
            assert answer.status_code == 502, answer.text
            silent = ask(exposed, f"SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}")
            assert rows(silent) == [{}]
        with pytest.raises(TimeoutError):
            trap.accept()
    assert ask(exposed, "ASK {}").json()["boolean"] is True


def test_a_slow_endpoint_is_given_up_however_it_drips(exposed: Served, allow: Any) -> None:
    with badly(_head() + b" " * 10_000, drip=True) as url:
        allow(url)
        begun = time.monotonic()
        answer = ask(exposed, f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}")
        assert answer.status_code == 504
        assert time.monotonic() - begun < 5


def test_too_many_rows(exposed: Served, allow: Any) -> None:
    with badly(_table([], [{}] * 10_001)) as url:
        allow(url)
        answer = ask(exposed, f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}")
        assert (answer.status_code, "10000 rows" in answer.json()["detail"]) == (400, True)


def test_a_name_that_means_this_machine_is_not_reached(release: Path) -> None:
    """What DNS rebinding comes down to: the address that is connected to is the one that was looked at."""
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0.05)
        urls = [f"http://{host}:{trap.getsockname()[1]}/query" for host in ("localhost", "127.0.0.1", "2130706433")]
        with serve(release, ServeSettings(workers=1, time_limit=5, allow_service=tuple(urls))) as running:
            for url in urls:
                answer = ask(running, f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}")
                assert answer.status_code == 502
                assert "may not reach" in answer.json()["detail"]
                assert "127.0.0.1" not in answer.json()["detail"].replace(url, "")
        with pytest.raises(TimeoutError):
            trap.accept()


# ---------------------------------------------------------------- addresses and settings
@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("9.9.9.9", True),
        ("2620:fe::9", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00:ec2::254", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, *, reachable: bool) -> None:
    assert may_reach(ip_address(address), ()) is reachable
    assert may_reach(ip_address(address), [read_network("203.0.113.0/24")]) is reachable


def test_a_range_that_the_operator_named() -> None:
    assert may_reach(ip_address("10.1.2.3"), [read_network("10.1.0.0/16")])
    assert may_reach(ip_address("::ffff:10.1.2.3"), [read_network("10.1.0.0/16")])
    assert not may_reach(ip_address("10.2.2.3"), [read_network("10.1.0.0/16")])


@pytest.mark.parametrize(
    "url",
    ["", "example.org/sparql", "ftp://example.org/", "http://", "http://u:p@example.org/", "http://example.org/#x",
     "http://example.org:99999/", "http://example.org/ x", "http://example.org/\r\nX: y", "http://exämple.org/"],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ConfigError):
        read_endpoint(url)
    with pytest.raises(ConfigError):
        read_network("10.0.0.1/8")
