"""Find, read and open releases; the contract between building and serving.

A release is a directory with a ``release.json``. Its query store is not part of it (RocksDB files are never
byte-identical): it stands beside, named by the canonical hash of the data, and is built anew when it is missing.
"""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hansa.errors import HansaError, NotFoundError
from hansa.model import Release, ReleaseFile
from hansa.scratch import scratch_directory
from hansa.store import EmbeddedStore
from hansa.withdrawn import FILE as WITHDRAWN
from hansa.withdrawn import Withdrawal, read_withdrawn

MANIFEST = "release.json"
CHECKSUMS = "SHA256SUMS"
CURRENT = "current"
BUILDS = ".builds"
STORES = ".stores"
FORMAT = 1

_HASH = re.compile(r"[0-9a-f]{64}")
_REBUILD = "run `hansa build` again"


def find_release(place: Path) -> Path:
    """Find the release directory meant by ``place``: itself, or the current one of a ``dist`` directory.

    :raises NotFoundError: when there is none
    """
    for candidate in (place, place / CURRENT):
        if (candidate / MANIFEST).is_file():
            return candidate
    raise NotFoundError(f"{place} holds no release", "run `hansa build`, or name a release directory with --release")


def read_release(directory: Path) -> Release:
    """Read what a release says about itself and check that its files are there with the sizes it states.

    The directory in the answer has its symbolic links resolved: a reader keeps one release when ``current`` moves on.

    :raises NotFoundError: when there is no release
    :raises HansaError: when the release is damaged or of a later format
    """
    place = directory.resolve()
    try:
        data = json.loads((place / MANIFEST).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise NotFoundError(f"{directory} holds no release", "run `hansa build`, or name a release directory") from None
    except (OSError, ValueError) as error:
        raise HansaError(f"{directory / MANIFEST} cannot be read: {error}", _REBUILD) from None
    release = _release(place, data)
    _check_files(release)
    return release


def _release(place: Path, data: Any) -> Release:
    try:
        if data["format"] != FORMAT:
            raise HansaError(
                f"{place / MANIFEST} has format {data['format']!r}, this program reads {FORMAT}", "update Hansa"
            )
        fields = {key: value for key, value in data.items() if key != "format"}
        fields["languages"] = tuple(fields["languages"])
        fields["files"] = tuple(ReleaseFile(**item) for item in fields["files"])
        if not _HASH.fullmatch(fields["canonical_hash"]):
            raise ValueError("canonical_hash is not a SHA-256")
        return Release(directory=place, **fields)
    except (KeyError, TypeError, ValueError) as error:
        raise HansaError(f"{place / MANIFEST} is damaged: {error}", _REBUILD) from None


def _check_files(release: Release) -> None:
    for file in release.files:
        path = release.directory / file.path
        size = path.stat().st_size if path.is_file() else -1
        if size != file.bytes:
            found = "missing" if size < 0 else f"{size} bytes long, not {file.bytes}"
            raise HansaError(f"the release in {release.directory} is damaged: {file.path} is {found}", _REBUILD)


def write_manifest(release: Release) -> Path:
    """Write ``release.json`` into the release directory: sorted keys, no time of the clock, no path of the machine."""
    data = {key: value for key, value in asdict(release).items() if key != "directory"}
    text = json.dumps({"format": FORMAT, **data}, ensure_ascii=False, indent=2, sort_keys=True)
    path = release.directory / MANIFEST
    path.write_text(text + "\n", encoding="utf-8")
    return path


def withdrawn_things(release: Release) -> dict[str, Withdrawal]:
    """Give what the release says of things that are no more, by IRI.

    :raises HansaError: when its table is damaged
    """
    if all(file.path != WITHDRAWN for file in release.files):
        return {}
    text = (release.directory / WITHDRAWN).read_text(encoding="utf-8")
    return {row.iri: row for _, row in read_withdrawn(text, WITHDRAWN)}


def store_directory(release: Release) -> Path:
    """Name the place of a release's query store: ``.stores/<canonical hash>`` beside the versions."""
    parent = release.directory.resolve().parent
    dist = parent.parent if parent.name == BUILDS else parent
    return dist / STORES / release.canonical_hash


def cached_store_directory(release: Release) -> Path:
    """Name the place of the query store when nothing may be written beside the release."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "hansa" / "stores" / release.canonical_hash


def build_store(release: Release, progress: Callable[[str], None] | None = None) -> Path:
    """Load the release into a query store on disk, unless that was done before; give its directory.

    The store is made in a directory beside and renamed when complete, so that it is there as a whole or not at all;
    of two processes that build it at once, the second finds the work done.

    :raises HansaError: when the dump is missing, or neither the place beside nor the user's cache can be written
    """
    beside, cached = store_directory(release), cached_store_directory(release)
    for place in (beside, cached):
        if place.is_dir():
            return place
    problems = []
    for place in (beside, cached):
        try:
            return _build(release, place, progress)
        except OSError as error:
            problems.append(f"{place.parent}: {error.strerror or error}")
    raise HansaError(
        f"the query store can be built nowhere ({'; '.join(problems)})",
        "make one of the two writable, free some space, or set XDG_CACHE_HOME",
    )


def adopt_store(release: Release, made: Path) -> Path:
    """Make a store that was loaded with the statements of a release its query store; give its directory.

    :param made: the directory of the store, in the same ``dist``
    """
    place = store_directory(release)
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.is_dir():
        _move(made, place)
    return place


def _build(release: Release, place: Path, progress: Callable[[str], None] | None) -> Path:
    dumps = release.directory / "hansa.nq", release.directory / "hansa.nt"
    for dump in dumps:
        if not dump.is_file():
            raise HansaError(f"{dump} is missing", _REBUILD)
    place.parent.mkdir(parents=True, exist_ok=True)
    with scratch_directory(place.parent) as scratch:
        if progress:
            progress("query store")
        _load(*dumps, scratch / "store")
        _move(scratch / "store", place)
    return place


def _load(quads: Path, triples: Path, place: Path) -> None:
    store = EmbeddedStore.create(place)
    with quads.open("rb") as named, triples.open("rb") as union:
        store.load(named, union)
    store.optimise()


def _move(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError as error:
        # Another process was first with the same data.
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST} or not target.is_dir():
            raise


def open_store(release: Release) -> EmbeddedStore:
    """Open the query store of a release read-only, built first where it is missing.

    :raises HansaError: when it can be neither opened nor built
    """
    place = build_store(release)
    try:
        return EmbeddedStore.open(place)
    except HansaError as error:
        raise HansaError(error.message, f"delete {place}; it is built anew when next needed") from None
