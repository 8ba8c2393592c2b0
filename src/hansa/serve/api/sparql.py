"""The SPARQL endpoint: SPARQL 1.1 Protocol, query operation only (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.egress import EgressError, EgressTimeoutError
from hansa.errors import ForbiddenQueryError, QueryError
from hansa.rdf import FORMATS, NamedNode, Triple, serialise
from hansa.serve.api.results import read_results
from hansa.serve.engine.dataset import dataset_of
from hansa.serve.engine.frames import Job
from hansa.serve.engine.lanes import is_volatile
from hansa.serve.engine.pool import Answer
from hansa.serve.engine.streaming import AnswerResponse, ClientGoneError, client_of, while_connected
from hansa.serve.http.errors import VARY, HttpError, not_acceptable
from hansa.serve.http.negotiate import (
    CSV,
    HTML,
    JSON,
    RDF,
    RDF_FORMS,
    SPARQL_JSON,
    SPARQL_XML,
    TSV,
    Representation,
    by_extension,
    choose,
    rdf_name,
)
from hansa.serve.http.responses import etag_matches
from hansa.serve.operation.observe import QUERY
from hansa.serve.pages.query_views import QuestionView, ResultView
from hansa.serve.site import Site
from hansa.sparql import query_form, refuse_outside_reach
from hansa.vocab import DCT, SD
from hansa.vocab import RDF as RDF_NS

_XML = Representation("application/xml", "xml", "XML")
TABULAR_FORMS = (SPARQL_JSON, SPARQL_XML, CSV, TSV, JSON, _XML)
_ENGINE_TYPES = {JSON.media_type: SPARQL_JSON.media_type, _XML.media_type: SPARQL_XML.media_type}
_FORM_TYPE = "application/x-www-form-urlencoded"
_QUERY_TYPE = "application/sparql-query"
_CLIENT_CLOSED = 499
_LONG = 1 << 14
_NOT_KEPT = {"Cache-Control": "no-store"}


@dataclass
class ProtocolRequest:
    """What a client asks through the protocol; each list holds the values of one parameter.

    :param inlined: the query once what it asks of other endpoints has been put into it
    """

    query: list[str] = field(default_factory=list)
    default: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    update: list[str] = field(default_factory=list)
    format: list[str] = field(default_factory=list)
    inlined: str = ""

    def take(self, pairs: list[tuple[str, str]]) -> None:
        """Add parameters from a query string or form; what the protocol does not know is left alone."""
        names = {"default-graph-uri": self.default, "named-graph-uri": self.named}
        names |= {"query": self.query, "update": self.update, "format": self.format}
        for name, value in pairs:
            if name in names:
                names[name].append(value)


async def read_body(request: Request, limit: int) -> bytes:
    """Read a request body.

    :raises HttpError: 413 when it is longer than ``limit`` bytes
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HttpError(413, f"the request is longer than {limit} bytes", "send a shorter query")
    return bytes(body)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QueryError("the request is not UTF-8", f"byte {error.start} is wrong; send UTF-8") from None


def _pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(_text(data), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise QueryError(
            f"the form cannot be read: {error}", "send application/x-www-form-urlencoded in UTF-8"
        ) from None


async def _read_post(request: Request, asked: ProtocolRequest, limit: int) -> None:
    media_type, *parameters = request.headers.get("content-type", "").lower().split(";")
    named = dict(parameter.strip().partition("=")[::2] for parameter in parameters)
    charset = named.get("charset", "").strip('"')
    if media_type.strip() == "application/sparql-update":
        raise ForbiddenQueryError("updates are not possible here", "this endpoint only answers queries")
    if media_type.strip() not in (_FORM_TYPE, _QUERY_TYPE) or charset not in ("", "utf-8"):
        raise HttpError(
            415,
            f"a query cannot be sent as {request.headers.get('content-type') or 'a body without a Content-Type'}",
            f"send {_QUERY_TYPE} or {_FORM_TYPE} in UTF-8",
            headers={"Accept-Post": f"{_QUERY_TYPE}, {_FORM_TYPE}"},
        )
    body = await read_body(request, limit)
    if media_type.strip() == _QUERY_TYPE:
        asked.query.append(_text(body))
    else:
        asked.take(_pairs(body))


async def read_request(request: Request, limit: int) -> ProtocolRequest:
    """Read a protocol request from query string and body.

    :raises HttpError: 413 or 415
    :raises QueryError: when there is more than one query, or it is not UTF-8
    :raises ForbiddenQueryError: for updates
    """
    asked = ProtocolRequest()
    asked.take(_pairs(request.scope["query_string"]))
    if request.method == "POST":
        await _read_post(request, asked, limit)
    if asked.update:
        raise ForbiddenQueryError("updates are not possible here", "this endpoint only answers queries")
    if len(asked.query) > 1:
        raise QueryError(f"one query is wanted, not {len(asked.query)}", "send the parameter query once")
    return asked


def forms_for(form: str) -> tuple[Representation, ...]:
    """Give the representations an answer can have: tables for SELECT and ASK, RDF for CONSTRUCT and DESCRIBE."""
    return (*RDF_FORMS, HTML) if form in ("CONSTRUCT", "DESCRIBE") else (*TABULAR_FORMS, HTML)


def _choose(request: Request, asked: ProtocolRequest, form: str) -> Representation:
    offered = forms_for(form)
    accept = request.headers.get("accept")
    chosen = by_extension(asked.format[0], offered) if asked.format else choose(accept, offered)
    if chosen is None:
        unique = {r.extension: r for r in reversed(offered)}
        raise not_acceptable("?format=", tuple(unique.values()))
    return chosen


def make_job(site: Site, asked: ProtocolRequest, chosen: Representation, rows: int = 0) -> Job:
    """Check a query and make a job of it.

    :param rows: stop after so many rows, 0 for all
    :raises ForbiddenQueryError: when it would reach out or change something
    :raises QueryError: when it names a graph that is not here
    """
    query = asked.inlined or asked.query[0]
    if not asked.inlined:
        refuse_outside_reach(query)
    base = f"{site.release.base}sparql"
    dataset = dataset_of(query, base, asked.default, asked.named, site.graphs)
    form = query_form(query)
    return Job(
        query=query,
        base=base,
        tabular=SPARQL_JSON.media_type if chosen is HTML else _ENGINE_TYPES.get(chosen.media_type, chosen.media_type),
        graph=RDF["turtle"].media_type if chosen is HTML else chosen.media_type,
        default_graphs=dataset.default,
        named_graphs=dataset.named,
        prefixes=dict(site.release.prefixes) if form in ("CONSTRUCT", "DESCRIBE") else None,
        rows=rows,
        form=form,
    )


async def _ask_elsewhere(request: Request, site: Site, asked: ProtocolRequest) -> None:
    """Answer the SERVICE clauses of a query, where there are endpoints that it may name.

    :raises HttpError: 502 or 504 when such an endpoint does not answer as it should
    """
    query = asked.query[0]
    if not site.federation.concerns(query):
        return
    try:
        asked.inlined = await while_connected(request.receive, site.federation.inline(query))
    except EgressError as error:
        status = 504 if isinstance(error, EgressTimeoutError) else 502
        raise HttpError(status, error.message, error.hint) from None


async def _form(query: str) -> str:
    """Give the form of a query.

    :raises QueryError: when a long one has none
    """
    if len(query) < _LONG:
        return query_form(query)
    if form := await run_in_threadpool(query_form, query):
        return form
    raise QueryError("the query has no SELECT, ASK, CONSTRUCT or DESCRIBE", "see https://www.w3.org/TR/sparql11-query/")


async def _job(site: Site, asked: ProtocolRequest, chosen: Representation, rows: int = 0) -> Job:
    """Make a job; a query so long that reading it would hold up everybody else is read in a thread."""
    if len(asked.query[0]) < _LONG:
        return make_job(site, asked, chosen, rows)
    return await run_in_threadpool(make_job, site, asked, chosen, rows)


async def fetch_view(request: Request, site: Site, job: Job) -> ResultView:
    """Run a query whose result is shown on a page."""
    answer, body = await while_connected(request.receive, site.pool.fetch(job, client_of(request)))
    return read_results(site.reader(request), answer.form, body, truncated=answer.truncated)


async def _page(request: Request, site: Site, asked: ProtocolRequest, *, run: bool) -> Response:
    query = asked.query[0] if asked.query else ""
    status, result, problem = 200, None, None
    if run:
        try:
            await _ask_elsewhere(request, site, asked)
            result = await fetch_view(request, site, await _job(site, asked, HTML, site.settings.table_rows))
        except ClientGoneError:
            return Response(status_code=_CLIENT_CLOSED)
        except QueryError as error:
            status, problem = (403 if isinstance(error, ForbiddenQueryError) else 400), error
    examples = [QuestionView(q.name, q.summary, q.tags) for q in site.queries.values() if not q.federated]
    shown = {"kinds": site.index.kinds, "services": tuple(site.federation.endpoints)}
    page = site.pages.sparql(query, result, problem, examples, site.reader(request), **shown)
    return Response(page, status, {"Vary": VARY, "Content-Language": "en"}, HTML.content_type)


async def _without_query(request: Request, site: Site, asked: ProtocolRequest) -> Response:
    chosen = choose(request.headers.get("accept"), (HTML, *RDF_FORMS))
    if request.method == "POST":
        raise QueryError("there is no query in the request", "send the parameter query")
    if chosen is None:
        raise QueryError("there is no query in the request", f"try {request.url.path}?query=ASK%20%7B%7D")
    if chosen is HTML:
        return await _page(request, site, asked, run=False)
    etag = site.etag("/sparql", chosen.media_type, str(bool(site.federation.endpoints)))
    headers = {"Vary": VARY, "ETag": etag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(None, 304, headers)
    body = serialise(service_description(site), FORMATS[rdf_name(chosen)], _prefixes(site, chosen))
    return Response(body, 200, headers, chosen.content_type)


async def sparql(request: Request) -> Response:
    """Answer a protocol request."""
    site: Site = request.app.state.site
    asked = await read_request(request, site.settings.body_limit)
    if not asked.query:
        return await _without_query(request, site, asked)
    if request.method != "POST" and len(request.scope["query_string"]) > site.settings.url_limit:
        raise HttpError(414, f"the address is longer than {site.settings.url_limit} bytes", "send the query by POST")
    chosen = _choose(request, asked, await _form(asked.query[0]))
    if chosen is HTML:
        return await _page(request, site, asked, run=True)
    try:
        await _ask_elsewhere(request, site, asked)
    except ClientGoneError:
        return Response(status_code=_CLIENT_CLOSED)
    job = await _job(site, asked, chosen)
    headers = _NOT_KEPT if asked.inlined else _validators(request, site, job, chosen)
    tag = headers.get("ETag")
    if tag and _has_it(request, tag):
        return Response(None, 304, {"Vary": VARY, **headers})
    return stream(request, site, job, chosen, headers)


def _validators(request: Request, site: Site, job: Job, chosen: Representation) -> dict[str, str]:
    """Give the headers that let an answer be kept: none where it may change although the data does not."""
    if request.method == "POST" or is_volatile(job.query):
        return _NOT_KEPT
    tag = site.query_tag(job.query, chosen.media_type, job.default_graphs, job.named_graphs)
    request.scope.setdefault("state", {})[QUERY] = (job, chosen.media_type)
    # Weak: rows without ORDER BY may come in another order.
    return {"ETag": f'W/"{tag}"', "Cache-Control": "public, max-age=0, must-revalidate"}


def _has_it(request: Request, tag: str) -> bool:
    # Not "*": whether there is an answer is not known before the query is read.
    given = request.headers.get("if-none-match", "")
    return given.strip() != "*" and etag_matches(given, tag.removeprefix("W/"))


def stream(
    request: Request, site: Site, job: Job, chosen: Representation, headers: dict[str, str] | None = None
) -> Response:
    """Make the response that streams a job's answer."""

    def headers_for(_answer: Answer) -> dict[str, str]:
        return {"Content-Type": chosen.content_type, "Vary": VARY, "Cache-Control": "no-cache", **(headers or {})}

    return AnswerResponse(request, site.pool, job, headers_for)


def _prefixes(site: Site, chosen: Representation) -> dict[str, str] | None:
    return dict(site.release.prefixes) if chosen.extension in ("ttl", "trig", "rdf") else None


_RESULT_FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_RDF_FORMATS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads")
_SIMPLE_ENTAILMENT = NamedNode("http://www.w3.org/ns/entailment/Simple")
_W3C_FORMATS = "http://www.w3.org/ns/formats/"


def service_description(site: Site) -> list[Triple]:
    """Describe the endpoint (SPARQL 1.1 Service Description): what it answers, over which graphs, in which forms."""
    base = site.release.base
    service, dataset, graph, graphs = (
        NamedNode(f"{base}sparql{part}") for part in ("", "#dataset", "#default-graph", "#graphs")
    )
    a = RDF_NS.type
    formats = [NamedNode(_W3C_FORMATS + name) for name in (*_RESULT_FORMATS, *_RDF_FORMATS)]
    triples = [
        Triple(service, a, SD.Service),
        Triple(service, SD.endpoint, service),
        Triple(service, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(service, SD.feature, SD.UnionDefaultGraph),
        *([Triple(service, SD.feature, SD.BasicFederatedQuery)] if site.federation.endpoints else []),
        # What follows from the data is stated in graphs of its own; a query itself derives nothing.
        Triple(service, SD.defaultEntailmentRegime, _SIMPLE_ENTAILMENT),
        Triple(service, DCT.license, NamedNode(site.release.licence)),
        Triple(service, SD.defaultDataset, dataset),
        Triple(service, SD.availableGraphs, graphs),
        Triple(dataset, a, SD.Dataset),
        Triple(dataset, SD.defaultGraph, graph),
        Triple(graph, a, SD.Graph),
        Triple(graphs, a, SD.GraphCollection),
        *(Triple(service, SD.resultFormat, form) for form in formats),
    ]
    for number, name in enumerate(sorted(site.graphs)):
        node = NamedNode(f"{base}sparql#graph-{number}")
        triples += [Triple(dataset, SD.namedGraph, node), Triple(graphs, SD.namedGraph, node)]
        triples += [Triple(node, a, SD.NamedGraph), Triple(node, SD.name, NamedNode(name))]
    return triples


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [
        Route("/sparql", sparql, methods=["GET", "POST"]),
        Route("/sparql/", sparql, methods=["GET", "POST"]),
    ]
