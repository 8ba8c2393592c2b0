"""Show drift: JSON, RDF, and a page of HTML that needs nothing else."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.resources import files

from jinja2 import Environment

from hansa.link.drift import NAMES, Drift, Row
from hansa.link.slice import WD
from hansa.rdf import Literal, NamedNode, Triple
from hansa.results import to_turtle
from hansa.vocab import DCT, RDF, RDFS, SCHEMA, Namespace, Vocabulary

DQV = Namespace("http://www.w3.org/ns/dqv#", "QualityAnnotation qualityAssessment")
OA = Namespace("http://www.w3.org/ns/oa#", "TextualBody hasBody hasTarget motivatedBy")
_RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "value")
_PROPERTY = NamedNode(f"{SCHEMA.iri}propertyID")

MEANING = {
    Drift.MISSING_THERE: "We say it, Wikidata does not.",
    Drift.MISSING_HERE: "Wikidata says it, we do not.",
    Drift.DIFFERENT: "Both say something, and not the same.",
    Drift.ENDED: "Wikidata gives an end, we give none.",
    Drift.REDIRECTED: "The item was merged into another: mend the link.",
    Drift.MERGED: "The item was merged into one that another thing of ours is linked to.",
    Drift.DELETED: "The item is gone.",
    Drift.ABSENT: "The slice says nothing about the item.",
    Drift.LABEL: "The label there is none of our names.",
    Drift.TYPE: "What the item is an instance of does not fit what we linked.",
}


def to_json(rows: Sequence[Row], vocab: Vocabulary) -> str:
    """Write the rows and their number by kind as JSON, prefixed names for our things."""
    listed = [
        {**row.as_dict(), "entity": vocab.shorten(row.entity), "source": _name(row.source, vocab)} for row in rows
    ]
    return json.dumps({"counts": counts(rows), "rows": listed}, ensure_ascii=False, indent=2) + "\n"


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """Give the number of rows by kind, in the order of the kinds."""
    found = Counter(row.kind for row in rows)
    return {str(kind): found[kind] for kind in Drift if found[kind]}


def cells(row: Row, vocab: Vocabulary) -> list[str]:
    """Give the cells of a row as people read them: thing, item, property, kind, here, there, since, source."""
    prop = NAMES.get(row.prop, row.prop)
    named = f"{prop} ({row.prop})" if row.prop.startswith("P") else prop
    since, source = row.since, _name(row.source, vocab)
    return [vocab.shorten(row.entity), row.item, named, str(row.kind), row.here, row.there, since, source]


def _name(iri: str, vocab: Vocabulary) -> str:
    return vocab.shorten(iri) if iri else ""


PARTIAL = "Only a part of Wikidata was at hand: what is missing there may be missing in that part alone."


def to_html(rows: Sequence[Row], vocab: Vocabulary, compared_with: str, note: str = "") -> str:
    """Write one page of HTML: no script, no style sheet or image from elsewhere, everything escaped.

    :param compared_with: the endpoint or file that was asked, for the heading
    :param note: what the reader must know of it, such as :data:`PARTIAL`
    """
    template = files("hansa.link").joinpath("drift.html").read_text(encoding="utf-8")
    groups = [
        (str(kind), MEANING[kind], [(row, cells(row, vocab)) for row in rows if row.kind is kind])
        for kind in Drift
        if any(row.kind is kind for row in rows)
    ]
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    about = {"wd": WD, "compared_with": compared_with, "total": len(rows), "note": note}
    return environment.from_string(template).render(groups=groups, **about)


def to_rdf(rows: Sequence[Row], vocab: Vocabulary) -> bytes:
    """Write the rows as Turtle: quality annotations (DQV) of our things, what each side says as their bodies (OA)."""
    prefixes = {**vocab.prefixes, "dqv": DQV.iri, "oa": OA.iri}
    return to_turtle((triple for row in rows for triple in _annotation(row)), prefixes)


def _annotation(row: Row) -> Iterator[Triple]:
    digest = sha256("\t".join(row.as_dict().values()).encode()).hexdigest()[:32]
    node, item = NamedNode(f"urn:drift:{digest}"), NamedNode(f"{WD}{row.item}")
    yield Triple(node, RDF.type, DQV.QualityAnnotation)
    yield Triple(node, OA.motivatedBy, DQV.qualityAssessment)
    yield Triple(node, OA.hasTarget, NamedNode(row.entity))
    yield Triple(node, RDFS.label, Literal(str(row.kind), language="en"))
    yield Triple(node, DCT.description, Literal(MEANING[row.kind], language="en"))
    yield Triple(node, _PROPERTY, Literal(row.prop))
    yield from _body(node, "here", row.here, NamedNode(row.source) if row.source else NamedNode(row.entity))
    yield from _body(node, "there", row.there, item)


def _body(node: NamedNode, side: str, text: str, source: NamedNode) -> Iterator[Triple]:
    if text:
        body = NamedNode(f"{node.value}:{side}")
        yield Triple(node, OA.hasBody, body)
        yield Triple(body, RDF.type, OA.TextualBody)
        yield Triple(body, _RDF.value, Literal(text))
        yield Triple(body, DCT.source, source)
