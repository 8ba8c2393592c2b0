"""Work out expressions as SPARQL 1.1 does (section 17): typed values, three-valued logic, the functions of checks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from hansa.columns.algebra import Call, Expression, UnansweredError, Variable
from hansa.rdf import FORMATS, Literal, NamedNode, parse_bytes
from hansa.vocab import RDF, XSD


class Value(NamedTuple):
    """What a term stands for.

    :param kind: iri, string, text (with a language), number, date, boolean, or other (of an unknown datatype)
    :param content: the IRI, the characters, the number
    :param detail: the language or the datatype
    """

    kind: str
    content: str | Decimal | bool
    detail: str = ""


class ExpressionError(Exception):
    """An expression has no value: SPARQL's type error."""


Row = Sequence[bytes | None]
Evaluate = Callable[[Row], Value]
"""Gives the value of an expression in a row; raises :class:`ExpressionError` where it has none."""

_INTEGER, _DECIMAL = XSD.integer.value, XSD.decimal.value
_STRANGE = tuple(
    f"{XSD.iri}{name}" for name in ("double", "float", "dateTime", "gYear", "gYearMonth", "time", "duration")
)
_PLAIN = re.compile(rb'"([^"\\]*)"(?:@([A-Za-z0-9-]+))?')
_DATATYPES = {kind: getattr(XSD, kind).value for kind in ("string", "date", "boolean")}
_DATATYPES["text"] = RDF.langString.value
_TRUE, _FALSE = Value("boolean", True), Value("boolean", False)


@lru_cache(maxsize=200_000)
def value_of(term: bytes) -> Value:
    """Give what a term stands for.

    :raises UnansweredError: for literals of datatypes that are compared by value, and not here
    """
    if term.startswith(b"<") and not term.startswith(b"<<"):
        return Value("iri", term[1:-1].decode())
    if not term.startswith(b'"'):
        raise UnansweredError("a blank node or a statement in an expression")
    if plain := _PLAIN.fullmatch(term):
        return Value("text", plain[1].decode(), plain[2].decode()) if plain[2] else Value("string", plain[1].decode())
    literal = next(iter(parse_bytes(b"<x:x> <x:x> " + term + b" .", FORMATS["ntriples"]))).object
    assert isinstance(literal, Literal)
    return _literal(literal)


def _literal(literal: Literal) -> Value:
    text, kind = literal.value, literal.datatype.value
    if literal.language:
        return Value("text", text, literal.language)
    if literal.datatype == XSD.string:
        return Value("string", text)
    if kind in (_INTEGER, _DECIMAL):
        return Value("number", _number(text, kind), kind)
    if literal.datatype == XSD.boolean and text in ("true", "false"):
        return _TRUE if text == "true" else _FALSE
    if literal.datatype == XSD.date:
        return Value("date", _date(text))
    if kind in _STRANGE or literal.datatype == XSD.boolean or _is_derived_number(kind):
        raise UnansweredError(f"a value of the datatype {kind}")
    return Value("other", text, kind)


def _is_derived_number(kind: str) -> bool:
    local = kind.removeprefix(XSD.iri)
    return local != kind and bool(re.search("[iI]nteger|[lL]ong|[iI]nt|[sS]hort|[bB]yte", local))


def _number(text: str, kind: str) -> Decimal:
    try:
        plain = re.fullmatch(r"[+-]?\d+" if kind == _INTEGER else r"[+-]?\d+(\.\d+)?", text)
        found = Decimal(text)
    except InvalidOperation:
        raise UnansweredError(f"{text!r} is no number") from None
    if not plain or len(text) > 16:
        raise UnansweredError(f"{text!r} is written in an unusual way")
    return found


def _date(text: str) -> str:
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise UnansweredError(f"{text!r} is no plain date")


def term_of(value: Value) -> bytes:
    """Give the term of a value."""
    kind, content, detail = value
    if kind == "iri":
        return f"<{content}>".encode()
    if kind == "number":
        text = f"{content:f}" if detail == _INTEGER else f"{content.normalize():f}"  # type: ignore[union-attr]
        return str(Literal(text, datatype=NamedNode(detail))).encode()
    if kind == "boolean":
        return str(Literal(bool(content))).encode()
    if kind == "text":
        return str(Literal(str(content), language=detail)).encode()
    datatype = {"string": XSD.string, "date": XSD.date}.get(kind) or NamedNode(detail)
    return str(Literal(str(content), datatype=datatype)).encode()


# ---------------------------------------------------------------- expressions
def compiled(expression: Expression, places: Mapping[str, int]) -> Evaluate:
    """Make a function of an expression.

    :param places: where a row has each variable; one that is missing has no value
    :raises UnansweredError: when it has a function that is not known here
    """
    if isinstance(expression, bytes):
        constant = value_of(expression)
        return lambda _row: constant
    if isinstance(expression, Variable):
        return _variable(places.get(expression.name))
    if not isinstance(expression, Call):
        raise UnansweredError("EXISTS inside of an expression")
    args = expression.args
    if expression.name == "BOUND":
        return _bound(args[0], places)
    parts = [compiled(arg, places) for arg in args]
    lazy = _LAZY.get(expression.name)
    if lazy is not None:
        return lambda row: lazy(parts, row)
    function = _FUNCTIONS.get(expression.name)
    if function is None or function[0] not in (len(parts), -1):
        raise UnansweredError(f"the function {expression.name}")
    return _applied(function[1], parts)


def _applied(work: Callable[..., Value], parts: Sequence[Evaluate]) -> Evaluate:
    if len(parts) == 1:
        (only,) = parts
        return lambda row: work(only(row))
    if len(parts) == 2:
        one, other = parts
        return lambda row: work(one(row), other(row))
    return lambda row: work(*[part(row) for part in parts])


def _variable(place: int | None) -> Evaluate:
    def look(row: Row) -> Value:
        term = row[place] if place is not None else None
        if term is None:
            raise ExpressionError
        return value_of(term)

    return look


def _bound(expression: Expression, places: Mapping[str, int]) -> Evaluate:
    place = places.get(expression.name) if isinstance(expression, Variable) else None
    return lambda row: _TRUE if place is not None and row[place] is not None else _FALSE


def truth(value: Value) -> bool:
    """Give the effective boolean value (section 17.2.2)."""
    if value.kind in ("boolean", "string", "number"):
        return bool(value.content)
    raise ExpressionError


def _either(parts: Sequence[Evaluate], row: Row, *, wanted: bool) -> Value:
    """Give the value of ``||`` and ``&&``: one part may settle it, even where another has no value."""
    failed = False
    for part in parts:
        try:
            if truth(part(row)) is wanted:
                return _boolean(wanted)
        except ExpressionError:
            failed = True
    if failed:
        raise ExpressionError
    return _boolean(not wanted)


def _coalesce(parts: Sequence[Evaluate], row: Row) -> Value:
    for part in parts:
        try:
            return part(row)
        except ExpressionError:
            continue
    raise ExpressionError


def _either_of(parts: Sequence[Evaluate], row: Row) -> Value:
    condition, one, other = parts
    return one(row) if truth(condition(row)) else other(row)


def _iri(value: Value) -> Value:
    if value.kind == "iri" or (value.kind == "string" and re.match(r"https?://[^\s<>\"{}|^`\\]+$", str(value.content))):
        return Value("iri", value.content)
    raise UnansweredError("an IRI that has to be resolved")


def _among(parts: Sequence[Evaluate], row: Row) -> Value:
    first = parts[0](row)
    return _either([lambda r, part=part: _boolean(_equal(first, part(r))) for part in parts[1:]], row, wanted=True)  # type: ignore[misc]


def _boolean(value: bool) -> Value:
    return _TRUE if value else _FALSE


def _equal(one: Value, other: Value) -> bool:
    """Compare as section 17.4.1.7 has it: literals of an unknown datatype are equal, or nothing is known of them."""
    if one.kind == other.kind and one.kind not in ("other", "number"):
        return one == other
    if one.kind == other.kind == "number":
        return one.content == other.content
    if "other" in (one.kind, other.kind) and "iri" not in (one.kind, other.kind) and one != other:
        raise ExpressionError
    return one == other


def _less(one: Value, other: Value) -> bool:
    if one.kind != other.kind or one.kind not in ("number", "date", "string"):
        if "boolean" in (one.kind, other.kind) or one.kind == other.kind == "text":
            raise UnansweredError("an order of values that is not known here")
        raise ExpressionError
    return bool(one.content < other.content)  # type: ignore[operator]


def _text(value: Value) -> str:
    if value.kind not in ("string", "text"):
        raise ExpressionError
    return str(value.content)


def _plain(value: Value) -> str:
    """Give the characters of a string; those with a language have rules of their own."""
    if value.kind == "text":
        raise UnansweredError("a function of texts with a language")
    return _text(value)


def _str(value: Value) -> Value:
    if value.kind == "boolean":
        return Value("string", "true" if value.content else "false")
    if value.kind == "number":
        return Value("string", term_of(value).decode().split('"')[1])
    return Value("string", str(value.content))


def _datatype(value: Value) -> Value:
    if value.kind == "iri":
        raise ExpressionError
    return Value("iri", value.detail if value.kind in ("number", "other") else _DATATYPES[value.kind])


def _lang(value: Value) -> Value:
    if value.kind == "iri":
        raise ExpressionError
    return Value("string", value.detail if value.kind == "text" else "")


def _language_matches(value: Value, wanted: Value) -> Value:
    tag, prefix = _plain(value).lower(), _plain(wanted).lower()
    return _boolean(bool(tag) if prefix == "*" else tag == prefix or tag.startswith(f"{prefix}-"))


def _replace(value: Value, pattern: Value, replacement: Value) -> Value:
    text, wanted, new = _plain(value), _plain(pattern), _plain(replacement)
    if re.search(r"[\\?]|\(\?", wanted) or re.search(r"\\|\$(?!\d)|\$\d\d", new):
        raise UnansweredError("a pattern of this kind")
    return Value("string", re.sub(wanted, re.sub(r"\$(\d)", r"\\g<\1>", new), text))


def _decimal(value: Value) -> Value:
    if value.kind == "number":
        return Value("number", value.content, _DECIMAL)
    text = _plain(value)
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", text) is None:
        raise ExpressionError
    return Value("number", _number(text, _DECIMAL), _DECIMAL)


def _computed(work: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Value, Value], Value]:
    def compute(one: Value, other: Value) -> Value:
        if one.kind != "number" or other.kind != "number":
            raise ExpressionError
        detail = _DECIMAL if _DECIMAL in (one.detail, other.detail) else _INTEGER
        return Value("number", work(one.content, other.content), detail)  # type: ignore[arg-type]

    return compute


_LAZY: dict[str, Callable[[Sequence[Evaluate], Row], Value]] = {
    "||": lambda parts, row: _either(parts, row, wanted=True),
    "&&": lambda parts, row: _either(parts, row, wanted=False),
    "COALESCE": _coalesce,
    "IN": _among,
    "IF": _either_of,
}
_FUNCTIONS: dict[str, tuple[int, Callable[..., Value]]] = {
    "!": (1, lambda value: _boolean(not truth(value))),
    "=": (2, lambda one, other: _boolean(_equal(one, other))),
    "!=": (2, lambda one, other: _boolean(not _equal(one, other))),
    "<": (2, lambda one, other: _boolean(_less(one, other))),
    ">": (2, lambda one, other: _boolean(_less(other, one))),
    "<=": (2, lambda one, other: _boolean(not _less(other, one))),
    ">=": (2, lambda one, other: _boolean(not _less(one, other))),
    "+": (2, _computed(lambda one, other: one + other)),
    "-": (2, _computed(lambda one, other: one - other)),
    "*": (2, _computed(lambda one, other: one * other)),
    "STR": (1, _str),
    "IRI": (1, _iri),
    "URI": (1, _iri),
    "LANG": (1, _lang),
    "DATATYPE": (1, _datatype),
    "LANGMATCHES": (2, _language_matches),
    "CONTAINS": (2, lambda text, part: _boolean(_plain(part) in _plain(text))),
    "STRSTARTS": (2, lambda text, part: _boolean(_plain(text).startswith(_plain(part)))),
    "STRENDS": (2, lambda text, part: _boolean(_plain(text).endswith(_plain(part)))),
    "UCASE": (1, lambda text: Value("string", _plain(text).upper())),
    "CONCAT": (-1, lambda *texts: Value("string", "".join(map(_plain, texts)))),
    "REPLACE": (3, _replace),
    f"<{_DECIMAL}>": (1, _decimal),
}
