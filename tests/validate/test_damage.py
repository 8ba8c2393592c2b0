"""Every kind of damage is reported on the line where it is, with its code and a hint."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hansa.validate.integrity import check_integrity
from tests.validate.conftest import INSTANCE, PAGE, Project


def test_the_small_project_is_clean(project: Project, root: Path) -> None:
    assert project.check(root).findings == []


# What is replaced, by what, the column of the finding in the new line (as the text that stands there), code, hint.
ONE_LINE = [
    ("hansa:start ", "hansa:strat ", "hansa:strat", "term/unknown-property", "did you mean hansa:start?"),
    ("cv:PublicOrganisation", "cv:PublicOrganization", "cv:PublicOrg", "term/unknown-class", "cv:PublicOrganisation"),
    ('"2013"^^edtf:EDTF', '"2013"^^edtf:EDFT', '"2013"', "date/datatype", "edtf:EDTF"),
    ("org:role role:president", "org:role role:presidnt", "role:presidnt", "term/unknown-concept", "role:president"),
    ("org:member authority:seoul", "<http://x.org/p> 1 ; org:member authority:seoul", "<http://x.org/p>",
     "term/unknown-property", "[tool.hansa.prefixes]"),
    ("hansa:line 2 .\nevidence:place", "hansa:supportsProperty skos:prefLable .\nevidence:place", "skos:prefLable",
     "term/unknown-property", "skos:prefLabel"),
    ("@prefix org: <http://www.w3.org/ns/org#>", "@prefix org: <https://www.w3.org/ns/org#>", "org:",
     "prefix/namespace", "<http://www.w3.org/ns/org#>"),
    ("@prefix schema: <https://schema.org/>", "@prefix sdo: <https://schema.org/>", "sdo:",
     "prefix/unknown", "schema:"),
    ("org:organization network:citynet ;\n", "org:organization network:citynte ;\n", "network:citynte",
     "iri/dangling", "did you mean network:citynet?"),
    ("org:member authority:seoul", "org:member person:seoul", "person:seoul", "iri/dangling", "authority:seoul"),
    ("membership:park a org:Membership", "membership:Park a org:Membership", "membership:Park", "iri/slug", "hyphens"),
    ("network:citynet a hansa:CityNetwork ;", "network:citynet a cv:PublicOrganisation ;", "cv:Public", "iri/class",
     "hansa:CityNetwork"),
    ("hansa:governs place:seoul", "hansa:governs <https://w3id.org/hansa/id/plaec/seoul>", "<https",
     "iri/kind", "place"),
    ("person:park a foaf:Person ; foaf:name", "person:park foaf:name", "person:park", "iri/no-class", "a foaf:Person"),
    ("hansa:governs place:seoul", 'hansa:governs place:seoul , [ skos:prefLabel "x"@en ]', "[",
     "iri/blank-node", "IRI"),
    ("hansa:inSource source:page ; hansa:line 3", "hansa:inSource source:pages ; hansa:line 3", "source:pages",
     "iri/dangling", "source:page"),
    ('"2013"^^edtf:EDTF', '"2013-13"^^edtf:EDTF', '"2013-13"', "date/edtf", "2013-11"),
    ('"2017-04"^^edtf:EDTF', '"2017/04/03"^^edtf:EDTF', '"2017/', "date/edtf", "write 2017-04-03"),
    ('"2013"^^edtf:EDTF', '"2013"', '"2013"', "date/datatype", '"2013"^^edtf:EDTF'),
    ('"2017-04"^^edtf:EDTF', '"2012"^^edtf:EDTF', '"2012"', "date/order", "the start stands in line"),
    ('"CITYNET"@en', '"CITYNET, info@example.org"@en', '"CITYNET', "privacy/contact", "take it out"),
    ('"Park Won Soon"', '"Park Won Soon, +82 2 120 4567"', '"Park', "privacy/contact", "take it out"),
    ("hansa:governs place:seoul", "owl:sameAs <https://www.wikidata.org/wiki/Q8684>", "<https:", "link/wikidata",
     "write <http://www.wikidata.org/entity/Q8684>"),
    ("org:role role:member", "org:role role:member ; org:role role:member", None, "data/repeated", "delete one"),
    ("org:member person:park ; ", "", "membership:park", "shacl/Membership-member", "add org:member"),
    ("org:member authority:seoul", 'org:member "Seoul"', '"Seoul"', "shacl/Membership-member", "add org:member"),
    ("; hansa:evidence evidence:park", "", "membership:park", "shacl/Membership-evidence", "add a value"),
    ("org:organization network:citynet ;\n", "\n", "membership:seoul", "shacl/Membership-organization", "add a value"),
    ("org:role role:member", "skos:prefLabel \"x\"@en", "skos:prefLabel", "shacl/Membership", "spelling"),
    ("org:member person:park", "org:member network:citynet", "network:citynet", "check/member-of-itself", "correct"),
    ("hansa:asOf \"2013-11?\"", "hansa:asOf \"2019\"", '"2019"', "check/as-of-after-end", "retrieval"),
    ("hansa:governs place:seoul", "org:memberOf network:citynet", "network:citynet", "check/derived-by-hand", "delete"),
    ("hansa:line 2 .\nevidence:place", "hansa:supportsProperty foaf:name .\nevidence:place", "foaf:name",
     "check/evidence-without-statement", "supportsProperty"),
    ('place:seoul a dct:Location ; skos:prefLabel "Seoul"@en', 'place:seoul a dct:Location ; skos:prefLabel "서울"@ko',
     "place:seoul", "check/label-missing", "skos:prefLabel"),
    ("wgs84:lat 37.56 ;", "", "place:seoul", "check/place-without-coordinates", "wgs84:lat"),
    ("hansa:governs place:seoul", "hansa:representing place:seoul", "authority:seoul", "check/authority-without-place",
     "hansa:governs"),
    ("org:member person:park", "org:member authority:seoul", "person:park", "check/person-without-role", "membership"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "token", "code", "hint"), ONE_LINE, ids=[f"{c}:{n[:30]}" for _, n, _, c, _ in ONE_LINE]
)
def test_one_damaged_line(
    project: Project, root: Path, old: str, new: str, token: str | None, code: str, hint: str
) -> None:
    project.replace(old, new)
    findings = project.check(root).findings
    found = [f for f in findings if f.code == code]
    assert found, [(f.code, f.position, f.message) for f in findings]
    lines = (project.root / INSTANCE).read_text(encoding="utf-8").splitlines()
    for finding in found:
        assert finding.position.file == INSTANCE
        shown = lines[finding.position.line - 1][finding.position.column - 1 :]
        assert shown.startswith(token or "role:member"), shown
        assert hint in finding.hint
        assert finding.message


def test_what_one_check_says_plainly_the_shapes_do_not_repeat(project: Project, root: Path) -> None:
    project.replace("hansa:start ", "hansa:strat ")
    assert [f.code for f in project.check(root).findings] == ["term/unknown-property"]
    project.write(INSTANCE, PAGE)
    project.replace('"2017-04"^^edtf:EDTF', '"2012"^^edtf:EDTF')
    assert {f.code for f in project.check(root).findings} == {"date/order", "check/as-of-after-end"}


def test_a_second_statement_is_shown_where_it_stands_again(project: Project) -> None:
    line = project.replace("    org:role role:member ;\n", "    org:role role:member ;\n    org:role role:member ;\n")
    (finding,) = project.check().findings
    assert (finding.position.line, finding.code) == (line + 1, "data/repeated")
    assert f"line {line}" in finding.message


def test_a_file_without_its_source(project: Project) -> None:
    project.write("instances/sources/other.ttl", PAGE)
    codes = {(f.position.file, f.position.line, f.code) for f in project.check().findings}
    assert ("instances/sources/other.ttl", 1, "source/missing") in codes
    assert "source/foreign-evidence" not in {code for _, _, code in codes}  # said once: the file has the wrong name
    page = project.inputs()
    (missing,) = [f for f in check_integrity(page) if f.code == "source/missing"]
    assert "all evidence in it is from source:page" in missing.hint


def test_names_in_queries_and_shapes_are_checked(project: Project) -> None:
    header = "#+ summary: x\nPREFIX hansa: <https://w3id.org/hansa/ontology#>\nPREFIX foo: <http://foo/>\n"
    role = "PREFIX role: <https://w3id.org/hansa/vocab/role/>\n"
    body = 'SELECT * { ?s hansa:strat ?o ; ?p role:mebmer . FILTER("hansa:nothing" != ?o) } # hansa:comment\n'
    project.write("queries/q.rq", header + role + body)
    line = project.replace("sh:path org:member ;", "sh:path org:memebr ;", "shapes/membership.ttl")
    found = {(f.position.file, f.position.line, f.code) for f in project.check().findings}
    assert found >= {
        ("queries/q.rq", 3, "prefix/unknown"),
        ("queries/q.rq", 5, "term/unknown-property"),
        ("queries/q.rq", 5, "term/unknown-concept"),
        ("shapes/membership.ttl", line, "term/unknown-property"),
    }
    assert sum(file == "queries/q.rq" for file, _, _ in found) == 3


def test_a_shape_may_name_what_it_forbids(project: Project) -> None:
    project.replace("shape:Order sh:target", "shape:No sh:path foaf:mbox ; sh:maxCount 0 .\nshape:Order sh:target",
                    "shapes/membership.ttl")  # fmt: skip
    project.replace("@prefix sh:", "@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n@prefix sh:", "shapes/membership.ttl")
    assert project.check().findings == []


def test_ranges_of_dates_touch_without_contradiction(project: Project) -> None:
    project.replace('hansa:start "2013"', 'hansa:start "2017-04-30/.."')
    codes = [f.code for f in project.check().findings]
    assert codes == []
    project.replace('hansa:start "2017-04-30/.."', 'hansa:start "2017-05-01/.."')
    assert [f.code for f in project.check().findings] == ["date/order"]


@pytest.mark.parametrize("text", ["2013-11-05", "1998-2001", "13 of 13", "001-001-20231122-003720", "Agenda 21, 2030"])
def test_numbers_that_are_no_telephone_numbers(project: Project, text: str) -> None:
    project.replace('"CITYNET"@en', f'"{text}"@en')
    assert "privacy/contact" not in {f.code for f in project.check().findings}


@pytest.mark.parametrize(
    "text", ["+81 3-5321-1111", "03-5321-1111", "(02) 120-4567", "Tel: 5388 2222", "a.b@city.example"]
)
def test_contact_data_in_any_literal(project: Project, text: str) -> None:
    project.replace('"CITYNET"@en', f'"CITYNET {text}"@en')
    assert "privacy/contact" in {f.code for f in project.check().findings}


@pytest.mark.parametrize(
    "link", ["http://wikidata.org/entity/Q8684", "https://m.wikidata.org/wiki/Q8684#x", "http://www.wikidata.org/entity/q8684",
             "https://www.wikidata.org/wiki/Special:EntityData/Q8684.ttl"]
)  # fmt: skip
def test_forms_of_wikidata_links(project: Project, link: str) -> None:
    project.replace("hansa:governs place:seoul", f"owl:sameAs <{link}>")
    (finding,) = [f for f in project.check().findings if f.code == "link/wikidata"]
    assert finding.hint == "write <http://www.wikidata.org/entity/Q8684>"


def test_the_right_wikidata_iri_and_a_home_page_pass(project: Project) -> None:
    project.replace(
        "hansa:governs",
        "owl:sameAs <http://www.wikidata.org/entity/Q8684>, <https://www.wikidata.org/> ; hansa:governs",
    )
    assert project.check().findings == []


def test_every_check_of_the_project_has_header_and_runs(project: Project, root: Path) -> None:
    checks = sorted((root / "queries" / "checks").glob("*.rq"))
    assert len(checks) >= 12
    for check in checks:
        assert re.match(
            r"#\+ problem: .+\n#\+ solution: .+\n#\+ severity: (error|warning|info)\n", check.read_text()
        ), check


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("SELECT ?focus { ?focus ?p ?o }", 1, "check/header"),
        ("#+ problem: p\n#+ solution: s\n#+ severity: fatal\nSELECT ?focus { ?focus ?p ?o }", 3, "check/header"),
        ("#+ problem: p\n#+ solution: s\n#+ severity: error\nSELECT ?focus { ?focus ?p }", 4, "check/query"),
        ("#+ problem: p\n#+ solution: s\n#+ severity: error\nASK { ?s ?p ?o }", 1, "check/query"),
        ("#+ problem: p\n#+ solution: s\n#+ severity: error\nSELECT ?s { ?s ?p ?o }", 4, "check/query"),
    ],
)
def test_a_broken_check_is_a_finding(project: Project, text: str, line: int, code: str) -> None:
    project.write("queries/checks/bad.rq", text)
    (finding,) = project.check().findings
    assert (finding.position.file, finding.position.line, finding.code) == ("queries/checks/bad.rq", line, code)


def test_an_aggregate_over_nothing_is_no_failure(project: Project) -> None:
    header = "#+ problem: p\n#+   goes on\n#+ solution: s\n#+ severity: info\n"
    project.write("queries/checks/agg.rq", header + "SELECT (SAMPLE(?s) AS ?focus) { ?s <http://none> ?o }")
    assert project.check().findings == []
