"""The shipped graph as a release: every format holds the same, nothing is lost, no personal contact data."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld
from rdflib.compare import isomorphic

from hansa.build.derive import derive
from hansa.build.provenance import describe_graphs
from hansa.config import Config
from hansa.link.decisions import link_quads, read_decisions
from hansa.model import Release
from hansa.rdf import BlankNode, Graphs, parse_file
from hansa.release import ReleaseInputs, write_release
from hansa.release.tables import make_tables
from hansa.sources.loader import load
from hansa.sources.project import find_files
from hansa.store import EmbeddedStore


@pytest.fixture(scope="module")
def shipped(config: Config) -> Graphs:
    """The shipped graph with what follows from it."""
    files = find_files(config)
    graphs, findings = load(files, config)
    assert findings == []
    assert files.links
    graphs.update(derive(graphs, config.vocab, [rule.text() for rule in files.rules]))
    decisions, _ = read_decisions(files.links.path, files.links.name, config.vocab)
    graphs[config.vocab.graph("links")] = link_quads(decisions, config.vocab)
    graphs[config.vocab.graph("provenance")] = describe_graphs(graphs, config.vocab)
    return graphs


@pytest.fixture(scope="module")
def shipped_release(config: Config, shipped: Graphs, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped graph as a release."""
    files = find_files(config)
    inputs = ReleaseInputs(
        config=config,
        graphs=shipped,
        store=lambda: EmbeddedStore.memory(quad for quads in shipped.values() for quad in quads),
        report_json="{}\n",
        report_turtle="",
        shapes=tuple((file.path.name, file.path) for file in files.shapes),
        ontology=tuple(file.path for file in (*files.ontology, *files.vocabulary)),
        queries=tuple(file.path for file in files.queries),
    )
    return write_release(inputs, tmp_path_factory.mktemp("shipped") / "dist")


def test_all_triple_dumps_are_isomorphic_for_two_parsers(
    shipped_release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    directory = shipped_release.directory
    formats = {"nt": "nt", "ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
    first, *others = (rdflib.Graph().parse(directory / f"hansa.{e}", format=f) for e, f in formats.items())
    assert len(first) == shipped_release.counts["triples"]
    assert all(isomorphic(first, other) for other in others)
    expected, *found = ({quad.triple for quad in parse_file(directory / f"hansa.{e}")} for e in formats)
    assert all(triples == expected for triples in found)


def test_both_quad_dumps_hold_every_statement(shipped_release: Release, shipped: Graphs) -> None:
    expected = {quad for quads in shipped.values() for quad in quads}
    for extension in ("nq", "trig"):
        assert set(parse_file(shipped_release.directory / f"hansa.{extension}")) == expected


def test_json_ld_comes_back_from_another_processor(shipped_release: Release) -> None:
    document = json.loads((shipped_release.directory / "hansa.jsonld").read_bytes())
    found = set(jsonld.to_rdf(document, {"format": "application/n-quads"}).splitlines())
    assert found == set((shipped_release.directory / "hansa.nt").read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("name", ["ontology.rdf", "ontology.jsonld"])
def test_the_ontology_is_the_same_in_its_formats(shipped_release: Release, name: str) -> None:
    turtle = {quad.triple for quad in parse_file(shipped_release.directory / "ontology.ttl")}
    assert {quad.triple for quad in parse_file(shipped_release.directory / name)} == turtle


def test_merged_files_hold_what_their_parts_hold(shipped_release: Release, config: Config) -> None:
    for name, folder in (("shapes.ttl", "shapes"), ("vocabulary.ttl", "ontology/vocab")):
        merged = rdflib.Graph().parse(shipped_release.directory / name)
        parts = [rdflib.Graph().parse(path) for path in sorted((config.root / folder).glob("*.ttl"))]
        assert len(merged) == sum(len(part) for part in parts)


def test_there_are_no_blank_nodes(shipped_release: Release) -> None:
    for name in ("hansa.nq", "void.ttl", "catalog.ttl", "linkset-wikidata.ttl"):
        for quad in parse_file(shipped_release.directory / name):
            assert not isinstance(quad.subject, BlankNode)
            assert not isinstance(quad.object, BlankNode)


def test_no_file_holds_an_e_mail_address_or_a_telephone_number(shipped_release: Release) -> None:
    pattern = re.compile(rb"[\w.+-]+@[\w-]+\.[a-z]{2,}|mailto:|\btel:|\+\d{2}[ -]?\(?\d", re.IGNORECASE)
    for path in shipped_release.directory.rglob("*"):
        if path.is_file() and path.suffix != ".gz":
            assert not pattern.search(path.read_bytes()), path.name


def test_known_facts_stand_in_the_tables(shipped_release: Release) -> None:
    memberships = rows(shipped_release.directory / "tables" / "memberships.csv")
    tokyo = next(r for r in memberships if r["organization"].endswith("/u20") and r["member"].endswith("/tokyo"))
    assert tokyo["start"] == "2018-01-24"
    assert "tokyo-multi-city-diplomacy:29" in tokyo["membership_line"].split(" | ")
    networks = {r["network"].rpartition("/")[2]: r for r in rows(shipped_release.directory / "tables" / "networks.csv")}
    assert networks["anmc21"]["status_en"] == "suspended"
    assert networks["citynet"]["founded"] == "1987"


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_every_row_has_a_name_and_every_claim_a_source(shipped: Graphs, config: Config) -> None:
    store = EmbeddedStore.memory(quad for quads in shipped.values() for quad in quads)
    for table in make_tables(store, config):
        headings = [column.name for column in table.columns]
        assert table.rows, table.name
        for heading in headings:
            if heading.endswith("_source"):
                assert all(row[headings.index(heading)] for row in table.rows), (table.name, heading)
