"""Check names: every predicate, class, datatype and concept is declared, every prefix is the one of the table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING

from hansa import sparql
from hansa.errors import closest
from hansa.memo import digest
from hansa.model import Finding, Fix, Position
from hansa.rdf import Literal, NamedNode, Quad
from hansa.validate.inputs import Inputs, TextFile, did_you_mean, distinct, error, ordered
from hansa.validate.spelling import certain
from hansa.vocab import RDF as RDF_TERMS
from hansa.vocab import RDFS as RDFS_TERMS
from hansa.vocab import SH as SH_TERMS
from hansa.vocab import XSD as XSD_TERMS
from hansa.vocab import Vocabulary

if TYPE_CHECKING:
    from rdflib.namespace import DefinedNamespace

_SHACL = SH_TERMS.iri
_USUAL = {"name": "skos:prefLabel", "label": "skos:prefLabel", "alternateName": "skos:altLabel", "url": "foaf:homepage"}
"""What this project says in the place of terms that many others use."""
_DECLARATION = re.compile(r"\bprefix[ \t]+([^\s:<]*):[ \t]*<([^<>\s]*)>", re.IGNORECASE)
_PREFIX_WORD = re.compile(r"\bprefix\b", re.IGNORECASE)
TERM_VALUED = {
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
    known = KnownTerms(inputs)
    findings: list[Finding] = []
    for graph, files in inputs.files.items():
        findings += inputs.remembered("terms", files, partial(terms_of, graph, files, known, inputs))
    for file in inputs.sparql:
        findings += inputs.remembered("terms", [file], partial(_of_sparql, file, known, inputs))
    return ordered(findings)


def terms_of(graph: NamedNode, files: list[TextFile], known: KnownTerms, inputs: Inputs) -> Iterator[Finding]:
    """Check the names of one graph, each by itself, and the prefixes that its files declare."""
    quads = list(distinct(inputs.shapes if graph == inputs.vocab.shapes else inputs.graphs.get(graph, [])))
    yield from (f for quad in quads for f in _of_statement(quad, known, inputs))
    yield from (f for quad in quads for f in _concepts(quad, known, inputs))
    yield from (f for file in files for f in _prefixes(file, inputs))


def _of_sparql(file: TextFile, known: KnownTerms, inputs: Inputs) -> Iterator[Finding]:
    yield from _prefixes(file, inputs)
    yield from _of_query(file, known, inputs)


def _locals(namespace: type[DefinedNamespace]) -> set[str]:
    """Give the local names that rdflib knows, those that are Python keywords (sh:class, sh:in) too."""
    return {*namespace.__annotations__, *namespace._extras} - {"_NS", "_extras"}


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is wrong with a term, what to do, and the prefixed name that must have been meant, where that is sure."""

    words: str
    hint: str
    meant: str = ""


class KnownTerms:
    """What the ontology, the external file and the schemes declare; gathered when the first term is asked about."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._vocab = inputs.vocab
        self._shapes = inputs.vocab.shapes
        self._property = f"{inputs.vocab.hansa.iri}supportsProperty"
        self.problem = cache(self._problem)
        self.concept_problem = cache(self._concept_problem)

    @cached_property
    def declared(self) -> set[str]:
        """The IRIs that somebody gave a class."""
        graphs = (self._inputs.graphs.get(self._vocab.graph(name), []) for name in ("ontology", "vocabulary"))
        typed = (q.subject for quads in graphs for q in quads if q.predicate == RDF_TERMS.type)
        return {node.value for node in typed if isinstance(node, NamedNode)}

    @cached_property
    def _forbidden(self) -> set[str]:
        """What a shape allows no value of: it forbids the property, and need not declare it."""
        none, shapes = Literal("0", datatype=XSD_TERMS.integer), self._inputs.shapes
        forbidding = {q.subject for q in shapes if q.predicate.value == f"{_SHACL}maxCount" and q.object == none}
        paths = (q for q in shapes if q.predicate.value == f"{_SHACL}path" and q.subject in forbidding)
        return {q.object.value for q in paths if isinstance(q.object, NamedNode)}

    @cached_property
    def by_namespace(self) -> dict[str, set[str]]:
        """Local names by namespace; one of the RDF family is known as a whole, the others as far as declared."""
        kept = self._inputs.memo.text(digest("built-in", version("rdflib")), lambda: json.dumps(_built_in()))
        names = {namespace: set(locals_) for namespace, locals_ in json.loads(kept).items()}
        for iri in self.declared:
            namespace = self.namespace(iri)
            if namespace and not iri.startswith(f"{self._vocab.base}id/"):
                names.setdefault(namespace, set()).add(iri.removeprefix(namespace))
        return names

    def namespace(self, iri: str) -> str:
        """Give the namespace of the prefix table that an IRI is in, the longest that fits, or an empty string."""
        return max((ns for ns in self._vocab.prefixes.values() if iri.startswith(ns)), key=len, default="")

    def _problem(self, iri: str) -> _Problem | None:
        """Say what is wrong with a term, and what to do, or nothing."""
        if iri in self.declared:
            return None
        namespace = self.namespace(iri)
        if not namespace:
            return self._foreign(iri)
        names, local = self.by_namespace.get(namespace), iri.removeprefix(namespace)
        if names is None or local in names:
            return None
        same = alike(local, names)
        near, sure = closest(local, same), certain(local, same) or certain(local, names)
        here = "ontology/hansa.ttl" if iri.startswith(self._vocab.base) else "ontology/external.ttl"
        other = "" if sure else self._elsewhere(local, namespace)
        hint = did_you_mean(
            other or (near and self._vocab.shorten(namespace + (sure or near))),
            f"use a term that docs/model.md names, or declare it in {here}",
            sure=bool(sure),
        )
        return _Problem("is not declared", hint, sure and self._vocab.shorten(namespace + sure))

    def _elsewhere(self, local: str, namespace: str) -> str:
        """Give the term of the same name in another vocabulary, or the one that this project uses for a name."""
        usual = _USUAL.get(local, "")
        if usual and self._vocab.expand(usual) in self.declared:
            return usual
        found = (ns + local for ns in self._vocab.prefixes.values() if ns != namespace and ns + local in self.declared)
        return next((self._vocab.shorten(iri) for iri in found), "")

    def _foreign(self, iri: str) -> _Problem:
        other = {"http:": "https:", "https": "http"}[iri[:5]] + iri[5:] if iri[:5] in ("http:", "https") else ""
        namespace = self.namespace(other) if other else ""
        if namespace and other.removeprefix(namespace) in self.by_namespace.get(namespace, ()):
            name = self._vocab.shorten(other)
            return _Problem("begins with the wrong one of http and https", f"write {name}", name)
        other = self._elsewhere(re.split(r"[/#]", iri)[-1], "")
        hint = "use a term of a vocabulary in [tool.hansa.prefixes] of pyproject.toml, or add its namespace there"
        return _Problem("is in no namespace of the prefix table", did_you_mean(other, hint))

    def misspelt(self, iri: str) -> _Problem | None:
        """Say what is wrong with a term of another vocabulary, only where it is sure which one was meant."""
        problem = self.problem(iri) if self.namespace(iri) else None
        return problem if problem and problem.meant else None

    def is_forbidden(self, iri: str, graph: object) -> bool:
        """Tell whether a shape names a term in order to forbid it."""
        return graph == self._shapes and iri in self._forbidden

    def _concept_problem(self, iri: str) -> _Problem | None:
        """Say whether an IRI of our schemes is missing from them."""
        if not iri.startswith(f"{self._vocab.base}vocab/") or iri in self.declared:
            return None
        schemes = [i for i in self.declared if i.startswith(f"{self._vocab.base}vocab/")]
        siblings = [i for i in schemes if i.rpartition("/")[0] == iri.rpartition("/")[0]]
        home, _, word = iri.rpartition("/")
        certainly = certain(word, (i.rpartition("/")[2] for i in siblings))
        near, sure = closest(iri, siblings or schemes), f"{home}/{certainly}" if certainly else ""
        meant = sure or near
        otherwise = "add the concept to its scheme in ontology/vocab/"
        hint = did_you_mean(meant and self._vocab.shorten(meant), otherwise, sure=bool(sure))
        return _Problem("is no concept of our schemes", hint, sure and self._vocab.shorten(sure))

    def kind_of_value(self, predicate: str) -> str:
        """Tell what kind of term a predicate has as its value, or an empty string."""
        return "property" if predicate == self._property else TERM_VALUED.get(predicate, "")


def alike(word: str, names: Iterable[str]) -> list[str]:
    """Give the names that begin as a word does, with a capital or without: a class is never meant by a property."""
    return [name for name in names if name[:1].isupper() == word[:1].isupper()]


def _built_in() -> dict[str, list[str]]:
    from rdflib.namespace import OWL, RDF, RDFS, SH, XSD  # noqa: PLC0415 - slow to import, and seldom asked for

    return {str(namespace): sorted(_locals(namespace)) for namespace in (RDF, RDFS, OWL, XSD, SH)}


def _of_statement(quad: Quad, known: KnownTerms, inputs: Inputs) -> Iterator[Finding]:
    problem = known.problem(quad.predicate.value)
    if problem:
        place = inputs.place_of(quad, predicate_only=True)
        yield _unknown("property", quad.predicate, problem, place, inputs, quad)
    term, kind = quad.object, known.kind_of_value(quad.predicate.value)
    if isinstance(term, Literal):
        term, kind = term.datatype, "datatype"
    if kind and isinstance(term, NamedNode) and not known.is_forbidden(term.value, quad.graph_name):
        problem = known.problem(term.value)
        if problem:
            yield _unknown(kind, term, problem, inputs.place_of(quad), inputs, quad)


def _unknown(kind: str, term: NamedNode, problem: _Problem, place: Position, inputs: Inputs, quad: Quad) -> Finding:
    message = f"the {kind} {inputs.short(term)} {problem.words}"
    fix = _respelt(kind, problem, place, inputs)
    return error(place, f"term/unknown-{kind}", message, problem.hint, quad.subject, fix)  # type: ignore[arg-type]


def _respelt(kind: str, problem: _Problem, place: Position, inputs: Inputs) -> Fix | None:
    page = inputs.page(place)
    if not problem.meant or not page.declares(problem.meant):
        return None
    if kind != "datatype":
        return page.term(place, problem.meant)
    literal = page.literal(place)
    return literal.with_datatype(problem.meant) if literal else page.term(place, problem.meant)


def _concepts(quad: Quad, known: KnownTerms, inputs: Inputs) -> Iterator[Finding]:
    for term in (quad.subject, quad.object):
        problem = known.concept_problem(term.value) if isinstance(term, NamedNode) else None
        if problem:
            place = inputs.place_of(quad)
            fix = _respelt("concept", problem, place, inputs) if term == quad.object else None
            message = f"{inputs.short(term)} {problem.words}"  # type: ignore[arg-type]
            yield error(place, "term/unknown-concept", message, problem.hint, quad.subject, fix)  # type: ignore[arg-type]


# ---------------------------------------------------------------- prefixes and queries
def _declarations(tokens: list[sparql.Token]) -> Iterator[tuple[sparql.Token, str, str]]:
    """Give every prefix declaration of Turtle or SPARQL: the token of its name, the prefix, the namespace."""
    for keyword, name, iri in zip(tokens, islice(tokens, 1, None), islice(tokens, 2, None), strict=False):
        declares = keyword.kind in ("word", "langtag") and keyword.text.lower().removeprefix("@") == "prefix"
        if declares and name.text.endswith(":") and iri.kind == "iri":
            yield name, name.text[:-1], iri.text[1:-1]


def _prefixes(file: TextFile, inputs: Inputs) -> Iterator[Finding]:
    text, vocab = file.text(), inputs.vocab
    if declares_rightly(text, vocab):
        return
    for token, prefix, namespace in _declarations(sparql.significant(text)):
        wanted = vocab.prefixes.get(prefix)
        if wanted == namespace:
            continue
        place = Position(file.name, *sparql.position(text, token.offset))
        if wanted is None:
            message = f"the prefix {prefix}: is not in the table"
            yield error(place, "prefix/unknown", message, _other(namespace, prefix, vocab))
        else:
            message = f"the prefix {prefix}: stands for another namespace: <{namespace}>"
            fix = inputs.page(place).namespace(place, wanted) if _alike(namespace, wanted) else None
            yield error(place, "prefix/namespace", message, f"write {prefix}: <{wanted}>", fix=fix)


def declares_rightly(text: str, vocab: Vocabulary) -> bool:
    """Tell quickly that nothing is wrong: every ``prefix`` in the text begins a declaration as the table has it."""
    found = _DECLARATION.findall(text)
    return len(found) == len(_PREFIX_WORD.findall(text)) and all(vocab.prefixes.get(p) == ns for p, ns in found)


def _alike(namespace: str, wanted: str) -> bool:
    """Tell whether two namespaces differ only in http or https, www, case, or the last character."""
    plain = (re.sub(r"^https?://(www\.)?|[/#]$", "", name.casefold()) for name in (namespace, wanted))
    return len(set(plain)) == 1


def _other(namespace: str, prefix: str, vocab: Vocabulary) -> str:
    same = next((p for p, ns in vocab.prefixes.items() if ns == namespace), "") or closest(prefix, vocab.prefixes)
    return f"use {same}: <{vocab.prefixes[same]}>" if same else "add it to [tool.hansa.prefixes] in pyproject.toml"


def _of_query(file: TextFile, known: KnownTerms, inputs: Inputs) -> Iterator[Finding]:
    """Find names of our own in a query that nothing declares: such a query just finds nothing."""
    text = file.text()
    tokens = sparql.significant(text)
    prefixes = {prefix: namespace for _, prefix, namespace in _declarations(tokens)}
    for token in tokens:
        prefix, colon, local = token.text.partition(":")
        if token.kind == "pname" and colon and local and prefix in prefixes:
            iri = prefixes[prefix] + local
            own = iri.startswith(inputs.vocab.hansa.iri)
            problem = known.problem(iri) if own else known.concept_problem(iri) or known.misspelt(iri)
            if problem:
                place = Position(file.name, *sparql.position(text, token.offset))
                code = "term/unknown-concept" if problem.words.endswith("schemes") else "term/unknown-property"
                fix = _respelt("name", problem, place, inputs)
                yield error(place, code, f"{token.text} {problem.words}", problem.hint, fix=fix)
