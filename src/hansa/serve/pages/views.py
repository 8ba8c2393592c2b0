"""What a page shows, as plain data: templates know these classes and nothing of RDF or of the store.

Texts, links and values write themselves as HTML (``__html__``, the protocol of MarkupSafe); what comes from data is
escaped here. A link is made once for the readers of a language and keeps its markup.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar, overload

from markupsafe import Markup

from hansa.serve.pages.html import html, quoted

T = TypeVar("T")
NOTHING = Markup("")
_RIGHT_TO_LEFT = ("ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi")


class once(Generic[T]):  # noqa: N801 (it is used like property)
    """A property that is computed once; as ``functools.cached_property``, without the lock that costs most of that.

    Two threads may both compute it, to the same.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> once[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> once[T] | T:
        """Compute it, and keep it where it is found without asking again."""
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._compute(instance)
        return value


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

    @once
    def markup(self) -> Markup:
        """Write the text as HTML without the mark of a foreign language, for places where that would disturb."""
        if not self.lang:
            return html(quoted(self.value))
        direction = ' dir="rtl"' if self.lang.split("-")[0] in _RIGHT_TO_LEFT else ""
        return html(f'<bdi lang="{quoted(self.lang)}"{direction}>{quoted(self.value)}</bdi>')

    @once
    def folded(self) -> str:
        """Give what it is sorted by among others."""
        return self.value.casefold()

    @once
    def tag(self) -> Markup:
        """Write the mark of a foreign language."""
        if not self.foreign:
            return NOTHING
        title = f' title="{quoted(self.language)}"' if self.language else ""
        return html(f' <abbr class="lang"{title}>{quoted(self.lang)}</abbr>')

    def __html__(self) -> str:
        """Write it as HTML."""
        return self.markup + self.tag if self.foreign else self.markup

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

    @once
    def markup(self) -> Markup:
        """Write the link as HTML."""
        if not self.href:
            return html(self.text.__html__())
        rel = ' class="external" rel="external"' if self.external else ""
        return html(f'<a href="{quoted(self.href)}"{rel}>{self.text.markup}</a>{self.text.tag}')

    def __html__(self) -> str:
        """Write it as HTML."""
        return self.markup

    def __str__(self) -> str:
        return self.text.value


class Value(NamedTuple):
    """One value of a property with the marks that lead to the notes that say where it comes from."""

    link: Link
    notes: Markup = NOTHING
    datatype: str = ""

    def __html__(self) -> str:
        """Write it as HTML."""
        if not self.datatype:
            return f"{self.link.markup}{self.notes}"
        return f'{self.link.markup} <small class="datatype">{quoted(self.datatype)}</small>{self.notes}'


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
class Pager:
    """Pages of something long; addresses are empty where there is none."""

    page: int
    pages: int
    before: str = ""
    after: str = ""
    anchor: str = ""


class Note(NamedTuple):
    """Where statements come from.

    :param tip: the note in one line, shown at its mark
    :param href: where its mark leads
    :param inferred: not stated in so many words
    :param html: what it says
    """

    number: int
    tip: str
    href: Markup
    inferred: bool
    html: Markup


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
