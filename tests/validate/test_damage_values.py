"""Values and names that look right at a glance: many slips in one file, each reported on its line in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from hansa.model import Finding, Position, Severity
from hansa.validate.datewords import advice, certainly_meant
from hansa.validate.echoes import without_echoes
from hansa.validate.literals import check_literals
from hansa.validate.shapefiles import check_shape_files
from hansa.validate.terms import check_terms
from hansa.validate.texts import check_texts
from tests.validate.conftest import INSTANCE, PAGE, Project

NAMED = "network:citynet skos:prefLabel "
# A statement, the code of its finding, words of the message or the hint.
STATEMENTS = [
    (f'{NAMED}"TBD"@en .', "text/placeholder", "what the source says"),
    (f'{NAMED}"#REF!"@en .', "text/placeholder", "what the source says"),
    (f'{NAMED}"Lorem ipsum dolor"@en .', "text/placeholder", "what the source says"),
    (f'{NAMED}"CITYN\u0415T"@en .', "text/look-alike", "Latin and Cyrillic"),
    (f'{NAMED}"**CITYNET**"@en .', "text/markup", "**CITYNET**"),
    (f'{NAMED}"[[CITYNET]]"@en .', "text/markup", "plain text"),
    (f'{NAMED}"Wroc?aw"@en .', "text/lost-character", "question mark"),
    (f'{NAMED}"\uff23\uff29\uff34\uff39"@en .', "text/normal-form", "CITY"),
    (f'{NAMED}"\\"CITYNET\\""@en .', "text/quotes", "second pair of quotes"),
    (f'{NAMED}"CITY\u00adNET"@en .', "text/invisible", "SOFT HYPHEN"),
    (f'{NAMED}"https://citynet.example.org"@en .', "iri/address", "<https://citynet.example.org> without quotes"),
    ('network:citynet dct:identifier "Q5123977" .', "link/wikidata", "wikidata.sssom.tsv"),
    ("network:citynet org:member <javascript:alert(1)> .", "iri/address", "no address that the web knows"),
    ("network:citynet org:member <htps://example.org/> .", "iri/address", "did you mean https://example.org/?"),
    ("network:citynet org:member <https://https://example.org/> .", "iri/address", "write <https://example.org/>"),
    ("network:citynet org:member <http://localhost:8000/x> .", "iri/address", "your own machine"),
    ("network:citynet org:member <www.example.org/x> .", "iri/address", "write <https://www.example.org/x>"),
    ("network:citynet org:member <http://w3id.org/hansa/id/place/seoul> .", "iri/address", "write place:seoul"),
    ("network:citynet org:member <https://w3id.org/hansa/doc/place/seoul> .", "iri/address", "write place:seoul"),
    ("network:citynet schema:name 1 .", "term/unknown-property", "did you mean skos:prefLabel?"),
    ("network:citynet schema:title 1 .", "term/unknown-property", "did you mean dct:title?"),
    ("network:citynet hansa:budgets 1 .", "term/unknown-property", "docs/model.md"),
    ('network:citynet hansa:start "31/12/2013"^^edtf:EDTF .', "date/edtf", "write 2013-12-31"),
    ('network:citynet hansa:start "3.11.2013"^^edtf:EDTF .', "date/edtf", "write 2013-03-11 or 2013-11-03"),
    ('network:citynet hansa:start "2013-11-03T10:00"^^edtf:EDTF .', "date/edtf", "write 2013-11-03"),
]


def test_each_slip_is_reported_on_its_line_in_plain_words(project: Project) -> None:
    first = PAGE.count("\n") + 1
    project.write(INSTANCE, PAGE + "".join(f"{statement}\n" for statement, _, _ in STATEMENTS))
    inputs = project.inputs()
    found = [*check_terms(inputs), *check_literals(inputs), *check_texts(inputs)]
    for line, (statement, code, words) in enumerate(STATEMENTS, first):
        here = [f for f in found if f.position.line == line]
        assert code in {f.code for f in here}, (statement, [(f.code, f.message) for f in here])
        assert any(words in f"{f.message} {f.hint}" for f in here), [(f.message, f.hint) for f in here]


def test_sound_names_and_addresses_pass(project: Project) -> None:
    sound = (
        f'{NAMED}"What is a city?"@en .',
        f'{NAMED}"C40"@en .',
        "network:citynet org:member <https://www.example.org/a?b#d>, <urn:isbn:1>, <https://w3id.org/hansa/ontology> .",
    )
    project.write(INSTANCE, PAGE + "\n".join(sound))
    inputs = project.inputs()
    assert [*check_terms(inputs), *check_literals(inputs), *check_texts(inputs)] == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("31/12/2013", "2013-12-31"),
        ("November 2013", "2013-11"),
        ("3 de noviembre de 2013", "2013-11-03"),
        ("2013\u5e7411\u67083\u65e5", "2013-11-03"),
        ("c. 2013", "2013~"),
        ("2010s", "201X"),
        ("\uff12\uff10\uff11\uff13", "2013"),
        ("3.11.2013", ""),
        ("2013/11", ""),
        ("today", ""),
        ("2013", ""),
    ],
)
def test_only_what_can_mean_one_date_is_mended(text: str, meant: str) -> None:
    assert certainly_meant(text) == meant


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "take the statement out"),
        ("13", "four digits"),
        ("22022", "four digits"),
        ("2013-13", "twelve months"),
        ("2013/2010", "write 2010/2013"),
        ("2010-2013", "write 2010/2013"),
        ("2013-02-30", "the calendar has no such day"),
        ("today", "2013-11"),
    ],
)
def test_advice_on_what_is_no_date(text: str, words: str) -> None:
    assert words in advice(text)


@pytest.mark.parametrize("value", ["", "\uff12\uff10\uff11\uff13", "\u660e\u65e5"])
def test_a_date_of_which_no_name_can_be_made_is_a_finding_and_no_crash(project: Project, value: str) -> None:
    line = project.replace('"2013"^^edtf:EDTF', f'"{value}"^^edtf:EDTF')
    assert ("date/edtf", line) in {(f.code, f.position.line) for f in check_literals(project.inputs())}


# ---------------------------------------------------------------- echoes
def finding(
    code: str, line: int, *, file: str = INSTANCE, focus: str = "x", message: str = "m", hint: str = ""
) -> Finding:
    return Finding(Position(file, line, 1), Severity.ERROR, code, message, focus, hint)


def codes(*findings: Finding) -> list[str]:
    return [f.code for f in without_echoes(findings)]


def test_a_prefix_for_another_namespace_is_all_that_is_said_of_a_file() -> None:
    wrong = finding("prefix/namespace", 1, focus="")
    echoes = [finding("term/unknown-class", 5), finding("check/label-missing", 9, file="other.ttl")]
    other = finding("iri/dangling", 3, file="other.ttl", focus="y")
    assert codes(wrong, *echoes, other, finding("date/edtf", 7)) == ["prefix/namespace", "date/edtf", "iri/dangling"]


def test_one_value_that_breaks_two_parts_of_a_shape_is_one_finding() -> None:
    assert [f.hint for f in without_echoes([finding("shacl/A", 1), finding("shacl/A", 1, hint="do so")])] == ["do so"]


def test_shapes_say_nothing_of_a_thing_of_the_wrong_class() -> None:
    assert codes(finding("iri/class", 1), finding("shacl/Membership", 2), finding("owl/disjoint", 3)) == ["iri/class"]


def test_a_misspelt_property_is_not_missing_as_well() -> None:
    unknown = finding("term/unknown-property", 2, hint="did you mean hansa:rosterStatus?")
    missing = finding("shacl/CityNetwork-hasRosterStatus", 1, message="Say with hansa:rosterStatus whether …")
    other = finding("shacl/CityNetwork-evidence", 1, message="Give the network at least one hansa:evidence")
    assert codes(unknown, missing, other) == ["shacl/CityNetwork-evidence", "term/unknown-property"]


def test_a_wrong_shape_is_said_once_and_not_of_all_data() -> None:
    wrong = finding("term/unknown-property", 3, file="shapes/membership.ttl")
    assert codes(wrong, finding("shacl/Membership-member", 1), finding("date/edtf", 2)) == [
        "date/edtf",
        "term/unknown-property",
    ]


def test_what_a_property_makes_of_a_thing_is_no_fault_of_the_thing() -> None:
    wrong = finding("shacl/Authority-governs", 1, focus="https://x/id/authority/a")
    echo = finding("shacl/Place-prefLabel", 9, focus="https://x/id/authority/b")
    assert codes(wrong, echo) == ["shacl/Authority-governs"]
    assert codes(echo) == ["shacl/Place-prefLabel"]


# ---------------------------------------------------------------- shapes
def test_shapes_that_nothing_can_meet_or_nobody_describes(project: Project) -> None:
    shapes = "shapes/membership.ttl"
    lines = {
        project.replace(
            "sh:path org:member ; sh:minCount 1 ;", "sh:path org:member ; sh:minCount 2 ; sh:maxCount 1 ;", shapes
        ),
        project.replace("sh:property shape:Membership-member ,", "sh:property shape:Membership-membr ,", shapes),
    }
    found = check_shape_files(project.inputs())
    assert {f.position.line for f in found} == lines
    assert {f.hint for f in found} == {"correct one of the two", "did you mean shape:Membership-member?"}


# ---------------------------------------------------------------- checks over several statements
MORE = """\
@prefix change: <https://w3id.org/hansa/vocab/change-type/> .
@prefix count: <https://w3id.org/hansa/id/count/> .
@prefix counted: <https://w3id.org/hansa/vocab/counted/> .
@prefix post: <https://w3id.org/hansa/id/post/> .
"""
SEVERAL = """
authority:busan a cv:PublicOrganisation ; skos:prefLabel "Busan"@en ; hansa:governs place:seoul .
place:korea a dct:Location ; skos:prefLabel "Korea"@en ; dct:identifier "KR"^^hansa:iso3166-1 .
place:spain a dct:Location ; skos:prefLabel "Spain"@en ; dct:identifier "ES"^^hansa:iso3166-1 .
place:seoul dct:isPartOf place:korea ; dct:identifier "ES-11"^^hansa:iso3166-2 .
place:uk a dct:Location ; skos:prefLabel "UK"@en ; dct:identifier "UK"^^hansa:iso3166-1 .
place:both a dct:Location ; skos:prefLabel "Both"@en ; dct:isPartOf place:korea, place:spain .
place:nowhere a dct:Location ; skos:prefLabel "Nowhere"@en ; wgs84:lat 0.0 ; wgs84:long 0.0 .
count:one a hansa:StatedCount ; hansa:countOf network:citynet ; hansa:counted counted:levels ; hansa:statedNumber 2 .
count:two a hansa:StatedCount ; hansa:countOf network:citynet ; hansa:counted counted:levels ; hansa:statedNumber 3 .
membership:swapped a org:Membership ;
    org:member network:citynet ; org:organization authority:seoul ; org:role role:member .
source:page hansa:asOf "2013-11"^^edtf:EDTF .
event:late a org:ChangeEvent ; dct:type change:founding ; org:resultingOrganization network:citynet ;
    hansa:date "2020"^^edtf:EDTF .
network:citynet skos:altLabel "CITYNET"@en .
post:mayor a org:Post ; skos:prefLabel "Mayor"@en ; org:postIn authority:seoul ; org:role role:member .
membership:park hansa:throughPost post:mayor .
source:other a hansa:SourceDocument ; dct:title "Another"@en .
"""
OTHER = 'source:other a hansa:SourceDocument ; dct:title "Other"@en .'
WANTED = {
    "place-governed-twice": "hansa:governs place:seoul .",
    "code-of-another-country": '"ES-11"',
    "place-in-two-countries": "place:both a",
    "country-code-unknown": '"UK"^^hansa:iso3166-1',
    "coordinates-at-zero": "wgs84:lat 0.0",
    "count-twice": "hansa:statedNumber 3",
    "network-member-of-authority": "    org:member network:citynet",
    "date-after-source": 'hansa:date "2020"',
    "label-in-both": 'skos:altLabel "CITYNET"',
    "post-of-another-organization": "hansa:throughPost",
    "post-with-another-role": "hansa:throughPost",
    "source-elsewhere": "source:other a",
}


def test_checks_over_several_statements(project: Project, root: Path) -> None:
    page = MORE + PAGE + SEVERAL
    project.write(INSTANCE, page)
    project.write("instances/sources/other.ttl", PAGE[: PAGE.index("source:page a")] + OTHER)
    found = {(f.code, f.position.file, f.position.line) for f in project.check(root).findings}
    for name, text in WANTED.items():
        line = page[: page.index(text)].count("\n") + 1
        assert (f"check/{name}", INSTANCE, line) in found, (name, line, sorted(found))
