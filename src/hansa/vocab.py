"""Closed namespaces: the only place where IRIs are minted.

A closed namespace knows its terms, so a typo in code raises :class:`AttributeError` at once instead of producing a
triple that nobody asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from anyascii import anyascii

from hansa.errors import HansaError
from hansa.rdf import NamedNode

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile(r"['’ʼ`]")


class Namespace:
    """A namespace whose terms are listed; ``ns.term`` gives the :class:`NamedNode`, an unknown term raises.

    :param iri: the namespace IRI, with its ``#`` or ``/``
    :param terms: local names, separated by spaces
    """

    def __init__(self, iri: str, terms: str) -> None:
        # Where Python looks first: a page asks for some hundred terms.
        self.__dict__.update({term: NamedNode(iri + term) for term in terms.split()})
        self.iri = iri

    def __iter__(self) -> Iterator[NamedNode]:
        return (node for node in vars(self).values() if isinstance(node, NamedNode))

    def __getattr__(self, name: str) -> NamedNode:
        raise AttributeError(f"{name!r} is not a known term of <{self.iri}>")


ADMS = Namespace("http://www.w3.org/ns/adms#", "status")
CV = Namespace("http://data.europa.eu/m8g/", "PublicOrganisation")
DCAT = Namespace(
    "http://www.w3.org/ns/dcat#",
    "accessService accessURL byteSize Catalog compressFormat contactPoint DataService dataset Dataset "
    "distribution Distribution downloadURL endDate endpointDescription endpointURL keyword landingPage mediaType "
    "servesDataset service startDate theme themeTaxonomy version",
)
DCT = Namespace(
    "http://purl.org/dc/terms/",
    "accessRights accrualPeriodicity bibliographicCitation conformsTo created creator description format "
    "identifier isPartOf isReferencedBy issued language license LicenseDocument LinguisticSystem MediaType "
    "MediaTypeOrExtent modified PeriodOfTime provenance publisher rights RightsStatement source spatial Standard "
    "subject temporal title type",
)
EDTF = Namespace("http://id.loc.gov/datatypes/edtf/", "EDTF")
FOAF = Namespace("http://xmlns.com/foaf/0.1/", "Agent Document homepage name Organization page Person primaryTopic")
GEO = Namespace("http://www.opengis.net/ont/geosparql#", "asWKT hasGeometry wktLiteral")
ORG = Namespace(
    "http://www.w3.org/ns/org#",
    "ChangeEvent FormalOrganization hasMember hasPrimarySite hasSite heldBy holds member memberDuring memberOf "
    "Membership Organization organization OrganizationalUnit originalOrganization Post postIn "
    "resultingOrganization Role role Site siteAddress subOrganizationOf",
)
OWL = Namespace(
    "http://www.w3.org/2002/07/owl#",
    "AllDifferent AnnotationProperty Class DatatypeProperty NamedIndividual Nothing ObjectProperty Ontology "
    "sameAs Thing versionInfo versionIRI",
)
PROV = Namespace("http://www.w3.org/ns/prov#", "Activity Entity wasDerivedFrom wasGeneratedBy")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "first langString List nil Property rest type")
RDFS = Namespace(
    "http://www.w3.org/2000/01/rdf-schema#",
    "Class comment Datatype domain isDefinedBy label Literal range Resource seeAlso subClassOf subPropertyOf",
)
SCHEMA = Namespace(
    "https://schema.org/",
    "areaServed endDate Event EventSeries foundingDate legalName location organizer position startDate superEvent",
)
SD = Namespace(
    "http://www.w3.org/ns/sparql-service-description#",
    "availableGraphs BasicFederatedQuery Dataset defaultDataset defaultEntailmentRegime defaultGraph endpoint feature "
    "Feature Graph graph GraphCollection name NamedGraph namedGraph resultFormat Service SPARQL11Query "
    "supportedLanguage UnionDefaultGraph",
)
SH = Namespace(
    "http://www.w3.org/ns/shacl#",
    "conforms focusNode Info message NodeShape property PropertyShape result resultMessage resultPath "
    "resultSeverity severity shapesGraph sourceConstraintComponent sourceShape ValidationReport ValidationResult "
    "value Violation Warning",
)
SKOS = Namespace(
    "http://www.w3.org/2004/02/skos/core#",
    "altLabel broader broadMatch changeNote closeMatch Concept ConceptScheme definition exactMatch example "
    "hasTopConcept hiddenLabel historyNote inScheme narrower narrowMatch notation prefLabel relatedMatch scopeNote "
    "topConceptOf",
)
TIME = Namespace(
    "http://www.w3.org/2006/time#",
    "hasBeginning hasEnd hasTime Instant inXSDDate inXSDgYear inXSDgYearMonth ProperInterval TemporalEntity",
)
VANN = Namespace("http://purl.org/vocab/vann/", "preferredNamespacePrefix preferredNamespaceUri")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#", "fn hasURL Kind Organization")
VOID = Namespace(
    "http://rdfs.org/ns/void#",
    "class classes classPartition dataDump Dataset DatasetDescription distinctObjects distinctSubjects documents "
    "entities exampleResource feature linkPredicate Linkset objectsTarget properties property propertyPartition "
    "rootResource sparqlEndpoint subjectsTarget subset target triples uriLookupEndpoint uriSpace vocabulary",
)
SPDX = Namespace(
    "http://spdx.org/rdf/terms#", "algorithm Checksum checksum ChecksumAlgorithm checksumAlgorithm_sha256 checksumValue"
)
WGS84 = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#", "lat long")
XSD = Namespace(
    "http://www.w3.org/2001/XMLSchema#",
    "anyURI boolean date dateTime decimal double gYear gYearMonth hexBinary integer nonNegativeInteger string",
)

HANSA_TERMS = """
    CityNetwork Evidence ExOfficioTenure Programme SourceDocument StatedCount
    activity announcedAt asOf asOfEarliest asOfLatest certainty continues countOf countPrecision counted date dating
    discussedProposalOf end endEarliest endLatest engagementGroupOf evidence excerpt foundedInCooperationWith founder
    geonamesId governs heldExOfficioBy heldPost holdingPost inSource iso3166-1 iso3166-2 line m49 memberKind
    participant partnerKind partnerOf positionTitle presidedBy programmePartner promotes purpose reason recognisedBy
    represents representing rosterStatus runBy section start startEarliest startLatest statedNumber supportsProperty
    supportsValue throughPost unLocode
"""


def slugify(text: str) -> str:
    """Make an ASCII kebab-case slug, transliterated properly (Wrocław → wroclaw, Đà Nẵng → da-nang, 東京 → dong-jing).

    :raises HansaError: when nothing of the text is left
    """
    slug = _NOT_SLUG.sub("-", anyascii(_APOSTROPHES.sub("", text)).lower()).strip("-")
    if not slug:
        raise HansaError(f"no slug can be made of {text!r}", "give a name with at least one letter or digit")
    return slug


class Vocabulary:
    """The project's own names: terms, things, concepts and graphs under one base IRI.

    :param base: the base IRI, ending in ``/``
    :param prefixes: the prefix table with ``{base}`` already filled in
    """

    def __init__(self, base: str, prefixes: Mapping[str, str]) -> None:
        self.base = base
        self.prefixes = dict(prefixes)
        self.hansa = Namespace(f"{base}ontology#", HANSA_TERMS)
        self.ontology = NamedNode(f"{base}ontology")
        self.shapes = NamedNode(f"{base}shapes")

    def thing(self, kind: str, slug: str) -> NamedNode:
        """Mint the IRI of a thing; ``kind`` and ``slug`` must be in kebab-case.

        :raises HansaError: when either is not
        """
        for part in (kind, slug):
            if not SLUG.match(part):
                raise HansaError(
                    f"{part!r} is not a slug", "use lower-case ASCII letters and digits joined by single hyphens"
                )
        return NamedNode(f"{self.base}id/{kind}/{slug}")

    def graph(self, *slugs: str) -> NamedNode:
        """Mint the IRI of a named graph, as in ``graph("derived", "seoul-citynet-2013")``."""
        return NamedNode(f"{self.base}graph/{'/'.join(slugs)}")

    def concept(self, scheme: str, name: str) -> NamedNode:
        """Mint the IRI of a concept in one of our schemes."""
        return NamedNode(f"{self.base}vocab/{scheme}/{name}")

    def kind_and_slug(self, iri: str) -> tuple[str, str] | None:
        """Split the IRI of a thing into kind and slug; ``None`` when it is not one of ours."""
        rest = iri.removeprefix(f"{self.base}id/")
        kind, slash, slug = rest.partition("/")
        return (kind, slug) if rest != iri and slash and slug else None

    def expand(self, name: str) -> str:
        """Expand a prefixed name or an IRI in angle brackets; a plain IRI comes back as it is.

        :raises HansaError: when the prefix is not in the table
        """
        if name.startswith("<") and name.endswith(">"):
            return name[1:-1]
        prefix, colon, local = name.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + local
        if colon and local.startswith("//"):
            return name
        raise HansaError(f"unknown prefix in {name!r}", f"known prefixes: {', '.join(sorted(self.prefixes))}")

    def shorten(self, iri: str) -> str:
        """Give the prefixed name of an IRI, by the longest fitting prefix, or the IRI in angle brackets."""
        fitting = [(ns, p) for p, ns in self.prefixes.items() if iri.startswith(ns) and "/" not in iri[len(ns) :]]
        if not fitting:
            return f"<{iri}>"
        namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
        return f"{prefix}:{iri[len(namespace) :]}"
