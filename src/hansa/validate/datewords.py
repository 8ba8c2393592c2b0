"""Guess which EDTF date somebody meant who wrote a date in another way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from hansa.dates import bounds
from hansa.errors import SkipItemError

_YEAR_FIRST = re.compile(r"(\d{4})([./ -]?)(\d\d?)\2(\d\d?)")
_YEAR_LAST = re.compile(r"(\d\d?)([./ -])(\d\d?)\2(\d{4})")
_JAPANESE = re.compile(r"(\d{4})年(?:(\d\d?)月(?:(\d\d?)日)?)?")
_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_]{3,})\.? (?:(?P<day>\d\d?)(?:st|nd|rd|th)?,? )?(?P<year>\d{4})")
_DAY_FIRST = re.compile(
    r"(?P<day>\d\d?)(?:st|nd|rd|th|\.)? (?:de )?(?P<month>[^\W\d_]{3,})\.?,? (?:de )?(?P<year>\d{4})"
)
_ABOUT = re.compile(r"(?:c|ca|circa|about|around)\.? ?(\d{4})", re.IGNORECASE)
_DECADE = re.compile(r"(\d{3})0'?s")
_RANGE = re.compile(r"(\d{4}(?:-\d\d)?) ?(?:–|—|--|-| to ) ?(\d{4}(?:-\d\d)?)")
_YEAR_MONTH = re.compile(r"(\d{4})[/.](\d\d?)")
_WITH_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d.*|Z)")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d[?~%]?")
_MONTHS = (
    "january jan enero janvier janeiro gener", "february feb febrero fevrier febrer", "march mar marzo mars",
    "april apr abril avril", "may mayo mai maig", "june jun junio juin juny", "july jul julio juillet juliol",
    "august aug agosto aout agost", "september sep sept septiembre septembre setembre", "october oct octubre octobre",
    "november nov noviembre novembre", "december dec diciembre decembre desembre",
)  # fmt: skip
_USUAL = 'write 1987, 2013-11, 2018-01-24, "2013-11?" when unsure, "../2013-11" for no later than'


def is_date(text: str) -> bool:
    """Tell whether a text is EDTF as we take it."""
    try:
        bounds(text)
    except SkipItemError:
        return False
    return True


def certainly_meant(text: str) -> str:
    """Give the one date that a text must mean, or an empty string."""
    found = {meant for meant in _readings(_plain(text)) if is_date(meant)}
    return found.pop() if len(found) == 1 and text not in found else ""


def advice(text: str) -> str:
    """Say what to write instead of a text that is no date."""
    plain = _plain(text)
    readings = sorted({meant for meant in (*_readings(plain), *_guesses(plain)) if is_date(meant)})
    if readings:
        return f"write {' or '.join(readings)}"
    for pattern, words in _WORDS:
        if re.fullmatch(pattern, plain):
            return words
    first, slash, last = plain.partition("/")
    if slash and is_date(f"{last}/{first}"):
        return f"the earlier date comes first: write {last}/{first}"
    if is_date(plain[:7]) and _ISO_DAY.fullmatch(plain):
        return f"the calendar has no such day: look it up, or write {plain[:7]} when only the month is known"
    return _USUAL


_WORDS = (
    (r"", "write the date, or take the statement out"),
    (r"'?\d\d", "write the year with four digits"),
    (r"\d{5,}", "a year has four digits"),
    (r"\d{4}-(?!0[1-9]|1[0-2])\d\d(-\d\d)?", "a year has twelve months: 2013-11 is November 2013"),
)
"""What a text looks like, and what to say of it."""


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _readings(text: str) -> Iterator[str]:
    """Give the dates that a text can mean."""
    yield text.replace(" ", "")
    if (day := _YEAR_FIRST.fullmatch(text)) and (day[2] or len(text) == len("20131120")):
        yield _date(day[1], day[3], day[4])
    if day := _YEAR_LAST.fullmatch(text):
        yield from (_date(day[4], day[3], day[1]), _date(day[4], day[1], day[3]))
    if day := _JAPANESE.fullmatch(text):
        yield _date(day[1], day[2], day[3])
    if day := _MONTH_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text):
        yield _date(day["year"], _month(day["month"]), day["day"])
    if found := _WITH_TIME.fullmatch(text):
        yield found[1]
    if found := _ABOUT.fullmatch(text):
        yield f"{found[1]}~"
    if found := _DECADE.fullmatch(text):
        yield f"{found[1]}X"


def _guesses(text: str) -> Iterator[str]:
    """Give what a text may well mean, though it could be something else."""
    if found := _RANGE.fullmatch(text):
        yield f"{found[1]}/{found[2]}"
    if found := _YEAR_MONTH.fullmatch(text):
        yield _date(found[1], found[2], None)


def _date(year: str, month: str | None, day: str | None) -> str:
    return "-".join(part.zfill(2) for part in (year, month, day) if part)


def _month(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", name.lower()) if not unicodedata.combining(c))
    return next((str(n) for n, names in enumerate(_MONTHS, 1) if plain in names.split()), "?")
