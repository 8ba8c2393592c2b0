"""What there was on a day: things that are known to have begun later or ended before are left out of lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from hansa.rdf import Literal, NamedNode
from hansa.serve.pages.kinds.titles import KINDS
from hansa.vocab import DCT, ORG

if TYPE_CHECKING:
    from hansa.serve.site import Site

_BEGINNINGS = ("founding", "merger")
_ENDS = ("dissolution", "merger")


class _Bounds(NamedTuple):
    """The earliest day on which each thing can have begun, and the last on which it can have ended; ISO form."""

    begun: dict[str, str]
    ended: dict[str, str]


_kept: WeakKeyDictionary[Site, _Bounds] = WeakKeyDictionary()


_LISTED = frozenset(kind for kind, named in KINDS.items() if named.path)


def _days(site: Site, predicate: NamedNode) -> dict[str, list[str]]:
    """Give the days by what stands in lists; there are far more memberships, which stand in none."""
    found: dict[str, list[str]] = {}
    for quad in site.store.quads(None, predicate):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            kind, _ = site.vocab.kind_and_slug(quad.subject.value) or ("", "")
            if kind in _LISTED:
                found.setdefault(quad.subject.value, []).append(quad.object.value)
    return found


def _organizations(site: Site, predicate: NamedNode, kinds: Iterable[str]) -> dict[str, list[str]]:
    """Give the change events of some kinds by the organizations that came out of them, or went into them."""
    wanted = {site.vocab.concept("change-type", kind).value for kind in kinds}
    events = {
        q.subject.value
        for q in site.store.quads(None, DCT.type)
        if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode) and q.object.value in wanted
    }
    found: dict[str, list[str]] = {}
    for quad in site.store.quads(None, predicate):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode) and quad.subject.value in events:
            found.setdefault(quad.object.value, []).append(quad.subject.value)
    return found


def _bounds(site: Site) -> _Bounds:
    """Read the bounds once: of what has dates itself, and of organizations those of their beginning and end.

    Where sources differ, the bounds are the widest.
    """
    earliest, latest = _days(site, site.vocab.hansa.startEarliest), _days(site, site.vocab.hansa.endLatest)
    begun = {iri: min(days) for iri, days in earliest.items()}
    ended = {iri: max(days) for iri, days in latest.items()}
    for iri, events in _organizations(site, ORG.resultingOrganization, _BEGINNINGS).items():
        if all(event in earliest for event in events):
            begun[iri] = min(day for event in events for day in earliest[event])
    for iri, events in _organizations(site, ORG.originalOrganization, _ENDS).items():
        if all(event in latest for event in events):
            ended[iri] = max(day for event in events for day in latest[event])
    return _Bounds(begun, ended)


def existing(site: Site, iris: Iterable[str], day: str) -> list[str]:
    """Leave out what is known to have begun after a day or ended before it; what no source dates stays.

    :param day: ISO form, empty for all times
    """
    if not day:
        return list(iris)
    if site not in _kept:
        _kept[site] = _bounds(site)
    begun, ended = _kept[site]
    return [iri for iri in iris if begun.get(iri, day) <= day <= ended.get(iri, day)]
