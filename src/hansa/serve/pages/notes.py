"""The footnotes of a page: for every statement the document that makes it, the lines, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from hansa.serve.pages.names import text_in
from hansa.serve.pages.records import Evidence, Record, Records, Said
from hansa.serve.pages.views import Link, Note, Text
from hansa.vocab import DCT, FOAF, RDFS

if TYPE_CHECKING:
    from hansa.serve.pages.reader import Reader

_Key = tuple[str, tuple[str, ...], str, tuple[tuple[str, str, str], ...], tuple[int, ...], tuple[str, ...]]
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
        reader: Reader,
        graph_sources: Mapping[str, tuple[str, ...]],
        derived_prefix: str,
    ) -> None:
        self._records = records
        self._reader = reader
        self._graph_sources = graph_sources
        self._derived_prefix = derived_prefix
        self._notes: dict[_Key, Note] = {}
        self._marks: dict[tuple[_Key, ...], Markup] = {}
        self._dated = reader.vocab.hansa.asOf

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
            keys += [self._cited_key(e) for e in fitting] or [self._key("plain", sources)]
        return self._marked(keys)

    def of_node(self, record: Record) -> Markup:
        """Give the marks of a whole node: what is cited for it, else the documents whose graphs describe it."""
        cited = [self._cited_key(e) for e in self._evidence(record)]
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
    def _key(sort: str, sources: tuple[str, ...]) -> _Key:
        return sort, sources, "", (), (), ()

    def _cited_key(self, evidence: Evidence) -> _Key:
        # Two evidence nodes that name the same place are one note to a reader.
        reasons = tuple(said.key for said in evidence.reasons)
        return "cited", evidence.sources, evidence.certainty, reasons, evidence.lines, evidence.sections

    def _marked(self, keys: Iterable[_Key]) -> Markup:
        # What names a place comes before what names a document only.
        wanted = tuple(sorted(dict.fromkeys(keys), key=lambda key: key[0] != "cited"))
        found = self._marks.get(wanted)
        if found is None:
            notes = sorted((self._number(key) for key in wanted), key=lambda note: note.number)
            found = self._marks[wanted] = _marks(notes) if notes else _NONE
        return found

    def _number(self, key: _Key) -> Note:
        if key not in self._notes:
            self._notes[key] = self._note(len(self._notes) + 1, key)
        return self._notes[key]

    # ---------------------------------------------------------------- notes
    def _note(self, number: int, key: _Key) -> Note:
        sort, sources, certainty, reasons, lines, sections = key
        reader = self._reader
        anchor = place_anchor(lines, sections)
        shown = ", ".join(map(str, lines))
        links = tuple(self._source(iri, anchor) for iri in sources)
        certain = reader.link(certainty) if certainty else None
        inferred = certainty.endswith("/inferred")
        return Note(
            number=number,
            sources=links,
            tip=self._tip(links, shown, sections, certain if inferred else None, derived=sort == "derived"),
            lines=shown,
            section=", ".join(sections),
            certainty=certain,
            inferred=inferred,
            reasons=tuple(text_in(value, lang, reader.languages) for value, _, lang in reasons),
            dates=self._dates(sources),
            derived=sort == "derived",
            originals=tuple(link for iri in sources for link in self._originals(iri)),
        )

    def _source(self, iri: str, anchor: str) -> Link:
        link = self._reader.link(iri)
        return Link(link.text, iri, f"{link.href}#{anchor}") if anchor else link

    def _originals(self, iri: str) -> list[Link]:
        """Give the web addresses under which a document can be had, as far as the graph knows them."""
        record = self._records.about(iri)
        values = [s.value for p in (FOAF.page, FOAF.homepage, RDFS.seeAlso, DCT.source) for s in record.of(p)]
        links = (self._reader.link(value) for value in values)
        return [Link(Text(link.iri), link.iri, link.href, external=True) for link in links if link.external]

    def _dates(self, sources: tuple[str, ...]) -> tuple[str, ...]:
        """Say as of when the documents speak."""
        found = (s for iri in sources for p in (self._dated, DCT.issued) for s in self._records.about(iri).of(p)[:1])
        return tuple(dict.fromkeys(self._reader.date(s.value) for s in found))

    def _tip(
        self, links: tuple[Link, ...], lines: str, sections: tuple[str, ...], certain: Link | None, *, derived: bool
    ) -> str:
        reader = self._reader
        parts = [" · ".join(link.text.value for link in links) or reader.gettext("no source is recorded")]
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
        f'<a href="{_target(n)}" aria-label="{n.number}: {escape(n.tip)}"{" class=inferred" if n.inferred else ""}>'
        f"{n.number}</a>"
        for n in notes
    )
    return Markup(f'<sup class="notes">{links}</sup>')


def _target(note: Note) -> str:
    """Lead straight to the place in the document; where there are several documents, to the note that names them."""
    address = note.sources[0].href if len(note.sources) == 1 else ""
    return str(escape(address)) or f"#note-{note.number}"
