"""What is left in a text of where it came from: a form to fill in, a spreadsheet, a wiki, another keyboard.

Each rule takes a text and gives severity, code, message, hint, and the text as it should be, where that is sure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from hansa.model import Severity
from hansa.rdf import Literal

Problem = tuple[Severity, str, str, str, str]
"""Severity, code, message, hint, and the text as it should be, where that is sure."""

_NOTHING_YET = "tbd tba tbc todo to-do fixme n/a n.a. nan null nil undefined untitled placeholder asdf qwerty xx xxx"
_MARKS = "? ?? ??? ... … - -- --- – — . * [name] <name>"
PLACEHOLDERS = frozenset(f"{_NOTHING_YET} {_MARKS}".split())
"""What stands where somebody did not know what to write, in lower case."""
_LOREM = re.compile(r"lorem ipsum\b|insert (the )?(name|text)\b|enter (the )?(name|text)\b", re.IGNORECASE)
_SPREADSHEET = re.compile(r"#(REF|N/A|VALUE|NAME\??|DIV/0|NUM|NULL|FIELD|SPILL)!?\Z|=[A-Z]+\(", re.IGNORECASE)
_WIKI = re.compile(r"\[\[[^\]]*\]\]|\*\*[^*]+\*\*|\[[^\]]+\]\(https?:[^)]*\)|'''?[^']+'''?|\{\{[^}]*\}\}|^#{1,6} ")
_INSIDE = re.compile(r"[^\W\d_]\?[^\W\d_]")
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_WORD = re.compile(r"[^\W\d_]+")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def _placeholder(value: Literal) -> Problem | None:
    text = value.value.strip()
    if text.lower() not in PLACEHOLDERS and not _LOREM.match(text) and not _SPREADSHEET.match(text):
        return None
    message = f"{text[:40]!r} stands where a text should be"
    return Severity.ERROR, "text/placeholder", message, "write what the source says, or take the statement out", ""


def _wiki(value: Literal) -> Problem | None:
    found = _WIKI.search(value.value)
    if not found:
        return None
    message = f"the text has markup in it: {found.group()[:30]}"
    return Severity.ERROR, "text/markup", message, "write plain text", ""


def _lost(value: Literal) -> Problem | None:
    found = _INSIDE.search(value.value)
    if not found or "://" in value.value:
        return None
    message = "a question mark stands inside a word, as where a letter was lost"
    return Severity.WARNING, "text/lost-character", message, "write the letter that the source has", ""


def _mixed(value: Literal) -> Problem | None:
    """Find words of letters that look alike and are of two alphabets: nobody sees it, and no search finds the word."""
    for word in _WORD.findall(value.value):
        if word.isascii():
            continue
        names = {unicodedata.name(letter, "").split(" ")[0] for letter in word}
        found = [alphabet.capitalize() for alphabet in _ALPHABETS if alphabet in names]
        if len(found) > 1:
            message = f"the word {word} has letters of two alphabets, {' and '.join(found)}, which look alike"
            return Severity.ERROR, "text/look-alike", message, "type the word anew", ""
    return None


def _wide(value: Literal) -> Problem | None:
    if not _WIDE.search(value.value) or (value.language or "").startswith(("ja", "zh", "ko")):
        return None
    meant = _WIDE.sub(lambda m: unicodedata.normalize("NFKC", m.group()), value.value)
    message = "the text has letters or digits of full width, so that a search misses it"
    return Severity.WARNING, "text/normal-form", message, f"type it anew: {meant[:60]}", meant


def _quoted(value: Literal) -> Problem | None:
    text = value.value.strip()
    if len(text) < 3 or not (text[0] == text[-1] == '"') or '"' in text[1:-1]:
        return None
    message = "the text has a second pair of quotes inside of its own"
    return Severity.WARNING, "text/quotes", message, f'write "{text[1:-1][:60]}"', ""


RULES: tuple[Callable[[Literal], Problem | None], ...] = (_placeholder, _mixed, _wiki, _lost, _wide, _quoted)
