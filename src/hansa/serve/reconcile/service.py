"""The service for one release: its index, and what it says in the forms of the specification.

Specification: W3C Entity Reconciliation Community Group, Reconciliation Service API 0.2
(https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from anyio import CapacityLimiter

from hansa.model import Release
from hansa.serve.lookup.file import open_lookup
from hansa.serve.reconcile.extend import SETTINGS, Extender
from hansa.serve.reconcile.index import NameIndex
from hansa.serve.reconcile.matcher import Candidate, Matcher
from hansa.serve.reconcile.names import fold
from hansa.serve.reconcile.preview import HEIGHT, WIDTH
from hansa.serve.reconcile.requests import BATCH, SECONDS, Query, took_too_long
from hansa.serve.reconcile.schema import DEFAULT_KINDS, KINDS, PROPERTIES, properties_for
from hansa.serve.reconcile.score import features
from hansa.serve.reconcile.stored import StoredThings
from hansa.serve.reconcile.things import Thing
from hansa.store import EmbeddedStore
from hansa.vocab import Vocabulary

_AT_ONCE = 2
_PAGE = 20


class Service:
    """Reconciles names with the things of one release.

    :param store: read for extension
    """

    def __init__(self, release: Release, store: EmbeddedStore, vocab: Vocabulary) -> None:
        self._release = release
        database = open_lookup(release)
        self._things = StoredThings(database)
        self._index = NameIndex(database, self._things)
        self.matcher = Matcher(self._things, self._index, f"{release.base}id/")
        self.extender = Extender(store, vocab, self.matcher)
        self.limiter = CapacityLimiter(_AT_ONCE)
        self.classes = self._classes(vocab)

    def _classes(self, vocab: Vocabulary) -> dict[str, str]:
        """Give other spellings of the types: the class as prefixed name and as IRI."""
        names = {kind.class_name: kind.id for kind in KINDS.values()}
        return names | {vocab.expand(name): kind for name, kind in names.items()}

    def manifest(self, origin: str, languages: Sequence[str]) -> dict[str, Any]:
        """Describe the service.

        :param origin: scheme and host under which the client reached it
        """
        release, here = self._release, f"{origin}/reconcile"
        title = next((release.title[i] for i in languages if i in release.title), next(iter(release.title.values())))
        return {
            "versions": ["0.2"],
            "name": title,
            "identifierSpace": f"{release.base}id/",
            "schemaSpace": f"{release.base}ontology#",
            "serviceVersion": release.version,
            "logo": f"{origin}/static/icon.svg",
            "view": {"url": f"{origin}/id/{{{{id}}}}"},
            "defaultTypes": [KINDS[kind].as_dict() for kind in DEFAULT_KINDS],
            "batchSize": BATCH,
            "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": WIDTH, "height": HEIGHT},
            "suggest": {
                name: {"service_url": here, "service_path": f"/suggest/{name}"}
                for name in ("entity", "type", "property")
            },
            "extend": {
                "propose_properties": {"service_url": here, "service_path": "/extend/propose"},
                "property_settings": SETTINGS,
            },
        }

    # ---------------------------------------------------------------- reconciliation
    def reconcile(self, batch: Mapping[str, Query], languages: Sequence[str]) -> dict[str, Any]:
        """Answer a batch.

        :raises HttpError: 503 when it takes too long
        """
        end = time.monotonic() + SECONDS
        answered: dict[str, Any] = {}
        for key, query in batch.items():
            if time.monotonic() > end:
                raise took_too_long(f"send {BATCH} queries at a time")
            found = self.matcher.answer(query)
            answered[key] = {"result": [self._candidate(candidate, languages) for candidate in found]}
        return answered

    def _candidate(self, candidate: Candidate, languages: Sequence[str]) -> dict[str, Any]:
        thing = candidate.thing
        return {
            "id": thing.id,
            "name": thing.label(languages).text,
            "description": self.describe(thing, languages, candidate.name),
            "type": _types(thing),
            "score": candidate.score,
            "match": candidate.match,
            "features": features(candidate.evidence),
        }

    def describe(self, thing: Thing, languages: Sequence[str], matched: str = "") -> str:
        """Say in a line what tells a thing from its namesakes.

        :param matched: the folded name that fitted, shown when it is not the label
        """
        parts = [KINDS[thing.kind].name]
        countries = (self.matcher.thing(i) for i in sorted(thing.facts.get("country", ())) if i != thing.id)
        parts += [country.label(languages).text for country in countries if country]
        if matched and matched != fold(thing.label(languages).text):
            written = next((name.text for name in thing.names if fold(name.text) == matched), "")
            parts += [f"also {written}"] if written else []
        return ", ".join(parts)

    # ---------------------------------------------------------------- suggestions
    def suggest_entities(self, prefix: str, cursor: int, kind: str, languages: Sequence[str]) -> list[dict[str, Any]]:
        """Suggest things for what somebody begins to type."""
        key = fold(prefix)
        page = slice(cursor, cursor + _PAGE)
        if exact := self.matcher.thing(prefix.strip()):
            shown = [exact][page]
        else:
            shown = self._index.with_prefix(key, lambda types: not kind or kind in types, page) if key else []
        return [
            {
                "id": thing.id,
                "name": thing.label(languages).text,
                "description": self.describe(thing, languages),
                "notable": _types(thing),
            }
            for thing in shown
        ]

    def suggest_types(self, prefix: str, cursor: int) -> list[dict[str, Any]]:
        """Suggest types."""
        found = [k for k in KINDS.values() if _begins(fold(prefix), k.id, k.name)]
        return [kind.as_dict() for kind in found[cursor : cursor + _PAGE]]

    def suggest_properties(self, prefix: str, cursor: int) -> list[dict[str, str]]:
        """Suggest properties that narrow a match."""
        found = [p for p in PROPERTIES.values() if p.narrows and _begins(fold(prefix), p.id, p.name)]
        return [prop.as_dict() for prop in found[cursor : cursor + _PAGE]]

    def propose(self, kind: str, limit: int) -> dict[str, Any]:
        """Propose columns for things of a type, all without one."""
        shown = [prop.as_dict() for prop in properties_for(kind)]
        return {"properties": shown[:limit], "limit": limit, **({"type": kind} if kind else {})}


def _types(thing: Thing) -> list[dict[str, str]]:
    return [{"id": kind, "name": KINDS[kind].name} for kind in thing.types]


def _begins(key: str, *names: str) -> bool:
    return any(f" {key}" in f" {fold(name)}" for name in names)
