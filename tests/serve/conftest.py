"""A small release of a graph under another base, and real servers on loopback that serve it."""

from __future__ import annotations

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from hansa.config import Config
from hansa.manifest import write_manifest
from hansa.model import Release, ReleaseFile
from hansa.rdf import FORMATS, NamedNode, Quad, parse_file, serialise, sort_key, triples_of
from hansa.serve.app import create_app
from hansa.serve.operation.live import Live
from hansa.serve.operation.server import Server, listen
from hansa.serve.settings import ServeSettings
from hansa.serve.site import Site

BASE = "https://cities.example/"
DATA = Path(__file__).parent / "data"
MEDIA_TYPES = {f".{form.extension}": form.media_type for form in FORMATS.values()} | {".csv": "text/csv"}


def _write_files(place: Path, quads: list[Quad], context: dict[str, str]) -> None:
    ontology = [q for q in quads if q.graph_name == NamedNode(f"{BASE}graph/ontology")]
    (place / "hansa.nq").write_bytes(serialise(sorted(quads, key=sort_key), FORMATS["nquads"]))
    (place / "hansa.nt").write_bytes(serialise(triples_of(quads), FORMATS["ntriples"]))
    (place / "hansa.ttl").write_bytes(serialise(triples_of(quads), FORMATS["turtle"]))
    (place / "ontology.ttl").write_bytes(serialise(triples_of(ontology), FORMATS["turtle"]))
    for name in ("shapes", "void", "catalog"):
        text = f"<{BASE}{name}> <http://purl.org/dc/terms/title> '{name}'@en ."
        (place / f"{name}.ttl").write_text(text, encoding="utf-8")
    terms = ", ".join(f'"{name}": "{iri}"' for name, iri in context.items())
    (place / "context.jsonld").write_text(f'{{"@context": {{{terms}}}}}', encoding="utf-8")
    (place / "tables").mkdir(exist_ok=True)
    (place / "tables" / "networks.csv").write_text("name\r\nLeague of Ports\r\n", encoding="utf-8")


def _listed(place: Path) -> tuple[ReleaseFile, ...]:
    found = sorted(p for p in place.rglob("*") if p.is_file() and p.name != "release.json")
    return tuple(
        ReleaseFile(
            str(p.relative_to(place)),
            MEDIA_TYPES.get(p.suffix, "application/octet-stream"),
            p.stat().st_size,
            hashlib.sha256(p.read_bytes()).hexdigest(),
            f"the {p.name}",
        )
        for p in found
    )


def make_release(place: Path, config: Config, quads: Iterable[Quad], version: str = "1.2.3") -> Path:
    """Write a release directory as the build would."""
    place.mkdir(parents=True)
    prefixes = {name: iri.replace(config.base, BASE) for name, iri in config.prefixes.items()}
    listed = list(quads)
    _write_files(place, listed, {name: prefixes[name] for name in ("skos", "org", "network")})
    shutil.copytree(DATA / "queries", place / "queries")
    write_manifest(
        Release(
            directory=place,
            version=version,
            issued="2026-01-31",
            base=BASE,
            title={"en": "Ports", "ja": "港"},
            description={"en": "Which ports are in which leagues."},
            publisher="The harbour master",
            licence="https://creativecommons.org/licenses/by/4.0/",
            languages=("en", "ja"),
            prefixes=prefixes,
            canonical_hash=hashlib.sha256((place / "hansa.nq").read_bytes()).hexdigest(),
            counts={"quads": len(listed)},
            files=_listed(place),
        )
    )
    return place


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory, config: Config) -> Path:
    dist = tmp_path_factory.mktemp("dist")
    quads = list(parse_file(DATA / "graph.trig"))
    make_release(dist / "1.2.2", config, quads, version="1.2.2")
    return make_release(dist / "1.2.3", config, quads)


@dataclass
class Served:
    """A running server.

    :param client: does not follow redirects
    """

    url: str
    client: httpx.Client
    site: Site
    live: Live

    def get(self, path: str, accept: str = "*/*", **headers: str) -> httpx.Response:
        return self.client.get(path, headers={"Accept": accept, **headers})


@contextmanager
def serve(release: Path, settings: ServeSettings) -> Iterator[Served]:
    taken = listen("127.0.0.1", 0)
    live = Live(release, settings, create_app)
    server = Server(live)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
    thread.start()
    wait_until(lambda: server.started)
    url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    try:
        with httpx.Client(base_url=url, timeout=30) as client:
            yield Served(url, client, live.site, live)
    finally:
        server.should_exit = True
        thread.join()


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def served(release: Path) -> Iterator[Served]:
    with serve(release, ServeSettings(workers=1, time_limit=20, page_size=2)) as running:
        yield running


@pytest.fixture(scope="session")
def shipped(shipped_dist: Path) -> Iterator[Served]:
    """A server of the shipped graph."""
    with serve(shipped_dist / "current", ServeSettings(workers=1, time_limit=20)) as running:
        yield running
