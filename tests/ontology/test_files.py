"""The files load in the three libraries that read them, with the project's prefixes and without blank nodes."""

import io
import re
from contextlib import closing
from pathlib import Path

import owlready2
import pytest
from rdflib import BNode, Graph

from hansa.config import Config
from hansa.rdf import FORMATS, BlankNode, parse_file, serialise

PREFIX = re.compile(r"^\s*@?prefix\s+(\w*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


def test_every_file_loads_in_pyoxigraph_without_blank_nodes(turtle_files: list[Path]) -> None:
    for file in turtle_files:
        quads = list(parse_file(file))
        assert quads, file
        assert not [q for q in quads if BlankNode in (type(q.subject), type(q.object))], file


def test_rdflib_reads_the_same_statements(turtle_files: list[Path], everything: Graph) -> None:
    assert len(everything) == len({q.triple for file in turtle_files for q in parse_file(file)})
    assert not [node for node in everything.all_nodes() if isinstance(node, BNode)]


def test_owlready2_knows_the_terms_as_objects(turtle_files: list[Path], config: Config) -> None:
    triples = [q.triple for file in turtle_files for q in parse_file(file)]
    with closing(owlready2.World()) as world:
        ontology = world.get_ontology(config.vocab.ontology.value)
        ontology.load(fileobj=io.BytesIO(serialise(triples, FORMATS["ntriples"])))
        network = world[config.vocab.hansa.CityNetwork.value]
        assert [c.name for c in network.is_a] == ["Organization"]
        assert {str(label) for label in network.label} == {"city network", "都市ネットワーク", "red de ciudades"}
        assert "participant" in {p.name for p in world[config.vocab.hansa.programmePartner.value].is_a}


@pytest.mark.parametrize("pattern", ["**/*.ttl", "rules/*.rq"])
def test_prefixes_are_those_of_the_table_and_all_are_used(room: Path, config: Config, pattern: str) -> None:
    for file in sorted(room.glob(pattern)):
        text = file.read_text(encoding="utf-8")
        declared = dict(PREFIX.findall(text))
        assert declared.items() <= config.prefixes.items(), file
        assert list(declared) == sorted(declared), f"{file}: sort the prefixes"
        unused = [p for p in declared if len(re.findall(rf"(?<![\w:/]){p}:", text)) < 2]
        assert not unused, f"{file} declares prefixes that it does not use: {unused}"
