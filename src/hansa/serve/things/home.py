"""The home page: what this is, the networks, numbers, example questions."""

from __future__ import annotations

from collections import defaultdict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hansa.rdf import Literal, NamedNode
from hansa.serve.api.files import find_file, negotiated_file
from hansa.serve.http.negotiate import HTML, RDF_FORMS, Representation, choose
from hansa.serve.http.responses import negotiated
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Card, Figure, QuestionView
from hansa.serve.site import Site
from hansa.serve.things.lists import LISTS, iris_of_kind
from hansa.vocab import ADMS, DCT, ORG, SKOS

_EXAMPLES = 6


def _member_roles(site: Site) -> set[NamedNode]:
    """Give the roles that make an agent a member: ``role:member`` and all that are narrower."""
    found: set[NamedNode] = set()
    queue = [site.vocab.concept("role", "member")]
    while queue:
        role = queue.pop()
        if role not in found:
            found.add(role)
            narrower = site.store.quads(None, SKOS.broader, role)
            queue += [q.subject for q in narrower if isinstance(q.subject, NamedNode)]
    return found


def recorded_members(site: Site) -> dict[str, tuple[int, int]]:
    """Count for every organization the distinct members and the distinct holders of offices that the graph records."""
    roles = _member_roles(site)
    members: dict[str, set[str]] = defaultdict(set)
    others: dict[str, set[str]] = defaultdict(set)
    for quad in site.store.quads(None, ORG.organization):
        if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode):
            continue
        agents = {str(q.object) for q in site.store.quads(quad.subject, ORG.member)}
        is_member = any(q.object in roles for q in site.store.quads(quad.subject, ORG.role))
        (members if is_member else others)[quad.object.value] |= agents
    return {iri: (len(members[iri]), len(others[iri])) for iri in {*members, *others}}


def _card(site: Site, reader: Reader, iri: str, counts: dict[str, tuple[int, int]]) -> Card:
    node = NamedNode(iri)
    hansa = site.vocab.hansa
    texts = ([q.object for q in site.store.quads(node, p)] for p in (hansa.purpose, hansa.memberKind, DCT.description))
    literals = next(([v for v in found if isinstance(v, Literal)] for found in texts if found), [])
    statuses = [q.object for q in site.store.quads(node, ADMS.status) if isinstance(q.object, NamedNode)]
    members, offices = counts.get(iri, (0, 0))
    return Card(
        link=reader.link(iri),
        description=reader.best(literals),
        members=members,
        offices=offices,
        status=reader.link(statuses[0].value).text if statuses else None,
    )


def figures(site: Site) -> tuple[Figure, ...]:
    """Count what the graph holds."""
    shown = [Figure(len(iris_of_kind(site, k.kind)), k.title, f"/{k.path}") for k in LISTS]
    return (*(f for f in shown if f.number), Figure(len(site.store), "Statements", "/dumps/"))


def _examples(site: Site) -> tuple[QuestionView, ...]:
    """Give the queries tagged as examples; where none is, the first of each subject."""
    queries = [q for q in site.queries.values() if not q.federated]
    first_of_subject = {q.tags[:1]: q for q in reversed(queries)}
    example = [q for q in queries if "example" in q.tags] or sorted(first_of_subject.values(), key=lambda q: q.name)
    return tuple(QuestionView(q.name, q.summary, q.tags) for q in example[:_EXAMPLES])


async def home(request: Request) -> Response:
    """Answer for ``/``: the page; to programs the description of the dataset."""
    site: Site = request.app.state.site
    offered = (HTML, *RDF_FORMS) if find_file(site.release, "void.ttl") else (HTML,)
    if (chosen := choose(request.headers.get("accept"), offered)) not in (None, HTML):
        return negotiated_file(request, "/.well-known/void", chosen.extension if chosen else "", "void.ttl")

    def render(_chosen: Representation, reader: Reader) -> bytes:
        counts = recorded_members(site)
        cards = [_card(site, reader, iri, counts) for iri in iris_of_kind(site, "network")]
        return site.pages.home(cards, figures(site), _examples(site), reader)

    headers = {"Content-Location": "/"}
    return negotiated(request, "/", "", offered, render, about=site.release.base, headers=headers)


def routes() -> list[BaseRoute]:
    """Give the paths that this module answers."""
    return [Route("/", home)]
