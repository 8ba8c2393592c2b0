"""Read the message catalogues (GNU gettext PO files) that ship with the pages."""

from __future__ import annotations

import gettext
import io
from functools import cache
from importlib import resources

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = ("en", "ja", "es", "fr", "ca", "ko")
"""Languages of the interface, in the order in which they are offered; the first is that of the message ids."""
DOMAIN = "hansa"


def N_(message: str) -> str:  # noqa: N802 (the name that gettext tools look for)
    """Mark a text for translation where it is written; the template that shows it translates it."""
    return message


@cache
def catalogue(locale: str) -> gettext.NullTranslations:
    """Give the translations of a language.

    The PO file is compiled in memory, so that there is no second form of it that could be out of date.

    :param locale: one of :data:`LOCALES`; without a catalogue the message ids themselves are shown
    """
    file = resources.files("hansa.serve.pages").joinpath("locale", locale, "LC_MESSAGES", f"{DOMAIN}.po")
    if not file.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=locale, domain=DOMAIN))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
