"""Put a finished directory in place of the last release, so that readers see the old one or the new one, never a mix.

Content stands in ``.builds/<version>-<hash>``; ``<version>`` and ``current`` are symbolic links. A link is made under
another name and renamed over the old one, which POSIX does atomically.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path

from hansa.errors import HansaError
from hansa.manifest import BUILDS, CHECKSUMS, CURRENT, STORES, read_release
from hansa.release.checksums import damaged_files
from hansa.scratch import flush, flush_tree, locked, scratch_directory

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]*\Z")


def check_version(version: str) -> None:
    """Refuse a version that cannot name a directory.

    :raises HansaError: with what is allowed
    """
    if not _VERSION.match(version) or version == CURRENT:
        raise HansaError(f"{version!r} cannot be a version", "use letters, digits, dots, hyphens and plus signs")


def put_in_place(building: Path, dist: Path, version: str) -> Path:
    """Make a finished directory the release ``version`` and the current one; give its final place.

    :raises HansaError: when something that is not a link stands where a link must go
    :raises OSError: when the disk is full or not writable; the links then point where they did
    """
    builds = dist / BUILDS
    builds.mkdir(exist_ok=True)
    _make_read_only(building)
    flush_tree(building)
    with locked(builds):
        link = dist / version
        for name in (link, dist / CURRENT):
            _refuse_directory(name)
        replaced = link.resolve() if link.is_symlink() else None
        target = _move(building, builds, version)
        _point(link, f"{BUILDS}/{target.name}")
        _point(dist / CURRENT, version)
        flush(dist)
        _prune_builds(builds, version, keep={target.resolve(), replaced})
        _prune_stores(dist)
    return target


def _make_read_only(root: Path) -> None:
    for path in root.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o444)


def _refuse_directory(link: Path) -> None:
    if link.exists() and not link.is_symlink():
        raise HansaError(f"{link} is in the way: it is not a link made by a build", "move it away and build again")


def _move(building: Path, builds: Path, version: str) -> Path:
    """Give the directory its name; a sound build of the same bytes that is there already is used instead."""
    digest = hashlib.sha256((building / CHECKSUMS).read_bytes()).hexdigest()[:12]
    number = 0
    while True:
        target = builds / (f"{version}-{digest}.{number}" if number else f"{version}-{digest}")
        if not target.exists():
            building.rename(target)
            flush(builds)
            return target
        if not damaged_files(target):
            return target
        number += 1


def _point(link: Path, target: str) -> None:
    with scratch_directory(link.parent) as scratch:
        temporary = scratch / "link"
        temporary.symlink_to(target)
        temporary.replace(link)


def _prune_builds(builds: Path, version: str, keep: set[Path | None]) -> None:
    """Remove older builds of a version, except the one just replaced: a server may still have it open."""
    name = re.compile(rf"{re.escape(version)}-[0-9a-f]{{12}}(\.\d+)?")
    for path in builds.iterdir():
        if name.fullmatch(path.name) and path.resolve() not in keep:
            shutil.rmtree(path, ignore_errors=True)


def _prune_stores(dist: Path) -> None:
    """Remove query stores of data that no release holds any more."""
    stores = dist / STORES
    if not stores.is_dir():
        return
    used = {_hash_of(path) for path in [*(dist / BUILDS).iterdir(), *dist.iterdir()] if path.is_dir()}
    for path in stores.iterdir():
        if path.name not in used and not path.name.startswith("."):
            shutil.rmtree(path, ignore_errors=True)


def _hash_of(directory: Path) -> str:
    try:
        return read_release(directory).canonical_hash
    except HansaError:
        return ""
