"""The day that a request asks for."""

from __future__ import annotations

import re
from datetime import date

from starlette.requests import Request

from hansa.errors import ParameterError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)


def as_of_day(request: Request) -> str:
    """Read ``?as_of=``; empty when it is not given.

    :raises ParameterError: when it is not a day, or given twice
    """
    texts = request.query_params.getlist("as_of")
    if len(texts) > 1:
        raise ParameterError("as_of is given twice", "give it once")
    text = texts[0] if texts else ""
    if not text:
        return ""
    try:
        if not _DAY.match(text):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        raise ParameterError(f"as_of={text} is not a day", "write it as YYYY-MM-DD, such as as_of=2013-11-20") from None
    return text
