"""Which parts of a file a client wants: the Range field is checked here, the parts are sent by the framework.

RFC 9110 section 14.2: a unit that is not known, or a range that is not well-formed, is as good as no Range at all.
"""

from __future__ import annotations

import re

from starlette.requests import Request

from hansa.serve.http.errors import HttpError

_BYTES = re.compile(r"\s*bytes=\s*(?P<ranges>.*)\Z", re.IGNORECASE | re.DOTALL)
_RANGE = re.compile(r"\s*(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{0,18})|-(?P<suffix>[0-9]{1,18}))\s*\Z")


def _ranges(text: str) -> list[re.Match[str]] | None:
    """Give the ranges; ``None`` when one is not well-formed or the unit is not bytes."""
    header = _BYTES.match(text)
    found = [_RANGE.match(part) for part in header["ranges"].split(",")] if header else [None]
    good = [m for m in found if m and not (m["first"] and m["last"] and int(m["last"]) < int(m["first"]))]
    return good if len(good) == len(found) else None


def _is_inside(match: re.Match[str], size: int) -> bool:
    return int(match["first"]) < size if match["first"] else int(match["suffix"]) > 0


def check_range(request: Request, etag: str, size: int) -> None:
    """Leave in the Range field what can be sent.

    :param size: bytes of the file
    :raises HttpError: 416 when no byte of what is wanted is in the file
    """
    text = request.headers.get("range")
    if text is None:
        return
    headers = [(name, value) for name, value in request.scope["headers"] if name != b"range"]
    ranges = _ranges(text)
    if ranges is not None and request.headers.get("if-range", etag) == etag:
        wanted = ",".join(match[0].strip() for match in ranges if _is_inside(match, size))
        if not wanted:
            raise HttpError(
                416, f"the file has {size} bytes", "ask for bytes that are there",
                headers={"Content-Range": f"bytes */{size}"},
            )  # fmt: skip
        headers.append((b"range", f"bytes={wanted}".encode()))
    request.scope["headers"] = headers
