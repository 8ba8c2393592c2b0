"""Made-up names in three languages and dates of mixed precision, the same for the same number or generator."""

from __future__ import annotations

from random import Random

_SYLLABLES = ("ka", "mo", "ri", "ta", "shi", "ne", "so", "ru", "ba", "ko", "ma", "ni", "to", "ra", "yu", "ha")
_KATAKANA = ("カ", "モ", "リ", "タ", "シ", "ネ", "ソ", "ル", "バ", "コ", "マ", "ニ", "ト", "ラ", "ユ", "ハ")
_SUBJECTS = ("Ports", "Rivers", "Climate", "Islands", "Capitals", "Health", "Water", "Heritage")
_SUBJECTS_JA = ("港湾", "河川", "気候", "島嶼", "首都", "保健", "水", "遺産")
_SUBJECTS_ES = ("Puertos", "Ríos", "Clima", "Islas", "Capitales", "Salud", "Agua", "Patrimonio")
_MARKS = ("", "", "", "?", "~")
_MONTHS = (1, 3, 4, 6, 9, 11)


def _digits(number: int) -> list[int]:
    """Give three digits or more, different ones for different numbers."""
    number += 256
    digits = [number % 16]
    while number := number // 16:
        digits.append(number % 16)
    return digits


def place_name(number: int) -> dict[str, str]:
    """Name a place; a number gives the same name in every graph."""
    digits = _digits(number)
    latin = "".join(_SYLLABLES[d] for d in digits).capitalize()
    return {"en": latin, "ja": "".join(_KATAKANA[d] for d in digits), "es": latin}


def network_name(number: int) -> dict[str, str]:
    """Name a network."""
    kind = number % len(_SUBJECTS)
    return {
        "en": f"League of {_SUBJECTS[kind]} {number}",
        "ja": f"{_SUBJECTS_JA[kind]}都市連盟{number}",
        "es": f"Liga de {_SUBJECTS_ES[kind]} {number}",
    }


def some_date(random: Random, first: int = 1950, last: int = 2024) -> str:
    """Give an EDTF date: a year, a month or a day, at times doubtful, at times an interval within which it lies."""
    year, month, day = random.randint(first, last), random.choice(_MONTHS), random.choice((1, 15))
    precision = random.random()
    if precision < 0.05:
        return f"../{year}-{month:02}"
    if precision < 0.1:
        return f"{year}/{year + 1}"
    mark = random.choice(_MARKS)
    if precision < 0.5:
        return f"{year}{mark}"
    return f"{year}-{month:02}{mark.replace('~', '')}" if precision < 0.75 else f"{year}-{month:02}-{day:02}"
