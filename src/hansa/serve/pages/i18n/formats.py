"""Numbers and days as a language writes them (CLDR, by Babel)."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal


def number(value: float, locale: str) -> str:
    """Write a number with the digits grouped as the language does."""
    return format_decimal(value, locale=locale)


def day(text: str, locale: str) -> str:
    """Write ``2013``, ``2013-11`` or ``2013-11-20`` in words of the language; any other text stays as it is."""
    parts = text.split("-")
    if not all(part.isdigit() for part in parts) or [len(part) for part in parts] != [4, 2, 2][: len(parts)]:
        return text
    try:
        if len(parts) == 3:
            return format_date(date.fromisoformat(text), "long", locale=locale)
        year, month = int(parts[0]), int(parts[1]) if len(parts) == 2 else 1
        return format_skeleton("yMMMM" if len(parts) == 2 else "y", date(year, month, 1), locale=locale)
    except ValueError:
        return text
