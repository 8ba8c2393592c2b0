"""What a page shows, as plain data: templates know these classes and nothing of RDF or of the store."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its language tag (empty when it has none).

    :param foreign: not in the language that the reader asked for; the page shows the tag
    """

    value: str
    lang: str = ""
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A thing on a page.

    :param iri: its IRI
    :param href: where it is shown; empty when it must not become a link
    """

    text: Text
    iri: str = ""
    href: str = ""
    external: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a property with the numbers of the notes that say where it comes from."""

    link: Link
    notes: tuple[int, ...] = ()
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values."""

    property: Link
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: cells of values, the thing the row is about, and its notes."""

    cells: tuple[tuple[Value, ...], ...]
    about: Link
    notes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heading and an anchor."""

    title: str
    anchor: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def distinct(self) -> int:
        """Count what the first column names: a city in two roles is one member."""
        return len({row.cells[0] for row in self.rows})


@dataclass(frozen=True, slots=True)
class Note:
    """Where statements come from.

    :param lines: lines in the document, as text
    :param certainty: stated or inferred
    :param reasons: why something was inferred
    :param derived: made by a rule from what the sources say
    """

    number: int
    sources: tuple[Link, ...]
    lines: str = ""
    section: str = ""
    certainty: Link | None = None
    reasons: tuple[Text, ...] = ()
    dates: tuple[Value, ...] = ()
    evidence: Link | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Things that link to this one by the same property.

    :param more: how many are not shown
    """

    title: Text
    values: tuple[Value, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """A form in which the same can be had."""

    title: str
    href: str
    media_type: str


@dataclass(frozen=True, slots=True)
class ThingPage:
    """The page of one thing."""

    iri: str
    path: str
    label: Text
    types: tuple[Link, ...]
    names: tuple[Value, ...]
    summary: tuple[Value, ...]
    facts: tuple[Fact, ...]
    tables: tuple[Table, ...]
    derived: tuple[Fact, ...]
    mentions: tuple[LinkGroup, ...]
    incoming: tuple[LinkGroup, ...]
    notes: tuple[Note, ...]
    formats: tuple[Format, ...]
    as_of: str = ""
    dated: bool = False


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


@dataclass(frozen=True, slots=True)
class Card:
    """A network on the home page."""

    link: Link
    description: Text | None
    members: int
    offices: int
    status: Text | None = None


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
    """A field of the form of a canned query."""

    name: str
    label: str
    input_type: str
    value: str
    example: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()


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
