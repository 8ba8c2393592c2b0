"""Descriptions put together as text say what the store says."""

import json
import sqlite3
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hansa.errors import HansaError
from hansa.manifest import open_store, read_release
from hansa.rdf import FORMATS, Literal, NamedNode, Quad, Triple, parse_bytes
from hansa.serve.lookup.database import Database
from hansa.serve.lookup.file import open_lookup
from hansa.serve.lookup.places import Places, PlacesRead, create_places, finish_places
from hansa.serve.lookup.pointing import StoredPointing, WrittenPointing
from hansa.serve.settings import ServeSettings
from hansa.serve.site import Site
from hansa.serve.things.blocks import Block, Blocks
from hansa.serve.things.jsonld import as_jsonld, blocks_as_jsonld
from hansa.serve.things.statements import Dump, StoredStatements, open_statements, read_quad
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
def _places(dump: Path, lines: list[str]) -> Places:
    """Take note of where things stand, as if the dump was read in two parts."""
    dump.write_text("".join(lines), encoding="utf-8")
    target = sqlite3.connect(":memory:", isolation_level=None)
    create_places(target)
    at, before, middle = 0, "", len(lines) // 2
    for some in (lines[:middle], lines[middle:]):
        read, start = PlacesRead(at), at
        for line in some:
            subject = line.split()[0]
            if subject != before:
                read.begin(subject.encode(), at - start)
            before, at = subject, at + len(line.encode())
        read.end(at - start)
        target.execute(*read.row()).close()
    finish_places(target, dump)
    return Places(Database(target))


def test_a_dump_gives_what_the_store_gives(release: Path) -> None:
    found = read_release(release)
    store = open_store(found)
    dump, stored = Dump(found.directory / "hansa.nq", Places(open_lookup(found))), StoredStatements(store)
    subjects = {quad.subject.value for quad in store.quads() if isinstance(quad.subject, NamedNode)}
    for subject in (*subjects, "a:a", "zz:z", f"{min(subjects)}0", "https://"):
        assert dump.about(subject) == stored.about(subject)
    dump.close()


def test_two_things_may_have_the_same_checksum(tmp_path: Path) -> None:
    names = ("buckeroo", "other", "plumless")
    assert len({crc32(f"<{EX}{name}>".encode()) for name in names}) == 2
    lines = [f"<{EX}{name}> <{EX}p> <{EX}o> <{EX}graph> .\n" for name in names]
    dump = Dump(tmp_path / "hansa.nq", _places(tmp_path / "hansa.nq", lines))
    assert [dump.about(f"{EX}{name}") for name in names] == lines
    assert dump.about(f"{EX}nobody") == ""
    dump.close()


def test_a_dump_of_which_nothing_is_known_is_left_to_the_store(tmp_path: Path) -> None:
    lines = [f"<{EX}{n}> <{EX}p> <{EX}o> <{EX}graph> .\n" for n in range(9)]
    places = _places(tmp_path / "hansa.nq", lines)
    store = EmbeddedStore.memory(parse_bytes("".join(lines).encode(), FORMATS["nquads"]))
    (tmp_path / "other.nq").write_text("".join((*reversed(lines), lines[0])))
    with pytest.raises(HansaError, match="not known where"):
        Dump(tmp_path / "other.nq", places)
    for number, name in enumerate(("hansa.nq", "other.nq", "missing.nq")):
        assert open_statements(tmp_path / name, places, store).about(f"{EX}{number}") == lines[number]


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


def test_what_points_at_a_thing_is_written_down(site: Site, things: list[NamedNode]) -> None:
    left_to_the_store = tuple(
        f"{site.release.base}id/{kind}/" for kind in ("evidence", "instant", "interval", "source")
    )
    nothing = StoredPointing(EmbeddedStore.memory())
    stored, written = StoredPointing(site.store), WrittenPointing(site.lookup, nothing, site.vocab, site.graphs)
    for thing in things:
        if not thing.value.startswith(left_to_the_store):
            assert sorted(written.at(thing.value)) == sorted(stored.at(thing.value))
    assert any(list(written.at(thing.value)) for thing in things if not thing.value.startswith(left_to_the_store))


def test_the_store_and_the_dump_give_the_same_descriptions(site: Site, things: list[NamedNode]) -> None:
    slow = Blocks(StoredStatements(site.store), StoredPointing(site.store), site.vocab)
    for thing in things[::4]:
        assert site.turtle.write(slow.describe(thing)) == site.turtle.write(site.blocks.describe(thing))
