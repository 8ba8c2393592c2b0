"""The header answers what catalogues and FAIR checks of ontologies ask for."""

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, XSD, Graph, Literal, URIRef

from hansa.config import Config

BIBO_STATUS = URIRef("http://purl.org/ontology/bibo/status")


def test_one_ontology_with_a_version_iri_below_its_own(own: Graph, everything: Graph, header: URIRef) -> None:
    assert list(everything.subjects(RDF.type, OWL.Ontology)) == [header]
    version = str(own.value(header, OWL.versionInfo))
    assert own.value(header, OWL.versionIRI) == URIRef(f"{header}/{version}")
    assert str(version) in str(own.value(header, DCTERMS.bibliographicCitation))


def test_namespace_is_the_one_of_the_settings(own: Graph, header: URIRef, config: Config) -> None:
    prefix = str(own.value(header, VANN.preferredNamespacePrefix))
    assert config.prefixes[prefix] == str(own.value(header, VANN.preferredNamespaceUri)) == config.vocab.hansa.iri


@pytest.mark.parametrize("field", [DCTERMS.title, DCTERMS.description])
def test_title_and_description_in_every_language(own: Graph, header: URIRef, config: Config, field: URIRef) -> None:
    languages = sorted(str(v.language) for v in own.objects(header, field) if isinstance(v, Literal))
    assert languages == sorted(config.languages)


def test_title_agrees_with_the_settings(own: Graph, header: URIRef, config: Config) -> None:
    titles = {str(v.language): str(v) for v in own.objects(header, DCTERMS.title) if isinstance(v, Literal)}
    assert titles == config.title


@pytest.mark.parametrize("field", [DCTERMS.creator, DCTERMS.contributor, DCTERMS.publisher])
def test_who_made_it(own: Graph, header: URIRef, config: Config, field: URIRef) -> None:
    assert str(own.value(header, field)) == config.publisher


@pytest.mark.parametrize("field", [DCTERMS.created, DCTERMS.issued, DCTERMS.modified])
def test_dates_are_days(own: Graph, header: URIRef, field: URIRef) -> None:
    value = own.value(header, field)
    assert isinstance(value, Literal)
    assert value.datatype == XSD.date


def test_licence_status_abstract_and_neighbours(own: Graph, header: URIRef, config: Config) -> None:
    assert own.value(header, DCTERMS.license) == URIRef(config.licence)
    assert isinstance(own.value(header, BIBO_STATUS), URIRef)
    assert own.value(header, DCTERMS.abstract)
    assert list(own.objects(header, RDFS.seeAlso))


def test_a_first_version_says_so_instead_of_naming_a_prior_one(own: Graph, header: URIRef) -> None:
    prior = own.value(header, OWL.priorVersion)
    note = str(own.value(header, SKOS.historyNote))
    assert (prior is None) == ("no prior version" in note)
    assert prior != own.value(header, OWL.versionIRI)
