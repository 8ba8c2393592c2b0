"""More damage, as editors, spreadsheets and copied pages make it: each on its line, none with a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.validate.conftest import INSTANCE, PAGE, Project

LABEL = '"CITYNET"@en'
TEXTS = [
    ('"CITY\x07NET"@en', "text/invisible"),
    ('"CITY\u200bNET"@en', "text/invisible"),
    ('"CITYN\ufffdT"@en', "text/lost-character"),
    ('"CITYN\u00c3\u2030T"@en', "text/encoding"),
    ('"<b>CITYNET</b>"@en', "text/markup"),
    ('"CITY&amp;NET"@en', "text/markup"),
    ('" CITYNET"@en', "text/space"),
    ('"CITY  NET"@en', "text/space"),
    ('"CITY\\nNET"@en', "text/space"),
    ('""@en', "text/empty"),
    ('"CITYNE\u0301T"@en', "text/normal-form"),
    (f'"{"long" * 1000}"@en', "text/long"),
    ('"CITYNET"@en, "x"@jp', "text/language"),
    ('"CITYNET"@english', "text/language"),
    ('"CITYNET"@EN', "text/language-case"),
    ('"\u30b7\u30c6\u30a3"@en', "text/script"),
    ('"CITYNET, info [at] example.org"@en', "privacy/contact"),
    ('"CITYNET"', "check/label-missing"),
    ('"CITYNET"@', "syntax/turtle"),
    ('"CITYNET"@en_US', "syntax/turtle"),
    ('"CITYNET@en', "syntax/turtle"),
    ('"CITY\\qNET"@en', "syntax/turtle"),
    ('"CITY\0NET"@en', "syntax/encoding"),
    ("\u201cCITYNET\u201d@en", "syntax/turtle"),
]
LINES = [
    ('"2013"^^edtf:EDTF', '"2113"^^edtf:EDTF', "date/far"),
    ('"2013"^^edtf:EDTF', '"0213"^^edtf:EDTF', "date/far"),
    ('"2013-11?"^^edtf:EDTF', '"2030"^^edtf:EDTF', "date/far"),
    ('"2013"^^edtf:EDTF', '"November 2013"^^edtf:EDTF', "date/edtf"),
    ('"2013"^^edtf:EDTF', '"2013-02-30"^^edtf:EDTF', "date/edtf"),
    ('"2013"^^edtf:EDTF', "2013", "date/datatype"),
    ("org:member authority:seoul", "org:member authority\uff1aseoul", "syntax/turtle"),
    ("org:role role:member ;", "org:role role:member \uff1b", "syntax/turtle"),
    ("org:role role:member ;", "org:role role:member", "syntax/turtle"),
    ("org:role role:member ;", "org:role role:member .", "syntax/turtle"),
    ("org:role role:member ;", "org:role\u00a0role:member ;", "syntax/turtle"),
    ("org:role role:member ;", "org:role rol:member ;", "syntax/turtle"),
    ("org:member authority:seoul", "org:member <https://w3id.org/hansa/id/authority/seoul city>", "syntax/turtle"),
    ("hansa:governs place:seoul", "hansa:governs <<( place:seoul a dct:Location )>>", "syntax/turtle"),
    ("hansa:governs place:seoul", "hansa:governs <https://w3id.org/hansa/id/place/seoul/>", "iri/slug"),
    ("membership:park a", "membership:PARK a", "iri/slug"),
    ("person:park a", "<<<<<<< HEAD\nperson:park a", "syntax/turtle"),
]


@pytest.mark.parametrize(("new", "code"), TEXTS, ids=[code + str(n) for n, (_, code) in enumerate(TEXTS)])
def test_a_damaged_label(project: Project, root: Path, new: str, code: str) -> None:
    assert_found(project, root, LABEL, new, code)


@pytest.mark.parametrize(("old", "new", "code"), LINES, ids=[f"{c}{n}" for n, (_, _, c) in enumerate(LINES)])
def test_a_damaged_statement(project: Project, root: Path, old: str, new: str, code: str) -> None:
    assert_found(project, root, old, new, code)


def assert_found(project: Project, root: Path, old: str, new: str, code: str) -> None:
    line = project.replace(old, new)
    _, _, broken = project.load()
    found = broken or project.check(root).findings
    places = {(f.code, f.position.file, f.position.line) for f in found}
    assert (code, INSTANCE, line) in places, [(f.code, f.position, f.message) for f in found]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "file/empty"), (b"# nothing\n", "file/empty"), (b"{}", "syntax/turtle"), (b"<?xml?>", "syntax/turtle"),
     (PAGE.encode("utf-16"), "syntax/encoding"), (b"\xef\xbb\xbf" + PAGE.encode(), "syntax/encoding"),
     (bytes(range(1, 256)), "syntax/encoding")],
)  # fmt: skip
def test_files_that_are_no_turtle(project: Project, data: bytes, code: str) -> None:
    (project.root / INSTANCE).write_bytes(data)
    _, _, found = project.load()
    assert [f.code for f in found] == [code]


def test_a_dot_that_is_missing_is_reported_where_it_is_missing(project: Project) -> None:
    line = project.replace("hansa:line 3 .", "hansa:line 3")
    (finding,) = project.load()[2]
    assert (finding.code, finding.position.line) == ("syntax/turtle", line)
    project.write(INSTANCE, PAGE.replace("hansa:line 3 .", "hansa:line 3 ;"))
    (finding,) = project.load()[2]
    assert finding.position.line == line
