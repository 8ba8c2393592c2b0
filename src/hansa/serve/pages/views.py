"""What a page shows, as plain data: templates know these classes and nothing of RDF or of the store.

Texts, links and values write themselves as HTML (``__html__``, the protocol of MarkupSafe); what comes from data is
escaped here. A link is made once for the readers of a language and keeps its markup.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

NOTHING = Markup("")
_RIGHT_TO_LEFT = ("ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi")


@dataclass(frozen=True)
class Text:
    """A text with its language tag (empty when it has none).

    :param foreign: not in the language that the reader asked for; the page shows the tag
    :param language: name of its language, in that of the reader; only for foreign texts
    """

    value: str
    lang: str = ""
    foreign: bool = False
    language: str = ""

    @cached_property
    def markup(self) -> Markup:
        """The text as HTML without the mark of a foreign language, for places where that would disturb."""
        if not self.lang:
            return escape(self.value)
        direction = ' dir="rtl"' if self.lang.split("-")[0] in _RIGHT_TO_LEFT else ""
        return Markup(f'<bdi lang="{escape(self.lang)}"{direction}>{escape(self.value)}</bdi>')

    @cached_property
    def tag(self) -> Markup:
        """The mark of a foreign language."""
        if not self.foreign:
            return NOTHING
        title = f' title="{escape(self.language)}"' if self.language else ""
        return Markup(f' <abbr class="lang"{title}>{escape(self.lang)}</abbr>')

    def __html__(self) -> str:
        """Write it as HTML."""
        return self.markup + self.tag

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True)
class Link:
    """A thing on a page.

    :param iri: its IRI
    :param href: where it is shown; empty when it must not become a link
    """

    text: Text
    iri: str = ""
    href: str = ""
    external: bool = False

    @cached_property
    def markup(self) -> Markup:
        """The link as HTML."""
        if not self.href:
            return Markup(self.text.__html__())
        rel = ' class="external" rel="external"' if self.external else ""
        return Markup(f'<a href="{escape(self.href)}"{rel}>{self.text.markup}</a>{self.text.tag}')

    def __html__(self) -> str:
        """Write it as HTML."""
        return self.markup

    def __str__(self) -> str:
        return self.text.value


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property with the marks that lead to the notes that say where it comes from."""

    link: Link
    notes: Markup = NOTHING
    datatype: str = ""

    def __html__(self) -> str:
        """Write it as HTML."""
        datatype = f' <small class="datatype">{escape(self.datatype)}</small>' if self.datatype else ""
        return f"{self.link.markup}{datatype}{self.notes}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values.

    :param others: the same in other languages, and ``languages`` which these are
    """

    property: Link
    values: tuple[Value, ...]
    others: tuple[Value, ...] = ()
    languages: tuple[str, ...] = ()


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
class Pager:
    """Pages of something long; addresses are empty where there is none."""

    page: int
    pages: int
    before: str = ""
    after: str = ""
    anchor: str = ""


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


@dataclass(frozen=True, slots=True)
class Note:
    """Where statements come from.

    :param tip: the note in one line, shown at its mark
    :param lines: lines in the document, as text
    :param certainty: stated or inferred
    :param inferred: not stated in so many words
    :param reasons: why something was inferred
    :param derived: made by a rule from what the sources say
    :param originals: web addresses of the documents themselves
    """

    number: int
    sources: tuple[Link, ...]
    tip: str = ""
    lines: str = ""
    section: str = ""
    certainty: Link | None = None
    inferred: bool = False
    reasons: tuple[Text, ...] = ()
    dates: tuple[str, ...] = ()
    evidence: tuple[Link, ...] = ()
    derived: bool = False
    originals: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Things under one heading.

    :param title: a message id, or the label of a property that ``of`` the thing
    :param more: how many are not shown
    """

    title: Text
    values: tuple[Value, ...]
    more: int = 0
    inverse: bool = False

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.values) + self.more


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page.

    :param title: a message id
    :param body: the template in ``sections/`` that shows it
    :param data: what that template needs
    :param count: shown beside the title
    :param pictures: of the pictures room, shown above the data
    """

    anchor: str
    title: str
    body: str
    data: Any
    count: str = ""
    pictures: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which the same can be had."""

    title: str
    href: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ThingPage:
    """The page of one thing.

    :param label_notes: where the label comes from
    :param kind: such as ``network``; ``concept`` and ``graph`` for those, empty for others
    :param title: what things of the kind are called (a message id), and ``list`` the address of their list
    :param summary: what it is, in the words of its sources
    :param key: the facts that a reader looks for first
    :param sections: the rest, in the order of the page
    :param as_of: the day the page holds for, empty for all times
    :param dated: whether a day would change anything
    """

    iri: str
    path: str
    kind: str
    label: Text
    types: tuple[Link, ...]
    names: tuple[Value, ...]
    summary: tuple[Value, ...]
    key: tuple[Fact, ...]
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    formats: tuple[Format, ...]
    as_of: str = ""
    dated: bool = False
    title: str = ""
    list: str = ""
    label_notes: Markup = NOTHING

    @property
    def pictured(self) -> bool:
        """Whether there is a picture on it."""
        return any(section.pictures for section in self.sections)


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing in a list or among search results."""

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
    """A page of a list."""

    title: str
    path: str
    entries: tuple[Entry, ...]
    total: int
    page: int
    pages: int
    formats: tuple[Format, ...] = ()

    @property
    def pager(self) -> Pager | None:
        """The other pages."""
        if self.pages == 1:
            return None
        before = f"{self.path}?page={self.page - 1}" if self.page > 1 else ""
        after = f"{self.path}?page={self.page + 1}" if self.page < self.pages else ""
        return Pager(self.page, self.pages, before, after)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts."""

    number: int
    what: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A canned query in a list."""

    name: str
    summary: str
    tags: tuple[str, ...]
    federated: bool = False


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of the form of a canned query.

    :param value_label: the name of the thing that is the value, where the value is an identifier
    :param kind: of the things to choose from, where all are of one kind
    :param prefix: of the identifiers to choose from, empty where the field does not hold a thing, and its ``namespace``
    """

    name: str
    label: str
    input_type: str
    value: str
    example: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    value_label: str = ""
    kind: str = ""
    prefix: str = ""
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class DownloadView:
    """A file that can be downloaded."""

    path: str
    href: str
    title: str
    media_type: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """The result of a query on a page.

    :param text: the answer as Turtle when it is a graph
    :param boolean: the answer of ASK
    """

    form: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Value | None, ...], ...] = ()
    text: str = ""
    boolean: bool | None = None
    truncated: bool = False
    formats: tuple[Format, ...] = field(default_factory=tuple)
