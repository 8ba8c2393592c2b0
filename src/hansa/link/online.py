"""Candidates from Wikidata itself: by label from its SPARQL service, from its search, and from reconciliation services.

What is found becomes items of a small gazetteer, so that :func:`hansa.link.match.propose` weighs them beside the
shipped ones by the same rules. Every request goes through the one client, which is polite and keeps the answers.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hansa.link.distance import point
from hansa.link.families import CLASSES, Family
from hansa.link.gazetteer import Gazetteer, Item
from hansa.link.names import normalise
from hansa.link.proposal import Query
from hansa.link.slice import BATCH, WD, question
from hansa.link.wikidata import API, SPARQL, Client
from hansa.rdf import Literal, NamedNode

NAMES_A_QUERY = 25
_LATIN = ("en", "mul", "es", "fr", "de", "pt", "it", "nl", "pl", "ca")
_TAGS = {
    "HIRAGANA": ("ja",), "KATAKANA": ("ja",), "CJK": ("zh", "ja", "zh-hant", "zh-hans"), "HANGUL": ("ko",),
    "CYRILLIC": ("ru", "uk", "bg", "sr"), "ARABIC": ("ar", "fa", "ur"), "GREEK": ("el",), "HEBREW": ("he",),
    "DEVANAGARI": ("hi", "mr", "ne"), "BENGALI": ("bn",), "TAMIL": ("ta",), "THAI": ("th",), "GEORGIAN": ("ka",),
    "ARMENIAN": ("hy",), "MYANMAR": ("my",),
}  # fmt: skip
# The first that fits wins: what is a city and a state, such as Berlin, is meant as a city.
_KINDS = (
    ("city", {"Q515", "Q3957", "Q5119", "Q1549591", "Q1637706", "Q200250", "Q484170", "Q486972"}),
    ("municipality", {"Q15284"}),
    ("country", {"Q6256", "Q3624078"}),
    ("metro", {"Q1907114"}),
    ("region", {"Q10864048", "Q7275", "Q56061"}),
    ("organization", {"Q43229", "Q484652", "Q245065", "Q4830453", "Q327333"}),
)
_RDFS_LABEL, _ALIAS = "http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#altLabel"
_SAME_AS = "http://www.w3.org/2002/07/owl#sameAs"
_DIRECT = "http://www.wikidata.org/prop/direct/"

T = TypeVar("T")
Facts = Mapping[str, Sequence[NamedNode | Literal]]


@dataclass(frozen=True, slots=True)
class Services:
    """Where to ask; an empty address is not asked.

    :param endpoint: SPARQL service with Wikidata's statements; it is always asked, for the facts
    :param search: MediaWiki action API
    :param reconciliation: W3C reconciliation service, of Wikidata or of anybody who knows items, such as another Hansa
    """

    endpoint: str = SPARQL
    search: str = API
    reconciliation: str = ""


def tags(name: str) -> tuple[str, ...]:
    """Give the languages in whose labels a name may stand, by its script."""
    scripts = {unicodedata.name(c, "?").replace("-", " ").split()[0] for c in name if c.isalpha()}
    return tuple(dict.fromkeys(tag for s in sorted(scripts) for tag in _TAGS.get(s, ()))) or _LATIN


class Online:
    """Looks names up at the services.

    :param client: the one client
    """

    def __init__(self, client: Client, services: Services) -> None:
        self._client, self._services = client, services

    def look_up(self, queries: Iterable[Query], known: Gazetteer) -> Gazetteer:
        """Give the items that the services have under some names.

        :param known: items in it keep what it says about them, and gain names
        :raises HansaError: when a service gives no answer
        """
        found = Gazetteer()
        names = list(dict.fromkeys(query.name for query in queries))
        for some in _parts(names, NAMES_A_QUERY):
            for item, called, aliases in self._items(self._qids(some)):
                base = known.by_qid.get(item.qid)
                found.add(base or item, [item.name, *called], map(normalise, aliases))
        return found

    # ------------------------------------------------------------ which items
    def _qids(self, names: Sequence[str]) -> list[str]:
        found = dict.fromkeys(self._labelled(names))
        if self._services.search:
            for name in names:
                hits = self._client.search(name, tags(name)[0], api=self._services.search)
                found.update(dict.fromkeys(hit.qid for hit in hits))
        if self._services.reconciliation:
            found.update(dict.fromkeys(self._reconciled(names)))
        return list(found)

    def _labelled(self, names: Sequence[str]) -> Iterator[str]:
        labels = [str(Literal(name, language=tag)) for name in names for tag in tags(name)]
        query = question("labelled").replace("?_labels", " ".join(labels))
        for row in self._client.select(self._services.endpoint, query).dicts():
            if row["item"].value.startswith(f"{WD}Q"):
                yield row["item"].value.removeprefix(WD)

    def _reconciled(self, names: Sequence[str]) -> Iterator[str]:
        service = self._services.reconciliation
        ids = [hit.qid for hits in self._client.reconcile(names, service=service) for hit in hits]
        theirs = [i for i in ids if not _is_qid(i)]
        yield from filter(_is_qid, ids)
        if theirs:
            # A service of somebody else's things may still know their items.
            yield from filter(_is_qid, self._client.extend(list(dict.fromkeys(theirs)), "wikidata", service=service))

    # ------------------------------------------------------------ what they are
    def _items(self, qids: Sequence[str]) -> Iterator[tuple[Item, list[str], list[str]]]:
        for some in _parts(qids, BATCH):
            query = question("candidates").replace("?_items", " ".join(f"<{WD}{qid}>" for qid in some))
            facts: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
            for row in self._client.select(self._services.endpoint, query).dicts():
                value = row["value"]
                if isinstance(value, NamedNode | Literal):
                    facts[row["item"].value][row["property"].value].append(value)
            for iri, about in facts.items():
                if item := _item(iri.removeprefix(WD), about):
                    yield item, _texts(about, _RDFS_LABEL), _texts(about, _ALIAS)


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _is_qid(text: str) -> bool:
    return text[:1] == "Q" and text[1:].isdigit()


def _texts(about: Facts, prop: str) -> list[str]:
    return [value.value for value in about.get(prop, ())]


def _first(about: Facts, prop: str) -> str:
    return next(iter(sorted(_texts(about, _DIRECT + prop))), "")


def _item(qid: str, about: Facts) -> Item | None:
    """Make an item; ``None`` for a redirect, a page of the wiki, a name, and what has no label."""
    classes = {value.value.removeprefix(WD) for value in about.get(f"{_DIRECT}P31", ())}
    families = {CLASSES[c] for c in classes if c in CLASSES}
    labels = [value for value in about.get(_RDFS_LABEL, ()) if isinstance(value, Literal)]
    if not labels or about.get(_SAME_AS) or families & {Family.PAGE, Family.NAME}:
        return None
    kind = next((kind for kind, of in _KINDS if classes & of), "human" if Family.HUMAN in families else "")
    name = next((label.value for label in labels if label.language in {"en", "mul"}), labels[0].value)
    latitude, longitude = point(_first(about, "P625")) or (None, None)
    return Item(
        qid, kind or "other", _country(about), name, latitude, longitude, _population(about),
        "single" if kind else "likely", "Wikidata", _first(about, "P1566"), _first(about, "P300"),
    )  # fmt: skip


def _country(about: Facts) -> str:
    codes = {code.upper() for code in _texts(about, f"{_DIRECT}P297") or _texts(about, f"{_DIRECT}P17")}
    return codes.pop() if len(codes) == 1 else ""


def _population(about: Facts) -> int:
    numbers = [text.lstrip("+") for text in _texts(about, f"{_DIRECT}P1082")]
    return max((int(float(text)) for text in numbers if text.replace(".", "", 1).isdigit()), default=0)
