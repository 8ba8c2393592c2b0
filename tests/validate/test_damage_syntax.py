"""What is no Turtle is explained in words that need no grammar, at the place where the slip was made."""

from __future__ import annotations

import pytest

from hansa.model import Finding
from hansa.pipeline import validate
from tests.validate.conftest import INSTANCE, PAGE, Project

# What is replaced, by what, what stands at the place of the finding, words of the message, words of the hint.
SLIPS = [
    (
        "org:role role:member ;\n",
        "org:role role:member .\n",
        ".\n",
        "the next line goes on with it",
        "write ; instead of .",
    ),
    ("org:role role:member ;\n", "org:role role:member ,\n", ",\n", "promises another value", "write ; instead of ,"),
    ("org:role role:member ;\n", "org:role role:member\n", "\n", "lacks its ; or ,", "another property"),
    ("org:role role:member ;\n", "org:role # role:member ;\n", " # role", "a comment", "take the # out"),
    ("hansa:line 3 .\n", "hansa:line 3\n", "\n", "the dot is missing", "write . here"),
    ("hansa:line 3 .\n", "hansa:line 3 ;\n", ";\n", "goes on after ';'", "end it with a . here"),
    ('"CITYNET"@en', '"The "City" Net"@en', "City", "a quote stands inside", r"write \""),
    ('"CITYNET"@en', '"CITYNET@en', '"CITYNET@en', "is not closed in this line", "close the quote"),
    ('"CITYNET"@en', 'CITYNET"@en', "CITYNET", "CITYNET stands here without quotes", '"Seoul"@en'),
    ('"CITYNET"@en', "\u201cCITYNET\u201d@en", "\u201c", "no quotation mark", "straight quotes"),
    ('"CITYNET"@en', '"CITYNET"@en_GB', "_GB", "has no _", "@en-GB"),
    ('"CITYNET"@en', '"CITYNET"@en^^xsd:string', "^^", "a language or a datatype", "take one"),
    ('"CITYNET"@en', '"CITY\\net\\CITY"@en', "\\CITY", "a backslash that means nothing", r"write \\"),
    ('"2013"^^edtf:EDTF', '"2013"^edtf:EDTF', "^edtf", "two ^", "^^edtf:EDTF"),
    ('"2013"^^edtf:EDTF', '"2013"^^ ', ";", "the datatype is missing", "^^edtf:EDTF"),
    ('"2013"^^edtf:EDTF', "2013-11", "-11", "a date without quotes", '"2013-11"^^edtf:EDTF'),
    ("hansa:line 3 .", "hansa:line 1 300 .", "300", "two numbers", "write 1300"),
    ("org:role role:member ;", "org:role\u00a0role:member ;", "\u00a0", "cannot be seen", "an ordinary space"),
    ("org:role role:member ;", "org:role role:mem\u200bber ;", "\u200b", "ZERO WIDTH SPACE", "take it out"),
    ("org:role role:member ;", "org:role role\uff1amember ;", "\uff1a", "is not the same as :", "half-width"),
    ("org:role role:member ;", "org:role role: member ;", "role: member", "a space stands after", "write role:member"),
    ("org:role role:member ;", "org:role role/member ;", "role/member", "which a colon ends", "write role:member"),
    ("org:role role:member ;", "org:role role:mem/ber ;", "/ber", "/ cannot stand inside a name", "hyphens"),
    ("org:role role:member ;", "org:role role:l'aquila ;", "'aquila", "' cannot stand inside a name", "hyphens"),
    ("org:role role:member ;", "org:role org:role role:member ;", "role:member", "between org:role and", "put ,"),
    (
        "org:role role:member ;",
        "org:role role:member ; role:x ; ",
        "; ",
        "the object is missing before",
        "before the ;",
    ),
    ("membership:park a ", "membership:park A ", "A ", "A is no property", "in lower case"),
    ("membership:park a ", "// park\nmembership:park a ", "// park", "no comment in Turtle", "begins with #"),
    ("membership:park a ", "GRAPH graph:x { } membership:park a ", "GRAPH", "no named graphs", "without GRAPH"),
    ("membership:park a ", "<<<<<<< HEAD\nmembership:park a ", "<<<<<<<", "merge conflict", "one of the two versions"),
    ("@prefix org: <http", "@prefix org <http", "org <http", "lacks its colon", "@prefix name:"),
    ("ns/org#> .", "ns/org#", "<http://www.w3.org/ns/org#", "that < opens is not closed", "close it with >"),
]


@pytest.mark.parametrize(("old", "new", "at", "words", "hint"), SLIPS, ids=[words for _, _, _, words, _ in SLIPS])
def test_a_slip_is_explained_where_it_was_made(
    project: Project, old: str, new: str, at: str, words: str, hint: str
) -> None:
    project.replace(old, new)
    finding = project.load()[2][0]
    assert finding.code == "syntax/turtle"
    assert shown(project, finding).startswith(at), (finding.position, shown(project, finding)[:40])
    assert words in finding.message
    assert hint in finding.hint


def shown(project: Project, finding: Finding) -> str:
    lines = (project.root / INSTANCE).read_text(encoding="utf-8").split("\n")
    return "\n".join([lines[finding.position.line - 1][finding.position.column - 1 :], ""])


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<!DOCTYPE html>\n<html></html>", "a web page"),
        (b'<?xml version="1.0"?>\n<rdf:RDF/>', "XML"),
        (b'{"@id": "x"}', "JSON"),
        (b"subject,predicate,object\nx,a,y\n", "a table"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "Git LFS"),
        (b"PK\x03\x04\xff", "a spreadsheet"),
        (PAGE.encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_something_else_is_called_by_its_name(project: Project, data: bytes, what: str) -> None:
    (project.root / INSTANCE).write_bytes(data)
    (finding,) = project.load()[2]
    assert finding.position.line == 1
    assert what in finding.message


def test_every_slip_of_a_file_is_reported_not_only_the_first(project: Project) -> None:
    lines = [project.replace("org:role role:member ;\n", "org:role role:member\n")]
    lines.append(project.replace('foaf:name "Park Won Soon"', "foaf:name Park Won Soon"))
    lines.append(project.replace("hansa:line 5 .", "hansa:line 5"))
    assert sorted(f.position.line for f in project.load()[2]) == sorted(lines)


def test_a_missing_prefix_is_said_once(project: Project) -> None:
    project.replace("@prefix hansa: <https://w3id.org/hansa/ontology#> .\n", "")
    (finding,) = project.load()[2]
    assert "the prefix hansa: has not been declared" in finding.message


def test_a_file_that_breaks_off_is_shown_at_its_last_word(project: Project) -> None:
    text = PAGE[: PAGE.index("org:organization network:citynet ;")].rstrip()
    project.write(INSTANCE, text)
    (finding,) = project.load()[2]
    assert finding.position.line == text.count("\n") + 1
    assert "in the middle of a statement" in finding.message


def test_values_of_other_files_are_checked_although_one_cannot_be_read(project: Project) -> None:
    broken = project.replace("hansa:line 5 .", "hansa:line 5")
    other = PAGE.replace("source:page", "source:other").replace('"2013"^^edtf:EDTF', '"31/12/2013"^^edtf:EDTF')
    project.write("instances/sources/other.ttl", other.replace("hansa:start", "hansa:strat"))
    found = {(f.position.file, f.code) for f in validate(project.config).findings}
    assert found == {
        (INSTANCE, "syntax/turtle"),
        ("instances/sources/other.ttl", "date/edtf"),
        ("instances/sources/other.ttl", "term/unknown-property"),
    }
    assert broken
