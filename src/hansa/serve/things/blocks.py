"""The statements about one node as a block of lines, and the blocks that make up the description of a thing.

An answer in an RDF form is put together from such blocks as text: the same roles, documents and places belong to many
descriptions, and no term has to be made into an object and written out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter

from hansa.rdf import NamedNode, Quad
from hansa.serve.lookup.pointing import Pointing
from hansa.serve.pages.names import LABELS
from hansa.serve.things.statements import Statements, read_quad
from hansa.vocab import DCT, ORG, RDF, RDFS, Vocabulary

_END = " .\n"
"""The end of a line; it cannot stand inside a literal, where line ends are escaped."""
_JOINING_KINDS = ("membership", "tenure", "count")
"""Kinds whose nodes belong to the description of the things they tie together."""
_ATTACHED_KINDS = ("evidence", "interval", "instant", "site")
"""Kinds whose nodes belong to the description of the thing that points at them."""
_OWN_KINDS = ("membership", "evidence", "interval")
"""Kinds of which nearly every node belongs to the description of few things."""
_CHANGE = f"{RDF.type} {ORG.ChangeEvent}"
_LABELS = frozenset(map(str, LABELS))
_SOURCE = frozenset({str(DCT.source)})
NO_NAMES_FOR = frozenset({RDF.type, RDFS.isDefinedBy})
"""Properties whose values are known by their IRIs."""
_NO_NAMES_FOR = frozenset(map(str, NO_NAMES_FOR))
_NODES = 1 << 8
"""Blocks that are remembered; that of a city takes some 20 KiB."""
_DATES = 1 << 11
_NAMED = 1 << 12
_by_subject = attrgetter("subject")


class Block:
    """The statements about one node.

    :param text: lines of N-Quads, sorted
    :ivar subject: the node in its N-Triples form, empty when nothing is said about it
    :ivar said: the distinct properties with their values, as they stand in the lines between subject and graph
    :ivar graphs: the graphs that the statements are in
    :ivar named: the things whose names a reader needs to understand the statements
    :ivar turtle: how :mod:`hansa.serve.things.turtle` writes it, and ``jsonld`` :mod:`hansa.serve.things.jsonld`
    """

    __slots__ = ("_text", "graphs", "jsonld", "named", "said", "subject", "turtle")

    def __init__(self, text: str) -> None:
        self._text = text
        begin = text.find(" ") + 1
        self.subject = text[: begin - 1]
        lines = [line[begin:].rpartition(" ") for line in text.split(_END)[:-1]]
        self.said = list(dict.fromkeys([said for said, _, _ in lines]))
        self.graphs = {graph for _, _, graph in lines}
        pairs = [said.partition(" ") for said in self.said]
        self.named = {obj for predicate, _, obj in pairs if obj[0] == "<" and predicate not in _NO_NAMES_FOR}
        self.turtle: tuple[str, set[str]] | None = None
        self.jsonld = ""

    @property
    def quads(self) -> tuple[Quad, ...]:
        """The statements as terms."""
        return tuple(read_quad(line) for line in self._text.split(_END)[:-1])


class Blocks:
    """Finds the blocks of a description; those of nodes that belong to many are remembered.

    All reads are look-ups around one thing; no query is planned and none can run away.
    """

    def __init__(self, statements: Statements, pointing: Pointing, vocab: Vocabulary) -> None:
        self._statements = statements
        self._pointing = pointing
        things = re.escape(f"<{vocab.base}id/")
        self._attached = re.compile(f"{things}(?:{'|'.join(_ATTACHED_KINDS)})/[^>]+>\\Z")
        self._joining = re.compile(f"{things}(?:{'|'.join(_JOINING_KINDS)})/[^>]+>\\Z")
        self._own = re.compile(f"{things}(?:{'|'.join(_OWN_KINDS)})/")
        self._date = f"<{vocab.base}id/instant/"
        self._event = f"<{vocab.base}id/event/"
        self._other = lru_cache(maxsize=_NODES)(self._read)
        self._dates = lru_cache(maxsize=_DATES)(self._read_date)
        self._context = lru_cache(maxsize=_NAMED)(self._read_context)

    def about(self, node: str) -> Block:
        """Give the block of a node, which is named in its N-Quads form."""
        if node.startswith(self._date):
            return self._dates(node)
        # What belongs to the description of one or two things would only push out what belongs to many.
        return self._read(node) if self._own.match(node) else self._other(node)

    def has(self, node: str) -> bool:
        """Tell whether anything is said about a node."""
        return bool(self._lines(node))

    def _lines(self, node: str) -> str:
        return self._statements.about(node[1:-1]) if node[0] == "<" else ""

    def _read(self, node: str) -> Block:
        return Block(self._lines(node))

    def _read_date(self, node: str) -> Block:
        """Read what a date means, once: every graph that has a date derives the same."""
        once = {line.rpartition(" ")[0]: line for line in reversed(self._lines(node).split(_END)[:-1])}
        return Block("".join(line + _END for line in sorted(once.values())))

    def _read_context(self, node: str, named: bool, graph: bool) -> Block:
        """Give what others need to know of a node: its names when it is named, its sources when it is a graph."""
        predicates = (_LABELS if named else frozenset()) | (_SOURCE if graph else frozenset())
        lines = [line for line in self._lines(node).split(_END)[:-1] if line.split(" ", 2)[1] in predicates]
        return Block("".join(line + _END for line in lines))

    def is_joining(self, node: str) -> bool:
        """Tell whether a node belongs to the description of the things it points at."""
        return bool(self._joining.match(node)) or (node.startswith(self._event) and _CHANGE in self.about(node).said)

    def is_date(self, node: str) -> bool:
        """Tell whether a node is a date of the calendar; what it means is the same whatever source names it."""
        return node.startswith(self._date)

    def _attached_to(self, block: Block) -> list[str]:
        return [node for node in block.named if self._attached.match(node)]

    def gather(self, subject: str, pointing: Iterable[str]) -> dict[str, Block]:
        """Gather the blocks of a thing: its own, those that tie it to others, and all that these point at.

        :param pointing: the nodes that point at it
        """
        found = {node: self.about(node) for node in (subject, *filter(self.is_joining, pointing))}
        groups = list(found.values())
        while groups:
            for node in self._attached_to(groups.pop()):
                if node not in found:
                    found[node] = self.about(node)
                    groups.append(found[node])
        return found

    def describe(self, subject: NamedNode) -> list[Block]:
        """Give all blocks of a description, those with the names of what it names and the sources of its graphs too."""
        found = self.gather(str(subject), {f"<{node}>": None for node, _, _ in self._pointing.at(subject.value)})
        blocks = found.values()
        graphs = set[str]().union(*[block.graphs for node, block in found.items() if not self.is_date(node)])
        named = set[str]().union(*[block.named for block in blocks])
        context = self.context(named - found.keys(), graphs - found.keys())
        return sorted([block for block in (*blocks, *context) if block.said], key=_by_subject)

    def context(self, named: set[str], graphs: set[str]) -> list[Block]:
        """Give the names of things and the sources of graphs."""
        context = self._context
        return [context(node, node in named, node in graphs) for node in named | graphs]
