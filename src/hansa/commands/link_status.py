"""The command ``hansa link status``: what is linked, and what nobody has looked at."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hansa import manifest
from hansa.commands import project
from hansa.link.decisions import read_decisions
from hansa.link.status import STATES, Coverage, coverage
from hansa.rdf import NamedNode
from hansa.sources.project import LINKS
from hansa.vocab import RDF


@click.command(epilog="Example: hansa link status --format json")
@project.release_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How it is printed.")
def status(release: Path | None, form: str) -> None:
    """Show how many things of each kind are linked, related, undecided, without an item, rejected, or not looked at."""
    settings = project.config()
    found = manifest.read_release(project.release_directory(release))
    decisions, findings = read_decisions(settings.root / LINKS, LINKS.as_posix(), settings.vocab)
    quads = manifest.open_store(found).quads(None, RDF.type)
    things = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    rows = coverage(decisions, things, settings.vocab)
    if form == "json":
        kinds = [{"kind": row.kind, "things": row.things, **row.states} for row in rows]
        click.echo(json.dumps({"kinds": kinds, "faulty_rows": len(findings)}, indent=2))
    else:
        Console(highlight=False).print(_table(rows))
        if findings:
            click.echo(f"{len(findings)} faulty rows left out; see them with: hansa validate", err=True)


def _table(rows: list[Coverage]) -> Table:
    table = Table(box=None, pad_edge=False, show_footer=len(rows) > 1)
    total = sum(row.things for row in rows)
    table.add_column("kind", footer="all")
    table.add_column("things", justify="right", footer=str(total))
    for state in STATES:
        number = sum(row.states[state] for row in rows)
        table.add_column("not looked at" if state == "without" else state, justify="right", footer=str(number))
    for row in rows:
        table.add_row(row.kind, str(row.things), *(str(row.states[state]) for state in STATES))
    return table
