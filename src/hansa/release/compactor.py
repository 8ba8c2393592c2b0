"""Compact JSON-LD (https://www.w3.org/TR/json-ld11-api/#compaction-algorithm) of one thing after another.

The general algorithm needs the whole document in memory and two seconds for ten thousand statements. Ours is for the
contexts of :mod:`hansa.release.context` only: prefixes, and terms that are prefixed names of properties with a
datatype, ``@id`` or a language map. Tests prove the bytes equal to those of pyld.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from hansa.rdf import NamedNode, quads_of
from hansa.release.context import Context
from hansa.release.jsonld import dump
from hansa.release.order import Thing
from hansa.release.things import Known
from hansa.release.turtle import head_of
from hansa.vocab import RDF, XSD

_TYPE = f"<{RDF.type.value}>".encode()
_STRING = XSD.string.value.encode()
_CLASS = b"@type"
_SHORT, _FULL, _MAP = 0, 1, 2
_Value = tuple[int, bytes, bytes]
"""Where a value goes (under the key, under the full key, into the language map), its language there, its text."""
_KEY = b"\n   "
"""What stands before each key of a thing: the document is indented by one space a level."""


class Compactor:
    """Writes things with one context.

    :param context: the value of ``@context``
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        names = {k: v for k, v in context.items() if isinstance(v, str)}
        self._prefixes = [(iri.encode(), f"{prefix}:".encode()) for prefix, iri in names.items()]
        self._fitting: dict[bytes, list[tuple[bytes, bytes]]] = {}
        self._terms = {k.encode(): v for k, v in context.items() if isinstance(v, dict)}
        self.names = Known(self._name)
        self._properties: dict[bytes, _Property] = {}
        self._written: dict[bytes, _Written] = {}

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
        head = head_of(iri)
        if head not in self._fitting:
            # The namespaces end in "/" or "#", so that all names with one head have the same.
            self._fitting[head] = [(space, prefix) for space, prefix in self._prefixes if head.startswith(space)]
        names = [prefix + iri[len(space) :] for space, prefix in self._fitting[head] if iri != space]
        if len(names) < 2:
            return names[0] if names else iri
        return min(names, key=lambda name: (len(name), name))

    def _property(self, predicate: bytes) -> _Property:
        if predicate not in self._properties:
            self._properties[predicate] = self._make_property(predicate)
        return self._properties[predicate]

    def _make_property(self, predicate: bytes) -> _Property:
        iri = predicate[1:-1]
        name = self._name(iri)
        term = self._terms.get(name)
        if predicate == _TYPE:
            return _Property(b'"@type"', _quoted(name), self._values_of(_CLASS))
        if term is None:
            return _Property(_quoted(name), _quoted(name), self._values_of(b""))
        kind = term.get("@type", "@language").encode()
        return _Property(
            _quoted(name), _quoted(iri), self._values_of(kind if kind[:1] == b"@" else self._expanded(kind))
        )

    def _values_of(self, kind: bytes) -> _Written:
        if kind not in self._written:
            self._written[kind] = _Written(self, kind)
        return self._written[kind]

    def _expanded(self, name: bytes) -> bytes:
        prefix, colon, local = name.partition(b":")
        spaces = {p: space for space, p in self._prefixes}
        return spaces[prefix + colon] + local if colon and prefix + colon in spaces else name

    # ------------------------------------------------------------ things
    def thing(self, thing: Thing) -> bytes:
        """Write a thing, values in the order given."""
        subject, runs = thing
        found: dict[bytes, list[bytes]] = {}
        maps: dict[bytes, dict[bytes, list[bytes]]] = {}
        for predicate, values in runs:
            key, full, written = self._properties.get(predicate) or self._property(predicate)
            for place, language, text in map(written.__getitem__, values):
                if place is _MAP:
                    maps.setdefault(key, {}).setdefault(language, []).append(text)
                else:
                    name = key if place is _SHORT else full
                    if name in found:
                        found[name].append(text)
                    else:
                        found[name] = [text]
        parts = {key: _array(texts, 3) for key, texts in found.items()}
        parts |= {key: _language_map(texts) for key, texts in maps.items()}
        parts[b'"@id"'] = _quoted(self._name(subject[1:-1]))
        return b"\n  {" + b",".join([_KEY + key + b": " + parts[key] for key in sorted(parts)]) + b"\n  }"

    def value(self, term: bytes, kind: bytes) -> _Value:
        """Write a value of a property.

        :param kind: the datatype that values have under its key (``@id``, ``@language``), if there is any
        """
        if term.startswith(b"<"):
            name = _quoted(self.names[term[1:-1]])
            if kind in (b"@id", _CLASS):
                return _SHORT, b"", name
            return _FULL, b"", _object((b"@id", name))
        return self._literal(term, kind)

    def _literal(self, term: bytes, kind: bytes) -> _Value:
        text, language, datatype = _split_literal(term)
        if kind == b"@language" and (language or datatype == _STRING):
            return _MAP, language or b"@none", text
        if language:
            return _FULL, b"", _object((b"@language", _quoted(language)), (b"@value", text))
        if datatype in (_STRING, kind):
            return _FULL if datatype == _STRING else _SHORT, b"", text
        return _FULL, b"", _object((b"@type", _quoted(self.names[datatype])), (b"@value", text))


class _Written(dict[bytes, _Value]):
    """The values of one kind that have been written before."""

    def __init__(self, compactor: Compactor, kind: bytes) -> None:
        self._compactor = compactor
        self._kind = kind

    def __missing__(self, term: bytes) -> _Value:
        self[term] = found = self._compactor.value(term, self._kind)
        return found


class _Property(NamedTuple):
    """How a property is written: its key, its full key, and its values."""

    key: bytes
    full: bytes
    values: _Written


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
        item = items[0]
        return _indented(item, level) if item.startswith(b"{") else item
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
