"""Descriptions put together as text say what the store says."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hansa.errors import HansaError
from hansa.manifest import open_store, read_release
from hansa.rdf import FORMATS, Literal, NamedNode, Quad, Triple, parse_bytes
from hansa.serve.settings import ServeSettings
from hansa.serve.site import Site
from hansa.serve.things import statements
from hansa.serve.things.blocks import Block, Blocks
from hansa.serve.things.jsonld import as_jsonld, blocks_as_jsonld
from hansa.serve.things.statements import SortedDump, StoredStatements, open_statements, read_quad
from hansa.serve.things.turtle import TurtleWriter
from hansa.store import EmbeddedStore
from hansa.vocab import XSD

EX = "https://e.example/"
GRAPH = NamedNode(f"{EX}graph")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
KINDS = st.sampled_from([XSD.integer, XSD.boolean, XSD.date, NamedNode(f"{EX}odd/kind")])
WORDS = st.sampled_from(["5", "-3", "+7", "007", "true", "1", "٣", "x", '^^<y>"'])
LITERALS = st.one_of(
    TEXT.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXT, st.sampled_from(["en", "zh-hant"])),
    st.builds(lambda text, kind: Literal(text, datatype=kind), st.one_of(TEXT, WORDS), KINDS),
)
NAMES = ["a", "a.b", "a-", "-a", "5", "a/b", "a%20b", "é", "", "a,b", "a_1"]
IRIS = st.sampled_from([*(EX + n for n in NAMES), "urn:x:y", "http://other.example/#a"]).map(NamedNode)
TRIPLES = st.lists(
    st.builds(lambda p, o: Triple(NamedNode(f"{EX}s"), p, o), IRIS, st.one_of(IRIS, LITERALS)), min_size=1
)


def _lines(triples: list[Triple]) -> str:
    return "".join(sorted({f"{Quad(t.subject, t.predicate, t.object, GRAPH)} .\n" for t in triples}))


@given(TRIPLES)
def test_turtle_written_as_text_says_the_same(triples: list[Triple]) -> None:
    prefixes = {"ex": EX, "xsd": "http://www.w3.org/2001/XMLSchema#", "other": "http://other.example/#"}
    written = TurtleWriter(prefixes).write([Block(_lines(triples))])
    assert {q.triple for q in parse_bytes(written, FORMATS["turtle"])} == set(triples)


@given(TRIPLES)
def test_statements_read_from_text_are_the_same(triples: list[Triple]) -> None:
    read = [read_quad(line) for line in _lines(triples).split(" .\n")[:-1]]
    assert {quad.triple for quad in read} == set(triples)
    assert {quad.graph_name for quad in read} == {GRAPH}


def test_turtle_declares_the_prefixes_it_uses_and_no_others() -> None:
    block = Block(f"<{EX}s> <{EX}p> <{EX}o> <{EX}graph> .\n")
    written = TurtleWriter({"ex": EX, "other": "http://other.example/"}).write([block])
    assert written.decode() == f"@prefix ex: <{EX}> .\n\nex:s ex:p ex:o .\n"


# ---------------------------------------------------------------- looking up
@pytest.mark.parametrize("page", [64, 300, 1 << 14])
def test_a_dump_gives_what_the_store_gives(release: Path, monkeypatch: pytest.MonkeyPatch, page: int) -> None:
    monkeypatch.setattr(statements, "_PAGE", page)
    found = read_release(release)
    store, dump = open_store(found), SortedDump(found.directory / "hansa.nq")
    stored = StoredStatements(store)
    subjects = {quad.subject.value for quad in store.quads() if isinstance(quad.subject, NamedNode)}
    for subject in (*subjects, "a:a", "zz:z", f"{min(subjects)}0", "https://"):
        assert sorted(dump.about(subject).splitlines()) == sorted(stored.about(subject).splitlines())
    dump.close()


def test_a_dump_that_is_not_sorted_is_left_to_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_PAGE", 64)
    lines = [f"<{EX}{n}> <{EX}p> <{EX}o> <{EX}graph> .\n" for n in range(9)]
    (tmp_path / "hansa.nq").write_text("".join(reversed(lines)))
    with pytest.raises(HansaError, match="not sorted"):
        SortedDump(tmp_path / "hansa.nq")
    store = EmbeddedStore.memory(parse_bytes("".join(lines).encode(), FORMATS["nquads"]))
    assert open_statements(tmp_path / "hansa.nq", store).about(f"{EX}3") == lines[3]
    assert open_statements(tmp_path / "missing.nq", store).about(f"{EX}4") == lines[4]


def test_an_empty_dump_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "hansa.nq").touch()
    dump = SortedDump(tmp_path / "hansa.nq")
    assert dump.about(f"{EX}s") == ""
    dump.close()


# ---------------------------------------------------------------- descriptions
@pytest.fixture(scope="module")
def site(shipped_dist: Path) -> Site:
    return Site(shipped_dist / "current", ServeSettings())


@pytest.fixture(scope="module")
def things(site: Site) -> list[NamedNode]:
    base = f"{site.release.base}id/"
    subjects = {q.subject for q in site.store.quads() if isinstance(q.subject, NamedNode)}
    return sorted((s for s in subjects if s.value.startswith(base)), key=str)[::31]


def test_both_ways_to_describe_give_the_same(site: Site, things: list[NamedNode]) -> None:
    assert len(things) > 20
    for thing in things:
        description = site.describer.describe(thing)
        quads = [*description.quads(), *site.describer.context(description)]
        blocks = site.blocks.describe(thing)
        expected = {quad.triple for quad in quads}
        assert {q.triple for q in parse_bytes(site.turtle.write(blocks), FORMATS["turtle"])} == expected
        assert json.loads(blocks_as_jsonld(site, blocks)) == json.loads(as_jsonld(site, quads))


def test_the_store_and_the_dump_give_the_same_descriptions(site: Site, things: list[NamedNode]) -> None:
    slow = Blocks(StoredStatements(site.store), site.store, site.vocab)
    for thing in things[::4]:
        assert site.turtle.write(slow.describe(thing)) == site.turtle.write(site.blocks.describe(thing))
