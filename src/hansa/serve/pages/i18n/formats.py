"""Numbers and days as a language writes them (CLDR, by Babel)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

_CONVENTIONS = {"en": "en_GB"}
"""Where CLDR gives the bare language the conventions of another country than we mean."""


def number(value: float, locale: str) -> str:
    """Write a number with the digits grouped as the language does."""
    return format_decimal(value, locale=_CONVENTIONS.get(locale, locale))


@lru_cache(maxsize=1 << 13)
def day(text: str, locale: str) -> str:
    """Write ``2013``, ``2013-11`` or ``2013-11-20`` in words of the language; any other text stays as it is."""
    parts, cldr = text.split("-"), _CONVENTIONS.get(locale, locale)
    if not all(part.isdigit() for part in parts) or [len(part) for part in parts] != [4, 2, 2][: len(parts)]:
        return text
    try:
        if len(parts) == 3:
            return format_date(date.fromisoformat(text), "long", locale=cldr)
        year, month = int(parts[0]), int(parts[1]) if len(parts) == 2 else 1
        return format_skeleton("yMMMM" if len(parts) == 2 else "y", date(year, month, 1), locale=cldr)
    except ValueError:
        return text
