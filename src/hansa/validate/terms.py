"""Check names: every predicate, class, datatype and concept is declared, every prefix is the one of the table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from rdflib.namespace import OWL, RDF, RDFS, SH, XSD, DefinedNamespace

from hansa import sparql
from hansa.errors import closest
from hansa.model import Finding, Position
from hansa.rdf import Literal, NamedNode, Quad
from hansa.validate.inputs import Inputs, TextFile, did_you_mean, distinct, error, ordered
from hansa.vocab import RDF as RDF_TERMS
from hansa.vocab import RDFS as RDFS_TERMS
from hansa.vocab import XSD as XSD_TERMS
from hansa.vocab import Vocabulary

_BUILT_IN: tuple[type[DefinedNamespace], ...] = (RDF, RDFS, OWL, XSD, SH)
_SHACL = str(SH)
_TERM_VALUED = {
    RDF_TERMS.type.value: "class",
    RDFS_TERMS.subClassOf.value: "class",
    RDFS_TERMS.domain.value: "class",
    RDFS_TERMS.range.value: "class",
    RDFS_TERMS.subPropertyOf.value: "property",
    **{f"{_SHACL}{name}": "class" for name in ("class", "targetClass")},
    **{f"{_SHACL}{name}": "datatype" for name in ("datatype",)},
    **{
        f"{_SHACL}{name}": "property"
        for name in ("path", "inversePath", "targetSubjectsOf", "targetObjectsOf", "equals", "disjoint", "lessThan")
    },
}


def check_terms(inputs: Inputs) -> list[Finding]:
    """Find undeclared predicates, classes, datatypes and concepts, and prefixes that are not those of the table."""
    known = _KnownTerms(inputs)
    quads = list(distinct([*inputs.authored, *inputs.shapes]))
    return ordered(
        [
            *(f for quad in quads for f in _of_statement(quad, known, inputs)),
            *(f for quad in quads for f in _concepts(quad, known, inputs)),
            *(f for file in (*inputs.turtle, *inputs.sparql) for f in _prefixes(file, inputs.vocab)),
            *(f for file in inputs.sparql for f in _of_query(file, known, inputs)),
        ]
    )


def _locals(namespace: type[DefinedNamespace]) -> set[str]:
    """Give the local names that rdflib knows, those that are Python keywords (sh:class, sh:in) too."""
    return {*namespace.__annotations__, *namespace._extras} - {"_NS", "_extras"}


class _KnownTerms:
    """What the ontology, the external file and the schemes declare."""

    def __init__(self, inputs: Inputs) -> None:
        self._vocab = inputs.vocab
        self._found: dict[str, str] = {}
        self._declared = {
            q.subject.value
            for name in ("ontology", "vocabulary")
            for q in inputs.graphs.get(inputs.vocab.graph(name), [])
            if q.predicate == RDF_TERMS.type and isinstance(q.subject, NamedNode)
        }
        # A shape that allows no value of a property forbids it, and need not declare it.
        none = Literal("0", datatype=XSD_TERMS.integer)
        forbidding = {q.subject for q in inputs.shapes if q.predicate.value == f"{_SHACL}maxCount" and q.object == none}
        self._forbidden = {
            q.object.value
            for q in inputs.shapes
            if q.predicate.value == f"{_SHACL}path" and q.subject in forbidding and isinstance(q.object, NamedNode)
        }
        self._shapes = inputs.vocab.shapes
        self._property = f"{inputs.vocab.hansa.iri}supportsProperty"

    @cached_property
    def _by_namespace(self) -> dict[str, set[str]]:
        """Local names by namespace; one of the RDF family is known as a whole, the others as far as declared."""
        names: dict[str, set[str]] = {str(ns): _locals(ns) for ns in _BUILT_IN}
        for iri in self._declared:
            namespace = self.namespace(iri)
            if namespace and not iri.startswith(f"{self._vocab.base}id/"):
                names.setdefault(namespace, set()).add(iri.removeprefix(namespace))
        return names

    def namespace(self, iri: str) -> str:
        """Give the namespace of the prefix table that an IRI is in, the longest that fits, or an empty string."""
        if iri not in self._found:
            fitting = (ns for ns in self._vocab.prefixes.values() if iri.startswith(ns))
            self._found[iri] = max(fitting, key=len, default="")
        return self._found[iri]

    def problem(self, iri: str) -> tuple[str, str] | None:
        """Say what is wrong with a term, and what to do, or nothing."""
        if iri in self._declared:
            return None
        namespace = self.namespace(iri)
        if not namespace:
            hint = "use a term of a vocabulary in [tool.hansa.prefixes], or add its namespace there"
            return "is in no namespace of the prefix table", hint
        names, local = self._by_namespace.get(namespace), iri.removeprefix(namespace)
        if names is None or local in names:
            return None
        near = closest(local, names)
        here = "ontology/hansa.ttl" if iri.startswith(self._vocab.base) else "ontology/external.ttl"
        return "is not declared", did_you_mean(near and self._vocab.shorten(namespace + near), f"declare it in {here}")

    def is_forbidden(self, iri: str, graph: object) -> bool:
        """Tell whether a shape names a term in order to forbid it."""
        return graph == self._shapes and iri in self._forbidden

    def concept_problem(self, iri: str) -> tuple[str, str] | None:
        """Say whether an IRI of our schemes is missing from them."""
        if not iri.startswith(f"{self._vocab.base}vocab/") or iri in self._declared:
            return None
        schemes = [i for i in self._declared if i.startswith(f"{self._vocab.base}vocab/")]
        siblings = [i for i in schemes if i.rpartition("/")[0] == iri.rpartition("/")[0]] or schemes
        near = closest(iri, siblings)
        hint = did_you_mean(near and self._vocab.shorten(near), "add the concept to its scheme in ontology/vocab/")
        return "is no concept of our schemes", hint

    def kind_of_value(self, predicate: str) -> str:
        """Tell what kind of term a predicate has as its value, or an empty string."""
        return "property" if predicate == self._property else _TERM_VALUED.get(predicate, "")


def _of_statement(quad: Quad, known: _KnownTerms, inputs: Inputs) -> Iterator[Finding]:
    problem = known.problem(quad.predicate.value)
    if problem:
        place = inputs.positions.locate(quad.graph_name, quad.subject, quad.predicate)  # type: ignore[arg-type]
        yield _unknown("property", quad.predicate, problem, place, inputs, quad)
    term, kind = quad.object, known.kind_of_value(quad.predicate.value)
    if isinstance(term, Literal):
        term, kind = term.datatype, "datatype"
    if kind and isinstance(term, NamedNode) and not known.is_forbidden(term.value, quad.graph_name):
        problem = known.problem(term.value)
        if problem:
            yield _unknown(kind, term, problem, inputs.place_of(quad), inputs, quad)


def _unknown(
    kind: str, term: NamedNode, problem: tuple[str, str], place: Position, inputs: Inputs, quad: Quad
) -> Finding:
    words, hint = problem
    return error(place, f"term/unknown-{kind}", f"the {kind} {inputs.short(term)} {words}", hint, quad.subject)  # type: ignore[arg-type]


def _concepts(quad: Quad, known: _KnownTerms, inputs: Inputs) -> Iterator[Finding]:
    for term in (quad.subject, quad.object):
        problem = known.concept_problem(term.value) if isinstance(term, NamedNode) else None
        if problem and isinstance(term, NamedNode):
            words, hint = problem
            place = inputs.place_of(quad)
            yield error(place, "term/unknown-concept", f"{inputs.short(term)} {words}", hint, quad.subject)  # type: ignore[arg-type]


# ---------------------------------------------------------------- prefixes and queries
def _significant(text: str) -> list[sparql.Token]:
    return [token for token in sparql.tokens(text) if token.kind not in ("space", "comment")]


def _declarations(tokens: list[sparql.Token]) -> Iterator[tuple[sparql.Token, str, str]]:
    """Give every prefix declaration of Turtle or SPARQL: the token of its name, the prefix, the namespace."""
    for keyword, name, iri in zip(tokens, islice(tokens, 1, None), islice(tokens, 2, None), strict=False):
        declares = keyword.kind in ("word", "langtag") and keyword.text.lower().removeprefix("@") == "prefix"
        if declares and name.text.endswith(":") and iri.kind == "iri":
            yield name, name.text[:-1], iri.text[1:-1]


def _prefixes(file: TextFile, vocab: Vocabulary) -> Iterator[Finding]:
    text = file.text()
    for token, prefix, namespace in _declarations(_significant(text)):
        wanted = vocab.prefixes.get(prefix)
        if wanted == namespace:
            continue
        place = Position(file.name, *sparql.position(text, token.offset))
        if wanted is None:
            yield error(
                place, "prefix/unknown", f"the prefix {prefix}: is not in the table", _other(namespace, prefix, vocab)
            )
        else:
            message = f"the prefix {prefix}: stands for another namespace: <{namespace}>"
            yield error(place, "prefix/namespace", message, f"write {prefix}: <{wanted}>")


def _other(namespace: str, prefix: str, vocab: Vocabulary) -> str:
    same = next((p for p, ns in vocab.prefixes.items() if ns == namespace), "") or closest(prefix, vocab.prefixes)
    return f"use {same}: <{vocab.prefixes[same]}>" if same else "add it to [tool.hansa.prefixes] in pyproject.toml"


def _of_query(file: TextFile, known: _KnownTerms, inputs: Inputs) -> Iterator[Finding]:
    """Find names of our own in a query that nothing declares: such a query just finds nothing."""
    text = file.text()
    tokens = _significant(text)
    prefixes = {prefix: namespace for _, prefix, namespace in _declarations(tokens)}
    for token in tokens:
        prefix, colon, local = token.text.partition(":")
        if token.kind == "pname" and colon and local and prefix in prefixes:
            iri = prefixes[prefix] + local
            own = iri.startswith(inputs.vocab.hansa.iri)
            problem = known.problem(iri) if own else known.concept_problem(iri)
            if problem:
                place = Position(file.name, *sparql.position(text, token.offset))
                code = "term/unknown-property" if own else "term/unknown-concept"
                yield error(place, code, f"{token.text} {problem[0]}", problem[1])
