"""What is said of a thing is found in packed graphs, however many things are asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hansa.large import subjects
from hansa.large.subjects import Subjects
from hansa.packed import PackedGraph
from hansa.rdf import BlankNode, NamedNode

_GRAPHS = [NamedNode(f"urn:g{number}") for number in range(3)]
# One name begins another, and blank nodes sort before IRIs.
_NODES: list[NamedNode | BlankNode] = [*map(NamedNode, ("urn:a", "urn:a/b", "urn:b", "urn:a#")), BlankNode("a")]
_line = st.builds(
    lambda s, p, o: f"{s} <urn:p{p}> {o} .\n".encode(),
    st.sampled_from(_NODES),
    st.integers(0, 2),
    st.sampled_from(_NODES),
)


@given(st.lists(st.sets(_line, max_size=8), min_size=3, max_size=3), st.booleans())
def test_statements_about_a_thing(graphs: list[set[bytes]], many: bool) -> None:
    packed = {name: PackedGraph.of(name, lines) for name, lines in zip(_GRAPHS, graphs, strict=True)}
    looked_up = Subjects(packed, [*_GRAPHS[:2], NamedNode("urn:none")])
    expected = [quad for name in _GRAPHS[:2] for quad in packed[name].quads()]
    for _ in range(subjects._FEW if many else 0):
        looked_up.quads(NamedNode("urn:none"))
    for node in _NODES:
        found = looked_up.quads(node)
        assert [str(quad) for quad in found] == [str(quad) for quad in expected if quad.subject == node]
