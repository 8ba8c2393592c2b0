"""What is known about the quality of the data: numbers computed from the release, each with the query behind it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import defaultdict
from dataclasses import replace
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.errors import HansaError
from hansa.model import ParameterType
from hansa.parameters import bind_parameters
from hansa.rdf import Literal, Term
from hansa.serve.api.results import read_results, read_table
from hansa.serve.api.sparql import ProtocolRequest, make_job
from hansa.serve.engine.streaming import ClientGoneError, client_of, while_connected
from hansa.serve.http.day import as_of_day
from hansa.serve.http.errors import VARY
from hansa.serve.http.negotiate import HTML, Representation
from hansa.serve.http.responses import negotiated, pick
from hansa.serve.pages.about_views import Measure, QualityPage, Share
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site
from hansa.serve.things.lists import LISTS
from hansa.serve.things.measures import MEASURES, measure_query, read_measure
from hansa.sparql import bind
from hansa.store import Table

_log = logging.getLogger(__name__)
QUESTIONS = ("coverage", "contradictions")
"""Ready-made questions whose answers belong on the page, where a release has them."""
PATIENCE = 8.0
"""Seconds that the page waits for its numbers; it shows those that are there by then."""
_CLIENT_CLOSED = 499


class _Measured:
    """The answers of a release, which never change, and the queries under way for them, each for all who ask."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[bytes, bool]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    def ask(self, site: Site, text: str, client: str) -> asyncio.Task[None]:
        """Begin to ask a query that is neither answered nor under way."""
        if text not in self._running:
            self._running[text] = asyncio.create_task(self._fetch(site, text, client))
        return self._running[text]

    async def _fetch(self, site: Site, text: str, client: str) -> None:
        job = make_job(site, ProtocolRequest(query=[text]), HTML, site.settings.table_rows)
        try:
            answer, body = await site.pool.fetch(job, client)
            self.kept[text] = body, answer.truncated
        except (HansaError, OSError) as error:
            # The page says that the number is missing; the next one who asks begins again.
            _log.info("a measure of quality has no answer: %s", error)
        finally:
            del self._running[text]


_Answers = dict[str, tuple[bytes, bool] | None]
"""By name of the measure: its body, and whether rows were left out."""
_measured: WeakKeyDictionary[Site, _Measured] = WeakKeyDictionary()


def _question_query(site: Site, name: str, language: str) -> str:
    """Give a ready-made question with its defaults, its labels in the language of the reader."""
    query = site.queries[name]
    given = {p.name: language for p in query.parameters if p.type is ParameterType.LANGUAGE}
    return bind(query.text, bind_parameters(query, given, site.vocab, issued=site.release.issued))


def _queries(site: Site, language: str) -> dict[str, str]:
    shown = {name: measure_query(site.release, name) for name in MEASURES}
    return shown | {name: _question_query(site, name, language) for name in QUESTIONS if name in site.queries}


async def _answers(request: Request, site: Site) -> _Answers:
    """Give the answers to all queries of the page, ``None`` for one that is not there in time."""
    measured = _measured.setdefault(site, _Measured())
    queries = _queries(site, site.reader(request).language)
    for text in queries.values():
        if text not in measured.kept and (found := read_measure(site.lookup, text)):
            measured.kept[text] = found, False
    tasks = [measured.ask(site, text, client_of(request)) for text in queries.values() if text not in measured.kept]
    if tasks:
        await while_connected(request.receive, asyncio.wait(tasks, timeout=PATIENCE))
    return {name: measured.kept.get(text) for name, text in queries.items()}


# ---------------------------------------------------------------- from rows to views
def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) and re.fullmatch(r"\d+", term.value) else 0


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""


_TITLES = {listed.kind: (listed.title, f"/{listed.path}") for listed in LISTS}


def _totals(table: Table) -> dict[str, int]:
    return {_text(row.get("kind")): _number(row.get("things")) for row in table.dicts()}


def _shares(site: Site, links: Table) -> tuple[Share, ...]:
    linked = {_text(row.get("kind")): _number(row.get("linked")) for row in links.dicts()}
    totals = _totals(links)
    return tuple(
        Share(title, href, totals[kind], {"wikidata": linked[kind]})
        for kind, (title, href) in _TITLES.items()
        if totals.get(kind)
    )


def _languages(site: Site, table: Table, totals: dict[str, int]) -> tuple[Share, ...]:
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for row in table.dicts():
        counted[_text(row.get("kind"))][_text(row.get("lang"))] = _number(row.get("things"))
    return tuple(
        Share(title, href, totals[kind], counted[kind]) for kind, (title, href) in _TITLES.items() if totals.get(kind)
    )


def _href(site: Site, name: str) -> str:
    if name in QUESTIONS:
        return f"/queries/{name}"
    return f"/sparql?{urlencode({'query': measure_query(site.release, name)})}"


def _measure(site: Site, reader: Reader, name: str, answer: tuple[bytes, bool] | None) -> Measure:
    if answer is None:
        return Measure(None, _href(site, name))
    result, most = read_results(reader, "SELECT", answer[0], truncated=answer[1]), site.settings.table_rows
    if len(result.rows) > most:
        result = replace(result, rows=result.rows[:most], truncated=True)
    return Measure(result, _href(site, name))


def _page(site: Site, reader: Reader, answers: _Answers) -> QualityPage:
    found = ((name, answers[name]) for name in MEASURES)
    tables = {name: read_table(answer[0]) if answer else Table((), ()) for name, answer in found}
    measures = {name: _measure(site, reader, name, answer) for name, answer in answers.items()}
    totals = _totals(tables["links"])
    shares = _languages(site, tables["languages"], totals)
    used = {language for share in shares for language in share.counts}
    # The languages of the site first, names without a language last.
    order = sorted(used, key=lambda tag: (tag == "", tag not in site.release.languages, tag))
    dates = next(iter(tables["dates"].dicts()), {})
    return QualityPage(
        measures=measures,
        languages=tuple(order),
        labels=shares,
        links=_shares(site, tables["links"]),
        dates={name: _number(term) for name, term in dates.items()},
    )


async def quality(request: Request) -> Response:
    """Answer for ``/quality``."""
    site: Site = request.app.state.site
    # What is wrong with a request is said before anything is measured.
    as_of_day(request)
    pick(request, "/quality", "", (HTML,))
    try:
        answers = await _answers(request, site)
    except ClientGoneError:
        return Response(status_code=_CLIENT_CLOSED)

    def render(_chosen: Representation, reader: Reader) -> bytes:
        return site.pages.quality(_page(site, reader, answers), reader)

    if None in answers.values():
        # What the page lacks may be there in a moment, so nobody keeps it.
        body = render(HTML, site.reader(request))
        return Response(body, media_type=HTML.content_type, headers={"Cache-Control": "no-store", "Vary": VARY})
    return negotiated(request, "/quality", "", (HTML,), render, headers={"Content-Location": "/quality"})


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route("/quality", quality)]
