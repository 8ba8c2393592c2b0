"""What the first page shows, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from hansa.serve.pages.query_views import QuestionView
from hansa.serve.pages.release_views import DownloadView, Figure
from hansa.serve.pages.views import Link, Text

if TYPE_CHECKING:
    from hansa.serve.pictures.picture import Picture


@dataclass(frozen=True, slots=True)
class Card:
    """A network on the home page.

    :param members: that are recorded by name, and ``stated`` how many a source counts, in words
    """

    link: Link
    description: Text | None
    members: int
    offices: int
    status: Text | None = None
    stated: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened, as a sentence with links."""

    when: str
    words: Markup
    sources: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page.

    :param more: networks that have no card
    :param map: of the cities
    :param tries: things to look at first
    :param themes: the vocabulary of themes, then the themes
    """

    cards: tuple[Card, ...]
    more: int
    map: Picture | None
    figures: tuple[Figure, ...]
    examples: tuple[QuestionView, ...]
    changes: tuple[News, ...]
    downloads: tuple[DownloadView, ...]
    tries: tuple[Link, ...]
    themes: tuple[Link, ...] = ()
    as_of: str = ""
