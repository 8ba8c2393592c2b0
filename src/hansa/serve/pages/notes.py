"""The footnotes of a page: for every statement the document that makes it, the lines, and how sure that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import cast

from hansa.rdf import Literal, NamedNode, Quad, Term
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Link, Note
from hansa.serve.things.describe import Description, values

_Key = tuple[str, ...]


def _texts(terms: Sequence[Term]) -> list[str]:
    return [term.value for term in terms if isinstance(term, Literal)]


class Notes:
    """Numbers the notes of one page as they are needed.

    :param graph_sources: sources of each named graph
    :param derived_prefix: what the IRIs of derived graphs begin with
    """

    def __init__(
        self,
        description: Description,
        reader: Reader,
        graph_sources: Mapping[str, tuple[str, ...]],
        derived_prefix: str,
    ) -> None:
        self._description = description
        self._reader = reader
        self._hansa = reader.vocab.hansa
        self._graph_sources = graph_sources
        self._derived_prefix = derived_prefix
        self._numbers: dict[_Key, Note] = {}
        self._evidence = self._evidence_by_subject()

    def _evidence_by_subject(self) -> dict[NamedNode, list[NamedNode]]:
        found: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for quad in chain(self._description.quads(), *self._description.citations.values()):
            if (
                quad.predicate == self._hansa.evidence
                and isinstance(quad.subject, NamedNode)
                and isinstance(quad.object, NamedNode)
            ):
                found[quad.subject].append(quad.object)
        return found

    def all(self) -> tuple[Note, ...]:
        """Give the notes in the order of their numbers."""
        return tuple(self._numbers.values())

    def is_derived(self, quad: Quad) -> bool:
        """Tell whether a rule made a statement."""
        graph = quad.graph_name
        return isinstance(graph, NamedNode) and graph.value.startswith(self._derived_prefix)

    def of(self, quads: Iterable[Quad]) -> tuple[int, ...]:
        """Give the notes of one triple, which may stand in several graphs; a rule is named only when no source is."""
        listed = list(quads)
        asserted = [q for q in listed if not self.is_derived(q)]
        return self._numbers_of(note for quad in asserted or listed for note in self._of_quad(quad))

    def of_node(self, quads: Iterable[Quad]) -> tuple[int, ...]:
        """Give the notes of a whole node; where some lines are cited, a note without lines adds nothing."""
        asserted = [q for q in quads if not self.is_derived(q) and q.predicate != self._hansa.evidence]
        found = [note for quad in asserted for note in self._of_quad(quad)]
        cited = [keyed for keyed in found if keyed[0][0] == "cited"]
        return self._numbers_of(cited or found)

    def _numbers_of(self, keyed: Iterable[tuple[_Key, Note]]) -> tuple[int, ...]:
        return tuple(sorted({self._number(key, note) for key, note in keyed}))

    def _of_quad(self, quad: Quad) -> list[tuple[_Key, Note]]:
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        sources = self._graph_sources.get(graph, ())
        if self.is_derived(quad):
            return [self._derived(sources)]
        subject = cast("NamedNode", quad.subject)
        fitting = [e for e in self._evidence.get(subject, ()) if self._supports(e, quad, sources)]
        return [self._cited(e) for e in fitting] or [self._plain(sources)]

    def _quads(self, evidence: NamedNode) -> list[Quad]:
        return self._description.nodes.get(evidence) or self._description.citations.get(evidence, [])

    def _supports(self, evidence: NamedNode, quad: Quad, sources: tuple[str, ...]) -> bool:
        quads = self._quads(evidence)
        properties = values(quads, self._hansa.supportsProperty)
        supported = values(quads, self._hansa.supportsValue)
        cited = [v.value for v in values(quads, self._hansa.inSource)]
        return (
            (not properties or quad.predicate in properties)
            and (not supported or quad.object in supported)
            and (not sources or any(source in sources for source in cited))
        )

    def _number(self, key: _Key, note: Note) -> int:
        if key not in self._numbers:
            self._numbers[key] = replace(note, number=len(self._numbers) + 1)
        return self._numbers[key].number

    def _links(self, iris: Iterable[str]) -> tuple[Link, ...]:
        return tuple(self._reader.link(iri) for iri in iris)

    def _derived(self, sources: tuple[str, ...]) -> tuple[_Key, Note]:
        return ("derived", *sources), Note(0, self._links(sources), derived=True)

    def _plain(self, sources: tuple[str, ...]) -> tuple[_Key, Note]:
        return ("plain", *sources), Note(0, self._links(sources))

    def _cited(self, evidence: NamedNode) -> tuple[_Key, Note]:
        quads = self._quads(evidence)
        hansa = self._hansa
        lines = sorted(_texts(values(quads, hansa.line)), key=lambda n: (len(n), n))
        certainty = next((v.value for v in values(quads, hansa.certainty)), "")
        note = Note(
            number=0,
            sources=self._links(v.value for v in values(quads, hansa.inSource)),
            lines=", ".join(lines),
            section=", ".join(_texts(values(quads, hansa.section))),
            certainty=self._reader.link(certainty) if certainty else None,
            reasons=tuple(self._reader.text(v) for v in values(quads, hansa.reason) if isinstance(v, Literal)),
            evidence=self._reader.link(evidence.value),
        )
        # Two evidence nodes that name the same place are one note to a reader.
        key = ("cited", *(link.iri for link in note.sources), note.lines, note.section, certainty)
        return (*key, *(reason.value for reason in note.reasons)), note


class NoNotes(Notes):
    """For pages whose statements all come from one place, which the page says once."""

    def __init__(self, description: Description, reader: Reader) -> None:
        super().__init__(description, reader, {}, "")

    def is_derived(self, quad: Quad) -> bool:
        """Take every statement as it is."""
        return False

    def of(self, quads: Iterable[Quad]) -> tuple[int, ...]:
        """Give no notes."""
        return ()
