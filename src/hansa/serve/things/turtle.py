"""Turtle (RDF 1.1 Turtle) from blocks of N-Triples terms: short names where the prefixes have them, the rest as it is.

Every N-Triples term is a Turtle term, so only IRIs are touched. The engine's own writer takes objects, whose making
costs five times as much as the whole answer here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from hansa.rdf import NamedNode
from hansa.serve.http.cache import Remembered
from hansa.serve.things.blocks import Block
from hansa.vocab import RDF, XSD

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9_])?\Z", re.ASCII)
"""Local names that need no escape; narrower than PN_LOCAL."""
_TYPE = str(RDF.type)
_A = ("a", "")
_INTEGER = re.compile(r"[+-]?[0-9]+\Z", re.ASCII)
_BARE = {str(XSD.integer): _INTEGER, str(XSD.boolean): re.compile(r"(?:true|false)\Z")}
_TERMS = 1 << 12
_Written = tuple[str, str, str, str, str]
"""Property with value, property, value, and the prefixes of both."""


class TurtleWriter:
    """Writes blocks with the prefixes of a release.

    :param prefixes: namespaces by prefix
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = dict(prefixes)
        self._by_namespace = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._term = lru_cache(maxsize=_TERMS)(self._iri)
        self._said = Remembered(self._write_said, _TERMS)

    def _iri(self, iri: str) -> tuple[str, str]:
        """Give an IRI in angle brackets its short name; and the prefix used, which may be none."""
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._by_namespace.get(iri[1:cut])
        if prefix is None or not _LOCAL.match(local := iri[cut:-1]):
            return iri, ""
        return f"{prefix}:{local}", prefix

    def _write_object(self, term: str) -> tuple[str, str]:
        if term[0] == "<":
            return self._term(term)
        if term[-1] != ">":
            return term, ""
        value, _, datatype = term.rpartition("^^")
        bare = _BARE.get(datatype)
        if bare and bare.match(value[1:-1]):
            return value[1:-1], ""
        short, prefix = self._term(datatype)
        return f"{value}^^{short}", prefix

    def _write_said(self, said: str) -> _Written:
        predicate, _, obj = said.partition(" ")
        name, first = _A if predicate == _TYPE else self._term(predicate)
        text, second = self._write_object(obj)
        return f"{name} {text}", name, text, first, second

    def _fragment(self, block: Block) -> tuple[str, set[str]]:
        """Write a block; give the text and the prefixes used in it."""
        name, prefix = self._term(block.subject)
        known = self._said
        written = [known[said] for said in block.said]
        if len({about for _, about, _, _, _ in written}) == len(written):
            text = " ;\n    ".join([whole for whole, _, _, _, _ in written])
        else:
            text = _several(written)
        used = {prefix, *[first for _, _, _, first, _ in written], *[second for _, _, _, _, second in written]}
        block.turtle = f"{name} {text} .\n", used
        return block.turtle

    def write(self, blocks: Iterable[Block]) -> bytes:
        """Write a document; it declares the prefixes that it uses."""
        fragments = [block.turtle or self._fragment(block) for block in blocks]
        used = set[str]().union(*[prefixes for _, prefixes in fragments])
        head = [f"@prefix {name}: {NamedNode(iri)} .\n" for name, iri in self._prefixes.items() if name in used]
        return "".join([*head, *["\n" + text for text, _ in fragments]]).encode()


def _several(written: Iterable[_Written]) -> str:
    """Write what a block says where some property has several values."""
    parts, before = [], ""
    for whole, name, text, _, _ in written:
        parts.append(f", {text}" if name == before else f" ;\n    {whole}" if before else whole)
        before = name
    return "".join(parts)
