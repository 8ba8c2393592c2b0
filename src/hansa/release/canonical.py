"""The canonical form of a dataset and its hash, for datasets in memory; releases are written by segments.

The data has no blank nodes, so the canonical N-Quads of RDFC-1.0 (https://www.w3.org/TR/rdf-canon/, section 4.4.3) are
the distinct quads in canonical N-Quads, sorted by code point, which is the order of their bytes in UTF-8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from hansa.packed import pack_graphs
from hansa.rdf import Graphs, Line
from hansa.release.segments import quad_lines


def dataset_quads(graphs: Graphs) -> list[Line]:
    """Give the distinct quads of all graphs in canonical order, as lines of N-Quads.

    :raises HansaError: when a statement has a blank node
    """
    return sorted(line for graph in pack_graphs(graphs).values() for line in quad_lines(graph))


def canonical_hash(lines: Iterable[Line]) -> str:
    """Give the SHA-256 in hex of canonical N-Quads; the lines must come from :func:`dataset_quads`."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()
