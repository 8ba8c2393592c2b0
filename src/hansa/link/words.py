"""How items are spoken of in the reasons of a proposal."""

from __future__ import annotations

from hansa.link.gazetteer import Item


def where(item: Item) -> str:
    """Tell an item from its namesakes."""
    return f"{item.qid or 'no item'} {item.name} ({item.country or item.kind}, {item.population:,})"


def weak(item: Item) -> str:
    """Say why an item may not be a match."""
    if item.kind == "other":
        return "Wikidata has it as something that is neither a place nor an organization"
    return "one weak source gives this item: ask Wikidata"


def known_from(item: Item) -> str:
    """Say who knows an item, and how surely."""
    if item.evidence.startswith(("Wikidata", "reviewed")):
        return item.evidence
    return f"{item.trust} in the gazetteer"
