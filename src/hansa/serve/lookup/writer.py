"""Write the file in which a release is looked up; ``python -m hansa.serve.lookup.writer RELEASE FILE`` does it."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from hansa.errors import HansaError
from hansa.manifest import open_store, read_release
from hansa.model import Release
from hansa.scratch import flush
from hansa.serve.lookup.file import stamp_of
from hansa.serve.lookup.index import write_index
from hansa.serve.lookup.names import read_names
from hansa.serve.pages.names import write_labels
from hansa.serve.pages.records import Records
from hansa.serve.pictures.stored import write_drawn
from hansa.serve.reconcile.index import write_keys
from hansa.serve.reconcile.stored import write_things
from hansa.serve.reconcile.things import ThingReader
from hansa.serve.things.changes import Graph, write_changes
from hansa.serve.things.roster import write_memberships
from hansa.serve.things.sources import sources_of_graphs, write_sources
from hansa.serve.things.statements import open_statements
from hansa.vocab import Vocabulary


def write_file(release: Release, path: Path) -> None:
    """Write the file of a release.

    :param path: an empty file
    """
    graph = _open(release)
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        for statement in ("PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF", "BEGIN"):
            target.execute(statement).close()
        _fill(target, graph)
        target.execute("CREATE TABLE made(stamp TEXT)").close()
        target.execute("INSERT INTO made VALUES (?)", (stamp_of(release),)).close()
        target.execute("COMMIT").close()
    flush(path)


def _open(release: Release) -> Graph:
    store, vocab = open_store(release), Vocabulary(release.base, release.prefixes)
    records = Records(open_statements(release.directory / "hansa.nq", store), store, vocab)
    return Graph(store, vocab, records, sources_of_graphs(store, (graph.value for graph in store.graphs())))


def _fill(target: sqlite3.Connection, graph: Graph) -> None:
    store, vocab = graph.store, graph.vocab
    write_labels(target, store, vocab)
    write_sources(target, graph.graph_sources, (named.value for named in store.graphs()))
    write_index(target, read_names(store, vocab))
    write_memberships(target, store, vocab)
    write_drawn(target, store, vocab, graph.graph_sources)
    write_changes(target, graph)
    things = ThingReader(store, vocab).read()
    write_things(target, things)
    write_keys(target, things)


def main(arguments: list[str]) -> str | None:
    """Write the file; give what went wrong."""
    directory, path = map(Path, arguments)
    try:
        write_file(read_release(directory), path)
    except (HansaError, OSError, sqlite3.Error) as error:
        return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
