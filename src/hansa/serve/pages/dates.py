"""EDTF dates as people read them (https://www.loc.gov/standards/datetime/)."""

from __future__ import annotations

_QUALITY = {"?": "uncertain", "~": "approximate", "%": "approximate and uncertain"}


def _plain(text: str) -> str:
    quality = _QUALITY.get(text[-1:], "")
    return f"{text[:-1]} ({quality})" if quality else text


def edtf_words(text: str) -> str:
    """Put an EDTF value into words: ``../2013-11?`` is by 2013-11 (uncertain); other forms stay as they are."""
    first, slash, last = text.partition("/")
    if not slash:
        return _plain(text)
    if first in ("..", "") and last not in ("..", ""):
        return f"by {_plain(last)}"
    if last in ("..", ""):
        return f"{_plain(first)} or later"
    return f"between {_plain(first)} and {_plain(last)}"
