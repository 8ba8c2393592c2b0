"""What has to be known of a release before its parts are read for the file in which it is looked up."""

from __future__ import annotations

from dataclasses import dataclass

from hansa.manifest import open_store
from hansa.model import Release
from hansa.serve.things.changes import plain_roles
from hansa.serve.things.roster import member_roles, networks_in
from hansa.serve.things.sources import sources_of_graphs
from hansa.vocab import Vocabulary


@dataclass(frozen=True, slots=True)
class Around:
    """What the query store answers at once.

    :param graphs: names of all graphs
    :param documents: that each graph is from
    :param networks: all of them
    :param member_roles: roles by which one is a member
    :param plain_roles: roles by which one is just a member
    """

    graphs: tuple[str, ...]
    documents: dict[str, tuple[str, ...]]
    networks: frozenset[str]
    member_roles: frozenset[str]
    plain_roles: frozenset[str]


def read_around(vocab: Vocabulary, release: Release) -> Around:
    """Ask the query store of a release."""
    store = open_store(release)
    graphs = tuple(graph.value for graph in store.graphs())
    return Around(
        graphs,
        sources_of_graphs(store, graphs),
        networks_in(store, vocab),
        member_roles(store, vocab),
        plain_roles(store, vocab),
    )
