"""The page for developers: examples that run as they stand against the very server that shows them."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.model import CannedQuery
from hansa.rdf import NamedNode
from hansa.serve.http.day import as_of_day
from hansa.serve.http.errors import VARY
from hansa.serve.http.negotiate import HTML
from hansa.serve.http.responses import etag_matches, link_header, pick
from hansa.serve.pages.about_views import Example
from hansa.serve.site import Site
from hansa.serve.things.lists import iris_of_kind
from hansa.sparql import query_form

_HOST = re.compile(r"(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?\Z")
_EXAMPLES = (
    ("curl", "curl", "curl.sh.txt"),
    ("rdflib", "Python: rdflib", "rdflib.py.txt"),
    ("sparqlwrapper", "Python: SPARQLWrapper", "sparqlwrapper.py.txt"),
    ("javascript", "JavaScript", "javascript.mjs.txt"),
    ("r", "R", "r.R.txt"),
)


@cache
def _texts() -> dict[str, str]:
    folder = resources.files("hansa.serve.pages") / "examples"
    return {name: (folder / file).read_text(encoding="utf-8") for name, _, file in _EXAMPLES}


def _address(request: Request) -> str:
    """Give the address under which the reader reached this server; a Host that is none is not repeated."""
    host = request.headers.get("host", "")
    site: Site = request.app.state.site
    own = host if _HOST.match(host) else f"{site.settings.host}:{site.settings.port}"
    return f"{request.url.scheme}://{own}"


def _question(site: Site) -> tuple[str, str]:
    """Choose a ready-made question for the examples: its name, and its parameters with their example values."""
    tables = [q for q in site.queries.values() if not q.federated and query_form(q.text) == "SELECT"]
    choices = [q for q in tables if "example" in q.tags and any(p.default is None for p in q.parameters)]
    chosen: CannedQuery | None = next(iter(choices + tables), None)
    if chosen is None:
        return "", ""
    return chosen.name, urlencode([(p.name, p.example) for p in chosen.parameters if p.default is None], safe=":/")


_kept: WeakKeyDictionary[Site, str] = WeakKeyDictionary()


def _thing(site: Site) -> str:
    """Choose a thing for the examples, once for a release, as kind and slug: the network with most statements."""
    if site not in _kept:
        _kept[site] = _find_thing(site)
    return _kept[site]


def _find_thing(site: Site) -> str:
    networks = iris_of_kind(site, "network")
    counted = {iri: sum(1 for _ in site.store.quads(None, None, NamedNode(iri))) for iri in networks}
    best = max(networks, key=lambda iri: counted[iri], default="")
    return "/".join(site.vocab.kind_and_slug(best) or ("network", ""))


def examples(site: Site, address: str) -> tuple[Example, ...]:
    """Give the examples for a server at an address, such as ``http://127.0.0.1:8000``."""
    question, parameters = _question(site)
    words = {
        "address": address,
        "thing": _thing(site),
        "question": question,
        "parameters": parameters,
        "ontology": site.release.prefixes.get("hansa", ""),
    }

    def filled(text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], found[0]), text)

    return tuple(Example(name, title, filled(_texts()[name])) for name, title, _ in _EXAMPLES)


async def developers(request: Request) -> Response:
    """Answer for ``/developers``."""
    site: Site = request.app.state.site
    as_of_day(request)
    pick(request, "/developers", "", (HTML,))
    reader, address = site.reader(request), _address(request)
    etag = site.etag("/developers", address, reader.locale, *reader.languages)
    # The examples name the address that was asked, which is not part of the key of a shared cache.
    links = link_header("/developers", request.scope["query_string"].decode("latin-1"), (), site)
    headers = {
        "Link": links,
        "ETag": etag,
        "Vary": VARY,
        "Cache-Control": "private, no-cache",
        "Content-Language": reader.locale,
    }
    if etag_matches(request.headers.get("if-none-match"), etag):
        return Response(None, 304, headers)
    shown = await run_in_threadpool(examples, site, address)
    return Response(site.pages.developers(shown, address, reader), 200, headers, HTML.content_type)


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route("/developers", developers)]
