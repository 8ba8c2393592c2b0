"""What a table shows, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from hansa.serve.pages.views import Pager


class Cell(NamedTuple):
    """A cell of a table.

    :param html: what it shows
    :param key: what it is sorted by; empty cells come last
    """

    html: Markup
    key: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: name in addresses, title (a message id), how it is sorted now, and the address that sorts by it."""

    name: str
    title: str
    sorted: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``total`` rows of which ``rows`` are shown, which are written already.

    :param distinct: what the first column names: a city in two roles is one member
    :param records: whether rows end with a link to their record
    """

    anchor: str
    columns: tuple[Column, ...]
    rows: tuple[Markup, ...]
    total: int
    distinct: int
    pager: Pager | None = None
