"""The description of the reconciliation service in OpenAPI, with schemas that follow those of its specification.

Specification: Reconciliation Service API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).
"""

from __future__ import annotations

from typing import Any

from hansa.serve.api import operations as op
from hansa.serve.http.negotiate import HTML
from hansa.serve.reconcile.schema import KINDS

Object = dict[str, Any]

_TEXT: Object = {"type": "string"}
_FLAG: Object = {"type": "boolean"}
_NUMBER: Object = {"type": "number"}
_WHOLE: Object = {"type": "integer", "minimum": 0}
_ERRORS = ("400", "413", "503")
_TAG = "reconciliation"


def _object(properties: Object, *optional: str) -> Object:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required}


def _list(items: Object) -> Object:
    return {"type": "array", "items": items}


def _map(items: Object) -> Object:
    return {"type": "object", "additionalProperties": items}


_NAMED = _object({"id": _TEXT, "name": _TEXT})
_DESCRIBED = {"id": _TEXT, "name": _TEXT, "description": _TEXT}
_SERVICE = _object({"service_url": _TEXT, "service_path": _TEXT})
_FEATURE = _object({"id": _TEXT, "name": _TEXT, "value": {"type": ["number", "boolean", "string"]}}, "name")
_CANDIDATE = _object(
    {
        **_DESCRIBED,
        "type": _list(_NAMED),
        "score": {"type": "number", "minimum": 0, "maximum": 100},
        "match": {"type": "boolean", "description": "good enough to be taken unseen; of one candidate at most"},
        "features": _list(_FEATURE),
    },
    "description",
)
_CELL = _object({"id": _TEXT, "name": _TEXT, "str": _TEXT, "float": _NUMBER, "int": {"type": "integer"}, "bool": _FLAG},
                "id", "name", "str", "float", "int", "bool")  # fmt: skip
_SETTING = _object(
    {"name": _TEXT, "label": _TEXT, "type": _TEXT, "default": {}, "help_text": _TEXT}, "default", "help_text"
)

RECONCILE_SCHEMAS: Object = {
    "ReconciliationManifest": _object(
        {
            "versions": _list(_TEXT),
            "name": _TEXT,
            "identifierSpace": _TEXT,
            "schemaSpace": _TEXT,
            "serviceVersion": _TEXT,
            "logo": _TEXT,
            "view": _object({"url": _TEXT}),
            "defaultTypes": _list(_object({**_DESCRIBED, "broader": _list(_NAMED)}, "description", "broader")),
            "batchSize": _WHOLE,
            "preview": _object({"url": _TEXT, "width": _WHOLE, "height": _WHOLE}),
            "suggest": _object({"entity": _SERVICE, "type": _SERVICE, "property": _SERVICE}),
            "extend": _object({"propose_properties": _SERVICE, "property_settings": _list(_SETTING)}),
        }
    ),
    "ReconciliationResults": _map(_object({"result": _list(_CANDIDATE)})),
    "ReconciliationExtension": _object(
        {
            "meta": _list(_object({"id": _TEXT, "name": _TEXT, "type": _NAMED}, "name", "type")),
            "rows": _map(_map(_list(_CELL))),
        }
    ),
    "ReconciliationProposal": _object(
        {"properties": _list(_object(_DESCRIBED, "description")), "limit": _WHOLE, "type": _TEXT}, "type"
    ),
    "ReconciliationSuggestions": _object(
        {"result": _list(_object({**_DESCRIBED, "notable": _list(_NAMED)}, "description", "notable"))}
    ),
}
"""Schemas by name, for ``#/components/schemas``."""


def _any_of(*schemas: str) -> Object:
    of_all = {"anyOf": [op.reference(name) for name in schemas]} if len(schemas) > 1 else op.reference(schemas[0])
    return {"application/json": {"schema": of_all}, "text/javascript": {"schema": _TEXT}}


def _responses(*schemas: str, statuses: tuple[str, ...] = _ERRORS) -> Object:
    good = {"description": "the answer; a script where callback is given", "content": _any_of(*schemas)}
    return {"200": good, **{status: op.response(status) for status in statuses}}


def _operation(name: str, summary: str, parameters: list[Object], responses: Object) -> Object:
    return {"operationId": name, "summary": summary, "tags": [_TAG], "parameters": parameters, "responses": responses}


def _form(name: str, summary: str, parameters: tuple[str, ...], *schemas: str) -> Object:
    """Describe POST with a form."""
    fields = {"type": "object", "properties": dict.fromkeys(parameters, _TEXT)}
    body = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": fields}}}
    responses = _responses(*schemas, statuses=(*_ERRORS, "415"))
    return {**_operation(name, summary, [], responses), "requestBody": body}


_QUERIES = op.parameter("queries", "query", 'a JSON object such as {"q0": {"query": "Seoul"}}')
_EXTEND = op.parameter("extend", "query", "a JSON object with ids and properties")
_CALLBACK = op.parameter(
    "callback",
    "query",
    "the function of a JSONP client",
    {"type": "string", "pattern": "^[A-Za-z_$][A-Za-z0-9_$]{0,63}$"},
)
_KIND: Object = {"type": "string", "enum": list(KINDS)}
_PREFIX = op.parameter("prefix", "query", "what somebody begins to type")
_CURSOR = op.parameter("cursor", "query", "how many to leave out", {"type": "integer", "minimum": 0, "maximum": 10**6})
_TYPE = op.parameter("type", "query", "only things of this type", _KIND)
_LIMIT = op.parameter("limit", "query", "how many", {"type": "integer", "minimum": 0, "maximum": 10**6})
_ID = op.parameter("id", "query", "a thing, such as place/seoul") | {"required": True}
_ENTRY = ("ReconciliationManifest", "ReconciliationResults", "ReconciliationExtension")
_ANSWERS = _ENTRY[1:]


def _suggest(what: str) -> Object:
    parameters = [_PREFIX, _CURSOR, *([_TYPE] if what == "entity" else []), _CALLBACK]
    return {
        "get": _operation(
            f"reconcile-suggest-{what}", f"Suggest: {what}", parameters, _responses("ReconciliationSuggestions")
        )
    }


RECONCILE_PATHS: Object = {
    "/reconcile": {
        "get": _operation(
            "reconcile",
            "Reconciliation service (W3C 0.2): the manifest, matches for queries, columns for things",
            [_QUERIES, _EXTEND, _CALLBACK],
            _responses(*_ENTRY),
        ),
        "post": _form("reconcile-post", "Matches for queries, columns for things", ("queries", "extend"), *_ANSWERS),
    },
    "/reconcile/extend": {
        "get": _operation(
            "reconcile-extend", "Columns for things", [_EXTEND | {"required": True}, _CALLBACK], _responses(_ENTRY[2])
        ),
        "post": _form("reconcile-extend-post", "Columns for things", ("extend",), _ENTRY[2]),
    },
    "/reconcile/extend/propose": {
        "get": _operation(
            "reconcile-propose", "Columns there are", [_TYPE, _LIMIT, _CALLBACK], _responses("ReconciliationProposal")
        )
    },
    **{f"/reconcile/suggest/{what}": _suggest(what) for what in ("entity", "type", "property")},
    "/reconcile/preview": {
        "get": {
            **_operation("reconcile-preview", "A small page about a thing, for frames", [_ID], {}),
            "responses": {
                "200": {"description": "the page", "content": {HTML.media_type: {"schema": _TEXT}}},
                **{status: op.response(status) for status in (*_ERRORS, "404")},
            },
        }
    },
}
"""Paths of the service, for ``paths``."""
