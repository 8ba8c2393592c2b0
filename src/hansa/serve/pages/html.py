"""Texts as HTML, in fewer steps than MarkupSafe takes: a page is made of some hundred pieces."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from markupsafe import Markup, escape

special = re.compile("[&<>\"']").search
"""Find a character that cannot stand in HTML as it is."""
html: Callable[[str], Markup] = partial(str.__new__, Markup)
"""Mark a text as HTML; it must be that already, with all that comes from data escaped."""


def quoted(text: str) -> str:
    """Write a text as HTML.

    Most texts are HTML as they are, and to see that takes half as long as to escape them.
    """
    return escape(text) if special(text) else text
