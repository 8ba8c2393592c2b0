"""What was decided already as candidates: the items of accepted links, under the names that our graph has for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from hansa.link.decisions import Choice, Decision
from hansa.link.drift import qid
from hansa.link.gazetteer import Gazetteer, Item
from hansa.link.slice import question
from hansa.rdf import Literal, NamedNode
from hansa.store import QueryStore
from hansa.vocab import Vocabulary

_KINDS = {"place": "region", "authority": "organization", "body": "organization", "person": "human"}


def labels(store: QueryStore) -> dict[str, list[str]]:
    """Give all names of everything that has one: IRI to names, the preferred ones first."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in store.select(question("names")).dicts():
        thing, name = row["thing"], row["name"]
        if isinstance(thing, NamedNode) and isinstance(name, Literal):
            found[thing.value].append(name.value)
    return found


def reviewed(
    decisions: Iterable[Decision], names: Mapping[str, Sequence[str]], known: Gazetteer, vocab: Vocabulary
) -> Gazetteer:
    """Give the items of accepted exact links.

    :param names: of our things, from a release; without it the labels of the table serve
    :param known: items in it keep what it says about them
    """
    found = Gazetteer()
    for decision in decisions:
        if decision.decision is Choice.EXACT:
            thing, item = decision.subject, qid(decision.object)
            called = [*names.get(thing, ()), decision.subject_label, decision.object_label]
            found.add(_item(item, thing, called, known, vocab), filter(None, called))
    return found


def _item(item: str, thing: str, called: Sequence[str], known: Gazetteer, vocab: Vocabulary) -> Item:
    kind, _ = vocab.kind_and_slug(thing) or ("", "")
    base = known.by_qid.get(item) or Item(item, _KINDS.get(kind, "organization"), "", next(filter(None, called), item))
    return replace(base, trust="verified", evidence=f"reviewed link of {vocab.shorten(thing)}")
