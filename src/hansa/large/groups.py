"""What is large, and how its files are put together so that each group is worth a process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hansa.sources.project import ProjectFiles, SourceFile

BYTES = 3_000_000
"""From so many bytes of instances on a project is large: about 75 000 statements."""
GROUP = 5_000_000
"""Bytes of a group."""


def is_large(files: ProjectFiles) -> bool:
    """Tell whether the files of a project are too many bytes for one process."""
    return sum(file.path.stat().st_size for file in files.instances) >= BYTES


def groups_of(files: Iterable[SourceFile]) -> Iterator[tuple[SourceFile, ...]]:
    """Put files together so that each group is worth a process; the files of one graph stay together."""
    found: list[SourceFile] = []
    room = GROUP
    for file in sorted(files, key=lambda f: (str(f.graph), f.name)):
        if room <= 0 and file.graph != found[-1].graph:
            yield tuple(found)
            found, room = [], GROUP
        found.append(file)
        room -= file.path.stat().st_size
    if found:
        yield tuple(found)
