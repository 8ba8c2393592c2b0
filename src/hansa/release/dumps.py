"""Write the dataset in every format, and gzip beside each."""

from __future__ import annotations

import gzip
import re
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from hansa.errors import HansaError
from hansa.rdf import FORMATS, Literal, NamedNode, Quad, Triple, write
from hansa.release.canonical import lines
from hansa.release.context import Context
from hansa.release.jsonld import compact
from hansa.release.turtle import reading_order, used_prefixes, write_trig, write_turtle
from hansa.vocab import RDF

# XML 1.0 section 2.2: what a document may not hold; a carriage return would come back as a line feed.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_QNAME_END = re.compile(r"[^\W\d][\w.-]*\Z")


def write_dumps(
    quads: list[Quad], triples: list[Triple], context: Context, prefixes: Mapping[str, str], out: Path
) -> None:
    """Write ``hansa.{nt,nq,ttl,trig,rdf,jsonld}``, each with ``.gz``.

    :param quads: the dataset in canonical order
    :param triples: the union of its graphs in canonical order
    :raises HansaError: when a statement cannot be said in one of the formats
    """
    refuse_unsayable(triples)
    writers: dict[str, Callable[[IO[bytes]], object]] = {
        "nt": lambda f: f.writelines(lines(triples)),
        "nq": lambda f: f.writelines(lines(quads)),
        "ttl": lambda f: write_turtle(triples, f, prefixes),
        "trig": lambda f: write_trig(quads, f, prefixes),
        "rdf": lambda f: write_rdfxml(triples, f, prefixes),
        "jsonld": lambda f: f.write(compact(triples, context)),
    }
    for extension, writer in writers.items():
        path = out / f"hansa.{extension}"
        with path.open("wb") as file:
            writer(file)
        write_gzip(path)


def refuse_unsayable(triples: Iterable[Triple]) -> None:
    """Refuse what RDF/XML cannot say: properties that do not end in a name, and control characters in text.

    :raises HansaError: naming the statement
    """
    named: set[str] = set()
    for triple in triples:
        for iri in _element_names(triple):
            if iri not in named and not _QNAME_END.search(iri):
                raise HansaError(
                    f"<{iri}> in {triple} cannot be written as RDF/XML",
                    "use properties and classes whose IRIs end in a name that starts with a letter",
                )
            named.add(iri)
        if isinstance(triple.object, Literal) and _NOT_XML.search(triple.object.value):
            raise HansaError(f"the text in {triple} holds a control character", "remove it; RDF/XML cannot hold it")


def _element_names(triple: Triple) -> Iterator[str]:
    """Give the IRIs of a statement that become names of XML elements."""
    yield triple.predicate.value
    if triple.predicate == RDF.type and isinstance(triple.object, NamedNode):
        yield triple.object.value


def write_rdfxml(triples: Iterable[Triple], out: IO[bytes], prefixes: Mapping[str, str]) -> None:
    """Write triples as RDF/XML in reading order."""
    ordered = sorted(triples, key=reading_order)
    write(ordered, out, FORMATS["rdfxml"], used_prefixes(ordered, prefixes))


def write_gzip(path: Path) -> Path:
    """Compress a file beside itself; the header has neither time nor name, so equal input gives equal bytes."""
    target = path.with_name(f"{path.name}.gz")
    with (
        path.open("rb") as source,
        target.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=zlib.Z_BEST_COMPRESSION, fileobj=raw, mtime=0) as packed,
    ):
        shutil.copyfileobj(source, packed)
    return target
