"""The description of the HTTP interface in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), and a page of it.

Made from the routes' own lists of forms and from the canned queries, so that it cannot say what is not so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.parameters import AS_OF
from hansa.serve.api.canned import LIST_FORMS as QUERY_LIST_FORMS
from hansa.serve.api.canned import forms_of
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
_REASONS = {
    "300": "several things have the identifier",
    "303": "what is asked for is at Location",
    "304": "the client has it already (If-None-Match)",
    "400": "a parameter or the query is wrong",
    "403": "the query would reach out of the dataset or change it",
    "404": "there is no such thing",
    "406": "none of the accepted forms is available",
    "413": "the request is too long",
    "415": "the request has a wrong Content-Type",
    "416": "the file is shorter than the range asked for",
    "499": "the client has left",
    "503": "too many queries wait, or the server is starting; see Retry-After",
    "504": "the query was stopped at its limit",
}
_WITHOUT_BODY = {"303", "304", "499"}
_PROBLEM_FORMS: Object = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    "text/html": {},
}


# ---------------------------------------------------------------- pieces
def _content(forms: Iterable[Representation], schema: str) -> Object:
    of_json = {"schema": {"$ref": f"#/components/schemas/{schema}"}} if schema else {}
    return {form.media_type: dict(of_json) if form is JSON else {} for form in forms}


def _response(status: str) -> Object:
    described: Object = {"description": _REASONS[status]}
    if status == "303":
        described["headers"] = {"Location": {"schema": {"type": "string"}, "description": "where it is"}}
    if status not in _WITHOUT_BODY:
        described["content"] = _PROBLEM_FORMS
    return described


def _responses(forms: Iterable[Representation], schema: str, others: Iterable[str]) -> Object:
    etag = {"ETag": {"schema": {"type": "string"}, "description": "names this very representation"}}
    good = {"description": "the answer", "headers": etag, "content": _content(forms, schema)}
    return {"200": good, **{status: _response(status) for status in others}}


def _parameter(name: str, place: str, summary: str, schema: Object | None = None, example: Any = None) -> Object:
    found: Object = {"name": name, "in": place, "description": summary, "schema": schema or {"type": "string"}}
    if example is not None:
        found["example"] = example
    return {**found, "required": True} if place == "path" else found


def _get(
    name: str,
    summary: str,
    forms: Iterable[Representation],
    parameters: list[Object],
    *statuses: str,
    schema: str = "",
    tag: str = "things",
) -> Object:
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            "parameters": parameters,
            "responses": _responses(forms, schema, statuses),
        }
    }


_KIND = _parameter("kind", "path", "the kind of thing", {"type": "string", "pattern": "^[a-z0-9-]+$"}, "network")
_SLUG = _parameter("slug", "path", "its name in addresses", {"type": "string", "pattern": "^[a-z0-9-]+$"})
_AS_OF = _parameter("as_of", "query", "only what may have held on this day", DAY, "2013-11-30")
_PAGE = _parameter("page", "query", "counted from 1", {"type": "integer", "minimum": 1, "maximum": 999_999}, 1)


def _type(site: Site) -> Object:
    return _parameter("type", "query", "only things of this kind", {"type": "string", "enum": list(kinds(site))})


def _lang(summary: str) -> Object:
    return _parameter("lang", "query", summary, LANGUAGE, "ja")


# ---------------------------------------------------------------- things, lists, files
def _things(site: Site) -> Object:
    identifier = {
        "operationId": "identifier",
        "summary": "The thing itself: see the document about it",
        "tags": ["things"],
        "parameters": [_KIND, _SLUG],
        "responses": {status: _response(status) for status in ("303", "404", "406")},
    }
    lists = {
        f"/{k.path}": _get(f"list-{k.path}", k.title, LIST_FORMS, [_PAGE], "304", "400", "406", tag="lists")
        for k in LISTS
    }
    return {
        "/id/{kind}/{slug}": {"get": identifier},
        "/doc/{kind}/{slug}": _get(
            "document",
            "What the graph says about a thing",
            THING_FORMS,
            [_KIND, _SLUG, _AS_OF],
            *("304", "400", "404", "406", "503"),
        ),
        **lists,
    }


def _files() -> Object:
    file = _parameter("file", "path", "a file of the release, see the list of downloads", None, "hansa.ttl")
    answer = {"description": "the file", "content": {"application/octet-stream": {}, "text/turtle": {}}}
    one = {
        "operationId": "dump",
        "summary": "A file of the release",
        "tags": ["downloads"],
        "parameters": [file],
        "responses": {
            "200": answer,
            "206": {"description": "a part"},
            "304": _response("304"),
            "404": _response("404"),
        },
    }
    return {
        "/dumps/": _get("dumps", "What there is to download", (HTML, *RDF_FORMS), [], "304", "406", tag="downloads"),
        "/dumps/{file}": {"get": one},
        "/.well-known/void": _get(
            "void", "Sizes and dumps (VoID)", RDF_FORMS, [], "304", "404", "406", tag="downloads"
        ),
        "/catalog": _get("catalog", "For data portals (DCAT)", RDF_FORMS, [], "304", "404", "406", tag="downloads"),
    }


# ---------------------------------------------------------------- search
def _search(site: Site) -> Object:
    text = {"type": "string", "maxLength": QUERY_LENGTH}
    asked = [
        _parameter("q", "query", "any name, in any language and script", text, "東京"),
        *(_type(site), _lang("data forms: only names in this language; pages: the language of the reader"), _PAGE),
    ]
    typed = [
        _parameter("prefix", "query", "the first letters of a name or of a word in it", text, "tok"),
        *(_type(site), _lang("only names in this language")),
        _parameter("limit", "query", "how many", {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}),
    ]
    identifier = _parameter(
        "id", "query", "a QID, GeoNames id, ISO 3166, UN/LOCODE or M49 code, or an IRI", None, "Q1490"
    )
    resolve = _get(
        "resolve", "Find a thing by an identifier", (), [identifier], "303", "400", "404", "406", tag="search"
    )
    resolve["get"]["parameters"][0]["required"] = True
    choices = {"description": _REASONS["300"], "content": _content((HTML, JSON), "Choices")}
    resolve["get"]["responses"] = {"300": choices, "304": _response("304")} | resolve["get"]["responses"]
    del resolve["get"]["responses"]["200"]
    statuses = ("304", "400", "406")
    return {
        "/search": _get(
            "search", "Find things by name", SEARCH_FORMS, asked, *statuses, schema="SearchResults", tag="search"
        ),
        "/suggest": _get("suggest", "Complete a name", (JSON,), typed, *statuses, schema="Suggestions", tag="search"),
        "/resolve": resolve,
    }


_RESOLVED = ("303", "400", "404", "406")


def _reconcile() -> Object:
    queries = {"type": "object", "properties": {name: {"type": "string"} for name in ("queries", "extend")}}
    parameters = [_parameter(n, "query", "a JSON object, see the specification") for n in ("queries", "extend")]
    entry = _get("reconcile", "Reconciliation service (W3C 0.2): manifest, matches", (JSON,), parameters, "400", "404")
    entry["get"]["tags"] = ["reconciliation"]
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": queries}}}
    responses = _responses((JSON,), "", ("400", "404", "413", "415"))
    post = {"operationId": "reconcile-post", "summary": "The same", "tags": ["reconciliation"]}
    return {"/reconcile": {**entry, "post": {**post, "requestBody": body, "responses": responses}}}


# ---------------------------------------------------------------- queries
def _sparql() -> Object:
    forms = (*TABULAR_FORMS, *RDF_FORMS, HTML)
    graph = {"type": "array", "items": {"type": "string"}}
    parameters = [
        _parameter("query", "query", "a SPARQL 1.1 query; without one, the form or the service description"),
        _parameter("default-graph-uri", "query", "a named graph of the dataset; may be repeated", graph),
        _parameter("named-graph-uri", "query", "a named graph of the dataset; may be repeated", graph),
        _parameter("format", "query", "json, xml, csv, tsv, ttl, nt, jsonld … instead of an Accept header"),
    ]
    parameters[0]["example"] = "SELECT * WHERE { ?thing ?property ?value } LIMIT 10"
    entry = _get("sparql", "SPARQL 1.1 Protocol, query only", forms, parameters, *_QUERY_ERRORS, tag="queries")
    form = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {"schema": form},
        },
    }
    responses = _responses(forms, "", (*_QUERY_ERRORS, "413", "415"))
    post = {"operationId": "sparql-post", "summary": "The same", "tags": ["queries"]}
    return {"/sparql": {**entry, "post": {**post, "requestBody": body, "responses": responses}}}


_QUERY_ERRORS = ("400", "403", "404", "406", "499", "503", "504")


def _canned_parameter(parameter: Parameter) -> Object:
    schema = dict(_TYPES[parameter.type])
    symbolic = parameter.type is ParameterType.DATE and parameter.default == "release"
    if parameter.default is not None and not symbolic:
        schema["default"] = _json(parameter, parameter.default)
    summary = parameter.summary + (f" (a {parameter.class_iri})" if parameter.class_iri else "")
    found = _parameter(parameter.name, "query", summary, schema, _json(parameter, parameter.example))
    return {**found, "required": parameter.default is None}


def _json(parameter: Parameter, text: str) -> str | int:
    return int(text) if parameter.type is ParameterType.INTEGER else text


def _canned(query: CannedQuery) -> Object:
    parameters = [] if query.federated else [_canned_parameter(p) for p in query.parameters]
    if not query.federated and AS_OF in {p.name for p in query.parameters}:
        parameters.append(_parameter("as_of", "query", f"the same as {AS_OF}", DAY))
    statuses = ("304", "400", "406", "499", "503", "504")
    entry = _get(f"query-{query.name}", query.summary, forms_of(query), parameters, *statuses, tag="questions")
    # On pages and in JSON alike the answers are SPARQL results, whose shape the query gives.
    entry["get"] |= {"description": query.description, "x-subjects": list(query.tags)}
    return entry


def _queries(site: Site) -> Object:
    listed = _get(
        "queries", "The canned queries", QUERY_LIST_FORMS, [], "304", "404", "406", schema="Queries", tag="questions"
    )
    return {"/queries": listed, **{f"/queries/{q.name}": _canned(q) for q in site.queries.values()}}


# ---------------------------------------------------------------- operation
def _operation() -> Object:
    state = {"200": {"description": "yes", "content": _content((JSON,), "State")}}
    not_yet = {"503": {"description": "not yet", "content": _content((JSON,), "State")}}
    about = {"tags": ["operation"]}
    plain = {"200": {"description": "the numbers", "content": {"text/plain": {}}}, "404": _response("404")}
    return {
        "/health": {"get": {"operationId": "health", "summary": "Does the process run?", "responses": state, **about}},
        "/ready": {"get": {"operationId": "ready", "summary": "Can it answer?", "responses": state | not_yet, **about}},
        "/metrics": {"get": {"operationId": "metrics", "summary": "For Prometheus", "responses": plain, **about}},
        "/openapi.json": _get("openapi", "This description", (JSON,), [], "304", tag="operation"),
        "/docs": _get("docs", "This description, for people", (HTML,), [], "304", "406", tag="operation"),
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
            **_reconcile(),
            **_files(),
            **_operation(),
        },
        "components": {"schemas": SCHEMAS},
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
