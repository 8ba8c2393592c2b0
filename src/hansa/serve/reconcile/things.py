"""Read, once for a release, what can be reconciled: things, names, and the facts that narrow a match."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hansa.serve.pages.names import LABELS, NAMING
from hansa.serve.pages.records import Says
from hansa.serve.reconcile.schema import IDENTIFIERS, KINDS, types_of
from hansa.vocab import DCT, ORG, OWL, SCHEMA, SKOS, Vocabulary

_SAME = (OWL.sameAs, SKOS.exactMatch)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written, its language tag (or an empty string) and whether it is a main name."""

    text: str
    language: str
    main: bool


@dataclass(slots=True)
class Thing:
    """Something that can be reconciled.

    :param id: ``kind/slug``
    :param types: its kind and what includes it
    :param facts: values by property id: ids of countries and networks, IRIs of themes, identifiers
    """

    id: str
    iri: str
    kind: str
    types: tuple[str, ...]
    names: list[Name] = field(default_factory=list)
    facts: dict[str, frozenset[str]] = field(default_factory=dict)

    def label(self, languages: Sequence[str]) -> Name:
        """Give the main name in the first language wanted that it has, else any."""
        order = {language: rank for rank, language in enumerate(dict.fromkeys(languages))}

        def rank(name: Name) -> tuple[bool, int, str]:
            exact = order.get(name.language, order.get(name.language.partition("-")[0], len(order)))
            return not name.main, exact, name.language

        return min(self.names, key=rank) if self.names else Name(self.id, "", main=True)


@dataclass(slots=True)
class Things:
    """All things, by id, with what is needed to understand the values of conditions.

    :param themes: names (as written) and IRIs of the themes
    :param complete: ids of networks whose members are all named
    :param countries: ids of places that are countries
    """

    by_id: dict[str, Thing]
    themes: list[tuple[str, str]]
    complete: frozenset[str]
    countries: frozenset[str]


@dataclass(slots=True)
class Node:
    """What one node says for reconciliation.

    :param id: of one of our things; empty for all else
    :param above: ids of what it is a part of, is located in or governs
    :param governs: ids of the places that it governs
    :param themes: names, as written, when it is a theme: the rank of the property and the text
    """

    id: str
    iri: str
    names: list[tuple[str, str, bool]]
    facts: dict[str, list[str]]
    above: list[str]
    governs: list[str]
    complete: bool = False
    themes: tuple[tuple[int, str], ...] = ()

    def columns(self) -> tuple[object, ...]:
        """Give all of it, in order."""
        return self.id, self.iri, self.names, self.facts, self.above, self.governs, self.complete, self.themes


class ThingReader:
    """Understands what is said about nodes.

    :param vocab: of the release
    """

    def __init__(self, vocab: Vocabulary) -> None:
        hansa = vocab.hansa
        self._root, self._themes = f"{vocab.base}id/", f"{vocab.base}vocab/theme/"
        self._wikidata = vocab.prefixes.get("wd", "http://www.wikidata.org/entity/")
        self._datatypes = {getattr(hansa, name).value: pid for pid, name in IDENTIFIERS.items()}
        above = (DCT.isPartOf, hansa.governs, SCHEMA.location)
        self._above = tuple(predicate.value for predicate in above)
        self._governs, self._roster = hansa.governs.value, hansa.rosterStatus.value
        self._complete = vocab.concept("roster", "complete").value
        self.properties = (
            *(*NAMING, *_SAME, *above, hansa.rosterStatus),
            *(DCT.identifier, DCT.subject, ORG.memberOf),
        )
        """The properties that have to be read."""

    def read(self, iri: str, says: Says) -> Node | None:
        """Give what a node says; nothing when it is neither a thing nor a theme."""
        if iri.startswith(self._themes):
            return Node("", iri, [], {}, [], [], themes=tuple(self._theme_names(says)))
        thing_id = self._id(iri)
        if not thing_id:
            return None
        above = [i for predicate in self._above for i in self._ids(says, predicate)]
        complete = any(said.value == self._complete for said in says.get(self._roster, ()))
        governs = self._ids(says, self._governs)
        return Node(thing_id, iri, _names(says), self._facts(says), above, governs, complete)

    def _id(self, iri: str) -> str:
        """Give the id of one of our things, empty for anything else."""
        found = iri[len(self._root) :] if iri.startswith(self._root) else ""
        return found if found.partition("/")[0] in KINDS else ""

    def _ids(self, says: Says, predicate: str) -> list[str]:
        found = (self._id(said.value) for said in says.get(predicate, ()) if said.is_iri)
        return [thing_id for thing_id in found if thing_id]

    def _facts(self, says: Says) -> dict[str, list[str]]:
        facts: dict[str, list[str]] = {}
        for said in says.get(DCT.identifier.value, ()):
            if pid := self._datatypes.get(said.datatype):
                facts.setdefault(pid, []).append(said.value)
        items = (said.value for predicate in _SAME for said in says.get(predicate.value, ()) if said.is_iri)
        found = [item.removeprefix(self._wikidata) for item in items if item.startswith(self._wikidata)]
        themes = [said.value for said in says.get(DCT.subject.value, ()) if said.is_iri]
        networks = [i for i in self._ids(says, ORG.memberOf.value) if i.startswith("network/")]
        facts |= {"wikidata": found} if found else {}
        facts |= {"theme": themes} if themes else {}
        return facts | ({"network": networks} if networks else {})

    def _theme_names(self, says: Says) -> Iterator[tuple[int, str]]:
        for rank, predicate in enumerate((SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)):
            yield from ((rank, said.value) for said in says.get(predicate.value, ()))


def _names(says: Says) -> list[tuple[str, str, bool]]:
    """Give text, language and whether it is a main name: main names first."""
    found = (
        (said.value, said.lang, predicate in LABELS)
        for predicate in NAMING
        for said in says.get(predicate.value, ())
        if not said.is_iri
    )
    return sorted(dict.fromkeys(found), key=lambda name: (not name[2], name[1], name[0]))


def put_together(read: Iterable[Node]) -> Things:
    """Make the things of all that nodes say: what belongs to several of them is known only now."""
    nodes = list(read)
    by_id = {said.id: said for said in nodes if said.id}
    _spread_networks(by_id)
    countries = frozenset(i for i, said in by_id.items() if said.facts.get("iso3166-1"))
    above = {i: said.above for i, said in by_id.items()}
    shared: dict[frozenset[str], frozenset[str]] = {}
    things = {}
    for thing_id in sorted(i for i, said in by_id.items() if said.names):
        said = by_id[thing_id]
        reached = _reach(thing_id, above, countries)
        facts = {pid: frozenset(map(sys.intern, found)) for pid, found in said.facts.items()}
        facts |= {"country": frozenset(reached)} if reached else {}
        things[thing_id] = _thing(said, {pid: shared.setdefault(found, found) for pid, found in facts.items()})
    themes = sorted((rank, said.iri, text) for said in nodes for rank, text in said.themes)
    complete = frozenset(i for i, said in by_id.items() if said.complete)
    return Things(things, [(text, iri) for _, iri, text in themes], complete, countries & things.keys())


def _spread_networks(by_id: Mapping[str, Node]) -> None:
    """Say of places that they are in the networks of their governments."""
    for said in by_id.values():
        if networks := said.facts.get("network"):
            for place in said.governs:
                if place in by_id:
                    by_id[place].facts["network"] = [*by_id[place].facts.get("network", ()), *networks]


def _thing(said: Node, facts: dict[str, frozenset[str]]) -> Thing:
    kind = said.id.partition("/")[0]
    return Thing(said.id, said.iri, kind, types_of(kind), [Name(*name) for name in said.names], facts)


def _reach(start: str, above: Mapping[str, Iterable[str]], goals: frozenset[str]) -> set[str]:
    """Go upwards from a thing to the first goals on every way; what stands in a circle is passed once."""
    found: set[str] = set()
    seen, queue = {start}, [start]
    while queue:
        place = queue.pop()
        if place in goals:
            found.add(place)
            continue
        new = set(above.get(place, ())) - seen
        seen |= new
        queue.extend(new)
    return found
