"""``void.ttl``: what is in the dataset and how to reach it (https://www.w3.org/TR/void/)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from hansa.config import Config
from hansa.rdf import Literal, NamedNode, Triple
from hansa.release.describe import RDF_DUMPS, Addresses, Description, date, integer, texts
from hansa.release.tally import Tally
from hansa.release.turtle import head_of
from hansa.vocab import DCT, FOAF, VOID, Vocabulary

_WIKIDATA = {"en": "Wikidata", "ja": "ウィキデータ", "es": "Wikidata"}
_LINKSET = {"en": "Links to Wikidata", "ja": "ウィキデータへのリンク", "es": "Enlaces a Wikidata"}
_WIKIDATA_HOME = NamedNode("https://www.wikidata.org/")
_WIKIDATA_SPARQL = NamedNode("https://query.wikidata.org/sparql")


@dataclass(frozen=True)
class Contents:
    """What the description tells of the dataset.

    :param counts: everything that adds up
    :param graphs: statements and things of each graph
    :param links: the statements of the link graph
    """

    counts: Tally
    graphs: Mapping[NamedNode, tuple[int, int]]
    links: list[Triple]


def describe_void(contents: Contents, config: Config) -> list[Triple]:
    """Describe the dataset: sizes, partitions, graphs, linkset, dumps and examples."""
    out, at = Description(), Addresses(config)
    objects, objects_of = contents.counts.distinct_objects()
    _dataset(out, at, config)
    _sizes(out, at.dataset, contents.counts, objects)
    _examples(out, at, contents.counts)
    _vocabularies(out, at, contents.counts)
    _partitions(out, at, config.vocab, contents.counts, objects_of)
    for name, (statements, things) in sorted(contents.graphs.items(), key=lambda pair: pair[0].value):
        _graph(out, at, name, statements, things)
    if contents.links:
        _linkset(out, at, config, contents.links)
    return out.triples


def _dataset(out: Description, at: Addresses, config: Config) -> None:
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


def _iri(term: bytes) -> NamedNode:
    return NamedNode(term[1:-1].decode())


def _sizes(out: Description, node: NamedNode, counts: Tally, objects: int) -> None:
    out.say(node, VOID.triples, integer(counts.triples))
    out.say(node, VOID.distinctSubjects, integer(counts.subjects))
    out.say(node, VOID.distinctObjects, integer(objects))
    out.say(node, VOID.properties, integer(len(counts.uses)))
    out.say(node, VOID.classes, integer(len(counts.members)))
    out.say(node, VOID.entities, integer(counts.entities))


def _examples(out: Description, at: Addresses, counts: Tally) -> None:
    """Give the first thing of each kind as an example."""
    out.say(at.dataset, VOID.exampleResource, *(NamedNode(iri) for _, iri in sorted(counts.first.items())))


def _vocabularies(out: Description, at: Addresses, counts: Tally) -> None:
    """Name the namespaces of properties and classes."""
    terms = {term[1:-1] for term in (*counts.uses, *counts.members) if term.startswith(b"<")}
    spaces = sorted(head.decode() for head in {head_of(term) for term in terms} if head)
    out.say(at.dataset, VOID.vocabulary, *map(NamedNode, spaces))


def _partitions(
    out: Description, at: Addresses, vocab: Vocabulary, counts: Tally, objects: Mapping[bytes, int]
) -> None:
    for cls in sorted(counts.members):
        node = at.part(at.dataset, f"class-{_local(_iri(cls), vocab)}")
        out.say(at.dataset, VOID.classPartition, node)
        out.say(node, getattr(VOID, "class"), _iri(cls))
        out.say(node, VOID.entities, integer(counts.members[cls]))
    for predicate in sorted(counts.uses):
        node = at.part(at.dataset, f"property-{_local(_iri(predicate), vocab)}")
        out.say(at.dataset, VOID.propertyPartition, node)
        out.say(node, VOID.property, _iri(predicate))
        out.say(node, VOID.triples, integer(counts.uses[predicate]))
        out.say(node, VOID.distinctSubjects, integer(counts.subjects_of[predicate]))
        out.say(node, VOID.distinctObjects, integer(objects[predicate]))


def _local(node: NamedNode, vocab: Vocabulary) -> str:
    """Make a fragment name of a term: its prefixed name with a hyphen, or a short hash where no prefix fits."""
    name = vocab.shorten(node.value)
    return hashlib.sha256(node.value.encode()).hexdigest()[:12] if name.startswith("<") else name.replace(":", "-", 1)


def _graph(out: Description, at: Addresses, name: NamedNode, statements: int, things: int) -> None:
    """Describe a named graph under its own name, so that what is said of its provenance stands beside."""
    out.is_a(name, VOID.Dataset)
    out.say(at.dataset, VOID.subset, name)
    out.say(name, VOID.triples, integer(statements))
    out.say(name, VOID.distinctSubjects, integer(things))


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
