"""Dates: EDTF literals as authors write them become ``xsd:date`` bounds and OWL-Time intervals.

Every "as of day D" question is then two date comparisons; comparing mixed ``xsd:gYear`` and ``xsd:date`` values in
SPARQL loses rows instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hansa.dates import bounds
from hansa.errors import SkipItemError
from hansa.rdf import Literal, NamedNode, Quad
from hansa.vocab import EDTF, ORG, RDF, SLUG, TIME, XSD, Vocabulary

_SLUG_WORDS = (("/", "-to-"), ("..", "open"), ("?", "-uncertain"), ("~", "-approximate"), ("%", "-about"))
_PRECISE = (
    (re.compile(r"\d{4}-\d{2}-\d{2}\Z"), TIME.inXSDDate, XSD.date),
    (re.compile(r"\d{4}-\d{2}\Z"), TIME.inXSDgYearMonth, XSD.gYearMonth),
    (re.compile(r"\d{4}\Z"), TIME.inXSDgYear, XSD.gYear),
)


def _date(value: str) -> Literal:
    return Literal(value, datatype=XSD.date)


class DateDeriver:
    """Derives bounds and intervals for the statements of one graph.

    :param vocab: the project's names
    :param target: the graph that derived statements go to
    """

    def __init__(self, vocab: Vocabulary, target: NamedNode) -> None:
        self._vocab = vocab
        self._target = target
        h = vocab.hansa
        self._bounds = {
            h.start: ((h.startEarliest, h.startLatest),),
            h.end: ((h.endEarliest, h.endLatest),),
            h.asOf: ((h.asOfEarliest, h.asOfLatest),),
            h.date: ((h.startEarliest, h.startLatest), (h.endEarliest, h.endLatest)),
        }
        self._sides = {h.start: TIME.hasBeginning, h.end: TIME.hasEnd}

    def derive(self, quads: Iterable[Quad]) -> list[Quad]:
        """Give the derived statements; a value that is not EDTF gives none (validation reports it)."""
        statements = list(quads)
        members = {q.subject for q in statements if q.predicate == RDF.type and q.object == ORG.Membership}
        derived: list[Quad] = []
        for quad in statements:
            date = quad.object
            if isinstance(date, Literal) and date.datatype == EDTF.EDTF and isinstance(quad.subject, NamedNode):
                derived += self._bound(quad.subject, quad.predicate, date)
                if quad.subject in members and quad.predicate in self._sides:
                    derived += self._interval(quad.subject, quad.predicate, date)
        return list(dict.fromkeys(derived))

    def _bound(self, subject: NamedNode, predicate: NamedNode, date: Literal) -> Iterator[Quad]:
        try:
            span = bounds(date.value)
        except SkipItemError:
            return
        for earliest, latest in self._bounds.get(predicate, ()):
            if span.earliest:
                yield self._quad(subject, earliest, _date(span.earliest))
            if span.latest:
                yield self._quad(subject, latest, _date(span.latest))

    def _interval(self, subject: NamedNode, predicate: NamedNode, date: Literal) -> Iterator[Quad]:
        named = self._vocab.kind_and_slug(subject.value)
        if named is None or not SLUG.match(named[1]):  # validation reports the name
            return
        interval = self._vocab.thing("interval", named[1])
        instant = self._vocab.thing("instant", _instant_slug(date.value))
        yield self._quad(subject, ORG.memberDuring, interval)
        yield self._quad(interval, RDF.type, TIME.ProperInterval)
        yield self._quad(interval, self._sides[predicate], instant)
        yield self._quad(instant, RDF.type, TIME.Instant)
        yield self._quad(instant, self._vocab.hansa.date, date)
        yield from self._precise(instant, date.value)

    def _precise(self, instant: NamedNode, text: str) -> Iterator[Quad]:
        for pattern, property_, datatype in _PRECISE:
            if pattern.match(text):
                yield self._quad(instant, property_, Literal(text, datatype=datatype))

    def _quad(self, subject: NamedNode, predicate: NamedNode, obj: NamedNode | Literal) -> Quad:
        return Quad(subject, predicate, obj, self._target)


def _instant_slug(text: str) -> str:
    for mark, word in _SLUG_WORDS:
        text = text.replace(mark, word)
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
