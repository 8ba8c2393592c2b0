"""The closure: equal to owlrl on the shipped graph, and every derived statement in the graph of its source."""

from pathlib import Path

import owlrl
import pytest
import rdflib

from hansa.build.closure import Closure, owl_rl_rules
from hansa.build.derive import derive
from hansa.build.provenance import describe_graphs, premises_of
from hansa.columns import Statements
from hansa.config import Config
from hansa.rdf import FORMATS, Graphs, Quad, lines_of, parse_bytes, quads_of, serialise
from hansa.sources.loader import load
from hansa.sources.project import find_files
from hansa.vocab import DCT, ORG, PROV, RDF


@pytest.fixture(scope="module")
def asserted(config: Config) -> Graphs:
    graphs, findings = load(find_files(config), config)
    assert findings == []
    return graphs


@pytest.fixture(scope="module")
def rules(root: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((root / "ontology" / "rules").glob("*.rq"))]


@pytest.fixture(scope="module")
def derived(asserted: Graphs, rules: list[str], config: Config) -> Graphs:
    return derive(asserted, config.vocab, rules)


def _rdflib(quads: list[Quad]) -> rdflib.Graph:
    graph = rdflib.Graph()
    graph.parse(data=serialise([q.triple for q in quads], FORMATS["ntriples"]), format="nt")
    return graph


def _about_things(graph: rdflib.Graph, base: str) -> set[tuple[str, str, str]]:
    """Leave out what owlrl says of the vocabulary itself, of literals, and of anything (axioms, datatypes, x = x)."""
    things = (f"{base}id/", f"{base}vocab/")
    trivial = {str(rdflib.OWL.Thing), str(rdflib.RDFS.Resource), str(rdflib.RDFS.Literal)}
    return {
        (subject.n3(), predicate.n3(), obj.n3())
        for subject, predicate, obj in graph
        if isinstance(subject, rdflib.URIRef) and str(subject).startswith(things)
        if subject != obj and str(obj) not in trivial and not str(obj).startswith(str(rdflib.XSD))
    }


@pytest.fixture(scope="module")
def reference(asserted: Graphs) -> owlrl.OWLRL_Semantics:
    rdflib.NORMALIZE_LITERALS = False
    graph = _rdflib([quad for quads in asserted.values() for quad in quads])
    closure = owlrl.OWLRL_Semantics(graph, axioms=False, daxioms=False)
    closure.closure()
    return closure


def test_closure_equals_owlrl_on_the_shipped_graph(
    asserted: Graphs, reference: owlrl.OWLRL_Semantics, config: Config
) -> None:
    everything = [quad for quads in asserted.values() for quad in quads]
    schema = [q for name in ("ontology", "vocabulary") for q in asserted[config.vocab.graph(name)]]
    closure = Closure(schema, [])
    target = config.vocab.graph("x")
    derived = [*closure.schema_lines(), *closure.infer_lines(Statements(lines_of(everything)))]
    ours = _rdflib([*everything, *quads_of(derived, target)])
    assert _about_things(ours, config.base) == _about_things(reference.graph, config.base)


def test_owlrl_finds_no_inconsistency(reference: owlrl.OWLRL_Semantics) -> None:
    assert reference.error_messages == []


def test_every_rule_file_says_which_rule_it_is() -> None:
    assert len(owl_rl_rules()) == 11
    assert all(rule.startswith("#+ summary: OWL 2 RL ") for rule in owl_rl_rules())


def test_derived_statements_stand_with_their_source(derived: Graphs, config: Config) -> None:
    v = config.vocab
    statement = (v.thing("authority", "tokyo"), ORG.memberOf, v.thing("network", "u20"))
    graphs = [g for g, quads in derived.items() if statement in {(q.subject, q.predicate, q.object) for q in quads}]
    assert graphs == [v.graph("derived", "tokyo-multi-city-diplomacy")]


def test_nothing_derived_is_asserted_in_the_same_source(asserted: Graphs, derived: Graphs, config: Config) -> None:
    for graph, quads in derived.items():
        for premise in premises_of(config.vocab, graph, asserted):
            assert not {q.triple for q in quads} & {q.triple for q in asserted.get(premise, [])}


def test_every_graph_leads_to_a_source_document(asserted: Graphs, derived: Graphs, config: Config) -> None:
    v = config.vocab
    graphs = {**asserted, **derived}
    described = describe_graphs(graphs, v)
    sources = {
        q.subject
        for q in (quad for quads in asserted.values() for quad in quads)
        if q.predicate == RDF.type and q.object == v.hansa.SourceDocument
    }
    for graph in [*graphs, v.graph("provenance")]:
        named = {q.object for q in described if q.subject == graph and q.predicate == DCT.source}
        assert named
        assert named <= sources, f"{graph} names a source that nothing describes"


def test_a_derived_graph_names_its_premises(asserted: Graphs, derived: Graphs, config: Config) -> None:
    v = config.vocab
    described = describe_graphs({**asserted, **derived}, v)
    slug = "seoul-citynet-2013"
    assert Quad(v.graph("derived", slug), PROV.wasDerivedFrom, v.graph(slug), v.graph("provenance")) in described


TINY = """
@prefix : <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:C rdfs:subClassOf :D . :D rdfs:subClassOf :E .
:p rdfs:domain :C ; rdfs:range :D ; owl:inverseOf :q ; rdfs:subPropertyOf :r .
:t a owl:TransitiveProperty . :s a owl:SymmetricProperty . :E owl:equivalentClass :F . :r owl:equivalentProperty :u .
"""


@pytest.mark.parametrize(
    ("premise", "follows"),
    [
        (":x a :C .", ":x a :E"),
        (":x a :C .", ":x a :F"),
        (":x :p :y .", ":x a :C"),
        (":x :p :y .", ":y a :D"),
        (":x :p :y .", ":y :q :x"),
        (":x :p :y .", ":x :u :y"),
        (":x :t :y . :y :t :z .", ":x :t :z"),
        (":x :s :y .", ":y :s :x"),
    ],
)
def test_each_rule_infers(premise: str, follows: str) -> None:
    def quads(text: str) -> list[Quad]:
        return list(parse_bytes(f"@prefix : <http://e/> .\n{text}".encode(), FORMATS["turtle"]))

    inferred = Closure(quads(TINY), []).infer_lines(Statements(lines_of(quads(premise))))
    assert set(lines_of(quads(f"{follows} ."))) <= set(inferred)
