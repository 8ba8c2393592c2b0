"""The graph around a thing: everything that one statement or one membership ties it to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hansa.rdf import NamedNode, Quad
from hansa.serve.pages.i18n import N_
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Link
from hansa.serve.pictures.butterfly import Group, Neighbour, draw_butterfly
from hansa.serve.pictures.legend import colour
from hansa.serve.pictures.picture import Picture, plain
from hansa.serve.pictures.wording import Wording, by_label, wording
from hansa.serve.site import Site
from hansa.serve.things.describe import AsOf, Description, values
from hansa.vocab import ORG, RDF

KINDS = {
    "network": N_("Networks"),
    "authority": N_("Cities and regional governments"),
    "organization": N_("Organizations"),
    "body": N_("Bodies"),
    "person": N_("People"),
    "post": N_("Offices"),
    "programme": N_("Programmes"),
    "event": N_("Events"),
    "document": N_("Documents"),
    "place": N_("Places"),
}
"""Kinds of neighbours in the order in which they are drawn; sources stand under every picture."""
MOST = 16
"""Neighbours of a kind that are drawn."""


def around(site: Site, reader: Reader, iri: str, as_of: str = "") -> Picture | None:
    """Draw the graph around a thing.

    :param as_of: a day, or empty for all times
    :return: ``None`` when it is tied to nothing
    """
    say = wording(reader)
    _ = say.gettext
    description = site.describer.describe(NamedNode(iri))
    found = Ties(site, reader, AsOf(site.vocab, as_of).filter(description) if as_of else description)
    by_kind = found.by_kind()
    if not by_kind:
        return None
    drawn = {kind: links[:MOST] for kind, links in by_kind.items()}
    groups = [
        Group(_(KINDS[kind]), colour(rank), [Neighbour(link, found.words(link.iri)) for link in drawn[kind]])
        for rank, kind in enumerate(drawn)
    ]
    middle = reader.link(iri)
    kind, slug = reader.vocab.kind_and_slug(iri) or ("", "")
    return Picture(
        name="around",
        path=f"/pictures/around/{kind}/{slug}",
        title=_("What %(thing)s is tied to") % {"thing": middle.text.value},
        caption=_caption(say, sum(map(len, drawn.values())), as_of),
        draw=lambda frame: draw_butterfly(middle, groups, frame),
        columns=(_("Kind"), _("What"), _("Tie")),
        rows=tuple(
            (plain(_(KINDS[kind])), (link,), plain(found.words(link.iri)))
            for kind, links in drawn.items()
            for link in links
        ),
        sources=say.links(found.sources),
        left_out=tuple(link for links in by_kind.values() for link in links[MOST:]),
        why_left_out=_("Not drawn, for there are too many"),
        query=say.address(as_of),
    )


def _caption(say: Wording, count: int, as_of: str) -> str:
    text = say.ngettext("%(n)s thing, one step away.", "%(n)s things, one step away.", count) % {"n": say.number(count)}
    return f"{text} {say.on(as_of)}"


class Ties:
    """What ties a thing to others.

    :param description: of the thing
    """

    def __init__(self, site: Site, reader: Reader, description: Description) -> None:
        self._site, self._reader = site, reader
        self._subject = description.subject
        self._ties: dict[str, dict[str, None]] = defaultdict(dict)
        sources: dict[str, None] = {}
        for other, tie, quads in self._all(description):
            if other.value != self._subject.value and self._kind(other.value) in KINDS:
                self._ties[other.value][tie] = None
                sources |= dict.fromkeys(self._sources(quads))
        self.sources = tuple(sources)

    def by_kind(self) -> dict[str, list[Link]]:
        """Give the neighbours of each kind in the order of their labels."""
        links = sorted((self._reader.link(iri) for iri in self._ties), key=by_label)
        found = {kind: [link for link in links if self._kind(link.iri) == kind] for kind in KINDS}
        return {kind: listed for kind, listed in found.items() if listed}

    def words(self, iri: str) -> str:
        """Say what ties a neighbour to the thing."""
        return ", ".join(sorted(self._ties[iri]))

    def _kind(self, iri: str) -> str:
        return (self._site.vocab.kind_and_slug(iri) or ("", ""))[0]

    def _sources(self, quads: list[Quad]) -> list[str]:
        graphs = {q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode)}
        return [source for graph in sorted(graphs) for source in self._site.graph_sources.get(graph, ())]

    def _all(self, description: Description) -> Iterator[tuple[NamedNode, str, list[Quad]]]:
        """Give each neighbour with the tie in words and the statements that make it."""
        yield from self._direct(description)
        for node, quads in description.nodes.items():
            if any(q.object == self._subject for q in quads) or self._kind(node.value) == "site":
                yield from self._through(node, quads)

    def _direct(self, description: Description) -> Iterator[tuple[NamedNode, str, list[Quad]]]:
        shortcuts = {
            ORG.memberOf,
            ORG.hasMember,
            ORG.holds,
            ORG.heldBy,
            RDF.type,
            self._site.vocab.hansa.heldExOfficioBy,
        }
        for quad in self._asserted(description.own):
            if isinstance(quad.object, NamedNode) and quad.predicate not in shortcuts:
                yield quad.object, f"→ {self._property(quad.predicate)}", [quad]
        for quad in self._asserted(description.incoming):
            if isinstance(quad.subject, NamedNode) and quad.predicate not in shortcuts:
                yield quad.subject, f"← {self._property(quad.predicate)}", [quad]

    def _asserted(self, quads: list[Quad]) -> list[Quad]:
        """Leave out what rules made: it says the same once more, the other way round."""
        return [q for q in quads if not str(q.graph_name).startswith(f"<{self._site.derived_prefix}")]

    def _property(self, predicate: NamedNode) -> str:
        return self._reader.property(predicate.value).text.value

    def _through(self, node: NamedNode, quads: list[Quad]) -> Iterator[tuple[NamedNode, str, list[Quad]]]:
        """Give what a membership, an office held ex officio, a change or a seat ties together."""
        roles = [self._reader.link(v.value).text.value for v in values(quads, ORG.role)]
        asserted = self._asserted(quads)
        for quad in asserted:
            if isinstance(quad.object, NamedNode):
                yield quad.object, roles[0] if roles else self._property(quad.predicate), asserted
