"""Who reads: the languages wanted, and how IRIs and values look to that reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from starlette.requests import Request

from hansa.rdf import Literal, NamedNode, Node, Term
from hansa.serve.http.negotiate import lookup, preferred_languages
from hansa.serve.pages.i18n import LOCALES, catalogue
from hansa.serve.pages.names import Names, text_of
from hansa.serve.pages.views import Link, Text, Value
from hansa.vocab import EDTF, RDF, XSD, Vocabulary

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PLAIN_DATATYPES = {
    term.value
    for term in (
        *(RDF.langString, EDTF.EDTF, XSD.string, XSD.date, XSD.integer, XSD.decimal, XSD.boolean),
        *(XSD.gYear, XSD.gYearMonth, XSD.nonNegativeInteger, XSD.anyURI),
    )
}
"""Datatypes that a reader sees from the value itself."""


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


def words_of(iri: str) -> str:
    """Make words of the last part of an IRI, for terms that nobody labelled (``startEarliest`` → start earliest)."""
    local = re.split(r"[#/:]", iri.rstrip("#/"))[-1]
    return _CAMEL.sub(" ", local).replace("-", " ").replace("_", " ").lower() or iri


class Reader:
    """Shows terms to one reader.

    :param languages: wanted, best first; then the languages of the site follow
    :param locale: language of the interface
    :param path: of the page that is read, and ``query`` its query string
    """

    def __init__(
        self,
        vocab: Vocabulary,
        names: Names,
        languages: Sequence[str],
        locale: str = LOCALES[0],
        *,
        path: str = "/",
        query: str = "",
    ) -> None:
        self.vocab = vocab
        self.names = names
        self.languages = tuple(languages)
        self.locale = locale
        self.path = path
        self.query = query

    @property
    def language(self) -> str:
        """The language wanted most."""
        return self.languages[0]

    def gettext(self, message: str) -> str:
        """Translate a text of the interface."""
        return catalogue(self.locale).gettext(message)

    def text(self, literal: Literal) -> Text:
        """Show a literal."""
        return text_of(literal, self.languages)

    def link(self, iri: str) -> Link:
        """Show a thing by its label."""
        text = self.names.label(iri, self.languages)
        href = href_of(self.vocab.base, iri)
        return Link(text, iri, href, external=bool(href) and not href.startswith("/"))

    def property(self, iri: str) -> Link:
        """Show a property by its label, or by words made of its name."""
        if self.names.labels(iri):
            return self.link(iri)
        return Link(Text(words_of(iri), ""), iri, href_of(self.vocab.base, iri))

    def value(self, term: Term | Node, notes: tuple[int, ...] = ()) -> Value:
        """Show a value of a property."""
        if isinstance(term, NamedNode):
            return Value(self.link(term.value), notes)
        if isinstance(term, Literal):
            datatype = term.datatype.value
            shown = "" if datatype in _PLAIN_DATATYPES else self.vocab.shorten(datatype)
            return Value(Link(self.text(term)), notes, shown)
        return Value(Link(Text(str(term))), notes)

    def best(self, literals: Sequence[Literal]) -> Text | None:
        """Choose among literals the one in the language wanted most."""
        order = {language: rank for rank, language in enumerate(self.languages)}
        ranked = sorted(literals, key=lambda v: (order.get(v.language or "", len(order)), str(v)))
        return self.text(ranked[0]) if ranked else None


def languages_wanted(request: Request, known: Sequence[str], site_languages: Sequence[str]) -> tuple[str, ...]:
    """Give the languages for a request: ``?lang=``, then Accept-Language, then those of the site.

    :param known: languages in which there are labels
    """
    available = tuple(dict.fromkeys((*site_languages, *known)))
    asked = lookup(request.query_params.get("lang", ""), available)
    header = preferred_languages(request.headers.get("accept-language"), available)
    return tuple(dict.fromkeys((*((asked,) if asked else ()), *header, *site_languages)))
