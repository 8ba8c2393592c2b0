"""Read from a store, once for a release, what can be reconciled: things, names, and the facts that narrow a match."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hansa.rdf import Literal, NamedNode
from hansa.serve.reconcile.schema import IDENTIFIERS, KINDS, types_of
from hansa.store import EmbeddedStore
from hansa.vocab import DCT, FOAF, ORG, OWL, RDFS, SCHEMA, SKOS, Vocabulary

_MAIN_NAMES = (SKOS.prefLabel, FOAF.name, DCT.title, RDFS.label)
_OTHER_NAMES = (SCHEMA.legalName, SKOS.altLabel, SKOS.hiddenLabel)
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


class ThingReader:
    """Reads the things of one store."""

    def __init__(self, store: EmbeddedStore, vocab: Vocabulary) -> None:
        self._store = store
        self._vocab = vocab
        self._root = f"{vocab.base}id/"

    def read(self) -> Things:
        """Read everything."""
        things = self._named_things()
        identifiers = self._identifiers()
        countries = frozenset(i for i, facts in identifiers.items() if facts.get("iso3166-1"))
        self._add_facts(things, identifiers)
        # One after the other, so that only one of them takes memory besides the things themselves.
        for read in (self._wikidata, self._themes, self._networks):
            self._add_facts(things, read())
        self._add_facts(things, self._countries(countries))
        return Things(things, list(self._theme_names()), self._complete_rosters(), countries & things.keys())

    def _add_facts(self, things: Mapping[str, Thing], source: Mapping[str, Mapping[str, set[str]]]) -> None:
        shared: dict[frozenset[str], frozenset[str]] = {}
        for thing_id, facts in source.items():
            if thing := things.get(thing_id):
                for pid, values in facts.items():
                    same = frozenset(values)
                    thing.facts[pid] = shared.setdefault(same, same)

    def _id(self, node: object) -> str:
        """Give the id of one of our things, empty for anything else."""
        iri = node.value if isinstance(node, NamedNode) else ""
        if not iri.startswith(self._root):
            return ""
        found = iri.removeprefix(self._root)
        return sys.intern(found) if found.partition("/")[0] in KINDS else ""

    def _links(self, *predicates: NamedNode) -> Iterator[tuple[str, str]]:
        """Give the ids of both ends of statements between our things."""
        for predicate in predicates:
            for quad in self._store.quads(predicate=predicate):
                pair = self._id(quad.subject), self._id(quad.object)
                if all(pair):
                    yield pair

    def _named_things(self) -> dict[str, Thing]:
        names: dict[str, dict[Name, None]] = defaultdict(dict)
        for predicate in (*_MAIN_NAMES, *_OTHER_NAMES):
            for quad in self._store.quads(predicate=predicate):
                thing_id = self._id(quad.subject)
                if thing_id and isinstance(quad.object, Literal):
                    name = Name(quad.object.value, quad.object.language or "", predicate in _MAIN_NAMES)
                    names[thing_id][name] = None
        return {thing_id: self._thing(thing_id, names[thing_id]) for thing_id in sorted(names)}

    def _thing(self, thing_id: str, names: Iterable[Name]) -> Thing:
        kind = thing_id.partition("/")[0]
        ordered = sorted(names, key=lambda name: (not name.main, name.language, name.text))
        return Thing(thing_id, self._root + thing_id, kind, types_of(kind), ordered)

    def _identifiers(self) -> dict[str, dict[str, set[str]]]:
        datatypes = {getattr(self._vocab.hansa, name): pid for pid, name in IDENTIFIERS.items()}
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for quad in self._store.quads(predicate=DCT.identifier):
            if isinstance(quad.object, Literal) and quad.object.datatype in datatypes:
                found[self._id(quad.subject)][datatypes[quad.object.datatype]].add(quad.object.value)
        return found

    def _wikidata(self) -> dict[str, dict[str, set[str]]]:
        prefix = self._vocab.prefixes.get("wd", "http://www.wikidata.org/entity/")
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for predicate in _SAME:
            for quad in self._store.quads(predicate=predicate):
                if isinstance(quad.object, NamedNode) and quad.object.value.startswith(prefix):
                    found[self._id(quad.subject)]["wikidata"].add(quad.object.value.removeprefix(prefix))
        return found

    def _themes(self) -> dict[str, dict[str, set[str]]]:
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for quad in self._store.quads(predicate=DCT.subject):
            if isinstance(quad.object, NamedNode):
                found[self._id(quad.subject)]["theme"].add(quad.object.value)
        return found

    def _theme_names(self) -> Iterator[tuple[str, str]]:
        root = f"{self._vocab.base}vocab/theme/"
        for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
            for quad in self._store.quads(predicate=predicate):
                if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(root):
                    assert isinstance(quad.object, Literal)
                    yield quad.object.value, quad.subject.value

    def _networks(self) -> dict[str, dict[str, set[str]]]:
        found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for member, organization in self._links(ORG.memberOf):
            if organization.startswith("network/"):
                found[member]["network"].add(organization)
        for authority, place in self._links(self._vocab.hansa.governs):
            if networks := found.get(authority):
                found[place]["network"] |= networks["network"]
        return found

    def _countries(self, countries: frozenset[str]) -> dict[str, dict[str, set[str]]]:
        above: dict[str, set[str]] = defaultdict(set)
        for part, whole in self._links(DCT.isPartOf, self._vocab.hansa.governs, SCHEMA.location):
            above[part].add(whole)
        found = {i: {"country": _reach(i, above, countries)} for i in (*above, *countries)}
        return {i: facts for i, facts in found.items() if facts["country"]}

    def _complete_rosters(self) -> frozenset[str]:
        complete = self._vocab.concept("roster", "complete")
        found = self._store.quads(predicate=self._vocab.hansa.rosterStatus, obj=complete)
        return frozenset(self._id(quad.subject) for quad in found)


def _reach(start: str, above: Mapping[str, set[str]], goals: frozenset[str]) -> set[str]:
    """Go upwards from a thing to the first goals on every way; what stands in a circle is passed once."""
    found: set[str] = set()
    seen, queue = {start}, [start]
    while queue:
        place = queue.pop()
        if place in goals:
            found.add(place)
            continue
        new = above.get(place, set()) - seen
        seen |= new
        queue.extend(new)
    return found
