"""The JSON-LD context: prefixes, and how the values of each property are written.

Terms are prefixed names as in Turtle (``org:member``), because many of our prefixes (``role:``, ``source:``) are also
names of properties. A property whose values are all things, all of one datatype, or all tagged with a language is
declared so; whatever does not fit a declaration keeps its full form, so nothing is lost (JSON-LD 1.1, section 4.2.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hansa.rdf import Line, NamedNode, Quad, Term, Triple, lines_of, split_line
from hansa.release.turtle import fitting_prefixes, head_of
from hansa.vocab import OWL, RDF, RDFS, XSD, Vocabulary

Context = dict[str, Any]
Kinds = frozenset[bytes]
"""How values look: ``b"@id"``, ``b"@language"``, or a datatype as N-Triples writes it."""

_OBJECT_PROPERTY = OWL.ObjectProperty
_KINDS = {OWL.ObjectProperty, OWL.DatatypeProperty}
_THING, _TEXT = b"@id", b"@language"
_STRING = f"<{XSD.string.value}>".encode()
_TYPE = f"<{RDF.type.value}>".encode()
_COERCIONS: Mapping[bytes, Context] = {_THING: {"@type": "@id"}, _TEXT: {"@container": "@language"}, _STRING: {}}


def kind_of(value: bytes) -> bytes:
    """Say how a value looks.

    :param value: an object in N-Triples, with or without what follows it in a line
    """
    end = value.rfind(b'"')
    if not value.startswith(b'"'):
        return _THING
    rest = value[end + 1 :]
    if rest.startswith(b"@"):
        return _TEXT
    return rest[2 : rest.index(b">") + 1] if rest.startswith(b"^^") else _STRING


def observed_kinds(lines: Iterable[Line]) -> dict[bytes, Kinds]:
    """Say how the values of each property look in some statements."""
    found: dict[bytes, set[bytes]] = {}
    for line in lines:
        _, predicate, value = split_line(line)
        found.setdefault(predicate, set()).add(kind_of(value))
    return {predicate: frozenset(kinds) for predicate, kinds in found.items()}


def context_of(statements: Iterable[Triple], ontology: Iterable[Quad], vocab: Vocabulary) -> Context:
    """Make the context for some statements."""
    lines = list(lines_of(statements))
    terms = {term for line in lines for term in split_line(line)}
    datatypes = {kind_of(term) for term in terms if term.startswith(b'"')}
    heads = {head_of(term[1:-1]) for term in terms | datatypes if term.startswith(b"<")}
    return build_context(observed_kinds(lines), heads, ontology, vocab)


def build_context(
    kinds: Mapping[bytes, Kinds], heads: Iterable[bytes], ontology: Iterable[Quad], vocab: Vocabulary
) -> Context:
    """Make the context for a dataset.

    :param kinds: how the values of each property look
    :param heads: all IRIs up to the last ``/`` or ``#``
    :param ontology: searched for what it declares of our own properties
    :returns: the value of ``@context``
    """
    coercions = {**_observed(kinds), **_declared(ontology, vocab)}
    terms = {vocab.shorten(iri): coercion for iri, coercion in coercions.items()}
    named = {*coercions, *(c["@type"] for c in coercions.values() if not c.get("@type", "@").startswith("@"))}
    needed = {*heads, *(head_of(iri.encode()) for iri in (*named, RDF.type.value, RDF.Property.value))}
    usable = {name: value for name, value in sorted(terms.items()) if value and not name.startswith("<")}
    prefixes = fitting_prefixes(needed, vocab.prefixes)
    return {"@version": 1.1, **prefixes, **{k: _short(v, vocab) for k, v in usable.items()}}


def _short(coercion: Context, vocab: Vocabulary) -> Context:
    return {key: value if value.startswith("@") else _name(value, vocab) for key, value in coercion.items()}


def _name(iri: str, vocab: Vocabulary) -> str:
    return vocab.shorten(iri).strip("<>")


def _observed(kinds: Mapping[bytes, Kinds]) -> dict[str, Context]:
    """Say how the values of each property are written; plain where they differ."""
    return {
        predicate[1:-1].decode(): _coercion(next(iter(found))) if len(found) == 1 else {}
        for predicate, found in kinds.items()
        if predicate != _TYPE
    }


def _coercion(kind: bytes) -> Context:
    return _COERCIONS[kind] if kind in _COERCIONS else {"@type": kind[1:-1].decode()}


def _declared(ontology: Iterable[Quad], vocab: Vocabulary) -> dict[str, Context]:
    """Say what the ontology declares of our own properties, so that the context stays when the data change."""
    own = vocab.hansa.iri
    kinds: dict[str, Term | Triple] = {}
    ranges: dict[str, Term | Triple] = {}
    for quad in ontology:
        if not isinstance(quad.subject, NamedNode) or not quad.subject.value.startswith(own):
            continue
        if quad.predicate == RDF.type and quad.object in _KINDS:
            kinds[quad.subject.value] = quad.object
        if quad.predicate == RDFS.range:
            ranges[quad.subject.value] = quad.object
    return {n: c for n, kind in kinds.items() if (c := _from_range(kind == _OBJECT_PROPERTY, ranges.get(n)))}


def _from_range(thing: bool, datatype: object) -> Context:
    if thing:
        return _COERCIONS[_THING]
    if datatype == RDF.langString:
        return _COERCIONS[_TEXT]
    if isinstance(datatype, NamedNode) and datatype not in {RDFS.Literal, XSD.string}:
        return {"@type": datatype.value}
    return {}
