"""Groups that import a command when it is asked for: a query need not wait for the reasoner."""

from __future__ import annotations

from importlib import import_module

import click


def lazy_group(module: str, *names: str) -> type[click.Group]:
    """Make a class of groups whose commands are imported when needed.

    :param module: the start of the modules' names; the command ``x`` is ``x`` in ``{module}x``
    :param names: the commands, in the order that ``--help`` shows
    """

    class Lazy(click.Group):
        def list_commands(self, ctx: click.Context) -> list[str]:
            return list(names)

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            if cmd_name not in names:
                return None
            command: click.Command = getattr(import_module(f"{module}{cmd_name}"), cmd_name)
            return command

    return Lazy
