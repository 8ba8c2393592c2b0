"""The shipped graph as the build makes it, and the canned queries."""

from pathlib import Path

import pytest

from hansa.build.derive import derive
from hansa.build.provenance import describe_graphs
from hansa.config import Config
from hansa.link.decisions import link_quads, read_decisions
from hansa.model import CannedQuery
from hansa.queries import load_queries
from hansa.sources.loader import load
from hansa.sources.project import find_files
from hansa.store import EmbeddedStore
from hansa.vocab import Vocabulary


@pytest.fixture(scope="session")
def vocab(config: Config) -> Vocabulary:
    return config.vocab


@pytest.fixture(scope="session")
def canned(root: Path) -> dict[str, CannedQuery]:
    return load_queries(root / "queries")


@pytest.fixture(scope="session")
def shipped(config: Config) -> EmbeddedStore:
    """The whole dataset: asserted, derived, linked, described."""
    files = find_files(config)
    graphs, findings = load(files, config)
    assert findings == []
    graphs.update(derive(graphs, config.vocab, [rule.text() for rule in files.rules]))
    assert files.links is not None
    decisions, _ = read_decisions(files.links.path, files.links.name, config.vocab)
    graphs[config.vocab.graph("links")] = link_quads(decisions, config.vocab)
    graphs[config.vocab.graph("provenance")] = describe_graphs(graphs, config.vocab)
    return EmbeddedStore.memory(quad for quads in graphs.values() for quad in quads)
