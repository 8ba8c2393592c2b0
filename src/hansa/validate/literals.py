"""Check values: dates in EDTF, their order, links to Wikidata, and that nobody's contact data slips in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hansa.dates import Bounds, bounds
from hansa.errors import SkipItemError
from hansa.model import Finding
from hansa.rdf import Literal, NamedNode, Node, Quad
from hansa.validate.inputs import Inputs, distinct, error, ordered
from hansa.vocab import EDTF, XSD

_DATED = ("start", "end", "date", "asOf")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_TELEPHONE = re.compile(
    r"\+\d{1,3}[ ().-]*\d(?:[ ().-]*\d){6,}"  # international
    r"|(?<![\d-])\(?0\d{1,4}\)?[ .-]\d{2,4}[ .-]\d{3,4}(?![\d-])"  # national, with the leading 0
    r"|(?<![\d-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\d-])"  # North American
    r"|(?i:\b(?:tel|phone|fax|mobile)\b\.?:?) *[\d(+][\d ().-]{5,}"
)
_CONTACT_SCHEME = re.compile(r"(mailto|tel|sms|callto):", re.IGNORECASE)
_WIKIDATA = re.compile(
    r"(?i:https?://(?:[\w-]+\.)*wikidata\.org/).*?(?<![A-Za-z0-9])(?P<id>[QqPpLl][1-9]\d*)(?![A-Za-z0-9])"
)
_DAY = re.compile(r"(?P<a>\d{1,4})[./](?P<b>\d{1,2})[./](?P<c>\d{1,4})")


def check_literals(inputs: Inputs) -> list[Finding]:
    """Find bad EDTF dates, ends before starts, contact data and links to Wikidata in another form than its own."""
    quads = list(distinct(inputs.authored))
    return ordered(
        [
            *(f for quad in quads for f in _edtf(quad, inputs)),
            *(f for quad in quads for f in _contact(quad, inputs)),
            *(f for quad in quads for f in _wikidata(quad, inputs)),
            *_order(inputs),
        ]
    )


# ---------------------------------------------------------------- dates
def _edtf(quad: Quad, inputs: Inputs) -> Iterator[Finding]:
    dated = {inputs.vocab.hansa.iri + name for name in _DATED}
    value = quad.object
    if isinstance(value, Literal) and value.datatype == EDTF.EDTF:
        if _bounds(value.value) is None:
            message = f'"{value.value}" is not a date in EDTF'
            yield error(inputs.place_of(quad), "date/edtf", message, _date_hint(value.value), quad.subject)  # type: ignore[arg-type]
    elif quad.predicate.value in dated:
        written = value.value if isinstance(value, Literal) else "2013-11"
        message = f"the value of {inputs.short(quad.predicate)} is not of type edtf:EDTF"
        yield error(inputs.place_of(quad), "date/datatype", message, f'write "{written}"^^edtf:EDTF', quad.subject)  # type: ignore[arg-type]


def _date_hint(text: str) -> str:
    day = _DAY.fullmatch(text.strip())
    if day and len(day["a"]) == 4:
        return f"write {day['a']}-{int(day['b']):02}-{int(day['c']):02}"
    return 'write 1987, 2013-11, 2018-01-24, "2013-11?" when unsure, "../2013-11" for no later than'


def _bounds(text: str) -> Bounds | None:
    try:
        return bounds(text)
    except SkipItemError:
        return None


def _order(inputs: Inputs) -> Iterator[Finding]:
    """Compare start and end of a thing inside one graph: two sources may well contradict each other."""
    hansa = inputs.vocab.hansa
    starts: dict[tuple[Node, Node], list[Quad]] = {}
    for quad in inputs.authored:
        if quad.predicate == hansa.start:
            starts.setdefault((quad.graph_name, quad.subject), []).append(quad)  # type: ignore[arg-type]
    for end in distinct(q for q in inputs.authored if q.predicate == hansa.end):
        for start in starts.get((end.graph_name, end.subject), []):  # type: ignore[arg-type]
            if _is_before(end, start):
                message = f'the end "{end.object.value}" lies before the start "{start.object.value}"'  # type: ignore[union-attr]
                hint = f"the start stands in line {inputs.place_of(start).line}: correct one of the two"
                yield error(inputs.place_of(end), "date/order", message, hint, end.subject)  # type: ignore[arg-type]


def _is_before(end: Quad, start: Quad) -> bool:
    if not (isinstance(end.object, Literal) and isinstance(start.object, Literal)):
        return False
    latest_end, earliest_start = _bounds(end.object.value), _bounds(start.object.value)
    if latest_end is None or earliest_start is None:
        return False
    return bool(latest_end.latest and earliest_start.earliest and latest_end.latest < earliest_start.earliest)


# ---------------------------------------------------------------- people and links
def _contact(quad: Quad, inputs: Inputs) -> Iterator[Finding]:
    value = quad.object
    plain = isinstance(value, Literal) and (value.language is not None or value.datatype in (XSD.string, XSD.anyURI))
    what = _contact_kind(value.value) if plain and isinstance(value, Literal) else ""
    if isinstance(value, NamedNode) and _CONTACT_SCHEME.match(value.value):
        what = "a contact address"
    if what:
        message, hint = f"{what} in published data", "take it out: names and public roles only"
        yield error(inputs.place_of(quad), "privacy/contact", message, hint, quad.subject)  # type: ignore[arg-type]


def _contact_kind(text: str) -> str:
    if _EMAIL.search(text):
        return "an e-mail address"
    return "a telephone number" if _TELEPHONE.search(text) else ""


def _wikidata(quad: Quad, inputs: Inputs) -> Iterator[Finding]:
    """Find links to a Wikidata item that are not its IRI; names in predicates are the term check's business."""
    entity = inputs.vocab.prefixes.get("wd", "http://www.wikidata.org/entity/")
    for term in (quad.subject, quad.object):
        if isinstance(term, (NamedNode, Literal)):
            link = _WIKIDATA.search(term.value)
            right = f"{entity}{link['id'].upper()}" if link else ""
            is_iri = isinstance(term, NamedNode)
            if link and term.value != right and not (is_iri and _is_property(term.value)):
                message = f"{link.group()} is not the IRI of a Wikidata item"
                yield error(inputs.place_of(quad), "link/wikidata", message, f"write <{right}>", quad.subject)  # type: ignore[arg-type]


def _is_property(iri: str) -> bool:
    return iri.startswith("http://www.wikidata.org/prop/")
