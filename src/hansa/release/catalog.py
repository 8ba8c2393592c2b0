"""``catalog.ttl`` and ``catalog.jsonld``: the release for data portals (DCAT-AP 3, https://semiceu.github.io/DCAT-AP/).

Things of the EU's authority tables carry their class and label here, because a portal cannot check them otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable

from hansa.config import Config
from hansa.model import ReleaseFile
from hansa.rdf import Literal, NamedNode, Triple
from hansa.release.describe import RDF_DUMPS, Addresses, Description, count, date, texts
from hansa.vocab import DCAT, DCT, FOAF, RDFS, SKOS, SPDX, VCARD, XSD

_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MEDIA = "http://www.iana.org/assignments/media-types/"
_PROTOCOL = NamedNode("http://www.w3.org/TR/sparql11-protocol/")

# Codes of the EU language authority table by ISO 639-1 code.
_LANGUAGE_CODES = (
    "ar=ARA bg=BUL ca=CAT cs=CES da=DAN de=DEU el=ELL en=ENG es=SPA et=EST eu=EUS fi=FIN fr=FRA ga=GLE gl=GLG hi=HIN "
    "hr=HRV hu=HUN id=IND it=ITA ja=JPN ko=KOR lt=LIT lv=LAV mt=MLT nl=NLD no=NOR pl=POL pt=POR ro=RON ru=RUS sk=SLK "
    "sl=SLV sv=SWE th=THA tr=TUR uk=UKR vi=VIE zh=ZHO"
)
_LANGUAGES = dict(pair.split("=") for pair in _LANGUAGE_CODES.split())
# Municipal networks are about government, cities and international relations.
_THEMES = {
    "GOVE": {"en": "Government and public sector"},
    "REGI": {"en": "Regions and cities"},
    "INTR": {"en": "International issues"},
}
_TABLES = {"en": "tables for spreadsheets", "ja": "表計算用の表", "es": "tablas para hojas de cálculo"}
_SERVICE = {"en": "SPARQL endpoint", "ja": "SPARQLエンドポイント", "es": "Punto de consulta SPARQL"}


def describe_catalog(files: Iterable[ReleaseFile], period: tuple[str, str] | None, config: Config) -> list[Triple]:
    """Describe the catalogue, its datasets, their distributions and the query service.

    :param files: the files of the release; dumps and tables among them become distributions
    :param period: first and last day that the data speak of, in ISO form; ``None`` when they speak of none
    """
    out, at = Description(), Addresses(config)
    listed = {file.path: file for file in files}
    tables = [file for path, file in listed.items() if path.startswith("tables/") and path.endswith(".csv")]
    _agents(out, at, config)
    _authorities(out, config)
    _catalog(out, at, config, has_tables=bool(tables))
    _resource(out, at, config, at.dataset, "")
    _period(out, at, period)
    for extension, (name, media_type, code) in RDF_DUMPS.items():
        for packed in (False, True):
            if file := listed.get(f"hansa.{extension}{'.gz' if packed else ''}"):
                node = _distribution(out, at, config, at.dataset, file)
                _format(out, node, media_type, code, packed=packed)
                out.say(node, DCT.title, Literal(f"{name}, gzip" if packed else name, language="en"))
    if tables:
        _tables(out, at, config, tables)
    _service(out, at, config)
    return out.triples


def _agents(out: Description, at: Addresses, config: Config) -> None:
    publisher, contact = at.part(at.catalog, "publisher"), at.part(at.catalog, "contact")
    out.is_a(publisher, FOAF.Agent)
    out.say(publisher, FOAF.name, Literal(config.publisher))
    out.say(publisher, FOAF.homepage, at.home)
    # The site stands for the contact: no telephone number and no e-mail address in any output.
    out.is_a(contact, VCARD.Organization, VCARD.Kind)
    out.say(contact, VCARD.fn, Literal(config.publisher))
    out.say(contact, VCARD.hasURL, at.home)
    out.is_a(at.home, FOAF.Document)


def _authorities(out: Description, config: Config) -> None:
    taxonomy = NamedNode(f"{_AUTHORITY}data-theme")
    out.is_a(taxonomy, SKOS.ConceptScheme)
    out.say(taxonomy, DCT.title, Literal("Data theme", language="en"))
    for theme, code in zip(_themes(), _THEMES, strict=True):
        out.is_a(theme, SKOS.Concept)
        out.say(theme, SKOS.prefLabel, *texts(_THEMES[code]))
        out.say(theme, SKOS.inScheme, taxonomy)
    for language in _languages(config):
        out.is_a(language, DCT.LinguisticSystem)
    out.is_a(NamedNode(f"{_AUTHORITY}access-right/PUBLIC"), DCT.RightsStatement)
    if config.licence:
        out.is_a(NamedNode(config.licence), DCT.LicenseDocument)


def _themes() -> list[NamedNode]:
    return [NamedNode(f"{_AUTHORITY}data-theme/{code}") for code in _THEMES]


def _languages(config: Config) -> list[NamedNode]:
    return [
        NamedNode(f"{_AUTHORITY}language/{code}") for code in map(_LANGUAGES.get, config.languages) if code is not None
    ]


def _catalog(out: Description, at: Addresses, config: Config, *, has_tables: bool) -> None:
    out.is_a(at.catalog, DCAT.Catalog)
    out.say(at.catalog, DCT.title, *texts(config.title))
    out.say(at.catalog, DCT.description, *texts(config.description))
    out.say(at.catalog, DCT.publisher, at.part(at.catalog, "publisher"))
    out.say(at.catalog, DCT.issued, date(config.issued))
    out.say(at.catalog, DCT.modified, date(config.issued))
    out.say(at.catalog, DCT.language, *_languages(config))
    out.say(at.catalog, FOAF.homepage, at.home)
    out.say(at.catalog, DCAT.themeTaxonomy, NamedNode(f"{_AUTHORITY}data-theme"))
    out.say(at.catalog, DCAT.service, at.part(at.catalog, "sparql"))
    out.say(at.catalog, DCAT.dataset, at.dataset)
    if has_tables:
        out.say(at.catalog, DCAT.dataset, at.part(at.catalog, "tables"))
    _licence(out, config, at.catalog)


def _licence(out: Description, config: Config, node: NamedNode) -> None:
    if config.licence:
        out.say(node, DCT.license, NamedNode(config.licence))


def _resource(out: Description, at: Addresses, config: Config, node: NamedNode, part: str) -> None:
    """Describe a dataset as a whole."""
    out.is_a(node, DCAT.Dataset)
    out.say(node, DCT.identifier, Literal(node.value, datatype=XSD.anyURI))
    out.say(node, DCT.publisher, at.part(at.catalog, "publisher"))
    out.say(node, DCT.issued, date(config.issued))
    out.say(node, DCT.modified, date(config.issued))
    out.say(node, DCT.language, *_languages(config))
    out.say(node, DCT.accessRights, NamedNode(f"{_AUTHORITY}access-right/PUBLIC"))
    out.say(node, DCAT.version, Literal(config.version))
    out.say(node, DCAT.theme, *_themes())
    out.say(node, DCAT.contactPoint, at.part(at.catalog, "contact"))
    out.say(node, DCAT.landingPage, at.home)
    titles = {k: f"{v}: {_TABLES.get(k, _TABLES['en'])}" if part else v for k, v in config.title.items()}
    out.say(node, DCT.title, *texts(titles))
    out.say(node, DCT.description, *texts(config.description))


def _period(out: Description, at: Addresses, period: tuple[str, str] | None) -> None:
    if period is None:
        return
    node = at.part(at.dataset, "period")
    out.say(at.dataset, DCT.temporal, node)
    out.is_a(node, DCT.PeriodOfTime)
    out.say(node, DCAT.startDate, date(period[0]))
    out.say(node, DCAT.endDate, date(period[1]))


def _distribution(out: Description, at: Addresses, config: Config, dataset: NamedNode, file: ReleaseFile) -> NamedNode:
    node = at.part(at.catalog, f"file-{file.path.replace('/', '-')}")
    out.say(dataset, DCAT.distribution, node)
    out.is_a(node, DCAT.Distribution)
    out.say(node, DCAT.accessURL, at.dumps)
    out.say(node, DCAT.downloadURL, at.file(file.path))
    out.say(node, DCAT.byteSize, count(file.bytes))
    out.say(node, DCT.issued, date(config.issued))
    _licence(out, config, node)
    checksum = NamedNode(f"{node.value}-sha256")
    out.say(node, SPDX.checksum, checksum)
    out.is_a(checksum, SPDX.Checksum)
    out.say(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    out.is_a(SPDX.checksumAlgorithm_sha256, SPDX.ChecksumAlgorithm)
    out.say(checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary))
    return node


def _format(out: Description, node: NamedNode, media_type: str, code: str, *, packed: bool) -> None:
    media, form = NamedNode(_MEDIA + media_type), NamedNode(f"{_AUTHORITY}file-type/{code}")
    out.is_a(media, DCT.MediaType)
    out.say(node, DCAT.mediaType, media)
    out.is_a(form, DCT.MediaTypeOrExtent)
    out.say(node, DCT.format, form)
    if packed:
        gzip = NamedNode(f"{_MEDIA}application/gzip")
        out.is_a(gzip, DCT.MediaType)
        out.say(node, DCAT.compressFormat, gzip)


def _tables(out: Description, at: Addresses, config: Config, files: list[ReleaseFile]) -> None:
    node = at.part(at.catalog, "tables")
    _resource(out, at, config, node, "tables")
    out.say(node, DCT.source, at.dataset)
    for file in files:
        table = _distribution(out, at, config, node, file)
        _format(out, table, "text/csv", "CSV", packed=False)
        out.say(table, DCT.title, Literal(file.path.removeprefix("tables/").removesuffix(".csv"), language="en"))
        out.say(table, DCT.description, Literal(file.title, language="en"))


def _service(out: Description, at: Addresses, config: Config) -> None:
    node = at.part(at.catalog, "sparql")
    out.is_a(node, DCAT.DataService)
    out.say(node, DCT.title, *texts(_SERVICE))
    out.say(node, DCAT.endpointURL, at.sparql)
    out.say(node, DCAT.endpointDescription, at.sparql)
    # True of everything, and DCAT-AP's range shapes ask for it where no RDFS inference runs.
    out.is_a(at.sparql, RDFS.Resource)
    out.say(node, DCAT.servesDataset, at.dataset)
    out.say(node, DCT.publisher, at.part(at.catalog, "publisher"))
    out.say(node, DCAT.contactPoint, at.part(at.catalog, "contact"))
    out.say(node, DCT.accessRights, NamedNode(f"{_AUTHORITY}access-right/PUBLIC"))
    out.say(node, DCT.conformsTo, _PROTOCOL)
    out.is_a(_PROTOCOL, DCT.Standard)
    out.say(node, DCAT.theme, *_themes())
    _licence(out, config, node)
