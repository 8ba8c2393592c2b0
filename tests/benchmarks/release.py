"""Make a release of a generated graph: what ``hansa serve`` reads, written as a stream.

The full release writer sorts everything in memory and compacts JSON-LD, which is not what the serving benchmarks
measure; here the dumps that the store is built from are streamed, and only what the server opens is written.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from hansa.build.closure import Closure
from hansa.build.dates import DateLines
from hansa.build.provenance import describe_graphs
from hansa.columns import columns_of
from hansa.config import Config
from hansa.manifest import build_store, read_release, write_manifest
from hansa.model import Release
from hansa.rdf import FORMATS, Graphs, NamedNode, Quad, lines_of, quads_of, write
from hansa.release.checksums import list_files
from hansa.release.context import context_of
from hansa.release.jsonld import dump
from hansa.release.turtle import merge_turtle
from hansa.sources.loader import load
from hansa.sources.project import find_files
from hansa.vocab import ORG, Vocabulary
from tests.benchmarks.generate import Generator


def schema_graphs(config: Config) -> Graphs:
    """Read the ontology and the concept schemes of the project."""
    files = replace(find_files(config), instances=(), links=None)
    return load(files, config)[0]


class _Deriver:
    """Derives for one source what the build derives for serving: dates, and memberships as plain links.

    The full closure is measured by ``bench_build``; it would need the whole graph at once here.
    """

    def __init__(self, vocab: Vocabulary) -> None:
        self._vocab = vocab

    def derive(self, slug: str, quads: list[Quad]) -> list[Quad]:
        target = self._vocab.graph("derived", slug)
        dated = quads_of(sorted(DateLines(self._vocab).derive(columns_of(lines_of(quads)))), target)
        return [*dated, *self._links(quads, target)]

    def _links(self, quads: list[Quad], target: NamedNode) -> Iterator[Quad]:
        members = {q.subject: q.object for q in quads if q.predicate == ORG.member}
        for quad in quads:
            member = members.get(quad.subject) if quad.predicate == ORG.organization else None
            if isinstance(member, NamedNode) and isinstance(quad.object, NamedNode):
                yield Quad(member, ORG.memberOf, quad.object, target)
                yield Quad(quad.object, ORG.hasMember, member, target)


class _Dumps:
    """Writes ``hansa.nq`` and ``hansa.nt`` and keeps what the manifest needs."""

    def __init__(self, place: Path) -> None:
        self._place = place / "hansa.nq"
        self._quads = self._place.open("wb")
        self._triples = (place / "hansa.nt").open("wb")
        self.digest = hashlib.sha256()
        self.count = 0

    def add(self, quads: list[Quad]) -> None:
        lines = "".join(f"{quad} .\n" for quad in quads).encode()
        self._quads.write(lines)
        self.count += len(quads)
        write((quad.triple for quad in quads), self._triples, FORMATS["ntriples"])

    def close(self) -> None:
        self._quads.close()
        self._triples.close()
        self._sort()

    def _sort(self) -> None:
        """Bring the quads into the order that a release has them in."""
        with self._place.open("rb") as file:
            lines = sorted(file)
        with self._place.open("wb") as file:
            for line in lines:
                file.write(line)
                self.digest.update(line)


def _schema(config: Config) -> Graphs:
    graphs = schema_graphs(config)
    derived = config.vocab.graph("derived", "vocabulary")
    closure = Closure([quad for quads in graphs.values() for quad in quads], ())
    return graphs | {derived: quads_of(closure.schema_lines(), derived)}


def _write_data(config: Config, generator: Generator, place: Path) -> tuple[_Dumps, Graphs]:
    dumps, deriver = _Dumps(place), _Deriver(config.vocab)
    schema = _schema(config)
    named: Graphs = dict(schema)
    for quads in schema.values():
        dumps.add(quads)
    for source in generator.sources():
        derived = deriver.derive(source.slug, source.quads)
        dumps.add([*source.quads, *derived])
        # Provenance speaks of graphs by name; their statements are not kept.
        named |= {source.graph: [], config.vocab.graph("derived", source.slug): []}
    dumps.add(describe_graphs(named, config.vocab))
    dumps.close()
    return dumps, schema


def _write_texts(config: Config, schema: Graphs, samples: Iterable[Quad], place: Path) -> None:
    files = find_files(config)
    graphs = schema | {config.vocab.graph("sample"): list(samples)}
    triples = [quad.triple for quads in graphs.values() for quad in quads]
    ontology = [quad for quads in graphs.values() for quad in quads]
    (place / "context.jsonld").write_bytes(dump({"@context": context_of(triples, ontology, config.vocab)}))
    shutil.copyfile(files.ontology[0].path, place / "ontology.ttl")
    (place / "shapes.ttl").write_bytes(merge_turtle(file.path for file in files.shapes))
    (place / "queries").mkdir()
    for query in files.queries:
        shutil.copy(query.path, place / "queries")


def make_release(config: Config, size: int, dist: Path, seed: int = 1) -> Release:
    """Write a release of a generated graph into ``dist/bench`` and build its query store beside it."""
    place = dist / "bench"
    place.mkdir(parents=True)
    dumps, schema = _write_data(config, Generator(config.vocab, size, seed), place)
    sample = Generator(config.vocab, 3_000, seed).quads()
    _write_texts(config, schema, sample, place)
    release = Release(
        directory=place,
        version=config.version,
        issued=config.issued,
        base=config.base,
        title=config.title,
        description=config.description,
        publisher=config.publisher,
        licence=config.licence,
        languages=config.languages,
        prefixes=config.prefixes,
        canonical_hash=dumps.digest.hexdigest(),
        counts={"quads": dumps.count},
        files=list_files(place, {}),
    )
    write_manifest(release)
    build_store(release)
    return read_release(place)
