"""What search compares: names without accents and case, split into words; scripts without spaces, into characters.

Unicode normalisation is UAX #15, case folding section 3.13 of the Unicode Standard.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

_LETTER_MARKS = 9
"""Up to this combining class marks tell letters apart (nukta 7, kana voicing 8, virama 9); above, they are accents."""

# Scripts that write no spaces (Han, kana, bopomofo, Hangul, South-East Asia): a name is found by any part of it.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u2e80-\u303f\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


def _is_latin(char: str) -> bool:
    return "À" <= char <= "\u024f" or "\u1e00" <= char <= "\u1eff"


def _plain(char: str) -> str:
    """Give the letters of a Latin letter that has no decomposition (ł, ø, đ, æ); others stay."""
    return anyascii(char) if _is_latin(char) else char


def fold(text: str) -> str:
    """Reduce a text to what is compared: compatibility forms, plain letters, no accents, no case, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if unicodedata.combining(c) <= _LETTER_MARKS)
    composed = unicodedata.normalize("NFC", bare)
    return " ".join("".join(_plain(c) for c in composed).casefold().split())


def words(folded: str) -> list[str]:
    """Split a folded text into words; a run of a script without spaces is one word."""
    return _RUN.findall(folded)


def is_unspaced(word: str) -> bool:
    """Tell whether a word is of a script that writes no spaces."""
    return _IS_UNSPACED.match(word) is not None


def tokens(word: str) -> list[str]:
    """Give what a word is indexed as: its characters when its script writes no spaces, else the word."""
    return list(word) if is_unspaced(word) else [word]


def tokens_of(found: list[str]) -> str:
    """Give the words of a folded text as the index keeps them: tokens with spaces between."""
    return " ".join(found if all(map(str.isascii, found)) else [token for word in found for token in tokens(word)])
