"""The command line: find the command, run it, turn errors into words and exit codes; nothing else.

Exit codes: 0 fine, 1 findings or nothing found, 2 wrong usage.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import click

from hansa.commands.lazy import lazy_group
from hansa.errors import HansaError, ParameterError

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_Commands = lazy_group("hansa.commands.", "build", "validate", "query", "serve", "get", "link", "wikidata")


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(version("hansa"))
@click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="HANSA_HOME",
    default=Path(),
    help="The graph project to work on (default: $HANSA_HOME, else the current folder).",
)
@click.pass_context
def cli(context: click.Context, project: Path) -> None:
    """Publish the networks of cities as linked data: build, check, query and serve a graph project."""
    context.obj = project


def main() -> None:
    """Run the command line; errors that users can mend are printed without a traceback."""
    try:
        cli()
    except HansaError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2 if isinstance(error, ParameterError) else 1)


if __name__ == "__main__":
    main()
