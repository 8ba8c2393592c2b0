"""Our compaction gives the bytes that pyld gives."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hansa.config import Config
from hansa.model import Release
from hansa.rdf import Line, Literal, NamedNode, Triple, lines_of, parse_file, quads_of
from hansa.release.compactor import Compactor
from hansa.release.context import context_of
from hansa.release.jsonld import compact
from hansa.release.order import ends_off, reading_order, things_of
from hansa.vocab import RDF, XSD

_G = NamedNode("urn:g")


def _ours(lines: list[Line], context: dict[str, object]) -> bytes:
    compactor = Compactor(context)
    things = [compactor.thing(thing) for thing in things_of(sorted(ends_off(set(lines))))]
    return compactor.head() + b",".join(things) + compactor.tail(len(things))


def test_equal_to_pyld_on_a_release(release: Release, config: Config) -> None:
    triples = [quad.triple for quad in parse_file(release.directory / "hansa.nt")]
    context = context_of(triples, [], config.vocab)
    assert _ours(list(lines_of(triples)), context) == compact(triples, context)


def _triples(config: Config) -> st.SearchStrategy[list[Triple]]:
    spaces = [config.prefixes[p] for p in ("hansa", "skos", "network", "role")]
    iris = st.sampled_from([NamedNode(f"{s}{n}") for s in spaces for n in ("a", "b", "b/c")] + [NamedNode("urn:odd:x")])
    text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5) | st.sampled_from(['"', "\\", "a\nb\t"])
    tagged = st.builds(lambda value, tag: Literal(value, language=tag), text, st.sampled_from(["en", "ja", "pt-br"]))
    kinds = st.sampled_from([XSD.date, XSD.integer, XSD.boolean, NamedNode(f"{config.vocab.hansa.iri}m49")])
    typed = st.builds(lambda value, kind: Literal(value, datatype=kind), text, kinds)
    values = st.one_of(iris, text.map(Literal), tagged, typed)
    said = st.builds(Triple, iris, iris, values) | st.builds(Triple, iris, st.just(RDF.type), iris)
    return st.lists(said, min_size=1, max_size=12)


def test_equal_to_pyld_on_anything(config: Config) -> None:
    @settings(max_examples=150, deadline=None)
    @given(_triples(config), _triples(config))
    def check(triples: list[Triple], seen: list[Triple]) -> None:
        # The context may come from other statements: what does not fit it must keep its full form.
        context = context_of([*seen, *triples[: len(triples) // 2]], [], config.vocab)
        assert _ours(list(lines_of(triples)), context) == compact(triples, context)

    check()


def test_reading_order_begins_with_the_class() -> None:
    lines = [
        b'<urn:a> <urn:p> "10" .\n',
        b'<urn:a> <urn:p> "9" .\n',
        f"<urn:a> <{RDF.type.value}> <urn:C> .\n".encode(),
    ]
    assert reading_order(lines) == [lines[2], lines[1], lines[0]]
    assert len(quads_of(lines, _G)) == 3
