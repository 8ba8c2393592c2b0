"""Starting the server, and answers without one."""

import socket
import time
from pathlib import Path

import pytest

from hansa.errors import HansaError, NotFoundError
from hansa.serve.api import canned
from hansa.serve.app import create_app, run
from hansa.serve.local import get
from hansa.serve.reconcile import endpoints
from hansa.serve.reconcile.service import Service
from hansa.serve.settings import ServeSettings
from hansa.serve.site import Site
from tests.serve.conftest import Served, serve, wait_until


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


def test_what_first_requests_would_wait_for_is_made_before(release: Path) -> None:
    with serve(release, ServeSettings(workers=1, warm=True)) as warm:
        wait_until(lambda: warm.site in endpoints._services and len(canned._kept.get(warm.site, {})) >= 3)
        before = len(canned._kept[warm.site])
        assert warm.get("/queries/members", "text/html").status_code == 200
        assert len(canned._kept[warm.site]) == before
    with serve(release, ServeSettings(workers=1)) as lazy:
        assert lazy.get("/queries/members", "text/csv").status_code == 400
        assert lazy.site not in endpoints._services


def test_a_new_release_is_prepared_before_it_is_served(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = endpoints._made

    def slowly(site: Site) -> Service:
        time.sleep(0.4)
        return made(site)

    monkeypatch.setattr(endpoints, "_made", slowly)
    current = tmp_path / "current"
    current.symlink_to(release.parent / "1.2.2")
    with serve(current, ServeSettings(workers=1, warm=True)) as running:
        (tmp_path / "next").symlink_to(release)
        (tmp_path / "next").rename(current)
        running.live.reload()
        wait_until(lambda: running.live.site.release.version == "1.2.3")
        assert running.live.site in endpoints._services
