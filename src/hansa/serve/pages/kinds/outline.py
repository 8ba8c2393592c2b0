"""Which parts the page of each kind of thing has, in the order of the page. A new kind of page is an entry here."""

from __future__ import annotations

from dataclasses import dataclass

from hansa.rdf import NamedNode
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.kinds import concepts, documents, gaps, memberships, numbers, offices, pictured, relations
from hansa.serve.pages.kinds.relations import Part, inverse, links_here
from hansa.vocab import DCT, ORG, SCHEMA, SKOS


@dataclass(frozen=True, slots=True)
class Outline:
    """The page of a kind.

    :param lead: properties whose texts say what the thing is; the first that has a value is shown under the name
    :param key: properties whose values a reader looks for first
    :param parts: what follows the facts, and ``first`` what comes before them
    """

    parts: tuple[Part, ...]
    lead: tuple[str, ...] = ("dct:description", "skos:definition")
    key: tuple[str, ...] = ()
    first: tuple[Part, ...] = ()


_RELATED = (ORG.postIn, ORG.subOrganizationOf, ORG.resultingOrganization, ORG.originalOrganization)
_ELSEWHERE: tuple[NamedNode, ...] = (*_RELATED, SCHEMA.organizer, SCHEMA.superEvent)
_WHO: tuple[Part, ...] = (
    numbers.disputes,
    offices.offices,
    memberships.members,
    numbers.counts,
)
_ORGANIZATION: tuple[Part, ...] = (
    pictured.on_the_map,
    memberships.officers,
    pictured.in_time,
    memberships.networks,
    memberships.positions,
    relations.bodies,
    relations.programmes,
    relations.events,
    relations.changes,
    relations.seats,
)
_REST = links_here(*_ELSEWHERE)

_TAXONOMY = (SKOS.broader, SKOS.narrower, SKOS.inScheme, SKOS.topConceptOf, SKOS.hasTopConcept)

OUTLINES: dict[str, Outline] = {
    "network": Outline(
        (*_ORGANIZATION, gaps.unsaid, _REST),
        first=_WHO,
        lead=("dct:description", "hansa:purpose"),
        key=("schema:foundingDate", "adms:status", "hansa:founder", "schema:areaServed", "hansa:rosterStatus"),
    ),
    "organization": Outline((*_ORGANIZATION, _REST), first=_WHO),
    "body": Outline((*_ORGANIZATION, _REST), first=_WHO, key=("org:subOrganizationOf", "org:classification")),
    "authority": Outline(
        (
            pictured.in_time,
            relations.sharing,
            offices.offices,
            memberships.positions,
            memberships.representatives,
            memberships.members,
            numbers.counts,
            relations.programmes,
            relations.events,
            relations.changes,
            relations.seats,
            gaps.unsaid_of_city,
            _REST,
        ),
        first=(numbers.disputes, memberships.networks),
        key=("hansa:governs", "skos:exactMatch"),
    ),
    "place": Outline(
        (
            numbers.counts,
            relations.events,
            inverse("contains", N_("Places in it"), DCT.isPartOf),
            links_here(DCT.isPartOf, SCHEMA.location),
        ),
        first=(relations.governed_by, pictured.on_the_map),
        key=("dct:isPartOf", "dct:identifier"),
    ),
    "person": Outline(
        (
            numbers.disputes,
            memberships.career,
            pictured.in_time,
            relations.programmes,
            relations.events,
            links_here(),
        )
    ),
    "post": Outline(
        (
            offices.posts_held,
            pictured.in_time,
            memberships.post_holders,
            memberships.tenures,
            memberships.networks,
            links_here(),
        ),
        key=("org:postIn", "org:role"),
    ),
    "programme": Outline(
        (numbers.counts, relations.programmes, relations.events, links_here(DCT.isPartOf)),
        lead=("dct:description", "hansa:purpose"),
        key=("dct:type", "hansa:runBy", "dct:isPartOf", "hansa:start", "hansa:end"),
    ),
    "event": Outline(
        (numbers.counts, relations.events, links_here(SCHEMA.superEvent)),
        lead=("dct:description", "hansa:purpose"),
        key=("hansa:date", "hansa:start", "schema:location", "schema:organizer", "schema:superEvent"),
    ),
    "source": Outline(
        (documents.document, documents.mentions),
        key=("dct:publisher", "dct:creator", "dct:issued", "hansa:asOf", "hansa:dating", "dct:language"),
    ),
    "graph": Outline((documents.mentions, links_here())),
    "concept": Outline(
        (
            memberships.role_holders,
            concepts.subjects,
            numbers.counted,
            concepts.narrower,
            links_here(DCT.subject, *_TAXONOMY),
        ),
        lead=("skos:definition", "dct:description"),
        key=("skos:inScheme", "skos:broader"),
    ),
    "scheme": Outline((), first=(concepts.tree, links_here(*_TAXONOMY)), lead=("skos:definition", "dct:description")),
}
OTHERS = Outline((numbers.counts, memberships.members, links_here()))
"""The page of what has no outline of its own: memberships, numbers, pieces of evidence."""
