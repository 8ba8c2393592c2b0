"""An answer as it goes over the wire, for a client that asks the same with the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

KEEP = "keep"
"""Set in the state of a request whose answer depends on nothing but the request and the release."""


@dataclass(frozen=True, slots=True)
class WireAnswer:
    """The bytes of an answer around the Date field, and who wants to know that it was sent.

    :param status_line: with its line end
    :param rest: the header fields and the empty line
    :param body: empty for HEAD and 304
    :param sent: is called with the seconds that it took
    """

    status_line: bytes
    rest: bytes
    body: bytes
    sent: Callable[[float], None]
