"""Write the file in which a release is looked up; ``python -m hansa.serve.lookup.writer RELEASE FILE`` does it."""

from __future__ import annotations

import gc
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from operator import call
from pathlib import Path

from hansa.errors import HansaError
from hansa.manifest import read_release
from hansa.model import Release
from hansa.scratch import flush
from hansa.serve.lookup.around import Around, read_around
from hansa.serve.lookup.database import Row
from hansa.serve.lookup.file import LARGE, stamp_of
from hansa.serve.lookup.gather import Gathered, gather
from hansa.serve.lookup.index import create_tables, finish_index
from hansa.serve.lookup.places import create_places, finish_places
from hansa.serve.lookup.pointing import create_pointing, finish_pointing
from hansa.serve.lookup.scan import DUMP, parts_of_release
from hansa.serve.pages.names import create_labels, finish_labels
from hansa.serve.pictures.stored import create_drawn
from hansa.serve.reconcile.index import create_keys, finish_keys, key_rows
from hansa.serve.reconcile.stored import create_things, thing_rows
from hansa.serve.reconcile.things import Node, Things, put_together
from hansa.serve.things.changes import create_changes, finish_changes
from hansa.serve.things.measures import create_measures, measure_rows
from hansa.serve.things.roster import create_memberships, finish_memberships
from hansa.serve.things.sources import write_sources
from hansa.vocab import Vocabulary
from hansa.workers import spread

Rows = list[tuple[str, list[Row]]]
"""Statements of SQL, and the values that each is run with."""


def write_file(release: Release, path: Path) -> None:
    """Write the file of a release.

    :param path: an empty file
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "BEGIN"):
            target.execute(statement).close()
        _fill(target, release)
        target.execute("CREATE TABLE made(stamp TEXT)").close()
        target.execute("INSERT INTO made VALUES (?)", (stamp_of(release),)).close()
        target.execute("COMMIT").close()
    flush(path)


def _fill(target: sqlite3.Connection, release: Release) -> None:
    # A process that has opened the store could not be forked safely, so the store is opened in one that ends.
    small = release.counts.get("quads", 0) <= LARGE
    vocab = Vocabulary(release.base, release.prefixes)
    (around,) = spread(partial(read_around, vocab), [release], small=small)
    _create(target, around)
    things = put_together(_read(target, spread(partial(gather, vocab, around), parts_of_release(release), small=small)))
    for found in spread(call, _finishing(target, release, things), small=small):
        _write(target, found)
    finish_keys(target)


def _finishing(target: sqlite3.Connection, release: Release, things: Things) -> Iterator[Callable[[], Rows]]:
    """Give what other processes are to make, and finish the tables that need nothing of it while they are at it."""
    yield partial(_rows_of_things, things)
    finish_labels(target)
    finish_index(target)
    yield partial(measure_rows, release)
    finish_memberships(target)
    finish_changes(target)
    finish_pointing(target)
    finish_places(target, release.directory / DUMP)


def _create(target: sqlite3.Connection, around: Around) -> None:
    for create in (
        *(create_labels, create_tables, create_drawn, create_changes, create_things, create_keys, create_measures),
        *(create_places, create_pointing),
    ):
        create(target)
    create_memberships(target, around.networks, around.member_roles)
    write_sources(target, around.documents, around.graphs)


def _read(target: sqlite3.Connection, parts: Iterable[bytes]) -> Iterator[Node]:
    for gathered in map(Gathered.unpacked, parts):
        _write(target, gathered.rows.items())
        yield from gathered.nodes


def _rows_of_things(things: Things) -> Rows:
    return [*thing_rows(things), *key_rows(things)]


def _write(target: sqlite3.Connection, found: Iterable[tuple[str, Iterable[Row]]]) -> None:
    for statement, rows in found:
        target.executemany(statement, rows)


def main(arguments: list[str]) -> str | None:
    """Write the file; give what went wrong."""
    gc.disable()  # nearly all that is made here is kept until the end, which is near
    directory, path = map(Path, arguments)
    try:
        write_file(read_release(directory), path)
    except (HansaError, OSError, sqlite3.Error) as error:
        return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
