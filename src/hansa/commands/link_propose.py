"""The command ``hansa link propose``: candidates with reasons, for a table of names or for the things of the graph."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hansa import manifest
from hansa.commands import project
from hansa.link import gazetteer
from hansa.link.decisions import read_decisions
from hansa.link.proposal import Query, Verdict
from hansa.link.propose import Row, propose_all, read_names, undecided, write_rows
from hansa.sources.project import LINKS

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog="Example: hansa link propose --names members.csv --out proposals.csv")
@click.option("--names", type=_FILE, help="CSV with the columns id, name and, where known, country_hint and type.")
@click.option("--out", type=_FILE, help="Write id, decision, qid, score and reasons to this CSV file.")
@project.release_option
def propose(names: Path | None, out: Path | None, release: Path | None) -> None:
    """Propose Wikidata items: match, review or nil, each with its reasons. Works offline.

    Without --names, propose for the things of the current release on which nobody has decided. Nothing is linked by
    this: go on with `hansa link review PROPOSALS.csv`.
    """
    queries = read_names(names) if names else _things(release)
    found = gazetteer.load()
    if found.note:
        click.echo(f"note: {found.note}", err=True)
    rows = list(propose_all(queries, found))
    if out is None:
        _print(rows)
    else:
        write_rows(rows, out)
    counts = Counter(row.proposal.verdict for row in rows)
    click.echo(", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict), err=True)
    sys.exit(0 if rows else 1)


def _things(release: Path | None) -> list[tuple[str, Query]]:
    settings = project.config()
    store = manifest.open_store(manifest.read_release(project.release_directory(release)))
    decisions, _ = read_decisions(settings.root / LINKS, LINKS.as_posix(), settings.vocab)
    return undecided(store, decisions, settings.vocab)


def _print(rows: Sequence[Row]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "name", "decision", "qid", "score", "reasons"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        fields = row.fields()
        table.add_row(fields.pop("id"), row.query.name, *fields.values())
    console = Console() if sys.stdout.isatty() else Console(width=400)
    console.print(table, markup=False)
