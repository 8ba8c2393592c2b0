"""Reduce names to what can be compared: any script, any width, with or without accents and municipal words.

Three keys of a name, from strict to loose: :func:`fold` (equal keys mean the same name), :func:`core` (the name without
words such as "City of" or 市) and :func:`romanise` (the name in Latin letters, for comparing across scripts).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

NAME_LENGTH = 200
"""Characters of a name that are looked at; no name is longer, and the work per name stays bounded."""

# Letters that Unicode does not decompose although readers drop their strokes and ties.
_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"})
# In these scripts a combining mark is an accent or an optional vowel; elsewhere (kana, Devanagari, Thai) it makes
# another letter and has to stay.
_ACCENTED_SCRIPTS = re.compile(r"[A-Za-zͰ-ϿЀ-ԯ֐-׿؀-ۿ]")
_APOSTROPHES = re.compile(r"['’‘ʼʻ`´ʿʾ]")
_ASCII = {code: " " for code in range(128) if unicodedata.category(chr(code))[0] in "PSZC"} | {39: None, 96: None}
"""What becomes of ASCII characters; apostrophes (39, 96) go."""

_LATIN_WORDS = (
    r"\b(?:(?:the )?(?:city|town|municipality|metropolitan area|commune|government|county|prefecture|province) of"
    r"|(?:metropolitan|municipal|city|regional|provincial) (?:government|council|city|authority|administration)"
    r"|city|metropolis|municipality|prefecture|province"
    r"|(?:ayuntamiento|municipio|ciudad|provincia|gobierno(?: metropolitano| municipal)?) de"
    r"|ville de|mairie de|stadt|landeshauptstadt|comune di|citta di|ajuntament de|prefeitura de|gemeente|kommune)\b"
)
_WORDS = re.compile(_LATIN_WORDS)
_CJK_ENDING = re.compile(
    r"(?<=\w)(?:特別市|広域市|廣域市|直轄市|特别市|直辖市|市役所|都庁|府庁|県庁|市|都|府|県|특별자치시|특별시|광역시|시청|시)$"
)


def _without_accents(text: str) -> str:
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character) and kept and _ACCENTED_SCRIPTS.match(kept[-1]):
            continue
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Give the key under which equal names meet.

    Compatibility forms and widths are one (NFKC), case is folded, accents of Latin, Greek, Cyrillic, Arabic and Hebrew
    letters go, apostrophes go, all other punctuation becomes a space.
    """
    if text.isascii():
        return " ".join(text[:NAME_LENGTH].lower().translate(_ASCII).split())
    plain = unicodedata.normalize("NFKC", text[:NAME_LENGTH]).casefold()
    folded = plain if plain.isascii() else _without_accents(plain).translate(_LETTERS)
    marked = "".join(" " if unicodedata.category(c)[0] in "PSZC" else c for c in _APOSTROPHES.sub("", folded))
    return " ".join(marked.split())[:NAME_LENGTH]


@lru_cache(maxsize=65536)
def core(folded: str) -> str:
    """Take the words for a kind of municipality off a folded name; the name itself when nothing else would be left."""
    rest = _CJK_ENDING.sub("", " ".join(_WORDS.sub(" ", folded).split()))
    return rest or folded


@lru_cache(maxsize=65536)
def romanise(folded: str) -> str:
    """Write a folded name in Latin letters, for comparison only; an ASCII name comes back as it is."""
    return folded if folded.isascii() else " ".join(anyascii(folded).lower().split())


def grams(key: str) -> set[str]:
    """Give the overlapping pieces by which a key is found: three letters in alphabets, two signs elsewhere."""
    size = 3 if key.isascii() else 2
    padded = f" {key} "
    return {padded[i : i + size] for i in range(max(1, len(padded) - size + 1))}
