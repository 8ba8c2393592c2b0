"""Give columns for things that were reconciled (data extension): plain look-ups around each thing, no query."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from hansa.errors import ParameterError
from hansa.rdf import Literal, NamedNode
from hansa.serve.reconcile.matcher import Matcher
from hansa.serve.reconcile.requests import SECONDS, Column, took_too_long
from hansa.serve.reconcile.schema import IDENTIFIERS, KINDS, PROPERTIES, Cell
from hansa.serve.reconcile.things import Thing
from hansa.store import EmbeddedStore
from hansa.vocab import ADMS, DCT, FOAF, ORG, SCHEMA, SKOS, WGS84, Vocabulary

MOST_VALUES = 50_000
"""Values in all cells of one answer."""
_MOST_CELLS = 1000
Values = Iterable[str | int | float]

SETTINGS: list[dict[str, Any]] = [
    {
        "name": "limit",
        "label": "Most values per cell",
        "type": "number",
        "default": 0,
        "help_text": "0 for all",
    },
    {
        "name": "as_of",
        "label": "On the day",
        "type": "text",
        "default": "",
        "help_text": "YYYY-MM-DD: memberships that may have held on that day; empty for all",
    },
    {
        "name": "lang",
        "label": "Language of names",
        "type": "text",
        "default": "",
        "help_text": "a language tag such as ja; empty for the language of your browser",
    },
]
"""Settings of a property in the form of the manifest."""


def _day(column: Column) -> str:
    text = column.settings.get("as_of") or ""
    try:
        # Days are compared as texts, so every spelling that ISO 8601 allows becomes one.
        return date.fromisoformat(text).isoformat() if text else ""
    except (TypeError, ValueError):
        raise ParameterError(f"as_of is {str(text)[:40]!r}, not a day", "write it as 2013-11-20") from None


def _limit(column: Column) -> int:
    value = column.settings.get("limit") or 0
    try:
        return max(0, min(int(value), _MOST_CELLS)) or _MOST_CELLS
    except (TypeError, ValueError, OverflowError):
        raise ParameterError(f"limit is {str(value)[:40]!r}, not a number", "give 0 for all values") from None


class Extender:
    """Reads columns from one store."""

    def __init__(self, store: EmbeddedStore, vocab: Vocabulary, matcher: Matcher) -> None:
        self._store = store
        self._vocab = vocab
        self._matcher = matcher
        hansa = vocab.hansa
        self._readers: Mapping[str, Callable[[Thing, str, Sequence[str]], Values]] = {
            "label": lambda thing, _day, languages: [thing.label(languages).text],
            "names": lambda thing, _day, _languages: dict.fromkeys(name.text for name in thing.names),
            "description": lambda thing, _day, languages: self._text(thing, DCT.description, languages),
            "iri": lambda thing, _day, _languages: [thing.iri],
            "country": lambda thing, _day, _languages: sorted(thing.facts.get("country", ())),
            "country-code": lambda thing, _day, _languages: self._country_codes(thing),
            "network": lambda thing, day, _languages: self._networks(thing, day),
            "member": lambda thing, day, _languages: self._members(thing, day),
            "member-count": lambda thing, day, _languages: [len(self._members(thing, day))],
            "theme": lambda thing, _day, languages: self._concepts(thing, DCT.subject, languages),
            "founded": lambda thing, _day, _languages: self._literals(thing, SCHEMA.foundingDate),
            "status": lambda thing, _day, languages: self._concepts(thing, ADMS.status, languages),
            "roster-status": lambda thing, _day, languages: self._concepts(thing, hansa.rosterStatus, languages),
            "part-of": lambda thing, _day, _languages: self._things(thing, DCT.isPartOf, ORG.subOrganizationOf),
            "governs": lambda thing, _day, _languages: self._things(thing, hansa.governs),
            "governed-by": lambda thing, _day, _languages: self._governments(thing),
            "latitude": lambda thing, _day, _languages: self._numbers(thing, WGS84.lat),
            "longitude": lambda thing, _day, _languages: self._numbers(thing, WGS84.long),
            "coordinates": lambda thing, _day, _languages: self._coordinates(thing),
            "website": lambda thing, _day, _languages: self._links(thing, FOAF.homepage, FOAF.page),
            **{pid: self._fact(pid) for pid in ("wikidata", *IDENTIFIERS)},
        }

    def answer(self, ids: Sequence[str], columns: Sequence[Column], languages: Sequence[str]) -> dict[str, Any]:
        """Give the answer in the form of ``data-extension-response.json``; unknown things have empty cells.

        :raises ParameterError: when a setting is wrong, or there are too many values
        :raises HttpError: 503 when it takes too long
        """
        end = time.monotonic() + SECONDS
        rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
        values = 0
        for identifier in dict.fromkeys(ids):
            if time.monotonic() > end:
                raise took_too_long("ask for fewer things at a time")
            rows[identifier] = {column.id: self._cells(identifier, column, languages) for column in columns}
            values += sum(map(len, rows[identifier].values()))
            if values > MOST_VALUES:
                raise ParameterError(
                    f"there are more than {MOST_VALUES} values", "ask for fewer things, or set a limit"
                )
        return {"meta": [_meta(column) for column in columns], "rows": rows}

    def _cells(self, identifier: str, column: Column, languages: Sequence[str]) -> list[dict[str, Any]]:
        asked = column.settings.get("lang")
        wanted = (asked, *languages) if isinstance(asked, str) and asked else languages
        day, limit = _day(column), _limit(column)
        thing = self._matcher.thing(identifier)
        if thing is None or (PROPERTIES[column.id].kinds and thing.kind not in PROPERTIES[column.id].kinds):
            return []
        cell = PROPERTIES[column.id].cell
        values = islice(self._readers[column.id](thing, day, wanted), limit)
        return [self._cell(cell, value, wanted) for value in values]

    def _cell(self, cell: Cell, value: str | float, languages: Sequence[str]) -> dict[str, Any]:
        if cell is not Cell.THING:
            return {str(cell): value}
        thing = self._matcher.thing(str(value))
        return {"id": str(value), "name": thing.label(languages).text if thing else str(value)}

    # ---------------------------------------------------------------- values
    def _objects(self, subject: str, *predicates: NamedNode) -> list[Any]:
        found = {q.object for p in predicates for q in self._store.quads(NamedNode(subject), p)}
        return sorted(found, key=str)

    def _literals(self, thing: Thing, predicate: NamedNode) -> list[str]:
        return [o.value for o in self._objects(thing.iri, predicate) if isinstance(o, Literal)]

    def _numbers(self, thing: Thing, predicate: NamedNode) -> list[float]:
        return [float(text) for text in self._literals(thing, predicate)]

    def _coordinates(self, thing: Thing) -> list[str]:
        latitude, longitude = self._literals(thing, WGS84.lat), self._literals(thing, WGS84.long)
        return [f"{latitude[0]},{longitude[0]}"] if len(latitude) == len(longitude) == 1 else []

    def _links(self, thing: Thing, *predicates: NamedNode) -> list[str]:
        found = [o.value for o in self._objects(thing.iri, *predicates) if isinstance(o, NamedNode)]
        return [iri for iri in found if iri.startswith(("https://", "http://"))]

    def _text(self, thing: Thing, predicate: NamedNode, languages: Sequence[str]) -> list[str]:
        found = [o for o in self._objects(thing.iri, predicate) if isinstance(o, Literal)]
        return _in_language(found, languages)

    def _concepts(self, thing: Thing, predicate: NamedNode, languages: Sequence[str]) -> list[str]:
        found = [o for o in self._objects(thing.iri, predicate) if isinstance(o, NamedNode)]
        return [self._concept(iri.value, languages) for iri in found]

    def _concept(self, iri: str, languages: Sequence[str]) -> str:
        labels = [o for o in self._objects(iri, SKOS.prefLabel) if isinstance(o, Literal)]
        return next(iter(_in_language(labels, languages)), iri)

    def _ids(self, nodes: Iterable[Any]) -> list[str]:
        found = (self._matcher.thing(n.value) for n in nodes if isinstance(n, NamedNode))
        return sorted({thing.id for thing in found if thing})

    def _things(self, thing: Thing, *predicates: NamedNode) -> list[str]:
        return self._ids(self._objects(thing.iri, *predicates))

    def _governments(self, thing: Thing) -> list[str]:
        return self._ids(q.subject for q in self._store.quads(None, self._vocab.hansa.governs, NamedNode(thing.iri)))

    def _country_codes(self, thing: Thing) -> list[str]:
        countries = (self._matcher.thing(i) for i in sorted(thing.facts.get("country", ())))
        return [code for c in countries if c for code in sorted(c.facts.get("iso3166-1", ()))]

    def _fact(self, pid: str) -> Callable[[Thing, str, Sequence[str]], Values]:
        return lambda thing, _day, _languages: sorted(thing.facts.get(pid, ()))

    # ---------------------------------------------------------------- memberships
    def _networks(self, thing: Thing, day: str) -> list[str]:
        members = self._governments(thing) if thing.kind == "place" else [thing.id]
        found = {
            network
            for member in members
            for network in self._joined(member, ORG.member, ORG.organization, day)
            if network.startswith("network/")
        }
        return sorted(found)

    def _members(self, thing: Thing, day: str) -> list[str]:
        # People have offices in a network; members are cities and organizations.
        found = self._joined(thing.id, ORG.organization, ORG.member, day)
        return sorted(i for i in found if not i.startswith("person/"))

    def _joined(self, thing_id: str, near: NamedNode, far: NamedNode, day: str) -> set[str]:
        """Give the ids at the far end of the memberships of a thing that may have held on a day."""
        thing = self._matcher.thing(thing_id)
        nodes = {q.subject for q in self._store.quads(None, near, NamedNode(thing.iri))} if thing else set()
        held = [n for n in nodes if isinstance(n, NamedNode) and self._held(n.value, day)]
        return set(self._ids(o for node in held for o in self._objects(node.value, far)))

    def _held(self, membership: str, day: str) -> bool:
        """Tell whether a membership may have held: not known to have begun later, not known to have ended before."""
        begun = self._objects(membership, self._vocab.hansa.startEarliest)
        ended = self._objects(membership, self._vocab.hansa.endLatest)
        return not day or (all(o.value <= day for o in begun) and all(o.value >= day for o in ended))


def _in_language(literals: Sequence[Literal], languages: Sequence[str]) -> list[str]:
    """Give the texts in the first language wanted that there is, all when there is none."""
    for language in languages:
        found = [o.value for o in literals if (o.language or "").partition("-")[0] == language.partition("-")[0]]
        if found:
            return found
    return [o.value for o in literals]


def _meta(column: Column) -> dict[str, Any]:
    prop = PROPERTIES[column.id]
    kind = {"type": {"id": prop.type, "name": KINDS[prop.type].name}} if prop.type else {}
    return {"id": prop.id, "name": prop.name, **kind}
