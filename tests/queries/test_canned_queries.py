"""The shipped queries: they are SPARQL, their examples have answers, and they keep the house rules."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from rdflib.plugins.sparql import prepareQuery

from hansa.config import Config
from hansa.model import CannedQuery
from hansa.parameters import bind_parameters
from hansa.queries import FEDERATED, declared_prefixes, load_queries
from hansa.rdf import FORMATS, Quad, parse_bytes
from hansa.sparql import bind, query_form
from hansa.store import EmbeddedStore
from hansa.vocab import DCT, Vocabulary

FOLDER = Path(__file__).resolve().parents[2] / "queries"
QUERIES = load_queries(FOLDER)
LOCAL = [name for name, query in QUERIES.items() if not query.federated]
MAY_BE_EMPTY = "may be empty"
ISSUED = "2026-11-21"


def examples(query: CannedQuery) -> dict[str, str]:
    return {p.name: p.example for p in query.parameters}


def required(query: CannedQuery) -> dict[str, str]:
    return {p.name: p.example for p in query.parameters if p.default is None}


def rows(store: EmbeddedStore, query: CannedQuery, given: Mapping[str, str], vocab: Vocabulary) -> int:
    values = bind_parameters(query, given, vocab, issued=ISSUED)
    if query_form(query.text) == "CONSTRUCT":
        return len(store.construct(query.text, values))
    return len(store.select(query.text, values).rows)


def ask(store: EmbeddedStore, name: str, vocab: Vocabulary, /, **given: str) -> list[dict[str, str]]:
    query = QUERIES[name]
    table = store.select(query.text, bind_parameters(query, required(query) | given, vocab, issued=ISSUED))
    return [{key: term.value for key, term in row.items()} for row in table.dicts()]


def test_there_are_enough() -> None:
    assert len(QUERIES) >= 34


@pytest.mark.parametrize("name", QUERIES)
def test_is_sparql_before_and_after_binding(name: str, vocab: Vocabulary) -> None:
    query = QUERIES[name]
    bound = bind(query.text, bind_parameters(query, examples(query), vocab, issued=ISSUED))
    for text in (query.text, bound):
        prepareQuery(text)
        if not query.federated:
            EmbeddedStore.memory().query(text)


@pytest.mark.parametrize("name", LOCAL)
@pytest.mark.parametrize("choose", [examples, required])
def test_its_examples_have_an_answer(name: str, choose: object, shipped: EmbeddedStore, vocab: Vocabulary) -> None:
    query = QUERIES[name]
    given = examples(query) if choose is examples else required(query)
    assert rows(shipped, query, given, vocab) > 0 or MAY_BE_EMPTY in query.tags


@pytest.mark.parametrize("name", QUERIES)
def test_is_documented(name: str, config: Config) -> None:
    query = QUERIES[name]
    assert query.summary
    assert query.description.endswith(".")
    assert query.tags
    assert all(p.summary and p.example for p in query.parameters)
    assert len(query.summary) <= 80
    assert all(len(line) <= 120 for line in query.text.splitlines())
    declared = declared_prefixes(query.text)
    assert declared.items() <= config.prefixes.items(), "prefixes are those of the table in pyproject.toml"
    body = query.text.replace("PREFIX ", "")
    assert [p for p in declared if len(re.findall(rf"(?<![\w?]){p}:", body)) < 2] == [], "every prefix is used"


@pytest.mark.parametrize("name", QUERIES)
def test_reads_languages_as_ranges_and_dates_as_bounds(name: str) -> None:
    text = QUERIES[name].text
    assert not re.search(r'LANG\([^)]*\)\s*=\s*"', text), 'LANG(?l) = "en" misses en-GB'
    compared = re.findall(r"\?(\w+)\s*[<>]=?\s*\?_\w+_date|\?_\w+_date\s*[<>]=?\s*\?(\w+)", text)
    assert not {v for pair in compared for v in pair} & {"start", "end", "date", "asOf", "issued"}
    labels = [p for p in QUERIES[name].parameters if p.name == "lang"]
    assert len(labels) == text.count("?lang)") or not labels, "a fallback is seen by its language"


@pytest.mark.parametrize("name", [n for n in LOCAL if query_form(QUERIES[n].text) == "SELECT"])
def test_each_row_is_there_once_and_in_order(name: str, shipped: EmbeddedStore, vocab: Vocabulary) -> None:
    query = QUERIES[name]
    values = bind_parameters(query, examples(query), vocab, issued=ISSUED)
    table = shipped.select(query.text, values)
    assert len(set(table.rows)) == len(table.rows)
    assert "ORDER BY" in query.text


def test_the_index_lists_every_query() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    for query in QUERIES.values():
        names = ", ".join(p.name if p.default is not None else f"**{p.name}**" for p in query.parameters)
        assert f"| [{query.name}]({query.name}.rq) | {query.summary} | {names} |" in index
    assert len(re.findall(r"^\| \[", index, re.MULTILINE)) == len(QUERIES)


def test_federated_queries_are_few_and_marked() -> None:
    assert [name for name, query in QUERIES.items() if FEDERATED in query.tags] == [
        "wikidata-cities-of-country",
        "wikidata-label-check",
        "wikidata-mayor-of-city",
        "wikidata-members-of-network",
        "wikidata-memberships-missing",
    ]


# ---------------------------------------------------------------- days
@pytest.mark.parametrize(
    ("day", "answer"),
    [("2013-10-31", {"starts later"}), ("2013-11-01", {"stated"}), ("2026-11-21", {"stated"})],
)
def test_a_month_counts_from_its_first_day(
    day: str, answer: set[str], shipped: EmbeddedStore, vocab: Vocabulary
) -> None:
    found = ask(shipped, "is-member", vocab, member="seoul", organization="citynet", on=day)
    chair = {row["answer"] for row in found if row["role"].endswith("/chair-city")}
    assert chair == answer


def test_a_former_chair_stays_possible_until_its_last_day(shipped: EmbeddedStore, vocab: Vocabulary) -> None:
    def chairs(day: str) -> set[str]:
        found = ask(shipped, "members-of-network", vocab, network="citynet", on=day)
        return {row["memberLabel"] for row in found if row["roleLabel"] == "chair city"}

    assert chairs("2013-10-31") == {"Yokohama"}
    assert chairs("2013-11-15") == {"Yokohama", "Seoul Metropolitan Government"}
    assert chairs("2013-12-01") == {"Seoul Metropolitan Government"}


def test_a_year_stays_a_year(shipped: EmbeddedStore, vocab: Vocabulary) -> None:
    dates = [row["date"] for row in ask(shipped, "founding-order", vocab)]
    assert dates == ["1987", "2001", "2004", "2017-12-12"]


def test_an_event_known_by_its_year_may_be_in_any_month(shipped: EmbeddedStore, vocab: Vocabulary) -> None:
    found = ask(shipped, "events-in-period", vocab, **{"from": "2014-03-01", "to": "2014-03-31"})
    assert [(row["date"], row["certain"]) for row in found] == [("2014", "false")]


# ---------------------------------------------------------------- names
def test_labels_come_in_the_language_asked_for_or_show_another(shipped: EmbeddedStore, vocab: Vocabulary) -> None:
    def labels(lang: str) -> set[tuple[str, str]]:
        found = ask(shipped, "networks-of-city", vocab, city="place:bangkok", lang=lang)
        return {(row["networkLabel"], row["lang"]) for row in found}

    assert ("アジア大都市ネットワーク21", "ja") in labels("ja")
    assert ("Asian Network of Major Cities 21", "en") in labels("en-GB") | labels("sw")


def test_an_ascii_spelling_finds_a_name_with_accents(shipped: EmbeddedStore, vocab: Vocabulary) -> None:
    for name in ("wroclaw", "Wrocław", "WROCŁAW"):
        found = ask(shipped, "find-by-name", vocab, name=name)
        assert "Municipality of Wrocław" in {row["thingLabel"] for row in found}


# ---------------------------------------------------------------- silence and contradiction
ONE = """
network:x a hansa:CityNetwork ; skos:prefLabel "The X Network"@en, "Equis"@es .
event:x-a a org:ChangeEvent ; dct:type change:founding ;
    org:resultingOrganization network:x ; hansa:date "1999"^^edtf:EDTF .
count:x hansa:countOf network:x ; hansa:counted counted:members ; hansa:statedNumber 10 .
count:x-2001 hansa:countOf network:x ; hansa:counted counted:members ;
    hansa:statedNumber 11 ; hansa:asOf "2001"^^edtf:EDTF .
post:mayor a org:Post ; skos:prefLabel "Mayor"@en ; org:postIn authority:a .
authority:a a cv:PublicOrganisation ; skos:prefLabel "A"@de, "Ah"@nl .
membership:a org:member authority:a ; org:organization network:x ; org:role role:member .
"""
DECOYS = 100
ONE += "".join(f'organization:decoy-{n} skos:prefLabel "Decoy {n}"@en .\n' for n in range(DECOYS))
TWO = """
network:x skos:prefLabel "X Network"@en, "Iks"@pl .
event:x-b a org:ChangeEvent ; dct:type change:merger ;
    org:resultingOrganization network:x ; hansa:date "2000-05"^^edtf:EDTF .
count:x-b hansa:countOf network:x ; hansa:counted counted:members ; hansa:statedNumber 12 .
count:x-2002 hansa:countOf network:x ; hansa:counted counted:members ;
    hansa:statedNumber 13 ; hansa:asOf "2002"^^edtf:EDTF .
"""


@pytest.fixture(scope="module")
def small(vocab: Vocabulary) -> EmbeddedStore:
    """Two sources that disagree, and a post that nobody is said to hold."""
    store = EmbeddedStore.memory()
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in vocab.prefixes.items())
    for slug, text in (("one", ONE), ("two", TWO)):
        graph, source = vocab.graph(slug), vocab.thing("source", slug)
        triples = parse_bytes((prefixes + text).encode(), FORMATS["turtle"], file=slug)
        store.extend(Quad(q.subject, q.predicate, q.object, graph) for q in triples)
        store.extend([Quad(graph, DCT.source, source, vocab.graph("provenance"))])
    return store


def test_contradictions_stand_side_by_side(small: EmbeddedStore, vocab: Vocabulary) -> None:
    found = ask(small, "contradictions", vocab)
    pairs = {(vocab.shorten(row["about"]), row["firstValue"], row["secondValue"]) for row in found}
    assert pairs == {
        ("schema:foundingDate", "1999", "2000-05"),
        ("counted:members", "10", "12"),
        ("skos:prefLabel", "The X Network", "X Network"),
    }
    assert {(vocab.shorten(r["firstSource"]), vocab.shorten(r["secondSource"])) for r in found} == {
        ("source:one", "source:two")
    }


def test_a_post_without_holder_is_one_row(small: EmbeddedStore, vocab: Vocabulary) -> None:
    assert [sorted(row) for row in ask(small, "posts-of-organization", vocab, organization="authority:a")] == [
        ["lang", "post", "postLabel"]
    ]
    assert ask(small, "holders-of-post", vocab, post="mayor") == []


@pytest.mark.parametrize("name", LOCAL)
def test_what_is_not_said_never_matches_everything(name: str, small: EmbeddedStore, vocab: Vocabulary) -> None:
    """An unbound variable in a label block would fetch every label of the graph."""
    query = QUERIES[name]
    things = {"network": "x", "city": "a", "organization": "authority:a", "post": "mayor", "entity": "network:x"}
    given = required(query) | {k: v for k, v in things.items() if k in required(query)}
    assert rows(small, query, given, vocab) < DECOYS


def test_a_name_in_neither_language_shows_what_there_is(small: EmbeddedStore, vocab: Vocabulary) -> None:
    found = ask(small, "members-of-network", vocab, network="x", lang="ja")
    assert {(row["memberLabel"], row["lang"]) for row in found} == {("A", "de"), ("Ah", "nl")}


def test_silence_is_not_no(small: EmbeddedStore, vocab: Vocabulary) -> None:
    found = ask(small, "is-member", vocab, member="authority:b", organization="network:x")
    assert found == [{"answer": "not stated"}]


def test_statements_of_two_sources_count_once(vocab: Vocabulary, small: EmbeddedStore) -> None:
    again = EmbeddedStore.memory(small.quads())
    copy = vocab.graph("two")
    again.extend(Quad(q.subject, q.predicate, q.object, copy) for q in small.quads(graph=vocab.graph("one")))
    named = [row["named"] for row in ask(again, "coverage", vocab)]
    assert set(named) == {"1"}
