"""Compact JSON-LD (https://www.w3.org/TR/json-ld11-api/#compaction-algorithm) of one thing after another.

The general algorithm needs the whole document in memory and two seconds for ten thousand statements. Ours is for the
contexts of :mod:`hansa.release.context` only: prefixes, and terms that are prefixed names of properties with a
datatype, ``@id`` or a language map. Tests prove the bytes equal to those of pyld.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

from hansa.rdf import Line, NamedNode, quads_of
from hansa.release.context import Context
from hansa.release.jsonld import dump
from hansa.vocab import RDF, XSD

_TYPE = f"<{RDF.type.value}>".encode()
_STRING = XSD.string.value.encode()
_KEY = b"\n   "
"""What stands before each key of a thing: the document is indented by one space a level."""


class Compactor:
    """Writes things with one context.

    :param context: the value of ``@context``
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        names = {k: v for k, v in context.items() if isinstance(v, str)}
        self._prefixes = [(iri.encode(), prefix.encode()) for prefix, iri in names.items()]
        self._terms = {k.encode(): v for k, v in context.items() if isinstance(v, dict)}
        self.name = lru_cache(200_000)(self._name)
        self._property = lru_cache(None)(self._make_property)

    def head(self) -> bytes:
        """Give what stands before the first thing."""
        text = dump({"@context": self._context, "@graph": []})
        return text.removesuffix(b"[]\n}\n") + b"["

    def tail(self, things: int) -> bytes:
        """Give what stands after the last of some things."""
        return b"\n ]\n}\n" if things else b"]\n}\n"

    # ------------------------------------------------------------ names
    def _name(self, iri: bytes) -> bytes:
        """Give the shortest prefixed name of an IRI, the first in the alphabet among equals, or the IRI."""
        fitting = [
            prefix + b":" + iri[len(space) :]
            for space, prefix in self._prefixes
            if iri.startswith(space) and iri != space
        ]
        return min(fitting, key=lambda name: (len(name), name), default=iri)

    def _make_property(self, predicate: bytes) -> tuple[bytes, bytes, bytes, bytes]:
        """Give key, full key, the datatype that values have under the key (``@id``, ``@language``), if there is any."""
        iri = predicate[1:-1]
        name = self._name(iri)
        term = self._terms.get(name)
        kind = b""
        if term is not None:
            kind = term.get("@type", "@language").encode()
        kind = kind if kind.startswith(b"@") or not kind else self._expanded(kind)
        return _quoted(name), _quoted(iri) if term is not None else _quoted(name), kind, name

    def _expanded(self, name: bytes) -> bytes:
        prefix, colon, local = name.partition(b":")
        spaces = {p: space for space, p in self._prefixes}
        return spaces[prefix] + local if colon and prefix in spaces else name

    # ------------------------------------------------------------ things
    def thing(self, lines: Iterable[Line]) -> bytes:
        """Write the statements about one thing, values in the order given."""
        values: dict[bytes, list[bytes]] = {}
        maps: dict[bytes, dict[bytes, list[bytes]]] = {}
        subject = b""
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            if predicate == _TYPE and rest.startswith(b"<"):
                values.setdefault(b'"@type"', []).append(_quoted(self.name(rest[1:-4])))
                continue
            key, full, kind, _ = self._property(predicate)
            if rest.startswith(b"<"):
                name = _quoted(self.name(rest[1:-4]))
                fits = kind == b"@id"
                values.setdefault(key if fits else full, []).append(name if fits else _object((b"@id", name)))
            else:
                self._add_literal(rest[:-3], (key, full, kind), values, maps)
        parts = {b'"@id"': _quoted(self.name(subject[1:-1]))}
        parts |= {key: _array(found, 3) for key, found in values.items()}
        parts |= {key: _language_map(found) for key, found in maps.items()}
        return b"\n  {" + b",".join(_KEY + key + b": " + parts[key] for key in sorted(parts)) + b"\n  }"

    def _add_literal(
        self,
        literal: bytes,
        names: tuple[bytes, bytes, bytes],
        values: dict[bytes, list[bytes]],
        maps: dict[bytes, dict[bytes, list[bytes]]],
    ) -> None:
        key, full, kind = names
        text, language, datatype = _split_literal(literal)
        if kind == b"@language" and (language or datatype == _STRING):
            maps.setdefault(key, {}).setdefault(language or b"@none", []).append(text)
        elif language:
            values.setdefault(full, []).append(_object((b"@language", _quoted(language)), (b"@value", text)))
        elif datatype == _STRING:
            values.setdefault(full, []).append(text)
        elif datatype == kind:
            values.setdefault(key, []).append(text)
        else:
            typed = (b"@type", _quoted(self.name(datatype))), (b"@value", text)
            values.setdefault(full, []).append(_object(*typed))


def _split_literal(literal: bytes) -> tuple[bytes, bytes, bytes]:
    """Give the text in JSON, the language and the datatype of a literal in N-Triples."""
    end = literal.rfind(b'"')
    text, rest = literal[: end + 1], literal[end + 1 :]
    if b"\\" in text:
        text = _unescaped(text)
    if rest.startswith(b"@"):
        return text, rest[1:], b""
    return text, b"", rest[3:-1] or _STRING


def _unescaped(text: bytes) -> bytes:
    value = quads_of([b"<x:x> <x:x> " + text + b" .\n"], NamedNode("x:x"))[0].object.value  # type: ignore[union-attr]
    return json.dumps(value, ensure_ascii=False).encode()


def _quoted(text: bytes) -> bytes:
    return b'"' + text + b'"'


def _object(*pairs: tuple[bytes, bytes]) -> bytes:
    """Write a small object; its indentation is put in when its level is known."""
    return b"{\t" + b",\t".join(b'"%s": %s' % pair for pair in pairs) + b"\n}"


def _array(items: list[bytes], level: int) -> bytes:
    """Write one value as itself, several as an array."""
    if len(items) == 1:
        return _indented(items[0], level)
    space = b"\n" + b" " * (level + 1)
    return b"[" + b",".join(space + _indented(item, level + 1) for item in items) + b"\n" + b" " * level + b"]"


def _indented(item: bytes, level: int) -> bytes:
    if not item.startswith(b"{"):
        return item
    space = b" " * level
    return item.replace(b"\n}", b"\n" + space + b"}").replace(b"\t", b"\n " + space)


def _language_map(found: dict[bytes, list[bytes]]) -> bytes:
    entries = (b'\n    "%s": %s' % (language, _array(found[language], 4)) for language in sorted(found))
    return b"{" + b",".join(entries) + b"\n   }"
