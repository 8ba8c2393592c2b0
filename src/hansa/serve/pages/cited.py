"""How source documents look where they are cited: a document is cited hundreds of times, and is looked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from hansa.serve.pages.html import html, quoted
from hansa.serve.pages.records import Records
from hansa.serve.pages.views import Link, Text
from hansa.vocab import DCT, FOAF, RDFS, Vocabulary

if TYPE_CHECKING:
    from hansa.serve.pages.reader import Reader

_MOST = 1 << 12
"""Documents that are remembered, for all languages together."""
_Wanted = tuple[str, tuple[str, ...], str]


class Cited(NamedTuple):
    """A document for the readers of a language.

    :param name: as plain text
    :param href: where it is shown
    :param markup: the link to it
    :param shown: what stands in that link, with its end and what follows it
    :param dates: as of when it speaks, in words, as HTML
    :param originals: web addresses under which it can be had, as HTML
    """

    name: str
    href: str
    markup: Markup
    shown: Markup
    dates: tuple[str, ...]
    originals: Markup

    def at(self, anchor: str) -> Markup:
        """Give the link to a place in it; to the whole without an anchor."""
        if not anchor:
            return self.markup
        return html(f'<a href="{self.target(anchor)}">{self.shown}')

    def target(self, anchor: str) -> str:
        """Give the address of a place in it, as HTML."""
        return f"{quoted(self.href)}#{quoted(anchor)}" if anchor else quoted(self.href)


class Citations:
    """Remembers how documents are cited.

    :param records: what the graph says
    """

    def __init__(self, records: Records, vocab: Vocabulary) -> None:
        self._records = records
        self._dated = (vocab.hansa.asOf, DCT.issued)
        self._known: dict[_Wanted, Cited] = {}

    def of(self, iri: str, reader: Reader) -> Cited:
        """Say how a document is cited for a reader."""
        key = (iri, reader.languages, reader.locale)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            found = self._known[key] = self._make(iri, reader)
        return found

    def _make(self, iri: str, reader: Reader) -> Cited:
        link = reader.link(iri)
        return Cited(
            name=link.text.value,
            href=link.href,
            markup=Markup(link.__html__()),
            shown=Markup(f"{link.text.markup}</a>{link.text.tag}"),
            dates=self._dates(iri, reader),
            originals=Markup("").join(Markup(f" · {original.__html__()}") for original in self._originals(iri, reader)),
        )

    def _dates(self, iri: str, reader: Reader) -> tuple[str, ...]:
        record = self._records.about(iri)
        return tuple(quoted(reader.date(said.value)) for p in self._dated for said in record.of(p)[:1])

    def _originals(self, iri: str, reader: Reader) -> list[Link]:
        record = self._records.about(iri)
        values = [s.value for p in (FOAF.page, FOAF.homepage, RDFS.seeAlso, DCT.source) for s in record.of(p)]
        links = (reader.link(value) for value in values)
        return [Link(Text(link.iri), link.iri, link.href, external=True) for link in links if link.external]
