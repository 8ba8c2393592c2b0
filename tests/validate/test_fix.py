"""Fixes: only what is safe, only at its place, only in the file that was checked; applied or shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hansa.cli import cli
from hansa.errors import HansaError
from hansa.validate.mend import mend, write
from tests.validate.conftest import INSTANCE, PAGE, Project

MENDED = [
    ("hansa:start ", "hansa:strat "),
    ("cv:PublicOrganisation", "cv:PublicOrganization"),
    ("org:role role:president", "org:role role:presidnt"),
    ('"2013"^^edtf:EDTF', '"2013"^^edtf:EDFT'),
    ('"2013"^^edtf:EDTF', '"2013"'),
    ("@prefix org: <http://www.w3.org/ns/org#>", "@prefix org: <https://www.w3.org/ns/org#>"),
    ('"CITYNET"@en', '"CITYNET "@en'),
    ('"CITYNET"@en', '"CITYNET"@EN'),
    ('"CITYNET"@en', '"CITYNET"@english'),
    ("hansa:asOf ", "<http://w3id.org/hansa/ontology#asOf> "),
]  # (as it was, as it is damaged): the fix gives back what it was


def fixed(project: Project, root: Path) -> str:
    text = (project.root / INSTANCE).read_text(encoding="utf-8")
    (change,) = mend(project.check(root).findings, {INSTANCE: text})
    return change.after


@pytest.mark.parametrize(("old", "new"), MENDED, ids=[new for _, new in MENDED])
def test_the_fix_gives_back_what_was_there(project: Project, root: Path, old: str, new: str) -> None:
    project.replace(old, new)
    assert fixed(project, root) == PAGE


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("20170403", "2017-04-03"), ("2017/4/3", "2017-04-03"), ("2017.04.03", "2017-04-03"), (" 2017-04", "2017-04")],
)
def test_dates_whose_form_alone_is_wrong(project: Project, root: Path, text: str, wanted: str) -> None:
    project.replace('"2017-04"^^', f'"{text}"^^')
    assert fixed(project, root) == PAGE.replace('"2017-04"^^', f'"{wanted}"^^')


def test_a_link_to_wikidata(project: Project, root: Path) -> None:
    project.replace("hansa:governs place:seoul", "owl:sameAs <https://www.wikidata.org/wiki/Q8684>")
    assert "owl:sameAs <http://www.wikidata.org/entity/Q8684>" in fixed(project, root)


UNSAFE = [
    ('"2017-04"^^', '"2017-11-31"^^'),  # no such day: which one was meant?
    ('"2017-04"^^', '"03/04/2017"^^'),  # day or month first?
    ("org:organization network:citynet ;\n", "org:organization network:citynte ;\n"),  # things are not spelt by rule
    ("hansa:start ", "hansa:s "),
    ('"CITYNET"@en', '"CITYNET, info@example.org"@en'),
    ("org:role role:member", "org:role role:mmbr"),
]


@pytest.mark.parametrize(("old", "new"), UNSAFE, ids=[new for _, new in UNSAFE])
def test_what_a_person_must_decide_has_no_fix(project: Project, root: Path, old: str, new: str) -> None:
    project.replace(old, new)
    findings = project.check(root).findings
    assert findings
    assert [f.fix for f in findings if f.fix] == []


# ---------------------------------------------------------------- the command
def run(project: Project, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--project", str(project.root), "validate", *arguments])


def test_the_command_shows_and_then_makes_the_changes(project: Project) -> None:
    project.replace("hansa:start ", "hansa:strat ")
    damaged = (project.root / INSTANCE).read_text()
    shown = run(project, "--fix", "--dry-run")
    assert shown.exit_code == 1
    assert "-    hansa:strat " in shown.stdout
    assert "+    hansa:start " in shown.stdout
    assert (project.root / INSTANCE).read_text() == damaged
    (project.root / INSTANCE).chmod(0o640)
    made = run(project, "--fix", "--format", "json")
    assert (project.root / INSTANCE).read_text() == PAGE
    assert (project.root / INSTANCE).stat().st_mode & 0o777 == 0o640
    assert "1 fix made" in made.stderr
    assert "unknown-property" not in made.stdout


def test_a_missing_prefix_and_what_it_hid_are_mended_in_one_go(project: Project) -> None:
    line = "@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .\n"
    project.write(INSTANCE, "\ufeff" + PAGE.replace(line, "").replace("hansa:start ", "hansa:strat "))
    run(project, "--fix")
    assert sorted((project.root / INSTANCE).read_text().splitlines()) == sorted(PAGE.splitlines())


def test_json_holds_the_fix_and_the_line(project: Project) -> None:
    line = project.replace("hansa:start ", "hansa:strat ")
    (finding,) = [f for f in json.loads(run(project, "--format", "json").stdout)["findings"] if "fix" in f]
    assert finding["source"] == '    hansa:strat "2013"^^edtf:EDTF ;'
    assert finding["fix"] == {
        "file": INSTANCE, "line": line, "column": 5, "end_line": line, "end_column": 16,
        "original": "hansa:strat", "replacement": "hansa:start",
    }  # fmt: skip


def test_a_file_that_changed_meanwhile_is_left_alone(project: Project, root: Path) -> None:
    project.replace("hansa:start ", "hansa:strat ")
    text = (project.root / INSTANCE).read_text()
    (change,) = mend(project.check(root).findings, {INSTANCE: text})
    project.write(INSTANCE, text + "# more\n")
    with pytest.raises(HansaError, match="has changed"):
        write(change, project.root / INSTANCE)
    assert (project.root / INSTANCE).read_text() == text + "# more\n"


def test_options_that_make_no_sense_together(project: Project) -> None:
    assert run(project, "--dry-run").exit_code == 2
    assert run(project, "--fix", "--watch").exit_code == 2
    (project.root / "x.txt").write_text("x")
    assert run(project, str(project.root / "x.txt")).exit_code == 2
