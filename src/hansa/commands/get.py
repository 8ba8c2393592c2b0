"""The command ``hansa get``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hansa.commands import project
from hansa.serve import local


@click.command(epilog="Example: hansa get /doc/network/citynet --accept text/turtle")
@click.argument("path")
@click.option("--accept", default="*/*", help="The media types wanted, as in an Accept header.")
@project.release_option
def get(path: str, accept: str, release: Path | None) -> None:
    """Print one response of the site without a server: status and headers on stderr, the body on stdout."""
    status, headers, body = local.get(project.release_directory(release), path, accept)
    click.echo("\n".join([str(status), *(f"{name}: {value}" for name, value in headers)]), err=True)
    sys.stdout.buffer.write(body)
    sys.exit(0 if status < 400 else 1)
