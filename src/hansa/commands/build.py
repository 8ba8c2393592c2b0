"""The command ``hansa build``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console

from hansa import pipeline
from hansa.commands import progress, project
from hansa.model import Severity
from hansa.run import Run
from hansa.validate import report
from hansa.validate.engines import Engine


@click.command(epilog="Example: hansa build --out dist")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where releases go (default: dist).")
@project.engine_option("auto")
@click.option("--strict", is_flag=True, help="Warnings, too, forbid the release.")
@click.option("--no-store", is_flag=True, help="Make no query store and no look-up file; hansa serve makes them.")
@click.option("--no-cache", is_flag=True, help="Derive everything anew, and keep nothing in .hansa-cache.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How the summary is printed."
)
def build(out: Path | None, engine: str, *, strict: bool, no_store: bool, no_cache: bool, form: str) -> None:
    """Build a release: load, derive, link, validate, reason, release.

    With findings that forbid it no release is written, and the last one stays as it is. The shapes are checked by the
    fast engine where it is installed, else by pySHACL, the reference; --engine pyshacl asks for the reference.
    """
    config = project.config()
    console = Console(stderr=True)
    place = out or config.dist
    with progress.reporter(console) as reporter:
        run = pipeline.build(
            config, place, reporter, strict=strict, engine=Engine(engine), cache=not no_cache, store=not no_store
        )
    release = str(place / run.release.version) if run.release else None
    report.write_text((f for f in run.findings if f.severity is not Severity.INFO), sys.stderr, config.root)
    if form == "json":
        click.echo(_as_json(run, release))
    else:
        console.print(progress.stage_table(run.stages))
        console.print(f"{report.summary(run.findings)}; see them all with: hansa validate", highlight=False)
        click.echo(f"release: {release}" if release else "no release was written")
    sys.exit(0 if release else 1)


def _as_json(run: Run, release: str | None) -> str:
    stages = [stage.as_dict() for stage in run.stages]
    return json.dumps({"stages": stages, "release": release, "findings": len(run.findings)}, indent=2)
