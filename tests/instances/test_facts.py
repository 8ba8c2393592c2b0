"""The founding documents: every fact is published with its place, or left out with a reason; nothing else is."""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from hansa.config import Config
from hansa.rdf import BlankNode, Graphs, Literal, NamedNode, Quad, parse_file
from hansa.vocab import DCT, FOAF, HANSA_TERMS, ORG, RDF, SKOS, Vocabulary

SOURCES = {
    "amb-metropolis": "000",
    "metrex-about": "001",
    "tokyo-multi-city-diplomacy": "002",
    "seoul-citynet-2013": "003",
    "hamamatsu-uclg": "004",
}

# Rows of the fact table whose lines we found wrong: the title is printed once at the top; "President of METREX" also
# stands inside "Vice-President of METREX", and each vice-president has a line of her own.
CORRECTED_LINES = {
    "mx-title": {1},
    "mx-mazur-post": {43},
    "mx-pres-postin": {43},
    "mx-may-post": {48},
    "mx-suomi-post": {53},
    "tmg-title": {1},
}

CONTACT = re.compile(r"\+\d|\(0\)|\b\d{2,4}[- ]\d{3,4}[- ]\d{3,4}\b|[\w.]+@[\w-]+\.\w|mailto:|tel:", re.IGNORECASE)
Row = dict[str, str]


@pytest.fixture(scope="module")
def vocab(config: Config) -> Vocabulary:
    return config.vocab


@pytest.fixture(scope="module")
def graphs(root: Path, vocab: Vocabulary) -> Graphs:
    folder = root / "instances" / "sources"
    return {vocab.graph(path.stem): list(parse_file(path)) for path in sorted(folder.glob("*.ttl"))}


@pytest.fixture(scope="module")
def facts(root: Path) -> list[Row]:
    path = root.parent / "shared" / "data" / "facts.csv"
    if not path.exists():
        pytest.skip("the fact table does not stand beside the checkout (../shared/data/facts.csv)")
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def texts(root: Path) -> dict[str, list[str]]:
    folder = root.parent / "shared" / "sources"
    if not folder.exists():
        pytest.skip("the source texts do not stand beside the checkout (../shared/sources)")
    return {slug: next(folder.glob(f"{n}*")).read_text("utf-8").split("\n") for slug, n in SOURCES.items()}


@pytest.fixture(scope="module")
def left_out(root: Path) -> dict[str, Row]:
    with (root / "tests" / "instances" / "facts_left_out.csv").open(encoding="utf-8", newline="") as lines:
        return {row["key"]: row for row in csv.DictReader(lines)}


def slug_of(graph: NamedNode) -> str:
    return graph.value.rsplit("/", 1)[1]


def objects(quads: list[Quad], subject: object, predicate: NamedNode) -> list[NamedNode | Literal]:
    return [q.object for q in quads if q.subject == subject and q.predicate == predicate]  # type: ignore[misc]


def evidence_in(quads: list[Quad], vocab: Vocabulary) -> set[NamedNode]:
    kind = vocab.hansa.Evidence
    return {q.subject for q in quads if q.predicate == RDF.type and q.object == kind}  # type: ignore[misc]


def lines_of(quads: list[Quad], node: NamedNode, vocab: Vocabulary) -> set[int]:
    return {int(o.value) for o in objects(quads, node, vocab.hansa.line)}


def literals(graphs: Graphs) -> Iterator[tuple[str, Quad, Literal]]:
    for graph, quads in graphs.items():
        for quad in quads:
            if isinstance(quad.object, Literal):
                yield slug_of(graph), quad, quad.object


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text)


# ---------------------------------------------------------------- every fact


def test_all_five_sources_are_here(graphs: Graphs) -> None:
    assert {slug_of(g) for g in graphs} == set(SOURCES)


def test_every_fact_is_published_or_left_out(
    facts: list[Row], graphs: Graphs, left_out: dict[str, Row], vocab: Vocabulary
) -> None:
    slugs = {number: slug for slug, number in SOURCES.items()}
    problems = []
    for fact in facts:
        graph = vocab.graph(slugs[fact["source_file"][:3]])
        published = vocab.thing("evidence", fact["key"]) in evidence_in(graphs[graph], vocab)
        if published == (fact["key"] in left_out):
            problems.append(f"{fact['fact_id']} {fact['key']}: {'published and left out' if published else 'missing'}")
    assert problems == []


def test_what_is_left_out_has_a_reason_and_was_not_fit(facts: list[Row], left_out: dict[str, Row]) -> None:
    rows = {fact["key"]: fact for fact in facts}
    for key, row in left_out.items():
        assert row["reason"].endswith(".")
        assert rows[key]["fact_id"] == row["fact_id"]
        assert rows[key]["publish"] != "yes" or "precision=derived" in rows[key]["qualifiers"], key


def test_lines_are_those_of_the_fact(
    facts: list[Row], graphs: Graphs, left_out: dict[str, Row], vocab: Vocabulary
) -> None:
    everything = [q for quads in graphs.values() for q in quads]
    for fact in (f for f in facts if f["key"] not in left_out):
        stated = {int(n) for n in fact["source_lines"].split(";")}
        expected = CORRECTED_LINES.get(fact["key"], stated)
        assert expected <= stated
        assert lines_of(everything, vocab.thing("evidence", fact["key"]), vocab) == expected, fact["key"]


def test_certainty_is_that_of_the_fact(facts: list[Row], graphs: Graphs, vocab: Vocabulary) -> None:
    everything = [q for quads in graphs.values() for q in quads]
    for fact in facts:
        for certainty in objects(everything, vocab.thing("evidence", fact["key"]), vocab.hansa.certainty):
            name = "inferred" if fact["status"] == "inferred" else "stated"
            assert certainty == vocab.concept("certainty", name), fact["key"]


# ---------------------------------------------------------------- every statement


def test_every_evidence_is_complete_and_supports_something(graphs: Graphs, vocab: Vocabulary) -> None:
    for graph, quads in graphs.items():
        used = {q.object for q in quads if q.predicate == vocab.hansa.evidence}
        assert used == evidence_in(quads, vocab), slug_of(graph)
        for node in evidence_in(quads, vocab):
            assert objects(quads, node, vocab.hansa.inSource) == [vocab.thing("source", slug_of(graph))], node
            assert len(objects(quads, node, vocab.hansa.certainty)) == 1, node
            assert lines_of(quads, node, vocab), node
            inferred = objects(quads, node, vocab.hansa.certainty)[0] == vocab.concept("certainty", "inferred")
            assert not inferred or objects(quads, node, vocab.hansa.reason), f"{node} gives no reason"


def supports(quads: list[Quad], node: NamedNode, statement: Quad, vocab: Vocabulary) -> bool:
    """Tell whether an evidence node supports a statement: all of its subject, its property, or just its value."""
    properties = objects(quads, node, vocab.hansa.supportsProperty)
    values = objects(quads, node, vocab.hansa.supportsValue)
    return not properties or (statement.predicate in properties and (not values or statement.object in values))


def test_every_statement_is_supported(graphs: Graphs, vocab: Vocabulary) -> None:
    # Language and undatedness belong to the whole document, not to a line of it.
    whole_document = {RDF.type, vocab.hansa.evidence, DCT.language, vocab.hansa.dating}
    bare = []
    for quads in graphs.values():
        evidence = defaultdict(list)
        for quad in quads:
            if quad.predicate == vocab.hansa.evidence:
                evidence[quad.subject].append(quad.object)
        skip = evidence_in(quads, vocab)
        for quad in quads:
            if quad.predicate not in whole_document and quad.subject not in skip:
                nodes: list[NamedNode] = evidence[quad.subject]  # type: ignore[assignment]
                if not any(supports(quads, node, quad, vocab) for node in nodes):
                    bare.append(str(quad))
    assert bare == []


def test_what_evidence_names_is_there(graphs: Graphs, vocab: Vocabulary) -> None:
    for quads in graphs.values():
        said = defaultdict(list)
        for quad in quads:
            said[quad.subject, quad.predicate].append(quad.object)
        for quad in (q for q in quads if q.predicate == vocab.hansa.evidence):
            node: NamedNode = quad.object  # type: ignore[assignment]
            properties = objects(quads, node, vocab.hansa.supportsProperty)
            values = objects(quads, node, vocab.hansa.supportsValue)
            found = [said[quad.subject, p] for p in properties]  # type: ignore[index]
            assert all(found), f"{node} supports a property that {quad.subject} does not have"
            assert all(any(v in f for f in found) for v in values), f"{node} supports a value that is not there"
            assert values or all(len(f) == 1 for f in found), f"{node} does not say which value it supports"


# ---------------------------------------------------------------- form


def test_no_blank_nodes_and_known_terms_only(graphs: Graphs, vocab: Vocabulary) -> None:
    known = {vocab.hansa.iri + term for term in HANSA_TERMS.split()}
    for quads in graphs.values():
        for quad in quads:
            for term in (quad.subject, quad.predicate, quad.object):
                assert not isinstance(term, BlankNode)
                if isinstance(term, NamedNode) and term.value.startswith(vocab.hansa.iri):
                    assert term.value in known


def test_concepts_are_in_the_vocabulary(root: Path, graphs: Graphs, vocab: Vocabulary) -> None:
    files = (root / "ontology" / "vocab").glob("*.ttl")
    concepts = {q.subject for path in files for q in parse_file(path)}
    used = {q.object for quads in graphs.values() for q in quads if str(q.object).startswith(f"<{vocab.base}vocab/")}
    assert used - concepts == set()


def test_prefixes_are_those_of_the_table(root: Path, graphs: Graphs, config: Config) -> None:
    for graph in graphs:
        text = (root / "instances" / "sources" / f"{slug_of(graph)}.ttl").read_text("utf-8")
        declared = dict(re.findall(r"^@prefix (\w+): <(.*)> \.$", text, re.MULTILINE))
        assert declared.items() <= config.prefixes.items()
        body = re.sub(r'"[^"\n]*"|^@prefix .*$', "", text, flags=re.MULTILINE)
        assert all(re.search(rf"\b{prefix}:", body) for prefix in declared)


def test_one_preferred_name_a_language(root: Path) -> None:
    names = defaultdict(set)
    for path in (root / "instances").rglob("*.ttl"):
        for quad in parse_file(path):
            if quad.predicate == SKOS.prefLabel and isinstance(quad.object, Literal):
                names[quad.subject, quad.object.language].add(quad.object.value)
    assert {key: values for key, values in names.items() if len(values) > 1} == {}


def test_no_contact_data(graphs: Graphs) -> None:
    for _, quad, literal in literals(graphs):
        article_number = literal.value == "001-001-20231122-003720"
        assert article_number or not CONTACT.search(literal.value), quad


def test_excerpts_are_short_and_printed(graphs: Graphs, texts: dict[str, list[str]], vocab: Vocabulary) -> None:
    for graph, quads in graphs.items():
        for quad in (q for q in quads if q.predicate == vocab.hansa.excerpt):
            excerpt = quad.object.value  # type: ignore[union-attr]
            assert len(excerpt) <= 80
            lines = lines_of(quads, quad.subject, vocab)  # type: ignore[arg-type]
            assert any(excerpt in squeeze(texts[slug_of(graph)][n - 1]) for n in lines), quad


def test_longer_texts_are_our_own(graphs: Graphs, texts: dict[str, list[str]], vocab: Vocabulary) -> None:
    names = {SKOS.prefLabel, SKOS.altLabel, DCT.title, vocab.hansa.excerpt, vocab.hansa.positionTitle}
    for slug, quad, literal in literals(graphs):
        limit = 20 if literal.language == "ja" else 60
        printed = squeeze(" ".join(texts[slug])).lower()
        if quad.predicate not in names and len(literal.value) > limit and "legalName" not in quad.predicate.value:
            assert literal.value.rstrip(".").lower() not in printed, quad


# ---------------------------------------------------------------- traps


def members_of(graphs: Graphs, organization: NamedNode) -> set[tuple[NamedNode, NamedNode]]:
    """Give member and role of every membership in an organization."""
    found = set()
    for quads in graphs.values():
        for quad in quads:
            if quad.predicate == ORG.organization and quad.object == organization:
                member = objects(quads, quad.subject, ORG.member)[0]
                role = objects(quads, quad.subject, ORG.role)[0]
                found.add((member, role))
    return found  # type: ignore[return-value]


def test_nobody_is_a_member_whom_no_source_calls_one(graphs: Graphs, vocab: Vocabulary) -> None:
    assert members_of(graphs, vocab.thing("network", "metropolis")) == set()
    citynet = {member for member, _ in members_of(graphs, vocab.thing("network", "citynet"))}
    assert vocab.thing("organization", "seoul-institute") not in citynet
    assert len(citynet) == 11
    metrex = {member for member, _ in members_of(graphs, vocab.thing("network", "metrex"))}
    assert all("/person/" in member.value for member in metrex)


def test_the_managing_committee_has_ten_members(graphs: Graphs, vocab: Vocabulary) -> None:
    committee = {m for m, _ in members_of(graphs, vocab.thing("body", "metrex-managing-committee"))}
    assert len(committee) == 10
    assert vocab.thing("person", "henk-bouwman") not in committee
    assert vocab.thing("person", "stephen-gallagher") not in committee


def test_adriana_may_represents_and_is_not_employed(graphs: Graphs, vocab: Vocabulary) -> None:
    quads = graphs[vocab.graph("metrex-about")]
    may = vocab.thing("person", "adriana-may")
    held = [q.subject for q in quads if q.predicate == ORG.member and q.object == may]
    roles = {o for m in held for o in objects(quads, m, ORG.role)}
    assert roles == {vocab.concept("role", "committee-member"), vocab.concept("role", "vice-president")}


def test_anmc21_has_the_thirteen_cities_that_the_page_counts(graphs: Graphs, vocab: Vocabulary) -> None:
    pairs = members_of(graphs, vocab.thing("network", "anmc21"))
    assert len({m for m, role in pairs if role == vocab.concept("role", "member-city")}) == 13


def test_undated_pages_date_nothing(graphs: Graphs, vocab: Vocabulary) -> None:
    for graph, quads in graphs.items():
        dating = objects(quads, vocab.thing("source", slug_of(graph)), vocab.hansa.dating)
        if dating == [vocab.concept("dating", "undated")]:
            assert not [q for q in quads if q.predicate == vocab.hansa.asOf], slug_of(graph)


def test_1913_is_no_date_of_uclg(graphs: Graphs) -> None:
    assert [q for _, q, value in literals(graphs) if value.value == "1913" and "excerpt" not in q.predicate.value] == []


def test_persons_have_a_name_and_nothing_more(graphs: Graphs, vocab: Vocabulary) -> None:
    for quads in graphs.values():
        people = {q.subject for q in quads if q.predicate == RDF.type and q.object == FOAF.Person}
        said = {q.predicate for q in quads if q.subject in people}
        assert said <= {RDF.type, FOAF.name, vocab.hansa.evidence}


# ---------------------------------------------------------------- the README


def test_readme_counts_are_true(root: Path, facts: list[Row], graphs: Graphs, left_out: dict[str, Row]) -> None:
    readme = (root / "instances" / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `sources/([a-z0-9-]+)\.ttl` \| .* \| (\d+) \| (\d+) \| (\d+) \|$", readme, re.MULTILINE)
    total = Counter(fact["source_file"][:3] for fact in facts)
    missing = Counter(fact["source_file"][:3] for fact in facts if fact["key"] in left_out)
    expected = {s: (total[n], total[n] - missing[n], missing[n]) for s, n in SOURCES.items()}
    assert {slug: tuple(map(int, numbers)) for slug, *numbers in rows} == expected
    sums = re.search(r"^\| all five \|  \| (\d+) \| (\d+) \| (\d+) \|$", readme, re.MULTILINE)
    assert sums
    assert tuple(map(int, sums.groups())) == (len(facts), len(facts) - len(left_out), len(left_out))


def test_readme_lists_what_is_left_out(root: Path, left_out: dict[str, Row]) -> None:
    readme = (root / "instances" / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| (F\d{3}) \| `([\w-]+)` \| (.+) \|$", readme, re.MULTILINE)
    assert {(i, key, reason) for i, key, reason in listed} == {
        (row["fact_id"], key, row["reason"]) for key, row in left_out.items()
    }
