"""The footnotes of a page: for every statement the document that makes it, the lines, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from hansa.serve.pages.cited import Citations, Cited
from hansa.serve.pages.html import html, quoted
from hansa.serve.pages.names import text_in
from hansa.serve.pages.records import Evidence, Place, Record, Records, Said
from hansa.serve.pages.views import Link, Note

if TYPE_CHECKING:
    from hansa.serve.pages.reader import Reader

_NONE = Markup("")


def place_anchor(lines: tuple[int, ...], sections: tuple[str, ...]) -> str:
    """Name the place on the page of a document where what stands in some lines is shown; empty without a place."""
    if lines:
        return f"line-{lines[0]}"
    return f"section-{'-'.join(sections[0].casefold().split())}" if sections else ""


class Notes:
    """Numbers the notes of one page as they are needed, and makes the marks that lead to them.

    :param graph_sources: sources of each named graph
    :param derived_prefix: what the IRIs of derived graphs begin with
    """

    def __init__(
        self,
        records: Records,
        citations: Citations,
        reader: Reader,
        graph_sources: Mapping[str, tuple[str, ...]],
        derived_prefix: str,
    ) -> None:
        self._records = records
        self._citations = citations
        self._reader = reader
        self._graph_sources = graph_sources
        self._derived_prefix = derived_prefix
        self._notes: dict[Place, Note] = {}
        self._marks: dict[tuple[Place, ...], Markup] = {}

    def all(self) -> tuple[Note, ...]:
        """Give the notes in the order of their numbers."""
        return tuple(self._notes.values())

    def is_derived(self, graph: str) -> bool:
        """Tell whether a rule made what stands in a graph."""
        return graph.startswith(self._derived_prefix)

    def by_rule(self, graphs: tuple[str, ...]) -> bool:
        """Tell whether only rules say something."""
        return all(map(self.is_derived, graphs))

    # ---------------------------------------------------------------- marks
    def of(self, record: Record, predicate: str, said: Said) -> Markup:
        """Give the marks of one value of a property; a rule is named only when no source is."""
        return self._of(record, predicate, said.key, said.graphs)

    def of_pointer(self, subject: str, predicate: str, iri: str, graphs: tuple[str, ...]) -> Markup:
        """Give the marks of a statement that has the thing of the page as its object."""
        return self._of(self._records.about(subject), predicate, (iri, "", ""), graphs)

    def _of(self, record: Record, predicate: str, value: tuple[str, str, str], graphs: tuple[str, ...]) -> Markup:
        asserted = [g for g in graphs if not self.is_derived(g)]
        if not asserted:
            return self._marked(self._key("derived", self._graph_sources.get(g, ())) for g in graphs)
        keys = []
        for graph in asserted:
            sources = self._graph_sources.get(graph, ())
            fitting = [e for e in self._evidence(record) if self._supports(e, predicate, value, sources)]
            keys += [e.cited for e in fitting] or [self._key("plain", sources)]
        return self._marked(keys)

    def of_node(self, record: Record) -> Markup:
        """Give the marks of a whole node: what is cited for it, else the documents whose graphs describe it."""
        cited = [e.cited for e in self._evidence(record)]
        if cited:
            return self._marked(cited)
        graphs = {g: None for values in record.says.values() for said in values for g in said.graphs}
        return self._marked(
            self._key("plain", self._graph_sources.get(g, ())) for g in graphs if not self.is_derived(g)
        )

    def _evidence(self, record: Record) -> list[Evidence]:
        return [self._records.evidence(iri) for iri in record.evidence]

    @staticmethod
    def _supports(evidence: Evidence, predicate: str, value: tuple[str, str, str], sources: tuple[str, ...]) -> bool:
        return (
            (not evidence.properties or predicate in evidence.properties)
            and (not evidence.values or value in evidence.values)
            and (not sources or any(source in sources for source in evidence.sources))
        )

    # ---------------------------------------------------------------- numbers
    @staticmethod
    def _key(sort: str, sources: tuple[str, ...]) -> Place:
        return sort, sources, "", (), (), ()

    def _marked(self, keys: Iterable[Place]) -> Markup:
        # What names a place comes before what names a document only.
        wanted = tuple(dict.fromkeys(keys))
        if len(wanted) > 1:
            wanted = tuple(sorted(wanted, key=lambda key: key[0] != "cited"))
        found = self._marks.get(wanted)
        if found is None:
            notes = sorted([self._number(key) for key in wanted])
            found = self._marks[wanted] = _marks(notes) if notes else _NONE
        return found

    def _number(self, key: Place) -> Note:
        if key not in self._notes:
            self._notes[key] = self._note(len(self._notes) + 1, key)
        return self._notes[key]

    # ---------------------------------------------------------------- notes
    def _note(self, number: int, key: Place) -> Note:
        sort, sources, certainty, _, lines, sections = key
        anchor = place_anchor(lines, sections)
        documents = [self._citations.of(iri, self._reader) for iri in sources]
        certain = self._reader.link(certainty) if certainty else None
        inferred = certainty.endswith("/inferred")
        # A mark leads straight to the place in the document; where there are several, to the note that names them.
        href = documents[0].target(anchor) if len(documents) == 1 else ""
        shown = ", ".join(map(str, lines))
        return Note(
            number=number,
            tip=self._tip(documents, shown, sections, certain if inferred else None, derived=sort == "derived"),
            href=html(href or f"#note-{number}"),
            inferred=inferred,
            html=self._html(key, documents, anchor, certain),
        )

    def _html(self, key: Place, documents: Sequence[Cited], anchor: str, certain: Link | None) -> Markup:
        """Write what a note says: rule, documents, place, dates, how certain it is and why, the originals."""
        sort, _, _, reasons, lines, sections = key
        parts: list[str] = []
        if sort == "derived":
            parts.append(self._derived(len(documents)) + " ")
        links = [document.at(anchor) for document in documents]
        parts.append("; ".join(links) or self._reader.gettext("No source is recorded"))
        parts += self._place(lines, sections)
        if dates := dict.fromkeys(date for document in documents for date in document.dates):
            parts.append(f" ({', '.join(dates)})")
        if certain:
            parts.append(f" · {certain.markup}")
        languages = self._reader.languages
        parts += [f" – {text_in(value, lang, languages).__html__()}" for value, _, lang in reasons]
        parts += [document.originals for document in documents]
        return html("".join(parts))

    def _derived(self, number: int) -> str:
        return self._reader.ngettext(
            "Derived by rule from what this source says:", "Derived by rule from what these sources say:", number
        )

    def _place(self, lines: tuple[int, ...], sections: tuple[str, ...]) -> Iterator[str]:
        gettext = self._reader.gettext
        if len(lines) == 1:
            yield ", " + gettext("line %(line)s") % {"line": lines[0]}
        elif lines:
            yield ", " + gettext("lines %(lines)s") % {"lines": ", ".join(map(str, lines))}
        if shown := ", ".join(sections):
            yield ", " + gettext("section %(section)s") % {"section": quoted(shown)}

    def _tip(
        self, documents: Sequence[Cited], lines: str, sections: tuple[str, ...], certain: Link | None, *, derived: bool
    ) -> str:
        reader = self._reader
        parts = [" · ".join([document.name for document in documents]) or reader.gettext("no source is recorded")]
        if lines:
            parts.append(reader.ngettext("line %(lines)s", "lines %(lines)s", 1 + ("," in lines), lines=lines))
        parts += sections if not lines else ()
        if certain:
            parts.append(certain.text.value)
        if derived:
            parts.append(reader.gettext("derived by rule"))
        return ", ".join(parts)


def _marks(notes: list[Note]) -> Markup:
    """Write the marks of some notes; the name of each says in one line what the note says."""
    links = "".join(
        [
            f'<a href="{n.href}" aria-label="{n.number}: {quoted(n.tip)}"{" class=inferred" if n.inferred else ""}>'
            f"{n.number}</a>"
            for n in notes
        ]
    )
    return html(f'<sup class="notes">{links}</sup>')
