"""Turn what is said about things into rows of the file in which a release is looked up, one part at a time.

A row is a statement of SQL and the values that go into it, so the process that writes needs to know nothing else.
"""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from hansa.serve.lookup.around import Around
from hansa.serve.lookup.database import Row
from hansa.serve.lookup.index import name_row
from hansa.serve.lookup.literals import columns_of
from hansa.serve.lookup.names import kind_of
from hansa.serve.lookup.places import PlacesRead
from hansa.serve.lookup.pointing import PointingRead
from hansa.serve.lookup.scan import Part, Whole, read_subjects
from hansa.serve.pages.names import LABELS, NAMES, NAMING, label_rows, said_names
from hansa.serve.pages.records import Says
from hansa.serve.pictures.stored import NAMED, DrawnReader
from hansa.serve.reconcile.things import Node, ThingReader
from hansa.serve.things.changes import ChangeReader, change_row
from hansa.serve.things.roster import MembershipReader, membership_row
from hansa.vocab import DCT, ORG, Vocabulary

_OF_CHANGES = (ORG.member, ORG.organization, ORG.role, ORG.resultingOrganization, ORG.originalOrganization, DCT.type)


class Gathered(NamedTuple):
    """What one part gives.

    :param rows: values by statement
    :param nodes: what is put together when all parts are read
    """

    rows: dict[str, list[Row]]
    nodes: list[Node]

    def packed(self) -> bytes:
        """Give it as bytes, for another process: half the work of what ``multiprocessing`` would do."""
        return marshal.dumps((self.rows, [node.columns() for node in self.nodes]))

    @classmethod
    def unpacked(cls, data: bytes) -> Gathered:
        """Make it of such bytes."""
        rows, nodes = marshal.loads(data)
        return cls(rows, [Node(*columns) for columns in nodes])


class _Gatherer:
    def __init__(self, vocab: Vocabulary, around: Around) -> None:
        self._vocab, self._networks = vocab, around.networks
        self._things, self._memberships = ThingReader(vocab), MembershipReader(vocab)
        self._drawn = DrawnReader(vocab, around.documents)
        self._changes = ChangeReader(vocab, around.plain_roles, around.documents)
        dates = (getattr(vocab.hansa, name) for name in NAMED)
        self.properties = (*NAMING, *_OF_CHANGES, *dates, *self._things.properties)

    def rows(self, iri: str, says: Says) -> Iterator[tuple[str, Row]]:
        """Give the rows of a node."""
        for one in self._memberships.read(iri, says):
            kind, _ = self._vocab.kind_and_slug(one.member) or ("", "")
            yield membership_row(one, kind, in_network=one.organization in self._networks)
            yield self._drawn.row(says)
        for change in self._changes.read(iri, says):
            yield change_row(change)
        if not NAMES.isdisjoint(says):
            yield from self._names(iri, says)

    def _names(self, iri: str, says: Says) -> Iterator[tuple[str, Row]]:
        named = said_names(says)
        kind, _ = self._vocab.kind_and_slug(iri) or ("", "")
        yield from label_rows(iri, kind, named)
        if kind := kind or kind_of(self._vocab, iri):
            # A name that two properties give is a label if one of them gives labels.
            found = {said.key: (rank, said) for rank, said in reversed(named)}
            for rank, said in found.values():
                yield name_row(iri, kind, columns_of(said), main=rank < len(LABELS))

    def node(self, iri: str, says: Says) -> Node | None:
        """Give what a node says for reconciliation, if it says anything."""
        node = self._things.read(iri, says)
        return node if node and (node.names or node.facts or node.above or node.themes) else None


def gather(vocab: Vocabulary, around: Around, part: Part | Whole) -> bytes:
    """Read one part of a release; give what :meth:`Gathered.unpacked` takes."""
    gatherer = _Gatherer(vocab, around)
    rows: dict[str, list[Row]] = defaultdict(list)
    nodes = []
    places, pointing = PlacesRead(part.start if isinstance(part, Part) else 0), PointingRead(vocab, around.graphs)
    for iri, says in read_subjects(part, gatherer.properties, (ORG.ChangeEvent,), places, pointing):
        for statement, row in gatherer.rows(iri, says):
            rows[statement].append(row)
        if node := gatherer.node(iri, says):
            nodes.append(node)
    for statement, row in chain(pointing.rows(), (places.row(),) if isinstance(part, Part) else ()):
        rows[statement].append(row)
    return Gathered(dict(rows), nodes).packed()
