"""Where a statement stands: the :class:`hansa.rdf.Locator` over the files of a project."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from hansa.memo import Memo, digest
from hansa.model import Position
from hansa.rdf import BlankNode, NamedNode, Node, Term
from hansa.sources.project import SourceFile
from hansa.sources.turtle import Spot, Statement, scan

_UNKNOWN = Position("", 0, 0)
_DERIVED = "/graph/derived/"


class PositionIndex:
    """Finds statements in files; a file is read and scanned when it is first asked about.

    :param files: the Turtle files of the project, shapes too
    :param base: the IRI that relative IRIs in them are resolved against
    :param memo: where it was found before in a file of the same content, so that the file need not be scanned again
    """

    def __init__(self, files: Iterable[SourceFile], base: str, memo: Memo | None = None) -> None:
        self._files = [_Scanned(file, base, memo or Memo.nothing()) for file in files]
        self._by_graph: defaultdict[str, list[_Scanned]] = defaultdict(list)
        for scanned in self._files:
            if scanned.file.graph is not None:
                self._by_graph[scanned.file.graph.value].append(scanned)

    def locate(
        self, graph: NamedNode, subject: Node, predicate: NamedNode | None = None, obj: Term | None = None
    ) -> Position:
        """Find a statement in the files of a graph, and where they do not know the subject, in any file.

        The exact statement gives its object; a known predicate with another object the predicate; a known subject its
        first statement; an IRI that only stands as object, that place. A derived graph means the graph it comes from.
        """
        own = self._by_graph.get(graph.value.replace(_DERIVED, "/graph/"), [])
        found = _best(own, subject, predicate, obj)
        if found is None:
            rest = (file for file in self._files if file not in own and file.may_mention(subject))
            found = _best(rest, subject, predicate, obj)
        return found or _UNKNOWN

    def occurrences(self, graph: NamedNode, subject: Node, predicate: NamedNode, obj: Term) -> list[Position]:
        """Give every place in the files of a graph that makes exactly this statement."""
        return [
            file.position(statement.object_at)
            for file in self._by_graph.get(graph.value, [])
            for statement in file.about(subject)
            if statement.predicate == predicate and _same(statement.object, obj)
        ]


class _Scanned:
    """A file and, once asked for, its statements."""

    def __init__(self, file: SourceFile, base: str, memo: Memo) -> None:
        self.file = file
        self._base = base
        self._memo = memo

    @cached_property
    def _text(self) -> str:
        return self.file.text()

    @cached_property
    def _statements(self) -> list[Statement]:
        return list(scan(self._text, self._base))

    @cached_property
    def _by_subject(self) -> dict[Node, list[Statement]]:
        index: dict[Node, list[Statement]] = {}
        for statement in self._statements:
            index.setdefault(statement.subject, []).append(statement)
        return index

    def may_mention(self, node: Node) -> bool:
        """Tell cheaply whether scanning is worth while: the last part of the IRI stands somewhere in the text."""
        return (
            isinstance(node, NamedNode) and node.value.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1] in self._text
        )

    def about(self, subject: Node) -> Iterator[Statement]:
        """Give the statements about a subject; the engine's name of a blank node says nothing, so any will do."""
        if isinstance(subject, BlankNode) and subject not in self._by_subject:
            yield from (s for s in self._statements if isinstance(s.subject, BlankNode))
        else:
            yield from self._by_subject.get(subject, ())

    def nearest(self, subject: Node, predicate: NamedNode | None, obj: Term | None) -> tuple[int, Position] | None:
        """Give the place of the statement that fits best, and how far it is from what was asked for (0: not at all)."""
        asked = [_name(term) for term in (subject, predicate, obj)]
        key = digest("position", self.file.digest, self._base, *asked)
        found = json.loads(self._memo.text(key, lambda: json.dumps(self._nearest(subject, predicate, obj))))
        return (found[0], self.position(tuple(found[1]))) if found else None

    def _nearest(self, subject: Node, predicate: NamedNode | None, obj: Term | None) -> tuple[int, Spot] | None:
        ranked = [_rank(statement, predicate, obj) for statement in self.about(subject)]
        ranked = ranked or [(3, s.object_at) for s in self._statements if s.object == subject][:1]
        return min(ranked, key=lambda pair: pair[0], default=None)

    def position(self, spot: Spot) -> Position:
        return Position(self.file.name, *spot)


def _same(found: Term, wanted: Term) -> bool:
    return found == wanted or (isinstance(found, BlankNode) and isinstance(wanted, BlankNode))


def _name(term: Term | None) -> str:
    """Name a term for the memo; the engine's name of a blank node differs from run to run."""
    return "_:" if isinstance(term, BlankNode) else str(term)


def _best(files: Iterable[_Scanned], subject: Node, predicate: NamedNode | None, obj: Term | None) -> Position | None:
    """Give the place of the nearest statement; the first file wins among equals."""
    found: list[tuple[int, Position]] = []
    for file in files:
        nearest = file.nearest(subject, predicate, obj)
        if nearest and nearest[0] == 0:
            return nearest[1]
        found += [nearest] if nearest else []
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _rank(statement: Statement, predicate: NamedNode | None, obj: Term | None) -> tuple[int, Spot]:
    if predicate is None:
        return 0, statement.subject_at
    if statement.predicate != predicate:
        return 2, statement.subject_at
    if obj is None:
        return 0, statement.predicate_at
    return (0, statement.object_at) if _same(statement.object, obj) else (1, statement.predicate_at)
