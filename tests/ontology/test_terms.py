"""Every own term is there, named in three languages, defined, shown by an example, and fit for OWL 2 DL."""

from collections.abc import Iterator

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from hansa.config import Config
from hansa.vocab import HANSA_TERMS

KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDFS.Datatype}
PROPERTY_KINDS = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
# What the closure of the build computes; another axiom would need another rule there.
AXIOMS = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.disjointWith, OWL.inverseOf}
HEADER = {OWL.versionIRI, OWL.versionInfo}
NOTES = {RDF.type, RDFS.label, RDFS.isDefinedBy, RDFS.seeAlso}
EXTRA_TYPES = {OWL.Ontology, OWL.TransitiveProperty, OWL.NamedIndividual}
BUILT_IN = (str(OWL), str(RDF), str(RDFS), str(XSD))


def own_terms(own: Graph, hansa: Namespace) -> set[URIRef]:
    return {s for s in own.subjects(unique=True) if isinstance(s, URIRef) and s.startswith(str(hansa))}


def kinds(graph: Graph, term: URIRef) -> set[URIRef]:
    return {t for t in graph.objects(term, RDF.type) if isinstance(t, URIRef)} & KINDS


def languages(graph: Graph, term: URIRef, field: URIRef) -> list[str]:
    return sorted(str(v.language) for v in graph.objects(term, field) if isinstance(v, Literal))


def test_terms_of_the_code_and_of_the_ontology_are_the_same(own: Graph, hansa: Namespace) -> None:
    assert {t.removeprefix(str(hansa)) for t in own_terms(own, hansa)} == set(HANSA_TERMS.split())


def test_every_term_is_labelled_defined_and_shown(own: Graph, hansa: Namespace, header: URIRef, config: Config) -> None:
    wanted = sorted(config.languages)
    for term in own_terms(own, hansa):
        assert languages(own, term, RDFS.label) == wanted, term
        assert languages(own, term, SKOS.definition) == wanted, term
        assert own.value(term, SKOS.example) or own.value(term, SKOS.scopeNote), term
        assert list(own.objects(term, RDFS.isDefinedBy)) == [header], term


@pytest.mark.parametrize("language", ["en", "ja", "es"])
def test_no_two_terms_of_a_kind_share_a_label(own: Graph, hansa: Namespace, language: str) -> None:
    for kind in KINDS:
        labels = [
            str(label)
            for term in own_terms(own, hansa)
            if kind in kinds(own, term)
            for label in own.objects(term, RDFS.label)
            if isinstance(label, Literal) and label.language == language
        ]
        assert len(labels) == len(set(labels)), sorted(labels)


def test_every_term_is_of_one_kind(everything: Graph) -> None:
    for term in everything.subjects(RDF.type, unique=True):
        assert isinstance(term, URIRef)
        of = kinds(everything, term)
        assert len(of) <= 1, f"{term} is {of}: OWL 2 DL does not allow it"


def test_only_axioms_that_the_closure_knows(own: Graph, external: Graph) -> None:
    both = own + external
    used = {p for p in both.predicates(unique=True) if str(p).startswith(BUILT_IN)}
    assert used <= AXIOMS | HEADER | NOTES
    types = set(both.objects(None, RDF.type, unique=True))
    assert types <= KINDS | EXTRA_TYPES


def _uses(graph: Graph) -> Iterator[tuple[URIRef, set[URIRef]]]:
    """Give terms that stand where only a term of certain kinds may stand."""
    for s, p, o in graph:
        assert isinstance(p, URIRef)
        yield p, PROPERTY_KINDS
        if p == RDF.type or p in (RDFS.subClassOf, OWL.disjointWith, RDFS.domain):
            yield URIRef(str(o)), {OWL.Class}
        if p in (RDFS.subClassOf, OWL.disjointWith):
            yield URIRef(str(s)), {OWL.Class}
        if p == RDFS.subPropertyOf:
            yield from ((URIRef(str(t)), PROPERTY_KINDS) for t in (s, o))
        if p == OWL.inverseOf:
            yield from ((URIRef(str(t)), {OWL.ObjectProperty}) for t in (s, o))


def test_every_term_that_is_used_is_declared(everything: Graph) -> None:
    for term, allowed in _uses(everything):
        if not str(term).startswith(BUILT_IN):
            assert kinds(everything, term) <= allowed, term
            assert kinds(everything, term), f"{term} is used but not declared: add it to ontology/external.ttl"


def test_values_fit_the_kind_of_their_property(everything: Graph) -> None:
    for s, p, o in everything:
        assert isinstance(p, URIRef)
        literal = isinstance(o, Literal)
        assert OWL.ObjectProperty not in kinds(everything, p) or not literal, (s, p, o)
        assert OWL.DatatypeProperty not in kinds(everything, p) or literal, (s, p, o)


def test_ranges_and_superproperties_fit_the_kind(everything: Graph) -> None:
    for p, r in everything.subject_objects(RDFS.range):
        assert isinstance(p, URIRef)
        assert isinstance(r, URIRef)
        if OWL.DatatypeProperty in kinds(everything, p):
            assert r in (XSD.integer, XSD.string), f"{r}: a range that HermiT cannot take or that no test knows"
        else:
            assert kinds(everything, p) == {OWL.ObjectProperty}
            assert kinds(everything, r) == {OWL.Class}
    for p, q in everything.subject_objects(RDFS.subPropertyOf):
        assert kinds(everything, URIRef(str(p))) == kinds(everything, URIRef(str(q)))


def test_evidence_may_point_at_properties_and_any_value(own: Graph, hansa: Namespace) -> None:
    for name in ("supportsProperty", "supportsValue"):
        assert kinds(own, hansa[name]) == {OWL.AnnotationProperty}
