"""Choose the language of the interface, and link to the same page in the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, urlencode

from babel import Locale

from hansa.serve.http.negotiate import lookup, preferred_languages
from hansa.serve.pages.i18n.catalogues import LOCALES


@dataclass(frozen=True, slots=True)
class Choice:
    """A language in which a page can be had.

    :param name: as the language calls itself
    """

    locale: str
    name: str
    href: str
    current: bool


def choose_locale(asked: str, accept_language: str | None) -> str:
    """Choose the language of the interface: ``?lang=`` when there is one, else Accept-Language, else English.

    Labels fall back on their own; the interface has all of its texts in each of its languages.

    :param asked: value of ``?lang=``, possibly empty
    """
    explicit = lookup(asked, LOCALES) if asked else None
    return explicit or next(iter(preferred_languages(accept_language, LOCALES)), LOCALES[0])


@cache
def autonym(locale: str) -> str:
    """Name a language in itself, with a capital where it has them: ``Español``, ``日本語``."""
    name = Locale.parse(locale).get_language_name(locale) or locale
    return name[:1].upper() + name[1:]


def choices(path: str, query: str, current: str) -> tuple[Choice, ...]:
    """Give the addresses of the same page in all languages of the interface.

    :param query: query string of the request; its parameters other than ``lang`` are kept
    """
    given = parse_qsl(query, keep_blank_values=True) if query else ()
    kept = urlencode([(name, value) for name, value in given if name != "lang"])
    start = f"{path}?{kept}&lang=" if kept else f"{path}?lang="
    return tuple([Choice(locale, autonym(locale), start + locale, locale == current) for locale in LOCALES])
