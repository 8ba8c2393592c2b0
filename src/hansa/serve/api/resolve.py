"""Find things by the identifiers that others gave them (``/resolve``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from hansa.errors import HansaError, ParameterError
from hansa.rdf import Literal, NamedNode
from hansa.serve.http.day import as_of_day
from hansa.serve.http.errors import VARY, HttpError
from hansa.serve.http.negotiate import HTML, JSON, Representation
from hansa.serve.http.parameters import query_params
from hansa.serve.http.responses import negotiated
from hansa.serve.lookup.names import kind_of
from hansa.serve.pages.addresses import path_of
from hansa.serve.pages.list_views import Entry, SearchView
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site
from hansa.vocab import DCT, OWL, SKOS

_MATCHES = (SKOS.exactMatch, OWL.sameAs, SKOS.closeMatch)
_QID = re.compile(
    r"(?:https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki|wiki/Special:EntityData)/|wd:)?"
    r"(Q[1-9][0-9]{0,11})(?:[#?.].*)?\Z",
    re.IGNORECASE,
)
_GEONAMES = re.compile(r"https?://(?:sws\.|www\.)?geonames\.org/([0-9]{1,12})(?:/.*)?\Z", re.IGNORECASE)
_SCHEME = re.compile(r"(geonames|m49|unlocode|iso3166-1|iso3166-2|iso):(.+)\Z", re.IGNORECASE)
_CODES = ("iso3166-1", "iso3166-2", "geonamesId", "unLocode", "m49")
_SCHEMES = {
    "geonames": ("geonamesId",),
    "m49": ("m49",),
    "unlocode": ("unLocode",),
    "iso": ("iso3166-1", "iso3166-2"),
    "iso3166-1": ("iso3166-1",),
    "iso3166-2": ("iso3166-2",),
}
ID_LENGTH = 2000
_SUGGESTIONS = 5


def _with_wikidata(site: Site, qid: str) -> Iterator[str]:
    item = NamedNode(f"{site.release.prefixes.get('wd', 'http://www.wikidata.org/entity/')}{qid}")
    for predicate in _MATCHES:
        for quad in site.store.quads(None, predicate, item):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject.value


def _spellings(code: str) -> tuple[str, ...]:
    """Give the ways in which a code may be written in the data: as typed, upper case, without or with the space."""
    upper = code.upper()
    joined = upper.replace(" ", "")
    return tuple(dict.fromkeys((code, upper, joined, f"{joined[:2]} {joined[2:]}")))


def _with_code(site: Site, code: str, datatypes: tuple[str, ...]) -> Iterator[str]:
    for name in datatypes:
        datatype = getattr(site.vocab.hansa, name)
        for text in _spellings(code):
            for quad in site.store.quads(None, DCT.identifier, Literal(text, datatype=datatype)):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject.value


def _own(site: Site, text: str) -> str:
    """Read an IRI of ours, also as a page's address, a prefixed name or ``kind/slug``; empty when it names nothing."""
    base = site.release.base
    doc = f"{base}doc/"
    candidates = [text, f"{base}id/{text.removeprefix(doc)}" if text.startswith(doc) else f"{base}id/{text}"]
    with suppress(HansaError):
        candidates.append(site.vocab.expand(text))
    return next((iri for iri in candidates if iri.startswith(base) and site.names.labels(iri)), "")


def find_by_identifier(site: Site, text: str) -> list[str]:
    """Find things by an identifier.

    :param text: a QID or an address of Wikidata; a GeoNames id or address; a code of ISO 3166-1, ISO 3166-2, UN/LOCODE
        or M49, bare or as in ``m49:392``; one of our IRIs, a prefixed name, or ``network/citynet``
    """
    if qid := _QID.match(text):
        found = _with_wikidata(site, qid.group(1).upper())
    elif own := _own(site, text):
        found = iter((own,))
    elif geonames := _GEONAMES.match(text):
        found = _with_code(site, geonames.group(1), ("geonamesId",))
    elif scheme := _SCHEME.match(text):
        found = _with_code(site, scheme.group(2).strip(), _SCHEMES[scheme.group(1).lower()])
    else:
        found = _with_code(site, text, _CODES)
    return list(dict.fromkeys(found))


def _nothing(site: Site, text: str) -> HttpError:
    """Make the 404 that proposes things with a similar name."""
    # Of network/leage or network:leage only the last part is a name.
    tries = (site.index.search(part, limit=_SUGGESTIONS).found for part in (re.split(r"[/:#]", text)[-1], text))
    similar = next((found for found in tries if found), ())
    proposals = [
        {
            "iri": f.name.iri,
            "href": path_of(site.release.base, f.name.iri),
            "label": f.name.literal.value,
            "kind": f.name.kind,
        }
        for f in similar
    ]
    named = "; ".join(f"{p['label']} ({p['href']})" for p in proposals)
    hint = f"is one of these meant? {named}" if named else "look for it by name: /search?q="
    return HttpError(404, f"nothing here has the identifier {text!r}", hint, details={"suggestions": proposals})


def _kept(request: Request) -> str:
    """Give what a request says about day and language, for the address that it is sent to."""
    kept = {"as_of": as_of_day(request), "lang": query_params(request).get("lang", "")}
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"?{query}" if query else ""


async def resolve(request: Request) -> Response:
    """Answer for ``/resolve?id=``: 303 to the thing, 300 when several have the identifier."""
    site: Site = request.app.state.site
    text = query_params(request).get("id", "").strip()
    if not text or len(text) > ID_LENGTH:
        raise ParameterError(
            f"the parameter 'id' must be an identifier of at most {ID_LENGTH} characters",
            "for example /resolve?id=Q1490 or /resolve?id=JP-13",
        )
    found = find_by_identifier(site, text)
    if not found:
        raise _nothing(site, text)
    if len(found) == 1:
        return RedirectResponse(path_of(site.release.base, found[0]) + _kept(request), 303, {"Vary": VARY})

    def render(chosen: Representation, reader: Reader) -> bytes:
        entries = tuple(Entry(reader.link(iri), kind_of(site.vocab, iri)) for iri in found)
        if chosen is HTML:
            return site.pages.search(SearchView(text, entries, len(entries), title="Which one?"), reader)
        return json.dumps({"query": text, "results": [as_dict(e) for e in entries]}, ensure_ascii=False).encode()

    response = negotiated(request, "/resolve", request.path_params.get("extension", ""), (HTML, JSON), render)
    if response.status_code == 200:
        response.status_code = 300
    return response


def as_dict(entry: Entry) -> dict[str, str]:
    """Give what answers in JSON say of a thing that was found."""
    return {
        "iri": entry.link.iri,
        "href": entry.link.href,
        "label": entry.link.text.value,
        "lang": entry.link.text.lang,
        "kind": entry.kind,
    }


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route("/resolve", resolve), Route("/resolve.{extension}", resolve)]
