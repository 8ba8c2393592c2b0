"""Which sources each graph of a release comes from."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from hansa.rdf import NamedNode
from hansa.serve.lookup.database import Database, run_script
from hansa.store import EmbeddedStore
from hansa.vocab import DCT


def sources_of_graphs(store: EmbeddedStore, graphs: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Give the documents that each graph is from; graphs that name none are left out."""
    found: dict[str, set[str]] = {}
    for graph in graphs:
        for quad in store.quads(NamedNode(graph), DCT.source):
            if isinstance(quad.object, NamedNode):
                found.setdefault(graph, set()).add(quad.object.value)
    return {graph: tuple(sorted(sources)) for graph, sources in found.items()}


def write_sources(target: sqlite3.Connection, sources: dict[str, tuple[str, ...]], graphs: Iterable[str]) -> None:
    """Write all graphs, and where they are from, into the file of what is looked up."""
    run_script(target, "CREATE TABLE graph(iri TEXT PRIMARY KEY, sources TEXT) WITHOUT ROWID")
    rows = ((graph, " ".join(sources.get(graph, ()))) for graph in sorted(graphs))
    target.executemany("INSERT INTO graph VALUES (?, ?)", rows)


def read_sources(database: Database) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Give the documents that each graph is from, and the names of all graphs."""
    rows = database.rows("SELECT iri, sources FROM graph")
    return {graph: tuple(sources.split()) for graph, sources in rows if sources}, frozenset(g for g, _ in rows)
