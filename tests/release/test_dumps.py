"""The dumps say the same in every format, read well, and are the same every time."""

import gzip
import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from pyld import jsonld
from rdflib.compare import isomorphic

from hansa.config import Config
from hansa.errors import HansaError
from hansa.model import Release
from hansa.packed import pack_graphs
from hansa.rdf import Graphs, Triple, parse_file
from hansa.release import ReleaseInputs, write_release
from hansa.release.segments import quad_lines

TRIPLE_DUMPS = ("ttl", "jsonld", "nt", "rdf")


@pytest.fixture(autouse=True)
def _keep_literals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rdflib keep literals as they are written."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def triples(path: Path) -> set[Triple]:
    return {quad.triple for quad in parse_file(path)}


def rdflib_graph(path: Path) -> rdflib.Graph:
    formats = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}
    return rdflib.Graph().parse(path, format=formats[path.suffix[1:]])


@pytest.mark.parametrize("extension", TRIPLE_DUMPS)
def test_triple_dumps_hold_the_union_of_all_graphs(release: Release, graphs: Graphs, extension: str) -> None:
    expected = {quad.triple for quads in graphs.values() for quad in quads}
    assert triples(release.directory / f"hansa.{extension}") == expected


@pytest.mark.parametrize("extension", ["trig", "nq"])
def test_quad_dumps_hold_all_graphs(release: Release, graphs: Graphs, extension: str) -> None:
    expected = {quad for quads in graphs.values() for quad in quads}
    assert set(parse_file(release.directory / f"hansa.{extension}")) == expected


def test_a_second_parser_reads_the_same_from_all_triple_dumps(release: Release) -> None:
    first, *others = (rdflib_graph(release.directory / f"hansa.{e}") for e in TRIPLE_DUMPS)
    assert len(first) == release.counts["triples"]
    for other in others:
        assert isomorphic(first, other)


def test_a_second_parser_reads_the_same_from_both_quad_dumps(release: Release) -> None:
    trig = rdflib.Dataset().parse(release.directory / "hansa.trig", format="trig")
    nquads = rdflib.Dataset().parse(release.directory / "hansa.nq", format="nquads")
    assert set(trig.quads()) == set(nquads.quads())
    assert len(list(trig.quads())) == release.counts["quads"]


@pytest.mark.parametrize("extension", ["ttl", "jsonld", "nt", "nq", "trig", "rdf"])
def test_gzip_holds_the_same_and_tells_no_time(release: Release, extension: str) -> None:
    plain = (release.directory / f"hansa.{extension}").read_bytes()
    packed = (release.directory / f"hansa.{extension}.gz").read_bytes()
    assert gzip.decompress(packed) == plain
    assert packed[3] == 0, "no file name in the header"
    assert packed[4:8] == b"\0\0\0\0", "no time in the header"


def test_turtle_starts_each_thing_with_its_type_and_names(release: Release) -> None:
    text = (release.directory / "hansa.ttl").read_text(encoding="utf-8")
    block = text[text.index("\nnetwork:salt ") :].splitlines()[1:5]
    assert block[0] == "network:salt a org:Organization , hansa:CityNetwork ;"
    assert block[1].startswith("\tskos:prefLabel ")
    assert block[2].startswith("\tskos:altLabel ")
    assert text.count("\nnetwork:salt ") == 1


def test_turtle_declares_only_what_it_uses(release: Release, small: Config) -> None:
    text = (release.directory / "linkset-wikidata.ttl").read_text(encoding="utf-8")
    declared = {line.split()[1].rstrip(":") for line in text.splitlines() if line.startswith("@prefix")}
    assert declared == {"owl", "place", "wd"}
    full = (release.directory / "hansa.ttl").read_text(encoding="utf-8")
    assert "@prefix bibo:" not in full
    assert f"@prefix hansa: <{small.base}ontology#>" in full


def test_json_ld_is_compact_and_carries_the_published_context(release: Release) -> None:
    document = json.loads((release.directory / "hansa.jsonld").read_bytes())
    published = json.loads((release.directory / "context.jsonld").read_bytes())
    assert document["@context"] == published["@context"]
    salt = next(node for node in document["@graph"] if node["@id"] == "network:salt")
    assert salt["skos:prefLabel"] == {"en": "League of Salt", "es": "Liga de la Sal", "ja": "塩の同盟"}
    assert salt["adms:status"] == "status:active"
    ulmen = next(node for node in document["@graph"] if node["@id"] == "membership:salt-ulmen")
    assert ulmen["hansa:start"] == "1259"


def test_json_ld_expands_to_the_same_triples_with_another_processor(release: Release, graphs: Graphs) -> None:
    document = json.loads((release.directory / "hansa.jsonld").read_bytes())
    nquads = jsonld.to_rdf(document, {"format": "application/n-quads"})
    found = {line for line in nquads.splitlines() if line}
    expected = (release.directory / "hansa.nt").read_text(encoding="utf-8").splitlines()
    assert found == set(expected)


def quads_of_dataset(graphs: Graphs) -> list[bytes]:
    return sorted(line for graph in pack_graphs(graphs).values() for line in quad_lines(graph))


def test_canonical_hash_is_that_of_other_implementations(release: Release) -> None:
    nquads = (release.directory / "hansa.nq").read_text(encoding="utf-8")
    canonical = jsonld.normalize(
        nquads, {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"}
    )
    assert hashlib.sha256(canonical.encode()).hexdigest() == release.canonical_hash
    assert hashlib.sha256(nquads.encode()).hexdigest() == release.canonical_hash


def test_canonical_form_escapes_as_the_standard_says(parse: Callable[[str], Graphs]) -> None:
    graphs = parse(r'graph:g { place:a skos:note "\u0001\u0008\u000b\u007f\u0080\t\n\r\"\\é" . }')
    text = b"".join(quads_of_dataset(graphs)).decode()
    assert r'"\u0001\b\u000B\u007F' + "\x80" + r'\t\n\r\"\\é"' in text


def test_order_and_repetition_of_the_input_do_not_change_the_canonical_form(graphs: Graphs) -> None:
    turned = {name: [*reversed(quads), *quads] for name, quads in reversed(graphs.items())}
    assert quads_of_dataset(turned) == quads_of_dataset(graphs)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("graph:g { place:a skos:note [] . }", "blank node"),
        ("graph:g { [] skos:note place:a . }", "blank node"),
        ('graph:g { place:a skos:note "a\\u0001b" . }', "control character"),
        ('graph:g { place:a skos:note "a\\rb" . }', "control character"),
        ("graph:g { place:a hansa:123 place:b . }", "cannot be written as RDF/XML"),
        ("graph:g { place:a a hansa:123 . }", "cannot be written as RDF/XML"),
    ],
)
def test_what_a_format_cannot_hold_is_refused_before_anything_is_switched(
    make_inputs: Callable[[Graphs], ReleaseInputs],
    parse: Callable[[str], Graphs],
    tmp_path: Path,
    text: str,
    words: str,
) -> None:
    with pytest.raises(HansaError, match=words) as caught:
        write_release(make_inputs(parse(text)), tmp_path / "dist")
    assert caught.value.hint
    assert list((tmp_path / "dist").iterdir()) == []


def test_nothing_says_a_blank_node(release: Release) -> None:
    for name in ("hansa.nq", "void.ttl", "catalog.ttl", "linkset-wikidata.ttl"):
        assert not any(
            "_:" in str(quad.subject) + str(quad.object)[:2] for quad in parse_file(release.directory / name)
        )


def test_sorted_dumps_are_in_byte_order(release: Release) -> None:
    for name in ("hansa.nt", "hansa.nq"):
        path = release.directory / name
        done = subprocess.run(["sort", "-c", str(path)], env={"LC_ALL": "C"}, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
