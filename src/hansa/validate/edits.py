"""Make fixes: which characters of a file to replace, found from the place of a finding.

Only what stands at that very place is replaced. A token that is not what the finding speaks of gives no fix.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from hansa import sparql
from hansa.model import Fix, Position

_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_SUFFIX = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*|\^\^(?:<[^<>\s]*>|[^\s;,.\])]*(?:\.[^\s;,.\])]+)*)")
_TERMS = frozenset({"iri", "pname", "word"})


class Page:
    """The text of a file, with its lines counted as findings count them.

    :param name: the file as findings show it
    """

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self.text = text

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    def offset(self, place: Position) -> int:
        """Give the offset of a place, -1 when the file has no such place."""
        inside = 0 < place.line <= len(self._starts) and place.column > 0
        offset = self._starts[place.line - 1] + place.column - 1 if inside else -1
        return offset if offset <= len(self.text) else -1

    def place(self, offset: int) -> Position:
        """Give the place of an offset."""
        line = bisect_right(self._starts, offset)
        return Position(self._name, line, offset - self._starts[line - 1] + 1)

    def fix(self, start: int, end: int, replacement: str) -> Fix | None:
        """Make a fix of two offsets, or none where nothing would change."""
        original = self.text[start:end]
        return Fix(self.place(start), self.place(end), replacement, original) if original != replacement else None

    def declares(self, name: str) -> bool:
        """Tell whether the prefix of a prefixed name is declared in the file."""
        return bool(re.search(rf"\bprefix\s+{re.escape(name.partition(':')[0])}:", self.text, re.IGNORECASE))

    # ------------------------------------------------------------ what stands at a place
    def term(self, place: Position, replacement: str) -> Fix | None:
        """Replace the IRI or prefixed name at a place."""
        token = self._token(place)
        if token is None or token.kind not in _TERMS or not replacement:
            return None
        return self.fix(token.offset, token.offset + len(token.text), replacement)

    def namespace(self, place: Position, namespace: str) -> Fix | None:
        """Replace the namespace of the prefix declaration whose name stands at a place."""
        offset = self.offset(place)
        rest = (token for token in sparql.tokens(self.text[offset:]) if token.kind != "space")
        name, iri = next(rest, None), next(rest, None)
        if offset < 0 or name is None or iri is None or iri.kind != "iri":
            return None
        start = offset + iri.offset
        return self.fix(start, start + len(iri.text), f"<{namespace}>")

    def literal(self, place: Position) -> WrittenLiteral | None:
        """Read the literal at a place: where its quotes and its tag or datatype are."""
        token = self._token(place)
        if token is None or token.kind != "string":
            return None
        quotes = 3 if token.text[:3] in ('"""', "'''") and len(token.text) > 5 else 1
        end = token.offset + len(token.text)
        suffix = _SUFFIX.match(self.text, end)
        return WrittenLiteral(self, token.offset + quotes, end - quotes, end, suffix.end() if suffix else end)

    def _token(self, place: Position) -> sparql.Token | None:
        offset = self.offset(place)
        if offset < 0:
            return None
        first = next(islice(sparql.tokens(self.text[offset:]), 1), None)
        return sparql.Token(first.kind, first.text, offset) if first else None


@dataclass(frozen=True, slots=True)
class WrittenLiteral:
    """A literal as it stands in a file: offsets of its value, of what follows its quotes, and of its end."""

    page: Page
    start: int
    end: int
    suffix: int
    stop: int

    @property
    def raw(self) -> str:
        """The value as written, escapes and all."""
        return self.page.text[self.start : self.end]

    def with_value(self, value: str) -> Fix | None:
        """Replace the value; none where it is written with escapes, or would need them."""
        plain = "\\" not in self.raw and not set(value) & set("\\\"'\n\r")
        return self.page.fix(self.start, self.end, value) if plain else None

    def with_datatype(self, name: str) -> Fix | None:
        """Put another datatype behind the quotes, in the place of a tag or a datatype."""
        return self.page.fix(self.suffix, self.stop, f"^^{name}")

    def with_language(self, tag: str) -> Fix | None:
        """Put another language tag behind the quotes."""
        return self.page.fix(self.suffix, self.stop, f"@{tag}")
