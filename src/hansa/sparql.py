"""SPARQL texts without running them: tokens, safe binding of parameters, and what a query asks for.

The lexer follows the terminals of SPARQL 1.1 (section 19.8) closely enough to tell variables and keywords from
whatever stands inside IRIs, strings and comments.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from hansa.errors import ForbiddenQueryError
from hansa.rdf import Term

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n\r]*)
      | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*>)
      | (?P<string>\"\"\"(?:(?:\"|\"\")?(?:[^\"\\]|\\.))*\"\"\"
                |'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''
                |"(?:[^"\\\n\r]|\\.)*"
                |'(?:[^'\\\n\r]|\\.)*')
      | (?P<variable>[?$][^\W][\w·‿⁀]*)
      | (?P<pname>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:
                  (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
                     (?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*
                        (?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
      | (?P<langtag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<word>[^\W\d]\w*)
      | (?P<space>\s+)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SHORT = 1 << 13
"""Characters of a query about which something is remembered."""
_UPDATE_WORDS = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"}
OUTSIDE_REACH = ("SERVICE", *sorted(_UPDATE_WORDS))
"""Words that :func:`refuse_outside_reach` looks for."""


class Token(NamedTuple):
    """A token of a query: its kind (a group name of the lexer), its text and its offset."""

    kind: str
    text: str
    offset: int


def tokens(query: str) -> Iterator[Token]:
    """Split a query into tokens; joined, their texts give the query again."""
    for match in _TOKEN.finditer(query):
        yield Token(match.lastgroup or "other", match.group(), match.start())


def all_tokens(query: str) -> Sequence[Token]:
    """Give all tokens of a query; those of the last few short ones are remembered, as checks look at each often."""
    return _remembered(query) if len(query) <= _SHORT else tuple(tokens(query))


@lru_cache(maxsize=4)
def _remembered(query: str) -> tuple[Token, ...]:
    return tuple(tokens(query))


def significant(query: str) -> list[Token]:
    """Give the tokens of a query but for white space and comments."""
    return [token for token in all_tokens(query) if token.kind not in ("space", "comment")]


def unescape(query: str) -> str:
    r"""Resolve ``\\u`` code points as SPARQL 1.1 section 19.2 does before tokenising."""
    return _ESCAPE.sub(_character, query)


def _character(escape: re.Match[str]) -> str:
    """Give the character of an escape; one beyond U+10FFFF stays as it is, for the engine to refuse."""
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= sys.maxunicode else escape[0]


def position(query: str, offset: int) -> tuple[int, int]:
    """Give line and column, both counted from 1, of an offset."""
    line = query.count("\n", 0, offset) + 1
    return line, offset - (query.rfind("\n", 0, offset) + 1) + 1


def variables(query: str) -> set[str]:
    """Give the names of all variables, without ``?``."""
    return {token.text[1:] for token in tokens(query) if token.kind == "variable"}


def bind(query: str, values: Mapping[str, Term]) -> str:
    """Replace whole variable tokens by terms, as SPARQL's substitution does (SEP-0007).

    A value enters as one RDF term written in N-Triples by the engine, so no value can change the shape of the query.

    :param values: variable names without ``?``
    """
    if not values:
        return query
    return "".join(
        str(values[t.text[1:]]) if t.kind == "variable" and t.text[1:] in values else t.text for t in tokens(query)
    )


def refuse_outside_reach(query: str) -> None:
    """Refuse queries that would reach out, that is SERVICE, and updates.

    The engine resolves code point escapes inside tokens, SPARQL 1.1 section 19.2 before them; an escaped quotation mark
    must not hide a word from either reading, so both are looked at.

    :raises ForbiddenQueryError: with the position of the word
    """
    # Most queries have none of the letters in a row anywhere, and need not be split to know it.
    if "\\" not in query and not mentions(query, OUTSIDE_REACH):
        return
    for text in dict.fromkeys((query, unescape(query))):
        _refuse_words(text)


def mentions(query: str, words: Iterable[str]) -> bool:
    """Tell whether words, in capitals, may occur in a query; it may be inside of strings, names or longer words."""
    capitals = query.upper()
    return any(word in capitals for word in words)


def _refuse_words(text: str) -> None:
    for token in tokens(text):
        if token.kind != "word":
            continue
        word = token.text.upper()
        if word == "SERVICE":
            raise ForbiddenQueryError(
                "SERVICE is not allowed on this endpoint",
                "run federated queries from your own client; see /queries",
                *position(text, token.offset),
            )
        if word in _UPDATE_WORDS:
            raise ForbiddenQueryError(
                f"{word} is an update; this endpoint only answers queries",
                "use SELECT, ASK, CONSTRUCT or DESCRIBE",
                *position(text, token.offset),
            )


def query_form(query: str) -> str:
    """Give SELECT, ASK, CONSTRUCT or DESCRIBE, or an empty string when there is none."""
    return _form_of_short(query) if len(query) <= _SHORT else _form(query)


def _form(query: str) -> str:
    forms = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
    return next((t.text.upper() for t in tokens(query) if t.kind == "word" and t.text.upper() in forms), "")


_form_of_short = lru_cache(maxsize=256)(_form)
