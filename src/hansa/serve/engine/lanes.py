"""What the scheduler knows about queries: their shape, whether such queries were quick, and the answers it remembers.

A shape is a query without its constants: queries that differ in an IRI or a number only are taken to cost alike. What
is learnt is only a hint where a query waits; how long it runs decides what happens to it.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from hansa.serve.engine.frames import Job
from hansa.sparql import mentions

_CONSTANT = re.compile(
    r"""<[^<>\s]*> | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | @[A-Za-z-]+ | \b[A-Za-z][\w-]*:[\w-]+
      | \d+ | \#.*$ | \s+""",
    re.VERBOSE | re.MULTILINE,
)
"""IRIs, strings, language tags, prefixed names, numbers; what stands between tokens goes with them."""
_REMEMBERED = 4096
_LONG = 8192
_ENTRY_BYTES = 800
"""What an answer takes however short it is."""
VOLATILE_WORDS = ("NOW", "RAND", "UUID", "BNODE", "SERVICE")
_VOLATILE = re.compile(rf"\b(?:STR)?(?:{'|'.join(VOLATILE_WORDS)})\b|\\[uU]", re.IGNORECASE)


_QUOTED = re.compile(r"""<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\#.*$""", re.MULTILINE)
"""What differs most often from query to query; to replace the rest of the constants takes eight times as long."""


@lru_cache(maxsize=256)
def _digest(text: str) -> str:
    return blake2b(_CONSTANT.sub("0", text).encode(errors="replace"), digest_size=16).hexdigest()


def shape_of(query: str) -> str:
    """Give the shape of a query; one that is very long is its own."""
    if len(query) > _LONG:
        return blake2b(query.encode(errors="replace"), digest_size=16).hexdigest()
    return _digest(_QUOTED.sub("0", query))


def is_volatile(query: str) -> bool:
    """Say whether the answer may differ from one time to the next although the data never changes."""
    return ("\\" in query or mentions(query, VOLATILE_WORDS)) and _VOLATILE.search(query) is not None


class Experience:
    """Remembers which shapes were quick and which were slow."""

    def __init__(self) -> None:
        self._quick: OrderedDict[str, bool] = OrderedDict()

    def learn(self, shape: str, *, quick: bool) -> None:
        """Remember how a query went."""
        self._quick[shape] = quick
        self._quick.move_to_end(shape)
        if len(self._quick) > _REMEMBERED:
            self._quick.popitem(last=False)

    def of(self, shape: str) -> bool | None:
        """Say whether such queries were quick, ``None`` when not known."""
        return self._quick.get(shape)


@dataclass(frozen=True, slots=True)
class Finished:
    """A whole answer."""

    form: str
    media_type: str
    truncated: bool
    body: bytes


class AnswerCache:
    """Keeps small answers, the latest used ones; a pool serves one release, whose data never changes.

    :param size: bytes of all bodies and keys, 0 to keep nothing
    """

    _SMALL = 1 << 16

    def __init__(self, size: int) -> None:
        self._size = size
        self._used = 0
        self._answers: OrderedDict[tuple[object, ...], Finished] = OrderedDict()

    @staticmethod
    def key(job: Job) -> tuple[object, ...]:
        """Name an answer by everything it depends on."""
        default, named = (None if g is None else tuple(g) for g in (job.default_graphs, job.named_graphs))
        return (job.query, job.base, job.tabular, job.graph, default, named, job.rows)

    def get(self, job: Job) -> Finished | None:
        """Give a remembered answer."""
        if not self._size:
            return None
        key = self.key(job)
        found = self._answers.get(key)
        if found:
            self._answers.move_to_end(key)
        return found

    def put(self, job: Job, answer: Finished) -> None:
        """Remember an answer, unless it is long or may change."""
        key = self.key(job)
        weight = self._weight(key, answer)
        if not self._size or weight > min(self._SMALL, self._size) or is_volatile(job.query):
            return
        if old := self._answers.pop(key, None):
            self._used -= self._weight(key, old)
        self._answers[key] = answer
        self._used += weight
        while self._used > self._size:
            self._used -= self._weight(*self._answers.popitem(last=False))

    @staticmethod
    def _weight(key: tuple[object, ...], answer: Finished) -> int:
        """Count the bytes that an answer takes with its key, of which the graphs can be the longest part."""
        query, _, _, _, default, named, _ = map(str, key)
        return _ENTRY_BYTES + len(answer.body) + 2 * len(query) + 2 * (len(default) + len(named))
