"""``void.ttl``: what is in the dataset and how to reach it (https://www.w3.org/TR/void/)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from hansa.config import Config
from hansa.rdf import Literal, NamedNode, Quad, Triple
from hansa.release.describe import RDF_DUMPS, Addresses, Description, date, integer, texts
from hansa.vocab import DCT, FOAF, RDF, VOID, Vocabulary

_NAMESPACE = re.compile(r".*[/#]")
_WIKIDATA = {"en": "Wikidata", "ja": "ウィキデータ", "es": "Wikidata"}
_LINKSET = {"en": "Links to Wikidata", "ja": "ウィキデータへのリンク", "es": "Enlaces a Wikidata"}
_WIKIDATA_HOME = NamedNode("https://www.wikidata.org/")
_WIKIDATA_SPARQL = NamedNode("https://query.wikidata.org/sparql")


def describe_void(quads: Iterable[Quad], triples: list[Triple], config: Config) -> list[Triple]:
    """Describe the dataset: sizes, partitions, graphs, linkset, dumps and examples.

    :param quads: all statements with their graphs
    :param triples: the union of the graphs
    """
    graphs = _by_graph(quads)
    out, at = Description(), Addresses(config)
    _dataset(out, at, config, triples)
    _partitions(out, at, config.vocab, triples)
    for name, statements in sorted(graphs.items(), key=lambda pair: pair[0].value):
        _graph(out, at, config, name, statements)
    if links := graphs.get(config.vocab.graph("links")):
        _linkset(out, at, config, links)
    return out.triples


def _by_graph(quads: Iterable[Quad]) -> dict[NamedNode, list[Triple]]:
    found: dict[NamedNode, list[Triple]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            found.setdefault(quad.graph_name, []).append(quad.triple)
    return found


def _dataset(out: Description, at: Addresses, config: Config, triples: list[Triple]) -> None:
    out.is_a(at.void, VOID.DatasetDescription)
    out.say(at.void, DCT.title, *texts({k: f"VoID: {v}" for k, v in config.title.items()}))
    out.say(at.void, FOAF.primaryTopic, at.dataset)
    out.is_a(at.dataset, VOID.Dataset)
    out.say(at.dataset, DCT.title, *texts(config.title))
    out.say(at.dataset, DCT.description, *texts(config.description))
    out.say(at.dataset, DCT.issued, date(config.issued))
    out.say(at.dataset, DCT.publisher, at.part(at.catalog, "publisher"))
    if config.licence:
        out.say(at.dataset, DCT.license, NamedNode(config.licence))
    out.say(at.dataset, FOAF.homepage, at.home)
    out.say(at.dataset, VOID.uriSpace, Literal(f"{config.base}id/"))
    out.say(at.dataset, VOID.sparqlEndpoint, at.sparql)
    out.say(at.dataset, VOID.dataDump, *(at.file(f"hansa.{e}{z}") for e in RDF_DUMPS for z in ("", ".gz")))
    _sizes(out, at.dataset, triples, config)
    _examples(out, at, config, triples)
    namespaces = sorted({m.group() for t in triples for i in _terms_of(t) if (m := _NAMESPACE.match(i.value))})
    out.say(at.dataset, VOID.vocabulary, *map(NamedNode, namespaces))


def _terms_of(triple: Triple) -> list[NamedNode]:
    """Give the property of a statement, and the class where it says one."""
    is_class = triple.predicate == RDF.type and isinstance(triple.object, NamedNode)
    return [triple.predicate, triple.object] if is_class else [triple.predicate]  # type: ignore[list-item]


def _sizes(out: Description, node: NamedNode, triples: list[Triple], config: Config) -> None:
    subjects = {t.subject for t in triples}
    space = f"{config.base}id/"
    out.say(node, VOID.triples, integer(len(triples)))
    out.say(node, VOID.distinctSubjects, integer(len(subjects)))
    out.say(node, VOID.distinctObjects, integer(len({t.object for t in triples})))
    out.say(node, VOID.properties, integer(len({t.predicate for t in triples})))
    out.say(node, VOID.classes, integer(len({t.object for t in triples if t.predicate == RDF.type})))
    entities = sum(isinstance(s, NamedNode) and s.value.startswith(space) for s in subjects)
    out.say(node, VOID.entities, integer(entities))


def _examples(out: Description, at: Addresses, config: Config, triples: list[Triple]) -> None:
    """Give the first thing of each kind as an example."""
    first: dict[str, str] = {}
    for iri in sorted({t.subject.value for t in triples if isinstance(t.subject, NamedNode)}):
        if split := config.vocab.kind_and_slug(iri):
            first.setdefault(split[0], iri)
    out.say(at.dataset, VOID.exampleResource, *(NamedNode(iri) for iri in first.values()))


def _partitions(out: Description, at: Addresses, vocab: Vocabulary, triples: list[Triple]) -> None:
    members: dict[NamedNode, set[object]] = {}
    uses: dict[NamedNode, list[Triple]] = {}
    for triple in triples:
        uses.setdefault(triple.predicate, []).append(triple)
        if triple.predicate == RDF.type and isinstance(triple.object, NamedNode):
            members.setdefault(triple.object, set()).add(triple.subject)
    for cls in sorted(members, key=str):
        node = at.part(at.dataset, f"class-{_local(cls, vocab)}")
        out.say(at.dataset, VOID.classPartition, node)
        out.say(node, getattr(VOID, "class"), cls)
        out.say(node, VOID.entities, integer(len(members[cls])))
    for predicate in sorted(uses, key=str):
        node = at.part(at.dataset, f"property-{_local(predicate, vocab)}")
        out.say(at.dataset, VOID.propertyPartition, node)
        out.say(node, VOID.property, predicate)
        out.say(node, VOID.triples, integer(len(uses[predicate])))
        out.say(node, VOID.distinctSubjects, integer(len({t.subject for t in uses[predicate]})))
        out.say(node, VOID.distinctObjects, integer(len({t.object for t in uses[predicate]})))


def _local(node: NamedNode, vocab: Vocabulary) -> str:
    """Make a fragment name of a term: its prefixed name with a hyphen, or a short hash where no prefix fits."""
    name = vocab.shorten(node.value)
    return hashlib.sha256(node.value.encode()).hexdigest()[:12] if name.startswith("<") else name.replace(":", "-", 1)


def _graph(out: Description, at: Addresses, config: Config, name: NamedNode, triples: list[Triple]) -> None:
    """Describe a named graph under its own name, so that what is said of its provenance stands beside."""
    out.is_a(name, VOID.Dataset)
    out.say(at.dataset, VOID.subset, name)
    out.say(name, VOID.triples, integer(len(triples)))
    out.say(name, VOID.distinctSubjects, integer(len({t.subject for t in triples})))


def _linkset(out: Description, at: Addresses, config: Config, links: list[Triple]) -> None:
    linkset, wikidata = at.part(at.dataset, "linkset-wikidata"), at.part(at.dataset, "wikidata")
    out.is_a(linkset, VOID.Linkset)
    out.say(at.dataset, VOID.subset, linkset)
    out.say(linkset, DCT.title, *texts(_LINKSET))
    out.say(linkset, VOID.subjectsTarget, at.dataset)
    out.say(linkset, VOID.objectsTarget, wikidata)
    out.say(linkset, VOID.linkPredicate, *sorted({t.predicate for t in links}, key=str))
    out.say(linkset, VOID.triples, integer(len(links)))
    out.say(linkset, VOID.dataDump, at.file("linkset-wikidata.ttl"))
    out.is_a(wikidata, VOID.Dataset)
    out.say(wikidata, DCT.title, *texts(_WIKIDATA))
    out.say(wikidata, FOAF.homepage, _WIKIDATA_HOME)
    out.say(wikidata, VOID.sparqlEndpoint, _WIKIDATA_SPARQL)
    if space := config.prefixes.get("wd"):
        out.say(wikidata, VOID.uriSpace, Literal(space))
