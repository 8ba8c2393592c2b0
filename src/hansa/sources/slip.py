"""A place where the engine could not go on in a text, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from hansa import sparql
from hansa.config import Config
from hansa.model import Fix, Position
from hansa.sources.project import SourceFile

_FAR = 60
"""Lines that are looked through backwards for the last word before a mistake."""


class Told(NamedTuple):
    """What to say: the message, the hint, and where the slip was made if not where the engine stopped."""

    message: str
    hint: str
    at: Position | None = None
    fix: Fix | None = None


class Word(NamedTuple):
    """A token before the mistake, and its line."""

    line: int
    token: sparql.Token

    @property
    def text(self) -> str:
        """Give its characters."""
        return self.token.text

    def end(self, file: str) -> Position:
        """Give the place behind it."""
        return Position(file, self.line, self.token.offset + len(self.text) + 1)

    def start(self, file: str) -> Position:
        """Give the place where it begins."""
        return Position(file, self.line, self.token.offset + 1)


@dataclass(frozen=True)
class Slip:
    """A place where the engine could not go on, and what stands around it."""

    file: SourceFile
    reason: str
    at: Position
    config: Config
    lines: list[str] = field(repr=False)

    @cached_property
    def line(self) -> str:
        """The line of the place."""
        return self.lines[self.at.line - 1] if self.at.line <= len(self.lines) else ""

    @property
    def head(self) -> str:
        """What stands before the place in its line."""
        return self.line[: self.at.column - 1]

    @property
    def rest(self) -> str:
        """What stands in its line from the place on."""
        return self.line[self.at.column - 1 :]

    @cached_property
    def token(self) -> str:
        """What stands at the place."""
        return next((token.text for token in sparql.tokens(self.rest)), "")

    @cached_property
    def words(self) -> list[Word]:
        """The tokens of the line before the place."""
        return [Word(self.at.line, token) for token in sparql.significant(self.head)]

    @cached_property
    def above(self) -> Word | None:
        """The last token of the lines before."""
        for number in range(self.at.line - 1, max(0, self.at.line - _FAR), -1):
            found = sparql.significant(self.lines[number - 1])
            if found:
                return Word(number, found[-1])
        return None

    @property
    def before(self) -> Word | None:
        """The last token before the place."""
        return self.words[-1] if self.words else self.above

    @property
    def is_indented(self) -> bool:
        """The line goes on with what another has begun, as people lay out Turtle."""
        return self.line[:1].isspace()

    @property
    def touches(self) -> bool:
        """The place follows a letter, a digit or a quote without a space."""
        return bool(self.head) and (self.head[-1].isalnum() or self.head[-1] in "\"'-_")

    def here(self, shift: int = 0) -> Position:
        """Give the place, or one some columns off."""
        return Position(self.file.name, self.at.line, self.at.column + shift)

    def replaced(self, column: int, original: str, new: str) -> Fix:
        """Replace some characters of the line."""
        start = Position(self.file.name, self.at.line, column)
        return Fix(start, Position(self.file.name, self.at.line, column + len(original)), new, original)
