"""EDTF dates as people read them, in their language (https://www.loc.gov/standards/datetime/)."""

from __future__ import annotations

from functools import lru_cache

from hansa.serve.pages.i18n import LOCALES, N_, catalogue, day

_QUALITY = {"?": N_("%(day)s (uncertain)"), "~": N_("about %(day)s"), "%": N_("about %(day)s (uncertain)")}
_OPEN = ("", "..")


def _one(text: str, locale: str) -> str:
    quality = _QUALITY.get(text[-1:])
    if quality is None:
        return day(text, locale)
    return catalogue(locale).gettext(quality) % {"day": day(text[:-1], locale)}


@lru_cache(maxsize=1 << 13)
def edtf_words(text: str, locale: str = LOCALES[0]) -> str:
    """Put an EDTF value into words: ``../2013-11?`` is by November 2013 (uncertain); other forms stay as they are.

    :param locale: language of the interface
    """
    first, slash, last = text.partition("/")
    gettext = catalogue(locale).gettext
    if not slash:
        return _one(text, locale)
    if first in _OPEN and last not in _OPEN:
        return gettext(N_("by %(day)s")) % {"day": _one(last, locale)}
    if last in _OPEN:
        return gettext(N_("%(day)s or later")) % {"day": _one(first, locale)}
    return gettext(N_("between %(first)s and %(last)s")) % {"first": _one(first, locale), "last": _one(last, locale)}


def _open(text: str, message: str, locale: str) -> str:
    return catalogue(locale).gettext(message) % {"date": edtf_words(text, locale)} if text else ""


def span_words(start: str, end: str, locale: str = LOCALES[0]) -> str:
    """Put when something began and ended into words, as far as either is known: *since 2004*, *2004 – May 2011*."""
    gettext = catalogue(locale).gettext
    if "/" in start + end:
        return ", ".join(
            filter(None, (_open(start, N_("began %(date)s"), locale), _open(end, N_("ended %(date)s"), locale)))
        )
    if start and end:
        shown = {"start": edtf_words(start, locale), "end": edtf_words(end, locale)}
        return gettext(N_("%(start)s – %(end)s")) % shown
    if start:
        return gettext("since %(date)s") % {"date": edtf_words(start, locale)}
    return gettext("until %(date)s") % {"date": edtf_words(end, locale)} if end else ""
