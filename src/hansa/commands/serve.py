"""The command ``hansa serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hansa.commands import project
from hansa.serve.app import run
from hansa.serve.settings import ServeSettings, available_processors

_MIB = 1 << 20


@click.command(epilog="Example: hansa serve --port 8080")
@project.release_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on; 0 takes a free one.")
@click.option("--processes", default=0, help="Processes that answer requests. [default: one for each processor]")
@click.option("--workers", default=2, show_default=True, help="Processes that answer queries.")
@click.option("--time-limit", default=10.0, show_default=True, help="Seconds that a query may take.")
@click.option("--queue-limit", default=64, show_default=True, help="Queries that may wait; more are answered with 503.")
@click.option("--memory-limit", default=2048, show_default=True, help="MiB that one worker may take, 0 for no limit.")
@click.option("--max-body", default=1024, show_default=True, help="KiB of the body of a request.")
@click.option("--header-timeout", default=10.0, show_default=True, help="Seconds to send the header of a request.")
@click.option("--body-timeout", default=30.0, show_default=True, help="Seconds to send a body, or to take an answer.")
@click.option("--grace", default=10.0, show_default=True, help="Seconds that answers have to end when stopped.")
@click.option("--cache", default=32, show_default=True, help="MiB of finished answers kept in memory, 0 for none.")
@click.option(
    "--allow-service", multiple=True, metavar="URL", help="An endpoint that SERVICE may name; may be repeated. [none]"
)
@click.option(
    "--allow-service-network", multiple=True, metavar="CIDR", help="A range where it may be though not public. [none]"
)
@click.option("--access-log", is_flag=True, help="Write a JSON line to standard error for every answer.")
def serve(release: Path | None, host: str, port: int, **options: Any) -> None:
    """Serve a release: pages, linked data, SPARQL, queries, dumps.

    Where the release is a link such as dist/current that moves on to another release, that one is served from then on,
    without a request lost; SIGHUP makes the server look at once. SIGTERM and Ctrl-C end it when all answers are sent.

    SERVICE in queries is refused unless --allow-service names the very address, such as https://example.org/sparql. The
    server then asks there itself: it resolves the name once, connects to public addresses only (and to those of
    --allow-service-network 10.1.0.0/16), follows no redirect, and takes at most 10,000 rows and 2 MiB of JSON.
    """
    body, memory, cache = (options.pop(name) for name in ("max_body", "memory_limit", "cache"))
    options["processes"] = options["processes"] or available_processors()
    limits = {"body_limit": body << 10, "memory_limit": memory * _MIB, "cache_bytes": cache * _MIB}
    settings = ServeSettings(**limits, warm=True, **options)
    run(project.release_directory(release), settings, host, port)
