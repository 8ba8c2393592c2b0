"""Times of Wikidata beside our EDTF dates: bounds to compare, and the form that QuickStatements takes.

Wikidata's times have a day, always, and a precision that says how much of it is meant
(https://www.wikidata.org/wiki/Help:Dates): 9 the year, 10 the month, 11 the day.
"""

from __future__ import annotations

import re
from calendar import monthrange

from hansa.dates import Bounds, bounds
from hansa.errors import SkipItemError

_TIME = re.compile(r"\+?([0-9]{4})-([0-9]{2})-([0-9]{2})T00:00:00Z?")
_EDTF = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?")


def their_bounds(text: str, precision: int = 0) -> Bounds:
    """Give the earliest and the latest day of a time of Wikidata.

    Truthy values carry no precision: then the first of January may mean the year, and the first of a month the month.

    :raises SkipItemError: when it is no day of the common era, such as "unknown value"
    """
    found = _TIME.fullmatch(text)
    if not found:
        raise SkipItemError(f"{text!r} is not a time of Wikidata")
    year, month, day = (int(part) for part in found.groups())
    if not precision:
        precision = 9 if (month, day) in {(1, 1), (0, 0)} else 10 if day in {0, 1} else 11
    if precision < 9:
        raise SkipItemError(f"{text!r} is less precise than a year")
    if precision == 9:
        return Bounds(f"{year:04}-01-01", f"{year:04}-12-31")
    if precision == 10:
        return Bounds(f"{year:04}-{month:02}-01", f"{year:04}-{month:02}-{monthrange(year, month)[1]}")
    return Bounds(f"{year:04}-{month:02}-{day:02}", f"{year:04}-{month:02}-{day:02}")


def agree(ours: str, text: str, precision: int = 0) -> bool:
    """Say whether our EDTF date and a time of Wikidata can be the same day; what cannot be read agrees with nothing."""
    try:
        here, there = bounds(ours), their_bounds(text, precision)
    except SkipItemError:
        return False
    return (here.earliest or "") <= (there.latest or "9") and (there.earliest or "") <= (here.latest or "9")


def shown(text: str, precision: int = 0) -> str:
    """Write a time of Wikidata as people write it: 2018, 2018-01 or 2018-01-24."""
    found = _TIME.fullmatch(text)
    if not found:
        return text
    return "-".join(found.groups()[: {9: 1, 10: 2}.get(precision, 3)])


def quickstatements_time(edtf: str) -> str:
    """Write an EDTF date as QuickStatements takes it: ``+2018-01-24T00:00:00Z/11``.

    :raises SkipItemError: when the format cannot carry it: doubt, intervals, open ends, decades, seasons
    """
    if edtf.rstrip("?~%") != edtf:
        raise SkipItemError(f"the date {edtf} is uncertain, and the format cannot say so")
    found = _EDTF.fullmatch(edtf)
    if not found or not _is_day(edtf):
        raise SkipItemError(f"the date {edtf} is neither a year nor a month nor a day: unknown precision")
    year, month, day = found.groups(default="00")
    precision = 9 if month == "00" else 10 if day == "00" else 11
    return f"+{year}-{month}-{day}T00:00:00Z/{precision}"


def _is_day(edtf: str) -> bool:
    try:
        bounds(edtf)
    except SkipItemError:
        return False
    return True
