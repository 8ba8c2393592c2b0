"""Gather what the graph says about a thing: its statements, the nodes that tie it to others, and their evidence.

All reads are pattern look-ups around one thing; no query is planned and none can run away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from hansa.rdf import Literal, NamedNode, Quad
from hansa.serve.things.blocks import NO_NAMES_FOR, Blocks
from hansa.store import EmbeddedStore
from hansa.vocab import ORG, RDF, Vocabulary

_REMEMBERED = 1 << 14


@dataclass
class Description:
    """What is said about a thing, with the graph of every statement.

    :param own: statements with the thing as subject
    :param nodes: statements of memberships, tenures, counts, changes, sites, evidence … by node
    :param incoming: other statements with the thing as object
    """

    subject: NamedNode
    own: list[Quad] = field(default_factory=list)
    nodes: dict[NamedNode, list[Quad]] = field(default_factory=dict)
    incoming: list[Quad] = field(default_factory=list)

    def quads(self) -> Iterator[Quad]:
        """Give all statements except the incoming ones."""
        yield from self.own
        for quads in self.nodes.values():
            yield from quads


def values(quads: Iterable[Quad], predicate: NamedNode) -> list[NamedNode | Literal]:
    """Give the distinct values of a property among some statements, in a stable order."""
    found = {q.object for q in quads if q.predicate == predicate and isinstance(q.object, NamedNode | Literal)}
    return sorted(found, key=str)


class Describer:
    """Describes things of one store, which must not change: what was read of a node is remembered for a while."""

    def __init__(self, store: EmbeddedStore, blocks: Blocks, vocab: Vocabulary) -> None:
        self._store = store
        self._blocks = blocks
        self._vocab = vocab
        self.exists = lru_cache(maxsize=_REMEMBERED)(self._read_exists)
        """Tell whether the graph says anything about a thing."""

    def _read_exists(self, subject: NamedNode) -> bool:
        return self._blocks.has(str(subject))

    def describe(self, subject: NamedNode) -> Description:
        """Describe a thing."""
        pointing = list(self._store.quads(obj=subject))
        blocks = self._blocks.gather(str(subject), dict.fromkeys(str(quad.subject) for quad in pointing))
        nodes = {NamedNode(name[1:-1]): list(block.quads) for name, block in blocks.items()}
        own = nodes.pop(subject)
        incoming = [quad for quad in pointing if not self._blocks.is_joining(str(quad.subject))]
        return Description(subject, own, nodes, incoming)

    def context(self, description: Description) -> list[Quad]:
        """Give the labels of the things named in a description, and the sources of the graphs it comes from."""
        own = {str(description.subject), *map(str, description.nodes)}
        named = {
            str(q.object)
            for q in description.quads()
            if isinstance(q.object, NamedNode) and q.predicate not in NO_NAMES_FOR
        }
        graphs = {str(q.graph_name) for q in description.quads() if not self._blocks.is_date(str(q.subject))}
        return [quad for block in self._blocks.context(named - own, graphs) for quad in block.quads]


# ---------------------------------------------------------------- as of a day
def _day(quads: list[Quad], predicate: NamedNode) -> str:
    found = [v.value for v in values(quads, predicate) if isinstance(v, Literal)]
    return found[0] if found else ""


class AsOf:
    """Keeps what may have held on a day: not known to have begun later, not known to have ended before.

    :param day: ISO form
    """

    def __init__(self, vocab: Vocabulary, day: str) -> None:
        self._hansa = vocab.hansa
        self._day = day
        self._shortcuts = {ORG.memberOf, ORG.hasMember, ORG.holds, ORG.heldBy, vocab.hansa.heldExOfficioBy}

    def _held(self, quads: list[Quad]) -> bool:
        begun = _day(quads, self._hansa.startEarliest)
        ended = _day(quads, self._hansa.endLatest)
        return (not begun or begun <= self._day) and (not ended or ended >= self._day)

    def _is_event(self, quads: list[Quad]) -> bool:
        return any(q.predicate == RDF.type and q.object == ORG.ChangeEvent for q in quads)

    def filter(self, description: Description) -> Description:
        """Leave out what did not hold on that day, with what hangs on it alone.

        A change that happened before stays, for it is history by then; shortcuts such as ``org:memberOf`` stay only
        when a membership that held that day bears them out.
        """
        kept = {
            node: quads
            for node, quads in description.nodes.items()
            if (self._is_event(quads) and _day(quads, self._hansa.startEarliest) <= self._day)
            or (not self._is_event(quads) and self._held(quads))
        }
        reached = self._reached(description, kept)
        nodes = {node: quads for node, quads in kept.items() if node in reached}
        borne_out = {q.object for quads in nodes.values() for q in quads}
        own = [q for q in description.own if q.predicate not in self._shortcuts or q.object in borne_out]
        incoming = [q for q in description.incoming if q.predicate not in self._shortcuts or q.subject in borne_out]
        return Description(description.subject, own, nodes, incoming)

    def _reached(self, description: Description, kept: dict[NamedNode, list[Quad]]) -> set[NamedNode]:
        """Find the nodes that the thing or a node about the thing still points at."""
        about = {n for n, quads in kept.items() if any(q.object == description.subject for q in quads)}
        reached = about | {q.object for q in description.own if isinstance(q.object, NamedNode)}
        queue = list(about | (reached & kept.keys()))
        while queue:
            for quad in kept.get(queue.pop(), ()):
                if isinstance(quad.object, NamedNode) and quad.object in kept and quad.object not in reached:
                    reached.add(quad.object)
                    queue.append(quad.object)
        return reached
