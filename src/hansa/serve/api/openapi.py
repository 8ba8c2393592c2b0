"""The description of the HTTP interface in OpenAPI 3.1, made from the routes and the canned queries."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.serve.api.canned import forms_of
from hansa.serve.api.sparql import TABULAR_FORMS
from hansa.serve.http.negotiate import HTML, JSON, RDF_FORMS, Representation
from hansa.serve.http.responses import etag_matches
from hansa.serve.site import Site
from hansa.serve.things.lists import LIST_FORMS, LISTS
from hansa.serve.things.resources import THING_FORMS

_SCHEMAS: dict[ParameterType, dict[str, Any]] = {
    ParameterType.IRI: {"type": "string"},
    ParameterType.DATE: {"type": "string", "format": "date"},
    ParameterType.LANGUAGE: {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
    ParameterType.INTEGER: {"type": "integer"},
    ParameterType.STRING: {"type": "string"},
}
_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def _content(forms: Iterable[Representation]) -> dict[str, Any]:
    return {form.media_type: {} for form in forms}


def _responses(forms: Iterable[Representation], *, errors: Iterable[str]) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": {"description": "the answer", "content": _content(forms)}}
    for status in errors:
        answers[status] = {"description": _REASONS[status], "content": _PROBLEM}
    return answers


_REASONS = {
    "400": "a parameter or the query is wrong",
    "403": "the query would reach out of the dataset or change it",
    "404": "there is no such thing",
    "406": "none of the accepted forms is available",
    "413": "the request is too long",
    "415": "the request has a wrong Content-Type",
    "503": "too many queries wait; see Retry-After",
    "504": "the query was stopped at its limit",
}


def _parameter(name: str, place: str, summary: str, **more: Any) -> dict[str, Any]:
    found = {"name": name, "in": place, "description": summary, "schema": {"type": "string"}, **more}
    return {**found, "required": True} if place == "path" else found


def _get(summary: str, forms: Iterable[Representation], parameters: list[dict[str, Any]], *errors: str) -> Any:
    return {"get": {"summary": summary, "parameters": parameters, "responses": _responses(forms, errors=errors)}}


def _canned_parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_SCHEMAS[parameter.type])
    symbolic = parameter.type is ParameterType.DATE and parameter.default == "release"
    if parameter.default is not None and not symbolic:
        is_integer = parameter.type is ParameterType.INTEGER
        schema["default"] = int(parameter.default) if is_integer else parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.summary,
        "required": parameter.default is None,
        "schema": schema,
        "example": parameter.example,
    }


def _canned(query: CannedQuery) -> dict[str, Any]:
    parameters = [_canned_parameter(p) for p in query.parameters]
    entry = _get(query.summary, forms_of(query), parameters, "400", "406", "503", "504")
    entry["get"] |= {"description": query.description, "tags": list(query.tags), "operationId": query.name}
    return dict(entry)


_KIND_AND_SLUG = [
    _parameter("kind", "path", "such as network, authority, person"),
    _parameter("slug", "path", "such as citynet"),
]
_AS_OF = _parameter(
    "as_of", "query", "only what may have held on this day", schema={"type": "string", "format": "date"}
)


def _sparql() -> dict[str, Any]:
    forms = (*TABULAR_FORMS, *RDF_FORMS, HTML)
    parameters = [
        _parameter("query", "query", "a SPARQL 1.1 query"),
        _parameter("default-graph-uri", "query", "a named graph of the dataset; may be repeated"),
        _parameter("named-graph-uri", "query", "a named graph of the dataset; may be repeated"),
        _parameter("format", "query", "json, xml, csv, tsv, ttl, nt, jsonld … instead of an Accept header"),
    ]
    entry = _get("SPARQL 1.1 Protocol, query only", forms, parameters, "400", "403", "406", "503", "504")
    body = {"content": {"application/sparql-query": {"schema": {"type": "string"}}}, "required": True}
    body["content"]["application/x-www-form-urlencoded"] = {  # type: ignore[index]
        "schema": {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
    }
    errors = ("400", "403", "406", "413", "415", "503", "504")
    entry["post"] = {"summary": "The same", "requestBody": body, "responses": _responses(forms, errors=errors)}
    return dict(entry)


def description(site: Site) -> dict[str, Any]:
    """Describe the interface of a site."""
    page = _parameter("page", "query", "counted from 1", schema={"type": "integer", "minimum": 1})
    text = _parameter("q", "query", "any name, in any language")
    paths: dict[str, Any] = {
        "/id/{kind}/{slug}": {
            "get": {
                "summary": "The thing itself: see the document about it",
                "parameters": _KIND_AND_SLUG,
                "responses": {
                    "303": {"description": "the document is at Location"},
                    "404": {"description": _REASONS["404"], "content": _PROBLEM},
                },
            }
        },
        "/doc/{kind}/{slug}": _get(
            "What the graph says about a thing", THING_FORMS, [*_KIND_AND_SLUG, _AS_OF], "404", "406"
        ),
        "/sparql": _sparql(),
        "/search": _get("Find things by name", (HTML, JSON), [text, _parameter("type", "query", "a kind")], "406"),
        "/queries": _get("The canned queries", (HTML, JSON), [], "406"),
        **{f"/{k.path}": _get(k.title, LIST_FORMS, [page], "400", "406") for k in LISTS},
        **{f"/queries/{q.name}": _canned(q) for q in site.queries.values()},
    }
    problem = {"type": "object", "properties": {"title": {"type": "string"}, "status": {"type": "integer"}}}
    problem["properties"] |= {name: {"type": "string"} for name in ("type", "detail", "hint", "instance")}  # type: ignore[operator]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": site.release.title.get("en", "Hansa"),
            "version": site.release.version,
            "description": site.release.description.get("en", ""),
            "license": {"name": "Licence of the data", "url": site.release.licence},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": {"Problem": problem}},
    }


async def openapi(request: Request) -> Response:
    """Answer for ``/openapi.json``."""
    site: Site = request.app.state.site
    etag = site.etag("/openapi.json")
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(None, 304, {"ETag": etag})
    body = json.dumps(description(site), ensure_ascii=False, indent=1)
    return Response(body, 200, {"ETag": etag}, "application/json")
