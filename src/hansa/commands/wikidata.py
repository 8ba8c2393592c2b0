"""The commands ``hansa wikidata drift`` and ``hansa wikidata quickstatements``: our graph beside Wikidata."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from hansa import manifest
from hansa.commands import project
from hansa.errors import ConfigError
from hansa.link import quickstatements as qs
from hansa.link import report
from hansa.link import wikidata as remote
from hansa.link.claims import Claim, Ours
from hansa.link.drift import NAMES, Comparison, qid
from hansa.link.slice import Slice, fetch_slice, read_slice
from hansa.model import Release
from hansa.vocab import Vocabulary

_FORMATS = ["table", "json", "html", "turtle"]


@click.group()
def wikidata() -> None:
    """Compare the graph with Wikidata, and give back what Wikidata lacks."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What both commands need: the release, its claims, Wikidata's side, and where that came from."""

    vocab: Vocabulary
    ours: Ours
    claims: list[Claim]
    there: Slice
    origin: str


def _there_options(command: Callable[..., Any]) -> Callable[..., Any]:
    options = [
        project.release_option,
        click.option("--slice", "slice_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                     help="RDF of Wikidata on this machine (.ttl, .nt …, also .gz)."),
        click.option("--complete", is_flag=True, help="The slice has every linked item: an absent one was deleted."),
        click.option("--online", is_flag=True, help=f"Ask {remote.SPARQL}. Opens the network."),
        click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead. Opens the network."),
        click.option("--keep", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.nt",
                     help="Keep what was fetched as a slice; a run that broke off goes on from there."),
        click.option("--offline", is_flag=True, help="Only answers that were kept before; fail where there is none."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def _sides(
    *,
    release: Path | None,
    slice_file: Path | None,
    complete: bool,
    online: bool,
    endpoint: str | None,
    keep: Path | None,
    offline: bool,
) -> Sides:
    if (slice_file is not None) == bool(online or endpoint):
        raise click.UsageError("say what to compare with: --slice FILE, or --online, or --endpoint URL")
    found = manifest.read_release(project.release_directory(release))
    vocab = Vocabulary(found.base, found.prefixes)
    ours = Ours(manifest.open_store(found), vocab)
    if slice_file is not None:
        there = read_slice(slice_file, complete=complete)
        return Sides(vocab, ours, ours.claims(), there, slice_file.name)
    address = endpoint or _configured()
    there = _fetch(found, ours, address, keep, offline=offline)
    return Sides(vocab, ours, ours.claims(), there, address)


def _configured() -> str:
    """Give the endpoint that the project names, else Wikidata's own; a release can be looked at without a project."""
    try:
        return project.config().wikidata.get("endpoint", remote.SPARQL)
    except ConfigError:
        return remote.SPARQL


def _fetch(release: Release, ours: Ours, address: str, keep: Path | None, *, offline: bool) -> Slice:
    asker = remote.client(remote.agent_of(release.base, release.version), offline=offline)
    with Console(stderr=True).status(f"asking {address} about {len(ours.links)} items"):
        return fetch_slice(partial(asker.construct, address), ours.links.values(), keep)


@wikidata.command(epilog="Example: hansa wikidata drift --online --format html --out drift.html")
@_there_options
@click.option("--distance", default=10.0, show_default=True, help="Kilometres that two points may lie apart.")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="table", help="How the rows are printed.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write them to this file.")
def drift(*, distance: float, form: str, out: Path | None, **where: Any) -> None:
    """Show where the graph and Wikidata no longer say the same about linked things.

    Exit code 1 when there is a difference, as in diff.
    """
    sides = _sides(**where)
    kinds = {entity: sides.ours.kind(entity) for entity in sides.ours.links}
    comparison = Comparison(sides.there, sides.ours.links, sides.ours.networks(), kinds, distance)
    rows = comparison.rows(sides.claims)
    note = "" if sides.there.complete or not rows else report.PARTIAL
    if form == "table" and out is None:
        _print_drift([report.cells(row, sides.vocab) for row in rows])
    else:
        writers: dict[str, Callable[[], bytes]] = {
            "table": lambda: _plain([report.cells(row, sides.vocab) for row in rows]),
            "json": lambda: report.to_json(rows, sides.vocab).encode(),
            "html": lambda: report.to_html(rows, sides.vocab, sides.origin, note).encode(),
            "turtle": lambda: report.to_rdf(rows, sides.vocab),
        }
        _write(writers[form](), out)
    summary = ", ".join(f"{number} {kind}" for kind, number in report.counts(rows).items())
    click.echo(f"{len(rows)} difference{'s' * (len(rows) != 1)}{': ' if rows else ''}{summary}", err=True)
    if note:
        click.echo(note, err=True)
    sys.exit(1 if rows else 0)


_HEADINGS = ("thing", "item", "property", "drift", "here", "there", "since/as of", "source")


def _print_drift(rows: list[list[str]]) -> None:
    if rows:
        _console().print(_table(_HEADINGS, rows), markup=False)


def _plain(rows: list[list[str]]) -> bytes:
    return "".join(
        "\t".join(cell.replace("\t", " ") for cell in row) + "\n" for row in [list(_HEADINGS), *rows]
    ).encode()


def _console(*, stderr: bool = False) -> Console:
    # A pipe has no width; then nothing should be folded.
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr) if stream.isatty() else Console(stderr=stderr, width=400)


def _table(headings: tuple[str, ...], rows: list[list[str]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        # Terminal control characters in a label of Wikidata must not reach the terminal.
        table.add_row(*("".join(c if c.isprintable() else " " for c in cell) for cell in row))
    return table


def _write(body: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(body)
    else:
        out.write_bytes(body)


@wikidata.command(epilog="Example: hansa wikidata quickstatements --online --out batch.tsv")
@_there_options
@click.option("--include-inferred", is_flag=True, help="Also what our sources do not say outright.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the commands to this file.")
def quickstatements(*, include_inferred: bool, out: Path | None, **where: Any) -> None:
    """Write what Wikidata lacks as QuickStatements, to be pasted by a person; show what is left out, and why.

    Exit code 1 when there is nothing to give.
    """
    sides = _sides(**where)
    citations = sides.ours.citations()
    lines, refusals = qs.plan(sides.claims, sides.there, citations, include_inferred=include_inferred)
    _write(qs.render(lines).encode(), out)
    rows = [_refusal_cells(refusal, sides.vocab) for refusal in refusals]
    if rows:
        _console(stderr=True).print(_table(("thing", "property", "value", "left out because"), rows), markup=False)
    click.echo(f"{len(lines)} command{'s' * (len(lines) != 1)}, {len(refusals)} left out", err=True)
    sys.exit(0 if lines else 1)


def _refusal_cells(refusal: qs.Refusal, vocab: Vocabulary) -> list[str]:
    claim = refusal.claim
    iri = claim.value.value
    value = qid(iri) if iri.startswith(vocab.prefixes["wd"]) else vocab.shorten(iri) if not claim.linked else iri
    prop = f"{NAMES.get(claim.prop, claim.prop)} ({claim.prop})"
    return [vocab.shorten(claim.entity), prop, value, refusal.reason]
