"""Checksums of a release, in the format of ``sha256sum -c`` and in ``release.json``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from hansa.manifest import CHECKSUMS, MANIFEST
from hansa.model import ReleaseFile

_MEDIA_TYPES = {
    "csv": "text/csv",
    "gz": "application/gzip",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "md": "text/markdown",
    "nq": "application/n-quads",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "rq": "application/sparql-query",
    "trig": "application/trig",
    "ttl": "text/turtle",
}


def sha256(path: Path) -> str:
    """Give the SHA-256 of a file in hex; one that has not changed is not read again."""
    stat = path.stat()
    return _sha256(path, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


@lru_cache(1024)
def _sha256(path: Path, *_state: int) -> str:
    return _read(path)


def _read(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def list_files(directory: Path, titles: Mapping[str, str]) -> tuple[ReleaseFile, ...]:
    """List the files of a release in a stable order, without those that hold the list itself.

    :param titles: what files are for, by path
    """
    paths = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    return tuple(
        ReleaseFile(name, media_type(name), path.stat().st_size, sha256(path), titles.get(name, ""))
        for name, path in sorted(paths.items())
        if name not in {MANIFEST, CHECKSUMS}
    )


def media_type(name: str) -> str:
    """Give the media type of a file of a release by its extension."""
    return _MEDIA_TYPES.get(name.rpartition(".")[2], "text/plain")


def write_checksums(directory: Path) -> Path:
    """Write ``SHA256SUMS`` over every other file of a directory."""
    paths = sorted(p.relative_to(directory).as_posix() for p in directory.rglob("*") if p.is_file())
    lines = [f"{sha256(directory / name)}  {name}\n" for name in paths if name != CHECKSUMS]
    target = directory / CHECKSUMS
    target.write_text("".join(lines), encoding="utf-8")
    return target


def damaged_files(directory: Path) -> list[str]:
    """Name the files that are missing or not what ``SHA256SUMS`` says; itself when it is missing."""
    try:
        lines = (directory / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except OSError:
        return [CHECKSUMS]
    expected = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    return [name for name, digest in expected.items() if not _is(directory / name, digest)]


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and _read(path) == digest
