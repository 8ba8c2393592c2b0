"""The tables give what the OWL RL queries give, whatever ontology and data say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hansa.build import closure
from hansa.build.asked import asked_predicates
from hansa.build.closure import Closure, owl_rl_rules
from hansa.build.entailment import is_trivial
from hansa.columns import Statements
from hansa.rdf import Line, NamedNode, lines_of, quads_of
from hansa.vocab import OWL, RDF, RDFS

_ANY = NamedNode("urn:g")
_CLASSES = [f"<urn:C{n}>" for n in range(4)]
_PROPERTIES = [f"<urn:p{n}>" for n in range(4)]
_THINGS = [f"<urn:x{n}>" for n in range(3)]
_TYPE = f"<{RDF.type.value}>"
_RULE = "CONSTRUCT { ?x <urn:p9> ?z } WHERE { ?x <urn:p0> ?y . ?y <urn:p1> ?z FILTER(isIRI(?z)) }"


def _line(*terms: str) -> Line:
    return f"{' '.join(terms)} .\n".encode()


def _axioms() -> st.SearchStrategy[Line]:
    between_classes = st.sampled_from([f"<{RDFS.iri}subClassOf>", f"<{OWL.iri}equivalentClass>"])
    between = [f"<{RDFS.iri}subPropertyOf>", f"<{OWL.iri}equivalentProperty>", f"<{OWL.iri}inverseOf>"]
    classes, properties = st.sampled_from(_CLASSES), st.sampled_from(_PROPERTIES)
    ends = st.sampled_from([f"<{RDFS.iri}domain>", f"<{RDFS.iri}range>"])
    kinds = st.sampled_from([f"<{OWL.iri}SymmetricProperty>", f"<{OWL.iri}TransitiveProperty>"])
    return st.one_of(
        st.builds(_line, classes, between_classes, classes),
        st.builds(_line, properties, st.sampled_from(between), properties),
        st.builds(_line, properties, ends, classes),
        st.builds(_line, properties, st.just(_TYPE), kinds),
    )


def _facts() -> st.SearchStrategy[Line]:
    things, values = st.sampled_from(_THINGS), st.sampled_from([*_THINGS, '"text"@en'])
    return st.one_of(
        st.builds(_line, things, st.sampled_from(_PROPERTIES), values),
        st.builds(_line, things, st.just(_TYPE), st.sampled_from(_CLASSES)),
    )


@settings(max_examples=40, deadline=None)
@given(st.sets(_axioms(), max_size=8), st.sets(_facts(), min_size=1, max_size=6), st.booleans())
def test_tables_give_what_the_queries_give(axioms: set[Line], facts: set[Line], sparing: bool) -> None:
    ours = Closure(quads_of(axioms, _ANY), [_RULE], sparing=sparing)
    schema = axioms | set(lines_of(ours.of_schema))
    by_queries = closure._by_queries((_RULE, *owl_rl_rules()), axioms, facts)
    assert set(ours.infer_lines(Statements(facts))) == {
        line for line in by_queries - schema - facts if not is_trivial(line)
    }


def test_data_that_speak_of_the_ontology_are_reasoned_with_too() -> None:
    axiom, fact = _line("<urn:C0>", f"<{RDFS.iri}subClassOf>", "<urn:C1>"), _line("<urn:x0>", _TYPE, "<urn:C0>")
    found = Closure([], []).infer_lines(Statements([axiom, fact]))
    assert _line("<urn:x0>", _TYPE, "<urn:C1>") in found


def test_a_rule_is_shown_what_it_asks_for() -> None:
    assert asked_predicates(_RULE) == frozenset({b"<urn:p0>", b"<urn:p1>"})
    hidden = "CONSTRUCT { ?x <urn:q> ?y } WHERE { ?x <urn:a>/^<urn:b> ?y FILTER EXISTS { ?y <urn:c>+ ?x ; <urn:d> 1 } }"
    assert asked_predicates(hidden) == frozenset({b"<urn:a>", b"<urn:b>", b"<urn:c>", b"<urn:d>"})


def test_a_rule_that_may_ask_for_anything_is_shown_everything() -> None:
    for pattern in ("?x ?p ?y", "?x <urn:p>* ?y", "?x !<urn:p> ?y", "GRAPH ?g { ?x <urn:p> ?y }"):
        assert asked_predicates(f"CONSTRUCT {{ ?x <urn:q> ?y }} WHERE {{ {pattern} }}") is None
