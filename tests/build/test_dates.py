"""Derived dates: bounds and intervals, in the graph of their source."""

from hansa.build.dates import DateLines
from hansa.columns import columns_of
from hansa.config import Config
from hansa.rdf import Literal, NamedNode, Quad, lines_of, quads_of
from hansa.vocab import EDTF, ORG, RDF, Vocabulary


def derived_from(quads: list[Quad], vocab: Vocabulary) -> list[Quad]:
    return quads_of(sorted(DateLines(vocab).derive(columns_of(lines_of(quads)))), vocab.graph("derived", "x"))


def _edtf(text: str) -> Literal:
    return Literal(text, datatype=EDTF.EDTF)


def test_membership_gets_bounds_and_interval(config: Config) -> None:
    v = config.vocab
    graph, target = v.graph("x"), v.graph("derived", "x")
    membership = v.thing("membership", "u20-tokyo-member-city")
    quads = [
        Quad(membership, RDF.type, ORG.Membership, graph),
        Quad(membership, v.hansa.start, _edtf("2018-01"), graph),
    ]
    derived = derived_from(quads, v)
    values = {(q.predicate.value.rsplit("#")[-1], getattr(q.object, "value", "")) for q in derived}
    assert {("startEarliest", "2018-01-01"), ("startLatest", "2018-01-31")} <= values
    assert ("memberDuring", v.thing("interval", "u20-tokyo-member-city").value) in values
    assert ("inXSDgYearMonth", "2018-01") in values
    assert {q.graph_name for q in derived} == {target}


def test_a_date_bounds_start_and_end_alike(config: Config) -> None:
    v = config.vocab
    quad = Quad(v.thing("event", "e"), v.hansa.date, _edtf("1987"), v.graph("x"))
    names = {q.predicate.value.rsplit("#")[-1] for q in derived_from([quad], v)}
    assert names == {"startEarliest", "startLatest", "endEarliest", "endLatest"}


def test_a_plain_string_is_not_a_date(config: Config) -> None:
    v = config.vocab
    quad = Quad(NamedNode("http://e/x"), v.hansa.start, Literal("1987"), v.graph("x"))
    assert derived_from([quad], v) == []
