"""Measures of the quality of the data: queries whose answers are kept in the file of what is looked up.

The numbers of a release never change, and in a large one they take seconds, so they are computed once, when the file is
made. Behind each number stands the query that gave it.
"""

from __future__ import annotations

import sqlite3
from importlib import resources

from hansa.manifest import open_store
from hansa.model import Release
from hansa.serve.lookup.database import Database, Row, run_script
from hansa.sparql import tokens
from hansa.store import RESULT_FORMATS

MEASURES = ("origin", "certainty", "languages", "links", "dates", "sources")
_KEPT_ROWS = 1000
"""Rows of an answer; a page shows fewer."""
_RESULTS_JSON = "application/sparql-results+json"


def measure_query(release: Release, name: str) -> str:
    """Give the query behind a measure, with the prefixes and the base of the release."""
    file = resources.files("hansa.serve.things") / "quality" / f"{name}.rq"
    text = file.read_text(encoding="utf-8").replace("{base}", release.base)
    used = {t.text.partition(":")[0] for t in tokens(text) if t.kind == "pname"}
    declared = (f"PREFIX {p}: <{release.prefixes[p]}>\n" for p in sorted(used) if p in release.prefixes)
    return f"{''.join(declared)}\n{text}"


def create_measures(target: sqlite3.Connection) -> None:
    """Make the table for answers in the file of what is looked up."""
    run_script(target, "CREATE TABLE measure(query TEXT PRIMARY KEY, answer BLOB) WITHOUT ROWID")


def measure_rows(release: Release) -> list[tuple[str, list[Row]]]:
    """Ask all measures; give what is written of them, as statements and their values."""
    store = open_store(release)
    rows: list[Row] = []
    for text in (measure_query(release, name) for name in MEASURES):
        answer = store.query(f"{text}\nLIMIT {_KEPT_ROWS}").serialize(format=RESULT_FORMATS[_RESULTS_JSON])
        rows.append((text, answer))
    return [("INSERT INTO measure VALUES (?, ?)", rows)]


def read_measure(database: Database, query: str) -> bytes | None:
    """Give the answer to a query, as SPARQL results in JSON, if it is that of a measure."""
    found: bytes | None = database.value("SELECT answer FROM measure WHERE query = ?", query)
    return found
