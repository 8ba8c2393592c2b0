"""Describe the canned queries for machines: what each asks, what it takes, and its text.

SHACL Advanced Features, section 5 (https://www.w3.org/TR/shacl-af/#SPARQLExecutables) has the classes; parameters are
those of SHACL, section 6.2. The local name of a parameter's path is the variable that its value is bound to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hansa.config import Config
from hansa.model import CannedQuery, Parameter, ParameterType
from hansa.parameters import bind_parameters
from hansa.queries import declared_prefixes
from hansa.rdf import Literal, NamedNode, Triple
from hansa.release.describe import Addresses, Description
from hansa.sparql import query_form, tokens
from hansa.vocab import DCAT, DCT, RDFS, XSD, Namespace

SH = Namespace(
    "http://www.w3.org/ns/shacl#",
    "ask class construct datatype declare defaultValue description IRI name namespace nodeKind optional order "
    "Parameter parameter path prefix prefixes PrefixDeclaration select SPARQLAskExecutable "
    "SPARQLConstructExecutable SPARQLExecutable SPARQLSelectExecutable",
)
_FORMS = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
}
_DATATYPES = {
    ParameterType.DATE: XSD.date,
    ParameterType.INTEGER: XSD.integer,
    ParameterType.LANGUAGE: XSD.string,
    ParameterType.STRING: XSD.string,
}
_BLANK_LINES = re.compile(r"\n{2,}")
_ENGLISH = "en"


def body_of(text: str) -> str:
    """Give a query without its header, comments and PREFIX lines, which ``sh:prefixes`` stands for."""
    kept: list[str] = []
    words = 0
    for token in tokens(text):
        if token.kind == "comment":
            continue
        if words:
            words -= token.kind != "space"
            continue
        if token.kind == "word" and token.text.upper() == "PREFIX":
            words = 2
            continue
        kept.append(token.text)
    return _BLANK_LINES.sub("\n", "".join(kept)).strip()


def describe_queries(queries: Iterable[CannedQuery], config: Config) -> list[Triple]:
    """Describe all canned queries, their parameters and their prefixes; every node has an IRI.

    A DESCRIBE query has no class in SHACL-AF and is left out.
    """
    out, at = Description(), Addresses(config)
    page = at.page("queries")
    prefixes: dict[str, str] = {}
    for query in sorted(queries, key=lambda q: q.name):
        if query_form(query.text) in _FORMS:
            prefixes |= declared_prefixes(query.text)
            _query(out, at, page, query, config)
    for prefix, namespace in sorted(prefixes.items()):
        node = at.part(page, f"prefix-{prefix or 'empty'}")
        out.say(page, SH.declare, node)
        out.is_a(node, SH.PrefixDeclaration)
        out.say(node, SH.prefix, Literal(prefix))
        out.say(node, SH.namespace, Literal(namespace, datatype=XSD.anyURI))
    return out.triples


def _query(out: Description, at: Addresses, page: NamedNode, query: CannedQuery, config: Config) -> None:
    node = at.page(f"queries/{query.name}")
    kind, predicate = _FORMS[query_form(query.text)]
    out.is_a(node, SH.SPARQLExecutable, kind)
    out.say(node, RDFS.label, Literal(query.summary, language=_ENGLISH))
    if query.description:
        out.say(node, DCT.description, Literal(query.description, language=_ENGLISH))
    out.say(node, DCAT.keyword, *(Literal(tag, language=_ENGLISH) for tag in query.tags))
    out.say(node, predicate, Literal(body_of(query.text)))
    out.say(node, SH.prefixes, page)
    for order, parameter in enumerate(query.parameters):
        _parameter(out, at, node, query, parameter, order, config)


def _parameter(
    out: Description,
    at: Addresses,
    query_node: NamedNode,
    query: CannedQuery,
    parameter: Parameter,
    order: int,
    config: Config,
) -> None:
    node = at.part(query_node, parameter.name)
    out.say(query_node, SH.parameter, node)
    out.is_a(node, SH.Parameter)
    out.say(node, SH.path, at.part(at.page("queries"), parameter.variable))
    out.say(node, SH.name, Literal(parameter.name))
    out.say(node, SH.order, Literal(order))
    if parameter.summary:
        out.say(node, SH.description, Literal(parameter.summary, language=_ENGLISH))
    if parameter.type is ParameterType.IRI:
        out.say(node, SH.nodeKind, SH.IRI)
    else:
        out.say(node, SH.datatype, _DATATYPES[parameter.type])
    if parameter.class_iri:
        out.say(node, getattr(SH, "class"), NamedNode(parameter.class_iri))
    if parameter.default is not None:
        _default(out, node, query, parameter, config)


def _default(out: Description, node: NamedNode, query: CannedQuery, parameter: Parameter, config: Config) -> None:
    """Say the default as the term that is bound; the day of the release is that of this release."""
    out.say(node, SH.optional, Literal(True))
    examples = {p.name: p.example for p in query.parameters if p.default is None}
    terms = bind_parameters(query, examples, config.vocab, issued=config.issued)
    out.say(node, SH.defaultValue, terms[parameter.variable])
