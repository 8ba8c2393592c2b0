"""Write answers: JSON for everybody (CORS), and JSONP for clients that still need it.

A JSONP answer is a script, so the name of the function is the only text of the client in it, and only a plain
identifier is taken: no dots, so no method of an object can be called. The comment in front keeps the answer from being
read as another file type, and the download name keeps a browser that opens it from showing it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from hansa.errors import ParameterError

_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]{0,63}\Z")
_HEADERS = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}


def callback_of(request: Request) -> str:
    """Give the name of the function that a JSONP client wants called, or an empty string.

    :raises ParameterError: when it is no plain name
    """
    given = request.query_params.getlist("callback")
    if not given:
        return ""
    name = given[0]
    if len(given) > 1 or not _CALLBACK.match(name):
        raise ParameterError(
            "callback is not the name of a function", "use letters, digits, _ and $, such as jQuery123_456"
        )
    return name


def answer(request: Request, value: Any) -> Response:
    """Answer with JSON, or with JSONP when a GET request names a function.

    :raises ParameterError: when the name is no plain name
    """
    # Everything outside ASCII is escaped, so lone surrogates and U+2028 can do no harm.
    body = json.dumps(value, separators=(",", ":"), allow_nan=False)
    name = callback_of(request) if request.method != "POST" else ""
    if not name:
        return Response(body, 200, _HEADERS, "application/json")
    headers = _HEADERS | {"Content-Disposition": 'attachment; filename="answer.js"'}
    return Response(f"/**/{name}({body});", 200, headers, "text/javascript; charset=utf-8")
