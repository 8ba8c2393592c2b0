"""Dates: EDTF literals as authors write them become ``xsd:date`` bounds and OWL-Time intervals.

Every "as of day D" question is then two date comparisons; comparing mixed ``xsd:gYear`` and ``xsd:date`` values in
SPARQL loses rows instead. Statements are lines here, and what one date gives is worked out once: a graph has thousands
of memberships and few dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hansa.columns import Columns
from hansa.dates import bounds
from hansa.errors import SkipItemError
from hansa.rdf import Line, Literal, NamedNode, quads_of
from hansa.vocab import EDTF, ORG, RDF, SLUG, TIME, XSD, Vocabulary

_SLUG_WORDS = (("/", "-to-"), ("..", "open"), ("?", "-uncertain"), ("~", "-approximate"), ("%", "-about"))
_PRECISE = (
    (re.compile(r"\d{4}-\d{2}-\d{2}\Z"), TIME.inXSDDate, XSD.date),
    (re.compile(r"\d{4}-\d{2}\Z"), TIME.inXSDgYearMonth, XSD.gYearMonth),
    (re.compile(r"\d{4}\Z"), TIME.inXSDgYear, XSD.gYear),
)
_DATE_END = f"^^<{EDTF.EDTF.value}> .\n".encode()
_MEMBERSHIP_END = f"<{ORG.Membership.value}> .\n".encode()


class DateLines:
    """Derives bounds and intervals for one graph after another.

    :param vocab: the project's names
    """

    def __init__(self, vocab: Vocabulary) -> None:
        self._vocab = vocab
        h = vocab.hansa
        self._bounds = {
            _name(h.start): ((_name(h.startEarliest), _name(h.startLatest)),),
            _name(h.end): ((_name(h.endEarliest), _name(h.endLatest)),),
            _name(h.asOf): ((_name(h.asOfEarliest), _name(h.asOfLatest)),),
            _name(h.date): (
                (_name(h.startEarliest), _name(h.startLatest)),
                (_name(h.endEarliest), _name(h.endLatest)),
            ),
        }
        self._sides = {_name(h.start): _name(TIME.hasBeginning), _name(h.end): _name(TIME.hasEnd)}
        self._date = _name(h.date)
        self._known_bounds: dict[tuple[bytes, bytes], list[bytes]] = {}
        self._known_instants: dict[bytes, tuple[bytes, list[Line]]] = {}

    def derive(self, columns: Columns) -> set[Line]:
        """Give the derived statements of one graph."""
        members = {subject for subject, rest in columns.get(_TYPE, ()) if rest == _MEMBERSHIP_END}
        found: set[Line] = set()
        for predicate in self._bounds:
            for subject, rest in columns.get(predicate, ()):
                if not (rest.endswith(_DATE_END) and subject.startswith(b"<")):
                    continue
                date = rest[:-3]
                found.update([subject + told for told in self._bounds_of(predicate, date)])
                if subject in members and predicate in self._sides:
                    found.update(self._interval(subject, predicate, date))
        return found

    def _bounds_of(self, predicate: bytes, date: bytes) -> list[bytes]:
        """Give what follows the subject in the lines that say the bounds."""
        key = predicate, date
        if key not in self._known_bounds:
            self._known_bounds[key] = list(self._make_bounds(predicate, date))
        return self._known_bounds[key]

    def _make_bounds(self, predicate: bytes, date: bytes) -> Iterator[bytes]:
        try:
            span = bounds(_text(date))
        except SkipItemError:
            return
        for names in self._bounds.get(predicate, ()):
            for name, day in zip(names, (span.earliest, span.latest), strict=True):
                if day:
                    yield b" %s %s .\n" % (name, _literal(day, XSD.date))

    def _interval(self, subject: bytes, predicate: bytes, date: bytes) -> list[Line]:
        named = self._vocab.kind_and_slug(subject[1:-1].decode())
        instant, said = self._instant(date)
        if named is None or not SLUG.match(named[1]) or not instant:  # validation reports the name
            return []
        interval = _name(self._vocab.thing("interval", named[1]))
        return [
            b"%s %s %s .\n" % (subject, _DURING, interval),
            b"%s %s %s .\n" % (interval, _TYPE, _INTERVAL),
            b"%s %s %s .\n" % (interval, self._sides[predicate], instant),
            *said,
        ]

    def _instant(self, date: bytes) -> tuple[bytes, list[Line]]:
        """Give the instant of a date and what is said of it; nothing when no name can be made of the date."""
        if date not in self._known_instants:
            text = _text(date)
            slug = _instant_slug(text)
            name = _name(self._vocab.thing("instant", slug)) if slug else b""
            self._known_instants[date] = name, list(self._describe_instant(name, date, text))
        return self._known_instants[date]

    def _describe_instant(self, instant: bytes, date: bytes, text: str) -> Iterator[Line]:
        yield b"%s %s %s .\n" % (instant, _TYPE, _INSTANT)
        yield b"%s %s %s .\n" % (instant, self._date, date)
        for pattern, property_, datatype in _PRECISE:
            if pattern.match(text):
                yield b"%s %s %s .\n" % (instant, _name(property_), _literal(text, datatype))


def _name(node: NamedNode) -> bytes:
    return f"<{node.value}>".encode()


_TYPE, _DURING = _name(RDF.type), _name(ORG.memberDuring)
_INTERVAL, _INSTANT = _name(TIME.ProperInterval), _name(TIME.Instant)


def _literal(text: str, datatype: NamedNode) -> bytes:
    return f'"{text}"^^<{datatype.value}>'.encode()


def _text(literal: bytes) -> str:
    """Give the text of a literal in N-Triples."""
    if b"\\" not in literal:
        return literal[1 : literal.rindex(b'"')].decode()
    value = quads_of([b"<x:x> <x:x> " + literal + b" .\n"], NamedNode("x:x"))[0].object
    return value.value if isinstance(value, Literal) else ""


def _instant_slug(text: str) -> str:
    for mark, word in _SLUG_WORDS:
        text = text.replace(mark, word)
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
