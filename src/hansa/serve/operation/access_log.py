"""The log of answers: one JSON line each, without anything that says who asked or what was searched for."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import TextIO


class AccessLog:
    """Writes lines with time, method, route, path, status, bytes and milliseconds.

    There are no addresses, no query strings, no user agents and no referrers in it.

    :param out: standard error unless given
    """

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out

    def write(self, method: str, route: str, path: str, status: int, size: int, seconds: float) -> None:
        """Log an answer.

        :param size: bytes of the body
        """
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": method,
            "route": route,
            "path": path,
            "status": status,
            "bytes": size,
            "ms": round(seconds * 1000, 3),
        }
        print(json.dumps(line, ensure_ascii=True), file=self._out or sys.stderr, flush=True)
