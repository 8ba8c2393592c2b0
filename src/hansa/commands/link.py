"""``hansa link``: the commands of the loop from names to reviewed links."""

from __future__ import annotations

from importlib import import_module

import click

_COMMANDS = ("propose", "review", "status")


class _Commands(click.Group):
    """A group that imports a subcommand when it is asked for: a review need not load the gazetteer's index."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"hansa.commands.link_{cmd_name}"), cmd_name)
        return command


@click.group(cls=_Commands)
def link() -> None:
    """Link things to Wikidata: propose candidates, review them, see what is left."""
