"""Files are found in order, with their graphs, and what is wrong with them is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hansa.config import Config, load_config
from hansa.errors import HansaError
from hansa.model import Finding, Position
from hansa.rdf import Literal, NamedNode
from hansa.sources.loader import load, load_shapes
from hansa.sources.positions import PositionIndex
from hansa.sources.project import find_files

HEAD = "@prefix dct: <http://purl.org/dc/terms/> .\n@prefix place: <https://w3id.org/hansa/id/place/> .\n"


@pytest.fixture
def empty(tmp_path: Path, root: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text((root / "pyproject.toml").read_text(encoding="utf-8"))
    write(tmp_path, "ontology/hansa.ttl", "")
    return tmp_path


def write(root: Path, name: str, text: str | bytes) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def loaded(root: Path) -> list[Finding]:
    config = load_config(root)
    files = find_files(config)
    return [*files.findings, *load(files, config)[1], *load_shapes(files, config)[1]]


def test_all_groups_in_a_stable_order(empty: Path) -> None:
    for name in ("ontology/external.ttl", "ontology/vocab/role.ttl", "ontology/rules/a.rq", "shapes/x.ttl",
                 "queries/q.rq", "queries/checks/c.rq", "instances/b/one.ttl", "instances/a/two.ttl",
                 "instances/README.md", "instances/links/wikidata.sssom.tsv"):  # fmt: skip
        write(empty, name, "")
    config = load_config(empty)
    files = find_files(config)
    assert [f.name for f in files.turtle] == [
        "ontology/external.ttl", "ontology/hansa.ttl", "ontology/vocab/role.ttl", "instances/a/two.ttl",
        "instances/b/one.ttl", "shapes/x.ttl",
    ]  # fmt: skip
    assert [f.graph for f in files.instances] == [config.vocab.graph("two"), config.vocab.graph("one")]
    assert {f.graph for f in files.ontology} == {config.vocab.graph("ontology")}
    assert [f.name for f in files.sparql] == ["ontology/rules/a.rq", "queries/q.rq", "queries/checks/c.rq"]
    assert files.links is not None
    assert files.findings == ()


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path, root: Path) -> None:
    write(tmp_path, "pyproject.toml", (root / "pyproject.toml").read_text(encoding="utf-8"))
    with pytest.raises(HansaError, match="has no ontology"):
        find_files(load_config(tmp_path))


@pytest.mark.parametrize(
    ("names", "file", "code", "hint"),
    [
        (["a/Big File.ttl"], "instances/a/Big File.ttl", "file/slug", "big-file.ttl"),
        (["a/x.ttl", "b/x.ttl"], "instances/b/x.ttl", "file/duplicate-slug", "merge or rename"),
        (["links.ttl"], "instances/links.ttl", "file/reserved", "source"),
        (["x.trig"], "instances/x.trig", "file/format", "x.ttl"),
        (["a/x.jsonld"], "instances/a/x.jsonld", "file/format", "x.ttl"),
    ],
)
def test_names_and_formats(empty: Path, names: list[str], file: str, code: str, hint: str) -> None:
    for name in names:
        write(empty, f"instances/{name}", "")
    (finding,) = [f for f in loaded(empty) if f.code != "file/empty"]
    assert (finding.position.file, finding.code) == (file, code)
    assert hint in finding.hint


@pytest.mark.parametrize(
    ("body", "place", "code", "words", "hint"),
    [
        ("place:a dct:title 1\nplace:b dct:title 2 .", (3, 20), "syntax/turtle", "dot", "; (same subject)"),
        ("place:a dct:title .", (3, 19), "syntax/turtle", "object is missing", "before the ."),
        ('place:a dct:title "x .\n', (3, 19), "syntax/turtle", "", "quote"),
        ("palce:a dct:title 1 .", (3, 1), "syntax/turtle", "prefix palce:", "did you mean place:"),
        (
            "skos:a dct:title 1 .",
            (3, 1),
            "syntax/turtle",
            "prefix skos:",
            "@prefix skos: <http://www.w3.org/2004/02/skos",
        ),
        ("<http://a b> dct:title 1 .", (3, 1), "syntax/turtle", "IRI", "%20"),
        ("place:日本 dct:title [ dct:title 1 .", (3, 34), "syntax/turtle", "", ""),
        (b"# \xe6\x97\xa5 \xff", (3, 5), "syntax/encoding", "0xff", "UTF-8"),
    ],
)
def test_syntax_errors_have_place_and_hint(
    empty: Path, body: str | bytes, place: tuple[int, int], code: str, words: str, hint: str
) -> None:
    write(empty, "instances/good.ttl", HEAD + "place:good dct:title 1 .")
    write(empty, "instances/bad.ttl", HEAD.encode() + (body.encode() if isinstance(body, str) else body))
    config = load_config(empty)
    graphs, (finding,) = load(find_files(config), config)
    assert (finding.position, finding.code) == (Position("instances/bad.ttl", *place), code)
    assert words in finding.message
    assert hint in finding.hint
    assert finding.hint
    assert len(graphs[config.vocab.graph("good")]) == 1
    assert graphs[config.vocab.graph("bad")] == []


def test_a_byte_order_mark_is_named(empty: Path) -> None:
    write(empty, "instances/bom.ttl", b"\xef\xbb\xbf" + HEAD.encode())
    assert [f.code for f in loaded(empty)] == ["syntax/encoding"]


def test_a_link_that_leads_nowhere_and_a_file_that_may_not_be_read(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(empty, "instances/sources/a.ttl", HEAD + 'place:a dct:title "A"@en .')
    closed = write(empty, "queries/closed.rq", "ASK {}")
    folder = empty / "instances" / "sources"
    (folder / "loop.ttl").symlink_to("loop.ttl")
    (folder / "gone.ttl").symlink_to("nowhere.ttl")
    (folder / "folder").symlink_to(folder)
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != closed and may(path, mode))  # root may read anything
    found = loaded(empty)
    assert {f.position.file.rpartition("/")[2] for f in found if f.code == "file/unreadable"} == {
        "loop.ttl",
        "gone.ttl",
        "closed.rq",
    }
    assert [f.path.name for f in find_files(load_config(empty)).instances] == ["a.ttl"]


def test_a_file_that_is_gone_before_it_is_read(empty: Path) -> None:
    path = write(empty, "instances/sources/a.ttl", HEAD)
    (file,) = find_files(load_config(empty)).instances
    path.unlink()
    with pytest.raises(HansaError, match=r"instances/sources/a\.ttl cannot be read"):
        _ = file.data


class TestPositions:
    """The locator of a project of two files."""

    TITLE = NamedNode("http://purl.org/dc/terms/title")

    @pytest.fixture
    def config(self, empty: Path) -> Config:
        write(
            empty,
            "instances/one.ttl",
            HEAD + 'place:a a dct:Location ;\n  dct:title "A"@EN, "B"@en .\nplace:a dct:title "A"@en .',
        )
        write(
            empty,
            "instances/two.ttl",
            HEAD + "place:b dct:isPartOf place:a, place:c .\n[] dct:title 1 . <rel> dct:title 2 .",
        )
        return load_config(empty)

    @pytest.fixture
    def index(self, config: Config) -> PositionIndex:
        return PositionIndex(find_files(config).turtle, config.base)

    def locate(
        self, index: PositionIndex, config: Config, graph: str, slug: str, *rest: object
    ) -> tuple[str, int, int]:
        place = index.locate(config.vocab.graph(*graph.split("/")), config.vocab.thing("place", slug), *rest)  # type: ignore[arg-type]
        return place.file.rpartition("/")[2], place.line, place.column

    def test_exact_predicate_subject_object(self, index: PositionIndex, config: Config) -> None:
        exact = self.locate(index, config, "one", "a", self.TITLE, Literal("B", language="en"))
        assert exact == ("one.ttl", 4, 21)
        assert self.locate(index, config, "one", "a", self.TITLE, Literal("Z")) == ("one.ttl", 4, 3)
        assert self.locate(index, config, "one", "a", self.TITLE) == ("one.ttl", 4, 3)
        assert self.locate(index, config, "one", "a", NamedNode("http://no")) == ("one.ttl", 3, 1)
        assert self.locate(index, config, "one", "a") == ("one.ttl", 3, 1)
        assert self.locate(index, config, "two", "c") == ("two.ttl", 3, 31)

    def test_another_graph_helps_out(self, index: PositionIndex, config: Config) -> None:
        assert self.locate(index, config, "derived/one", "a") == ("one.ttl", 3, 1)
        assert self.locate(index, config, "derived/joined", "b") == ("two.ttl", 3, 1)
        assert self.locate(index, config, "one", "nowhere") == ("", 0, 0)

    def test_repetitions_and_relative_iris(self, index: PositionIndex, config: Config) -> None:
        place = config.vocab.thing("place", "a")
        again = index.occurrences(config.vocab.graph("one"), place, self.TITLE, Literal("A", language="en"))
        assert [p.line for p in again] == [4, 5]
        relative = NamedNode(f"{config.base}rel")
        assert index.locate(config.vocab.graph("two"), relative).line == 4
