"""Overlap: which networks have members in common, the most alike beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from urllib.parse import urlencode

from hansa.serve.pages.reader import Reader
from hansa.serve.pictures.matrix import Common, Matrix, draw_matrix
from hansa.serve.pictures.picture import Cell, Picture, plain
from hansa.serve.pictures.records import Records, distinct_sources, records
from hansa.serve.pictures.wording import Wording, by_label, wording
from hansa.serve.site import Site

_QUERY = "overlap-of-networks"
MOST = 32
"""Networks in one picture."""
_NAMED = 15
"""Members that are named under the pointer; the table has all of them."""
Members = Mapping[str, frozenset[str]]


def overlap(site: Site, reader: Reader, as_of: str = "") -> Picture | None:
    """Draw how many members each two networks share.

    :param as_of: a day, or empty for all times
    :return: ``None`` when no source names a member of any network
    """
    say, known = wording(reader), records(site)
    _ = say.gettext
    networks, others = _largest(known, known.networks())
    memberships = {iri: known.not_persons(found, as_of) for iri, found in known.within(networks).items()}
    members = {iri: frozenset(m.member for m in found) for iri, found in memberships.items() if found}
    if not members:
        return None
    order = by_similarity(members)
    pairs = _pairs(site, say, members, order, as_of)
    matrix = Matrix([reader.link(n) for n in order], [len(members[n]) for n in order], pairs)
    legend = _("the stronger the colour, the larger the share of members in common")
    return Picture(
        name="overlap",
        path="/pictures/overlap",
        title=_("Which networks share members"),
        caption=" ".join((_("On the diagonal: members that the sources name."), say.on(as_of))),
        draw=lambda frame: draw_matrix(matrix, legend, frame),
        columns=(_("Network"), _("Network"), _("In common"), _("Share"), _("Members in common")),
        rows=tuple(_rows(say, members, order)),
        sources=say.links(distinct_sources(m for n in order for m in memberships[n])),
        left_out=say.links(others or (n for n, found in memberships.items() if not found)),
        why_left_out=_("Not drawn, for there are too many") if others else _("Not drawn, for no source names a member"),
        query=say.address(as_of),
    )


def _largest(known: Records, networks: Sequence[str]) -> tuple[list[str], list[str]]:
    """Choose the networks with most memberships where there are more than a reader can tell apart; give the rest, too.

    A picture of all would take time with the third power of their number.
    """
    if len(networks) <= MOST:
        return list(networks), []
    chosen = known.largest(networks, MOST)
    return sorted(chosen), [n for n in networks if n not in chosen]


def similarity(first: frozenset[str], second: frozenset[str]) -> float:
    """Give the share that two sets have in common (Jaccard 1901): 0 for none, 1 for equal ones."""
    return len(first & second) / len(first | second) if first or second else 0.0


def by_similarity(members: Members) -> list[str]:
    """Order networks so that those most alike stand beside each other: a chain that grows at its better end."""
    left = sorted(members, key=lambda n: (-len(members[n]), n))
    chain = [left.pop(0)]
    while left:
        end, found = max(
            ((end, n) for end in (0, -1) for n in left),
            key=lambda pair: (similarity(members[chain[pair[0]]], members[pair[1]]), -left.index(pair[1]), pair[0]),
        )
        left.remove(found)
        chain.insert(len(chain) if end else 0, found)
    return chain


def _pairs(
    site: Site, say: Wording, members: Members, order: Sequence[str], as_of: str
) -> dict[tuple[int, int], Common]:
    found = {}
    for i, j in combinations(range(len(order)), 2):
        first, second = order[i], order[j]
        common = members[first] & members[second]
        if common:
            title = say.gettext("%(first)s and %(second)s share: %(members)s") % {
                "first": say.reader.link(first).text.value,
                "second": say.reader.link(second).text.value,
                "members": _names(say, common),
            }
            href = _list(site, say, first, second, as_of)
            found[i, j] = Common(len(common), similarity(members[first], members[second]), href, title)
    return found


def _names(say: Wording, members: frozenset[str]) -> str:
    names = [link.text.value for link in say.links(members)]
    return ", ".join(names[:_NAMED]) + (" …" if len(names) > _NAMED else "")


def _list(site: Site, say: Wording, first: str, second: str, as_of: str) -> str:
    """Give the address of the list of shared members with their sources, where there is such a question."""
    query = site.queries.get(_QUERY)
    if query is None or not {"first", "second", "on"} <= {p.name for p in query.parameters}:
        return ""
    day = as_of or site.release.issued
    values = {"first": site.vocab.shorten(first), "second": site.vocab.shorten(second), "on": day}
    if language := say.address("").get("lang"):
        values["lang"] = language
    return f"/queries/{_QUERY}?{urlencode(values)}"


def _rows(say: Wording, members: Members, order: Sequence[str]) -> list[tuple[Cell, ...]]:
    """Make a row of each network with itself, as on the diagonal, and of each pair that shares a member."""
    link = say.reader.link
    own = [
        ((link(n),), (link(n),), plain(len(members[n])), plain(say.percent(1)), say.links(members[n])) for n in order
    ]
    pairs = []
    for first, second in combinations(order, 2):
        if common := members[first] & members[second]:
            share = say.percent(similarity(members[first], members[second]))
            pairs.append(((link(first),), (link(second),), plain(len(common)), plain(share), say.links(common)))
    pairs.sort(key=lambda row: (-int(row[2][0].text.value), by_label(row[0][0]), by_label(row[1][0])))
    return [*pairs, *own]
