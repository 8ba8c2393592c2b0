"""Choose the representation and the languages of an answer; pure functions over header texts.

Media types follow RFC 9110 section 12.5.1, languages RFC 4647 section 3.4 (lookup).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hansa.rdf import FORMATS
from hansa.serve.http.cache import remember_headers

_MOST = 100
"""Elements of a header that are read: clients send a dozen, and attackers as many as fit."""
_ELEMENTS = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*"?)+')
_PARAMETERS = re.compile(r'(?:[^;"]|"(?:\\.|[^"\\])*"?)+')
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_WEIGHT = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
_LANGUAGE = re.compile(r"(?:\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\Z")

# Parameters that say how a form is written or used, not which form it is.
_IGNORED_PARAMETERS = {"charset", "profile", "version"}


@dataclass(frozen=True, slots=True)
class Representation:
    """One form in which a resource can be sent.

    :param media_type: without parameters
    :param extension: what is appended to the path to ask for this form, without the dot
    :param title: the name people know it by
    """

    media_type: str
    extension: str
    title: str

    @property
    def content_type(self) -> str:
        """The Content-Type header."""
        textual = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if textual else self.media_type


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header."""

    type: str
    subtype: str
    weight: float
    parameters: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def specificity(self) -> tuple[int, int, int]:
        """Order ranges from ``*/*`` to a type with parameters."""
        return (self.type != "*", self.subtype != "*", len(self.parameters))

    def matches(self, media_type: str) -> bool:
        """Tell whether a media type without parameters falls in the range."""
        main, _, sub = media_type.partition("/")
        return self.type in ("*", main) and self.subtype in ("*", sub) and not self.parameters


HTML = Representation("text/html", "html", "Web page")
JSON = Representation("application/json", "json", "JSON")
ATOM = Representation("application/atom+xml", "atom", "Atom feed")
CSV = Representation("text/csv", "csv", "CSV")
TSV = Representation("text/tab-separated-values", "tsv", "TSV")
SPARQL_JSON = Representation("application/sparql-results+json", "json", "SPARQL results, JSON")
SPARQL_XML = Representation("application/sparql-results+xml", "xml", "SPARQL results, XML")
XLSX = Representation("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel")
QUERY_TEXT = Representation("application/sparql-query", "rq", "Query text")

_RDF_TITLES = {
    "turtle": "Turtle",
    "jsonld": "JSON-LD",
    "ntriples": "N-Triples",
    "rdfxml": "RDF/XML",
    "trig": "TriG",
    "nquads": "N-Quads",
}
RDF: dict[str, Representation] = {
    name: Representation(FORMATS[name].media_type, FORMATS[name].extension, title)
    for name, title in _RDF_TITLES.items()
}
RDF_FORMS: tuple[Representation, ...] = tuple(RDF.values())


def rdf_name(representation: Representation) -> str:
    """Give the key of a representation in :data:`hansa.rdf.FORMATS`.

    :raises KeyError: when it is not an RDF form
    """
    return next(name for name, form in FORMATS.items() if form.media_type == representation.media_type)


def _weight(text: str) -> float | None:
    return float(text) if _WEIGHT.match(text) else None


def _parameters(parts: Iterable[str]) -> list[tuple[str, str]]:
    pairs = (part.partition("=") for part in parts)
    return [(name.strip().lower(), value.strip().strip('"')) for name, equals, value in pairs if equals]


def _media_range(element: str) -> MediaRange | None:
    media, *rest = (part.strip() for part in _PARAMETERS.findall(element) or [""])
    main, slash, sub = media.partition("/")
    if not slash or not _TOKEN.match(main) or not _TOKEN.match(sub) or (main == "*" and sub != "*"):
        return None
    parameters = _parameters(rest)
    weight = next((_weight(value) for name, value in parameters if name == "q"), 1.0)
    if weight is None:
        return None
    kept = frozenset((n, v) for n, v in parameters if n != "q" and n not in _IGNORED_PARAMETERS)
    return MediaRange(main.lower(), sub.lower(), weight, kept)


def parse_accept(header: str | None) -> list[MediaRange]:
    """Read an Accept header; elements that are not well-formed are left out.

    An absent header, or one in which nothing is well-formed, accepts anything.
    """
    elements = (element.strip() for element in _ELEMENTS.findall(header or "")[:_MOST])
    ranges = [r for r in (_media_range(e) for e in elements if e) if r is not None]
    return ranges or [MediaRange("*", "*", 1.0)]


def weight_of(media_type: str, ranges: Sequence[MediaRange]) -> float:
    """Give the weight of a media type: that of the most specific range that matches, 0 when none does."""
    fitting = [r for r in ranges if r.matches(media_type)]
    if not fitting:
        return 0.0
    return max((r.specificity, r.weight) for r in fitting)[1]


def choose(header: str | None, offered: Sequence[Representation]) -> Representation | None:
    """Choose what the client likes best; among equals what comes first in ``offered``; ``None`` means 406."""
    return _choose(header, tuple(offered))


@remember_headers
def _choose(header: str | None, offered: tuple[Representation, ...]) -> Representation | None:
    ranges = parse_accept(header)
    best = max(offered, key=lambda r: weight_of(r.media_type, ranges), default=None)
    return best if best and weight_of(best.media_type, ranges) > 0 else None


def by_extension(extension: str, offered: Sequence[Representation]) -> Representation | None:
    """Find the representation that a path extension asks for."""
    return next((r for r in offered if r.extension == extension), None)


def address_of(path: str, form: Representation) -> str:
    """Give the address of a form: the path with its extension, or a path that ends in no name as it is.

    Where there is no name to put an extension after, as on the home page, all forms are had by negotiation.
    """
    return path if path.endswith("/") else f"{path}.{form.extension}"


def split_extension(name: str, offered: Sequence[Representation]) -> tuple[str, str]:
    """Split ``citynet.ttl`` into stem and extension when one of ``offered`` has it; the extension may be empty."""
    stem, dot, extension = name.rpartition(".")
    return (stem, extension) if dot and by_extension(extension, offered) else (name, "")


def parse_languages(header: str | None) -> list[str]:
    """Read an Accept-Language header into language ranges, best first; those with weight 0 are left out."""
    ranges: list[tuple[float, str]] = []
    for element in (header or "").split(",")[:_MOST]:
        tag, _, rest = element.strip().partition(";")
        weights = [value for name, value in _parameters(rest.split(";")) if name == "q"]
        weight = _weight(weights[0]) if weights else 1.0
        if weight and _LANGUAGE.match(tag.strip()):
            ranges.append((weight, tag.strip().lower()))
    return [tag for _, tag in sorted(ranges, key=lambda pair: -pair[0])]


def lookup(tag: str, available: Iterable[str]) -> str | None:
    """Find a language by lookup (RFC 4647 section 3.4): the range is shortened from its end until it fits."""
    known = {language.lower(): language for language in available}
    parts = tag.lower().split("-")
    while parts:
        if found := known.get("-".join(parts)):
            return found
        parts.pop()
        if parts and len(parts[-1]) == 1:
            parts.pop()
    return None


def preferred_languages(header: str | None, available: Sequence[str]) -> tuple[str, ...]:
    """Give those of ``available`` that the reader wants, best first.

    :param available: languages there are, in the order that ``*`` and a silent reader get them
    """
    chosen: dict[str, None] = {}
    for tag in parse_languages(header):
        found = next(iter(available), None) if tag == "*" else lookup(tag, available)
        if found:
            chosen[found] = None
    return tuple(chosen)
