"""Names of places and public bodies, made comparable: one key for all spellings, and what the generic words say.

A name such as "Gemeente Amsterdam" or "서울특별시" is read in several ways (:func:`readings`): as it stands, and
without its generic word, which is kept as a :class:`Signal`, because "City Council" says that a government is meant.
Nothing here knows any item; see :mod:`hansa.link.match`.

Traditional, simplified and Japanese forms of a Chinese character count as one.

Normalisation follows Unicode Standard Annex 15 (NFKC, then decomposition) and the default case folding of the Unicode
Standard, section 3.13. Marks are dropped for Latin, Greek, Cyrillic, Hebrew and Arabic only: in Japanese, Korean, Thai
and the Indic scripts they tell letters apart.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from anyascii import anyascii

_LETTERS = str.maketrans(
    {
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "ə": "e",
        "ي": "ی", "ك": "ک", "ى": "ی", "ة": "ه", "أ": "ا", "إ": "ا", "آ": "ا",
    }
)  # fmt: skip
_LETTERS |= {
    ord(line[0]): line[2]
    for line in files("hansa.link").joinpath("data", "han.csv").read_text(encoding="utf-8").splitlines()[1:]
}
"""Letters that are told apart in writing only; Chinese characters in one form, the simplified one."""
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0640]")
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_QUOTES = re.compile("['’‘ʻʼʿʾ`´′ʹ]")
_GAPS = re.compile(r"[\W_]+")
_SHORT = {"st": "saint", "ste": "sainte", "sta": "santa", "sto": "santo", "mt": "mount", "ft": "fort"}
_VOWEL_SIGNS = re.compile("[\u0900-\u0dff\u0e00-\u109f\u1780-\u17ff]")


class Signal(StrEnum):
    """What kind of thing the generic words of a name point to."""

    NONE = ""
    CITY = "city"
    MUNICIPALITY = "municipality"
    GOVERNMENT = "government"
    REGION = "region"
    DISTRICT = "district"
    METRO = "metropolitan area"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a name.

    :param key: the normalised name without its generic word
    :param signal: what the generic word points to
    :param word: the generic word, normalised, or an empty string
    """

    key: str
    signal: Signal = Signal.NONE
    word: str = ""


def _words(text: str) -> str:
    # \W takes the vowel signs of Indic and Thai letters for punctuation; they are not.
    if not _VOWEL_SIGNS.search(text):
        return _GAPS.sub(" ", text)
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """Give the key under which all spellings of a name meet; applying it twice changes nothing.

    :param text: a name in any script
    :return: case-folded words without marks and punctuation, one space apart; empty for a text without letters
    """
    folded = text.lower() if text.isascii() else _fold(text)
    if folded.isascii() and folded.isalpha():
        return _SHORT.get(folded, folded)
    words = _words(_QUOTES.sub("", folded)).split()
    return " ".join([_SHORT.get(word, word) for word in words])


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    folded = _MARKS.sub("", unicodedata.normalize("NFKD", folded))
    if folded.isascii():
        return folded
    folded = _INVISIBLE.sub("", unicodedata.normalize("NFC", folded))
    return folded.casefold().translate(_LETTERS)


def transliterate(key: str) -> str:
    """Give the Latin skeleton of a key in another script, normalised again; empty when it is Latin already."""
    return "" if key.isascii() else normalise(anyascii(key))


def consonants(latin: str) -> str:
    """Give the consonants of a Latin key, which transcriptions from one script into another tend to keep."""
    return re.sub("[aeiouyhw ]", "", latin)


def one_script(text: str) -> bool:
    """Whether all letters are of one script: "研修プログラム" mixes two, as phrases do and transcribed names do not."""
    return len({re.split("[ -]", unicodedata.name(c, "?"))[0] for c in text if c.isalpha()}) == 1


_PARTICLES = frozenset(
    {
        "a", "aan", "al", "am", "an", "bei", "d", "da", "das", "de", "dei", "del", "della", "den", "der", "des", "di",
        "do", "dos", "e", "el", "en", "i", "im", "in", "l", "la", "las", "le", "les", "los", "na", "nad", "ne", "ob",
        "on", "pod", "s", "sobre", "sous", "sul", "sur", "the", "u", "upon", "van", "y",
    }
)  # fmt: skip


def like_a_town(text: str) -> bool:
    """Whether a name is put together like those of small towns: "Greve in Chianti", "Idanha-a-Nova"."""
    words = [word for word in re.split(r"[\s\-'’]+", text) if word]
    small = [word for word in words if word.islower()]
    large = [word for word in words if word[0].isupper() and word.isalpha()]
    return bool(small) and 2 <= len(large) <= 4 and set(small) <= _PARTICLES and len(small) + len(large) == len(words)


def written_without_spaces(text: str) -> bool:
    """Whether a text is Chinese, Japanese or Korean, where a few letters make a phrase."""
    return any(unicodedata.name(c, "?").split()[0] in {"CJK", "HIRAGANA", "KATAKANA", "HANGUL"} for c in text)


_PREFIXES: dict[Signal, str] = {
    Signal.CITY: (
        "city of|the city of|town of|ville de|ville d|stadt|landeshauptstadt|hansestadt|ciudad de|cidade de|citta di|"
        "miasto|ciutat de|kota|gorod|город|г|місто|orasul|grad|مدینه|مدینه ال|thanh pho|tp|stad|nakhon"
    ),
    Signal.MUNICIPALITY: (
        "municipality of|gemeente|gemeinde|comune di|commune de|municipio de|municipi de|"
        "concello de|gmina|municipiul|dimos|δημοσ|obcina|borough of|commune d|municipality|udal"
    ),
    Signal.GOVERNMENT: (
        "ayuntamiento de|ajuntament de|concejo de|alcaldia de|intendencia de|mairie de|mairie d|prefeitura de|"
        "prefeitura municipal de|camara municipal de|camara municipal do|government of|council of|municipal council of|"
        "stadtverwaltung|magistrat der stadt|municipal corporation of|corporation of|administration of|gobierno de|"
        "city council of|city government of|municipalidad de|urzad miasta|urzad miejski|администрация"
    ),
    Signal.REGION: (
        "province of|region of|state of|department of|canton of|governorate of|prefecture of|emirate of|"
        "provincia de|provincia di|regione|region|regio|provincie|provinz|land|departement de|estado de|prefectura de|"
        "comunidad de|comunidad autonoma de|comunitat de|autonomous community of|principality of|principado de|"
        "departamento de|wojewodztwo|oblast|область|kanton|freistaat|republic of|province de|region de|prefecture de"
    ),
    Signal.DISTRICT: (
        "county of|district of|kreis|landkreis|distrito de|distretto di|comarca de|arrondissement de|powiat|"
        "metropolitan municipality of|metropolitan county of"
    ),
    Signal.METRO: (
        "greater|metro|metropolitan area of|metropolitan region of|metropolis of|metropole de|metropole d|"
        "metropole du|grand|"
        "communaute urbaine de|urban community of|agglomeration de|ballungsraum|aglomeracja|"
        "area metropolitana de|area metropolitana do|metropolitan city of|citta metropolitana di|metropolregion|"
        "gran|großraum|grossraum|region metropolitana de|regiao metropolitana de"
    ),
}
_SUFFIXES: dict[Signal, str] = {
    Signal.CITY: (
        "city|si|shi|town|metropolitan city|special city|special metropolitan city|capital city|stadt|stad|kaupunki|"
        "sehri|şehri|gorod|varosh|miestas"
    ),
    Signal.MUNICIPALITY: "municipality|kommune|kommun|kunta|gmina|belediyesi|borough|vald",
    Signal.GOVERNMENT: (
        "city council|metropolitan government|municipal government|city government|government|council|city hall|"
        "town council|municipal corporation|municipal council|metropolitan city council|county council|borough council|"
        "city corporation|administration|stadtverwaltung|combined authority|city authorities|municipality council|"
        "municipal authority|city authority|metropolitan authority"
    ),
    Signal.REGION: (
        "prefecture|province|oblast|region|state|governorate|krai|voivodeship|department|canton|do|ken|emirate|"
        "fu|область|край|autonomous region|special region|lan|län|fylke|ili|wojewodztwo|republic|territory|prefektur|"
        "prefektuur|provins|provinz|autonomous okrug|autonomous community|oblys"
    ),
    Signal.DISTRICT: "county|district|metropolitan municipality|metropolitan county|rural district|raion|rayon|powiat",
    Signal.METRO: (
        "metropolitan area|metropolitan region|metro area|metro|metropolis|metropole|urban area|"
        "conurbation|agglomeration"
    ),
}
# Scripts without spaces between words.
_ENDINGS: dict[Signal, tuple[str, ...]] = {
    Signal.GOVERNMENT: ("市役所", "都庁", "県庁", "府庁", "区役所", "市政府", "市人民政府", "시청", "도청", "市庁"),
    Signal.METRO: ("大都市圏", "都市圏", "都市圈", "수도권", "광역권"),
    Signal.CITY: (
        "特別市", "特别市", "広域市", "広域", "直轄市", "直辖市", "特別自治市", "市", "城",
        "특별자치시", "특별시", "광역시", "시", "မြို့",
    ),
    Signal.REGION: ("県", "府", "省", "州", "特別自治道", "道", "특별자치도", "도", "都", "自治区", "ေပြည်နယ်"),
    Signal.MUNICIPALITY: ("町", "村", "군", "郡", "区", "구"),
}  # fmt: skip


def _pattern(table: dict[Signal, str], before: bool) -> re.Pattern[str]:
    pairs = [(normalise(word), signal) for signal, words in table.items() for word in words.split("|")]
    longest = sorted({word for word, _ in pairs if word}, key=lambda word: (-len(word), word))
    body = "|".join(re.escape(word) for word in longest)
    return re.compile(f"(?P<word>{body}) (?P<rest>.+)" if before else f"(?P<rest>.+?) (?P<word>{body})")


def _meanings(table: dict[Signal, str]) -> dict[str, Signal]:
    return {normalise(word): signal for signal, words in table.items() for word in words.split("|")}


_BEFORE, _AFTER = _pattern(_PREFIXES, True), _pattern(_SUFFIXES, False)
_BEFORE_MEANS, _AFTER_MEANS = _meanings(_PREFIXES), _meanings(_SUFFIXES)
_ENDS = sorted(
    ((normalise(end), signal) for signal, ends in _ENDINGS.items() for end in ends), key=lambda pair: -len(pair[0])
)


def _without_ending(key: str) -> Reading | None:
    if key.isascii():
        return None
    for end, signal in _ENDS:
        if key.endswith(end) and len(key) > len(end) + 1:
            return Reading(key.removesuffix(end).strip(), signal, end)
    return None


def readings(name: str) -> list[Reading]:
    """Read a name as it stands and without its generic words.

    :param name: a name in any script
    :return: the plain reading first; the ones that follow carry the signal of the word that was taken off
    """
    key = normalise(name)
    found = [Reading(key)]
    if before := _BEFORE.fullmatch(key):
        found.append(Reading(before["rest"], _BEFORE_MEANS[before["word"]], before["word"]))
    if after := _AFTER.fullmatch(key):
        found.append(Reading(after["rest"], _AFTER_MEANS[after["word"]], after["word"]))
    if ending := _without_ending(key):
        found.append(ending)
    return found


def qualified(name: str) -> tuple[str, str] | None:
    """Split "Suzhou, Jiangsu" into the name and what qualifies it; ``None`` for a name without a comma."""
    parts = re.split("[,،、，(（]", name, maxsplit=1)
    head, tail = parts[0].strip(), parts[-1].strip(" )）")
    return (head, tail) if len(parts) == 2 and head and tail else None
