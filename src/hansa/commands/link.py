"""``hansa link``: the commands of the loop from names to reviewed links."""

from __future__ import annotations

import click

from hansa.commands.lazy import lazy_group


@click.group(cls=lazy_group("hansa.commands.link_", "propose", "review", "status"))
def link() -> None:
    """Link things to Wikidata: propose candidates, review them, see what is left."""
