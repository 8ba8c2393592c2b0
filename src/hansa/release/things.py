"""Write one thing after another in Turtle, TriG and RDF/XML, with the bytes that the engine gives.

The engine makes objects of every statement; here they stay bytes, and each name and value is written once and then
looked up. Whatever is not plain (odd characters in names, numbers, escapes) the engine writes. Tests prove the bytes
equal on anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import ascii_letters, digits

from hansa.rdf import FORMATS, parse_bytes, serialise
from hansa.release.order import Run, Thing
from hansa.release.turtle import namespaces, turtle_body
from hansa.vocab import RDF, XSD

TYPE = f"<{RDF.type.value}>".encode()
_LOCAL = f"{ascii_letters}{digits}_-".encode()
_PROBE = b"<x:x> <x:x> %s .\n"
_AS_TEXT = {f"<{kind.value}>".encode() for kind in (XSD.date, XSD.gYear, XSD.gYearMonth, XSD.anyURI, XSD.dateTime)}
_XSD = f"<{XSD.iri}".encode()
_XML_NAMES = (b"&", b"&amp;"), (b"'", b"&apos;")
_XML_TEXTS = (*_XML_NAMES, (b"<", b"&lt;"), (b">", b"&gt;"), (b'"', b"&quot;"))


class Known(dict[bytes, bytes]):
    """What has been written before, by the term in N-Triples.

    :param write: writes a term that is met for the first time
    """

    def __init__(self, write: Callable[[bytes], bytes]) -> None:
        self._write = write

    def __missing__(self, term: bytes) -> bytes:
        self[term] = found = self._write(term)
        return found


class TurtleThings:
    """Writes things in Turtle, an empty line before each.

    :param prefixes: the prefixes that names may be shortened with
    :param indent: what stands before each line
    """

    def __init__(self, prefixes: Mapping[str, str], indent: bytes = b"") -> None:
        self._prefixes = prefixes
        spaces = namespaces(prefixes)
        self._starts = tuple(space.encode() for space in spaces.values())
        # Which of two prefixes for the same names is taken, only the engine knows.
        clear = {prefix: space for prefix, space in spaces.items() if self._starts.count(space.encode()) == 1}
        self._spaces = {space.encode(): prefix.encode() + b":" for prefix, space in clear.items()}
        self._begin = b"\n" + indent
        self._next = b" ;\n\t" + indent
        self.names = Known(self._name)
        self._values = Known(self._value)
        self._predicates = Known(lambda term: b"a" if term == TYPE else self._name(term))

    def thing(self, thing: Thing) -> bytes:
        """Write a thing."""
        subject, runs = thing
        value, predicates = self._values.__getitem__, self._predicates
        said = [
            predicates[p] + b" " + (value(values[0]) if len(values) == 1 else b" , ".join(map(value, values)))
            for p, values in runs
        ]
        return b"%s%s %s .\n" % (self._begin, self._name(subject), self._next.join(said))

    def _name(self, term: bytes) -> bytes:
        head, slash, local = term[1:-1].rpartition(b"/")
        if b"#" in local:
            _, slash, local = local.rpartition(b"#")
            head = term[1 : -2 - len(local)]
        prefix = self._spaces.get(head + slash)
        if prefix and local and not local.translate(None, _LOCAL) and local[:1] != b"-":
            return prefix + local
        return self._by_engine(term) if term[1:-1].startswith(self._starts) else term

    def _value(self, term: bytes) -> bytes:
        if not term.startswith(b'"'):
            return self.names[term]
        end = term.rfind(b'"') + 1
        datatype = term[end + 2 :]
        if not term.startswith(b"^^", end):
            return term
        if datatype.startswith(_XSD) and datatype not in _AS_TEXT:
            return self._by_engine(term)
        return b"%s^^%s" % (term[:end], self.names[datatype])

    def _by_engine(self, term: bytes) -> bytes:
        """Write a term as the engine does."""
        written = turtle_body([_PROBE % term], self._prefixes)
        return written[len(b"\n<x:x> <x:x> ") : -len(b" .\n")]


class XmlThings:
    """Writes things in RDF/XML.

    :param prefixes: the prefixes that names of elements may have
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = namespaces(prefixes)
        self._values = Known(self._value)
        self._opening = Known(lambda term: self._element(term)[0])
        self._closing = Known(lambda term: self._element(term)[1])
        self._class_opening = Known(lambda term: self._class_element(term)[0])
        self._class_closing = Known(lambda term: self._class_element(term)[1])

    def thing(self, thing: Thing) -> bytes:
        """Write a thing; its first class is the name of its element."""
        subject, runs = thing
        about = b' rdf:about="' + _escaped(subject[1:-1], _XML_NAMES)
        if runs[0][0] != TYPE or not runs[0][1][0].startswith(b"<"):
            return b'\t<rdf:Description%s">\n%s\t</rdf:Description>\n' % (about, self._said(runs))
        classes = runs[0][1]
        said = self._said([(TYPE, classes[1:]), *runs[1:]])
        opening, closing = self._class_opening[classes[0]], self._class_closing[classes[0]]
        return b'\t<%s%s">\n%s\t</%s>\n' % (opening, about, said, closing)

    def _said(self, runs: list[Run]) -> bytes:
        parts: list[bytes] = []
        for predicate, values in runs:
            begin, end = b"\t\t<" + self._opening[predicate], self._closing[predicate] + b">\n"
            for value in values:
                written = self._values[value]
                parts += (begin, written) if value.startswith(b"<") else (begin, written, end)
        return b"".join(parts)

    def _value(self, term: bytes) -> bytes:
        """Write what stands behind the name of an element, up to the name at its end where there is one."""
        if term.startswith(b"<"):
            return b' rdf:resource="%s"/>\n' % _escaped(term[1:-1], _XML_NAMES)
        end = term.rfind(b'"')
        if b"\\" in term:
            return self._by_engine(term)
        text, rest = _escaped(term[1:end], _XML_TEXTS), term[end + 1 :]
        if rest.startswith(b"@"):
            return b' xml:lang="%s">%s</' % (rest[1:], text)
        kind = b' rdf:datatype="%s"' % _escaped(rest[3:-1], _XML_NAMES) if rest else b""
        return b"%s>%s</" % (kind, text)

    def _by_engine(self, term: bytes) -> bytes:
        element = self._serialised(b"<x:x> %s %s .\n" % (TYPE, term))
        return element[element.index(b"<rdf:type") + len(b"<rdf:type") : element.rindex(b"rdf:type>")]

    def _element(self, predicate: bytes) -> tuple[bytes, bytes]:
        """Give how the element of a property begins and ends, as the engine writes it."""
        written = self._serialised(b'<x:x> %s "\t" .\n' % predicate)
        start, end = written.index(b"\t\t<") + 3, written.index(b">\t</")
        return written[start:end], written[end + 4 : written.index(b">", end + 4)]

    def _class_element(self, name: bytes) -> tuple[bytes, bytes]:
        written = self._serialised(b'<x:x> %s %s .\n<x:x> <x:x/x> "x" .\n' % (TYPE, name))
        end = written.rindex(b"\t</") + 3
        return written[written.index(b"\t<") + 2 : written.index(b" rdf:about=")], written[end : written.rindex(b">")]

    def _serialised(self, lines: bytes) -> bytes:
        parsed = parse_bytes(lines, FORMATS["ntriples"])
        text = serialise((quad.triple for quad in parsed), FORMATS["rdfxml"], self._prefixes)
        start = text.index(b">\n", text.index(b"<rdf:RDF")) + 2
        return text[start : text.rindex(b"</rdf:RDF>")]


def _escaped(text: bytes, characters: tuple[tuple[bytes, bytes], ...]) -> bytes:
    for character, entity in characters:
        if character in text:
            text = text.replace(character, entity)
    return text
