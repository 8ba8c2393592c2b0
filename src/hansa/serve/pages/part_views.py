"""What the parts of a page show, as plain data: offices, contradictions, numbers, shared networks, documents."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from hansa.serve.pages.views import NOTHING, Link, Text, Value


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds or held an office.

    :param who: the holder, or the office by virtue of which it is held
    :param ex_officio: held by whoever holds the office named
    :param persons: who holds that office
    :param span: when, in words
    """

    who: Value
    span: str = ""
    known: str = ""
    notes: Markup = NOTHING
    ex_officio: bool = False
    persons: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """An office with who holds it on the day of the page, and who did before."""

    title: Value
    now: tuple[Holder, ...] = ()
    past: tuple[Holder, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says where sources differ."""

    value: Value
    when: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Statements of different sources that cannot all hold, side by side."""

    about: Text
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A number that a source states beside the number that the graph records."""

    counted: Value
    stated: str
    when: str
    recorded: int | None
    notes: Markup
    about: Link


@dataclass(frozen=True, slots=True)
class Shared:
    """A city that is in the same networks, and which these are."""

    who: Link
    networks: tuple[Link, ...]

    @property
    def listed(self) -> Markup:
        """The networks, as HTML."""
        return Markup(", ".join([network.markup for network in self.networks]))


@dataclass(frozen=True, slots=True)
class SharedList:
    """The cities that share most networks.

    :param more: how many are not shown, and ``question`` the address of an answer that shows them
    """

    rows: tuple[Shared, ...]
    more: int
    question: str


@dataclass(frozen=True, slots=True)
class Line:
    """What a document says in one place, statement by statement.

    :param place: the line or section, as text
    :param is_line: a line, not a section
    """

    place: str
    anchor: str
    statements: tuple[Statement, ...]
    is_line: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as a sentence of three parts.

    :param excerpt: as printed
    """

    subject: Link
    property: Link | None
    values: tuple[Value, ...]
    excerpt: Text | None = None
    inferred: bool = False
    reasons: tuple[Text, ...] = ()
