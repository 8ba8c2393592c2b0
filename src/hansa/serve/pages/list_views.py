"""What lists and searches show, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from hansa.serve.pages.views import Format, Link, Pager, Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing in a list or among search results.

    :param note: its kind (a message id) among search results; in a list a few words about it
    """

    link: Link
    kind: str
    note: str = ""
    matched: Text | None = None


@dataclass(frozen=True, slots=True)
class SearchView:
    """What a search found.

    :param total: of all pages
    :param more: there are more, which are not looked at
    :param meant: the spelling that was looked for instead of the one that was typed
    :param partial: nothing has all the words; these have some of them
    """

    query: str
    entries: tuple[Entry, ...]
    total: int
    page: int = 1
    pages: int = 1
    more: bool = False
    meant: str = ""
    partial: bool = False
    title: str = "Search"


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of a list.

    :param as_of: the day that the list is for, empty for all times
    """

    title: str
    path: str
    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int
    formats: tuple[Format, ...] = ()
    as_of: str = ""

    @property
    def pager(self) -> Pager | None:
        """The other pages."""
        if self.pages == 1:
            return None
        before = f"{self.path}?page={self.page - 1}" if self.page > 1 else ""
        after = f"{self.path}?page={self.page + 1}" if self.page < self.pages else ""
        return Pager(self.page, self.pages, before, after)
