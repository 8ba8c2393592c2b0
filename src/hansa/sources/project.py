"""Find the files of a graph project and say which named graph each one is."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from hansa.config import Config
from hansa.errors import HansaError
from hansa.memo import digest
from hansa.model import Finding, Position, Severity
from hansa.rdf import FORMATS, NamedNode
from hansa.vocab import SLUG, slugify

LINKS = Path("instances/links/wikidata.sssom.tsv")
RESERVED = frozenset({"ontology", "vocabulary", "links", "provenance", "derived", "report"})
_READABLE = "check that the file is there, and that you may read it"
_OTHER_RDF = frozenset(f".{form.extension}" for form in FORMATS.values()) - {".ttl"} | {".owl", ".n3", ".json-ld"}

_BACKUP = frozenset({".orig", ".bak", ".old", ".rej", ".swp", ".tmp"})
_TABLES = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".ods", ".xlsm"})
_READ = frozenset({LINKS.as_posix(), "instances/withdrawn.tsv"})


@dataclass(frozen=True)
class SourceFile:
    """A file that a person wrote, read once: every stage of a run sees the same bytes.

    :param path: where it is
    :param name: its path from the project's root, with ``/``, as findings show it
    :param graph: the named graph that its statements go to; ``None`` for what is not RDF
    """

    path: Path
    name: str
    graph: NamedNode | None = None

    @cached_property
    def data(self) -> bytes:
        """The bytes of the file when they were first asked for.

        :raises HansaError: when it cannot be read
        """
        try:
            return self.path.read_bytes()
        except OSError as error:
            raise HansaError(f"{self.name} cannot be read: {error.strerror or error}", _READABLE) from error

    @cached_property
    def digest(self) -> str:
        """What tells its content from any other: a SHA-256 of its name, its graph and its bytes."""
        return digest(self.name, str(self.graph), self.data)

    def text(self) -> str:
        """Read it; bytes that are not UTF-8 come out as U+FFFD, since reporting them is the loader's job."""
        return self.data.decode("utf-8", errors="replace")


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """All inputs of a graph project, each group in the order of its names.

    :param findings: what is wrong with the files themselves: names, places, formats
    """

    ontology: tuple[SourceFile, ...] = ()
    vocabulary: tuple[SourceFile, ...] = ()
    instances: tuple[SourceFile, ...] = ()
    shapes: tuple[SourceFile, ...] = ()
    rules: tuple[SourceFile, ...] = ()
    queries: tuple[SourceFile, ...] = ()
    checks: tuple[SourceFile, ...] = ()
    links: SourceFile | None = None
    findings: tuple[Finding, ...] = field(default=())

    @property
    def data(self) -> tuple[SourceFile, ...]:
        """The Turtle files that make the dataset."""
        return self.ontology + self.vocabulary + self.instances

    @property
    def turtle(self) -> tuple[SourceFile, ...]:
        """All Turtle files, shapes included."""
        return self.data + self.shapes

    @property
    def sparql(self) -> tuple[SourceFile, ...]:
        """All SPARQL files."""
        return self.rules + self.queries + self.checks


def find_files(config: Config) -> ProjectFiles:
    """Find the inputs of the project in ``config.root``; missing folders are empty groups.

    :raises HansaError: when the project has no ``ontology/hansa.ttl``, so that it is no graph project
    """
    root = config.root
    if not (root / "ontology" / "hansa.ttl").is_file():
        raise HansaError(
            f"{root} has no ontology/hansa.ttl",
            "run the command in a graph project, or name one with --project DIR or HANSA_HOME",
        )
    finder = _Finder(config)
    instances = tuple(finder.instances())
    links = root / LINKS
    return ProjectFiles(
        ontology=finder.in_graph("ontology", "*.ttl", config.vocab.graph("ontology")),
        vocabulary=finder.in_graph("ontology/vocab", "*.ttl", config.vocab.graph("vocabulary")),
        instances=instances,
        shapes=finder.in_graph("shapes", "*.ttl", config.vocab.shapes),
        rules=finder.in_graph("ontology/rules", "*.rq"),
        queries=finder.in_graph("queries", "*.rq"),
        checks=finder.in_graph("queries/checks", "**/*.rq"),
        links=SourceFile(links, LINKS.as_posix(), config.vocab.graph("links")) if finder.is_readable(links) else None,
        findings=(
            *_bad_names(instances),
            *_same_slug(instances),
            *finder.other_formats(),
            *finder.strangers(),
            *finder.unreadable(),
        ),
    )


def with_instances(files: ProjectFiles, extra: Iterable[Path], config: Config) -> ProjectFiles:
    """Add instance files from outside the project, to check them as if they were part of it."""
    added = tuple(
        SourceFile(path, str(path), config.vocab.graph(path.stem) if SLUG.match(path.stem) else None) for path in extra
    )
    findings = (*files.findings, *_bad_names(added), *_same_slug((*files.instances, *added)))
    return replace(files, instances=files.instances + added, findings=findings) if added else files


class _Finder:
    """Walks the folders of one project."""

    def __init__(self, config: Config) -> None:
        self._root = config.root
        self._vocab = config.vocab
        self._unreadable: dict[str, str] = {}

    def _files(self, pattern: str) -> list[Path]:
        found = (p for p in self._root.glob(pattern) if not p.name.startswith(".") and self.is_readable(p))
        return sorted(found, key=lambda p: p.relative_to(self._root).as_posix())

    def is_readable(self, path: Path) -> bool:
        """Tell whether a path is a file; remember it when it looks like one and cannot be read."""
        name, is_file = path.relative_to(self._root).as_posix(), path.is_file()
        if path.is_symlink() and not path.exists():
            self._unreadable[name] = "the link leads to no file"
        elif is_file and not os.access(path, os.R_OK):
            self._unreadable[name] = "the file cannot be read: permission denied"
        return is_file and name not in self._unreadable

    def unreadable(self) -> Iterator[Finding]:
        """Give what the other methods have come across and left out."""
        yield from (_finding(name, "file/unreadable", why, _READABLE) for name, why in self._unreadable.items())

    def _file(self, path: Path, graph: NamedNode | None = None) -> SourceFile:
        return SourceFile(path, path.relative_to(self._root).as_posix(), graph)

    def in_graph(self, folder: str, pattern: str, graph: NamedNode | None = None) -> tuple[SourceFile, ...]:
        return tuple(self._file(path, graph) for path in self._files(f"{folder}/{pattern}"))

    def instances(self) -> Iterator[SourceFile]:
        for path in self._files("instances/**/*.ttl"):
            yield self._file(path, self._vocab.graph(path.stem) if SLUG.match(path.stem) else None)

    def other_formats(self) -> Iterator[Finding]:
        for path in self._files("instances/**/*"):
            if path.suffix in _OTHER_RDF:
                yield _finding(
                    self._file(path).name,
                    "file/format",
                    f"{path.suffix} files are not read: instances are Turtle, one file a source",
                    f"convert it to {path.stem}.ttl; the named graph is made from the file name",
                )

    def strangers(self) -> Iterator[Finding]:
        """Find what nobody would read: a Turtle file of another name, a table, a folder that is called like a file."""
        for path in sorted(self._root.glob("instances/**/*")):
            name, ending = path.relative_to(self._root).as_posix(), path.suffix.lower()
            if path.name.startswith(".") or path.suffix in _OTHER_RDF:
                continue
            if path.is_dir() and ending == ".ttl":
                yield _finding(
                    name, "file/folder", "a folder is called like a Turtle file", "rename it, or take it away"
                )
            elif path.is_file() and ending != ".ttl" and ".ttl" in path.name.lower():
                yield _ignored(path, name, Severity.WARNING if ending in _BACKUP else Severity.ERROR)
            elif path.is_file() and path.suffix == ".TTL":
                yield _ignored(path, name, Severity.ERROR)
            elif path.is_file() and ending in _TABLES and name not in _READ:
                message = f"{path.suffix} files are not read: the statements of a table stand in a Turtle file"
                hint = "write them in Turtle (instances/README.md), or take the file out of instances/"
                yield replace(_finding(name, "file/format", message, hint), severity=Severity.WARNING)


def _ignored(path: Path, name: str, severity: Severity) -> Finding:
    stem = path.name[: path.name.lower().index(".ttl")]
    message = "the file is not read: the name of a Turtle file ends in .ttl"
    found = _finding(name, "file/format", message, f"rename it to {_suggested(stem)}.ttl, or delete it")
    return replace(found, severity=severity)


def _finding(name: str, code: str, message: str, hint: str) -> Finding:
    return Finding(Position(name, 1, 1), Severity.ERROR, code, message, hint=hint)


def _suggested(stem: str) -> str:
    try:
        return slugify(stem)
    except HansaError:
        return "my-source"


def _bad_names(files: Iterable[SourceFile]) -> Iterator[Finding]:
    for file in files:
        stem = file.path.stem
        if file.graph is None:
            message = f"the file name {stem!r} is not a slug (lower-case ASCII letters and digits joined by hyphens)"
            yield _finding(file.name, "file/slug", message, f"rename it to {_suggested(stem)}.ttl")
        elif stem in RESERVED:
            message = f"the name {stem!r} is taken by a graph that the build makes"
            yield _finding(file.name, "file/reserved", message, "name the file after its source document")


def _same_slug(files: Iterable[SourceFile]) -> Iterator[Finding]:
    by_slug: defaultdict[str, list[SourceFile]] = defaultdict(list)
    for file in files:
        by_slug[file.path.stem].append(file)
    for slug, same in by_slug.items():
        for file in same[1:]:
            message = f"{same[0].name} is already the graph {slug!r}"
            yield _finding(
                file.name, "file/duplicate-slug", message, "one source document is one file: merge or rename"
            )
