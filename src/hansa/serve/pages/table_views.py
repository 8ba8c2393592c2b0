"""What a table shows, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from hansa.serve.pages.views import NOTHING, Link, Pager


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    :param html: what it shows
    :param key: what it is sorted by; empty cells come last
    """

    html: Markup
    key: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its cells, the address of the record it shows, and its notes."""

    cells: tuple[Cell, ...]
    about: Link
    notes: Markup = NOTHING


@dataclass(frozen=True, slots=True)
class Column:
    """A column: name in addresses, title (a message id), how it is sorted now, and the address that sorts by it."""

    name: str
    title: str
    sorted: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; ``total`` rows of which ``rows`` are shown.

    :param distinct: what the first column names: a city in two roles is one member
    :param records: whether rows end with a link to their record
    """

    anchor: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int
    distinct: int
    pager: Pager | None = None
