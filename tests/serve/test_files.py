"""Downloads: what the release lists, whole or in parts, and nothing else."""

import hashlib
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rdflib import Graph

from tests.serve.conftest import Served


def test_a_dump_comes_as_it_is(served: Served, release: Path) -> None:
    expected = (release / "hansa.nq").read_bytes()
    answer = served.get("/dumps/hansa.nq")
    assert answer.content == expected
    assert answer.headers["content-type"] == "application/n-quads"
    assert answer.headers["etag"] == f'"{hashlib.sha256(expected).hexdigest()}"'
    assert served.get("/dumps/hansa.nq", **{"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert served.get("/dumps/tables/networks.csv").text == "name\r\nLeague of Ports\r\n"


def test_a_part_of_a_dump_can_be_asked_for(served: Served, release: Path) -> None:
    expected = (release / "hansa.nq").read_bytes()
    part = served.get("/dumps/hansa.nq", Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, expected[10:20])
    etag = served.get("/dumps/hansa.nq").headers["etag"]
    assert served.get("/dumps/hansa.nq", **{"Range": "bytes=10-19", "If-Range": etag}).status_code == 206
    assert served.get("/dumps/hansa.nq", **{"Range": "bytes=10-19", "If-Range": '"old"'}).status_code == 200


def test_releases_keep_their_addresses(served: Served) -> None:
    current = served.get("/releases/1.2.3/hansa.ttl")
    assert current.status_code == 200
    assert "immutable" in current.headers["cache-control"]
    assert served.get("/releases/1.2.2/release.json").json()["version"] == "1.2.2"
    assert served.get("/releases/9.9/hansa.ttl").status_code == 404
    assert served.get("/ontology/1.2.2").headers["location"] == "/releases/1.2.2/ontology.ttl"


def raw_get(served: Served, target: str) -> bytes:
    """Ask for a path as it is; an HTTP client would tidy it up."""
    parts = urlsplit(served.url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/../release.json/../../pyproject.toml",
        "/dumps/../../../../etc/passwd",
        "/dumps/%2e%2e/%2e%2e/etc/passwd",
        "/dumps/..%2f..%2f..%2fetc%2fpasswd",
        "/dumps//etc/passwd",
        "/dumps/queries",
        "/dumps/.stores",
        "/dumps/hansa.nq%00.txt",
        "/releases/../../etc/passwd",
        "/releases/..%2f1.2.3/hansa.nq",
        "/releases/./hansa.nq",
        "/releases/.stores/hansa.nq",
        "/static/../app.py",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/context.jsonld/../hansa.nq",
    ],
)
def test_no_path_leads_out_of_the_release(served: Served, path: str) -> None:
    answer = raw_get(served, path)
    assert answer.startswith(b"HTTP/1.1 404")
    assert b"root:" not in answer


def test_metadata_comes_in_every_rdf_form(served: Served) -> None:
    for path in ("/.well-known/void", "/catalog", "/shapes"):
        for extension, form in (("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml")):
            assert len(Graph().parse(data=served.get(f"{path}.{extension}").text, format=form)) == 1
    assert (
        served.get("/.well-known/void", "text/html,*/*;q=0.1").headers["content-type"] == "text/turtle; charset=utf-8"
    )
    assert served.get("/", "text/turtle").headers["content-type"] == "text/turtle; charset=utf-8"


def test_the_dataset_itself_leads_to_what_is_said_about_it(served: Served) -> None:
    assert served.get("/dataset", "text/turtle").headers["location"] == "/.well-known/void"
    assert served.get("/dataset", "text/html").headers["location"] == "/dumps/"
    assert served.get("/dumps/", "text/turtle").headers["content-location"] == "/catalog.ttl"


def test_the_list_of_downloads_says_what_one_needs(served: Served, release: Path) -> None:
    page = served.get("/dumps/", "text/html").text
    assert hashlib.sha256((release / "hansa.ttl").read_bytes()).hexdigest() in page
    assert "creativecommons.org/licenses/by/4.0/" in page
    assert served.get("/dumps").headers["location"] == "/dumps/"
