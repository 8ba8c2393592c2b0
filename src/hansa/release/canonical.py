"""The canonical form of the dataset and its hash.

The data has no blank nodes, so the canonical N-Quads of RDFC-1.0 (https://www.w3.org/TR/rdf-canon/, section 4.4.3) are
the distinct quads in canonical N-Quads, sorted by code point.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from hansa.errors import HansaError
from hansa.rdf import BlankNode, Graphs, Quad, Triple, sort_key


def dataset_quads(graphs: Graphs) -> list[Quad]:
    """Give the distinct quads of all graphs in canonical order.

    :raises HansaError: when a statement has a blank node
    """
    quads = {Quad(q.subject, q.predicate, q.object, name) for name, items in graphs.items() for q in items}
    _refuse_blank_nodes(quads)
    return sorted(quads, key=str)


def _refuse_blank_nodes(quads: Iterable[Quad]) -> None:
    for quad in quads:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            raise HansaError(
                f"a statement in {quad.graph_name} has a blank node: {quad.triple}", "give the node a name of its own"
            )


def union_triples(quads: Iterable[Quad]) -> list[Triple]:
    """Give the distinct triples of all graphs in canonical order."""
    return sorted({quad.triple for quad in quads}, key=sort_key)


def lines(statements: Iterable[Quad | Triple]) -> Iterator[bytes]:
    """Give statements as lines of N-Triples or N-Quads, in the order given."""
    for statement in statements:
        yield f"{statement} .\n".encode()


def canonical_hash(quads: Iterable[Quad]) -> str:
    """Give the SHA-256 in hex of canonical N-Quads; the quads must come from :func:`dataset_quads`."""
    digest = hashlib.sha256()
    for line in lines(quads):
        digest.update(line)
    return digest.hexdigest()
