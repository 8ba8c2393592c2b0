"""Canned queries over HTTP: one file in ``queries/`` gives a page with a form, a REST address and downloads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa import results
from hansa.errors import HansaError, NotFoundError, ParameterError
from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.parameters import AS_OF, RELEASE, bind_parameters, check_things
from hansa.serve.api.fields import fields_of
from hansa.serve.api.files import find_file, negotiated_file
from hansa.serve.api.results import read_results, read_table
from hansa.serve.api.sparql import ProtocolRequest, make_job, stream
from hansa.serve.engine.frames import Job
from hansa.serve.engine.process import QueryStoppedError
from hansa.serve.engine.streaming import ClientGoneError, client_of, while_connected
from hansa.serve.http.errors import VARY, HttpError, as_http_error
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
from hansa.serve.http.parameters import query_params
from hansa.serve.http.responses import content_location, etag_matches, formats_of, link_header, negotiated, pick
from hansa.serve.pages.query_views import QuestionView, ResultView
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site
from hansa.sparql import bind, query_form
from hansa.store import Table

DESCRIPTIONS = "queries.ttl"
"""The file of a release that describes the queries as SHACL-AF executables."""

LIST_FORMS = (HTML, JSON, *RDF_FORMS)
_TABLE_FORMS = (HTML, CSV, SPARQL_JSON, XLSX, TSV, RDF["turtle"], QUERY_TEXT, JSON)
_GRAPH_FORMS = (HTML, *RDF_FORMS, QUERY_TEXT)
_FEDERATED_FORMS = (HTML, QUERY_TEXT)
_ALL_FORMS = tuple(dict.fromkeys((*_TABLE_FORMS, *_GRAPH_FORMS)))
_WHOLE = (CSV, XLSX, RDF["turtle"])
_WARM = 2.0
"""Seconds for one answer before somebody asks. Where one takes longer the graph is large, and nothing more is made
beforehand: it would hold workers and memory for long."""


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

    extension = request.path_params.get("extension", "")
    offered = LIST_FORMS if find_file(site.release, DESCRIPTIONS) else (HTML, JSON)
    chosen = pick(request, "/queries", extension, offered)
    if chosen in RDF_FORMS:
        return negotiated_file(request, "/queries", chosen.extension, DESCRIPTIONS)
    return negotiated(request, "/queries", extension, offered, render)


# ---------------------------------------------------------------- values
def given_values(request: Request, query: CannedQuery) -> dict[str, str]:
    """Read the parameters of a request; empty fields of a form count as not given.

    ``lang`` and ``page`` mean something on every page, so a query without such a parameter does not mind them.

    :raises ParameterError: when one is given twice
    """
    values: dict[str, str] = {}
    known = {p.name for p in query.parameters}
    for name, value in query_params(request).multi_items():
        if name in values:
            raise ParameterError(f"the parameter {name!r} is given twice", "give it once")
        if value.strip() and (name in known or name != "lang"):
            values[name] = value.strip()
    return _with_day(query, values) if "as_of" in values and "as_of" not in known else values


def _with_day(query: CannedQuery, values: dict[str, str]) -> dict[str, str]:
    """Take ``as_of``, which every page of the site knows, for the query's day."""
    rest = {name: value for name, value in values.items() if name != "as_of"}
    day = values["as_of"]
    if AS_OF not in {p.name for p in query.parameters}:
        raise ParameterError(f"parameter 'as_of': {query.name} does not answer for a day", "leave it out")
    if rest.get(AS_OF, day) != day:
        raise ParameterError(f"parameter 'as_of' says {day!r} and {AS_OF!r} says {rest[AS_OF]!r}", "give one of them")
    return {**rest, AS_OF: day}


def permalink(site: Site, query: CannedQuery, values: Mapping[str, str]) -> str:
    """Give the address that always means the same answer: every parameter, in the order of the query's header."""
    return urlencode([(p.name, _shown(site, p, values)) for p in query.parameters if _shown(site, p, values)])


def _shown(site: Site, parameter: Parameter, values: Mapping[str, str]) -> str:
    text = values.get(parameter.name, parameter.default or "")
    return site.release.issued if parameter.type is ParameterType.DATE and text == RELEASE else text


class _Things:
    """What there is in a release."""

    def __init__(self, site: Site) -> None:
        self.exists = site.describer.exists
        self.beside = site.names.in_namespace


def _bound(site: Site, query: CannedQuery, values: Mapping[str, str], given: Mapping[str, str] | None = None) -> str:
    """Put values into a query.

    :param given: those that were asked for; things among them have to be there
    :raises NotFoundError: when one is not
    """
    terms = bind_parameters(query, values, site.vocab, issued=site.release.issued)
    check_things(query, given or {}, terms, site.vocab, _Things(site))
    return bind(query.text, terms)


def _job(site: Site, text: str, chosen: Representation, rows: int = 0) -> Job:
    return make_job(site, ProtocolRequest(query=[text]), chosen, rows)


# ---------------------------------------------------------------- downloads
async def _whole_table(request: Request, site: Site, text: str) -> Table:
    limit = site.settings.sheet_rows
    form, body, truncated = _kept.get(site, {}).get(text, ("", b"", True))
    if form == "SELECT" and not truncated:
        return read_table(body)
    answer, body = await while_connected(
        request.receive, site.pool.fetch(_job(site, text, SPARQL_JSON, limit), client_of(request))
    )
    if answer.truncated:
        raise HttpError(400, f"the answer has more than {limit} rows", "take the JSON or TSV form, which has no limit")
    return results.answer_table(json.loads(body)["boolean"]) if answer.form == "ASK" else read_table(body)


def _render_table(site: Site, query: CannedQuery, table: Table, chosen: Representation) -> bytes:
    if chosen is XLSX:
        return results.to_xlsx(table, query.name, date.fromisoformat(site.release.issued))
    if chosen is CSV:
        return results.to_csv(table)
    return results.table_to_turtle(table, site.release.prefixes)


def _links(site: Site, query: CannedQuery, values: Mapping[str, str]) -> str:
    # The plain JSON type has the address of SPARQL results in JSON, which it is another name of.
    forms = tuple(form for form in forms_of(query) if form is not JSON)
    return link_header(f"/queries/{query.name}", permalink(site, query, values), forms, site)


def _location(request: Request, query: CannedQuery, chosen: Representation) -> dict[str, str]:
    return {"Content-Location": content_location(request, f"/queries/{query.name}", chosen)}


async def _download(request: Request, site: Site, query: CannedQuery, chosen: Representation) -> Response:
    values = {} if chosen is QUERY_TEXT else given_values(request, query)
    text = query.text if chosen is QUERY_TEXT else _bound(site, query, values, values)
    etag = site.etag(f"/queries/{query.name}", text, chosen.media_type)
    headers = {
        "ETag": etag,
        "Vary": VARY,
        "Link": _links(site, query, values),
        **_location(request, query, chosen),
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
def _with_examples(query: CannedQuery, values: Mapping[str, str], reader: Reader) -> tuple[dict[str, str], bool]:
    """Fill in examples where a required value is missing, so that a page always shows an answer."""
    missing = {p.name: p.example for p in query.parameters if p.default is None and p.name not in values}
    language = {
        p.name: reader.language for p in query.parameters if p.type is ParameterType.LANGUAGE and p.name not in values
    }
    return {**language, **values, **missing}, bool(missing)


_Kept = dict[str, tuple[str, bytes, bool]]
_kept: WeakKeyDictionary[Site, _Kept] = WeakKeyDictionary()
"""Answers to examples and defaults; as many as there are queries and languages. See :func:`warm`."""


async def _answer(site: Site, text: str, client: str, *, keep: bool) -> tuple[str, bytes, bool]:
    kept = _kept.setdefault(site, {})
    if (found := kept.get(text)) is None:
        answer, body = await site.pool.fetch(_job(site, text, HTML, site.settings.table_rows), client)
        found = (answer.form, body, answer.truncated)
        if keep:
            kept[text] = found
    return found


async def warm(site: Site) -> None:
    """Answer every query for its defaults and examples, one after the other, before somebody asks."""
    readers = [Reader(site.vocab, site.names, (language,)) for language in site.release.languages]
    for query in (q for q in site.queries.values() if not q.federated):
        for text in {_bound(site, query, _with_examples(query, {}, reader)[0]): None for reader in readers}:
            if not site.pool.running:
                return
            # Whoever asks for one that takes too long is told so; nobody waits for it here.
            try:
                async with asyncio.timeout(_WARM):
                    await _answer(site, text, "", keep=True)
            except TimeoutError:
                return
            except HansaError:
                continue


async def _result(request: Request, site: Site, reader: Reader, text: str, *, keep: bool) -> ResultView:
    work = _answer(site, text, client_of(request), keep=keep)
    form, body, truncated = await while_connected(request.receive, work)
    return read_results(reader, form, body, truncated=truncated)


def _is_preset(query: CannedQuery, given: Mapping[str, str], reader: Reader) -> bool:
    """Tell whether a page shows only defaults and examples, which are few, so that their answers can be kept."""
    kept = {p.name: {p.default, p.example} for p in query.parameters}
    languages = {p.name for p in query.parameters if p.type is ParameterType.LANGUAGE}
    return all(
        value in kept.get(name, ()) or (name in languages and value == reader.language) for name, value in given.items()
    )


async def _page(request: Request, site: Site, query: CannedQuery) -> Response:
    reader = site.reader(request)
    given = given_values(request, query)
    values, is_example = _with_examples(query, given, reader)
    problem: HansaError | None = None
    result: ResultView | None = None
    text = query.text
    headers = {
        "Vary": VARY,
        "Cache-Control": "public, max-age=0, must-revalidate",
        "Content-Language": ", ".join(dict.fromkeys(("en", reader.language))),
        "Link": _links(site, query, values),
        **_location(request, query, HTML),
    }
    if not query.federated:
        try:
            text = _bound(site, query, values, given)
            etag = site.etag(
                f"/queries/{query.name}", text, permalink(site, query, given), reader.locale, *reader.languages
            )
            headers["ETag"] = etag
            if etag_matches(request.headers.get("if-none-match"), etag):
                return Response(None, 304, headers)
            result = await _result(request, site, reader, text, keep=_is_preset(query, given, reader))
        except (ParameterError, NotFoundError, QueryStoppedError) as error:
            problem = error
            headers["Cache-Control"] = "no-store"
    body = _render_page(site, reader, query, values, text=text, result=result, problem=problem, is_example=is_example)
    status = as_http_error(problem).status if problem else 200
    return Response(body, status, headers, HTML.content_type)


def _render_page(site: Site, reader: Reader, query: CannedQuery, values: Mapping[str, str], **shown: Any) -> bytes:
    suffix = permalink(site, query, values)
    formats = formats_of(f"/queries/{query.name}", suffix, tuple(f for f in forms_of(query) if f is not JSON))
    shown_values = {p.name: _shown(site, p, values) for p in query.parameters}
    fields = fields_of(site, reader, query, shown_values)
    return site.pages.query(query, fields, formats, reader, permalink=suffix, **shown)


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


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [
        Route("/queries", query_list),
        Route("/queries.{extension}", query_list),
        Route("/queries/{name}", canned_query),
    ]
