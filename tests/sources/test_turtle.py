"""The scanner reads what the engine reads, and knows where it stands."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from hansa.rdf import FORMATS, BlankNode, Quad, Triple, parse_bytes, serialise
from hansa.sources.turtle import Statement, resolve, scan

BASE = "https://example.org/dir/doc"
HEADER = "@prefix e: <http://e/> .\nPREFIX : <#>\n@prefix x-1.b: <rel/> .\n"

scheme_iris = st.sampled_from(
    [
        "<http://a/b>",
        "<x>",
        "<../y?q=1>",
        "<#frag>",
        "<?q>",
        "<>",
        "<//h/p>",
        "<urn:a:b>",
        "<\\u00e9\\U0001F600>",
        "<日本>",
    ]
)
names = st.sampled_from(
    [
        "e:a",
        "e:",
        ":a",
        ":",
        "x-1.b:c.d",
        "e:1",
        "e:a:b",
        "e:%20x",
        "e:a\\,b\\/c",
        "e:é",
        "e:x-y_z",
        ":a\u0301",
        "e:a.b.c",
    ]
)
iris = scheme_iris | names
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


def quoted(text: str, quote: str, *, long: bool) -> str:
    escapes = {"\\": "\\\\", quote: "\\" + quote} | ({} if long else {"\n": "\\n", "\r": "\\r"})
    body = "".join(escapes.get(c, c) for c in text)
    mark = quote * 3 if long else quote
    return f"{mark}{body}{mark}"


strings = st.builds(lambda t, q, n: quoted(t, q, long=n), texts, st.sampled_from(['"', "'"]), st.booleans())
strings |= st.sampled_from(
    ['"""a"b""c"""', "'''it's ''so'' '''", '"\\u00e9\\t\\"\\\\"', '""', "''", '""""""', "'''\n\n'''"]
)
literals = st.one_of(
    strings,
    st.builds("{}@{}".format, strings, st.sampled_from(["en", "EN-us", "ja-Hira", "zh-Hant-TW"])),
    st.builds("{}^^{}".format, strings, st.sampled_from(["e:dt", "<http://dt>"])),
    st.sampled_from(["1", "-2", "+03", "1.5", ".5", "-0.0", "1e3", "1.e-3", ".1E+4", "true", "false"]),
)
space = st.sampled_from([" ", "\n", "\t", "\r\n", ' # a comment ; with . "marks\n', "\r", "  \n "])


def document(objects: st.SearchStrategy[str], subjects: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    object_list = st.builds(lambda s, items: f"{s},{s}".join(items), space, st.lists(objects, min_size=1, max_size=3))
    verb = iris | st.just("a")
    pair = st.builds("{}{}{}".format, verb, space, object_list)
    pairs = st.builds(
        lambda s, p, end: f"{s};{s}".join(p) + end,
        space,
        st.lists(pair, min_size=1, max_size=3),
        st.sampled_from(["", " ;", " ; ; "]),
    )
    statement = st.builds("{}{}{}{}.".format, subjects, space, pairs, space)
    directive = st.sampled_from(
        ["@base <http://other/z/> .", "BASE <q/>", "prefix e: <http://f/>", "@prefix e: <g#> ."]
    )
    return st.builds(lambda body: HEADER + "\n".join(body) + "\n", st.lists(statement | directive, max_size=6))


leaves = literals | iris
nested = st.recursive(
    leaves | st.sampled_from(["_:b1", "_:b.2", "[]", "()"]),
    lambda inner: st.one_of(
        st.builds("[ {} {} ]".format, iris, inner),
        st.builds("[ {} {} ; ]".format, iris, inner),
        st.builds("( {} {} )".format, inner, inner),
    ),
    max_leaves=5,
)


def engine(text: str, form: str = "turtle") -> list[Quad]:
    return list(parse_bytes(text.encode(), FORMATS[form], base=BASE))


def scanned(text: str) -> list[Triple]:
    return [Triple(s.subject, s.predicate, s.object) for s in scan(text, BASE)]


def as_graph(triples: list[Triple]) -> Graph:
    return Graph().parse(serialise(triples, FORMATS["ntriples"]), format="nt")


@given(document(leaves, iris))
@settings(max_examples=150, deadline=None)
def test_scanner_and_engine_agree(text: str) -> None:
    assert Counter(scanned(text)) == Counter(quad.triple for quad in engine(text))


@given(document(nested, iris | st.sampled_from(["_:b1", "[]", "( 1 e:a )", "[ e:p 1 ]"])))
@settings(max_examples=60, deadline=None)
def test_scanner_and_engine_agree_up_to_blank_nodes(text: str) -> None:
    ours, theirs = scanned(text), [quad.triple for quad in engine(text)]
    assert len(ours) == len(theirs)
    assert isomorphic(as_graph(ours), as_graph(theirs))


@given(document(leaves, iris))
@settings(max_examples=50, deadline=None)
def test_every_place_is_where_the_token_begins(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for statement in scan(text, BASE):
        for line, column in (statement.subject_at, statement.predicate_at, statement.object_at):
            assert lines[line - 1][column - 1 :][:1] in set("<e:xaPB\"'+-.0123456789tf")


def test_places_count_lines_and_code_points_from_one() -> None:
    text = '@prefix a: <http://a/> .\na:x a:p "日本", "😀" ;\r\n  a:q 1 .\n'
    places = [(s.subject_at, s.predicate_at, s.object_at) for s in scan(text)]
    assert places == [((2, 1), (2, 5), (2, 9)), ((2, 1), (2, 5), (2, 15)), ((2, 1), (3, 3), (3, 7))]


def test_a_nested_blank_node_stands_at_its_bracket() -> None:
    text = "<http://s> <http://p> [ <http://q>\n  1 ] ."
    inner, outer = scan(text)
    assert (inner.subject_at, inner.object_at, outer.object_at) == ((1, 23), (2, 3), (1, 23))
    assert isinstance(outer.object, BlankNode)
    assert outer.object == inner.subject


def test_a_list_stands_at_its_items() -> None:
    statements: list[Statement] = list(scan("<http://s> <http://p> ( 1\n 2 ) ."))
    assert [s.object_at for s in statements] == [(1, 25), (2, 2), (2, 2), (1, 23), (1, 23)]


def test_trig_blocks_give_their_graph() -> None:
    text = "@prefix e: <http://e/> . e:s e:p 0 . { e:s e:p 1 } GRAPH e:g { e:s e:p 2 . [ e:p 3 ] } e:h { e:s e:p 4 . } "
    text += "[] { }"
    ours = Counter(str(s.graph and s.graph) for s in scan(text))
    theirs = Counter(str(q.graph_name) for q in engine(text, "trig"))
    assert ours == Counter({"None": 2, "<http://e/g>": 2, "<http://e/h>": 1})
    assert sum(theirs.values()) == sum(ours.values())


def test_text_that_is_no_turtle_stops_quietly() -> None:
    assert list(scan("<no> <base> <here> .")) == []
    assert len(scanned("<http://a> <http://b> 1 . <http://a> x:y 2 . <http://a> <http://b> 3 .")) == 1
    for broken in (
        '<http://a> "p" 1 .',
        "<http://a> <http://b> .",
        "@prefix e <x> .",
        '<a> <b> "open',
        "1 <b> <c> .",
    ):
        assert scanned(broken) == []


@pytest.mark.parametrize(
    ("reference", "base", "result"),
    [
        ("#", "http://f/a", "http://f/a#"),
        ("", "http://f/a#b", "http://f/a"),
        ("b", "http://f/a", "http://f/b"),
        ("x", "", "x"),
    ],
)
def test_references_resolve(reference: str, base: str, result: str) -> None:
    assert resolve(reference, base) == result


def test_every_turtle_file_of_the_project_scans_whole(root: Path) -> None:
    files = [f for part in ("ontology", "shapes", "instances") for f in sorted((root / part).rglob("*.ttl"))]
    for file in files:
        text = file.read_text(encoding="utf-8")
        theirs = [quad.triple for quad in engine(text)]
        ours = scanned(text)
        assert len(ours) == len(theirs), file
        without_blanks = [{t for t in side if "_:" not in str(t)} for side in (ours, theirs)]
        assert without_blanks[0] == without_blanks[1], file
