"""What is known about the quality of the data: numbers computed from the release, each with the query behind it."""

from __future__ import annotations

import re
from collections import defaultdict
from importlib import resources
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.model import ParameterType
from hansa.parameters import bind_parameters
from hansa.rdf import Literal, Term
from hansa.serve.api.results import read_results, read_table
from hansa.serve.api.sparql import ProtocolRequest, make_job
from hansa.serve.engine.streaming import ClientGoneError, client_of, while_connected
from hansa.serve.http.day import as_of_day
from hansa.serve.http.negotiate import HTML, Representation
from hansa.serve.http.responses import negotiated, pick
from hansa.serve.pages.about_views import Measure, QualityPage, Share
from hansa.serve.pages.reader import Reader
from hansa.serve.site import Site
from hansa.serve.things.lists import LISTS
from hansa.sparql import bind, tokens
from hansa.store import Table

MEASURES = ("origin", "certainty", "languages", "links", "dates", "sources")
QUESTIONS = ("coverage", "contradictions")
"""Ready-made questions whose answers belong on the page, where a release has them."""
_CLIENT_CLOSED = 499
_kept: WeakKeyDictionary[Site, dict[str, bytes]] = WeakKeyDictionary()
"""The answers of each release, which never change."""


def measure_query(site: Site, name: str) -> str:
    """Give the query behind a measure, with the prefixes and the base of the release."""
    file = resources.files("hansa.serve.things") / "quality" / f"{name}.rq"
    text = file.read_text(encoding="utf-8").replace("{base}", site.release.base)
    used = {t.text.partition(":")[0] for t in tokens(text) if t.kind == "pname"}
    declared = (f"PREFIX {p}: <{site.release.prefixes[p]}>\n" for p in sorted(used) if p in site.release.prefixes)
    return f"{''.join(declared)}\n{text}"


def _question_query(site: Site, name: str, language: str) -> str:
    """Give a ready-made question with its defaults, its labels in the language of the reader."""
    query = site.queries[name]
    given = {p.name: language for p in query.parameters if p.type is ParameterType.LANGUAGE}
    return bind(query.text, bind_parameters(query, given, site.vocab, issued=site.release.issued))


def _queries(site: Site, language: str) -> dict[str, str]:
    shown = {name: measure_query(site, name) for name in MEASURES}
    return shown | {name: _question_query(site, name, language) for name in QUESTIONS if name in site.queries}


async def _answers(request: Request, site: Site) -> dict[str, bytes]:
    kept, answers = _kept.setdefault(site, {}), {}
    for name, text in _queries(site, site.reader(request).language).items():
        if text not in kept:
            job = make_job(site, ProtocolRequest(query=[text]), HTML, site.settings.table_rows)
            _, kept[text] = await while_connected(request.receive, site.pool.fetch(job, client_of(request)))
        answers[name] = kept[text]
    return answers


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
    return f"/sparql?{urlencode({'query': measure_query(site, name)})}"


def _page(site: Site, reader: Reader, answers: dict[str, bytes]) -> QualityPage:
    tables = {name: read_table(answers[name]) for name in MEASURES}
    measures = {
        name: Measure(read_results(reader, "SELECT", body, truncated=False), _href(site, name))
        for name, body in answers.items()
    }
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

    return negotiated(request, "/quality", "", (HTML,), render, headers={"Content-Location": "/quality"})


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route("/quality", quality)]
