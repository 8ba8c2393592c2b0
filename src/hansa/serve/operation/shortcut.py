"""The short way to the answer of a query: what was decided for one like it is not decided again.

A request whose bytes differ from those of an earlier one in nothing but the constants of its query gets the same
status line and header, but for the entity tag and the length. So the first one is answered by the application, and the
later ones go from the connection to a worker and back. Whatever is special is left to the application: escapes, words
that could reach outside or change from one time to the next, graphs chosen by FROM, long answers, errors.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from hansa.errors import HansaError
from hansa.serve.engine.answer import Answer
from hansa.serve.engine.asked import Asked
from hansa.serve.engine.frames import Job, like
from hansa.serve.engine.lanes import VOLATILE_WORDS, is_volatile, shape_of
from hansa.serve.http.cache import ByteCache
from hansa.serve.http.encoding import SMALLEST, pack
from hansa.serve.http.wire import WireAnswer
from hansa.sparql import OUTSIDE_REACH, refuse_outside_reach

if TYPE_CHECKING:
    from hansa.serve.site import Site

_BEGIN = b"GET /sparql?query="
_WRITTEN = bytes(code for code in range(0x21, 0x7F) if code not in b"&#;")
"""What may stand in the one parameter of a request."""
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_SPECIAL = ("FROM", *VOLATILE_WORDS, *OUTSIDE_REACH)
_BUDGET = 1 << 20
_LONGEST = 1 << 13
_TAG = re.compile(rb'\r\netag: W/"([0-9a-f]{32})[-a-z]*"\r\n')
_LENGTH = re.compile(rb"\r\ncontent-length: ([0-9]+)\r\n")
_CODING = re.compile(rb"\r\ncontent-encoding: ([a-z]+)\r\n")
_CONDITION = re.compile(rb"\r\nif-", re.IGNORECASE)
_ENTRY_BYTES = 256

Note = Callable[[int, float], None]
"""Counts and logs an answer: bytes of its body, seconds."""
Ready = Callable[[WireAnswer | None], None]
"""Is called with the answer as it is sent, or with nothing when the application has to answer."""


def query_of(value: bytes) -> str | None:
    """Decode the value of a parameter (application/x-www-form-urlencoded); ``None`` when it is not well-formed.

    This is quoted-printable with another sign, for which there is a decoder in C.
    """
    if value.translate(None, _WRITTEN) or _BROKEN.search(value):
        return None
    try:
        plain = value.replace(b"=", b"=3D").replace(b"+", b" ").replace(b"%", b"=")
        return binascii.a2b_qp(plain).decode("utf-8")
    except UnicodeDecodeError:
        return None


def is_plain(query: str) -> bool:
    """Tell whether a query is one of those that nothing has to be looked into for."""
    if len(query) > _LONGEST or "\\" in query:
        return False
    capitals = query.upper()
    for word in _SPECIAL:
        if word in capitals:
            return "FROM" not in capitals and not is_volatile(query) and _stays_here(query)
    return True


def _stays_here(query: str) -> bool:
    try:
        refuse_outside_reach(query)
    except HansaError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Recipe:
    """How answers to requests of a kind look.

    :param job: of the first one
    :param line: the status line
    :param pieces: the header around entity tag and length
    :param tag_first: the entity tag stands before the length
    :param coding: in which bodies are packed, empty for none
    :param media_type: of the representation, as it is in the entity tag
    """

    job: Job
    line: bytes
    pieces: tuple[bytes, bytes, bytes]
    tag_first: bool
    coding: str
    media_type: str
    note: Note

    def written(self, tag: str, body: bytes) -> WireAnswer:
        """Write an answer."""
        sent = pack(body, self.coding) if self.coding else body
        values = (tag.encode(), b"%d" % len(sent))
        first, second = values if self.tag_first else values[::-1]
        rest = b"".join((self.pieces[0], first, self.pieces[1], second, self.pieces[2]))
        return WireAnswer(self.line, rest, sent, partial(self.note, len(sent)))


def _recipe(job: Job, media_type: str, answer: WireAnswer, note: Note) -> Recipe | None:
    header = b"\r\n" + answer.rest
    tag, length = _TAG.search(header), _LENGTH.search(header)
    if tag is None or length is None:
        return None
    (start, first), (second, end) = sorted((tag.span(1), length.span(1)))
    pieces = header[2:start], header[first:second], header[end:]
    coding = _CODING.search(header)
    packed = coding[1].decode() if coding else ""
    return Recipe(job, answer.status_line, pieces, tag.start() < length.start(), packed, media_type, note)


class Shortcut:
    """The recipes of one release.

    :ivar taken: answers that went the short way
    """

    def __init__(self, site: Site) -> None:
        self.taken = 0
        self._site = site
        self._recipes: ByteCache[tuple[bytes, str, bool], Recipe] = ByteCache(_BUDGET)

    def learn(self, raw: bytes, job: Job, media_type: str, answer: WireAnswer, note: Note) -> None:
        """Remember how a request was answered that could have gone the short way.

        :param raw: the bytes of the request
        :param media_type: of the representation, as it is in the entity tag
        """
        found = self._read(raw)
        if found is None or found[0] != job.query or job.form not in ("SELECT", "ASK") or job.rows:
            return
        if _CONDITION.search(found[2]):
            return
        if recipe := _recipe(job, media_type, answer, note):
            _, shape, rest = found
            packed = bool(recipe.coding) or len(answer.body) >= SMALLEST
            self._recipes.put((rest, shape, packed), recipe, 2 * len(raw) + len(answer.rest))

    def _read(self, raw: bytes) -> tuple[str, str, bytes] | None:
        """Give query, its shape, and what follows the query in the request."""
        end = raw.find(b" ", len(_BEGIN))
        if not raw.startswith(_BEGIN) or end > self._site.settings.url_limit:
            return None
        query = query_of(raw[len(_BEGIN) : end])
        return (query, shape_of(query), raw[end:]) if query and is_plain(query) else None

    def ask(self, raw: bytes, client: str, ready: Ready) -> Asked | None:
        """Begin to answer a request; ``None`` when the application has to.

        :param client: key of whoever asks
        """
        if not raw.startswith(_BEGIN) or (found := self._read(raw)) is None:
            return None
        query, shape, rest = found
        recipes = {large: self._recipes.get((rest, shape, large)) for large in (False, True)}
        recipe = recipes[False] or recipes[True]
        if recipe is None:
            return None

        def done(answer: Answer | None) -> None:
            ready(self._written(recipes, raw, answer, query) if answer else None)

        return self._site.pool.ask(like(recipe.job, query), client, shape, done)

    def _written(self, recipes: dict[bool, Recipe | None], raw: bytes, answer: Answer, query: str) -> WireAnswer | None:
        body = answer.body or b""
        recipe = recipes[len(body) >= SMALLEST]
        if recipe is None or (answer.form, answer.media_type) != (recipe.job.form, recipe.job.tabular):
            return None
        tag = self._site.query_tag(query, recipe.media_type)
        written = recipe.written(tag, body)
        self.taken += 1
        self._site.wire.put(raw, written, len(raw) + len(written.rest) + len(written.body) + _ENTRY_BYTES)
        return written
