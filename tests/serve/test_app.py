"""Starting the server, and answers without one."""

import socket
from pathlib import Path

import pytest

from hansa.errors import HansaError, NotFoundError
from hansa.serve.app import create_app, run
from hansa.serve.local import get
from hansa.serve.settings import ServeSettings
from tests.serve.conftest import Served


def test_a_port_that_is_taken_is_said_so(release: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(HansaError, match=f"port {port} on 127.0.0.1 is taken") as caught:
            run(release, ServeSettings(), "127.0.0.1", port)
    assert f"--port {port + 1}" in caught.value.hint


def test_what_is_no_release_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        create_app(tmp_path)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/doc/network/league", "text/turtle"),
        ("/doc/network/league?as_of=1994-01-01", "application/n-triples"),
        ("/queries/members.csv?network=league", "*/*"),
        ("/sparql?query=ASK%20%7B%7D", "*/*"),
        ("/dumps/hansa.nq", "*/*"),
        ("/id/network/league", "*/*"),
        ("/doc/network/nothing", "*/*"),
    ],
)
def test_get_gives_what_the_server_gives(release: Path, served: Served, path: str, accept: str) -> None:
    status, headers, body = get(release, path, accept)
    answer = served.get(path, accept, **{"Accept-Encoding": "identity"})
    assert (status, body) == (answer.status_code, answer.content)
    ours = dict(headers)
    assert ours.get("content-type") == answer.headers.get("content-type")
    assert ours.get("location") == answer.headers.get("location")
    assert ours.get("etag") == answer.headers.get("etag")
