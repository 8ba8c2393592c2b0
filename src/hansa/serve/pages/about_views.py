"""What the pages about the data and its use show, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hansa.serve.pages.query_views import ResultView


@dataclass(frozen=True, slots=True)
class Example:
    """A program that a reader can copy and run."""

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measurement: its rows, and the address of the query behind it.

    :param result: nothing when it was not there in time
    """

    result: ResultView | None
    href: str


@dataclass(frozen=True, slots=True)
class Share:
    """Of how many things of a sort something holds: a label in a language, a link to another data set.

    :param counts: by language tag or name of the data set; each at most ``total``
    """

    title: str
    href: str
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QualityPage:
    """The page on the quality of the data.

    :param languages: tags in the order of the columns
    :param labels: labels by language, for each kind of thing
    :param links: links to other data sets, for each kind of thing
    :param dates: memberships, and how many of them have which date
    """

    measures: Mapping[str, Measure]
    languages: tuple[str, ...]
    labels: tuple[Share, ...]
    links: tuple[Share, ...]
    dates: Mapping[str, int]
