"""Directories that are made beside their final place and vanish unless they are moved there.

Use them for whatever must be complete or absent: releases, query stores. Each is locked as long as its process lives
(the kernel drops the lock even after ``kill -9``), so leftovers of dead processes can be told from work in progress.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".building-"


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold a directory against other processes that ask for the same lock; waits for its turn."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def scratch_directory(parent: Path) -> Iterator[Path]:
    """Make a directory inside ``parent``, removed at the end unless it was renamed.

    :raises OSError: when ``parent`` is not writable
    """
    sweep(parent)
    path, handle = _locked_directory(parent)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(handle)


def _locked_directory(parent: Path) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        try:
            handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            continue
        fcntl.flock(handle, fcntl.LOCK_EX)
        # A sweep may have come between making and locking; then begin again.
        if path.exists():
            path.chmod(0o755)
            return path, handle
        os.close(handle)


def sweep(parent: Path) -> list[Path]:
    """Remove what killed processes left in ``parent``; give what was removed."""
    return [path for path in sorted(parent.glob(f"{PREFIX}*")) if path.is_dir() and _remove_if_dead(path)]


def _remove_if_dead(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        shutil.rmtree(path, ignore_errors=True)
        return True
    finally:
        os.close(handle)


def flush_tree(root: Path) -> None:
    """Ask the disk to keep every file and directory below ``root``, so that a later rename names complete content."""
    for path in [*sorted(root.rglob("*")), root]:
        flush(path)


def flush(path: Path) -> None:
    """Ask the disk to keep one file or directory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
