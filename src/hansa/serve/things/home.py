"""The home page: what this is, the networks, the map of cities, numbers, newest changes, questions, downloads."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.rdf import Literal, NamedNode
from hansa.serve.api.files import find_file, negotiated_file, size_in_words
from hansa.serve.http.apart import made_apart
from hansa.serve.http.day import as_of_day
from hansa.serve.http.negotiate import HTML, RDF_FORMS, Representation, choose
from hansa.serve.http.responses import Render, negotiated
from hansa.serve.pages.home_views import Card, HomePage, News
from hansa.serve.pages.kinds.numbers import stated_in_words
from hansa.serve.pages.kinds.pictured import LARGE
from hansa.serve.pages.kinds.titles import KINDS
from hansa.serve.pages.query_views import QuestionView
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.records import Record
from hansa.serve.pages.release_views import DownloadView, Figure
from hansa.serve.pages.views import Link
from hansa.serve.pictures import city_map
from hansa.serve.site import Site
from hansa.serve.things.changes import Change, changes, sentence
from hansa.serve.things.existing import existing
from hansa.serve.things.lists import LISTS, iris_of_kind
from hansa.vocab import ADMS, DCT, SKOS

_EXAMPLES = 3
_CARDS = 24
_NEWS = 6
_TRIES = 3
_THEMES = 40
_MAPPED = 400
"""Cities; a map of more would be as large as all the rest of the page."""
_PREFERRED = ("networks-of-city", "presidencies-over-time", "co-members-of-city")
_DOWNLOADS = ("tables/memberships.csv", "hansa.ttl", "hansa.jsonld", "hansa.nq.gz")
_COUNTED_MEMBERS = ("members", "full-members", "member-cities")


def _stated(site: Site, reader: Reader, iri: str) -> str:
    """Give the newest number of members that a source states, in words; empty when none does."""
    hansa = site.vocab.hansa
    subjects = (q.subject for q in site.store.quads(None, hansa.countOf, NamedNode(iri)))
    counts = (site.records.about(s.value) for s in subjects if isinstance(s, NamedNode))
    found = [c for c in counts if c.one(hansa.counted).rpartition("/")[2] in _COUNTED_MEMBERS]
    newest = max(found, key=lambda c: (c.one(hansa.asOf), c.iri), default=None)
    if newest is None:
        return ""
    number = stated_in_words(reader, newest)
    return f"{number} {reader.link(newest.one(hansa.counted)).text.value}"


def _description(reader: Reader, record: Record) -> Sequence[Literal]:
    hansa = reader.vocab.hansa
    texts = (record.of(p) for p in (DCT.description, hansa.purpose, hansa.memberKind))
    said = next((found for found in texts if found), ())
    return [Literal(s.value, language=s.lang) if s.lang else Literal(s.value) for s in said]


def _card(site: Site, reader: Reader, iri: str, day: str) -> Card:
    record = site.records.about(iri)
    status = record.one(ADMS.status)
    return Card(
        link=reader.link(iri),
        description=reader.best(_description(reader, record)),
        members=len(site.roster.members(iri, day)),
        offices=len(site.roster.officers(iri, day)),
        stated=_stated(site, reader, iri),
        status=reader.link(status).text if status else None,
    )


def figures(site: Site, day: str = "") -> tuple[Figure, ...]:
    """Count what the graph holds, and lists show.

    :param day: ISO form, empty for all times
    """
    counted = ((k, len(existing(site, iris_of_kind(site, k.kind), day))) for k in LISTS)
    shown = [Figure(number, KINDS[k.kind].all, f"/{k.path}") for k, number in counted]
    return (*(f for f in shown if f.number), Figure(site.statements, "Statements", "/dumps/"))


def _examples(site: Site) -> tuple[QuestionView, ...]:
    """Give three questions: well-known ones, else those tagged as examples, else the first of each subject."""
    queries = [q for q in site.queries.values() if not q.federated]
    first_of_subject = {q.tags[:1]: q for q in reversed(queries)}
    named = [site.queries[name] for name in _PREFERRED if name in site.queries]
    tagged = [q for q in queries if "example" in q.tags]
    found = {q.name: q for q in (*named, *tagged, *sorted(first_of_subject.values(), key=lambda q: q.name))}
    return tuple(QuestionView(q.name, q.summary, q.tags) for q in list(found.values())[:_EXAMPLES])


def _news(reader: Reader, change: Change) -> News:
    words = sentence(reader, change, lambda iri: reader.link(iri).markup)
    return News(reader.date(change.date), Markup(words), tuple(reader.link(iri) for iri in change.sources))


def _downloads(site: Site) -> tuple[DownloadView, ...]:
    files = {f.path: f for f in site.release.files}
    found = [files[name] for name in _DOWNLOADS if name in files] or list(files.values())[:1]
    return tuple(
        DownloadView(f.path, f"/dumps/{f.path}", f.title or f.path, f.media_type, size_in_words(f.bytes), f.sha256)
        for f in found
    )


def _tries(site: Site, reader: Reader) -> tuple[Link, ...]:
    """Suggest the cities that are in most networks."""
    return tuple(reader.link(iri) for iri in site.roster.busiest(_TRIES))


def _themes(site: Site, reader: Reader) -> tuple[Link, ...]:
    """Give the vocabulary of themes, then those that something is about, by their names; nothing without any."""
    scheme = NamedNode(f"{site.release.base}vocab/theme")
    concepts = [q.subject for q in site.store.quads(None, SKOS.inScheme, scheme)]
    about = (DCT.subject, site.vocab.hansa.promotes)
    used = {
        c.value
        for c in concepts
        if isinstance(c, NamedNode) and any(next(iter(site.store.quads(None, p, c)), None) for p in about)
    }
    themes = sorted((reader.link(iri) for iri in used), key=lambda link: link.text.folded)
    return (reader.link(scheme.value), *themes[:_THEMES]) if themes else ()


def home_page(site: Site, reader: Reader, day: str) -> HomePage:
    """Gather what the home page shows.

    :param day: ISO form, empty for all times
    """
    known = existing(site, iris_of_kind(site, "network"), day)
    sizes = site.roster.sizes(day)
    networks = sorted(known, key=lambda iri: -sizes.get(iri, 0))
    shown = networks[:_CARDS]
    cities = site.names.number_of("authority")
    mapped = cities <= _MAPPED and len(site.roster) <= LARGE
    return HomePage(
        cards=tuple(_card(site, reader, iri, day) for iri in shown),
        more=len(networks) - len(shown),
        map=city_map(site, reader, day) if mapped else None,
        figures=figures(site, day),
        themes=_themes(site, reader),
        examples=_examples(site),
        changes=tuple(_news(reader, change) for change in changes(site, _NEWS, day)),
        downloads=_downloads(site),
        tries=_tries(site, reader),
        as_of=day,
    )


async def home(request: Request) -> Response:
    """Answer for ``/``: the page; to programs the description of the dataset."""
    site: Site = request.app.state.site
    day = as_of_day(request)
    offered = (HTML, *RDF_FORMS) if find_file(site.release, "void.ttl") else (HTML,)
    if (chosen := choose(request.headers.get("accept"), offered)) not in (None, HTML):
        return negotiated_file(request, "/.well-known/void", chosen.extension if chosen else "", "void.ttl")

    def render(_chosen: Representation, reader: Reader) -> bytes:
        return site.pages.home(home_page(site, reader, day), reader)

    def answer(make: Render) -> Response:
        return negotiated(request, "/", "", offered, make, about=site.release.base)

    return await made_apart(request, answer, render)


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route("/", home)]
