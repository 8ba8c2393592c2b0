"""Which classes of Wikidata fit which of our kinds.

Only classes that stand in the table are judged, and an item is of the wrong type only when everything that can be
judged about it is wrong: a city is also a seat of government, and Wikidata has a hundred thousand classes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Family(StrEnum):
    """What an item is, very roughly."""

    HUMAN = "human"
    PLACE = "place"
    ORGANIZATION = "organization"
    WORK = "work"
    EVENT = "event"
    NAME = "name"
    PAGE = "page of a wiki"


CLASSES: Mapping[str, Family] = {
    "Q5": Family.HUMAN,
    "Q515": Family.PLACE,  # city
    "Q3957": Family.PLACE,  # town
    "Q5119": Family.PLACE,  # capital city
    "Q6256": Family.PLACE,  # country
    "Q3624078": Family.PLACE,  # sovereign state
    "Q7275": Family.PLACE,  # state
    "Q56061": Family.PLACE,  # administrative territorial entity
    "Q486972": Family.PLACE,  # human settlement
    "Q1549591": Family.PLACE,  # big city
    "Q1637706": Family.PLACE,  # city with millions of inhabitants
    "Q200250": Family.PLACE,  # metropolis
    "Q484170": Family.PLACE,  # commune of France
    "Q1907114": Family.PLACE,  # metropolitan area
    "Q43229": Family.ORGANIZATION,
    "Q484652": Family.ORGANIZATION,  # international organization
    "Q245065": Family.ORGANIZATION,  # intergovernmental organization
    "Q4830453": Family.ORGANIZATION,  # business
    "Q327333": Family.ORGANIZATION,  # government agency
    "Q11424": Family.WORK,  # film
    "Q386724": Family.WORK,
    "Q7725634": Family.WORK,  # literary work
    "Q1656682": Family.EVENT,
    "Q101352": Family.NAME,  # family name
    "Q82799": Family.NAME,
    "Q4167410": Family.PAGE,  # disambiguation page
    "Q4167836": Family.PAGE,  # category
    "Q13406463": Family.PAGE,  # list article
    "Q17379835": Family.PAGE,  # page outside the main knowledge tree
}

FITTING: Mapping[str, frozenset[Family]] = {
    "network": frozenset({Family.ORGANIZATION}),
    "body": frozenset({Family.ORGANIZATION}),
    "organization": frozenset({Family.ORGANIZATION}),
    # The European Union, the Metropolis of Lyon: some bodies are territories as well.
    "authority": frozenset({Family.ORGANIZATION, Family.PLACE}),
    "place": frozenset({Family.PLACE}),
    "person": frozenset({Family.HUMAN}),
    "event": frozenset({Family.EVENT}),
    "document": frozenset({Family.WORK}),
}


def misfit(kind: str, types: Sequence[str]) -> str:
    """Say why an item cannot be one of a kind, or give an empty string.

    :param types: QIDs of the classes that the item is an instance of
    """
    judged = {qid: CLASSES[qid] for qid in types if qid in CLASSES}
    fitting = FITTING.get(kind)
    if not judged or fitting is None or any(family in fitting for family in judged.values()):
        return ""
    return "; ".join(f"{qid} ({family})" for qid, family in sorted(judged.items()))
