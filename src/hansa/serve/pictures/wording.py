"""The words of pictures, in the language of the interface that a reader has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from gettext import NullTranslations
from urllib.parse import parse_qsl

from babel.numbers import format_percent

from hansa.serve.pages.i18n import catalogue, day, number
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Link
from hansa.serve.pictures.records import When


@dataclass(frozen=True, slots=True)
class Wording:
    """What a picture says to one reader.

    :param reader: shows things by their labels
    """

    reader: Reader
    translations: NullTranslations

    def gettext(self, message: str) -> str:
        """Translate a text of ours."""
        return self.translations.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Translate a text with a number."""
        return self.translations.ngettext(one, many, count)

    def number(self, value: float) -> str:
        """Write a number as the language does."""
        return number(value, self.reader.locale)

    def percent(self, share: float) -> str:
        """Write a share, from 0 to 1, as the language does."""
        return format_percent(share, locale=self.reader.locale)

    def day(self, text: str) -> str:
        """Write a year, a month or a day as the language does."""
        return day(text, self.reader.locale)

    def address(self, as_of: str) -> dict[str, str]:
        """Give the parameters that mean the same picture: the day, and the language when it was asked for by name."""
        asked = dict(parse_qsl(self.reader.query)).get("lang", "")
        return {name: value for name, value in (("as_of", as_of), ("lang", asked)) if value}

    def links(self, iris: Iterable[str]) -> tuple[Link, ...]:
        """Show things by their labels, in the order of the labels."""
        found = (self.reader.link(iri) for iri in dict.fromkeys(iris) if iri)
        return tuple(sorted(found, key=by_label))

    def on(self, as_of: str) -> str:
        """Say which time a picture holds for."""
        if not as_of:
            return self.gettext("All times together.")
        return self.gettext("As it may have been on %(day)s.") % {"day": self.day(as_of)}

    def period(self, when: When, *, moment: bool = False) -> str:
        """Say in words when something held, for a line of text; empty when nothing is known.

        :param moment: it happened at once
        """
        if moment:
            return self._edge(when.start)
        begun, ended = self._edge(when.start), self._edge(when.end)
        if begun and ended:
            return self.gettext("from %(start)s to %(end)s") % {"start": begun, "end": ended}
        if begun:
            return self.gettext("from %(start)s") % {"start": begun}
        if ended:
            return self.gettext("until %(end)s") % {"end": ended}
        return self.gettext("stated for %(day)s") % {"day": self._edge(when.as_of)} if when.as_of else ""

    def _edge(self, text: str) -> str:
        """Put an EDTF value into words (https://www.loc.gov/standards/datetime/)."""
        first, slash, last = text.partition("/")
        if not slash:
            return self._date(text)
        if first in ("", ".."):
            return self.gettext("%(day)s or before") % {"day": self._date(last)}
        if last in ("", ".."):
            return self.gettext("%(day)s or later") % {"day": self._date(first)}
        return self.gettext("between %(first)s and %(last)s") % {"first": self._date(first), "last": self._date(last)}

    def _date(self, text: str) -> str:
        bare = text.rstrip("?~%")
        return f"{self.day(bare)} (?)" if bare != text else self.day(text)


def by_label(link: Link) -> tuple[str, str]:
    """Order things by what they are called."""
    return link.text.folded, link.iri


def wording(reader: Reader) -> Wording:
    """Give the words for a reader."""
    return Wording(reader, catalogue(reader.locale))
