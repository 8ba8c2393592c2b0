"""The descriptions for machines: VoID says what is there, DCAT-AP is valid and its sizes and checksums are true."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyld import jsonld
from rdflib import DCAT, DCTERMS, FOAF, RDF, SH, VOID, Literal, Namespace, URIRef

from hansa.config import Config
from hansa.model import Release
from hansa.rdf import Graphs, Triple, parse_file
from hansa.release import ReleaseInputs, write_release

SPDX = Namespace("http://spdx.org/rdf/terms#")
SHAPES = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "dcat-ap-3.0.1"
needs_shapes = pytest.mark.skipif(
    not SHAPES.is_dir(), reason="the DCAT-AP 3.0.1 shapes are not beside the checkout (../shared/conformance)"
)


@pytest.fixture(scope="module")
def catalog(release: Release) -> rdflib.Graph:
    return rdflib.Graph().parse(release.directory / "catalog.ttl")


@pytest.fixture(scope="module")
def void(release: Release) -> rdflib.Graph:
    return rdflib.Graph().parse(release.directory / "void.ttl")


def shapes_of(*names: str) -> rdflib.Graph:
    """Read official shapes, without the few references in them to property shapes that they do not define."""
    shapes = rdflib.Graph()
    for name in names:
        shapes.parse(SHAPES / name)
    for node, _, part in list(shapes.triples((None, SH.property, None))):
        if (part, SH.path, None) not in shapes:
            shapes.remove((node, SH.property, part))
    return shapes


@needs_shapes
@pytest.mark.conformance
@pytest.mark.parametrize("names", [("dcat-ap-SHACL.ttl",), ("dcat-ap-SHACL.ttl", "ranges.ttl")])
@pytest.mark.parametrize("extension", ["ttl", "jsonld"])
def test_the_catalogue_is_valid_dcat_ap(release: Release, names: tuple[str, ...], extension: str) -> None:
    data = rdflib.Graph().parse(release.directory / f"catalog.{extension}")
    conforms, _, report = pyshacl.validate(data, shacl_graph=shapes_of(*names))
    assert conforms, report


@needs_shapes
@pytest.mark.conformance
def test_the_dcat_ap_shapes_do_find_fault(catalog: rdflib.Graph) -> None:
    """So that the test above cannot pass by checking nothing."""
    broken = rdflib.Graph() + catalog
    broken.remove((None, DCTERMS.publisher, None))
    conforms, _, _ = pyshacl.validate(broken, shacl_graph=shapes_of("dcat-ap-SHACL.ttl"))
    assert not conforms


def test_both_forms_of_the_catalogue_say_the_same(release: Release) -> None:
    found = [{q.triple for q in parse_file(release.directory / f"catalog.{e}")} for e in ("ttl", "jsonld")]
    assert found[0] == found[1]


def test_each_distribution_is_a_file_with_that_size_and_checksum(release: Release, catalog: rdflib.Graph) -> None:
    prefix = f"{release.base}releases/{release.version}/"
    urls = dict(catalog.subject_objects(DCAT.downloadURL))
    assert len(urls) == 12 + len(list((release.directory / "tables").glob("*.csv")))
    for node, url in urls.items():
        data = (release.directory / str(url).removeprefix(prefix)).read_bytes()
        assert int(str(catalog.value(node, DCAT.byteSize))) == len(data)
        checksum = catalog.value(node, SPDX.checksum)
        assert str(catalog.value(checksum, SPDX.checksumValue)) == hashlib.sha256(data).hexdigest()


def test_the_catalogue_says_licence_publisher_languages_and_service(release: Release, catalog: rdflib.Graph) -> None:
    dataset, node = URIRef(f"{release.base}dataset"), URIRef(f"{release.base}catalog")
    assert (node, RDF.type, DCAT.Catalog) in catalog
    assert (node, DCAT.dataset, dataset) in catalog
    assert catalog.value(catalog.value(dataset, DCTERMS.publisher), FOAF.name) == Literal(release.publisher)
    for distribution in catalog.objects(dataset, DCAT.distribution):
        assert catalog.value(distribution, DCTERMS.license) == URIRef(release.licence)
    service = catalog.value(node, DCAT.service)
    assert catalog.value(service, DCAT.endpointURL) == URIRef(f"{release.base}sparql")
    languages = {str(iri).rpartition("/")[2] for iri in catalog.objects(dataset, DCTERMS.language)}
    assert languages == {"ENG", "JPN", "SPA"}


def test_the_period_is_that_of_the_data(catalog: rdflib.Graph) -> None:
    period = catalog.value(None, RDF.type, DCTERMS.PeriodOfTime)
    assert str(catalog.value(period, DCAT.startDate)) == "1259-01-01"
    assert str(catalog.value(period, DCAT.endDate)) == "2019-11-30"


def test_there_are_no_contact_data_of_persons(release: Release) -> None:
    for name in ("catalog.ttl", "catalog.jsonld", "void.ttl"):
        text = (release.directory / name).read_text(encoding="utf-8")
        assert "mailto:" not in text
        assert "tel:" not in text


def test_void_counts_what_is_in_the_dump(release: Release, void: rdflib.Graph) -> None:
    dump = rdflib.Graph().parse(release.directory / "hansa.nt")
    dataset = URIRef(f"{release.base}dataset")
    number = {p: int(str(void.value(dataset, p))) for p in (VOID.triples, VOID.distinctSubjects, VOID.properties)}
    assert number[VOID.triples] == len(dump)
    assert number[VOID.distinctSubjects] == len(set(dump.subjects()))
    assert number[VOID.properties] == len(set(dump.predicates()))
    for part in void.objects(dataset, VOID.classPartition):
        cls = void.value(part, URIRef(str(VOID) + "class"))
        assert int(str(void.value(part, VOID.entities))) == len(set(dump.subjects(RDF.type, cls)))
    for part in void.objects(dataset, VOID.propertyPartition):
        predicate = void.value(part, URIRef(str(VOID) + "property"))
        assert int(str(void.value(part, VOID.triples))) == len(list(dump.triples((None, predicate, None))))


def test_void_names_graphs_linkset_examples_and_dumps(release: Release, void: rdflib.Graph, graphs: Graphs) -> None:
    dataset = URIRef(f"{release.base}dataset")
    subsets = {str(node) for node in void.objects(dataset, VOID.subset)}
    assert {name.value for name in graphs} <= subsets
    linkset = URIRef(f"{dataset}#linkset-wikidata")
    assert int(str(void.value(linkset, VOID.triples))) == 1
    assert len(list(void.objects(dataset, VOID.dataDump))) == 12
    assert URIRef(f"{release.base}id/network/salt") in set(void.objects(dataset, VOID.exampleResource))


def test_linkset_holds_the_links_and_nothing_else(release: Release, graphs: Graphs, small: Config) -> None:
    found = {q.triple for q in parse_file(release.directory / "linkset-wikidata.ttl")}
    expected: set[Triple] = {q.triple for q in graphs[small.vocab.graph("links")]}
    assert found == expected


def test_json_documents_need_no_network(release: Release) -> None:
    def refuse(url: str, _options: object) -> None:
        raise AssertionError(f"asks for {url}")

    for name in ("catalog.jsonld", "hansa.jsonld", "ontology.jsonld"):
        jsonld.expand(json.loads((release.directory / name).read_bytes()), {"documentLoader": refuse})


def test_a_release_without_links_dates_or_licence_is_described_too(
    make_inputs: Callable[[Graphs], ReleaseInputs], parse: Callable[[str], Graphs], tmp_path: Path
) -> None:
    release = write_release(make_inputs(parse("graph:g { place:a a dct:Location . }")), tmp_path)
    assert release.counts["places"] == 1
    assert list(parse_file(release.directory / "linkset-wikidata.ttl")) == []
    catalog = rdflib.Graph().parse(release.directory / "catalog.ttl")
    assert catalog.value(None, RDF.type, DCTERMS.PeriodOfTime) is None
