"""Find things by name: ``/search`` for people and programs, ``/suggest`` for every key stroke."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.errors import ParameterError, closest
from hansa.parameters import is_language_tag
from hansa.rdf import NamedNode, Quad
from hansa.serve.api import resolve
from hansa.serve.http.day import as_of_day
from hansa.serve.http.negotiate import HTML, JSON, RDF_FORMS, Representation
from hansa.serve.http.parameters import query_params
from hansa.serve.http.responses import as_rdf, negotiated
from hansa.serve.lookup.index import LIMIT, Answer, Found
from hansa.serve.lookup.names import CONCEPT
from hansa.serve.pages.list_views import Entry, SearchView
from hansa.serve.pages.names import LABELS, OTHER_NAMES, text_of
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site
from hansa.serve.things.existing import existing
from hansa.serve.things.lists import LISTS, page_number
from hansa.vocab import RDF

SEARCH_FORMS = (HTML, JSON, *RDF_FORMS)
QUERY_LENGTH = 200
SUGGESTIONS = 10
_SUGGESTIONS_AT_MOST = 50


# ---------------------------------------------------------------- parameters
def kinds(site: Site) -> tuple[str, ...]:
    """Give the values that ``type`` may have: kinds of things that have names."""
    return site.index.kinds


def kind_title(kind: str) -> str:
    """Give the heading under which things of a kind are listed."""
    titles = {listed.kind: listed.title for listed in LISTS} | {CONCEPT: "Concepts"}
    return titles.get(kind, kind.capitalize())


def _text(request: Request, name: str) -> str:
    text = query_params(request).get(name, "").strip()
    if len(text) > QUERY_LENGTH:
        raise ParameterError(f"the parameter {name!r} is longer than {QUERY_LENGTH} characters", "give a name or less")
    return text


def _kind(request: Request, site: Site) -> str:
    kind = query_params(request).get("type", "").strip()
    if kind and kind not in kinds(site):
        near = closest(kind, kinds(site))
        hint = f"did you mean {near!r}? " if near else ""
        raise ParameterError(f"parameter 'type': nothing here is a {kind!r}", f"{hint}one of: {', '.join(kinds(site))}")
    return kind


def _language(request: Request) -> str:
    language = query_params(request).get("lang", "").strip()
    if language and not is_language_tag(language):
        raise ParameterError(f"parameter 'lang': {language!r} is not a language tag (BCP 47)", "for example: lang=ja")
    return language


def _suggestions_wanted(request: Request) -> int:
    text = query_params(request).get("limit", str(SUGGESTIONS))
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= _SUGGESTIONS_AT_MOST):
        raise ParameterError(
            f"parameter 'limit': {text!r} is not a number from 1 to {_SUGGESTIONS_AT_MOST}", "for example: limit=5"
        )
    return int(text)


# ---------------------------------------------------------------- answers
def _entry(reader: Reader, found: Found) -> Entry:
    link = reader.link(found.name.iri)
    other = found.name.literal.value != link.text.value
    matched = text_of(found.name.literal, reader.languages) if other else None
    return Entry(link, found.name.kind, kind_title(found.name.kind), matched)


def _as_dict(reader: Reader, found: Found) -> dict[str, Any]:
    literal = found.name.literal
    entry = resolve.as_dict(_entry(reader, found))
    return {**entry, "matched": literal.value, "matchedLang": literal.language or "", "score": found.score}


def _view(query: str, answer: Answer, shown: tuple[Entry, ...], page: int, size: int) -> SearchView:
    total = len(answer.found)
    return SearchView(
        query=query,
        entries=shown,
        total=total,
        page=page,
        pages=max(1, math.ceil(total / size)),
        more=total >= LIMIT,
        meant=answer.meant,
        partial=answer.partial,
    )


def _as_json(reader: Reader, view: SearchView, shown: tuple[Found, ...]) -> bytes:
    body = {
        "query": view.query,
        "meant": view.meant or None,
        "partial": view.partial,
        "total": view.total,
        "more": view.more,
        "page": view.page,
        "pages": view.pages,
        "results": [_as_dict(reader, found) for found in shown],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def _statements(site: Site, shown: tuple[Found, ...]) -> list[Quad]:
    wanted = (RDF.type, *LABELS, *OTHER_NAMES)
    return [q for f in shown for p in wanted for q in site.store.quads(NamedNode(f.name.iri), p)]


def _existing(site: Site, found: tuple[Found, ...], day: str) -> tuple[Found, ...]:
    """Leave out what is known not to have been there on a day; empty for all times."""
    kept = set(existing(site, (f.name.iri for f in found), day)) if day else set()
    return tuple(f for f in found if f.name.iri in kept) if day else found


async def search(request: Request) -> Response:
    """Answer for ``/search?q=&type=&lang=&page=&as_of=``; type is a kind such as ``network``.

    ``lang`` narrows the search in data forms; on a page, as everywhere, it is the language of the reader.
    """
    site: Site = request.app.state.site
    query, kind, language, page = _text(request, "q"), _kind(request, site), _language(request), page_number(request)
    size, day = site.settings.page_size, as_of_day(request)

    def render(chosen: Representation, reader: Reader) -> bytes:
        answer = site.index.search(query, kind, "" if chosen is HTML else language)
        answer = replace(answer, found=_existing(site, answer.found, day))
        shown = answer.found[(page - 1) * size : page * size]
        view = _view(query, answer, tuple(_entry(reader, found) for found in shown), page, size)
        if chosen is HTML:
            return site.pages.search(view, reader, kind=kind, kinds=[(k, kind_title(k)) for k in kinds(site)])
        return _as_json(reader, view, shown) if chosen is JSON else as_rdf(site, _statements(site, shown), chosen)

    return negotiated(request, "/search", request.path_params.get("extension", ""), SEARCH_FORMS, render)


async def suggest(request: Request) -> Response:
    """Answer for ``/suggest?prefix=&type=&lang=&limit=&as_of=`` in JSON."""
    site: Site = request.app.state.site
    prefix, kind, language = _text(request, "prefix"), _kind(request, site), _language(request)
    limit, day = _suggestions_wanted(request), as_of_day(request)

    def render(_chosen: Representation, reader: Reader) -> bytes:
        found = site.index.suggest(prefix, kind, language, LIMIT if day else limit)
        found = _existing(site, found, day)[:limit]
        body = {"prefix": prefix, "suggestions": [_suggestion(reader, f) for f in found]}
        return json.dumps(body, ensure_ascii=False).encode()

    return negotiated(request, "/suggest", request.path_params.get("extension", ""), (JSON,), render)


def _suggestion(reader: Reader, found: Found) -> dict[str, str]:
    entry = _entry(reader, found)
    text, literal = entry.link.text, found.name.literal
    return {
        "id": found.name.iri,
        "href": entry.link.href,
        "label": text.value,
        "lang": text.lang,
        "type": found.name.kind,
        "matched": literal.value,
        "matchedLang": literal.language or "",
    }


def routes() -> list[BaseRoute]:
    """Give the paths that this module and ``/resolve`` answer."""
    return [
        Route("/search", search),
        Route("/search.{extension}", search),
        Route("/suggest", suggest),
        Route("/suggest.{extension}", suggest),
        *resolve.routes(),
    ]
