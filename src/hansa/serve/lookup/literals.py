"""Literals as columns of a table."""

from __future__ import annotations

from hansa.rdf import Literal, NamedNode

_PLAIN = frozenset({"http://www.w3.org/2001/XMLSchema#string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"})


def parts_of(literal: Literal) -> tuple[str, str, str]:
    """Give text, language and datatype; the datatype of a plain text is empty."""
    datatype = literal.datatype.value
    return literal.value, literal.language or "", "" if datatype in _PLAIN else datatype


def columns_of(said: tuple[str, str, str, object]) -> tuple[str, str, str]:
    """Give text, language and datatype of a literal that a record has: value, datatype, language, and more."""
    value, datatype, language, _ = said
    return value, language, "" if datatype in _PLAIN else datatype


def literal_of(value: str, language: str, datatype: str) -> Literal:
    """Make the literal of such columns."""
    if language:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value)
