"""Where IRIs are shown: a path of this site, a web address, or nowhere."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def path_of(base: str, iri: str) -> str:
    """Give the path under which this server shows one of our own IRIs, empty for foreign ones."""
    if not iri.startswith(base):
        return ""
    rest = iri.removeprefix(base)
    shown = f"doc/{rest.removeprefix('id/')}" if rest.startswith("id/") else rest
    return "/" + quote(shown, safe="/#:@!$&'()*+,;=~")


def href_of(base: str, iri: str) -> str:
    """Give the link for an IRI: a path here, a web address elsewhere, empty for all other schemes."""
    return path_of(base, iri) or (iri if _WEB.match(iri) else "")


@lru_cache(maxsize=4096)
def words_of(iri: str) -> str:
    """Make words of the last part of an IRI, for terms that nobody labelled (``startEarliest`` → start earliest)."""
    local = re.split(r"[#/:]", iri.rstrip("#/"))[-1]
    return _CAMEL.sub(" ", local).replace("-", " ").replace("_", " ").lower() or iri
