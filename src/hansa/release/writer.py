"""Write a release: gather everything, write it beside, then switch.

Whatever happens before the switch (an exception, an interrupt, a full disk, ``kill -9``) leaves the last release as it
is.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from hansa.config import Config
from hansa.errors import HansaError
from hansa.manifest import read_release, write_manifest
from hansa.model import Release, ReleaseFile
from hansa.packed import PackedGraph, PackedGraphs, pack_graphs
from hansa.queries import load_queries
from hansa.rdf import Graphs, NamedNode, Quad, Triple, parse_file, triples_of
from hansa.release.catalog import describe_catalog
from hansa.release.checksums import list_files, write_checksums
from hansa.release.context import Context, context_of
from hansa.release.describe import RDF_DUMPS
from hansa.release.dumps import Dumped, DumpWriter, write_rdfxml
from hansa.release.executables import describe_queries
from hansa.release.jsonld import compact, dump
from hansa.release.order import subject_of
from hansa.release.place import check_version, put_in_place
from hansa.release.segments import SMALL
from hansa.release.tables import CsvTable, csvw_metadata, make_tables
from hansa.release.texts import licence, readme
from hansa.release.turtle import merge_turtle, write_turtle
from hansa.release.void import Contents, describe_void
from hansa.scratch import scratch_directory
from hansa.store import EmbeddedStore
from hansa.withdrawn import FILE as WITHDRAWN
from hansa.withdrawn import PLACE, check_withdrawn, read_withdrawn, write_withdrawn

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

_TITLES = {
    "catalog.jsonld": "this release for data portals (DCAT-AP 3)",
    "catalog.ttl": "this release for data portals (DCAT-AP 3)",
    "context.jsonld": "JSON-LD context",
    "external.ttl": "terms of other vocabularies that the ontology uses",
    "linkset-wikidata.ttl": "reviewed links to Wikidata",
    "ontology.jsonld": "the ontology",
    "ontology.rdf": "the ontology",
    "ontology.ttl": "the ontology, as its authors wrote it",
    "queries.ttl": "the questions and what they take, described (SHACL-AF)",
    "queries/*.rq": "questions to ask, as SPARQL with a header that says what they take",
    "report.json": "findings of the validation",
    "report.ttl": "findings of the validation (SHACL)",
    "shapes.ttl": "SHACL shapes that the data were checked with",
    "tables/csv-metadata.json": "description of the tables (CSV on the Web)",
    "void.ttl": "sizes, graphs, linkset and dumps (VoID)",
    "vocabulary.ttl": "concept schemes: roles, statuses, themes and others",
    "LICENSE": "licence of the data",
    "README.md": "what is in this directory",
}


@dataclass(frozen=True)
class ReleaseInputs:
    """What a release is made of.

    :param graphs: the statements as parsed, by named graph; the dumps are written from these
    :param store: gives a query store with the same statements, whose answers the tables are
    :param report_json: findings of the validation as JSON
    :param report_turtle: findings of the validation as a SHACL report in Turtle
    :param shapes: SHACL files, as name and path
    :param ontology: the ontology's files; those in a folder ``vocab`` are its concept schemes
    :param queries: files of canned queries
    :param licence: a licence text of the project; without one a short notice is written
    :param withdrawn: the table of things that are no more
    """

    config: Config
    graphs: Graphs | PackedGraphs
    store: Callable[[], EmbeddedStore]
    report_json: str
    report_turtle: str
    shapes: tuple[tuple[str, Path], ...] = ()
    ontology: tuple[Path, ...] = ()
    queries: tuple[Path, ...] = ()
    licence: Path | None = None
    withdrawn: Path | None = None


def write_release(inputs: ReleaseInputs, out: Path, progress: Callable[[str], None] | None = None) -> Release:
    """Write a release into ``out`` and make it the current one.

    :param out: the ``dist`` directory, made when it is not there
    :param progress: called with a few words before each step
    :raises HansaError: when the data cannot be written in every format, or the disk is full or not writable
    """
    check_version(inputs.config.version)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with scratch_directory(out) as building:
            with scratch_directory(out) as scratch:
                _Writer(inputs, building, progress or _silent).write_all(scratch)
            if progress:
                progress("switch to the new release")
            return read_release(put_in_place(building, out, inputs.config.version))
    except OSError as error:
        raise _failed(out, error) from error


def _packed(graphs: Graphs | PackedGraphs) -> PackedGraphs:
    if all(isinstance(graph, PackedGraph) for graph in graphs.values()):
        return cast(PackedGraphs, graphs)
    return pack_graphs(cast(Graphs, graphs))


def _names(*predicates: NamedNode) -> list[bytes]:
    return [f"<{predicate.value}>".encode() for predicate in predicates]


def _silent(_step: str) -> None:
    pass


def _failed(out: Path, error: OSError) -> HansaError:
    if error.errno in _FULL:
        return HansaError(
            f"the disk is full: no release was written to {out} ({error.strerror})",
            "free some space, or choose another place with --out DIR",
        )
    return HansaError(
        f"no release was written to {out}: {error}", "check that the directory is writable, or use --out DIR"
    )


class _Writer:
    """Writes the parts of one release into a directory."""

    def __init__(self, inputs: ReleaseInputs, directory: Path, progress: Callable[[str], None]) -> None:
        self._inputs = inputs
        self._config = inputs.config
        self._directory = directory
        self._progress = progress
        self._graphs = _packed(inputs.graphs)
        self._titles = {**_TITLES, **_dump_titles()}

    def write_all(self, scratch: Path) -> None:
        """Write everything; each step may rely on the files of those before.

        :param scratch: a directory for what is not to stay
        """
        self._progress("dumps")
        dumped = self._write_dumps(scratch)
        self._progress("ontology, shapes, queries")
        self._write_ontology()
        self._write_inputs()
        self._progress("tables")
        tables = make_tables(self._inputs.store(), self._config, small=dumped.counts.quads <= SMALL)
        self._write_tables(tables)
        self._progress("descriptions")
        self._write_void(dumped)
        counts = self._counts(dumped, tables)
        self._write_catalog(dumped)
        self._write_texts(counts, dumped.hash)
        self._write_manifest(counts, dumped.hash)
        write_checksums(self._directory)

    def _write(self, name: str, content: str | bytes) -> None:
        path = self._directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    def _write_triples(self, name: str, triples: Iterable[Triple]) -> None:
        with (self._directory / name).open("wb") as file:
            write_turtle(set(triples), file, self._config.prefixes)

    @cached_property
    def _declarations(self) -> list[Quad]:
        """What the ontology says."""
        found = self._graphs.get(self._config.vocab.graph("ontology"))
        return found.quads() if found else []

    @cached_property
    def _links(self) -> list[Triple]:
        found = self._graphs.get(self._config.vocab.graph("links"))
        return [quad.triple for quad in found.quads()] if found else []

    def _context(self, triples: list[Triple]) -> Context:
        return context_of(triples, self._declarations, self._config.vocab)

    def _write_dumps(self, scratch: Path) -> Dumped:
        graphs = [self._graphs[name] for name in sorted(self._graphs, key=str)]
        dumped = DumpWriter(graphs, self._declarations, self._config, self._directory, scratch).write()
        self._write("context.jsonld", dump({"@context": dumped.context}))
        self._write_triples("linkset-wikidata.ttl", self._links)
        return dumped

    def _write_ontology(self) -> None:
        parts: dict[str, list[Path]] = {"ontology.ttl": [], "external.ttl": [], "vocabulary.ttl": []}
        for path in self._inputs.ontology:
            kind = "vocabulary" if path.parent.name == "vocab" else path.stem
            parts["ontology.ttl" if f"{kind}.ttl" not in parts else f"{kind}.ttl"].append(path)
        for name, paths in parts.items():
            self._write(name, paths[0].read_bytes() if len(paths) == 1 else merge_turtle(paths))
        triples = triples_of(quad for path in parts["ontology.ttl"] for quad in parse_file(path))
        self._write("ontology.jsonld", compact(triples, self._context(triples)))
        with (self._directory / "ontology.rdf").open("wb") as file:
            write_rdfxml(triples, file, self._config.prefixes)

    def _write_inputs(self) -> None:
        self._write("shapes.ttl", merge_turtle(path for _, path in self._inputs.shapes))
        self._write("report.json", self._inputs.report_json)
        self._write("report.ttl", self._inputs.report_turtle)
        for path in self._inputs.queries:
            self._write(f"queries/{path.name}", path.read_bytes())
        queries = load_queries(self._directory / "queries").values()
        self._write_triples("queries.ttl", describe_queries(queries, self._config))
        if self._inputs.withdrawn:
            self._write_withdrawn(self._inputs.withdrawn)

    def _write_withdrawn(self, path: Path) -> None:
        rows = list(read_withdrawn(path.read_text(encoding="utf-8"), PLACE.as_posix(), self._config.vocab.expand))
        known = self._described({iri for _, row in rows for iri in (row.iri, row.replaced_by) if iri})
        self._write(WITHDRAWN, write_withdrawn(check_withdrawn(rows, known, f"{self._config.base}id/")))
        self._titles[WITHDRAWN] = "things that were published once and are no more"

    def _described(self, iris: set[str]) -> set[str]:
        """Give those among some IRIs that the data describe."""
        wanted = {f"<{iri}>".encode() for iri in iris}
        with (self._directory / "hansa.nt").open("rb") as lines:
            return {found[1:-1].decode() for found in map(subject_of, lines) if found in wanted} if wanted else set()

    def _write_tables(self, tables: list[CsvTable]) -> None:
        for table in tables:
            self._write(f"tables/{table.name}.csv", table.data)
            self._titles[f"tables/{table.name}.csv"] = table.summary
        self._write("tables/csv-metadata.json", dump(csvw_metadata(tables, self._config)))

    def _write_void(self, dumped: Dumped) -> None:
        contents = Contents(dumped.counts, dumped.sizes, self._links)
        self._write_triples("void.ttl", describe_void(contents, self._config))

    def _write_catalog(self, dumped: Dumped) -> None:
        files = list_files(self._directory, self._titles)
        triples = sorted(set(describe_catalog(files, self._period(dumped), self._config)), key=str)
        self._write_triples("catalog.ttl", triples)
        self._write("catalog.jsonld", compact(triples, self._context(triples)))

    def _period(self, dumped: Dumped) -> tuple[str, str] | None:
        """Give the first and the last day that the data speak of."""
        terms, spans = self._config.vocab.hansa, dumped.counts.spans
        first = [spans[p][0] for p in _names(terms.startEarliest, terms.asOfEarliest) if p in spans]
        last = [spans[p][1] for p in _names(terms.endLatest, terms.asOfLatest, terms.startLatest) if p in spans]
        return (min(first).decode(), max(last).decode()) if first and last else None

    def _counts(self, dumped: Dumped, tables: list[CsvTable]) -> dict[str, int]:
        counts = dumped.counts
        own = {"triples": counts.triples, "quads": counts.quads, "graphs": len(self._graphs)}
        return {**own, **{table.name: table.size for table in tables}}

    def _write_texts(self, counts: dict[str, int], digest: str) -> None:
        titles = dict(sorted((k, v) for k, v in self._titles.items() if not k.endswith(".gz")))
        self._write("README.md", readme(self._config, counts, digest, titles))
        if self._inputs.licence:
            shutil.copyfile(self._inputs.licence, self._directory / "LICENSE")
        else:
            self._write("LICENSE", licence(self._config))

    def _write_manifest(self, counts: dict[str, int], digest: str) -> None:
        files: tuple[ReleaseFile, ...] = list_files(self._directory, self._titles)
        write_manifest(
            Release(
                directory=self._directory,
                version=self._config.version,
                issued=self._config.issued,
                base=self._config.base,
                title=self._config.title,
                description=self._config.description,
                publisher=self._config.publisher,
                licence=self._config.licence,
                languages=self._config.languages,
                prefixes=self._config.prefixes,
                canonical_hash=digest,
                counts=counts,
                files=files,
            )
        )


def _dump_titles() -> dict[str, str]:
    plain = {f"hansa.{extension}": f"everything, as {name}" for extension, (name, _, _) in RDF_DUMPS.items()}
    return {**plain, **{f"{path}.gz": f"{title}, compressed" for path, title in plain.items()}}
