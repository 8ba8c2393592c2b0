"""Files that nobody would read, tables with slips, broken queries, wrong settings: all said with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from hansa.config import load_config
from hansa.errors import ConfigError
from hansa.link.decisions import read_decisions
from hansa.link.sheet import COLUMNS
from hansa.sources.project import find_files
from hansa.validate.checks import run_checks
from hansa.validate.scripts import check_queries, check_rules
from hansa.validate.terms import check_terms
from hansa.validate.withdrawals import check_withdrawals
from tests.validate.conftest import Project

ROW = ("place:seoul", "owl:sameAs", "", "wd:Q8684", "semapv:ManualMappingCuration", "Hansa", "1.0", "2026-11-21", "0.9")


def table(*rows: tuple[str, str]) -> str:
    """Write a table of links with the column ``sources``: a decision and its sources a row."""
    lines = ["\t".join([*COLUMNS, "sources"])]
    for number, (decision, sources) in enumerate(rows):
        agreement = {"undecided": "0.0"}.get(decision, "1.0")
        fields = [*ROW[:3], f"wd:Q{8684 + number}", *ROW[4:6], agreement, *ROW[7:], "seen", decision, sources]
        lines.append("\t".join([f"place:seoul-{number}", *fields[1:]]))
    return "\n".join([*lines, ""])


def test_an_exact_link_without_two_independent_sources_is_an_error(project: Project) -> None:
    one, dependent, none = "ROR 1", "Wikidata labels|Wikidata dump", ""
    text = table(("exact", "ROR 1|Wikidata"), ("exact", one), ("exact", dependent), ("exact", none), ("undecided", one))
    project.write("links.tsv", text)
    decisions, found = read_decisions(project.root / "links.tsv", "links.tsv", project.config.vocab)
    assert len(decisions) == 5
    assert [(f.code, f.position.line) for f in found] == [("link/sources", line) for line in (3, 4, 5)]
    assert all(text.split("\n")[f.position.line - 1][f.position.column - 2] == "\t" for f in found)
    assert "rests on no source" in found[2].message


def test_slips_in_the_heading_are_said_once(project: Project) -> None:
    good = table(("exact", "ROR 1|Wikidata"), ("exact", "ROR 2|Wikidata"), ("exact", "ROR 3|Wikidata"))
    slot = "#extension_definitions:\n#  - slot_name: sources\n"
    damaged = {
        good.replace("\t", ","): "not separated by tabs",
        good[good.index("\n") + 1 :]: "no heading row",
        slot + good.replace("\tsources\n", "\n"): "lacks the column sources",
        good.replace("\tsources\n", "\n"): "most rows have 12 fields",
    }
    for text, words in damaged.items():
        project.write("links.tsv", text)
        (finding,) = read_decisions(project.root / "links.tsv", "links.tsv", project.config.vocab)[1]
        assert words in finding.message


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("instances/a.TTL", "file/format"),
        ("instances/a.ttl.txt", "file/format"),
        ("instances/a.ttl.bak", "file/format"),
        ("instances/members.xlsx", "file/format"),
        ("instances/folder.ttl/README.md", "file/folder"),
    ],
)
def test_what_nobody_would_read_is_named(project: Project, name: str, code: str) -> None:
    project.write(name, "x")
    (finding,) = find_files(project.config).findings
    assert finding.code == code
    assert name.startswith(finding.position.file)


def test_files_that_belong_beside_the_data_are_no_findings(project: Project) -> None:
    for name in ("instances/README.md", "instances/LICENSE", "instances/withdrawn.tsv", "instances/links/x.md"):
        project.write(name, "x")
    assert find_files(project.config).findings == ()


def test_every_row_of_the_withdrawn_things_is_checked(project: Project) -> None:
    rows = ["network:a\t2026-11-20\tmerged\t", "network:b\t20.11.2026\tmerged\t", "network:c\t2026-11-20\t\t",
            "network:a\t2026-11-20\tagain\t", "network:d\t2026-11-20\tmerged\tnetwork:nowhere",
            "network:citynet\t2026-11-20\tgone\t"]  # fmt: skip
    project.write("instances/withdrawn.tsv", "\n".join(["iri\tdate\treason\treplaced_by", *rows, ""]))
    known = {f"{project.config.base}id/network/citynet"}
    found = check_withdrawals(project.config, known)
    assert [f.position.line for f in found] == [3, 4, 5, 6, 7]
    assert "network:citynet is still described" in found[-1].message


HEAD = "#+ summary: x\n"
QUERIES = [
    ("SELEC ?a WHERE { ?a ?b ?c }", 2, "SELEC is no kind of query", "did you mean SELECT?"),
    ("SELECT ?a WHERE {\n  OPTIONAL { ?a ?b ?c\n  ?a ?d ?e\n}", 3, "the { that opens here", "close it with }"),
    ("SELECT ?a WHERE {\n  ?a ?b ?c\n  ?a ?d ?e\n}", 3, "missing at the end of this line", "before the next thing"),
    ("SELECT ?a ?x WHERE { ?a ?b ?c }", 2, "?x stands nowhere under WHERE", "bind it"),
    ("PREFIX org: <http://www.w3.org/ns/org#>\nSELECT ?a WHERE { ?a org:memebr ?c }", 3, "not declared", "org:member?"),
]


@pytest.mark.parametrize(("text", "line", "words", "hint"), QUERIES, ids=[q[2] for q in QUERIES])
def test_a_broken_query_is_explained(project: Project, text: str, line: int, words: str, hint: str) -> None:
    project.write("queries/q.rq", HEAD + text)
    files, inputs = find_files(project.config), project.inputs()
    (finding,) = [f for f in (*check_queries(inputs, files.queries), *check_terms(inputs)) if f.position.file]
    assert (finding.position.file, finding.position.line) == ("queries/q.rq", line)
    assert words in finding.message
    assert hint in finding.hint


def test_a_broken_check_and_a_broken_rule_are_explained_alike(project: Project) -> None:
    header = "#+ problem: p\n#+ solution: s\n#+ severity: error\n"
    project.write("queries/checks/c.rq", header + "SELECT ?focus WHERE {\n  ?focus ?p ?o\n  ?focus ?q ?r\n}")
    project.write("ontology/rules/r.rq", "CONSTRCT { ?a ?b ?c } WHERE { ?a ?b ?c }")
    files = find_files(project.config)
    (rule,) = check_rules(files.rules)
    assert (rule.position.line, rule.hint) == (1, "did you mean CONSTRUCT?")
    project.write("ontology/rules/r.rq", "CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }")
    (check,) = run_checks(project.check().store, files.checks, project.inputs())
    assert (check.code, check.position.line) == ("check/query", 5)


SETTINGS = [
    ('base = "https://w3id.org/hansa/"', "base = 3", "base is '3'"),
    ('base = "https://w3id.org/hansa/"', 'bsae = "https://w3id.org/hansa/"', "did you mean base?"),
    ('title = { en = "Hansa: municipal', 'titel = { en = "Hansa: municipal', "did you mean title?"),
    ('issued = "2026-11-21"', 'issued = "21.11.2026"', "a day in quotes"),
    ('languages = ["en", "ja", "es"]', 'languages = ["en", "jp"]', "ja, not jp"),
    ('foaf = "http://xmlns.com/foaf/0.1/"', 'foaf = "xmlns.com/foaf/0.1/"', "the prefix foaf stands for"),
    ('foaf = "http://xmlns.com/foaf/0.1/"', "foaf =", "check quotes"),
    ('licence = "https://creativecommons.org/licenses/by/4.0/"', 'licence = "CC BY"', "an address in quotes"),
]


@pytest.mark.parametrize(("old", "new", "words"), SETTINGS, ids=[new for _, new, _ in SETTINGS])
def test_a_wrong_setting_is_said_with_its_line(project: Project, old: str, new: str, words: str) -> None:
    line = project.replace(old, new, "pyproject.toml")
    with pytest.raises(ConfigError) as caught:
        load_config(project.root)
    assert f"pyproject.toml:{line}: " in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize("version", ["../../x", "", "1 0"])
def test_a_version_is_no_way_out_of_the_folder_of_releases(project: Project, version: str) -> None:
    text = (project.root / "pyproject.toml").read_text(encoding="utf-8")
    start = text.index("[tool.hansa]")
    changed = text[start:].replace('version = "0.1.0"', f'version = "{version}"', 1)
    Path(project.root / "pyproject.toml").write_text(text[:start] + changed, encoding="utf-8")
    with pytest.raises(ConfigError, match="version is"):
        load_config(project.root)
