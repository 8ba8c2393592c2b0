"""The concepts of a vocabulary as a tree."""

from __future__ import annotations

from collections import defaultdict

from hansa.rdf import Literal, NamedNode
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.term_views import Branch
from hansa.serve.site import Site
from hansa.vocab import SKOS


def tree(site: Site, reader: Reader, scheme: str) -> tuple[Branch, ...]:
    """Give the concepts of a scheme, each below all that are broader, in the order of their labels.

    A concept whose broader ones stand in other schemes, or in a circle, is at the top.

    :param scheme: IRI of the concept scheme
    """
    found = site.store.quads(None, SKOS.inScheme, NamedNode(scheme))
    concepts = {q.subject.value for q in found if isinstance(q.subject, NamedNode)}
    below: dict[str, set[str]] = defaultdict(set)
    for concept in concepts:
        for quad in site.store.quads(NamedNode(concept), SKOS.broader):
            if isinstance(quad.object, NamedNode) and quad.object.value in concepts:
                below[quad.object.value].add(concept)
    narrower = set().union(*below.values())
    grown = _Grown(site, reader, below)
    roots = grown.branches(concepts - narrower, frozenset())
    return roots + grown.branches(concepts - grown.shown, frozenset())


class _Grown:
    def __init__(self, site: Site, reader: Reader, below: dict[str, set[str]]) -> None:
        self._site = site
        self._reader = reader
        self._below = below
        self.shown: set[str] = set()

    def branches(self, concepts: set[str], above: frozenset[str]) -> tuple[Branch, ...]:
        """Give some concepts with all that are narrower.

        :param above: what they stand under, which is not repeated below them
        """
        return tuple(self._branch(iri, above) for iri in sorted(concepts - above, key=self._order))

    def _branch(self, iri: str, above: frozenset[str]) -> Branch:
        self.shown.add(iri)
        quads = self._site.store.quads(NamedNode(iri), SKOS.definition)
        definition = self._reader.best([q.object for q in quads if isinstance(q.object, Literal)])
        return Branch(self._reader.link(iri), definition, self.branches(self._below[iri], above | {iri}))

    def _order(self, iri: str) -> tuple[str, str]:
        return self._reader.link(iri).text.folded, iri
