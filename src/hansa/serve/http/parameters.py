"""The query string as people send it: percent-encoded, or with the bytes of their own script as they are."""

from __future__ import annotations

from starlette.datastructures import QueryParams
from starlette.requests import Request


def query_params(request: Request) -> QueryParams:
    """Read the query string as UTF-8; ``curl 'http://…/search?q=東京'`` sends bare bytes, against RFC 3986."""
    return QueryParams(request.scope["query_string"].decode("utf-8", "replace"))
