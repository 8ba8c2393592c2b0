"""The tables on a thing's page: memberships, offices, ex officio tenures, stated numbers, changes, seats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from hansa.rdf import Literal, NamedNode
from hansa.serve.pages.dates import edtf_words
from hansa.serve.pages.notes import Notes
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Link, Row, Table, Text, Value
from hansa.serve.things.describe import Description, values
from hansa.vocab import DCT, ORG, RDF, Namespace

_LOCN = Namespace("http://www.w3.org/ns/locn#", "location fullAddress")
_AGENT_KINDS_IN_OFFICE = {"person", "post"}
_Columns = Sequence[tuple[str, NamedNode]]


def without_empty_columns(table: Table) -> Table:
    """Leave out the columns in which no row has a value."""
    used = [i for i in range(len(table.columns)) if any(row.cells[i] for row in table.rows)]
    rows = tuple(Row(tuple(row.cells[i] for i in used), row.about, row.notes) for row in table.rows)
    return Table(table.title, table.anchor, tuple(table.columns[i] for i in used), rows)


class Tables:
    """Makes the tables of one page."""

    def __init__(self, description: Description, reader: Reader, notes: Notes) -> None:
        self._description = description
        self._subject = description.subject
        self._reader = reader
        self._hansa = reader.vocab.hansa
        self._notes = notes
        hansa = reader.vocab.hansa
        self._time: _Columns = (("From", hansa.start), ("To", hansa.end), ("Known as of", hansa.asOf))
        self._office: _Columns = (
            ("Role", ORG.role),
            ("Title as printed", hansa.positionTitle),
            ("Office", hansa.throughPost),
            ("On behalf of", hansa.representing),
        )

    def build(self) -> tuple[Table, ...]:
        """Give the tables that have rows, in the order of the page."""
        makers: tuple[Callable[[], Iterable[Table]], ...] = (
            self._people_and_members,
            self._memberships,
            self._tenures,
            self._counts,
            self._changes,
            self._sites,
        )
        return tuple(without_empty_columns(t) for maker in makers for t in maker() if t.rows)

    # ---------------------------------------------------------------- rows
    def _of_class(self, cls: NamedNode) -> list[NamedNode]:
        nodes = self._description.nodes
        return [n for n, quads in nodes.items() if any(q.predicate == RDF.type and q.object == cls for q in quads)]

    def _pointing(self, nodes: Iterable[NamedNode], predicate: NamedNode) -> list[NamedNode]:
        return [n for n in nodes if self._subject in values(self._description.nodes[n], predicate)]

    def _cell(self, node: NamedNode, predicate: NamedNode) -> tuple[Value, ...]:
        return tuple(self._value(term) for term in values(self._description.nodes[node], predicate))

    def _value(self, term: NamedNode | Literal) -> Value:
        if isinstance(term, Literal) and "EDTF" in term.datatype.value:
            return Value(Link(Text(edtf_words(term.value))))
        return Value(self._reader.value(term).link)

    def _node_notes(self, node: NamedNode) -> tuple[int, ...]:
        return self._notes.of_node(self._description.nodes[node])

    def _table(self, title: str, anchor: str, nodes: Iterable[NamedNode], columns: _Columns, key: NamedNode) -> Table:
        def order(row: tuple[NamedNode, tuple[tuple[Value, ...], ...]]) -> tuple[str, ...]:
            first = self._cell(row[0], key)
            return (*(v.link.text.value.casefold() for v in first), row[0].value)

        cells = [(node, tuple(self._cell(node, predicate) for _, predicate in columns)) for node in nodes]
        rows = tuple(
            Row(cell, self._reader.link(node.value), self._node_notes(node)) for node, cell in sorted(cells, key=order)
        )
        return Table(title, anchor, tuple(name for name, _ in columns), rows)

    # ---------------------------------------------------------------- tables
    def _in_office(self, membership: NamedNode) -> bool:
        agents = values(self._description.nodes[membership], ORG.member)
        kinds = (self._reader.vocab.kind_and_slug(agent.value) for agent in agents)
        return any(kind and kind[0] in _AGENT_KINDS_IN_OFFICE for kind in kinds)

    def _people_and_members(self) -> Iterable[Table]:
        here = self._pointing(self._of_class(ORG.Membership), ORG.organization)
        members = [m for m in here if not self._in_office(m)]
        offices = [m for m in here if self._in_office(m)]
        columns = (("Member", ORG.member), *self._office, *self._time)
        yield self._table("Members", "members", members, columns, ORG.member)
        columns = (("Who", ORG.member), *self._office, *self._time)
        yield self._table("People and offices", "people", offices, columns, ORG.member)

    def _memberships(self) -> Iterable[Table]:
        all_of_them = self._of_class(ORG.Membership)
        whole = (("Who", ORG.member), ("Organization", ORG.organization), *self._office, *self._time)
        own = (("Organization", ORG.organization), *self._office, *self._time)
        mine = self._pointing(all_of_them, ORG.member)
        yield self._table("Member of, and offices held", "memberships", mine, own, ORG.organization)
        for title, anchor, predicate in (
            ("Held by", "holders", self._hansa.throughPost),
            ("Represented by", "representatives", self._hansa.representing),
            ("In this role", "role-holders", ORG.role),
        ):
            nodes = self._pointing(all_of_them, predicate)
            yield self._table(title, anchor, nodes, whole, ORG.member)

    def _tenures(self) -> Iterable[Table]:
        hansa = self._hansa
        columns = (("Office", hansa.heldPost), ("Held by whoever is", hansa.holdingPost), *self._time)
        tenures = self._of_class(hansa.ExOfficioTenure)
        yield self._table("By virtue of another office", "ex-officio", tenures, columns, hansa.heldPost)

    def _counts(self) -> Iterable[Table]:
        hansa = self._hansa
        columns = (
            ("Of", hansa.countOf),
            ("Counted", hansa.counted),
            ("Number", hansa.statedNumber),
            ("Precision", hansa.countPrecision),
            ("As of", hansa.asOf),
        )
        counts = self._of_class(hansa.StatedCount)
        own = self._pointing(counts, hansa.countOf)
        rest = [c for c in counts if c not in own]
        yield self._table("Numbers that sources state", "counts", own, columns[1:], hansa.counted)
        yield self._table("Numbers stated of this", "counted", rest, columns, hansa.countOf)

    def _changes(self) -> Iterable[Table]:
        columns = (
            ("Date", self._hansa.date),
            ("What", DCT.type),
            ("Resulting in", ORG.resultingOrganization),
            ("Out of", ORG.originalOrganization),
        )
        events = self._of_class(ORG.ChangeEvent)
        yield self._table("Founding and changes", "changes", events, columns, self._hansa.date)

    def _sites(self) -> Iterable[Table]:
        columns = (("Place", _LOCN.location), ("Address", ORG.siteAddress), *self._time[:2])
        yield self._table("Seats", "seats", self._of_class(ORG.Site), columns, self._hansa.start)
