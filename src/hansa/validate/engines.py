"""The SHACL engines: pySHACL, the reference, and a fast Core engine where its wheel exists.

Both give a ``sh:ValidationReport``; a test proves them equal on every snippet of our shapes, on the shipped graph and
on damaged data. The fast one is young and kept by one person, so it is an extra and never the only way.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from enum import StrEnum
from importlib.util import find_spec

import pyshacl
import rdflib

from hansa.errors import HansaError
from hansa.rdf import FORMATS, BlankNode, Literal, NamedNode, Quad, Term, parse_bytes, serialise
from hansa.validate.inputs import distinct
from hansa.vocab import XSD


class Engine(StrEnum):
    """Who validates: ``auto`` is the fast engine where it is installed, else the reference."""

    AUTO = "auto"
    FAST = "fast"
    PYSHACL = "pyshacl"


def run(engine: Engine, data: Iterable[Quad], shapes: Iterable[Quad]) -> rdflib.Graph:
    """Validate some statements and give the report.

    :raises HansaError: when the shapes are wrong, or the fast engine is asked for and not installed
    """
    has_fast = find_spec("shacl") is not None
    if engine is Engine.FAST and not has_fast:
        raise HansaError("the fast SHACL engine is not installed", "pip install 'hansa[fast]', or use --engine pyshacl")
    return _fast(data, shapes) if has_fast and engine is not Engine.PYSHACL else _pyshacl(data, shapes)


def _wrong(reason: object) -> HansaError:
    return HansaError(f"the shapes cannot be used: {reason}", "correct the file in shapes/")


# ---------------------------------------------------------------- the fast engine
def _fast(data: Iterable[Quad], shapes: Iterable[Quad]) -> rdflib.Graph:
    import shacl  # noqa: PLC0415 - an optional extra

    try:
        report = shacl.Shapes.from_text(_ntriples(shapes), "ntriples").validate_text(_ntriples(data), "ntriples")
    except ValueError as error:
        raise _wrong(error) from error
    return filled(rdflib.Graph(), parse_bytes(report.serialize("ntriples").encode(), FORMATS["ntriples"]))


def _ntriples(quads: Iterable[Quad]) -> str:
    return serialise((quad.triple for quad in distinct(quads)), FORMATS["ntriples"]).decode()


# ---------------------------------------------------------------- the reference
class _ShapesGraph(rdflib.Graph):
    """Remembers its lists: pySHACL walks the members of a long ``sh:languageIn`` anew for every text it looks at."""

    def __init__(self) -> None:
        super().__init__()
        self._lists: dict[rdflib.term.Node, tuple[rdflib.term.Node, ...]] = {}

    def items(self, list: rdflib.term.Node) -> Generator[rdflib.term.Node, None, None]:  # noqa: A002 - rdflib's name
        if list not in self._lists:
            self._lists[list] = tuple(super().items(list))
        yield from self._lists[list]


def _pyshacl(data: Iterable[Quad], shapes: Iterable[Quad]) -> rdflib.Graph:
    """Run pySHACL, never with ``focus_nodes`` or ``use_shapes`` (they lose and invent results).

    The graphs are plain rdflib graphs made term by term, because both sides must come from the same parser.
    """
    try:
        # The graph is ours alone, so that pySHACL need not copy it first.
        graph, wanted = filled(rdflib.Graph(), data), filled(_ShapesGraph(), shapes)
        _, report, text = pyshacl.validate(graph, shacl_graph=wanted, inference="none", inplace=True)
    except Exception as error:  # pySHACL raises many kinds, for wrong shapes only
        raise _wrong(error) from error
    if not isinstance(report, rdflib.Graph):
        raise _wrong(text)
    return report


# ---------------------------------------------------------------- terms
def filled(graph: rdflib.Graph, quads: Iterable[Quad]) -> rdflib.Graph:
    """Add the triples of some statements to an rdflib graph, literals as they were written."""
    for quad in distinct(quads):
        graph.add((_to_rdflib(quad.subject), _to_rdflib(quad.predicate), _to_rdflib(quad.object)))  # type: ignore[arg-type]
    return graph


def _to_rdflib(term: Term) -> rdflib.term.Identifier:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = None if term.datatype == XSD.string else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def from_rdflib(term: rdflib.term.Node) -> Term:
    """Convert a term of a report back."""
    if isinstance(term, rdflib.Literal):
        if term.language:
            return Literal(str(term), language=term.language)
        return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
    return BlankNode(str(term)) if isinstance(term, rdflib.BNode) else NamedNode(str(term))
