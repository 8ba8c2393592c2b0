"""What a picture is, whatever it shows: a drawing, what it is called, the table behind it, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from markupsafe import Markup

from hansa.serve.pages.views import Format, Link, Text
from hansa.serve.pictures.svg import inline


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for a drawing; labels have the same size in all of them, so phones get a picture of their own.

    :param width: in the unit of the drawing, a pixel at full size
    """

    name: str
    width: int

    @property
    def is_narrow(self) -> bool:
        """Tell whether labels must stand above what they name."""
        return self is NARROW


WIDE = Frame("wide", 960)
NARROW = Frame("narrow", 400)

Cell = tuple[Link, ...]
Draw = Callable[[Frame], Element]


def plain(value: str | int) -> Cell:
    """Make a cell of a text or number."""
    return (Link(Text(str(value))),) if value != "" else ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the language of one reader.

    :param name: map, timeline, overlap, around
    :param path: its own address without extension, and ``query`` what follows the question mark
    :param draw: makes the drawing for a frame
    :param rows: of the table behind it: what is in the picture, neither more nor less
    :param sources: documents that it is drawn from
    :param left_out: what belongs there and could not be drawn, and ``why_left_out``
    """

    name: str
    path: str
    title: str
    caption: str
    draw: Draw
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sources: tuple[Link, ...] = ()
    left_out: tuple[Link, ...] = ()
    why_left_out: str = ""
    query: dict[str, str] = field(default_factory=dict)
    credit: str = ""

    @property
    def wide(self) -> Markup:
        """The picture for wide pages and paper."""
        return inline(self.draw(WIDE), self.title)

    @property
    def narrow(self) -> Markup:
        """The picture for phones."""
        return inline(self.draw(NARROW), self.title)

    @property
    def table(self) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
        """The table as pages show it: columns in which no row says anything are left out."""
        used = [i for i in range(len(self.columns)) if any(row[i] for row in self.rows)]
        rows = tuple(tuple(row[i] for i in used) for row in self.rows)
        return tuple(self.columns[i] for i in used), rows

    def href(self, extension: str = "") -> str:
        """Give the address of the page of the picture, or of one of its other forms."""
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"{self.path}{f'.{extension}' if extension else ''}{query}"

    @property
    def formats(self) -> tuple[Format, ...]:
        """The downloads."""
        return (Format("SVG", self.href("svg"), "image/svg+xml"), Format("CSV", self.href("csv"), "text/csv"))
