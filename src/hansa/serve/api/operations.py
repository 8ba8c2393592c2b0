"""The pieces that a description in OpenAPI 3.1 is put together from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hansa.serve.http.negotiate import JSON, SPARQL_JSON, Representation

Object = dict[str, Any]

REASONS = {
    "300": "several things have the identifier",
    "303": "what is asked for is at Location",
    "304": "the client has it already (If-None-Match)",
    "400": "a parameter or the query is wrong",
    "403": "the query would reach out of the dataset or change it",
    "404": "there is no such thing",
    "406": "none of the accepted forms is available",
    "413": "the request is too long",
    "415": "the request has a wrong Content-Type",
    "416": "the file is shorter than the range asked for",
    "499": "the client has left",
    "502": "another endpoint that the query names did not answer as it should",
    "503": "too many queries wait, or the server is starting; see Retry-After",
    "504": "the query was stopped at its limit",
}
_WITHOUT_BODY = {"303", "304", "499"}
_JSON_FORMS = (JSON, SPARQL_JSON)
_PROBLEM_FORMS: Object = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
    "text/html": {},
}


def content(forms: Iterable[Representation], schema: str) -> Object:
    """Describe the forms of an answer; those in JSON have a schema."""
    of_json = {"schema": reference(schema)} if schema else {}
    return {form.media_type: dict(of_json) if form in _JSON_FORMS else {} for form in forms}


def reference(schema: str) -> Object:
    """Refer to a schema by its name."""
    return {"$ref": f"#/components/schemas/{schema}"}


def response(status: str) -> Object:
    """Describe an answer other than 200."""
    described: Object = {"description": REASONS[status]}
    if status == "303":
        described["headers"] = {"Location": {"schema": {"type": "string"}, "description": "where it is"}}
    if status not in _WITHOUT_BODY:
        described["content"] = _PROBLEM_FORMS
    return described


def responses(forms: Iterable[Representation], schema: str, others: Iterable[str]) -> Object:
    """Describe all answers: 200 and others."""
    etag = {"ETag": {"schema": {"type": "string"}, "description": "names this very representation"}}
    good = {"description": "the answer", "headers": etag, "content": content(forms, schema)}
    return {"200": good, **{status: response(status) for status in others}}


def parameter(name: str, place: str, summary: str, schema: Object | None = None, example: Any = None) -> Object:
    """Describe a parameter; those in the path are required."""
    found: Object = {"name": name, "in": place, "description": summary, "schema": schema or {"type": "string"}}
    if example is not None:
        found["example"] = example
    return {**found, "required": True} if place == "path" else found


def get(
    name: str,
    summary: str,
    forms: Iterable[Representation],
    parameters: list[Object],
    *statuses: str,
    schema: str = "",
    tag: str = "things",
) -> Object:
    """Describe what GET does.

    :param statuses: of the answers other than 200
    """
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": [tag],
            "parameters": parameters,
            "responses": responses(forms, schema, statuses),
        }
    }
