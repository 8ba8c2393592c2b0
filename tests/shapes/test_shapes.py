"""Every shape accepts what is right and rejects what is wrong, and says so in words: shown by one snippet each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import RDF, RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from hansa.config import Config
from tests.validate.reports import without_doubt

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SHAPE_FILES = sorted((ROOT / "shapes").glob("*.ttl"))
VALID = sorted(HERE.glob("*/valid*.ttl"))
INVALID = sorted(HERE.glob("*/invalid-*.ttl"))
EXPECTATION = re.compile(r"^# expect: shape:(\S+) (.+)$", re.MULTILINE)
PREFIX_LINE = re.compile(r"^@prefix ([a-z0-9]+): <([^>]*)> \.$", re.MULTILINE)

COMPONENTS = (
    "MinCount MaxCount Class Datatype NodeKind Pattern MinLength MaxLength MinInclusive MaxInclusive LessThanOrEquals "
    "Disjoint UniqueLang LanguageIn HasValue In Or Not Node Closed QualifiedMinCount"
)
PARAMETERS = {name[0].lower() + name[1:]: name for name in COMPONENTS.split()}
OTHER_TERMS = (
    "NodeShape PropertyShape targetClass targetSubjectsOf path property name message description severity Violation "
    "Warning Info IRI Literal IRIOrLiteral flags ignoredProperties qualifiedValueShape"
)
ASKED = (RDF.type, RDFS.subClassOf, SKOS.inScheme, SKOS.prefLabel)
EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
EVENT = URIRef("https://schema.org/Event")
TARGETS = (SH.targetClass, SH.targetSubjectsOf)
Fired = set[tuple[str, str]]
Validate = Callable[[Path], Graph]
"""Gives what belongs to a snippet."""


@pytest.fixture(scope="module", autouse=True)
def _literals_as_written() -> Iterator[None]:
    """Keep rdflib from rewriting literals, as the validation itself does."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    yield
    rdflib.NORMALIZE_LITERALS = before


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for path in SHAPE_FILES:
        graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def ontology() -> Graph:
    graph = Graph()
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        graph.parse(path, publicID=path.as_uri())
    return graph


def described(data: Graph, background: Graph, ontology: Graph) -> Graph:
    """Give the data with what is known about the things and terms in it: as good as all of it, and much faster."""
    known = Graph()
    known += data
    waiting = {term for subject, _, term in data for term in (subject, term)}
    seen: set[Node] = set()
    while waiting:
        term = waiting.pop()
        seen.add(term)
        found = {*background.triples((term, None, None))}
        found |= {triple for predicate in ASKED for triple in ontology.triples((term, predicate, None))}
        for triple in found:
            known.add(triple)
        waiting |= {obj for _, _, obj in found} - seen
    return known


def run(shapes: Graph, data: Graph) -> Graph:
    """Validate the data and give the report."""
    report = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)[1]
    assert isinstance(report, Graph)
    return report


@pytest.fixture(scope="module")
def data_of(ontology: Graph) -> Validate:
    """Give a snippet, with the background behind it."""
    background = Graph().parse(HERE / "background.ttl")
    return cache(lambda path: described(Graph().parse(path), background, ontology))


@pytest.fixture(scope="module")
def validate(shapes: Graph, data_of: Validate) -> Validate:
    """Give the report of pySHACL, the reference, on a snippet."""
    return cache(lambda path: run(shapes, data_of(path)))


@pytest.fixture(scope="module")
def validate_fast(shapes: Graph, data_of: Validate) -> Validate:
    """Give the report of the fast engine on a snippet."""
    shacl = pytest.importorskip("shacl", reason="the fast engine has no wheel for this machine")
    ready = shacl.Shapes.from_text(shapes.serialize(format="nt"), "ntriples")

    def report(path: Path) -> Graph:
        found = ready.validate_text(data_of(path).serialize(format="nt"), "ntriples")
        return Graph().parse(data=found.serialize("ntriples"), format="nt")

    return report


def local(node: Node | None) -> str:
    return str(node).rpartition("#")[2]


def component(report: Graph, result: Node) -> str:
    return local(report.value(result, SH.sourceConstraintComponent)).removesuffix("ConstraintComponent")


def fired(report: Graph, results: Iterator[Node]) -> Fired:
    return {(local(report.value(result, SH.sourceShape)), component(report, result)) for result in results}


def expected(path: Path) -> Fired:
    found = EXPECTATION.findall(path.read_text(encoding="utf-8"))
    return {(shape, name) for shape, names in found for name in names.split()}


def declared(shapes: Graph) -> set[Node]:
    return set(shapes.subjects(RDF.type, SH.NodeShape)) | set(shapes.subjects(RDF.type, SH.PropertyShape))


def targeted(shapes: Graph) -> set[Node]:
    return {shape for predicate in TARGETS for shape in shapes.subjects(predicate)}


def reported(shapes: Graph) -> set[Node]:
    """Give the shapes whose results a report can hold: targeted ones and what they use by sh:property or sh:node."""
    found = targeted(shapes)
    waiting = list(found)
    while waiting:
        shape = waiting.pop()
        used = {o for p in (SH.property, SH.node) for o in shapes.objects(shape, p)} - found
        found |= used
        waiting += used
    return found


def used_in_logic(shapes: Graph) -> set[Node]:
    """Give the shapes that stand in a sh:or, a sh:not or a sh:qualifiedValueShape."""
    listed = {member for head in shapes.objects(None, SH["or"]) for member in shapes.items(head)}
    return listed | {o for p in (SH["not"], SH.qualifiedValueShape) for o in shapes.objects(None, p)}


# ------------------------------------------------------------------ what the shapes do


def test_background_is_valid(validate: Validate) -> None:
    report = validate(HERE / "background.ttl")
    assert fired(report, report.objects(None, SH.result)) == set()


@pytest.mark.parametrize("path", VALID, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_valid_snippet_gives_no_result(path: Path, validate: Validate) -> None:
    report = validate(path)
    assert fired(report, report.objects(None, SH.result)) == set()


@pytest.mark.parametrize("path", INVALID, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_invalid_snippet_fires_exactly_what_it_says(path: Path, validate: Validate) -> None:
    report = validate(path)
    assert expected(path)
    assert fired(report, report.objects(None, SH.result)) == expected(path)


@pytest.mark.parametrize("path", [*VALID, *INVALID], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_both_engines_say_the_same(path: Path, validate: Validate, validate_fast: Validate) -> None:
    assert without_doubt(validate_fast(path)) == without_doubt(validate(path))


def test_every_constraint_rejects_something(shapes: Graph, validate: Validate) -> None:
    wanted = {
        (local(shape), PARAMETERS[local(predicate)])
        for shape in reported(shapes)
        for predicate in shapes.predicates(shape)
        if local(predicate) in PARAMETERS
    }
    seen: Fired = set()
    for path in INVALID:
        report = validate(path)
        seen |= fired(report, report.subjects(RDF.type, SH.ValidationResult))
    assert sorted(wanted - seen) == []


@pytest.mark.parametrize("path", SHAPE_FILES, ids=lambda p: p.stem)
def test_every_target_has_a_valid_snippet(path: Path) -> None:
    shapes = Graph().parse(path)
    snippets = Graph()
    for snippet in HERE.glob(f"{path.stem}/valid*.ttl"):
        snippets.parse(snippet)
    classes = set(snippets.objects(None, RDF.type))
    missing = {
        local(shape)
        for shape in targeted(shapes)
        if not classes & set(shapes.objects(shape, SH.targetClass))
        and not set(snippets.predicates()) & set(shapes.objects(shape, SH.targetSubjectsOf))
        and not forbids(shapes, shape)
    }
    assert missing == set()


def forbids(shapes: Graph, shape: Node) -> bool:
    """Tell whether a shape does nothing but forbid properties, so that no valid data can be its target."""
    parts = list(shapes.objects(shape, SH.property))
    return bool(parts) and all(str(shapes.value(part, SH.maxCount)) == "0" for part in parts)


@pytest.mark.parametrize(
    ("accepted", "refused", "kind", "shape"),
    [
        ("time/edtf-accepted.txt", "time/edtf-refused.txt", Literal("", datatype=EDTF), "Event-date"),
        ("privacy/accepted.txt", "privacy/refused.txt", Literal("", lang="en"), "Privacy-altLabel"),
    ],
)
def test_pattern_tells_apart(accepted: str, refused: str, kind: Literal, shape: str, shapes: Graph) -> None:
    lists = {name: (HERE / name).read_text(encoding="utf-8").splitlines() for name in (accepted, refused)}
    path = next(o for s, o in shapes.subject_objects(SH.path) if local(s) == shape)
    data = Graph()
    for number, value in enumerate(value for part in lists.values() for value in part):
        event = URIRef(f"urn:x:/id/event/e{number}")
        data.add((event, RDF.type, EVENT))
        data.add((event, path, Literal(value, lang=kind.language, datatype=kind.datatype)))
    report = run(shapes, data)
    results = [r for r in report.objects(None, SH.result) if local(report.value(r, SH.sourceShape)) == shape]
    assert sorted(str(report.value(r, SH.value)) for r in results) == sorted(lists[refused])


# ------------------------------------------------------------------ what the shapes are


def test_shapes_are_valid_shacl(shapes: Graph) -> None:
    assert pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True, advanced=False)[0]


def test_every_shape_is_complete(shapes: Graph) -> None:
    wanted = (SH.message, SH.name, SH.severity)
    lacking = {(local(s), local(p)) for s in declared(shapes) for p in wanted if len(list(shapes.objects(s, p))) != 1}
    assert lacking == set()


def test_messages_are_english_sentences(shapes: Graph) -> None:
    messages = list(shapes.objects(None, SH.message))
    wrong = [m for m in messages if not (isinstance(m, Literal) and m.language == "en" and m.endswith("."))]
    assert wrong == []


def test_every_shape_is_named_declared_once_and_used(shapes: Graph) -> None:
    lists = set(shapes.subjects(RDF.first))
    unnamed = {s for s in shapes.subjects() if isinstance(s, BNode)} - lists
    assert unnamed == set()
    assert {local(s) for s in declared(shapes) - reported(shapes) - used_in_logic(shapes)} == set()
    files = [shape for path in SHAPE_FILES for shape in declared(Graph().parse(path))]
    assert len(files) == len(set(files))


def test_every_shape_that_is_used_exists(shapes: Graph) -> None:
    links = {o for p in (SH.property, SH.node) for o in shapes.objects(None, p)} | used_in_logic(shapes)
    assert {local(shape) for shape in links - declared(shapes)} == set()


def test_shapes_are_shacl_core_only(shapes: Graph) -> None:
    known = set(PARAMETERS) | set(OTHER_TERMS.split())
    terms = {t for triple in shapes for t in triple if isinstance(t, URIRef) and t.startswith(str(SH))}
    assert {local(t) for t in terms} - known == set()


@pytest.mark.parametrize("path", [*SHAPE_FILES, *VALID, *INVALID], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_base_stands_in_prefix_lines_only(path: Path, config: Config) -> None:
    text = path.read_text(encoding="utf-8")
    assert config.base.partition("://")[2].rstrip("/") not in PREFIX_LINE.sub("", text)
    assert {name: iri for name, iri in PREFIX_LINE.findall(text) if config.prefixes.get(name) != iri} == {}
