"""Who reads: the languages wanted, and how IRIs and values look to that reader."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from babel.core import get_global
from markupsafe import Markup
from starlette.requests import Request

from hansa.rdf import Literal, NamedNode, Node, Term
from hansa.serve.http.cache import remember_headers
from hansa.serve.http.negotiate import lookup, preferred_languages
from hansa.serve.pages.addresses import href_of, words_of
from hansa.serve.pages.dates import edtf_words
from hansa.serve.pages.html import html
from hansa.serve.pages.i18n import LOCALES, catalogue, number
from hansa.serve.pages.names import Names, language_name, text_in, text_of
from hansa.serve.pages.records import Said
from hansa.serve.pages.views import Link, Text, Value
from hansa.vocab import EDTF, RDF, XSD, Vocabulary

_PLAIN_DATATYPES = {
    term.value
    for term in (
        *(RDF.langString, EDTF.EDTF, XSD.string, XSD.date, XSD.integer, XSD.decimal, XSD.boolean),
        *(XSD.gYear, XSD.gYearMonth, XSD.nonNegativeInteger, XSD.anyURI),
    )
}
"""Datatypes that a reader sees from the value itself."""
_LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
_EDTF = EDTF.EDTF.value
_NO_NOTES = Markup("")


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

    def text(self, literal: Literal) -> Text:
        """Show a literal."""
        return text_of(literal, self.languages)

    def link(self, iri: str) -> Link:
        """Show a thing by its label."""
        return self.names.link(iri, self.languages)

    def property(self, iri: str) -> Link:
        """Show a property by its label, or by words made of its name."""
        if self.names.labels(iri):
            return self.link(iri)
        return Link(Text(words_of(iri), ""), iri, href_of(self.vocab.base, iri))

    def value(self, term: Term | Node, notes: Markup = _NO_NOTES) -> Value:
        """Show a value of a property."""
        if isinstance(term, NamedNode):
            return Value(self.link(term.value), notes)
        if isinstance(term, Literal):
            return self.said(Said(term.value, term.datatype.value, term.language or "", ()), notes)
        return Value(Link(Text(str(term))), notes)

    def said(self, said: Said, notes: Markup = _NO_NOTES) -> Value:
        """Show what is said: a link, a text in its language, a date in words, or a value with its datatype."""
        if not said.datatype:
            return Value(self._language(said.value) or self.names.link(said.value, self.languages), notes)
        if said.lang:
            return Value(Link(text_in(said.value, said.lang, self.languages)), notes)
        if said.datatype == _EDTF:
            return Value(_date(said.value, self.locale), notes)
        shown = "" if said.datatype in _PLAIN_DATATYPES else self.vocab.shorten(said.datatype)
        return Value(Link(Text(said.value)), notes, shown)

    def shown(self, said: Said) -> Markup:
        """Show what is said as HTML, without notes."""
        if not said.datatype and not said.value.startswith(_LANGUAGES):
            return self.names.link(said.value, self.languages).markup
        return html(self.said(said).__html__())

    def _language(self, iri: str) -> Link | None:
        """Show a language of the EU authority table, such as ``…/language/ENG``, by its name."""
        if not iri.startswith(_LANGUAGES):
            return None
        code = iri.removeprefix(_LANGUAGES).lower()
        name = language_name(get_global("language_aliases").get(code, code), self.locale)
        return Link(Text(name), iri, iri, external=True) if name else None

    def date(self, edtf: str) -> str:
        """Put an EDTF date into words of the interface."""
        return edtf_words(edtf, self.locale)

    def number(self, digits: str) -> str:
        """Write a whole number as the language of the interface groups its digits; other text stays as it is."""
        return number(int(digits), self.locale) if digits.isdecimal() else digits

    def gettext(self, message: str) -> str:
        """Translate a text of the interface."""
        return catalogue(self.locale).gettext(message)

    def ngettext(self, singular: str, plural: str, number: int, **values: object) -> str:
        """Translate a text that has a number in it; ``%(num)s`` and other placeholders are filled in."""
        return catalogue(self.locale).ngettext(singular, plural, number) % {"num": number, **values}

    def best(self, literals: Sequence[Literal]) -> Text | None:
        """Choose among literals the one in the language wanted most."""
        order = {language: rank for rank, language in enumerate(self.languages)}
        ranked = sorted(literals, key=lambda v: (order.get(v.language or "", len(order)), str(v)))
        return self.text(ranked[0]) if ranked else None


@lru_cache(maxsize=1 << 12)
def _date(edtf: str, locale: str) -> Link:
    return Link(Text(edtf_words(edtf, locale)))


def languages_wanted(request: Request, known: tuple[str, ...], site_languages: tuple[str, ...]) -> tuple[str, ...]:
    """Give the languages for a request: ``?lang=``, then Accept-Language, then those of the site.

    :param known: languages in which there are labels
    """
    header = request.headers.get("accept-language") or ""
    return _wanted(request.query_params.get("lang", ""), header, known, site_languages)


@remember_headers
def _wanted(lang: str, header: str, known: tuple[str, ...], site_languages: tuple[str, ...]) -> tuple[str, ...]:
    available = tuple(dict.fromkeys((*site_languages, *known)))
    asked = lookup(lang, available)
    preferred = preferred_languages(header, available)
    return tuple(dict.fromkeys((*((asked,) if asked else ()), *preferred, *site_languages)))
