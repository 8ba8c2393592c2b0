"""Check queries that need more than one damaged line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.validate.conftest import INSTANCE, PAGE, PREFIXES, Project

MORE = """\
@prefix change: <https://w3id.org/hansa/vocab/change-type/> .
@prefix count: <https://w3id.org/hansa/id/count/> .
@prefix counted: <https://w3id.org/hansa/vocab/counted/> .
@prefix dating: <https://w3id.org/hansa/vocab/dating/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix precision: <https://w3id.org/hansa/vocab/precision/> .
@prefix roster: <https://w3id.org/hansa/vocab/roster/> .
@prefix vocab: <https://w3id.org/hansa/vocab/> .
"""
OTHER = (
    PREFIXES
    + """\
source:other a hansa:SourceDocument ; dct:title "Other"@en .
evidence:other a hansa:Evidence ; hansa:inSource source:other ; hansa:line 1 .
"""
)
CASES = {
    "membership-twice": """
membership:seoul-again a org:Membership ; org:member authority:seoul ; org:organization network:citynet ;
    org:role role:member ; hansa:start "2015"^^edtf:EDTF ; hansa:evidence evidence:park .""",
    "two-presidents-at-once": """
membership:other a org:Membership ; org:member authority:seoul ; org:organization network:citynet ;
    org:role role:president ; hansa:evidence evidence:park .""",
    "label-shared": """
network:city-net a hansa:CityNetwork ; skos:prefLabel "CITYNET"@en ; hansa:evidence evidence:park .""",
    "evidence-unused": "evidence:lone a hansa:Evidence ; hansa:inSource source:page ; hansa:line 9 .",
    "part-of-itself": """
network:citynet org:subOrganizationOf network:sub .
network:sub a hansa:CityNetwork ; skos:prefLabel "Sub"@en ; org:subOrganizationOf network:citynet ;
    hansa:evidence evidence:park .""",
    "event-outside-super-event": """
event:congress a schema:Event ; skos:prefLabel "C"@en ; hansa:date "2013-11-05"^^edtf:EDTF .
event:talk a schema:Event ; skos:prefLabel "T"@en ; hansa:date "2013-12"^^edtf:EDTF ;
    schema:superEvent event:congress .""",
    "network-without-evidence": 'network:bare a hansa:CityNetwork ; skos:prefLabel "Bare"@en .',
    "as-of-after-source": """
source:page hansa:asOf "2013-11"^^edtf:EDTF .
membership:park hansa:asOf "2014"^^edtf:EDTF .""",
    "count-below-named": """
count:members a hansa:StatedCount ; hansa:countOf network:citynet ; hansa:counted counted:members ;
    hansa:statedNumber 0 ; hansa:countPrecision precision:exact ; hansa:evidence evidence:park .""",
    "complete-roster-differs": """
network:citynet hansa:rosterStatus roster:complete .
count:members a hansa:StatedCount ; hansa:countOf network:citynet ; hansa:counted counted:member-cities ;
    hansa:statedNumber 13 ; hansa:countPrecision precision:exact ; hansa:evidence evidence:park .""",
    "roster-none-with-members": "network:citynet hansa:rosterStatus roster:none .",
    "statement-without-evidence": """
person:park owl:sameAs <http://example.org/> ; hansa:evidence evidence:name .
person:park hansa:evidence evidence:name .
evidence:name a hansa:Evidence ; hansa:inSource source:page ; hansa:line 3 ; hansa:supportsProperty foaf:name .""",
    "evidence-elsewhere": """
person:park hansa:evidence evidence:other .""",
    "member-before-founding": """
event:founding dct:type change:founding ; org:resultingOrganization network:citynet ; hansa:date "2015"^^edtf:EDTF .""",
    "founded-twice": """
event:founding dct:type change:founding ; org:resultingOrganization network:citynet ; hansa:date "1987"^^edtf:EDTF .
event:again dct:type change:founding ; org:resultingOrganization network:citynet ; hansa:date "1989"^^edtf:EDTF .""",
    "coordinates-differ": 'place:seoul geo:asWKT "POINT(37.56 126.97)"^^geo:wktLiteral .',
    "identifier-shared": """
place:seoul dct:identifier "KRSEL" .
place:twin a dct:Location ; skos:prefLabel "Twin"@en ; dct:identifier "KRSEL" .""",
    "value-of-other-scheme": """
role:member skos:inScheme vocab:role . roster:none skos:inScheme vocab:roster .
network:citynet hansa:rosterStatus role:member .""",
    "concept-label-shared": """
role:member skos:inScheme vocab:role ; skos:prefLabel "member"@en .
role:president skos:inScheme vocab:role ; skos:prefLabel "member"@en .""",
    "undated-with-date": 'source:page hansa:dating dating:undated ; hansa:asOf "2013-11"^^edtf:EDTF .',
    "line-far-out": "evidence:far hansa:inSource source:page ; hansa:line 9000 .",
}
SILENT = {
    "value-of-other-scheme": (
        "network:citynet hansa:rosterStatus role:member",
        "network:citynet hansa:rosterStatus roster:none",
    ),
    "concept-label-shared": ("role:president skos:inScheme vocab:role", "role:president skos:inScheme vocab:other"),
    "undated-with-date": ("dating:undated", "dating:inferred"),
    "line-far-out": ("9000", "60"),
    "membership-twice": ("role:member", "role:observer"),
    "two-presidents-at-once": ("role:president", "role:co-president"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_check_finds_it(project: Project, root: Path, name: str) -> None:
    # Without evidence of its own for single properties, everything about the person is supported as a whole.
    page = PAGE.replace("hansa:evidence evidence:person .", ".") if name == "statement-without-evidence" else PAGE
    project.write(INSTANCE, MORE + page + CASES[name])
    project.write("instances/sources/other.ttl", OTHER)
    found = [f for f in project.check(root).findings if f.code == f"check/{name}"]
    assert found
    assert all(f.position.line and f.hint for f in found)
    assert INSTANCE in {f.position.file for f in found}


@pytest.mark.parametrize("name", SILENT)
def test_the_check_is_silent_on_sound_data(project: Project, root: Path, name: str) -> None:
    project.write(INSTANCE, MORE + PAGE + CASES[name].replace(*SILENT[name]))
    assert CASES[name].replace(*SILENT[name]) != CASES[name]
    assert [f for f in project.check(root).findings if f.code == f"check/{name}"] == []


@pytest.mark.parametrize("name", ["membership-twice", "two-presidents-at-once", "founded-twice"])
def test_both_sides_are_shown(project: Project, root: Path, name: str) -> None:
    """Either of the two may be the wrong one."""
    project.write(INSTANCE, MORE + PAGE + CASES[name])
    found = [f for f in project.check(root).findings if f.code == f"check/{name}"]
    assert len({f.focus for f in found}) == 2
    assert len({f.position.line for f in found}) == 2


def test_a_line_is_far_out_only_where_several_are_cited(project: Project, root: Path) -> None:
    """Of three lines none says how long the document is."""
    page = PAGE.replace("hansa:line 4", "hansa:line 1").replace("hansa:line 5", "hansa:line 1")
    project.write(INSTANCE, page.replace("hansa:line 3", "hansa:line 9000"))
    assert [f for f in project.check(root).findings if f.code == "check/line-far-out"] == []


def test_periods_that_follow_each_other_are_two_memberships(project: Project, root: Path) -> None:
    later = CASES["membership-twice"].replace("2015", "2018")
    project.write(INSTANCE, PAGE + later)
    assert [f.code for f in project.check(root).findings if "twice" in f.code] == []


def test_two_sources_may_name_two_presidents_at_different_times(project: Project, root: Path) -> None:
    other = (
        PREFIXES
        + """\
source:other a hansa:SourceDocument ; dct:title "Other"@en .
membership:next a org:Membership ; org:member authority:seoul ; org:organization network:citynet ;
    org:role role:president ; hansa:asOf "2019"^^edtf:EDTF ; hansa:evidence evidence:next .
evidence:next a hansa:Evidence ; hansa:inSource source:other ; hansa:line 1 .
"""
    )
    project.write("instances/sources/other.ttl", other)
    assert project.check(root).findings == []


def test_a_source_from_which_nothing_is_taken(project: Project, root: Path) -> None:
    project.write("instances/sources/empty.ttl", PREFIXES + 'source:empty a hansa:SourceDocument ; dct:title "E"@en .')
    (finding,) = project.check(root).findings
    assert finding.code == "check/source-without-statements"
    assert finding.position.file == "instances/sources/empty.ttl"
