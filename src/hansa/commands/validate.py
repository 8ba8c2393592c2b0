"""The command ``hansa validate``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

import click

from hansa import pipeline
from hansa.commands import project
from hansa.config import Config
from hansa.model import Finding, Severity
from hansa.validate import report
from hansa.validate.engines import Engine

_REPORTS: Mapping[str, Callable[[list[Finding], Config], str]] = {
    "json": lambda findings, _: report.to_json(findings),
    "sarif": lambda findings, _: report.to_sarif(findings, version("hansa")),
    "github": lambda findings, _: report.to_github(findings),
    "turtle": lambda findings, config: report.to_turtle(findings, [], config).decode(),
}


@click.command(epilog="Example: hansa validate instances/sources --format sarif > findings.sarif")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--format", "form", type=click.Choice(["text", *_REPORTS]), default="text", help="How findings are printed."
)
@project.engine_option("auto")
@click.option("--strict", is_flag=True, help="Warnings, too, give exit code 1.")
def validate(paths: tuple[Path, ...], form: str, engine: str, strict: bool) -> None:
    """Check everything and write nothing.

    With PATHS, only findings in those files and folders are shown. A Turtle file from outside the project is checked as
    if it were one of its instance files.
    """
    config = project.config()
    outside = tuple(path for path in paths if _is_outside(path, config))
    run = pipeline.validate(config, extra=outside, engine=Engine(engine))
    findings = _within(run.findings, [_name(path, config) for path in paths])
    if form == "text":
        report.write_text(findings, sys.stdout, config.root)
        click.echo(report.summary(findings), err=True)
    else:
        click.echo(_REPORTS[form](findings, config), nl=False)
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    sys.exit(1 if any(finding.severity in bad for finding in findings) else 0)


def _within(findings: list[Finding], names: list[str]) -> list[Finding]:
    def shown(file: str) -> bool:
        return any(name in {".", file} or file.startswith(f"{name}/") for name in names)

    return [finding for finding in findings if not names or shown(finding.position.file)]


def _is_outside(path: Path, config: Config) -> bool:
    return not path.resolve().is_relative_to(config.root)


def _name(path: Path, config: Config) -> str:
    return str(path) if _is_outside(path, config) else path.resolve().relative_to(config.root).as_posix()
