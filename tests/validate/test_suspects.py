"""Whatever a check of files complains of stands in a file that was suspected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hansa.columns import columns_of
from hansa.config import Config
from hansa.memo import Memo
from hansa.model import Finding
from hansa.rdf import Graphs, Literal, Quad
from hansa.sources.loader import load, load_lines
from hansa.sources.positions import PositionIndex
from hansa.sources.project import ProjectFiles, SourceFile, find_files
from hansa.validate.inputs import Inputs
from hansa.validate.integrity import check_integrity
from hansa.validate.literals import literals_of
from hansa.validate.statements import check_statements
from hansa.validate.suspects import Screen, classes_of, is_plain_text
from hansa.validate.texts import texts_of
from hansa.vocab import RDF, SKOS

_NAME = "instances/sources/metrex-about.ttl"
_ROUNDS = 40
_TOKEN = re.compile(r'"[^"\n]*"(?:@[A-Za-z-]+|\^\^[\w:]+)?|<[^<>\s]*>|[\w-]*:[\w-]+|[.;,]|\ba\b')
_PIECES = (
    '"+81 3 1234 5678"@en', '"mayor@example.org"', '"TBD"@en', '"Lorem ipsum dolor"@en', '"two  spaces"@en', '" x"@en',
    '"caf\u00c3\u00a9"@en', '"e\u0301te"@fr', '"<b>x</b>"@en', '"\u6771\u4eac"@en', '"x"@xx', '"x"@EN', '""@en',
    '"zero\u200bwidth"@en', '"Q12345"', '"www.example.org"', '"https://example.org/x"^^xsd:anyURI', '"x"^^xsd:strang',
    '"2013-13"^^edtf:EDTF', '"2013"', '"1066"^^edtf:EDTF', '"2999"^^edtf:EDTF', '"2001/1999"^^edtf:EDTF', "_:b", "[]",
    "<mailto:a@example.org>", "<http://www.wikidata.org/wiki/Q64>", "<http://localhost/x>", "<htps://example.org>",
    "role:member-cty", "rolle:member", "hansa:troughPost", "org:Membershp", "network:Not_A_Slug", "nework:x",
    "place:nowhere", "evidence:nowhere", "source:another", "org:Membership", "dct:Location", "<https://w3id.org/hansa/id/thing/x>",
    "<https://w3id.org/hansa/doc/network/x>", "<http://w3id.org/hansa/id/network/metrex>", '"M\u0435trex"@en',
)  # fmt: skip


class Case:
    """One file of the shipped data, changed, among the others as they are."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._files = find_files(config)
        self._schema, _ = load(replace(self._files, instances=()), config)
        self.file = next(file for file in self._files.instances if file.name == _NAME)
        others = tuple(file for file in self._files.instances if file is not self.file)
        loaded, _ = load(ProjectFiles(instances=others), config)
        self._screen = Screen(self._inputs(self._schema, ()))
        self._told: dict[str, tuple[str, ...]] = {}
        for quad in (q for graph in (self._schema, loaded) for quads in graph.values() for q in quads):
            more = (quad.object.value,) if quad.predicate == RDF.type else ()  # type: ignore[union-attr]
            self._told[quad.subject.value] = (*self._told.get(quad.subject.value, ()), *more)  # type: ignore[union-attr]

    def _inputs(self, graphs: Graphs, files: tuple[SourceFile, ...]) -> Inputs:
        return Inputs(graphs, [], files, (), self._config, PositionIndex(files, self._config.base), Memo.nothing())

    def findings(self, file: SourceFile) -> list[Finding]:
        """Give what the checks find in the file, all that is said in others taken for granted."""
        graphs, _ = load(ProjectFiles(instances=(file,)), self._config)
        inputs = _Known({**self._schema, **graphs}, [], (file,), (), self._config, self._inputs({}, (file,)).positions)
        inputs.__dict__["described"] = self._told.keys() | inputs.described
        found = [*check_statements(inputs), *check_integrity(inputs)]
        return [finding for finding in found if finding.code != "iri/class"]

    def is_suspected(self, file: SourceFile) -> bool | None:
        """Tell whether it is suspected; ``None`` when it cannot be read."""
        lines, problems = load_lines(file, self._config)
        if problems or file.graph is None:
            return None
        columns = columns_of(lines)
        classes = classes_of(columns)
        looked = self._screen.look(file.graph, [file], columns, classes)
        told = dict(self._told)
        for name, own in classes.items():
            iri = name[1:-1].decode()
            told[iri] = (*told.get(iri, ()), *(each[1:-1].decode() for each in own))
        return looked.is_suspect or self._screen.is_open(looked, told.keys(), told)


class _Known(Inputs):
    """Inputs of one file whose things are described elsewhere, too."""


@pytest.fixture(scope="module")
def case(config: Config) -> Case:
    return Case(config)


def damages(text: str) -> Iterator[str]:
    """Change a token here and there, and whole lines."""
    random, tokens = Random(11), [found.span() for found in _TOKEN.finditer(text, text.index("\n\n"))]
    lines = text.split("\n")
    for _ in range(_ROUNDS):
        (start, end), other = random.choice(tokens), text[slice(*random.choice(tokens))]
        yield text[:start] + random.choice((*_PIECES, other)) + text[end:]
    last = text.rindex(" .")
    yield from (f"{text[:last]} ; skos:note {piece} .{text[last + 2 :]}" for piece in _PIECES)
    for at in random.sample(range(len(lines)), 8):
        yield "\n".join(lines[:at] + lines[at + 1 :])
        yield "\n".join(lines[: at + 1] + lines[at:])
    yield text.replace(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#>", "@prefix skos: <http://www.w3.org/skos#>"
    )
    yield text.replace("@prefix skos:", "PREFIX skos2: <http://example.org/>\n@prefix skos:")


def changed(file: SourceFile, text: str, place: Path) -> SourceFile:
    place.write_text(text, encoding="utf-8")
    return SourceFile(place, file.name, file.graph)


def test_the_shipped_file_is_not_suspected(case: Case) -> None:
    assert case.is_suspected(case.file) is False


def test_whatever_is_found_was_suspected(case: Case, tmp_path: Path) -> None:
    missed, codes = list[tuple[Finding, str]](), set[str]()
    for text in damages(case.file.text()):
        file = changed(case.file, text, tmp_path / "changed.ttl")
        is_suspected = case.is_suspected(file)
        if is_suspected is not None:
            found = case.findings(file)
            codes |= {finding.code for finding in found}
            missed += [(finding, text) for finding in found if not is_suspected]
    assert [finding for finding, _ in missed] == []
    assert len(codes) > 20, codes


@given(st.from_regex(r"[A-Za-z\u00c0-\u0151]{1,9}( [A-Za-z\u00c0-\u0151]{1,9}){0,5}( [0-9]{1,4})?", fullmatch=True))
@settings(max_examples=200, deadline=None)
def test_plain_texts_have_no_fault(config: Config, text: str) -> None:
    if is_plain_text(f'"{text}"@en .\n'):
        graph = config.vocab.graph("x")
        quad = Quad(config.vocab.thing("place", "x"), SKOS.prefLabel, Literal(text, language="en"), graph)
        inputs = Inputs({graph: [quad]}, [], (), (), config, PositionIndex((), config.base))
        assert list(texts_of(graph, [], inputs)) == []
        assert list(literals_of(graph, inputs)) == []
