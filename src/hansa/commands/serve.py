"""The command ``hansa serve``."""

from __future__ import annotations

from pathlib import Path

import click

from hansa.commands import project
from hansa.serve.app import run
from hansa.serve.settings import ServeSettings


@click.command(epilog="Example: hansa serve --port 8080")
@project.release_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Processes that answer queries.")
@click.option("--time-limit", default=10.0, show_default=True, help="Seconds that a query may take.")
def serve(release: Path | None, host: str, port: int, workers: int, time_limit: float) -> None:
    """Serve a release: pages, linked data, SPARQL, queries, dumps."""
    run(project.release_directory(release), ServeSettings(workers=workers, time_limit=time_limit), host, port)
