"""Maps: all cities by the number of their networks, the members of one network, where a place lies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from hansa.rdf import NamedNode
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Text
from hansa.serve.pictures.legend import Key, colour
from hansa.serve.pictures.map import Mark, draw_map
from hansa.serve.pictures.picture import Cell, Picture, plain
from hansa.serve.pictures.projection import Position
from hansa.serve.pictures.records import Membership, Records, distinct_sources, records
from hansa.serve.pictures.wording import Wording, by_label, wording
from hansa.serve.site import Site

MOST = 400
"""Cities on one map."""
_NO_NETWORK = 6
"""The grey one."""


def city_map(site: Site, reader: Reader, as_of: str = "") -> Picture:
    """Draw all cities whose position is known, sized by the number of networks that they are members of.

    :param as_of: a day, or empty for all times
    """
    known, say = records(site), wording(reader)
    _ = say.gettext
    cities, others = _busiest(site)
    memberships = {iri: _in_networks(known, found, as_of) for iri, found in known.of_members(cities).items()}
    marks, rows = [], []
    drawn = _positions(known, memberships)
    for city, position in drawn.items():
        networks = say.links(m.organization for m in memberships[city])
        link = reader.link(city)
        note = ", ".join(n.text.value for n in networks) or _("no membership recorded")
        category = 1 if networks else _NO_NETWORK
        marks.append(
            Mark(
                link, position, category, max(1, len(networks)), note, _short(known, reader, city), int(bool(networks))
            )
        )
        rows.append(((link,), plain(len(networks)), networks, *_degrees(position)))
    keys = _size_keys(say, max((m.weight for m in marks if m.category == 1), default=1))
    if any(m.category == _NO_NETWORK for m in marks):
        keys.append(Key(Text(_("no membership recorded")), _NO_NETWORK))
    count = say.ngettext("%(n)s city or region.", "%(n)s cities and regions.", len(marks)) % {
        "n": say.number(len(marks))
    }
    return Picture(
        name="map",
        path="/pictures/map",
        title=_("The cities and how many networks they belong to"),
        caption=f"{count} {say.on(as_of)}",
        draw=lambda frame: draw_map(marks, keys, frame),
        columns=(_("City"), _("Networks"), _("Names of the networks"), _("Latitude"), _("Longitude")),
        rows=tuple(sorted(rows, key=lambda row: (-int(row[1][0].text.value), by_label(row[0][0])))),
        sources=say.links(
            (*distinct_sources(m for found in memberships.values() for m in found), *known.position_sources(drawn))
        ),
        left_out=say.links(others or (c for c in memberships if memberships[c] and not known.position_of(c))),
        why_left_out=_("Not drawn, for there are too many")
        if others
        else _("Not drawn, for no source gives a position"),
        query=say.address(as_of),
        credit=_credit(say),
    )


def _busiest(site: Site) -> tuple[list[str], list[str]]:
    """Choose the cities that are in most networks where there are more than a map has room for; give the rest, too."""
    cities = [iri for kind, iri in site.names.kinds() if kind == "authority"]
    if len(cities) <= MOST:
        return cities, []
    chosen = dict.fromkeys(site.roster.busiest(MOST))
    return list(chosen), [iri for iri in cities if iri not in chosen]


def map_of(site: Site, reader: Reader, iri: str, as_of: str = "") -> Picture | None:
    """Draw where the members of an organization are, or where a city or place lies.

    :return: ``None`` when no position is known
    """
    known = records(site)
    if found := known.members(iri, as_of):
        return _members_map(site, reader, iri, found, as_of)
    position = known.position_of(iri)
    return _locator(site, reader, iri, position, as_of) if position else None


def _in_networks(known: Records, found: Iterable[Membership], as_of: str) -> list[Membership]:
    return [m for m in found if known.kind(m.organization) == "network" and m.when.on(as_of)]


def _positions(known: Records, cities: Iterable[str]) -> dict[str, Position]:
    return {city: position for city in cities if (position := known.position_of(city))}


def _degrees(position: Position) -> tuple[Cell, Cell]:
    return plain(f"{position[1]:g}"), plain(f"{position[0]:g}")


def _short(known: Records, reader: Reader, city: str) -> Text:
    """Name a city on a map by its place, which is shorter than the name of its government."""
    return reader.link(known.place_of(city)).text


def _credit(say: Wording) -> str:
    return say.gettext("Coastlines: Natural Earth, public domain. Equal-area projection.")


def _size_keys(say: Wording, most: int) -> list[Key]:
    """Explain the sizes by one, the largest, and one between."""
    shown = sorted({1, max(1, round(most / 2)), most})
    return [
        Key(Text(say.ngettext("%(n)s network", "%(n)s networks", n) % {"n": say.number(n)}), 1, radius=4.6 * n**0.5)
        for n in shown
    ]


# ---------------------------------------------------------------- members
def _members_map(site: Site, reader: Reader, iri: str, found: Sequence[Membership], as_of: str) -> Picture | None:
    known, say = records(site), wording(reader)
    _ = say.gettext
    by_city: dict[str, list[Membership]] = defaultdict(list)
    for membership in found:
        by_city[membership.member].append(membership)
    positions = _positions(known, by_city)
    if not positions:
        return None
    roles = _roles_by_frequency(found)
    marks, rows = [], []
    for city, position in positions.items():
        mark, row = _member(say, city, (position, _short(known, reader, city)), by_city[city], roles)
        marks.append(mark)
        rows.append(row)
    network = reader.link(iri).text.value
    drawn = {roles[m.role] for city in positions for m in by_city[city]}
    keys = [Key(reader.link(role).text, colour(rank)) for role, rank in roles.items() if role and rank in drawn]
    return Picture(
        name="map",
        path=_path("map", reader, iri),
        title=_("Where the members of %(network)s are") % {"network": network},
        caption=" ".join(filter(None, (_count(say, len(marks)), say.on(as_of), _roster(site, say, iri)))),
        draw=lambda frame: draw_map(marks, keys, frame),
        columns=(_("Member"), _("Role"), _("When"), _("Latitude"), _("Longitude")),
        rows=tuple(sorted(rows, key=lambda row: by_label(row[0][0]))),
        sources=say.links((*distinct_sources(found), *known.position_sources(positions))),
        left_out=say.links(c for c in by_city if c not in positions),
        why_left_out=_("Not drawn, for no source gives a position"),
        query=say.address(as_of),
        credit=_credit(say),
    )


def _roles_by_frequency(found: Iterable[Membership]) -> dict[str, int]:
    """Rank the roles, the most common first."""
    counted = Counter(m.role for m in found)
    return {role: rank for rank, role in enumerate(sorted(counted, key=lambda r: (-counted[r], r)))}


def _member(
    say: Wording, city: str, at: tuple[Position, Text], own: Sequence[Membership], roles: Mapping[str, int]
) -> tuple[Mark, tuple[Cell, ...]]:
    """Make the mark and the table row of a member; its colour is that of its rarest role."""
    reader, (position, label) = say.reader, at
    links = [reader.link(m.role) for m in own if m.role]
    periods = [say.period(m.when) for m in own]
    note = "; ".join(
        ", ".join(filter(None, (reader.link(m.role).text.value if m.role else "", period)))
        for m, period in zip(own, periods, strict=True)
    )
    rank = max(roles[m.role] for m in own)
    when = tuple(link for period in dict.fromkeys(filter(None, periods)) for link in plain(period))
    row = ((reader.link(city),), tuple(dict.fromkeys(links)), when, *_degrees(position))
    return Mark(reader.link(city), position, colour(rank), 1, note, label, rank), row


def _count(say: Wording, count: int) -> str:
    return say.ngettext("%(n)s member.", "%(n)s members.", count) % {"n": say.number(count)}


def _roster(site: Site, say: Wording, iri: str) -> str:
    """Say how much of the members the sources name."""
    status = next((str(q.object) for q in site.store.quads(NamedNode(iri), site.vocab.hansa.rosterStatus)), "")
    if status.endswith("/partial>"):
        return say.gettext("The sources name only some of the members.")
    return say.gettext("The sources name all members.") if status.endswith("/complete>") else ""


def _path(name: str, reader: Reader, iri: str) -> str:
    kind, slug = reader.vocab.kind_and_slug(iri) or ("", "")
    return f"/pictures/{name}/{kind}/{slug}"


# ---------------------------------------------------------------- one place
def _locator(site: Site, reader: Reader, iri: str, position: Position, as_of: str) -> Picture:
    say = wording(reader)
    _ = say.gettext
    link = reader.link(iri)
    latitude, longitude = _degrees(position)
    return Picture(
        name="map",
        path=_path("map", reader, iri),
        title=_("Where %(place)s is") % {"place": link.text.value},
        caption=_("%(latitude)s° of latitude, %(longitude)s° of longitude.")
        % {"latitude": latitude[0].text.value, "longitude": longitude[0].text.value},
        draw=lambda frame: draw_map([Mark(link, position)], (), frame),
        columns=(_("Place"), _("Latitude"), _("Longitude")),
        rows=(((link,), latitude, longitude),),
        sources=say.links(records(site).position_sources([iri])),
        query=say.address(as_of),
        credit=_credit(say),
    )
