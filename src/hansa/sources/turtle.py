"""Where each statement of a Turtle or TriG text stands.

A scanner for RDF 1.1 Turtle (https://www.w3.org/TR/turtle/, grammar in section 6.5) and TriG
(https://www.w3.org/TR/trig/, section 3), used only for files that have findings: the engine parses everything else. It
expects text that the engine has accepted, and stops quietly where that is not so.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Generator, Iterator
from typing import NamedTuple
from urllib.parse import urljoin

from hansa.rdf import BlankNode, Literal, NamedNode, Node, Term
from hansa.vocab import RDF, XSD

_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF"
    r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_CHARS = rf"{_BASE}_\-0-9\u00B7\u0300-\u036F\u203F-\u2040"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_TOKEN = re.compile(
    rf"""(?P<skip>(?:[ \t\r\n]|\#[^\r\n]*)+)
      | (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
      | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^\"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*'''
          |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
      | (?P<bnode>_:[{_BASE}_0-9](?:[{_CHARS}.]*[{_CHARS}])?)
      | (?P<pname>(?:[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?)?:
          (?:(?:[{_BASE}_:0-9]|{_PLX})(?:(?:[{_CHARS}.:]|{_PLX})*(?:[{_CHARS}:]|{_PLX}))?)?)
      | (?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
      | (?P<double>[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)
      | (?P<decimal>[+-]?[0-9]*\.[0-9]+)
      | (?P<integer>[+-]?[0-9]+)
      | (?P<word>[A-Za-z]+)
      | (?P<mark>\^\^|[.;,\[\](){{}}])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_CONTROL = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_NUMBERS = {"double": XSD.double, "decimal": XSD.decimal, "integer": XSD.integer}
_END = "end"

Spot = tuple[int, int]
"""Line and column, both counted from 1; a column is a Unicode code point."""


class Statement(NamedTuple):
    """A triple and where its three tokens begin; ``graph`` is set inside a graph block of TriG.

    The list structure of a collection is placed at its items, a blank node in brackets at its opening bracket.
    """

    subject: Node
    predicate: NamedNode
    object: Term
    subject_at: Spot
    predicate_at: Spot
    object_at: Spot
    graph: Node | None = None


def scan(text: str, base: str = "") -> Iterator[Statement]:
    """Give every statement of a Turtle or TriG text with its place.

    :param text: the text, which the engine has accepted
    :param base: the IRI that relative IRIs are resolved against
    """
    try:
        yield from _Scanner(text, base).document()
    except (_NotTurtleError, ValueError):  # the engine's terms refuse what is no IRI or language tag
        return


_Production = Generator[Statement, None, tuple[Term, Spot, bool]]
"""Yields statements; returns a term, its place, and whether it is a filled ``[ … ]``, which may stand alone."""


class _NotTurtleError(Exception):
    """The text is not Turtle 1.1 from here on."""


class _Token(NamedTuple):
    kind: str
    text: str
    at: Spot


class _Tokens:
    """The tokens of a text with one token of look-ahead."""

    def __init__(self, text: str) -> None:
        self._lines = [0, *(match.end() for match in _LINE_BREAK.finditer(text))]
        self._stream = self._split(text)
        self.current = next(self._stream)

    def _split(self, text: str) -> Iterator[_Token]:
        offset, end, find, lines = 0, len(text), _TOKEN.match, self._lines
        while offset < end:
            match = find(text, offset)
            if match is None:
                break
            if match.lastgroup != "skip":
                line = bisect_right(lines, offset)
                yield _Token(match.lastgroup or "", match.group(), (line, offset - lines[line - 1] + 1))
            offset = match.end()
        while True:
            yield _Token(_END, "", self._spot(offset))

    def _spot(self, offset: int) -> Spot:
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def take(self) -> _Token:
        token = self.current
        self.current = next(self._stream)
        return token

    def at(self, *marks: str) -> bool:
        return self.current.kind == "mark" and self.current.text in marks

    def skip(self, mark: str) -> bool:
        found = self.at(mark)
        if found:
            self.take()
        return found

    def expect(self, mark: str) -> _Token:
        if not self.at(mark):
            raise _NotTurtleError
        return self.take()


class _Scanner:
    """Walks the grammar; each method is a production and yields the statements it makes."""

    def __init__(self, text: str, base: str) -> None:
        self._tokens = _Tokens(text)
        self._base = base
        self._prefixes: dict[str, str] = {}
        self._names: dict[str, NamedNode] = {}  # the prefixed names of the prefixes so far
        self._graph: Node | None = None

    # ------------------------------------------------------------ document
    def document(self) -> Iterator[Statement]:
        while self._tokens.current.kind != _END:
            word = self._tokens.current.text.lower().removeprefix("@")
            if self._tokens.current.kind in ("at", "word") and word in ("prefix", "base"):
                self._directive(word)
            else:
                yield from self._block()

    def _directive(self, word: str) -> None:
        closed_by_dot = self._tokens.take().kind == "at"
        if word == "prefix":
            name = self._tokens.take().text.removesuffix(":")
            self._names.clear()
            self._prefixes[name] = self._iri_reference(self._tokens.take())
        else:
            self._base = self._iri_reference(self._tokens.take())
        if closed_by_dot:
            self._tokens.expect(".")

    def _block(self) -> Iterator[Statement]:
        tokens = self._tokens
        if tokens.current.kind == "word" and tokens.current.text.upper() == "GRAPH":
            tokens.take()
        if tokens.skip("{"):
            yield from self._graph_block(None)
            return
        node, at, filled = yield from self._term()
        if tokens.skip("{"):
            yield from self._graph_block(_node(node))
            return
        yield from self._statements_about(_node(node), at, optional=filled)
        tokens.expect(".")

    def _graph_block(self, name: Node | None) -> Iterator[Statement]:
        self._graph = name
        while not self._tokens.skip("}"):
            node, at, filled = yield from self._term()
            yield from self._statements_about(_node(node), at, optional=filled)
            if not self._tokens.skip(".") and not self._tokens.at("}"):
                raise _NotTurtleError
        self._graph = None

    def _statements_about(self, subject: Node, at: Spot, *, optional: bool) -> Iterator[Statement]:
        if not (optional and self._tokens.at(".", "}")):
            yield from self._predicate_object_list(subject, at)

    # ------------------------------------------------------------ triples
    def _predicate_object_list(self, subject: Node, at: Spot) -> Iterator[Statement]:
        while True:
            predicate, predicate_at = self._verb()
            while True:
                if self._tokens.at("[", "("):
                    value, value_at, _ = yield from self._term()
                else:
                    value_at, value = self._tokens.current.at, self._simple(self._tokens.take())
                yield Statement(subject, predicate, value, at, predicate_at, value_at, self._graph)
                if not self._tokens.skip(","):
                    break
            more = False
            while self._tokens.skip(";"):
                more = True
            if not more or self._tokens.at(".", "]", "}"):
                return

    def _verb(self) -> tuple[NamedNode, Spot]:
        token = self._tokens.take()
        if token.kind == "word" and token.text == "a":
            return RDF.type, token.at
        return self._iri(token), token.at

    def _term(self) -> _Production:
        token = self._tokens.take()
        if token.kind == "mark" and token.text == "[":
            return (yield from self._property_list(token.at))
        if token.kind == "mark" and token.text == "(":
            return (yield from self._collection(token.at))
        return self._simple(token), token.at, False

    def _property_list(self, at: Spot) -> _Production:
        node = BlankNode()
        filled = not self._tokens.at("]")
        if filled:
            yield from self._predicate_object_list(node, at)
        self._tokens.expect("]")
        return node, at, filled

    def _collection(self, at: Spot) -> _Production:
        first: Node = RDF.nil
        previous: Node | None = None
        while not self._tokens.skip(")"):
            cell = BlankNode()
            item, item_at, _ = yield from self._term()
            if previous is None:
                first = cell
            else:
                yield Statement(previous, RDF.rest, cell, at, item_at, item_at, self._graph)
            yield Statement(cell, RDF.first, item, at, item_at, item_at, self._graph)
            previous = cell
        if previous is not None:
            yield Statement(previous, RDF.rest, RDF.nil, at, at, at, self._graph)
        return first, at, False

    # ------------------------------------------------------------ terms
    def _simple(self, token: _Token) -> Term:
        if token.kind == "string":
            return self._literal(_unquote(token.text))
        if token.kind in _NUMBERS:
            return Literal(token.text, datatype=_NUMBERS[token.kind])
        if token.kind == "word" and token.text in ("true", "false"):
            return Literal(token.text, datatype=XSD.boolean)
        if token.kind == "bnode":
            return BlankNode(token.text[2:])
        return self._iri(token)

    def _literal(self, value: str) -> Literal:
        if self._tokens.current.kind == "at":
            return Literal(value, language=self._tokens.take().text[1:].lower())
        if self._tokens.skip("^^"):
            return Literal(value, datatype=self._iri(self._tokens.take()))
        return Literal(value)

    def _iri(self, token: _Token) -> NamedNode:
        known = self._names.get(token.text)
        if known is not None:
            return known
        if token.kind == "iri":
            return NamedNode(self._iri_reference(token))
        prefix, colon, local = token.text.partition(":")
        if token.kind != "pname" or not colon or prefix not in self._prefixes:
            raise _NotTurtleError
        self._names[token.text] = NamedNode(self._prefixes[prefix] + re.sub(r"\\(.)", r"\1", local))
        return self._names[token.text]

    def _iri_reference(self, token: _Token) -> str:
        if token.kind != "iri":
            raise _NotTurtleError
        return resolve(_unescape(token.text[1:-1]), self._base)


def resolve(reference: str, base: str) -> str:
    """Resolve a relative IRI reference (RFC 3986, section 5.2); an absolute one comes back as it is."""
    if _SCHEME.match(reference) or not base:
        return reference
    path, mark, fragment = reference.partition("#")
    start = base.partition("#")[0]
    return (urljoin(start, path) if path else start) + mark + fragment


def _unescape(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _CONTROL.get(match[3], match[3])

    return _ESCAPE.sub(character, text) if "\\" in text else text


def _unquote(text: str) -> str:
    quotes = 3 if len(text) >= 6 and text[:3] in ('"""', "'''") else 1
    return _unescape(text[quotes:-quotes])


def _node(term: Term) -> Node:
    if isinstance(term, Literal):
        raise _NotTurtleError
    return term
