"""What a list says beside each name: who is in how many networks, who holds which office, what happened when."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from markupsafe import Markup

from hansa.rdf import NamedNode
from hansa.serve.pages.dates import span_words
from hansa.serve.pages.i18n import catalogue
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.records import Record
from hansa.serve.site import Site
from hansa.vocab import ADMS, DCT, ORG, SCHEMA

_LIMIT = 4
"""Names beside one name."""
_NOTHING = Markup("")
_BETWEEN = Markup(" · ")


def _joined(parts: Iterable[Markup], between: str = ", ") -> Markup:
    found = list(dict.fromkeys(part for part in parts if part))
    shown = Markup(between).join(found[:_LIMIT])
    return shown + " …" if len(found) > _LIMIT else shown


def _named(reader: Reader, iris: Iterable[str]) -> Markup:
    """Name some things in the order of their names."""
    labels = sorted((reader.link(iri).text for iri in iris), key=lambda text: text.folded)
    return _joined(Markup(text.__html__()) for text in labels)


def _network(site: Site, reader: Reader, record: Record, day: str) -> Markup:
    number = len(site.roster.members(record.iri, day))
    message = catalogue(reader.locale).ngettext(
        "<b>%(number)s</b> member by name", "<b>%(number)s</b> members by name", number
    )
    if number:
        # The markup of the message is our own; nothing of the data comes into it but the number.
        counted = Markup(message % {"number": reader.number(str(number))})
    else:
        counted = Markup("%s") % reader.gettext("no member named in the sources")
    return _joined((_named(reader, record.iris(ADMS.status)), counted), _BETWEEN)


def _authority(site: Site, reader: Reader, record: Record, day: str) -> Markup:
    return _named(reader, {m.organization for m in site.roster.of(record.iri, day)} & site.roster.networks)


def _person(site: Site, reader: Reader, record: Record, day: str) -> Markup:
    held = site.roster.of(record.iri, day)
    return _joined((_joined((_named(reader, m.roles), _named(reader, (m.organization,)))) for m in held), "; ")


def _when(site: Site, reader: Reader, record: Record) -> Markup:
    hansa = site.vocab.hansa
    if date := record.one(hansa.date):
        return Markup("%s") % reader.date(date)
    return Markup("%s") % span_words(record.one(hansa.start), record.one(hansa.end), reader.locale)


def _event(site: Site, reader: Reader, record: Record, _day: str) -> Markup:
    return _joined((_when(site, reader, record), _named(reader, record.iris(SCHEMA.location))), _BETWEEN)


def _programme(site: Site, reader: Reader, record: Record, _day: str) -> Markup:
    return _joined((_named(reader, record.iris(site.vocab.hansa.runBy)), _when(site, reader, record)), _BETWEEN)


def _source(site: Site, reader: Reader, record: Record, _day: str) -> Markup:
    date = record.one(site.vocab.hansa.asOf) or record.one(DCT.issued)
    by = record.iris(DCT.publisher) or record.iris(DCT.creator)
    return _joined((_named(reader, by), Markup("%s") % (reader.date(date) if date else "")), _BETWEEN)


def _by(predicate: NamedNode) -> Callable[[Site, Reader, Record, str], Markup]:
    return lambda _site, reader, record, _day: _named(reader, record.iris(predicate))


_NOTES = {
    "network": _network,
    "authority": _authority,
    "person": _person,
    "event": _event,
    "programme": _programme,
    "source": _source,
    "document": _source,
    "place": _by(DCT.isPartOf),
    "post": _by(ORG.postIn),
}


def note(site: Site, reader: Reader, kind: str, iri: str, day: str) -> Markup:
    """Say in a few words what sets a thing apart from others of its kind, empty when nothing does.

    :param day: ISO form, empty for all times
    """
    make = _NOTES.get(kind)
    return make(site, reader, site.records.about(iri), day) if make else _NOTHING
