"""The file in which a release is looked up: names, search, memberships, reconciliation.

It is made once from the query store and stands in its directory. Its name has a stamp of everything it is made by, so
that another version of the program makes its own, and it appears under that name only when it is complete.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
from contextlib import suppress
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path

from hansa.errors import HansaError
from hansa.manifest import build_store, cached_store_directory
from hansa.model import Release
from hansa.serve.lookup.database import Database, is_whole

_MAKERS = {
    "hansa.serve.lookup": (
        *("around", "folding", "gather", "index", "literals", "names", "places", "pointing", "scan", "writer"),
    ),
    "hansa.serve.pages": ("names", "records"),
    "hansa.serve.pictures": ("stored",),
    "hansa.serve.reconcile": ("index", "names", "schema", "stored", "things"),
    "hansa.serve.things": ("changes", "measures", "roster", "sources"),
}
"""The modules that say what stands in the file."""
LARGE = 200_000
"""Statements from which on another process makes the file, so that the memory it takes is given back."""


@cache
def _code_stamp() -> bytes:
    digest = hashlib.sha256(f"{version('anyascii')} {unicodedata.unidata_version} {sys.byteorder}".encode())
    for package, modules in _MAKERS.items():
        for module in modules:
            digest.update(resources.files(package).joinpath(f"{module}.py").read_bytes())
    return digest.digest()


def stamp_of(release: Release) -> str:
    """Give what tells apart files of the same data: the code that makes them, and how the release shortens IRIs."""
    seed = f"{release.canonical_hash} {release.base} {sorted(release.prefixes.items())}".encode()
    return hashlib.sha256(seed + _code_stamp()).hexdigest()[:16]


def open_lookup(release: Release) -> Database:
    """Open the file of a release, made first where it is missing or damaged.

    :raises HansaError: when it can be made nowhere
    """
    return Database(find_file(release))


def find_file(release: Release) -> Path:
    """Find the file of a release, or make it: in its query store, else in the user's cache, else among other scratch.

    :raises HansaError: when it can be made nowhere
    """
    stamp = stamp_of(release)
    name = f"lookup-{stamp}.sqlite"
    beside, cached = build_store(release) / name, _cache(release) / name
    for path in (beside, cached):
        if path.is_file() and is_whole(path, stamp):
            return path
    problems = []
    for parent in (beside.parent, cached.parent, None):
        try:
            return _make(release, (parent or Path(tempfile.mkdtemp(prefix="hansa-"))) / name)
        except (OSError, sqlite3.Error) as error:
            problems.append(f"{parent or tempfile.gettempdir()}: {error}")
    raise HansaError(
        f"what is looked up in the release can be written nowhere ({'; '.join(problems)})",
        "make one of these places writable, or free some space",
    )


def _cache(release: Release) -> Path:
    return cached_store_directory(release).parent.with_name("lookup") / release.canonical_hash


def _make(release: Release, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(prefix=".building-", suffix=".sqlite", dir=path.parent)
    os.close(handle)
    try:
        if release.counts.get("quads", 0) > LARGE:
            _make_elsewhere(release, Path(scratch))
        else:
            # Imported here only: rooms that write their part of the file also look it up.
            from hansa.serve.lookup.writer import write_file  # noqa: PLC0415

            write_file(release, Path(scratch))
        Path(scratch).chmod(0o644)
        Path(scratch).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(scratch).unlink()
    return path


def _make_elsewhere(release: Release, path: Path) -> None:
    command = [sys.executable, "-m", "hansa.serve.lookup.writer", str(release.directory), str(path)]
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise OSError(done.stderr.decode(errors="replace").strip().rpartition("\n")[2] or "it could not be made")
