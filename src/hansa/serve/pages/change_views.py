"""What the page of changes shows, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from hansa.serve.pages.views import Format, Link


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Something that happened.

    :param when: the date in words
    :param day: the earliest day that it can have been, ISO form
    :param words: what happened, in a sentence
    :param about: the membership or change event that says so
    :param named: who and what takes part
    """

    when: str
    day: str
    words: str
    about: Link
    named: tuple[Link, ...]
    sources: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """What happened in a year."""

    year: str
    changes: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The changes, newest first.

    :param about: the thing that they are about; none for all
    :param total: how many there are, and ``shown`` how many of them are on the page
    """

    about: Link | None
    years: tuple[Year, ...]
    total: int
    formats: tuple[Format, ...]
    shown: int
