"""What takes long to make holds nobody up, and is made once for all who ask for it meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from hansa.manifest import open_store, read_release
from hansa.rdf import NamedNode
from hansa.serve.http.cache import Remembered
from hansa.serve.lookup.pointing import SHORTCUTS
from hansa.serve.things import home
from hansa.serve.things.roster import Roster
from tests.serve.conftest import BASE, Served


def test_others_are_answered_while_a_page_is_made(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end, made = threading.Event(), threading.Event(), []
    make = home.home_page

    def slow(*asked: object) -> object:
        made.append(asked)
        begun.set()
        assert may_end.wait(20)
        return make(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(home, "home_page", slow)
    with ThreadPoolExecutor(2) as threads:
        pages = [threads.submit(httpx.get, f"{served.url}/?as_of=2011-12-13", timeout=30) for _ in range(2)]
        try:
            assert begun.wait(20)
            assert served.get("/health").status_code == 200
        finally:
            may_end.set()
        found = [page.result() for page in pages]
    assert [page.status_code for page in found] == [200, 200]
    assert found[0].content == found[1].content
    assert len(made) == 1


def test_members_are_counted_as_they_are_listed(shipped: Served) -> None:
    roster: Roster = shipped.site.roster
    for day in ("", "2013-11-20", "1990-01-01"):
        sizes = roster.sizes(day)
        assert sum(sizes.values()) > 10
        assert all(sizes.get(network, 0) == len(roster.members(network, day)) for network in roster.networks)


def test_no_page_waits_for_who_is_in_the_networks_now(shipped: Served) -> None:
    site = shipped.site
    made = Roster(site.lookup, site.vocab)
    made.prepare(site.release.issued)
    asked = made._of_kind.cache_info().misses
    assert asked == len(made.networks)
    for city in made.busiest(5):
        made.sharing(city, site.release.issued, 10)
    assert made._of_kind.cache_info().misses == asked


def test_who_shares_most_networks_is_counted_from_the_members(shipped: Served) -> None:
    roster: Roster = shipped.site.roster
    day = shipped.site.release.issued
    city = roster.busiest(1)[0]
    total, first = roster.sharing(city, day, 1000)
    mine = roster.networks_of(city, day)
    expected = {
        member: sorted(mine & roster.networks_of(member, day))
        for network in mine
        for member in {m.member for m in roster.within(network, day)} - {city}
        if "/authority/" in member
    }
    assert first == expected
    assert total == len(expected)
    assert list(first) == sorted(expected, key=lambda iri: (-len(expected[iri]), iri))


def test_what_is_remembered_is_made_once_and_forgotten_when_there_is_too_much() -> None:
    asked: list[int] = []

    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    remembered = Remembered(double, 3)
    assert [remembered[n] for n in (1, 2, 1, 3)] == [2, 4, 2, 6]
    assert asked == [1, 2, 3]
    assert remembered[4] == 8
    assert list(remembered) == [4]


def test_pointers_of_a_page_are_those_of_the_store(served: Served) -> None:
    site = served.site
    store = open_store(read_release(site.release.directory))
    named = {q.object for q in store.quads() if isinstance(q.object, NamedNode) and q.object.value.startswith(BASE)}
    for thing in sorted(named, key=str):
        said = {
            (q.subject.value, q.predicate.value, q.graph_name.value)
            for q in store.quads(obj=thing)
            if isinstance(q.subject, NamedNode) and isinstance(q.graph_name, NamedNode) and q.predicate not in SHORTCUTS
        }
        found = list(site.records.pointing(thing.value))
        assert {(p.subject, p.predicate, g) for p in found for g in p.graphs} == said
        for predicate in {p.predicate for p in found}:
            pointing = sorted(p.subject for p in found if p.predicate == predicate)
            assert site.records.having(NamedNode(predicate), thing.value) == pointing
