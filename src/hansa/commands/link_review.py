"""The command ``hansa link review``: a person decides on candidates, once."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click
from rich.console import Console

from hansa import manifest
from hansa.commands import project
from hansa.config import Config
from hansa.errors import NotFoundError
from hansa.link import gazetteer
from hansa.link.ledger import Ledger
from hansa.link.review import Dialogue, Look, Question, Side, proposed, undecided
from hansa.link.sides import Here, There
from hansa.link.slice import read_slice
from hansa.sources.project import LINKS


@click.command(epilog="Example: hansa link review proposals.csv --author 'Aiko Tanaka'")
@click.argument("proposals", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--author", envvar="HANSA_AUTHOR", required=True, help="Who decides (or $HANSA_AUTHOR).")
@click.option("--date", "day", default=lambda: date.today().isoformat(), metavar="DATE",
              help="The day of the decisions (YYYY-MM-DD; default: today).")  # fmt: skip
@click.option("--kind", "kinds", multiple=True, help="Only things of this kind, such as place; may be repeated.")
@click.option("--slice", "slice_file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="RDF of Wikidata on this machine, to show more of the items.")  # fmt: skip
@project.release_option
def review(
    *,
    proposals: Path | None,
    author: str,
    day: str,
    kinds: tuple[str, ...],
    slice_file: Path | None,
    release: Path | None,
) -> None:
    """Go through candidates and decide: those of PROPOSALS (from `hansa link propose`), or the undecided ones.

    Every decision is written to the table of links at once.
    """
    settings = project.config()
    day = _day(day)
    ledger = Ledger(_table(settings), settings.vocab)
    questions = proposed(proposals, ledger.decisions, settings.vocab) if proposals else undecided(ledger.decisions)
    questions = [q for q in questions if not kinds or _kind(q, settings) in kinds]
    if not questions:
        click.echo("nothing to review")
        return
    part = read_slice(slice_file) if slice_file else None
    dialogue = Dialogue(
        ledger, settings.vocab, Console(highlight=False), _key, author.strip(), day,
        here=_here(settings, release), there=There(gazetteer.load(), part),
    )  # fmt: skip
    dialogue.run(questions)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a day: write it as YYYY-MM-DD", param_hint="--date") from None


def _table(settings: Config) -> Path:
    path = settings.root / LINKS
    if not path.is_file():
        raise NotFoundError(f"{path} does not exist", "copy the header of another project's table of links")
    return path


def _kind(question: Question, settings: Config) -> str:
    found = settings.vocab.kind_and_slug(question.subject)
    return found[0] if found else ""


def _here(settings: Config, release: Path | None) -> Look:
    """Look in the release; without one the dialogue still shows what the table says."""
    try:
        found = manifest.read_release(project.release_directory(release))
    except NotFoundError:
        click.echo("no release yet: run `hansa build` to see more of our side", err=True)
        return lambda _: Side()
    return Here(manifest.open_store(found), settings.vocab)


def _key() -> str:
    """Take a key from the terminal, or a line from a pipe."""
    if sys.stdin.isatty():
        return click.getchar()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.strip()[:1]
