"""Find things by name (``/search``) and by the identifiers that others gave them (``/resolve``)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from hansa.errors import ParameterError
from hansa.rdf import Literal, NamedNode
from hansa.serve.http.errors import VARY, HttpError
from hansa.serve.http.negotiate import HTML, JSON, Representation
from hansa.serve.http.responses import negotiated
from hansa.serve.pages.reader import Reader, path_of
from hansa.serve.pages.views import Entry
from hansa.serve.site import Site
from hansa.serve.things.lists import LISTS
from hansa.vocab import DCT, OWL, SKOS

_LIMIT = 100
_QUERY_LENGTH = 200
_QID = re.compile(r"Q[1-9]\d{0,11}\Z")
_MATCHES = (SKOS.exactMatch, OWL.sameAs, SKOS.closeMatch)
_CODES = ("iso3166-1", "iso3166-2", "geonamesId", "unLocode", "m49")


def _kind_title(kind: str) -> str:
    return next((listed.title for listed in LISTS if listed.kind == kind), kind.capitalize() or "Concept")


def _entries(site: Site, reader: Reader, query: str, kind: str, language: str) -> list[tuple[Entry, int]]:
    hits = site.names.search(query, reader.languages, kind, language)[:_LIMIT]
    found = []
    for hit in hits:
        parts = site.vocab.kind_and_slug(hit.iri)
        link = reader.link(hit.iri)
        matched = hit.name if hit.name.value != link.text.value else None
        entry = Entry(link, parts[0] if parts else "", _kind_title(parts[0] if parts else ""), matched)
        found.append((entry, hit.score))
    return found


def _as_json(query: str, found: list[tuple[Entry, int]]) -> bytes:
    results = [
        {
            "iri": entry.link.iri,
            "href": entry.link.href,
            "label": entry.link.text.value,
            "lang": entry.link.text.lang,
            "kind": entry.kind,
            "matched": entry.matched.value if entry.matched else entry.link.text.value,
            "score": score,
        }
        for entry, score in found
    ]
    return json.dumps({"query": query, "results": results}, ensure_ascii=False, indent=1).encode()


async def search(request: Request) -> Response:
    """Answer for ``/search?q=&type=&lang=``; type is a kind such as ``network``."""
    site: Site = request.app.state.site
    query = request.query_params.get("q", "").strip()[:_QUERY_LENGTH]
    kind = request.query_params.get("type", "")

    def render(chosen: Representation, reader: Reader) -> bytes:
        # ?lang= narrows the search in JSON; on a page it is the language of the reader.
        language = request.query_params.get("lang", "") if chosen is JSON else ""
        found = _entries(site, reader, query, kind, language)
        if chosen is JSON:
            return _as_json(query, found)
        return site.pages.search(query, [entry for entry, _ in found], _LIMIT, reader)

    return negotiated(request, "/search", request.path_params.get("extension", ""), (HTML, JSON), render)


def _with_wikidata(site: Site, qid: str) -> Iterator[str]:
    item = NamedNode(f"{site.release.prefixes.get('wd', 'http://www.wikidata.org/entity/')}{qid}")
    for predicate in _MATCHES:
        for quad in site.store.quads(None, predicate, item):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject.value


def _with_code(site: Site, code: str) -> Iterator[str]:
    for name in _CODES:
        datatype = getattr(site.vocab.hansa, name)
        for text in dict.fromkeys((code, code.upper(), code.replace(" ", "").upper())):
            for quad in site.store.quads(None, DCT.identifier, Literal(text, datatype=datatype)):
                if isinstance(quad.subject, NamedNode):
                    yield quad.subject.value


def find_by_identifier(site: Site, text: str) -> list[str]:
    """Find things by QID, GeoNames id, ISO 3166 code, UN/LOCODE or M49 code, or by their own IRI or prefixed name."""
    identifier = text.rsplit("/", 1)[-1] if "wikidata.org/" in text else text
    if _QID.match(identifier.upper()):
        return list(dict.fromkeys(_with_wikidata(site, identifier.upper())))
    own = text if text.startswith(site.release.base) else site.release.prefixes.get(text.partition(":")[0], "")
    if own and own != text:
        own += text.partition(":")[2]
    if own.startswith(f"{site.release.base}id/") and site.names.labels(own):
        return [own]
    number = re.sub(r"^https?://(sws|www)\.geonames\.org/(\d+).*$", r"\2", text)
    return list(dict.fromkeys(_with_code(site, number)))


async def resolve(request: Request) -> Response:
    """Answer for ``/resolve?id=``: 303 to the thing, 300 when several have the identifier."""
    site: Site = request.app.state.site
    text = request.query_params.get("id", "").strip()
    if not text:
        raise ParameterError("resolve needs an identifier", "for example /resolve?id=Q1490 or /resolve?id=JP-13")
    found = find_by_identifier(site, text)
    if not found:
        raise HttpError(404, f"nothing here has the identifier {text!r}", "try /search?q=…")
    if len(found) == 1:
        return RedirectResponse(path_of(site.release.base, found[0]), 303, {"Vary": VARY})

    def render(chosen: Representation, reader: Reader) -> bytes:
        entries = [(Entry(reader.link(iri), "", ""), 0) for iri in found]
        if chosen is JSON:
            return _as_json(text, entries)
        return site.pages.search(text, [entry for entry, _ in entries], _LIMIT, reader)

    response = negotiated(request, "/resolve", "", (HTML, JSON), render)
    response.headers["Content-Location"] = str(request.url.path) + f"?{request.url.query}"
    if response.status_code == 200:
        response.status_code = 300
    return response
