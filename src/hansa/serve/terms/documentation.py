"""Gather what the ontology says about its terms, and how the data uses them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hansa.rdf import Literal, NamedNode, Quad
from hansa.serve.pages.addresses import words_of
from hansa.serve.pages.facts import facts_of
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.query_views import QuestionView
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.term_views import Change, ForeignTerm, Sample, SchemeView, TermGroup, TermPage, TermView
from hansa.serve.pages.views import Fact, Text
from hansa.serve.site import Site
from hansa.serve.terms.usage import counts, instances, statements
from hansa.serve.things.describe import values
from hansa.vocab import OWL, RDF, RDFS, SKOS

_GROUPS = (
    (N_("Classes"), N_("class"), "classes", (OWL.Class, RDFS.Class)),
    (N_("Relations between things"), N_("relation"), "relations", (OWL.ObjectProperty,)),
    (N_("Properties with texts, numbers and dates"), N_("property"), "values", (OWL.DatatypeProperty,)),
    (N_("Annotations"), N_("annotation"), "annotations", (OWL.AnnotationProperty,)),
    (N_("Datatypes"), N_("datatype"), "datatypes", (RDFS.Datatype,)),
)
_SHOWN_APART = {
    *(RDFS.label, SKOS.prefLabel, SKOS.definition, RDFS.comment, SKOS.example, SKOS.scopeNote),
    *(SKOS.historyNote, SKOS.changeNote, RDF.type, RDFS.isDefinedBy),
}
_FEW, _MANY = 3, 12


class Documentation:
    """The terms of our own namespace as one reader sees them."""

    def __init__(self, site: Site, reader: Reader) -> None:
        self._site = site
        self._reader = reader
        self._graph = site.vocab.graph("ontology")
        self._namespace = f"{site.release.base}ontology#"
        self._counts: Mapping[str, int] = counts(site)

    def _quads(self, subject: NamedNode) -> list[Quad]:
        return list(self._site.store.quads(subject, graph=self._graph))

    def _texts(self, quads: Sequence[Quad], *predicates: NamedNode) -> tuple[Text, ...]:
        """Give the texts in the order of the reader's languages."""
        found = [v for p in predicates for v in values(quads, p) if isinstance(v, Literal)]
        order = {language: rank for rank, language in enumerate(self._reader.languages)}
        ranked = sorted(found, key=lambda v: order.get(v.language or "", len(order)))
        return tuple(self._reader.text(v) for v in ranked)

    def facts(self, subject: NamedNode, quads: Sequence[Quad]) -> tuple[Fact, ...]:
        """Give the axioms and the data about a term that no other part of its page shows."""
        return facts_of((q for q in quads if q.predicate not in _SHOWN_APART), self._reader)

    def header(self) -> tuple[Fact, ...]:
        """Give what the ontology says about itself."""
        return self.facts(self._site.vocab.ontology, self._quads(self._site.vocab.ontology))

    def summary(self, predicate: NamedNode) -> Text | None:
        """Give a text about the ontology as a whole, in the language wanted most."""
        return next(iter(self._texts(self._quads(self._site.vocab.ontology), predicate)), None)

    def _iris(self, classes: Sequence[NamedNode]) -> list[str]:
        found = {
            q.subject.value
            for cls in classes
            for q in self._site.store.quads(None, RDF.type, cls, self._graph)
            if isinstance(q.subject, NamedNode)
        }
        return sorted(found)

    def groups(self) -> tuple[TermGroup, ...]:
        """Give all terms by sort."""
        made = []
        for title, kind, anchor, classes in _GROUPS:
            own = [iri for iri in self._iris(classes) if iri.startswith(self._namespace)]
            made.append(TermGroup(title, anchor, tuple(self.term(iri, kind, _FEW) for iri in own)))
        return tuple(group for group in made if group.terms)

    def term(self, iri: str, kind: str, samples: int) -> TermView:
        """Describe a term.

        :param kind: what it is, in a word
        :param samples: how many statements to show at most
        """
        subject = NamedNode(iri)
        quads = self._quads(subject)
        labels = self._texts(quads, RDFS.label, SKOS.prefLabel) or (Text(words_of(iri)),)
        return TermView(
            anchor=iri.removeprefix(self._namespace),
            iri=iri,
            kind=kind,
            label=labels[0],
            labels=labels,
            definitions=self._texts(quads, SKOS.definition, RDFS.comment),
            notes=self._texts(quads, SKOS.scopeNote),
            examples=self._texts(quads, SKOS.example),
            facts=self.facts(subject, quads),
            uses=self._counts.get(iri, 0) if self._counts else None,
            samples=self._samples(subject, kind, samples),
        )

    def _samples(self, subject: NamedNode, kind: str, limit: int) -> tuple[Sample, ...]:
        link = self._reader.link
        if kind == "class":
            return tuple(Sample(link(node.value)) for node in instances(self._site, subject, limit))
        return tuple(
            Sample(link(q.subject.value), self._reader.value(q.object).link)
            for q in statements(self._site, subject, limit)
            if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal)
        )

    def page(self, name: str) -> TermPage | None:
        """Give the page of a term by its name, none when we have no such term."""
        iri = f"{self._namespace}{name}"
        types = {q.object for q in self._quads(NamedNode(iri)) if q.predicate == RDF.type}
        kind = next((kind for _, kind, _, classes in _GROUPS if types & set(classes)), "")
        if not kind:
            return None
        return TermPage(self.term(iri, kind, _MANY), self._questions(f"hansa:{name}"))

    def _questions(self, prefixed: str) -> tuple[QuestionView, ...]:
        whole_name = re.compile(rf"(?<![\w-]){re.escape(prefixed)}(?![\w-])")
        using = [q for q in self._site.queries.values() if whole_name.search(q.text)]
        return tuple(QuestionView(q.name, q.summary, q.tags) for q in using[:_MANY])

    def foreign(self) -> tuple[ForeignTerm, ...]:
        """Give the terms of other vocabularies that the data uses, the most used first."""
        terms = (iri for _, _, _, classes in _GROUPS for iri in self._iris(classes))
        found = [
            ForeignTerm(self._site.vocab.shorten(iri), self._reader.link(iri), self._counts[iri])
            for iri in dict.fromkeys(terms)
            if self._counts.get(iri) and not iri.startswith(self._namespace)
        ]
        return tuple(sorted(found, key=lambda t: (-t.uses, t.name)))

    def schemes(self) -> tuple[SchemeView, ...]:
        """Give the vocabularies of concepts."""
        store = self._site.store
        found = {q.subject for q in store.quads(None, RDF.type, SKOS.ConceptScheme)}
        made = [
            SchemeView(
                self._reader.link(scheme.value),
                len({q.subject for q in store.quads(None, SKOS.inScheme, scheme)}),
            )
            for scheme in found
            if isinstance(scheme, NamedNode)
        ]
        return tuple(sorted(made, key=lambda s: s.link.text.folded))

    def changes(self) -> tuple[Change, ...]:
        """Give what the ontology says about its own history, the ontology as a whole first."""
        subjects = [self._site.vocab.ontology.value, *self._iris([c for *_, classes in _GROUPS for c in classes])]
        return tuple(
            Change(self._reader.link(iri), note)
            for iri in subjects
            for note in self._texts(self._quads(NamedNode(iri)), SKOS.changeNote, SKOS.historyNote)
        )
