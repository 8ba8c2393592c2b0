"""What the commands share: the graph project that the user named, and its releases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from hansa import manifest
from hansa.config import Config, load_config

release_option = click.option(
    "--release", type=click.Path(path_type=Path), help="A release or a dist folder (default: dist)."
)


def engine_option(default: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make the option ``--engine``: who checks the shapes."""
    return click.option(
        "--engine",
        type=click.Choice(["auto", "fast", "pyshacl"]),
        default=default,
        show_default=True,
        help="Who checks the shapes: the fast engine, or pySHACL, the reference.",
    )


def config() -> Config:
    """Read the settings of the project that ``--project`` or ``HANSA_HOME`` names.

    :raises ConfigError: when there is none
    """
    return load_config(click.get_current_context().find_root().obj)


def release_directory(place: Path | None) -> Path:
    """Find the release that the user means: the one named, or the current one of the project.

    :raises NotFoundError: when there is none
    """
    return manifest.find_release(place or config().dist)
