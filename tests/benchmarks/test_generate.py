"""The generated graph is what the benchmarks take it for: valid, and wrong exactly where it is said to be."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hansa.build.derive import derive
from hansa.config import Config
from hansa.model import Position, Severity
from hansa.rdf import Graphs, NamedNode, Node, Quad, Term, parse_file
from hansa.sources.loader import load_shapes
from hansa.sources.project import find_files
from hansa.validate.inputs import Inputs
from hansa.validate.shacl import check_shapes
from hansa.vocab import ORG
from tests.benchmarks.generate import ERROR_KINDS, Generator
from tests.benchmarks.generated import write_nquads
from tests.benchmarks.release import schema_graphs


class _Nowhere:
    """Generated statements stand in no file."""

    def locate(
        self, graph: NamedNode, subject: Node, predicate: NamedNode | None = None, obj: Term | None = None
    ) -> Position:
        return Position("")

    def occurrences(self, graph: NamedNode, subject: Node, predicate: NamedNode, obj: Term) -> list[Position]:
        return []


def errors_of(config: Config, generator: Generator) -> list[tuple[str, str]]:
    graphs: Graphs = schema_graphs(config) | {source.graph: source.quads for source in generator.sources()}
    graphs |= derive(graphs, config.vocab, [rule.text() for rule in find_files(config).rules])
    shapes, _ = load_shapes(find_files(config), config)
    result = check_shapes(Inputs(graphs, shapes, (), (), config, _Nowhere()))
    # A result about a literal has no focus; it is a detail of the result about the thing that has the literal.
    return sorted((f.code, f.focus) for f in result.findings if f.severity is Severity.ERROR and f.focus)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_generated_graph_is_valid(config: Config, seed: int) -> None:
    assert errors_of(config, Generator(config.vocab, 5_000, seed)) == []


def test_injected_errors_are_found_and_no_others(config: Config) -> None:
    generator = Generator(config.vocab, 5_000, seed=3, errors=20)
    found = errors_of(config, generator)
    assert found == sorted((e.code, e.focus) for e in generator.known)
    assert {e.kind for e in generator.known} == set(ERROR_KINDS)
    assert len(generator.known) == 20


def test_a_seed_gives_the_same_bytes_and_another_seed_others(config: Config, tmp_path: Path) -> None:
    first, second, third = (
        write_and_read(config, tmp_path / name, seed) for name, seed in (("a.nq", 1), ("b.nq", 1), ("c.nq", 2))
    )
    assert first == second
    assert first != third


def write_and_read(config: Config, path: Path, seed: int) -> bytes:
    write_nquads(Generator(config.vocab, 8_000, seed), path)
    return path.read_bytes()


@pytest.mark.parametrize("size", [5_000, 20_000])
def test_the_size_is_met_within_three_percent(config: Config, tmp_path: Path, size: int) -> None:
    written = write_nquads(Generator(config.vocab, size), tmp_path / "graph.nq")
    assert size <= written <= size * 1.03
    assert written == len(set(parse_file(tmp_path / "graph.nq")))


def test_memberships_are_skewed(config: Config) -> None:
    def members(quads: list[Quad]) -> list[str]:
        return [q.object.value for q in quads if q.predicate == ORG.member]  # type: ignore[union-attr]

    generator = Generator(config.vocab, 50_000)
    degrees = Counter(m for source in generator.sources() for m in members(source.quads))
    ranked = [count for _, count in degrees.most_common()]
    assert ranked[0] > 5 * ranked[len(ranked) // 2]
