"""Keep answers of other servers on disk, each for a while; and wait without a global clock.

A cached answer is one file: a line of JSON (when it was fetched, what was asked) and the body. The name is the SHA-256
of the request, so that no text of a request ever becomes a path.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """The time, passed in, so that waiting can be tested without waiting."""

    def now(self) -> float:
        """Give seconds since 1970, for what outlives the process."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never go back, for measuring."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Give seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Give seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a server: address, parameters, and the media type wanted; POST when ``post``.

    :param kind: ``sparql`` goes through the SPARQL client, ``http`` is a plain request
    """

    url: str
    parameters: Mapping[str, str]
    accept: str = "application/json"
    post: bool = False
    kind: str = "http"

    @property
    def key(self) -> str:
        """The SHA-256 of everything that the answer depends on."""
        parts = [self.kind, self.url, sorted(self.parameters.items()), self.accept, self.post]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def default_directory() -> Path:
    """Give the user's cache for answers of Wikidata (XDG Base Directory Specification 0.8)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hansa" / "wikidata"


class Cache:
    """Answers by request.

    :param directory: made when the first answer is kept
    :param expiry: seconds for which an answer is good
    """

    def __init__(self, directory: Path, clock: Clock, expiry: float = 7 * 24 * 3600) -> None:
        self._directory, self._clock, self._expiry = directory, clock, expiry

    def get(self, request: Request, *, stale: bool = False) -> bytes | None:
        """Give the kept answer, ``None`` when there is none, it is damaged, or it has expired and may not be stale."""
        try:
            head, newline, body = (self._directory / request.key).read_bytes().partition(b"\n")
            about = json.loads(head)
            fetched, size = float(about["fetched"]), int(about["bytes"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if not newline or size != len(body):
            return None
        fresh = 0 <= self._clock.now() - fetched < self._expiry
        return body if fresh or stale else None

    def put(self, request: Request, body: bytes) -> None:
        """Keep an answer; it is there as a whole or not at all."""
        self._directory.mkdir(parents=True, exist_ok=True)
        about = {"bytes": len(body), "fetched": self._clock.now(), "url": request.url}
        handle, name = tempfile.mkstemp(dir=self._directory, prefix=".new-")
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(about, sort_keys=True).encode() + b"\n" + body)
        Path(name).replace(self._directory / request.key)
