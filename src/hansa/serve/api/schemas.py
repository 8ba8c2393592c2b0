"""The shapes of what is sent in JSON, as JSON Schema 2020-12, which OpenAPI 3.1 uses."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

DAY: Object = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
LANGUAGE: Object = {"type": "string", "pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"}
IRI: Object = {
    "type": "string",
    "description": "an IRI, a prefixed name such as network:citynet, or the slug alone",
}
_TEXT: Object = {"type": "string"}
_COUNT: Object = {"type": "integer", "minimum": 0}


def _object(properties: Object, optional: tuple[str, ...] = ()) -> Object:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _list(items: Object) -> Object:
    return {"type": "array", "items": items}


_THING = dict.fromkeys(("iri", "href", "label", "lang", "kind"), _TEXT)
_MATCHED = {"matched": _TEXT, "matchedLang": _TEXT}
_PARAMETER = _object(
    {
        "name": _TEXT,
        "type": {"type": "string", "enum": ["iri", "date", "language", "integer", "string"]},
        "class": {"type": ["string", "null"]},
        "required": {"type": "boolean"},
        "default": {"type": ["string", "null"]},
        "example": _TEXT,
        "summary": _TEXT,
    }
)

_TERM = _object(
    {
        "type": {"type": "string", "enum": ["uri", "literal", "bnode"]},
        "value": _TEXT,
        "xml:lang": _TEXT,
        "datatype": _TEXT,
    },
    optional=("xml:lang", "datatype"),
)

SCHEMAS: Object = {
    "Problem": {
        **_object(
            {
                "type": _TEXT,
                "title": _TEXT,
                "status": {"type": "integer", "minimum": 400, "maximum": 599},
                "detail": _TEXT,
                "instance": _TEXT,
                "hint": {"type": "string", "description": "what to do"},
                "line": _COUNT,
                "column": _COUNT,
            },
            optional=("hint", "line", "column"),
        ),
        "description": "Problem details (RFC 9457)",
    },
    "SearchResults": _object(
        {
            "query": _TEXT,
            "meant": {"type": ["string", "null"], "description": "the spelling looked for instead"},
            "partial": {"type": "boolean", "description": "the things found have only some of the words"},
            "total": _COUNT,
            "more": {"type": "boolean", "description": "there are more than were looked at"},
            "page": _COUNT,
            "pages": _COUNT,
            "results": _list(_object({**_THING, **_MATCHED, "score": _COUNT})),
        }
    ),
    "Suggestions": _object(
        {
            "prefix": _TEXT,
            "suggestions": _list(
                _object({**dict.fromkeys(("id", "href", "label", "lang", "type"), _TEXT), **_MATCHED})
            ),
        }
    ),
    "Choices": _object({"query": _TEXT, "results": _list(_object(_THING))}),
    "Queries": _list(
        _object(
            {
                "name": _TEXT,
                "summary": _TEXT,
                "description": _TEXT,
                "tags": _list(_TEXT),
                "federated": {"type": "boolean"},
                "parameters": _list(_PARAMETER),
                "href": _TEXT,
            }
        )
    ),
    "State": _object({"status": _TEXT}),
    "SparqlResults": {
        "description": "SPARQL 1.1 Query Results JSON: rows for SELECT, yes or no for ASK",
        "type": "object",
        "properties": {
            "head": _object({"vars": _list(_TEXT), "link": _list(_TEXT)}, optional=("vars", "link")),
            "boolean": {"type": "boolean"},
            "results": _object({"bindings": _list({"type": "object", "additionalProperties": _TERM})}),
        },
        "required": ["head"],
        "oneOf": [{"required": ["boolean"]}, {"required": ["results"]}],
    },
}
"""Schemas by name, for ``#/components/schemas``."""
