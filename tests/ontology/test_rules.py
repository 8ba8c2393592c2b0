"""The rules say what their headers promise: shown on a graph small enough to read."""

import re
from pathlib import Path

import pytest

from hansa.config import Config
from hansa.queries import load_queries
from hansa.rdf import FORMATS, Quad, Triple, parse_bytes
from hansa.sparql import tokens
from hansa.store import EmbeddedStore

RULES = {"member-of", "holds", "held-ex-officio", "founding-date", "geonames-page", "iso-3166-page"}

GRAPH = """
membership:u20-tokyo org:member authority:tokyo ; org:organization network:u20 ; org:role role:member-city .
membership:metrex-a-president org:member person:a ; org:organization network:metrex ;
    hansa:throughPost post:metrex-president .
tenure:uclg hansa:heldPost post:uclg-president ; hansa:holdingPost post:mayor-of-paris .
event:citynet-founding dct:type change:founding ; org:resultingOrganization network:citynet ;
    hansa:date "1987"^^edtf:EDTF .
event:uclg-founding dct:type change:merger ; org:originalOrganization network:iula ;
    org:resultingOrganization network:uclg ; hansa:date "2004"^^edtf:EDTF .
event:anmc21-review dct:type change:review ; org:originalOrganization network:anmc21 ; hansa:date "2014"^^edtf:EDTF .
event:metrex-renaming dct:type change:renaming ; org:resultingOrganization network:metrex ;
    hansa:date "2015"^^edtf:EDTF .
event:c40-founding dct:type change:founding ; org:resultingOrganization network:c40 .
place:tokyo dct:identifier "1850147"^^hansa:geonamesId, "JP-13"^^hansa:iso3166-2, "JPTKX"^^hansa:unLocode .
place:japan dct:identifier "JP"^^hansa:iso3166-1 .
place:wrong dct:identifier "12/../34"^^hansa:geonamesId, "japan"^^hansa:iso3166-1 .
"""

EXPECTED = {
    "member-of": "authority:tokyo org:memberOf network:u20 . person:a org:memberOf network:metrex .",
    "holds": "person:a org:holds post:metrex-president .",
    "held-ex-officio": "post:uclg-president hansa:heldExOfficioBy post:mayor-of-paris .",
    "founding-date": 'network:citynet schema:foundingDate "1987"^^edtf:EDTF . '
    'network:uclg schema:foundingDate "2004"^^edtf:EDTF .',
    "geonames-page": "place:tokyo rdfs:seeAlso <https://sws.geonames.org/1850147/> .",
    "iso-3166-page": "place:tokyo rdfs:seeAlso <https://www.iso.org/obp/ui/#iso:code:3166:JP> . "
    "place:japan rdfs:seeAlso <https://www.iso.org/obp/ui/#iso:code:3166:JP> .",
}


def statements(text: str, config: Config) -> set[Triple]:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in config.prefixes.items())
    return {q.triple for q in parse_bytes((prefixes + text).encode(), FORMATS["turtle"])}


def test_the_rules_are_the_files(room: Path) -> None:
    assert {f.stem for f in (room / "rules").glob("*.rq")} == RULES == set(EXPECTED)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_gives_what_follows_and_no_more(room: Path, config: Config, rule: str) -> None:
    graph = config.vocab.graph("example")
    store = EmbeddedStore.memory(Quad(t.subject, t.predicate, t.object, graph) for t in statements(GRAPH, config))
    text = (room / "rules" / f"{rule}.rq").read_text(encoding="utf-8")
    assert set(store.construct(text)) == statements(EXPECTED[rule], config)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_has_a_header_and_reads_one_graph_at_a_time(room: Path, rule: str) -> None:
    query = load_queries(room / "rules")[rule]
    assert query.summary
    assert query.description
    assert "rule" in query.tags
    words = {t.text.upper() for t in tokens(query.text) if re.fullmatch(r"\w+", t.text)}
    assert not words & {"GRAPH", "SERVICE", "FROM"}
