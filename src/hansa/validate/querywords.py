"""Say where a SPARQL text is broken: the engine names the place where it could not go on, which comes later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hansa import sparql
from hansa.errors import closest
from hansa.model import Position

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_OPENING = {"{": "}", "(": ")", "[": "]"}
_SEPARATORS = frozenset(".;,{}()[]|/^!=<>&+*-")
_PROLOGUE = ("PREFIX", "BASE")


def explain(text: str, at: Position, message: str, hint: str) -> tuple[Position, str, str]:
    """Give the place of the slip, what is wrong and what to do, from what the engine said and the text itself."""
    tokens = sparql.significant(text)
    wrong = _misspelt_form(tokens)
    if wrong:
        told = f"{wrong.text} is no kind of query", f"did you mean {closest(wrong.text.upper(), FORMS)}?"
        return _place(at.file, text, wrong.offset), *told
    lonely = _lonely_bracket(text, tokens)
    if lonely:
        told = f"the {lonely.text} that opens here is not closed", f"close it with {_OPENING[lonely.text]}"
        return _place(at.file, text, lonely.offset), *told
    gap = _gap(text, tokens, at)
    if gap:
        hint = "put ; before the next property of the same thing, . before the next thing"
        return _place(at.file, text, gap), "something is missing at the end of this line", hint
    inside = _at(text, tokens, at)
    if inside is None:
        return at, message, hint
    return _place(at.file, text, inside.offset), f"the query cannot go on with {inside.text[:40]}", hint


def _place(file: str, text: str, offset: int) -> Position:
    return Position(file, *sparql.position(text, offset))


def _misspelt_form(tokens: list[sparql.Token]) -> sparql.Token | None:
    """Find the first word after the prologue, where it is no kind of query but nearly so."""
    words = (b for a, b in pairwise([sparql.Token("", "", 0), *tokens]) if a.text.upper() not in _PROLOGUE)
    first = next((token for token in words if token.kind == "word" and token.text.upper() not in _PROLOGUE), None)
    is_wrong = first and first.text.upper() not in FORMS and closest(first.text.upper(), FORMS)
    return first if is_wrong else None


def _lonely_bracket(text: str, tokens: list[sparql.Token]) -> sparql.Token | None:
    """Find a bracket that is not closed: by the lines that follow it, or else the last that is left open."""
    left = list(_left_open(tokens))
    if not left:
        return None
    lines = text.split("\n")
    for token in (t for t in tokens if t.text in _OPENING):
        line, column = sparql.position(text, token.offset)
        rest = sparql.significant(lines[line - 1][column - 1 :])
        following = next((other for other in lines[line:] if other.strip()), "")
        if any(True for _ in _left_open(rest)) and _indent(following) <= _indent(lines[line - 1]) and rest[1:]:
            return token
    return left[-1]


def _left_open(tokens: list[sparql.Token]) -> Iterator[sparql.Token]:
    stack: list[sparql.Token] = []
    for token in tokens:
        if token.text in _OPENING:
            stack.append(token)
        elif token.text in _OPENING.values() and stack and _OPENING[stack[-1].text] == token.text:
            stack.pop()
    yield from stack


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _at(text: str, tokens: list[sparql.Token], at: Position) -> sparql.Token | None:
    """Give the token that a place is in, or the first after it."""
    offset = sum(len(line) + 1 for line in text.split("\n")[: at.line - 1]) + at.column - 1
    inside = (t for t in tokens if t.offset <= offset < t.offset + len(t.text))
    return next(inside, None) or next((t for t in tokens if t.offset >= offset), None)


def _gap(text: str, tokens: list[sparql.Token], at: Position) -> int:
    """Give the offset behind a line that ends with a term and is followed by one; 0 when there is none."""
    wrong = _at(text, tokens, at)
    ahead = [t for t in tokens if wrong and t.offset < wrong.offset]
    # A bracket that closes is not the slip: what stands before it is.
    seen = ahead[-1] if wrong and ahead and wrong.text in _OPENING.values() else wrong
    line = sparql.position(text, seen.offset)[0] if seen else 0
    for before, after in pairwise(tokens):
        first, second = sparql.position(text, before.offset)[0], sparql.position(text, after.offset)[0]
        ends = before.kind in ("variable", "pname", "iri", "string") and after.kind in ("variable", "pname", "iri")
        if second == line > first and ends and before.text not in _SEPARATORS:
            return before.offset + len(before.text)
    return 0
