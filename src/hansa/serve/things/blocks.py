"""The statements about one node as a block of lines, and the blocks that make up the description of a thing.

An answer in an RDF form is put together from such blocks as text: the same roles, documents and places belong to many
descriptions, and no term has to be made into an object and written out again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar, cast

from hansa.rdf import NamedNode, Quad
from hansa.serve.pages.names import LABELS
from hansa.serve.things.statements import Statements, read_quad
from hansa.store import EmbeddedStore
from hansa.vocab import DCT, ORG, RDF, RDFS, Vocabulary

T = TypeVar("T")
Terms = tuple[str, str, str]
"""Subject, predicate and object in their N-Triples form."""

_END = " .\n"
"""The end of a line; it cannot stand inside a literal, where line ends are escaped."""
_JOINING_KINDS = ("membership", "tenure", "count")
"""Kinds whose nodes belong to the description of the things they tie together."""
_ATTACHED_KINDS = ("evidence", "interval", "instant", "site")
"""Kinds whose nodes belong to the description of the thing that points at them."""
_CHANGE = (str(RDF.type), str(ORG.ChangeEvent))
_LABELS = frozenset(map(str, LABELS))
_SOURCE = frozenset({str(DCT.source)})
NO_NAMES_FOR = frozenset({RDF.type, RDFS.isDefinedBy})
"""Properties whose values are known by their IRIs."""
_NO_NAMES_FOR = frozenset(map(str, NO_NAMES_FOR))
_NODES = 1 << 11
_NAMED = 1 << 13


class Block:
    """The statements about one node.

    :param text: lines of N-Quads, sorted
    :ivar triples: the distinct statements without their graphs, in the order of the lines
    :ivar graphs: the graphs that the statements are in
    """

    __slots__ = ("_quads", "_text", "_written", "graphs", "triples")

    def __init__(self, text: str) -> None:
        self._text = text
        self._quads: tuple[Quad, ...] | None = None
        self._written: dict[str, Any] = {}
        self.triples: list[Terms] = []
        self.graphs: set[str] = set()
        before = ""
        for line in text.split(_END)[:-1]:
            triple, _, graph = line.rpartition(" ")
            self.graphs.add(graph)
            if triple != before:
                self.triples.append(tuple(triple.split(" ", 2)))  # type: ignore[arg-type]
                before = triple

    @property
    def quads(self) -> tuple[Quad, ...]:
        """The statements as terms."""
        if self._quads is None:
            self._quads = tuple(read_quad(line) for line in self._text.split(_END)[:-1])
        return self._quads

    def named(self) -> set[str]:
        """Give the things whose names a reader needs to understand the statements."""
        return {o for _, p, o in self.triples if o[0] == "<" and p not in _NO_NAMES_FOR}

    def only(self, predicates: Iterable[str]) -> Block:
        """Keep the statements with certain properties."""
        lines = [line for line in self._text.split(_END)[:-1] if line.split(" ", 2)[1] in predicates]
        return Block("".join(line + _END for line in lines))

    def written(self, form: str, write: Callable[[Block], T]) -> T:
        """Give the block in some form, written when first asked for."""
        found = self._written.get(form)
        if found is None:
            found = self._written[form] = write(self)
        return cast("T", found)


class Blocks:
    """Finds the blocks of a description; those of nodes that belong to many are remembered.

    All reads are look-ups around one thing; no query is planned and none can run away.
    """

    def __init__(self, statements: Statements, store: EmbeddedStore, vocab: Vocabulary) -> None:
        self._statements = statements
        self._store = store
        things = re.escape(f"<{vocab.base}id/")
        self._attached = re.compile(f"{things}(?:{'|'.join(_ATTACHED_KINDS)})/[^>]+>\\Z")
        self._joining = re.compile(f"{things}(?:{'|'.join(_JOINING_KINDS)})/[^>]+>\\Z")
        self._date = f"<{vocab.base}id/instant/"
        self._event = f"<{vocab.base}id/event/"
        self._other = lru_cache(maxsize=_NODES)(self._read)
        self._dates = lru_cache(maxsize=_NODES)(self._read_date)
        self._context = lru_cache(maxsize=_NAMED)(self._read_context)

    def about(self, node: str) -> Block:
        """Give the block of a node, which is named in its N-Quads form."""
        return (self._dates if self.is_date(node) else self._other)(node)

    def _read(self, node: str) -> Block:
        return Block(self._statements.about(node[1:-1]) if node[0] == "<" else "")

    def _read_date(self, node: str) -> Block:
        """Read what a date means, once: every graph that has a date derives the same."""
        lines = self._statements.about(node[1:-1]).split(_END)[:-1]
        once = {line.rpartition(" ")[0]: line for line in reversed(lines)}
        return Block("".join(line + _END for line in sorted(once.values())))

    def _read_context(self, node: str, *, named: bool, graph: bool) -> Block:
        """Give what others need to know of a node: its names when it is named, its sources when it is a graph."""
        return self._read(node).only((_LABELS if named else frozenset()) | (_SOURCE if graph else frozenset()))

    def is_joining(self, node: str) -> bool:
        """Tell whether a node belongs to the description of the things it points at."""
        return bool(self._joining.match(node)) or (
            node.startswith(self._event) and any(triple[1:] == _CHANGE for triple in self.about(node).triples)
        )

    def is_date(self, node: str) -> bool:
        """Tell whether a node is a date of the calendar; what it means is the same whatever source names it."""
        return node.startswith(self._date)

    def _attached_to(self, block: Block) -> list[str]:
        return [o for _, _, o in block.triples if o[0] == "<" and self._attached.match(o)]

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
        pointing = dict.fromkeys(str(node) for node in self._store.subjects(subject))
        found = self.gather(str(subject), pointing)
        blocks = found.values()
        graphs = set[str]().union(*[block.graphs for node, block in found.items() if not self.is_date(node)])
        named = set[str]().union(*[block.named() for block in blocks])
        context = self.context(named - found.keys(), graphs - found.keys())
        return sorted((b for b in (*blocks, *context) if b.triples), key=lambda b: b.triples[0][0])

    def context(self, named: set[str], graphs: set[str]) -> list[Block]:
        """Give the names of things and the sources of graphs."""
        return [self._context(node, named=node in named, graph=node in graphs) for node in named | graphs]
