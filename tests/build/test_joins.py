"""What is derived source by source, and then of what can meet, is what all sources together entail."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from hansa.build.asked import shape_of
from hansa.build.closure import Closure, owl_rl_rules
from hansa.build.closure import _by_queries as by_queries
from hansa.build.derive import derive
from hansa.columns import Statements
from hansa.config import Config
from hansa.packed import Shelf
from hansa.rdf import Line, lines_of, quads_of
from hansa.vocab import OWL, RDF, RDFS

_RULES = (
    "CONSTRUCT { ?x <urn:out> ?z } WHERE { ?m <urn:p0> ?x ; <urn:p1> ?z }",
    "CONSTRUCT { ?x <urn:p2> ?z } WHERE { ?x <urn:p0> ?y . ?y <urn:p1> ?z }",
    "CONSTRUCT { ?x <urn:p1> <urn:x0> } WHERE { ?x <urn:p2> ?y . ?y <urn:p2> ?z FILTER(isIRI(?z)) }",
    "CONSTRUCT { ?z <urn:p0> ?x } WHERE { ?x <urn:p2> ?y ; <urn:p1> ?z . ?y <urn:p1> ?w }",
    "CONSTRUCT { ?x <urn:p2> ?z } WHERE { ?m <urn:p0> ?x ; <urn:p1> ?z }",
    "CONSTRUCT { ?x <urn:p9> ?w } WHERE { ?x <urn:p2> ?y . ?y <urn:p1> ?w }",
    "CONSTRUCT { ?x <urn:page> ?p } WHERE { ?x <urn:p1> ?y BIND(IRI(CONCAT(STR(?y), '/')) AS ?p) }",
    "CONSTRUCT { ?x <urn:p1> ?z } WHERE { ?x <urn:p0>/<urn:p2> ?z }",
)
_AXIOMS = [
    f"<urn:p1> <{RDF.type.value}> <{OWL.iri}TransitiveProperty> .\n".encode(),
    f"<urn:p0> <{RDFS.iri}subPropertyOf> <urn:p2> .\n".encode(),
    f"<urn:p0> <{OWL.iri}inverseOf> <urn:p1> .\n".encode(),
]


class _InMemory:
    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, key: str) -> bytes | None:
        return self._kept.get(key)

    def put(self, key: str, data: bytes) -> None:
        self._kept[key] = data


_SHELF: Shelf = _InMemory()


def _fact(subject: int, predicate: int, value: int) -> Line:
    return f"<urn:x{subject}> <urn:p{predicate}> <urn:x{value}> .\n".encode()


# Only through a statement of its own source does the first one meet the other source.
_NEIGHBOURS = {_RULES[3]}, set[Line](), [{_fact(0, 1, 1), _fact(0, 2, 2)}, {_fact(2, 1, 3)}]
# What two sources entail meets a third, which shares a node with neither.
_LED_ON = {_RULES[4], _RULES[5]}, set[Line](), [{_fact(0, 0, 1)}, {_fact(0, 1, 2)}, {_fact(2, 1, 3)}]


def _facts() -> st.SearchStrategy[set[Line]]:
    things = st.sampled_from([f"<urn:x{n}>" for n in range(5)])
    properties = st.sampled_from([f"<urn:p{n}>" for n in range(3)])
    lines = st.builds(lambda s, p, o: f"{s} {p} {o} .\n".encode(), things, properties, things)
    return st.sets(lines, max_size=4)


def test_sources_give_together_what_the_whole_gives(config: Config) -> None:
    vocab = config.vocab

    @settings(max_examples=40, deadline=None)
    @example(*_NEIGHBOURS)
    @example(*_LED_ON)
    @given(st.sets(st.sampled_from(_RULES)), st.sets(st.sampled_from(_AXIOMS)), st.lists(_facts(), max_size=3))
    def check(rules: set[str], axioms: set[Line], sources: list[set[Line]]) -> None:
        schema = quads_of(axioms, vocab.graph("ontology"))
        graphs = {vocab.graph("ontology"): schema}
        graphs |= {
            vocab.graph(f"s{n}"): quads_of(sorted(lines), vocab.graph(f"s{n}")) for n, lines in enumerate(sources)
        }
        texts = sorted(rules)
        found = {line for quads in derive(graphs, vocab, texts, _SHELF).values() for line in lines_of(quads)}
        whole = set[Line]().union(*sources)
        # What stands in a relation to itself is not told, so that other sources do not hear of it.
        everything = by_queries((*texts, *owl_rl_rules()), axioms, whole)
        assume(not any(line.split()[0] == line.split()[2] for line in everything if b" <urn:p" in line))
        closure = Closure(schema, texts)
        expected = {*closure.infer_lines(Statements(whole)), *closure.schema_lines()}
        assert found - whole - axioms == expected - whole - axioms

    check()


@pytest.mark.parametrize(
    "pattern",
    [
        "?x <urn:p> ?y . ?z <urn:p> ?w",
        "?x <urn:p> ?y ; <urn:q> ?z FILTER(?z > ?y)",
        "?x <urn:p> ?z FILTER NOT EXISTS { ?z <urn:q> ?x }",
        "?x <urn:p>/<urn:q> ?z",
        "?x <urn:p> ?z OPTIONAL { ?x <urn:q> ?z }",
        "{ ?x <urn:p> ?z } UNION { ?x <urn:q> ?z }",
        "?x ?p ?z",
    ],
)
def test_a_rule_whose_statements_meet_in_another_way_is_not_plain(pattern: str) -> None:
    assert shape_of(f"CONSTRUCT {{ ?x <urn:out> ?z }} WHERE {{ {pattern} }}") is None
