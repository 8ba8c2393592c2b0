"""Terms of others are declared, and nothing is said about them that would harm the data."""

import pytest
from rdflib import OWL, RDF, RDFS, Graph, Namespace, URIRef

from hansa import vocab
from hansa.config import Config

ORG = Namespace("http://www.w3.org/ns/org#")
# Built into OWL 2, or of the shapes and reports, which are no part of the dataset.
NOT_DECLARED = {"OWL", "RDF", "RDFS", "SH", "XSD"}


def closed_namespaces() -> list[str]:
    found = [name for name, value in vars(vocab).items() if isinstance(value, vocab.Namespace)]
    return sorted(set(found) - NOT_DECLARED)


@pytest.mark.parametrize("name", closed_namespaces())
def test_every_term_that_the_code_can_write_is_declared(external: Graph, name: str) -> None:
    namespace: vocab.Namespace = getattr(vocab, name)
    terms = [URIRef(node.value) for node in namespace]
    assert terms
    missing = [t for t in terms if (t, RDF.type, None) not in external]
    assert not missing, f"add to ontology/external.ttl: {missing}"


def test_every_term_says_which_vocabulary_defines_it(external: Graph, config: Config) -> None:
    for term in external.subjects(unique=True):
        home = external.value(term, RDFS.isDefinedBy)
        assert str(home) in config.prefixes.values(), term
        assert str(term).startswith(str(home)), term


def test_nothing_of_ours_and_no_header_stands_there(external: Graph, config: Config) -> None:
    assert not [t for t in external.subjects(unique=True) if str(t).startswith(config.base)]


def test_no_property_merges_agents(everything: Graph) -> None:
    for kind in (OWL.FunctionalProperty, OWL.InverseFunctionalProperty):
        assert not list(everything.subjects(RDF.type, kind))


def test_containment_is_transitive_only_in_the_property_that_org_made_for_it(external: Graph) -> None:
    assert list(external.subjects(RDF.type, OWL.TransitiveProperty)) == [ORG.transitiveSubOrganizationOf]


def test_labels_are_no_superproperties_of_each_other(external: Graph) -> None:
    inherited = external.objects(None, RDFS.subPropertyOf)
    assert RDFS.label not in set(inherited), "every name would be said twice in the closure"
