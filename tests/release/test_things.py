"""Things written from bytes are what the engine writes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hansa.rdf import FORMATS, Line, Literal, NamedNode, Triple, lines_of, parse_bytes, serialise
from hansa.release.dumps import xml_body
from hansa.release.order import ends_off, reading_order, things_of
from hansa.release.things import TurtleThings, XmlThings
from hansa.release.turtle import namespaces, turtle_body
from hansa.vocab import RDF, XSD

_PREFIXES = {"e": "http://e/", "ex": "http://e/x#", "rdf": RDF.iri, "xsd": XSD.iri, "in": "http://e/x/y/"}
_TURTLE = TurtleThings(_PREFIXES)
_TRIG = TurtleThings(_PREFIXES, b"\t")
_XML = XmlThings(_PREFIXES)


def _names() -> st.SearchStrategy[NamedNode]:
    spaces = ["http://e/", "http://e/x#", "http://e/x/", "http://e/x/y/", "http://q/", "urn:q:", RDF.iri]
    odd = ["", "a.b", "-a", "a-", "1", "a%20b", "a~b", "a'b&c", "é", "a:b", "a,b", "x/y"]
    locals_ = st.sampled_from([*odd, "a", "b_c", "type"])
    return st.builds(lambda space, local: NamedNode(space + local), st.sampled_from(spaces), locals_)


def _properties() -> st.SearchStrategy[NamedNode]:
    spaces = st.sampled_from(["http://e/", "http://e/x#", "http://q/1", "http://q/"])
    locals_ = st.sampled_from(["p", "p-q", "p.q", "é", "p1"])
    return st.builds(lambda space, local: NamedNode(space + local), spaces, locals_)


def _values() -> st.SearchStrategy[NamedNode | Literal]:
    text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4)
    text |= st.sampled_from(['"', "\\", "a\nb\t", "<&>'", "5", "05", "1.0", "1e0", "true", "12", " . ", "\r"])
    tagged = st.builds(lambda value, tag: Literal(value, language=tag), text, st.sampled_from(["en", "ja", "pt-br"]))
    kinds = st.sampled_from([XSD.date, XSD.integer, XSD.boolean, XSD.decimal, XSD.double, NamedNode("http://e/m'9")])
    typed = st.builds(lambda value, kind: Literal(value, datatype=kind), text, kinds)
    return st.one_of(_names(), text.map(Literal), tagged, typed)


def _statements() -> st.SearchStrategy[list[Line]]:
    said = st.builds(Triple, _names(), _properties(), _values())
    said |= st.builds(Triple, _names(), st.just(RDF.type), _properties())
    return st.lists(said, min_size=1, max_size=10).map(lambda triples: reading_order(set(lines_of(triples))))


def _turtle(lines: list[Line]) -> bytes:
    return b"".join(map(_TURTLE.thing, things_of(sorted(ends_off(lines)))))


def _xml(lines: list[Line]) -> bytes:
    return b"".join(map(_XML.thing, things_of(sorted(ends_off(lines)))))


def _trig(lines: list[Line]) -> bytes:
    things = b"".join(map(_TRIG.thing, things_of(sorted(ends_off(lines)))))
    return b"\nin:g {\n" + things + b"}\n"


def _trig_by_engine(lines: list[Line], prefixes: dict[str, str]) -> bytes:
    quads = parse_bytes(b"".join(line[:-3] + b" <http://e/x/y/g> .\n" for line in lines), FORMATS["nquads"])
    text = re.sub(rb"(?m)^@prefix .*\n", b"", serialise(quads, FORMATS["trig"], namespaces(prefixes)))
    return re.sub(rb"(?m)^(?=\t?[^\t\n}])", b"\n", text)


@pytest.mark.parametrize(("ours", "engine"), [(_turtle, turtle_body), (_xml, xml_body), (_trig, _trig_by_engine)])
def test_equal_to_the_engine_on_anything(
    ours: Callable[[list[Line]], bytes], engine: Callable[[list[Line], dict[str, str]], bytes]
) -> None:
    @settings(max_examples=300, deadline=None)
    @given(_statements())
    def check(lines: list[Line]) -> None:
        assert ours(lines) == engine(lines, _PREFIXES)

    check()
