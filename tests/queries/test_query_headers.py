"""Headers of canned queries: what is read out of a good one, and what is said of a bad one."""

from pathlib import Path

import pytest

from hansa.errors import QueryError
from hansa.model import ParameterType
from hansa.queries import load_queries, parse_query

GOOD = """\
#+ summary: Members of a network on a day
#+ description: >-
#+   Every member
#+   that a source names.
#+ tags: [memberships, networks]
#+ endpoint: http://example.org/for-grlc
#+ parameters:
#+   network:
#+     type: iri
#+     class: hansa:CityNetwork
#+     example: network:citynet
#+     summary: the network
#+   on:
#+     type: date
#+     default: release
#+     example: 2013-11-30
#+   minimum:
#+     type: integer
#+     default: 2
#+   lang:
#+     type: language
#+     default: en
#+   name:
#+     type: string
#+     default: ""
#+     example: "yes"

# a comment for people
PREFIX hansa: <https://w3id.org/hansa/ontology#>

SELECT ?member WHERE {
  ?member ?p ?_network_iri ; ?on ?_on_date .  # ?_not_a_variable
  FILTER(?count >= ?_minimum_integer && LANG(?label) = ?_lang && ?name = ?_name && ?other = "?_neither")
}
ORDER BY ASC(?_name)
"""


def test_reads_what_the_header_says() -> None:
    query = parse_query("members", GOOD)
    assert query.summary == "Members of a network on a day"
    assert query.description == "Every member that a source names."
    assert query.tags == ("memberships", "networks")
    assert not query.federated
    assert query.text == GOOD
    assert [(p.name, p.variable, p.type, p.default) for p in query.parameters] == [
        ("network", "_network_iri", ParameterType.IRI, None),
        ("on", "_on_date", ParameterType.DATE, "release"),
        ("minimum", "_minimum_integer", ParameterType.INTEGER, "2"),
        ("lang", "_lang", ParameterType.LANGUAGE, "en"),
        ("name", "_name", ParameterType.STRING, ""),
    ]
    assert query.parameters[0].class_iri == "https://w3id.org/hansa/ontology#CityNetwork"
    # Texts stay texts: YAML would make a date, a number and a truth of these.
    assert [p.example for p in query.parameters] == ["network:citynet", "2013-11-30", "2", "en", "yes"]


def test_a_service_needs_the_tag_federated() -> None:
    text = "#+ summary: s\n#+ tags: [federated]\nSELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"
    assert parse_query("far", text).federated


def wrong(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


PARAMETER = "#+ summary: s\n#+ parameters:\n#+   x: {type: string, example: a}\n"

BAD = {
    "no header": ("SELECT * { ?s ?p ?o }", "q.rq:1: the query has no header"),
    "header after the query": ("SELECT *\n#+ summary: s\n{ ?s ?p ?o }", "q.rq:1: the query has no header"),
    "not YAML": ("#+ summary: s\n#+ tags: [a\nSELECT * {}", "q.rq:2: the header is not YAML"),
    "no summary": ("#+ description: d\nSELECT * {}", "q.rq:1: the header has no summary"),
    "unknown key": (wrong("#+ tags:", "#+ tagz:"), "q.rq:5: unknown key 'tagz' in the header"),
    "tags not a list": (wrong("[memberships, networks]", "memberships"), "q.rq:5: tags must be a list"),
    "summary not a text": (
        wrong("summary: Members of a network on a day", "summary: [a]"),
        "q.rq:1: summary must be a",
    ),
    "parameters not a mapping": (
        "#+ summary: s\n#+ parameters: x\nSELECT * {}",
        "q.rq:2: parameters must be a mapping",
    ),
    "parameter twice": (wrong("#+   on:", "#+   network:"), "q.rq:13: 'network' stands twice in parameters"),
    "unknown type": (wrong("type: date", "type: day"), "q.rq:14: unknown type 'day' of parameter 'on'"),
    "no type": (wrong("#+     type: language\n", ""), "q.rq:21: parameter 'lang' has no type"),
    "unknown key of a parameter": (wrong("default: 2", "defualt: 2"), "q.rq:19: unknown key 'defualt'"),
    "neither example nor default": (wrong("#+     default: 2\n", ""), "has neither example nor default"),
    "bad name": (wrong("#+   network:", "#+   Net-work:"), "'Net-work' is not a parameter name"),
    "prefix of the class": (wrong("hansa:CityNetwork", "hansan:CityNetwork"), "q.rq:10: class 'hansan:CityNetwork'"),
    "class of a date": (
        wrong("type: date", "type: date\n#+     class: hansa:Day"),
        "a class is for parameters of type iri",
    ),
    "unused": (wrong("?_minimum_integer", "2"), "parameter 'minimum' of type integer is not used"),
    "unused because of its type": (wrong("?_on_date", "?_on"), "parameter 'on' of type date is not used"),
    "not in the header": (wrong("?on ?_on_date", "?_new ?_on_date"), "q.rq:32:30: ?_new has no entry under parameters"),
    "projected": (PARAMETER + "SELECT ?s ?_x { ?s ?p ?_x }", "q.rq:4:11: the parameter ?_x stands in SELECT"),
    "projected in a subquery": (
        PARAMETER + "SELECT * { { SELECT DISTINCT $_x { ?s ?p $_x } } }",
        "$_x stands in SELECT",
    ),
    "bound by AS": (PARAMETER + "SELECT (?s AS ?_x) { ?s ?p ?_x }", "?_x stands after AS"),
    "bound by BIND": (PARAMETER + "SELECT * { BIND(1 AS ?_x) }", "?_x stands after AS"),
    "bound by VALUES": (PARAMETER + "SELECT * { VALUES (?s ?_x) { (1 2) } }", "?_x stands in VALUES"),
    "inside VALUES": (PARAMETER + "SELECT * { VALUES ?s { ?_x } }", "?_x stands in VALUES"),
    "grouped by": (PARAMETER + "SELECT ?p { ?s ?p ?_x } GROUP BY ?p ?_x", "?_x stands in GROUP BY"),
    "ordered by": (PARAMETER + "SELECT ?p { ?s ?p ?_x } ORDER BY ?_x LIMIT 1", "?_x stands in ORDER BY"),
    "service without the tag": ("#+ summary: s\nSELECT * { service <http://e.org/> { ?s ?p ?o } }", "calls a SERVICE"),
    "tag without a service": ("#+ summary: s\n#+ tags: [federated]\nSELECT * { ?s ?p ?o }", "calls no SERVICE"),
}


@pytest.mark.parametrize(("text", "message"), BAD.values(), ids=BAD)
def test_says_what_is_wrong_and_where(text: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("q", text)
    assert message in str(caught.value)
    assert str(caught.value).startswith("q.rq:")
    assert caught.value.line > 0


def test_a_parameter_may_stand_wherever_a_term_may() -> None:
    text = PARAMETER + (
        "SELECT (STRLEN(?_x) AS ?n) (COUNT(*) AS ?all) { ?_x ?_x ?_x . GRAPH ?_x { ?s ?p ?_x } "
        "BIND(?_x AS ?y) FILTER(?s IN (?_x)) } GROUP BY ?s HAVING(?s > ?_x) ORDER BY DESC(?_x)"
    )
    assert parse_query("q", text).parameters[0].name == "x"


def test_the_file_name_is_the_name_of_the_query(tmp_path: Path) -> None:
    (tmp_path / "Bad Name.rq").write_text("#+ summary: s\nSELECT * {}")
    with pytest.raises(QueryError, match="'Bad Name' is not a query name"):
        load_queries(tmp_path)


def test_a_folder_without_queries_has_none(tmp_path: Path) -> None:
    assert load_queries(tmp_path) == {}
