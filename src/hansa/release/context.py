"""The JSON-LD context: prefixes, and how the values of each property are written.

Terms are prefixed names as in Turtle (``org:member``), because many of our prefixes (``role:``, ``source:``) are also
names of properties. A property whose values are all things, all of one datatype, or all tagged with a language is
declared so; whatever does not fit a declaration keeps its full form, so nothing is lost (JSON-LD 1.1, section 4.2.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hansa.rdf import Graphs, Literal, NamedNode, Quad, Term, Triple
from hansa.release.turtle import used_prefixes
from hansa.vocab import OWL, RDF, RDFS, XSD, Vocabulary

Context = dict[str, Any]

_KINDS = {OWL.ObjectProperty, OWL.DatatypeProperty}
_PLAIN: Context = {}
_THING: Context = {"@type": "@id"}
_BY_LANGUAGE: Context = {"@container": "@language"}


def build_context(statements: Iterable[Triple | Quad], graphs: Graphs, vocab: Vocabulary) -> Context:
    """Make the context for some statements.

    :param graphs: the dataset, searched for what the ontology declares
    :returns: the value of ``@context``
    """
    items = list(statements)
    coercions = {**_observed(items), **_declared(graphs, vocab)}
    terms = {vocab.shorten(predicate.value): coercion for predicate, coercion in coercions.items()}
    prefixes = used_prefixes([*items, *_property_statements(coercions)], vocab.prefixes)
    usable = {name: value for name, value in sorted(terms.items()) if value and not name.startswith("<")}
    return {"@version": 1.1, **prefixes, **{k: _short(v, vocab) for k, v in usable.items()}}


def _short(coercion: Context, vocab: Vocabulary) -> Context:
    return {key: value if value.startswith("@") else _name(value, vocab) for key, value in coercion.items()}


def _name(iri: str, vocab: Vocabulary) -> str:
    return vocab.shorten(iri).strip("<>")


def _property_statements(coercions: Mapping[NamedNode, Context]) -> list[Triple]:
    """Say the properties and datatypes of a context as statements, so that their prefixes count as used."""
    datatypes = {NamedNode(c["@type"]) for c in coercions.values() if not c.get("@type", "@").startswith("@")}
    return [Triple(node, RDF.type, RDF.Property) for node in {*coercions, *datatypes}]


def _observed(statements: Iterable[Triple | Quad]) -> dict[NamedNode, Context]:
    """Say how the values of each property look in the data; plain where they differ."""
    found: dict[NamedNode, Context] = {}
    for statement in statements:
        coercion = _coercion_of(statement.object)
        if found.setdefault(statement.predicate, coercion) != coercion:
            found[statement.predicate] = _PLAIN
    found.pop(RDF.type, None)
    return found


def _coercion_of(value: object) -> Context:
    if not isinstance(value, Literal):
        return _THING
    if value.language:
        return _BY_LANGUAGE
    return _PLAIN if value.datatype == XSD.string else {"@type": value.datatype.value}


def _declared(graphs: Graphs, vocab: Vocabulary) -> dict[NamedNode, Context]:
    """Say what the ontology declares of our own properties, so that the context stays when the data change."""
    own = vocab.hansa.iri
    kinds: dict[NamedNode, Term | Triple] = {}
    ranges: dict[NamedNode, Term | Triple] = {}
    for quad in (q for items in graphs.values() for q in items):
        if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(own):
            continue
        if quad.predicate == RDF.type and quad.object in _KINDS:
            kinds[quad.subject] = quad.object
        if quad.predicate == RDFS.range:
            ranges[quad.subject] = quad.object
    return {n: c for n, kind in kinds.items() if (c := _from_range(kind == OWL.ObjectProperty, ranges.get(n)))}


def _from_range(thing: bool, datatype: object) -> Context:
    if thing:
        return _THING
    if datatype == RDF.langString:
        return _BY_LANGUAGE
    if isinstance(datatype, NamedNode) and datatype not in {RDFS.Literal, XSD.string}:
        return {"@type": datatype.value}
    return _PLAIN
