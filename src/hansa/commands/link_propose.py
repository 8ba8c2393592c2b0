"""The command ``hansa link propose``: candidates with reasons, for a table of names or for the things of the graph."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from hansa import manifest
from hansa.commands import project
from hansa.config import Config
from hansa.errors import ConfigError, NotFoundError
from hansa.link import gazetteer, reviewed
from hansa.link import wikidata as remote
from hansa.link.decisions import Decision, read_decisions
from hansa.link.gazetteer import Gazetteer
from hansa.link.online import Online, Services
from hansa.link.proposal import Query, Verdict
from hansa.link.propose import Row, propose_all, read_names, undecided, write_rows
from hansa.sources.project import LINKS
from hansa.store import QueryStore

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog="Example: hansa link propose --names members.csv --out proposals.csv")
@click.option("--names", type=_FILE, help="CSV with the columns id, name and, where known, country_hint and type.")
@click.option("--out", type=_FILE, help="Write id, decision, qid, score and reasons to this CSV file.")
@click.option("--online", is_flag=True, help="Ask Wikidata about names without a match. Opens the network.")
@click.option("--endpoint", metavar="URL", help=f"SPARQL service to ask (default: {remote.SPARQL}).")
@click.option("--search-url", metavar="URL", help=f"MediaWiki API to search (default: {remote.API}).")
@click.option("--reconcile-url", metavar="URL", help="Also ask this W3C reconciliation service, "
              f"such as {remote.RECONCILIATION} or a Hansa server.")  # fmt: skip
@click.option("--offline", is_flag=True, help="With --online: only answers that were kept before.")
@project.release_option
def propose(*, names: Path | None, out: Path | None, release: Path | None, **online: str | bool | None) -> None:
    """Propose Wikidata items: match, review or nil, each with its reasons. Works offline.

    Without --names, propose for the things of the current release on which nobody has decided. Items of accepted links
    are candidates under all names that the graph has for them. Nothing is linked by this: go on with
    `hansa link review PROPOSALS.csv`.
    """
    store, decisions, settings = _known(release, needed=names is None)
    queries = read_names(names) if names else _things(store, decisions, settings)
    found = gazetteer.load()
    more = _reviewed(store, decisions, settings, found)
    elsewhere = _elsewhere(settings, online)
    rows = propose_all(queries, found, more, elsewhere)
    listed = [*track(rows, "asking", len(queries), console=Console(stderr=True))] if elsewhere else [*rows]
    if out is None:
        _print(listed)
    else:
        write_rows(listed, out)
    counts = Counter(row.proposal.verdict for row in listed)
    click.echo(", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict), err=True)
    sys.exit(0 if listed else 1)


Known = tuple[QueryStore | None, list[Decision], Config | None]


def _known(release: Path | None, *, needed: bool) -> Known:
    """Find the project, its decisions and its release: a table of names needs none of them."""
    try:
        settings = project.config()
        links = settings.root / LINKS
        decisions, _ = read_decisions(links, LINKS.as_posix(), settings.vocab) if links.is_file() else ([], [])
    except ConfigError:
        if needed:
            raise
        return None, [], None
    try:
        return manifest.open_store(manifest.read_release(project.release_directory(release))), decisions, settings
    except NotFoundError:
        if needed or release:
            raise
        return None, decisions, settings


def _things(store: QueryStore | None, decisions: list[Decision], settings: Config | None) -> list[tuple[str, Query]]:
    assert store is not None
    assert settings is not None
    vocab = settings.vocab
    return [(vocab.shorten(thing), query) for thing, query in undecided(store, decisions, vocab)]


def _reviewed(
    store: QueryStore | None, decisions: list[Decision], settings: Config | None, known: Gazetteer
) -> Gazetteer | None:
    if settings is None:
        return None
    names = reviewed.labels(store) if store else {}
    return reviewed.reviewed(decisions, names, known, settings.vocab)


def _elsewhere(settings: Config | None, given: Mapping[str, str | bool | None]) -> Online | None:
    """Make the client for other servers, only when the user named one or said --online."""
    addresses = {key: str(given[key]) for key in ("endpoint", "search_url", "reconcile_url") if given.get(key)}
    if not (given["online"] or addresses):
        return None
    # The user agent names the project, so that a server's operator can reach somebody.
    named = settings or project.config()
    chosen = {key.replace("-", "_"): str(value) for key, value in named.wikidata.items()} | addresses
    agent = remote.agent_of(named.base, named.version)
    services = Services(
        chosen.get("endpoint", remote.SPARQL), chosen.get("search_url", remote.API), chosen.get("reconcile_url", "")
    )
    return Online(remote.client(agent, offline=bool(given["offline"])), services)


def _print(rows: Sequence[Row]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "name", "decision", "qid", "score", "reasons"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        fields = row.fields()
        table.add_row(fields.pop("id"), row.query.name, *fields.values())
    console = Console() if sys.stdout.isatty() else Console(width=400)
    console.print(table, markup=False)
