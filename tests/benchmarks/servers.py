"""Start Hansa and the peers on one release."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path

from hansa.manifest import store_directory
from hansa.model import Release
from tests.benchmarks import peers
from tests.benchmarks.procs import Server, free_port, running

_READY = "/?query=ASK%20%7B%7D"


def hansa(release: Release, *options: str) -> AbstractContextManager[Server]:
    """Start our server."""
    port = free_port()
    command: list[str | Path] = [
        Path(sys.executable).with_name("hansa"),
        "serve",
        "--release",
        release.directory,
        "--port",
        str(port),
    ]
    return running("Hansa", [*command, *options], port, ready="/ready")


def oxigraph(release: Release) -> AbstractContextManager[Server]:
    """Start the Oxigraph server on the very store that Hansa reads.

    :raises PeerMissingError: when it cannot be installed
    """
    port = free_port()
    tool = peers.python_peers() / "oxigraph"
    options: list[str | Path] = [
        "serve-read-only",
        "--location",
        store_directory(release),
        "--bind",
        f"127.0.0.1:{port}",
    ]
    return running("Oxigraph", [tool, *options], port, ready="/query?query=ASK%20%7B%7D")


def rdflib_endpoint(release: Release) -> AbstractContextManager[Server]:
    """Start rdflib-endpoint on the N-Triples of the release, in memory as it is by default.

    :raises PeerMissingError: when it cannot be installed
    """
    port = free_port()
    tool = peers.python_peers() / "rdflib-endpoint"
    command: list[str | Path] = [
        tool,
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        release.directory / "hansa.nt",
    ]
    return running("rdflib-endpoint", command, port, ready=_READY)


def trifid(release: Release, endpoint: Server) -> AbstractContextManager[Server]:
    """Start Trifid on the SPARQL endpoint of a running Oxigraph server.

    :raises PeerMissingError: when it cannot be installed
    """
    port = free_port()
    place = peers.trifid()
    environment = {
        "SPARQL_ENDPOINT_URL": f"{endpoint.url}/query",
        "SPARQL_ENDPOINT_USERNAME": "",
        "SPARQL_ENDPOINT_PASSWORD": "",
        "DATASET_BASE_URL": release.base,
        "NODE_ENV": "production",
    }
    command: list[str | Path] = ["node", place / "node_modules" / "trifid" / "server.js", "--port", str(port)]
    return running("Trifid", command, port, environment=environment, directory=place)
