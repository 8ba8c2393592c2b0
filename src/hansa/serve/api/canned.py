"""Canned queries over HTTP: one file in ``queries/`` gives a page with a form, a REST address and downloads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from hansa import results
from hansa.errors import HansaError, ParameterError
from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.queries import bind_parameters
from hansa.serve.api.results import read_results, read_table
from hansa.serve.api.sparql import ProtocolRequest, make_job, stream
from hansa.serve.engine.frames import Job
from hansa.serve.engine.streaming import ClientGoneError, while_connected
from hansa.serve.http.errors import VARY, HttpError
from hansa.serve.http.negotiate import (
    CSV,
    HTML,
    JSON,
    QUERY_TEXT,
    RDF,
    RDF_FORMS,
    SPARQL_JSON,
    TSV,
    XLSX,
    Representation,
    split_extension,
)
from hansa.serve.http.responses import etag_matches, formats_of, link_header, negotiated, pick
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import FieldView, QuestionView, ResultView
from hansa.serve.site import Site
from hansa.sparql import bind, query_form
from hansa.store import Table

_TABLE_FORMS = (HTML, CSV, SPARQL_JSON, XLSX, TSV, RDF["turtle"], QUERY_TEXT, JSON)
_GRAPH_FORMS = (HTML, *RDF_FORMS, QUERY_TEXT)
_FEDERATED_FORMS = (HTML, QUERY_TEXT)
_ALL_FORMS = tuple(dict.fromkeys((*_TABLE_FORMS, *_GRAPH_FORMS)))
_WHOLE = (CSV, XLSX, RDF["turtle"])
_INPUT_TYPES = {ParameterType.DATE: "date", ParameterType.INTEGER: "number"}
_OPTIONS_LIMIT = 400


def forms_of(query: CannedQuery) -> tuple[Representation, ...]:
    """Give the forms in which a query's answer can be had."""
    if query.federated:
        return _FEDERATED_FORMS
    return _GRAPH_FORMS if query_form(query.text) in ("CONSTRUCT", "DESCRIBE") else _TABLE_FORMS


def as_dict(query: CannedQuery) -> dict[str, Any]:
    """Give what the list of queries in JSON says of one."""
    parameters = [
        {
            "name": p.name,
            "type": str(p.type),
            "class": p.class_iri or None,
            "required": p.default is None,
            "default": p.default,
            "example": p.example,
            "summary": p.summary,
        }
        for p in query.parameters
    ]
    return {
        "name": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "federated": query.federated,
        "parameters": parameters,
        "href": f"/queries/{query.name}",
    }


def _by_subject(site: Site) -> dict[str, list[QuestionView]]:
    """Group the queries by their first tag."""
    groups: dict[str, list[QuestionView]] = {}
    for query in site.queries.values():
        subject = query.tags[0] if query.tags else "other"
        groups.setdefault(subject, []).append(QuestionView(query.name, query.summary, query.tags, query.federated))
    return dict(sorted(groups.items()))


async def query_list(request: Request) -> Response:
    """Answer for ``/queries``."""
    site: Site = request.app.state.site

    def render(chosen: Representation, reader: Reader) -> bytes:
        if chosen is JSON:
            return json.dumps([as_dict(q) for q in site.queries.values()], ensure_ascii=False, indent=1).encode()
        return site.pages.queries(_by_subject(site), reader)

    return negotiated(request, "/queries", request.path_params.get("extension", ""), (HTML, JSON), render)


# ---------------------------------------------------------------- values
def given_values(request: Request, query: CannedQuery) -> dict[str, str]:
    """Read the parameters of a request; empty fields of a form count as not given.

    ``lang`` and ``page`` mean something on every page, so a query without such a parameter does not mind them.

    :raises ParameterError: when one is given twice
    """
    values: dict[str, str] = {}
    known = {p.name for p in query.parameters}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise ParameterError(f"the parameter {name!r} is given twice", "give it once")
        if value.strip() and (name in known or name != "lang"):
            values[name] = value.strip()
    return values


def _bound(site: Site, query: CannedQuery, values: Mapping[str, str]) -> str:
    terms = bind_parameters(query, values, site.vocab, issued=site.release.issued)
    return bind(query.text, terms)


def _job(site: Site, text: str, chosen: Representation, rows: int = 0) -> Job:
    return make_job(site, ProtocolRequest(query=[text]), chosen, rows)


# ---------------------------------------------------------------- downloads
async def _whole_table(request: Request, site: Site, text: str) -> Table:
    limit = site.settings.sheet_rows
    answer, body = await while_connected(request.receive, site.pool.fetch(_job(site, text, SPARQL_JSON, limit)))
    if answer.truncated:
        raise HttpError(400, f"the answer has more than {limit} rows", "take the JSON or TSV form, which has no limit")
    return results.answer_table(json.loads(body)["boolean"]) if answer.form == "ASK" else read_table(body)


def _render_table(site: Site, query: CannedQuery, table: Table, chosen: Representation) -> bytes:
    if chosen is XLSX:
        return results.to_xlsx(table, query.name, date.fromisoformat(site.release.issued))
    if chosen is CSV:
        return results.to_csv(table)
    return results.table_to_turtle(table, site.release.prefixes)


async def _download(request: Request, site: Site, query: CannedQuery, chosen: Representation) -> Response:
    text = query.text if query.federated else _bound(site, query, given_values(request, query))
    etag = site.etag(request.url.path, request.url.query, chosen.media_type)
    path = f"/queries/{query.name}"
    headers = {
        "ETag": etag,
        "Vary": VARY,
        "Link": link_header(path, request.url.query, forms_of(query), site),
        "Content-Disposition": f'inline; filename="{query.name}.{chosen.extension}"',
    }
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(None, 304, headers)
    if chosen is QUERY_TEXT:
        return Response(query.text, 200, headers, f"{chosen.media_type}; charset=utf-8")
    if chosen in _WHOLE and chosen in _TABLE_FORMS and forms_of(query) is _TABLE_FORMS:
        table = await _whole_table(request, site, text)
        body = await run_in_threadpool(_render_table, site, query, table, chosen)
        return Response(body, 200, headers, chosen.content_type)
    return stream(request, site, _job(site, text, chosen), chosen, headers)


# ---------------------------------------------------------------- page
def _options(site: Site, reader: Reader, parameter: Parameter) -> tuple[tuple[str, str], ...]:
    if parameter.type is ParameterType.LANGUAGE:
        return tuple((language, language) for language in site.names.languages)
    if parameter.type is not ParameterType.IRI:
        return ()
    prefix, _, _ = parameter.example.partition(":")
    namespace = site.release.prefixes.get(prefix, "")
    found = site.names.in_namespace(namespace) if namespace else []
    named = sorted((reader.link(iri).text.value, f"{prefix}:{iri.removeprefix(namespace)}") for iri in found)
    return tuple((value, label) for label, value in named) if len(named) <= _OPTIONS_LIMIT else ()


def _fields(site: Site, reader: Reader, query: CannedQuery, values: Mapping[str, str]) -> tuple[FieldView, ...]:
    def value(parameter: Parameter) -> str:
        text = values.get(parameter.name, parameter.default or "")
        return site.release.issued if parameter.type is ParameterType.DATE and text == "release" else text

    return tuple(
        FieldView(
            name=p.name,
            label=p.summary or p.name,
            input_type=_INPUT_TYPES.get(p.type, "text"),
            value=value(p),
            example=p.example,
            required=p.default is None,
            options=_options(site, reader, p),
        )
        for p in query.parameters
    )


def _with_examples(query: CannedQuery, values: Mapping[str, str], reader: Reader) -> tuple[dict[str, str], bool]:
    """Fill in examples where a required value is missing, so that a page always shows an answer."""
    missing = {p.name: p.example for p in query.parameters if p.default is None and p.name not in values}
    language = {
        p.name: reader.language for p in query.parameters if p.type is ParameterType.LANGUAGE and p.name not in values
    }
    return {**language, **values, **missing}, bool(missing)


async def _result(request: Request, site: Site, reader: Reader, text: str) -> ResultView:
    job = _job(site, text, HTML, site.settings.table_rows)
    answer, body = await while_connected(request.receive, site.pool.fetch(job))
    return read_results(reader, answer.form, body, truncated=answer.truncated)


async def _page(request: Request, site: Site, query: CannedQuery) -> Response:
    reader = site.reader(request)
    values, is_example = _with_examples(query, given_values(request, query), reader)
    problem: HansaError | None = None
    result: ResultView | None = None
    text = query.text
    if not query.federated:
        try:
            text = _bound(site, query, values)
            result = await _result(request, site, reader, text)
        except ParameterError as error:
            problem = error
    path = f"/queries/{query.name}"
    formats = formats_of(path, urlencode(values), tuple(f for f in forms_of(query) if f is not JSON))
    body = site.pages.query(
        query, _fields(site, reader, query, values), formats, reader,
        text=text, result=result, problem=problem, is_example=is_example,
    )  # fmt: skip
    headers = {
        "Vary": VARY,
        "Content-Language": ", ".join(dict.fromkeys(("en", reader.language))),
        "Link": link_header(path, request.url.query, forms_of(query), site),
    }
    return Response(body, 400 if problem else 200, headers, HTML.content_type)


async def canned_query(request: Request) -> Response:
    """Answer for ``/queries/{name}`` with or without an extension."""
    site: Site = request.app.state.site
    name, extension = split_extension(request.path_params["name"], _ALL_FORMS)
    query = site.queries.get(name)
    if query is None:
        raise HttpError(404, f"there is no query {name!r}", "see /queries for the queries there are")
    chosen = pick(request, f"/queries/{name}", extension, forms_of(query))
    try:
        if chosen is HTML:
            return await _page(request, site, query)
        return await _download(request, site, query, chosen)
    except ClientGoneError:
        return Response(status_code=499)
