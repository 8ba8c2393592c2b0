"""The interface in its languages: complete catalogues, numbers and dates, the switch, labels that fall back visibly."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from hansa.serve.pages.dates import edtf_words
from hansa.serve.pages.i18n import LOCALES, catalogue, choose_locale, day, number
from tests.serve.conftest import Served

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_TRANSLATED = [locale for locale in LOCALES if locale != "en"]


@cache
def _used(root: Path) -> frozenset[str | tuple[str, ...]]:
    """Give the message ids in templates and modules, as ``make messages`` gathers them."""
    mappings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["babel"]["mappings"]
    methods = [(m["pattern"], m["method"]) for m in mappings]
    options = {m["pattern"]: {k: v for k, v in m.items() if k not in ("pattern", "method")} for m in mappings}
    keywords = {"_": None, "gettext": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
    found = extract_from_dir(root / "src/hansa", methods, options, keywords)
    return frozenset(message for _, _, message, _, _ in found)


def _read(root: Path, locale: str) -> Catalog:
    file = root / "src/hansa/serve/pages/locale" / locale / "LC_MESSAGES/hansa.po"
    with file.open("rb") as stream:
        return read_po(stream, locale=locale, abort_invalid=True)


def _texts(of: object) -> list[str]:
    """Give the forms of a message: one, or with a number several."""
    return [of] if isinstance(of, str) else [str(text) for text in of or ()]  # type: ignore[attr-defined]


def _messages(root: Path, locale: str) -> list[Message]:
    return [message for message in _read(root, locale) if message.id]


@pytest.mark.parametrize("locale", _TRANSLATED)
def test_a_catalogue_has_every_text_of_the_interface_and_no_other(root: Path, locale: str) -> None:
    known = {m.id if isinstance(m.id, str) else tuple(m.id) for m in _messages(root, locale)}
    assert known == _used(root), "run: make messages"


@pytest.mark.parametrize("locale", _TRANSLATED)
def test_every_text_is_translated_for_certain(root: Path, locale: str) -> None:
    plurals = _read(root, locale).num_plurals
    for message in _messages(root, locale):
        texts = _texts(message.string)
        assert all(text.strip() for text in texts), message.id
        assert len(texts) == (1 if isinstance(message.id, str) else plurals), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("locale", _TRANSLATED)
def test_translations_keep_the_placeholders(root: Path, locale: str) -> None:
    for message in _messages(root, locale):
        ids = _texts(message.id)
        wanted = set(_PLACEHOLDER.findall(ids[-1]))
        texts = _texts(message.string)
        for text in texts:
            found = set(_PLACEHOLDER.findall(text))
            # A singular may say its number in words.
            assert found == wanted or (len(ids) > 1 and found == wanted - {"num"}), (message.id, text)


@pytest.mark.parametrize("locale", LOCALES)
def test_a_page_is_in_the_language_that_was_asked_for(shipped: Served, locale: str) -> None:
    for path in (f"/?lang={locale}", f"/networks?lang={locale}"):
        page = shipped.get(path, "text/html")
        assert f'<html lang="{locale}"' in page.text
        assert page.headers["content-language"].startswith(locale)
        assert catalogue(locale).gettext("Sources") in page.text


def test_the_language_of_the_browser_is_used_unless_another_is_asked_for(shipped: Served) -> None:
    korean = shipped.get("/", "text/html", **{"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.4"}).text
    assert '<html lang="ko"' in korean
    asked = shipped.get("/?lang=ca", "text/html", **{"Accept-Language": "ko"}).text
    assert '<html lang="ca"' in asked


def test_labels_fall_back_apart_from_the_interface_and_say_so(shipped: Served) -> None:
    page = shipped.get("/doc/network/metrex?lang=ca", "text/html").text
    assert '<html lang="ca"' in page
    assert re.search(r'<h1><bdi lang="en">METREX</bdi> <abbr class="lang" title="[^"]+">en</abbr>(<sup .*)?</h1>', page)


def test_every_page_links_to_itself_in_the_other_languages(shipped: Served) -> None:
    page = shipped.get("/doc/network/citynet?lang=es&as_of=2013-11-20", "text/html").text
    for locale in set(LOCALES) - {"es"}:
        links = [a for a in re.findall(r"<a [^>]*>", page) if f'hreflang="{locale}"' in a]
        assert links, locale
        assert all("as_of=2013-11-20" in a and f"lang={locale}" in a for a in links)
    for name in ("English", "日本語", "Español", "Français", "Català", "한국어"):
        assert name in page


@pytest.mark.parametrize(
    ("asked", "header", "locale"),
    [
        ("", None, "en"),
        ("", "de, ja;q=0.3", "ja"),
        ("", "*", "en"),
        ("fr", "ja", "fr"),
        ("fr-CA", "ja", "fr"),
        ("xx", "ja", "ja"),
        ("../../etc", None, "en"),
    ],
)
def test_the_choice_of_the_language(asked: str, header: str | None, locale: str) -> None:
    assert choose_locale(asked, header) == locale


@pytest.mark.parametrize(
    ("text", "locale", "words"),
    [
        ("2013-11-20", "en", "20 November 2013"),
        ("2013-11", "ja", "2013年11月"),
        ("2013", "ko", "2013년"),
        ("2013-11", "es", "noviembre de 2013"),
        ("2013-13-45", "fr", "2013-13-45"),
        ("later", "ca", "later"),
    ],
)
def test_days_look_as_the_language_writes_them(text: str, locale: str, words: str) -> None:
    assert day(text, locale) == words


def test_numbers_look_as_the_language_writes_them() -> None:
    assert [number(12345, locale) for locale in ("en", "es", "fr")] == ["12,345", "12.345", "12\u202f345"]


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("1985~", "about 1985"),
        ("2014/..", "2014 or later"),
        ("../2013-11?", "by November 2013 (uncertain)"),
        ("1990/1995", "between 1990 and 1995"),
        ("2013-11-20", "20 November 2013"),
        ("unknown", "unknown"),
    ],
)
def test_uncertain_dates_are_put_into_words(edtf: str, words: str) -> None:
    assert edtf_words(edtf) == words


@pytest.mark.parametrize("locale", _TRANSLATED)
def test_uncertain_dates_are_put_into_words_of_every_language(locale: str) -> None:
    assert edtf_words("../2013-11?", locale) != edtf_words("../2013-11?")
