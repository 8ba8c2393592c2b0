"""The command ``hansa validate``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click

from hansa import pipeline
from hansa.commands import project
from hansa.config import Config
from hansa.memo import Memo
from hansa.model import Finding, Severity
from hansa.run import Run
from hansa.validate import report
from hansa.validate.engines import Engine
from hansa.validate.mend import mend, write

_ROUNDS = 20
"""How often ``--fix`` looks again: one round shows what a mended syntax error has hidden."""
_RUN = version("hansa")
_REPORTS: Mapping[str, Callable[[list[Finding], Config], str]] = {
    "json": lambda findings, config: report.to_json(findings, config.root),
    "sarif": lambda findings, config: report.to_sarif(findings, _RUN, config.root),
    "github": lambda findings, _: report.to_github(findings),
    "turtle": lambda findings, config: report.to_turtle(findings, [], config).decode(),
}


@dataclass(frozen=True)
class Wanted:
    """What the user asked for.

    :param names: the files and folders to report on, as findings name them; none for all
    :param extra: files that are no part of the project
    """

    config: Config
    names: tuple[str, ...]
    extra: tuple[Path, ...]
    engine: Engine
    memo: Memo
    cache: bool

    def run(self) -> tuple[Run, list[Finding]]:
        """Check, and give the findings to report.

        A file that cannot be read stops all checks, so it is reported wherever it is: silence would be a lie.
        """
        run = pipeline.validate(self.config, extra=self.extra, engine=self.engine, memo=self.memo, cache=self.cache)
        return run, [f for f in run.findings if self._shows(f.position.file) or report.stops_all(f)]

    def _shows(self, file: str) -> bool:
        return not self.names or any(name in {".", file} or file.startswith(f"{name}/") for name in self.names)


@click.command(epilog="Example: hansa validate instances/sources --format sarif > findings.sarif")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--format", "form", type=click.Choice(["text", *_REPORTS]), default="text", help="How findings are printed."
)
@project.engine_option("auto")
@click.option("--strict", is_flag=True, help="Warnings, too, give exit code 1.")
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, then report what is left.")
@click.option("--dry-run", is_flag=True, help="With --fix: show the changes and make none.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until Ctrl-C.")
@click.option("--no-cache", is_flag=True, help="Look at everything anew, and keep nothing in .hansa-cache.")
def validate(  # noqa: PLR0913 - one argument an option
    paths: tuple[Path, ...],
    form: str,
    engine: str,
    *,
    strict: bool,
    fix: bool,
    dry_run: bool,
    watch: bool,
    no_cache: bool,
) -> None:
    """Check everything, and write nothing but a cache (and, with --fix, what was mended).

    With PATHS, only findings in those files and folders are shown. A Turtle file that is no part of the project is
    checked as if it were one of its instance files.
    """
    _refuse_together({"--dry-run without --fix": dry_run and not fix, "--watch with --fix": watch and fix})
    wanted = _wanted(paths, Engine(engine), cached=not no_cache)
    if watch:
        from hansa.commands.watch import watch_project  # noqa: PLC0415 - only when asked for

        sys.exit(watch_project(wanted))
    if dry_run:
        sys.exit(_show_fixes(wanted))
    findings = _mend_all(wanted) if fix else wanted.run()[1]
    _print(findings, form, wanted.config)
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    sys.exit(1 if any(finding.severity in bad for finding in findings) else 0)


def _refuse_together(mistakes: Mapping[str, bool]) -> None:
    for what, made in mistakes.items():
        if made:
            raise click.UsageError(f"{what} makes no sense.")


def _print(findings: list[Finding], form: str, config: Config) -> None:
    if form == "text":
        report.write_text(findings, sys.stdout, config.root)
        click.echo(report.summary(findings), err=True)
    else:
        click.echo(_REPORTS[form](findings, config), nl=False)


# ---------------------------------------------------------------- paths
def _wanted(paths: tuple[Path, ...], engine: Engine, *, cached: bool) -> Wanted:
    config = project.config()
    known = pipeline.names_of_files(config) if paths else frozenset()
    extra = tuple(file for path in paths for file in _strangers(path, config, known))
    memo = Memo.of_project(config.root, "validate") if cached else Memo.nothing()
    return Wanted(config, tuple(_name(path, config) for path in paths), extra, engine, memo, cached)


def _strangers(path: Path, config: Config, known: frozenset[str]) -> list[Path]:
    """Give the Turtle files among what the user named that are no part of the project."""
    inside = path.resolve().is_relative_to(config.root)
    if path.is_dir():
        return [] if inside else sorted(file.resolve() for file in path.rglob("*.ttl"))
    if _name(path, config) in known:
        return []
    if path.suffix != ".ttl":
        raise click.BadParameter(f"{path} is no file that hansa checks: name a Turtle file (.ttl) or a folder.")
    return [path.resolve()]


def _name(path: Path, config: Config) -> str:
    real = path.resolve()
    return real.relative_to(config.root).as_posix() if real.is_relative_to(config.root) else str(real)


# ---------------------------------------------------------------- fixes
def _show_fixes(wanted: Wanted) -> int:
    run, findings = wanted.run()
    changes = mend(findings, run.texts())
    for change in changes:
        click.echo(change.diff(), nl=False)
    click.echo(f"{_count(sum(change.count for change in changes))} to make; nothing was written", err=True)
    return 1 if changes else 0


def _mend_all(wanted: Wanted) -> list[Finding]:
    """Mend and look again until nothing is left to mend; give the findings that are."""
    made = 0
    for _ in range(_ROUNDS):
        run, findings = wanted.run()
        changes = mend(findings, run.texts())
        if not changes:
            break
        for change in changes:
            write(change, wanted.config.root / change.name)
            made += change.count
    click.echo(f"{_count(made)} made", err=True)
    return findings


def _count(fixes: int) -> str:
    return "1 fix" if fixes == 1 else f"{fixes} fixes"
