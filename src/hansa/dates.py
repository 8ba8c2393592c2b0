"""Read dates as authors write them: EDTF, the Extended Date/Time Format (ISO 8601-2:2019, levels 0 and 1).

The library parses what is not a plain year, month or day; intervals, calendar days and the years that ``xsd:date`` can
hold are our own care, since it takes 2013-02-29 for a day and guesses ten years for an unknown end.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import struct_time

from hansa.errors import SkipItemError

_OPEN = ("", "..")
_PLAIN = re.compile(r"(?P<year>\d{4})(-(?P<month>0[1-9]|1[0-2])(-(?P<day>\d{2}))?)?[?~%]?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The earliest and the latest day that a date can be, in ISO form; ``None`` where there is no bound."""

    earliest: str | None
    latest: str | None


@lru_cache(maxsize=4096)
def bounds(text: str) -> Bounds:
    """Give the bounds of an EDTF expression; doubt (``?``, ``~``) does not widen them.

    :raises SkipItemError: when the text is not EDTF, names a day that no calendar has, or ends before it begins
    """
    first, slash, last = text.partition("/")
    if not slash:
        return _single(text)
    found = Bounds(_side(first).earliest, _side(last).latest)
    if first in _OPEN and last in _OPEN:
        raise SkipItemError(f"{text!r} says nothing: both ends are open")
    if found.earliest and found.latest and found.earliest > found.latest:
        raise SkipItemError(f"{text!r} ends before it begins")
    return found


def _side(text: str) -> Bounds:
    return Bounds(None, None) if text in _OPEN else _single(text)


def _single(text: str) -> Bounds:
    try:
        if plain := _PLAIN.fullmatch(text):
            return _plain(int(plain["year"]), plain["month"], plain["day"])
        if any(map(str.isspace, text)) or not text.isascii():
            raise ValueError("a space, or digits of another script")
        if "T" in text:
            raise ValueError("a time of day, which has no bounds in days")
        return _parsed(text)
    except (ValueError, TypeError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else "not understood"
        raise SkipItemError(f"{text!r} is not an EDTF date: {reason}") from None


def _parsed(text: str) -> Bounds:
    """Give the bounds that the library reads.

    :raises ValueError: when it does not understand the text
    """
    from edtf import EDTFParseException, parse_edtf  # noqa: PLC0415 - slow to import, and most dates are plain

    try:
        parsed = parse_edtf(text)
    except EDTFParseException as error:
        raise ValueError(str(error)) from error
    return Bounds(_day(parsed.lower_strict()), _day(parsed.upper_strict()))


def _plain(year: int, month: str | None, day: str | None) -> Bounds:
    """Give the bounds of a year, month or day without the library, whose parser takes milliseconds a date."""
    first = date(year, int(month or 1), int(day or 1))
    last = first if day else date(year, int(month or 12), monthrange(year, int(month or 12))[1])
    return Bounds(first.isoformat(), last.isoformat())


def _day(value: struct_time | float) -> str | None:
    return date(value.tm_year, value.tm_mon, value.tm_mday).isoformat() if isinstance(value, struct_time) else None
