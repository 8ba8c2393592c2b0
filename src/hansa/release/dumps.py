"""Write the dataset in every format, and gzip beside each: segment by segment, on all cores.

A segment gives a fragment of each dump; head, fragments and tail joined are the dump, byte for byte what a single run
over the whole would write. Fragments are compressed one by one, since gzip (RFC 1952, section 2.2) allows a file of
several members.
"""

from __future__ import annotations

import gzip
import marshal
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, TypeVar

from hansa.config import Config
from hansa.errors import HansaError
from hansa.packed import PackedGraph, group
from hansa.rdf import FORMATS, Line, Literal, NamedNode, Quad, Triple, lines_of, parse_bytes, quads_of, serialise
from hansa.release.compactor import Compactor
from hansa.release.context import Context, build_context
from hansa.release.order import Thing, ends_off, reading_order, things_of
from hansa.release.segments import Segments
from hansa.release.tally import Tally, tally
from hansa.release.things import TurtleThings, XmlThings
from hansa.release.turtle import fitting_prefixes, head_of, heads_of, namespaces, turtle_head
from hansa.workers import spread

# XML 1.0 section 2.2: what a document may not hold; a carriage return would come back as a line feed.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_MAYBE_NOT_XML = re.compile(rb"\\[bfru]|\xef\xbf[\xbe\xbf]")
_QNAME_END = re.compile(r"[^\W\d][\w.-]*\Z")
_XML_TAIL = b"</rdf:RDF>"
_XML_HEAD_END = b">\n"
_LEVEL = 6
_PLAIN_MARSHAL = 2
"""The version that does not look for what it has written before."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Dumped:
    """What writing the dumps has found out.

    :param counts: everything that adds up
    :param sizes: statements and things of each graph
    :param hash: SHA-256 of the canonical N-Quads
    """

    counts: Tally
    context: Context
    sizes: dict[NamedNode, tuple[int, int]] = field(default_factory=dict)
    hash: str = ""


class DumpWriter:
    """Writes ``hansa.{nt,nq,ttl,trig,rdf,jsonld}``, each with ``.gz``.

    :param graphs: the dataset, in the order of the names
    :param ontology: what declares our own properties
    :param out: where the dumps go
    :param scratch: where fragments stand until they are joined
    """

    def __init__(
        self, graphs: list[PackedGraph], ontology: Iterable[Quad], config: Config, out: Path, scratch: Path
    ) -> None:
        self._graphs = graphs
        self._ontology = list(ontology)
        self._config = config
        self._out = out
        self._scratch = scratch
        self._segments = Segments(graphs, scratch)
        self._compactor = Compactor({})

    def write(self) -> Dumped:
        """Write all dumps.

        :raises HansaError: when a statement cannot be said in one of the formats
        """
        counts, digest = self._write_lines()
        heads = counts.heads | {head_of(graph.name.value.encode()) for graph in self._graphs}
        context = build_context(counts.kinds, counts.heads, self._ontology, self._config.vocab)
        self._compactor = Compactor(context)
        dumped = Dumped(counts, context, hash=digest)
        self._write_things(dumped)
        self._write_trig(dumped, fitting_prefixes(heads, self._config.prefixes))
        return dumped

    def _spread(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        return spread(function, items, small=self._segments.is_small)

    # ------------------------------------------------------------ sorted lines
    def _write_lines(self) -> tuple[Tally, str]:
        """Write N-Quads and N-Triples; give what is in them, and the hash of the first."""
        total, digest = Tally(), sha256()
        with _Joined(self._out, ("nt", "nq")) as joined:
            for number, found in enumerate(self._spread(self._lines, range(len(self._segments)))):
                total.add(found)
                digest.update((self._scratch / f"{number}.nq").read_bytes())
                joined.take(self._scratch, str(number))
        refuse_unsayable(total)
        return total, digest.hexdigest()

    def _lines(self, number: int) -> Tally:
        """Write a segment in the formats of lines, and leave its things for those of things."""
        quads = self._segments.quads(number)
        statements = distinct_triples(quads)
        text = b" .\n".join([*statements, b""])
        refuse_control_characters(text)
        _write_fragment(self._scratch / f"{number}.nq", b"".join(quads))
        _write_fragment(self._scratch / f"{number}.nt", text)
        things = list(things_of(statements))
        (self._scratch / f"things-{number}").write_bytes(marshal.dumps(things, _PLAIN_MARSHAL))
        return tally(things, len(quads), self._config)

    # ------------------------------------------------------------ thing by thing
    def _write_things(self, dumped: Dumped) -> None:
        prefixes = fitting_prefixes(dumped.counts.heads, self._config.prefixes)
        with _Joined(self._out, ("ttl", "rdf", "jsonld")) as joined:
            joined.write("ttl", turtle_head(prefixes))
            joined.write("rdf", _xml_head(prefixes))
            joined.write("jsonld", self._compactor.head())
            for number in self._spread(self._fragments, range(len(self._segments))):
                joined.take(self._scratch, str(number))
            joined.write("rdf", _XML_TAIL)
            joined.write("jsonld", self._compactor.tail(dumped.counts.subjects))

    def _fragments(self, number: int) -> int:
        """Write a segment thing by thing; a comma before each thing of JSON-LD but the very first."""
        path = self._scratch / f"things-{number}"
        things: list[Thing] = marshal.loads(path.read_bytes())
        path.unlink()
        prefixes = self._config.prefixes
        comma = b"," if number and things else b""
        texts = {
            "ttl": b"".join(map(TurtleThings(prefixes).thing, things)),
            "rdf": b"".join(map(XmlThings(prefixes).thing, things)),
            "jsonld": comma + b",".join(map(self._compactor.thing, things)),
        }
        for extension, text in texts.items():
            _write_fragment(self._scratch / f"{number}.{extension}", text)
        return number

    # ------------------------------------------------------------ TriG
    def _write_trig(self, dumped: Dumped, prefixes: Mapping[str, str]) -> None:
        groups = list(enumerate(group(sorted(self._graphs, key=lambda graph: str(graph.name)))))
        with _Joined(self._out, ("trig",)) as joined:
            joined.write("trig", turtle_head(prefixes))
            for number, sizes in self._spread(self._trig_fragment, groups):
                dumped.sizes |= {NamedNode(name): size for name, size in sizes.items()}
                joined.take(self._scratch, f"graphs-{number}")

    def _trig_fragment(self, numbered: tuple[int, list[PackedGraph]]) -> tuple[int, dict[str, tuple[int, int]]]:
        number, graphs = numbered
        writer = TurtleThings(self._config.prefixes, b"\t")
        sizes, body = {}, []
        for graph in graphs:
            things = list(things_of(ends_off(graph.lines())))
            sizes[graph.name.value] = graph.size, len(things)
            if things:
                name = writer.names[f"<{graph.name.value}>".encode()]
                body += [b"\n%s {\n" % name, *map(writer.thing, things), b"}\n"]
        _write_fragment(self._scratch / f"graphs-{number}.trig", b"".join(body))
        return number, sizes


class _Joined:
    """Dumps that grow by fragments, and their compressed twins."""

    def __init__(self, out: Path, extensions: Iterable[str]) -> None:
        self._files: dict[str, tuple[IO[bytes], IO[bytes]]] = {}
        self._paths = {e: (out / f"hansa.{e}", out / f"hansa.{e}.gz") for e in extensions}

    def __enter__(self) -> _Joined:
        self._files = {e: (plain.open("wb"), packed.open("wb")) for e, (plain, packed) in self._paths.items()}
        return self

    def __exit__(self, *_: object) -> None:
        for pair in self._files.values():
            for file in pair:
                file.close()

    def write(self, extension: str, data: bytes) -> None:
        """Add bytes."""
        plain, packed = self._files[extension]
        plain.write(data)
        packed.write(_gzip(data))

    def take(self, scratch: Path, name: str) -> None:
        """Add the fragments of that name and remove them."""
        for extension, pair in self._files.items():
            for file, ending in zip(pair, ("", ".gz"), strict=True):
                path = scratch / f"{name}.{extension}{ending}"
                file.write(path.read_bytes())
                path.unlink()


def _gzip(data: bytes) -> bytes:
    """Compress; the header has neither time nor name, so equal input gives equal bytes."""
    return gzip.compress(data, _LEVEL, mtime=0)


def _write_fragment(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.with_name(f"{path.name}.gz").write_bytes(_gzip(data))


def distinct_triples(quads: Iterable[Line]) -> list[bytes]:
    """Give the distinct triples of sorted lines of N-Quads, in order, each without its end."""
    return list(dict.fromkeys([quad[: quad.rindex(b" <")] for quad in quads]))


# ---------------------------------------------------------------- RDF/XML
def _xml_head(prefixes: Mapping[str, str]) -> bytes:
    text = serialise([], FORMATS["rdfxml"], prefixes)
    return text[: text.rindex(_XML_TAIL)]


def xml_body(lines: Iterable[Line], prefixes: Mapping[str, str]) -> bytes:
    """Write lines of N-Triples as RDF/XML without head and tail."""
    parsed = parse_bytes(b"".join(lines), FORMATS["ntriples"])
    text = serialise((quad.triple for quad in parsed), FORMATS["rdfxml"], namespaces(prefixes))
    start = text.index(_XML_HEAD_END, text.index(b"<rdf:RDF")) + len(_XML_HEAD_END)
    return text[start : text.rindex(_XML_TAIL)]


def write_rdfxml(triples: Iterable[Triple], out: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write triples as RDF/XML in reading order."""
    lines = reading_order(set(lines_of(triples)))
    out.write(_xml_head(fitting_prefixes(heads_of(lines), prefixes)))
    out.write(xml_body(lines, prefixes) + _XML_TAIL)


def refuse_unsayable(counts: Tally) -> None:
    """Refuse properties and classes that do not end in a name, which RDF/XML cannot say.

    :raises HansaError: naming the first
    """
    for term in sorted({*counts.uses, *counts.members}):
        if term.startswith(b"<") and not _QNAME_END.search(term[1:-1].decode()):
            raise HansaError(
                f"{term.decode()} cannot be written as RDF/XML",
                "use properties and classes whose IRIs end in a name that starts with a letter",
            )


def refuse_control_characters(text: bytes) -> None:
    """Refuse control characters in texts.

    :param text: N-Triples
    :raises HansaError: naming the statement
    """
    if not (b"\\" in text or b"\xef\xbf" in text) or not _MAYBE_NOT_XML.search(text):
        return
    for line in text.splitlines(keepends=True):
        for quad in quads_of([line], NamedNode("urn:x")) if _MAYBE_NOT_XML.search(line) else ():
            if isinstance(quad.object, Literal) and _NOT_XML.search(quad.object.value):
                raise HansaError(
                    f"the text in {quad.triple} holds a control character", "remove it; RDF/XML cannot hold it"
                )
