import pytest
from hypothesis import given
from hypothesis import strategies as st

from hansa.link.names import Signal, normalise, one_script, qualified, readings, transliterate


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wrocław", "WROCLAW"),
        ("Zürich", "Zurich"),
        ("København", "Kobenhavn"),
        ("Granada\u200e", "Granada"),
        ("N'Djamena", "N’Djamena"),
        ("St. Petersburg", "Saint Petersburg"),
        ("Alma-Ata", "Alma Ata"),
        ("臺北市", "台北市"),
        ("羅馬", "罗马"),
        ("浜松", "滨松"),
        ("濱松", "滨松"),
        ("Ｔｏｋｙｏ", "Tokyo"),
        ("İstanbul", "Istanbul"),
    ],
)
def test_spellings_of_a_name_meet(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [("バリ", "パリ"), ("दिल", "दल"), ("Bern", "Berlin")])
def test_marks_that_tell_letters_apart_stay(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@pytest.mark.parametrize(
    ("name", "key", "signal"),
    [
        ("City of Liverpool", "liverpool", Signal.CITY),
        ("Gemeente Amsterdam", "amsterdam", Signal.MUNICIPALITY),
        ("Barcelona City Council", "barcelona", Signal.GOVERNMENT),
        ("Tokyo Metropolitan Government", "tokyo", Signal.GOVERNMENT),
        ("Shizuoka Prefecture", "shizuoka", Signal.REGION),
        ("神奈川県", "神奈川", Signal.REGION),
        ("서울특별시", "서울", Signal.CITY),
        ("Metropolis of Lyon", "lyon", Signal.METRO),
    ],
)
def test_generic_words_say_what_is_meant(name: str, key: str, signal: Signal) -> None:
    plain, *others = readings(name)
    assert plain.signal is Signal.NONE
    assert (key, signal) in {(reading.key, reading.signal) for reading in others}


def test_a_plain_name_has_one_reading() -> None:
    assert [reading.key for reading in readings("Lyon")] == ["lyon"]


def test_what_follows_a_comma_qualifies_in_any_script() -> None:
    assert qualified("Suzhou, Jiangsu") == ("Suzhou", "Jiangsu")
    assert qualified("فينيكس، أريزونا") == ("فينيكس", "أريزونا")
    assert qualified("Lyon") is None


def test_other_scripts_have_a_latin_skeleton() -> None:
    assert transliterate(normalise("Томск")) == "tomsk"
    assert transliterate("tomsk") == ""


def test_a_transcribed_name_is_in_one_script() -> None:
    assert one_script("トムスク")
    assert not one_script("研修プログラム")
