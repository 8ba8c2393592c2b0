"""What users type becomes typed terms, and never anything else."""

from collections.abc import Iterator

import pytest

from hansa.errors import ParameterError
from hansa.model import CannedQuery
from hansa.parameters import bind_parameters
from hansa.queries import parse_query
from hansa.rdf import Literal, NamedNode, Quad, Term
from hansa.sparql import bind, refuse_outside_reach
from hansa.store import EmbeddedStore
from hansa.vocab import Vocabulary

TEXT = """\
#+ summary: s
#+ parameters:
#+   network: {type: iri, example: "network:citynet", summary: the network}
#+   on: {type: date, default: release}
#+   minimum: {type: integer, default: 2}
#+   lang: {type: language, default: en}
#+   name: {type: string, default: ""}
SELECT * { ?_network_iri ?p ?o FILTER(?o = ?_on_date || ?o > ?_minimum_integer || ?o = ?_lang || ?o = ?_name) }
"""


@pytest.fixture(scope="module")
def query() -> CannedQuery:
    return parse_query("question", TEXT)


def value(query: CannedQuery, vocab: Vocabulary, **given: str) -> dict[str, Term]:
    return bind_parameters(query, {"network": "citynet", **given}, vocab, issued="2026-11-21")


@pytest.mark.parametrize("text", ["citynet", "network:citynet", "network/citynet", "{iri}", "<{iri}>"])
def test_an_iri_may_be_written_in_five_ways(query: CannedQuery, vocab: Vocabulary, text: str) -> None:
    iri = vocab.thing("network", "citynet")
    assert value(query, vocab, network=text.format(iri=iri.value))["_network_iri"] == iri


def test_a_thing_of_another_kind_is_named_with_its_prefix(query: CannedQuery, vocab: Vocabulary) -> None:
    assert value(query, vocab, network="body:uclg-africa")["_network_iri"] == vocab.thing("body", "uclg-africa")


def test_defaults_fill_in(query: CannedQuery, vocab: Vocabulary) -> None:
    day = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    assert value(query, vocab) == {
        "_network_iri": vocab.thing("network", "citynet"),
        "_on_date": Literal("2026-11-21", datatype=day),
        "_minimum_integer": Literal(2),
        "_lang": Literal("en"),
        "_name": Literal(""),
    }


def test_as_of_sets_the_day(query: CannedQuery, vocab: Vocabulary) -> None:
    for given in ({}, {"on": "2013-11-30"}):
        bound = bind_parameters(query, {"network": "u20", **given}, vocab, as_of="2013-11-30")
        assert bound["_on_date"].value == "2013-11-30"


BAD = {
    "required": ({"network": None}, "question needs the parameter 'network': the network"),
    "unknown": ({"netwrok": "u20"}, "question has no parameter 'netwrok'"),
    "unknown prefix": ({"network": "net:u20"}, "parameter 'network': 'net:u20' is not an IRI: unknown prefix"),
    "spaces": ({"network": "City Net"}, "'City Net' is not an IRI, nor a prefixed name, nor a slug"),
    "no IRI": ({"network": "http://example.org/a b"}, "is not an IRI"),
    "empty": ({"network": ""}, "is not an IRI"),
    "a year": ({"on": "2013"}, "parameter 'on': '2013' is not a day: write it as YYYY-MM-DD"),
    "a week": ({"on": "2013-W45-1"}, "is not a day"),
    "no such day": ({"on": "2013-02-30"}, "is not a day of the calendar"),
    "another script's digits": ({"on": "２０１３-11-30"}, "is not a day"),
    "a line feed": ({"on": "2013-11-30\n"}, "is not a day"),
    "no number": ({"minimum": "two"}, "'two' is not an integer"),
    "no integer": ({"minimum": "2.5"}, "is not an integer"),
    "a long number": ({"minimum": "9" * 19}, "is not an integer of at most 18 digits"),
    "no language": ({"lang": "English please"}, "is not a language tag (BCP 47)"),
    "half a character": ({"name": "\ud800"}, "is not a text in Unicode"),
}  # fmt: skip


@pytest.mark.parametrize(("given", "message"), BAD.values(), ids=BAD)
def test_says_which_value_is_wrong(
    query: CannedQuery, vocab: Vocabulary, given: dict[str, str | None], message: str
) -> None:
    values = {k: v for k, v in {"network": "citynet", **given}.items() if v is not None}
    with pytest.raises(ParameterError) as caught:
        bind_parameters(query, values, vocab, issued="2026-11-21")
    assert message in caught.value.message
    assert caught.value.hint


def test_gives_an_example(query: CannedQuery, vocab: Vocabulary) -> None:
    with pytest.raises(ParameterError) as caught:
        value(query, vocab, network="a b")
    assert caught.value.hint == "for example: network=network:citynet"


def test_as_of_is_refused_where_it_means_nothing(query: CannedQuery, vocab: Vocabulary) -> None:
    timeless = parse_query("timeless", "#+ summary: s\nSELECT * { ?s ?p ?o }")
    with pytest.raises(ParameterError, match="timeless does not answer for a day"):
        bind_parameters(timeless, {}, vocab, as_of="2013-11-30")
    with pytest.raises(ParameterError, match="--as-of says 2013-11-30 and the parameter 'on' says 2014-01-01"):
        bind_parameters(query, {"network": "u20", "on": "2014-01-01"}, vocab, as_of="2013-11-30")
    with pytest.raises(ParameterError, match="needs the parameter 'on'"):
        bind_parameters(query, {"network": "u20"}, vocab)


ATTACKS = [
    "} ?s ?p ?o {",
    "> } ; DROP ALL #",
    '" ) } SELECT * { ?s ?p ?o } #',
    "' || true || '",
    '\\" || 1 = 1 || \\"',
    "\\u0022 || 1 = 1 || \\u0022",
    "\\",
    "a\nSERVICE <http://example.org/> { ?s ?p ?o }\n",
    "en' } UNION { ?s ?p ?o",
    "?_name",
    "2026-11-21\"^^xsd:date) } #",
    "network:citynet> ?p ?o . ?s ?p <http://example.org/",
    "http://example.org/>{SERVICE<http://example.org/",
    "http://example.org/\\u003E",
    "1 || true",
    "\x00\u2028\x85\r",
]  # fmt: skip


def accepted(query: CannedQuery, vocab: Vocabulary, text: str) -> Iterator[tuple[str, Term]]:
    for parameter in query.parameters:
        try:
            yield parameter.variable, value(query, vocab, **{parameter.name: text})[parameter.variable]
        except ParameterError:
            continue


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_value_changes_the_shape_of_a_query(query: CannedQuery, vocab: Vocabulary, attack: str) -> None:
    secret = Quad(NamedNode("urn:s"), NamedNode("urn:p"), Literal("secret"), NamedNode("urn:g"))
    store = EmbeddedStore.memory([secret])
    taken = dict(accepted(query, vocab, attack))
    assert "_name" in taken, "any text is a string"
    assert not taken.keys() & {"_on_date", "_minimum_integer", "_lang"}
    for variable, term in taken.items():
        values = value(query, vocab) | {variable: term}
        refuse_outside_reach(bind(query.text, values))
        assert store.select(query.text, values).rows == ()


@pytest.mark.parametrize("text", [*ATTACKS, "東京都", "O'Brien", 'a "b" c', "tab\there", "{{ x }}", "%s ${x}"])
def test_a_text_arrives_as_it_was_typed(vocab: Vocabulary, text: str) -> None:
    echo = parse_query(
        "echo", "#+ summary: s\n#+ parameters:\n#+   x: {type: string, example: a}\nSELECT (CONCAT(?_x) AS ?y) {}"
    )
    answer = EmbeddedStore.memory().select(echo.text, bind_parameters(echo, {"x": text}, vocab))
    assert answer.rows == ((Literal(text),),)
