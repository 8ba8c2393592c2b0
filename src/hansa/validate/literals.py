"""Check values: dates in EDTF, their order, links to Wikidata, and that nobody's contact data slips in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial

from hansa.dates import Bounds, bounds
from hansa.errors import SkipItemError
from hansa.model import Finding, Fix, Position
from hansa.rdf import Literal, NamedNode, Node, Quad, Term
from hansa.validate.addresses import of_addresses
from hansa.validate.datewords import advice, certainly_meant
from hansa.validate.inputs import Inputs, distinct, error, ordered, warning
from hansa.vocab import EDTF, XSD

DATED = frozenset({"start", "end", "date", "asOf"})
_EARLIEST, _AHEAD = 1800, 10
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?:@| ?[\[(](?:at|AT)[\])] ?)[\w-]{1,63}"
    r"(?:(?:\.| ?[\[(](?:dot|DOT)[\])] ?)[\w-]{1,63})+"
)
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


def check_literals(inputs: Inputs) -> list[Finding]:
    """Find bad EDTF dates, ends before starts, contact data and links to Wikidata in another form than its own."""
    findings: list[Finding] = []
    for graph, files in inputs.files.items():
        if graph != inputs.vocab.shapes:
            findings += inputs.remembered("literals", files, partial(literals_of, graph, inputs))
    return ordered(findings)


def literals_of(graph: NamedNode, inputs: Inputs) -> Iterator[Finding]:
    """Check the values of one graph; what is found depends on single statements, and on the dates of one thing."""
    quads = list(distinct(inputs.graphs.get(graph, [])))
    yield from (f for quad in quads for f in _edtf(quad, inputs))
    yield from (f for quad in quads for f in _contact(quad, inputs))
    yield from (f for quad in quads for f in _wikidata(quad, inputs))
    if graph not in (inputs.vocab.graph("ontology"), inputs.vocab.graph("vocabulary")):
        yield from (f for quad in quads for f in of_addresses(quad, inputs))
    yield from _order(quads, inputs)
    yield from _far(quads, inputs)


# ---------------------------------------------------------------- dates
def _edtf(quad: Quad, inputs: Inputs) -> Iterator[Finding]:
    value = quad.object
    if isinstance(value, Literal) and value.datatype == EDTF.EDTF:
        if _bounds(value.value) is None:
            place, meant = inputs.place_of(quad), certainly_meant(value.value)
            written = inputs.page(place).literal(place)
            fix = written.with_value(meant) if written and meant else None
            message = f'"{value.value}" is not a date in EDTF'
            yield error(place, "date/edtf", message, advice(value.value), quad.subject, fix)  # type: ignore[arg-type]
    elif quad.predicate.value.removeprefix(inputs.vocab.hansa.iri) in DATED:
        written_as = value.value if isinstance(value, Literal) else "2013-11"
        place = inputs.place_of(quad)
        message = f"the value of {inputs.short(quad.predicate)} is not of type edtf:EDTF"
        hint = f'write "{written_as}"^^edtf:EDTF'
        yield error(place, "date/datatype", message, hint, quad.subject, _as_edtf(value, place, inputs))  # type: ignore[arg-type]


def _as_edtf(value: Term, place: Position, inputs: Inputs) -> Fix | None:
    """Give a date the right datatype, when what it says is a date and its file knows the datatype."""
    page = inputs.page(place)
    written = page.literal(place) if isinstance(value, Literal) and _bounds(value.value) else None
    return written.with_datatype("edtf:EDTF") if written and page.declares("edtf:EDTF") else None


def _bounds(text: str) -> Bounds | None:
    try:
        return bounds(text)
    except SkipItemError:
        return None


def _order(quads: Iterable[Quad], inputs: Inputs) -> Iterator[Finding]:
    """Compare start and end of a thing inside one graph: two sources may well contradict each other."""
    hansa = inputs.vocab.hansa
    starts: dict[Node, list[Quad]] = {}
    for quad in quads:
        if quad.predicate == hansa.start:
            starts.setdefault(quad.subject, []).append(quad)  # type: ignore[arg-type]
    for end in (q for q in quads if q.predicate == hansa.end):
        for start in starts.get(end.subject, []):  # type: ignore[arg-type]
            if _is_before(end, start):
                message = f'the end "{end.object.value}" lies before the start "{start.object.value}"'  # type: ignore[union-attr]
                hint = f"the start stands in line {inputs.place_of(start).line}: correct one of the two"
                yield error(inputs.place_of(end), "date/order", message, hint, end.subject)  # type: ignore[arg-type]


def _far(quads: Iterable[Quad], inputs: Inputs) -> Iterator[Finding]:
    """Find years that are slips of the pen, and sources that speak of a day after this release."""
    issued = inputs.config.issued
    for quad in quads:
        name = quad.predicate.value.removeprefix(inputs.vocab.hansa.iri)
        span = _bounds(quad.object.value) if name in DATED and isinstance(quad.object, Literal) else None
        first = (span.earliest or span.latest) if span else None
        problem = _far_problem(name, first, issued) if first else ""
        if problem:
            hint = "correct the year" if name != "asOf" else "hansa:asOf is when the source says that it held"
            message = f'"{quad.object.value}" {problem}'  # type: ignore[union-attr]
            yield warning(inputs.place_of(quad), "date/far", message, hint, quad.subject)  # type: ignore[arg-type]


def _far_problem(name: str, first: str, issued: str) -> str:
    year, now = int(first[:4]), int(issued[:4])
    if year < _EARLIEST:
        return f"is before {_EARLIEST}"
    if name == "asOf" and first > issued:
        return f"lies after the day of this release, {issued}"
    return f"lies more than {_AHEAD} years after this release" if year > now + _AHEAD else ""


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
                message, place = f"{link.group()} is not the IRI of a Wikidata item", inputs.place_of(quad)
                fix = inputs.page(place).term(place, f"<{right}>") if is_iri and term == quad.object else None
                yield error(place, "link/wikidata", message, f"write <{right}>", quad.subject, fix)  # type: ignore[arg-type]


def _is_property(iri: str) -> bool:
    return iri.startswith("http://www.wikidata.org/prop/")
