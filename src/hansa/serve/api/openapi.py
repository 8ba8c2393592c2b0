"""The description of the HTTP interface in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), and a page of it.

Made from the routes' own lists of forms and from the canned queries, so that it cannot say what is not so.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.parameters import AS_OF
from hansa.serve.api import operations as op
from hansa.serve.api.canned import LIST_FORMS as QUERY_LIST_FORMS
from hansa.serve.api.canned import forms_of
from hansa.serve.api.openapi_reconcile import RECONCILE_PATHS, RECONCILE_SCHEMAS
from hansa.serve.api.schemas import DAY, IRI, LANGUAGE, SCHEMAS
from hansa.serve.api.search import QUERY_LENGTH, SEARCH_FORMS, kinds
from hansa.serve.api.sparql import TABULAR_FORMS
from hansa.serve.http.errors import VARY
from hansa.serve.http.negotiate import HTML, JSON, RDF_FORMS, Representation
from hansa.serve.http.responses import etag_matches, negotiated
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site
from hansa.serve.things.lists import LIST_FORMS, LISTS
from hansa.serve.things.resources import THING_FORMS

Object = dict[str, Any]

_TYPES: dict[ParameterType, Object] = {
    ParameterType.IRI: IRI,
    ParameterType.DATE: DAY,
    ParameterType.LANGUAGE: LANGUAGE,
    ParameterType.INTEGER: {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
    ParameterType.STRING: {"type": "string"},
}
_KIND = op.parameter("kind", "path", "the kind of thing", {"type": "string", "pattern": "^[a-z0-9-]+$"}, "network")
_SLUG = op.parameter("slug", "path", "its name in addresses", {"type": "string", "pattern": "^[a-z0-9-]+$"})
_AS_OF = op.parameter("as_of", "query", "only what may have held on this day", DAY, "2013-11-30")
_PAGE = op.parameter("page", "query", "counted from 1", {"type": "integer", "minimum": 1, "maximum": 999_999}, 1)


def _type(site: Site) -> Object:
    return op.parameter("type", "query", "only things of this kind", {"type": "string", "enum": list(kinds(site))})


def _lang(summary: str) -> Object:
    return op.parameter("lang", "query", summary, LANGUAGE, "ja")


# ---------------------------------------------------------------- things, lists, files
def _things(site: Site) -> Object:
    identifier = {
        "operationId": "identifier",
        "summary": "The thing itself: see the document about it",
        "tags": ["things"],
        "parameters": [_KIND, _SLUG],
        "responses": {status: op.response(status) for status in ("303", "404", "406")},
    }
    lists = {
        f"/{k.path}": op.get(f"list-{k.path}", k.title, LIST_FORMS, [_PAGE], "304", "400", "406", tag="lists")
        for k in LISTS
    }
    return {
        "/id/{kind}/{slug}": {"get": identifier},
        "/doc/{kind}/{slug}": op.get(
            "document",
            "What the graph says about a thing",
            THING_FORMS,
            [_KIND, _SLUG, _AS_OF],
            *("304", "400", "404", "406", "503"),
        ),
        **lists,
    }


def _files() -> Object:
    file = op.parameter("file", "path", "a file of the release, see the list of downloads", None, "hansa.ttl")
    answer = {"description": "the file", "content": {"application/octet-stream": {}, "text/turtle": {}}}
    one = {
        "operationId": "dump",
        "summary": "A file of the release",
        "tags": ["downloads"],
        "parameters": [file],
        "responses": {
            "200": answer,
            "206": {"description": "a part"},
            "304": op.response("304"),
            "404": op.response("404"),
        },
    }
    return {
        "/dumps/": op.get("dumps", "What there is to download", (HTML, *RDF_FORMS), [], "304", "406", tag="downloads"),
        "/dumps/{file}": {"get": one},
        "/.well-known/void": op.get(
            "void", "Sizes and dumps (VoID)", RDF_FORMS, [], "304", "404", "406", tag="downloads"
        ),
        "/catalog": op.get("catalog", "For data portals (DCAT)", RDF_FORMS, [], "304", "404", "406", tag="downloads"),
    }


# ---------------------------------------------------------------- search
def _search(site: Site) -> Object:
    text = {"type": "string", "maxLength": QUERY_LENGTH}
    asked = [
        op.parameter("q", "query", "any name, in any language and script", text, "東京"),
        *(_type(site), _lang("data forms: only names in this language; pages: the language of the reader"), _PAGE),
    ]
    typed = [
        op.parameter("prefix", "query", "the first letters of a name or of a word in it", text, "tok"),
        *(_type(site), _lang("only names in this language")),
        op.parameter("limit", "query", "how many", {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}),
    ]
    identifier = op.parameter(
        "id", "query", "a QID, GeoNames id, ISO 3166, UN/LOCODE or M49 code, or an IRI", None, "Q1490"
    )
    resolve = op.get(
        "resolve", "Find a thing by an identifier", (), [identifier], "303", "400", "404", "406", tag="search"
    )
    resolve["get"]["parameters"][0]["required"] = True
    choices = {"description": op.REASONS["300"], "content": op.content((HTML, JSON), "Choices")}
    resolve["get"]["responses"] = {"300": choices, "304": op.response("304")} | resolve["get"]["responses"]
    del resolve["get"]["responses"]["200"]
    statuses = ("304", "400", "406")
    return {
        "/search": op.get(
            "search", "Find things by name", SEARCH_FORMS, asked, *statuses, schema="SearchResults", tag="search"
        ),
        "/suggest": op.get("suggest", "Complete a name", (JSON,), typed, *statuses, schema="Suggestions", tag="search"),
        "/resolve": resolve,
    }


# ---------------------------------------------------------------- queries
def _sparql() -> Object:
    forms = (*TABULAR_FORMS, *RDF_FORMS, HTML)
    graph = {"type": "array", "items": {"type": "string"}}
    parameters = [
        op.parameter("query", "query", "a SPARQL 1.1 query; without one, the form or the service description"),
        op.parameter("default-graph-uri", "query", "a named graph of the dataset; may be repeated", graph),
        op.parameter("named-graph-uri", "query", "a named graph of the dataset; may be repeated", graph),
        op.parameter("format", "query", "json, xml, csv, tsv, ttl, nt, jsonld … instead of an Accept header"),
    ]
    parameters[0]["example"] = "SELECT * WHERE { ?thing ?property ?value } LIMIT 10"
    entry = op.get(
        "sparql",
        "SPARQL 1.1 Protocol, query only",
        forms,
        parameters,
        *_QUERY_ERRORS,
        tag="queries",
        schema="SparqlResults",
    )
    form = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {"schema": form},
        },
    }
    responses = op.responses(forms, "SparqlResults", (*_QUERY_ERRORS, "413", "415"))
    post = {"operationId": "sparql-post", "summary": "The same", "tags": ["queries"]}
    return {"/sparql": {**entry, "post": {**post, "requestBody": body, "responses": responses}}}


_QUERY_ERRORS = ("400", "403", "404", "406", "499", "502", "503", "504")


def _canned_parameter(parameter: Parameter) -> Object:
    schema = dict(_TYPES[parameter.type])
    symbolic = parameter.type is ParameterType.DATE and parameter.default == "release"
    if parameter.default is not None and not symbolic:
        schema["default"] = _json(parameter, parameter.default)
    summary = parameter.summary + (f" (a {parameter.class_iri})" if parameter.class_iri else "")
    found = op.parameter(parameter.name, "query", summary, schema, _json(parameter, parameter.example))
    return {**found, "required": parameter.default is None}


def _json(parameter: Parameter, text: str) -> str | int:
    return int(text) if parameter.type is ParameterType.INTEGER else text


def _canned(query: CannedQuery) -> Object:
    parameters = [] if query.federated else [_canned_parameter(p) for p in query.parameters]
    if not query.federated and AS_OF in {p.name for p in query.parameters}:
        parameters.append(op.parameter("as_of", "query", f"the same as {AS_OF}", DAY))
    statuses = ("304", "400", "404", "406", "499", "503", "504")
    entry = op.get(
        f"query-{query.name}",
        query.summary,
        forms_of(query),
        parameters,
        *statuses,
        schema="SparqlResults",
        tag="questions",
    )
    entry["get"] |= {"description": query.description, "x-subjects": list(query.tags)}
    return entry


def _queries(site: Site) -> Object:
    listed = op.get(
        "queries", "The canned queries", QUERY_LIST_FORMS, [], "304", "404", "406", schema="Queries", tag="questions"
    )
    return {"/queries": listed, **{f"/queries/{q.name}": _canned(q) for q in site.queries.values()}}


# ---------------------------------------------------------------- operation
def _operation() -> Object:
    state = {"200": {"description": "yes", "content": op.content((JSON,), "State")}}
    not_yet = {"503": {"description": "not yet", "content": op.content((JSON,), "State")}}
    about = {"tags": ["operation"]}
    text = {"text/plain": {"schema": {"type": "string", "description": "Prometheus text format"}}}
    plain = {"200": {"description": "the numbers", "content": text}}
    return {
        "/health": {"get": {"operationId": "health", "summary": "Does the process run?", "responses": state, **about}},
        "/ready": {"get": {"operationId": "ready", "summary": "Can it answer?", "responses": state | not_yet, **about}},
        "/metrics": {"get": {"operationId": "metrics", "summary": "For Prometheus", "responses": plain, **about}},
        "/openapi.json": op.get("openapi", "This description", (JSON,), [], "304", tag="operation"),
        "/docs": op.get("docs", "This description, for people", (HTML,), [], "304", "406", tag="operation"),
    }


_TAGS = {
    "things": "Documents about things: negotiated by Accept, or by an extension such as .ttl",
    "lists": "Lists of things of a kind, paged",
    "search": "By name and by identifier",
    "questions": "Canned queries: typed parameters in, table or graph out",
    "queries": "SPARQL",
    "reconciliation": "For OpenRefine and other clients of the W3C Reconciliation API",
    "downloads": "The release as files",
    "operation": "For those who run the server",
}


def description(site: Site) -> Object:
    """Describe the interface of a site."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": site.release.title.get("en", "Hansa"),
            "version": site.release.version,
            "description": site.release.description.get("en", ""),
            "license": {"name": "Licence of the data", "url": site.release.licence},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": {
            **_things(site),
            **_search(site),
            **_queries(site),
            **_sparql(),
            **RECONCILE_PATHS,
            **_files(),
            **_operation(),
        },
        "components": {"schemas": SCHEMAS | RECONCILE_SCHEMAS},
    }


async def openapi(request: Request) -> Response:
    """Answer for ``/openapi.json``."""
    site: Site = request.app.state.site
    etag = site.etag("/openapi.json")
    headers = {"ETag": etag, "Vary": VARY, "Cache-Control": "public, max-age=0, must-revalidate"}
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(None, 304, headers)
    body = json.dumps(description(site), ensure_ascii=False, indent=1)
    return Response(body, 200, headers, "application/json")


async def docs(request: Request) -> Response:
    """Answer for ``/docs``: the description as a page."""
    site: Site = request.app.state.site

    def render(_chosen: Representation, reader: Reader) -> bytes:
        return site.pages.docs(description(site), reader)

    return negotiated(request, "/docs", "", (HTML,), render, headers={"Content-Location": "/docs"})


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route("/openapi.json", openapi), Route("/docs", docs)]
