"""What our graph says that Wikidata could say too: claims in terms of items and properties, each with its source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hansa.link.slice import question
from hansa.rdf import Literal, NamedNode, Term
from hansa.store import EmbeddedStore
from hansa.vocab import OWL, Vocabulary

CHAIRS = ("president", "co-president", "chair")
GENERALS = ("secretary-general",)
PLAIN_ROLES = ("member", "member-city", "full-member")
"""Roles that P463 says by itself, with no qualifier."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that we say.

    :param entity: our thing
    :param items: the items that may carry the statement, the one to write to first; empty when none is linked
    :param prop: property of Wikidata, or ``label`` and ``alias``
    :param value: item or literal; our own thing where that has no item
    :param linked: the value is an item, or needs none
    :param start: EDTF, as are ``end`` and ``as_of``
    :param node: the membership, event, site or count behind it
    :param status: the local name of the organization's status
    """

    entity: str
    items: tuple[str, ...]
    prop: str
    value: Term
    linked: bool = True
    start: str = ""
    end: str = ""
    as_of: str = ""
    role: str = ""
    role_item: str = ""
    precision: str = ""
    status: str = ""
    inferred: bool = False
    source: str = ""
    node: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """How a source document can be cited.

    :param lines: by node, the lines that support it
    """

    title: Literal
    publisher: str = ""
    publisher_item: str = ""
    page: str = ""
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


class Ours:
    """Reads claims from a release's store.

    :param store: the release
    """

    def __init__(self, store: EmbeddedStore, vocab: Vocabulary) -> None:
        self._store, self._vocab = store, vocab
        quads = store.quads(None, OWL.sameAs, None, vocab.graph("links"))
        nodes = ((q.subject, q.object) for q in quads)
        self.links = {s.value: o.value for s, o in nodes if isinstance(s, NamedNode) and isinstance(o, NamedNode)}
        """The reviewed exact links: our thing to its item."""

    def _rows(self, name: str) -> Iterable[dict[str, Term]]:
        prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in self._vocab.prefixes.items())
        return self._store.select(prefixes + question(name)).dicts()

    def kind(self, iri: str) -> str:
        """Give the kind of one of our things, as its IRI says it."""
        found = self._vocab.kind_and_slug(iri)
        return found[0] if found else ""

    def claims(self) -> list[Claim]:
        """Give all claims, those about things without an item too, in a stable order."""
        return [*self._values(), *self._memberships()]

    def _item(self, term: Term) -> tuple[Term, bool]:
        if not isinstance(term, NamedNode):
            return term, True
        item = self.links.get(term.value)
        return (NamedNode(item), True) if item else (term, False)

    def _values(self) -> Iterable[Claim]:
        for row in self._rows("values"):
            entity = row["entity"].value
            if not self.kind(entity):
                continue
            value, linked = self._item(row["value"])
            items = (self.links[entity],) if entity in self.links else ()
            details = _texts(row, {"as_of": "asOf", "source": "source", "node": "node"})
            names = {"precision": self._name(row, "precision"), "status": self._name(row, "status")}
            yield Claim(
                entity, items, row["property"].value, value, linked, inferred="inferred" in row, **details, **names
            )

    def _memberships(self) -> Iterable[Claim]:
        for row in self._rows("memberships"):
            role = self._name(row, "role")
            details = _texts(
                row, {"start": "start", "end": "end", "as_of": "asOf", "source": "source", "node": "node",
                      "role_item": "roleItem"},
            )  # fmt: skip
            entity, prop, holder = self._direction(row, role)
            if prop == "P463" and self.kind(entity) == "person":
                # A job at home or a seat on a committee is not what Wikidata calls a membership.
                continue
            value, linked = self._item(holder)
            yield Claim(
                entity, self._carriers(row, entity), prop, value, linked, role=role,
                status=self._name(row, "status"), inferred="inferred" in row, **details,
            )  # fmt: skip

    def _direction(self, row: Mapping[str, Term], role: str) -> tuple[str, str, Term]:
        """Say whose item has the statement: an office is on the organization, a membership on the member."""
        if self.kind(row["member"].value) == "person" and role in {*CHAIRS, *GENERALS}:
            return row["organization"].value, "P488" if role in CHAIRS else "P3975", row["member"]
        return row["member"].value, "P463", row["organization"]

    def _carriers(self, row: Mapping[str, Term], entity: str) -> tuple[str, ...]:
        """Give the items for a statement: Wikidata keeps the memberships of a government on the item of the city."""
        things = [row["place"].value] if "place" in row and entity == row["member"].value else []
        return tuple(self.links[t] for t in [*things, entity] if t in self.links)

    def _name(self, row: Mapping[str, Term], column: str) -> str:
        return row[column].value.rpartition("/")[2] if column in row else ""

    def networks(self) -> dict[str, str]:
        """Give item and IRI of every linked organization that has members in our graph."""
        joined = {row["organization"].value for row in self._rows("memberships")}
        return {self.links[o]: o for o in joined if o in self.links and self.kind(o) in {"network", "organization"}}

    def citations(self) -> dict[str, Citation]:
        """Give for each source document how to cite it; of several titles the first."""
        lines: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in self._rows("lines"):
            lines[row["source"].value][row["node"].value].append(int(row["line"].value))
        found: dict[str, Citation] = {}
        for row in self._rows("sources"):
            source, title = row["source"].value, row["title"]
            publisher = row["publisher"].value if "publisher" in row else ""
            if isinstance(title, Literal):
                places = {node: tuple(sorted(numbers)) for node, numbers in lines[source].items()}
                page = row["page"].value if "page" in row else ""
                found.setdefault(source, Citation(title, publisher, self.links.get(publisher, ""), page, places))
        return found


def _texts(row: Mapping[str, Term], columns: Mapping[str, str]) -> dict[str, str]:
    return {name: row[column].value for name, column in columns.items() if column in row}
