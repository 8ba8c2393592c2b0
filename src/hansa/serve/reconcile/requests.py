"""Read what clients send: batches of queries and requests for columns, checked before anything is looked up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from hansa.errors import ParameterError
from hansa.serve.http.errors import HttpError
from hansa.serve.reconcile.schema import KINDS, PROPERTIES

SECONDS = 10.0
"""Time that one request may take."""
BATCH = 50
"""Queries that a client had better send at once (``batchSize`` of the manifest)."""
MOST_QUERIES = 500
MOST_IDS = 1000
MOST_CELLS = 20_000
MOST_PROPERTIES = 50
MOST_VALUES = 50
MOST_CANDIDATES = 100
_CANDIDATES = 10
_STRICT = ("any", "should", "all")


@dataclass(frozen=True, slots=True)
class Query:
    """One query of a batch.

    :param text: the name as somebody wrote it; may be empty when there are conditions
    :param types: ids of types
    :param strict: ``any``, ``all`` or ``should`` (types rank, but do not filter)
    :param conditions: property id and its values, any of which is enough
    """

    text: str
    types: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = _CANDIDATES
    conditions: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A property wanted for some things, with its settings."""

    id: str
    settings: Mapping[str, Any] = field(default_factory=dict)


def took_too_long(hint: str) -> HttpError:
    """Make the error for a request that was stopped."""
    return HttpError(503, f"it took more than {SECONDS:g} seconds", hint, headers={"Retry-After": "5"})


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object with a name in it twice: one of the two would be lost without a word (RFC 8259 section 4)."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name[:40]!r} is given twice")
        found[name] = value
    return found


def parse_json(text: str, parameter: str) -> dict[str, Any]:
    """Read the JSON object in a parameter.

    :raises ParameterError: when it is none
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_as_object)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise ParameterError(f"{parameter!r} is not JSON: {reason}", "send one JSON object") from None
    if not isinstance(value, dict):
        raise ParameterError(f"{parameter!r} is not a JSON object", "send one JSON object, as the specification says")
    return value


def _wrong(key: str, what: str, hint: str) -> ParameterError:
    return ParameterError(f"query {key[:40]!r}: {what}", hint)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _types(key: str, value: Any, classes: Mapping[str, str]) -> tuple[str, ...]:
    found = []
    for item in _as_list(value):
        # OpenRefine sends a type as an object when the user picked it from suggestions.
        text = item.get("id") if isinstance(item, dict) else item
        if not isinstance(text, str):
            raise _wrong(key, "a type is not a text", "give its id, such as place")
        kind = classes.get(text, text)
        if kind not in KINDS:
            raise _wrong(key, f"there is no type {text[:60]!r}", f"types here: {', '.join(KINDS)}")
        found.append(kind)
    return tuple(found)


def _value(key: str, value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _wrong(key, "a value of a property is neither text, number nor an object with an id", 'write "v": "JP"')
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _conditions(key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    if not isinstance(value, list) or len(value) > MOST_PROPERTIES:
        raise _wrong(
            key, f"properties is not a list of at most {MOST_PROPERTIES}", 'write [{"pid": "country", "v": "JP"}]'
        )
    for item in value:
        if not isinstance(item, dict) or not isinstance(item.get("pid"), str) or "v" not in item:
            raise _wrong(key, "a property has no pid or no v", 'write {"pid": "country", "v": "JP"}')
        values = [v for v in _as_list(item["v"]) if v is not None]
        if len(values) > MOST_VALUES:
            raise _wrong(key, f"the property {item['pid'][:40]!r} has more than {MOST_VALUES} values", "give fewer")
        found.append((item["pid"], tuple(_value(key, v) for v in values)))
    return tuple(found)


def _limit(key: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 1:
        raise _wrong(key, "limit is not a number of 1 or more", f"give 1 to {MOST_CANDIDATES}, or leave it out")
    return int(min(value, MOST_CANDIDATES))


def parse_query(key: str, value: Any, classes: Mapping[str, str]) -> Query:
    """Read one query.

    :param key: its key in the batch, for errors
    :param classes: other spellings of types, such as the IRI of the class, to their ids
    :raises ParameterError: saying which query is wrong and how
    """
    if not isinstance(value, dict):
        raise _wrong(key, "it is not an object", 'write {"query": "Seoul"}')
    text = value.get("query", "")
    if not isinstance(text, str):
        raise _wrong(key, "the name is not a text", 'write {"query": "Seoul"}')
    conditions = _conditions(key, value.get("properties") or [])
    if "query" not in value and not conditions:
        raise _wrong(key, "there is neither a name nor a property", 'write {"query": "Seoul"}')
    # OpenRefine leaves type_strict out or sends null when no type is chosen.
    strict = value.get("type_strict") or "any"
    if strict not in _STRICT:
        raise _wrong(key, f"type_strict is {str(strict)[:40]!r}", "use any, should or all")
    types = _types(key, value["type"], classes) if value.get("type") else ()
    return Query(text, types, strict, _limit(key, value.get("limit") or _CANDIDATES), conditions)


def parse_batch(text: str, classes: Mapping[str, str]) -> dict[str, Query]:
    """Read the ``queries`` parameter.

    :raises ParameterError: when it is not a batch, or longer than :data:`MOST_QUERIES`
    """
    batch = parse_json(text, "queries")
    if len(batch) > MOST_QUERIES:
        raise ParameterError(
            f"there are {len(batch)} queries, and {MOST_QUERIES} is the most", f"send {BATCH} at a time"
        )
    return {key: parse_query(key, value, classes) for key, value in batch.items()}


def _column(item: Any) -> Column:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise ParameterError("a property of extend has no id", 'write {"id": "country"}')
    settings = item.get("settings") or {}
    if not isinstance(settings, dict):
        raise ParameterError(f"the settings of {item['id'][:40]!r} are not an object", 'write {"limit": 1}')
    if item["id"] not in PROPERTIES:
        raise ParameterError(f"there is no property {item['id'][:60]!r}", f"properties here: {', '.join(PROPERTIES)}")
    return Column(item["id"], settings)


def parse_extension(text: str) -> tuple[list[str], list[Column]]:
    """Read the ``extend`` parameter: ids of things and the columns wanted.

    :raises ParameterError: when it is wrong, or asks for too much at once
    """
    asked = parse_json(text, "extend")
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(i, str) for i in ids) or not isinstance(properties, list):
        raise ParameterError(
            "extend needs a list of ids and a list of properties",
            'write {"ids": ["place/seoul"], "properties": [{"id": "country"}]}',
        )
    if len(ids) > MOST_IDS or len(ids) * len(properties) > MOST_CELLS:
        raise ParameterError(
            f"{len(ids)} things with {len(properties)} properties are too many at once",
            f"ask for at most {MOST_IDS} things and {MOST_CELLS} cells",
        )
    return ids, [_column(item) for item in properties]


def parse_number(text: str, name: str, default: int, most: int) -> int:
    """Read a whole number of a query string, such as a cursor.

    :raises ParameterError: when it is not one between 0 and ``most``
    """
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) > most:
        raise ParameterError(f"{name} is {text[:40]!r}", f"give a whole number from 0 to {most}")
    return int(text)
