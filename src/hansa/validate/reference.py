"""pySHACL, the reference SHACL engine: https://github.com/RDFLib/pySHACL."""

from __future__ import annotations

from collections.abc import Generator, Iterable

import pyshacl
import rdflib

from hansa.rdf import FORMATS, BlankNode, NamedNode, Quad, Term, parse_bytes
from hansa.validate.engines import unusable
from hansa.validate.inputs import distinct
from hansa.vocab import XSD


class _ShapesGraph(rdflib.Graph):
    """Remembers its lists: pySHACL walks the members of a long ``sh:languageIn`` anew for every text it looks at."""

    def __init__(self) -> None:
        super().__init__()
        self._lists: dict[rdflib.term.Node, tuple[rdflib.term.Node, ...]] = {}

    def items(self, list: rdflib.term.Node) -> Generator[rdflib.term.Node, None, None]:  # noqa: A002 - rdflib's name
        if list not in self._lists:
            self._lists[list] = tuple(super().items(list))
        yield from self._lists[list]


def run(data: Iterable[Quad], shapes: Iterable[Quad]) -> list[Quad]:
    """Run pySHACL, never with ``focus_nodes`` or ``use_shapes`` (they lose and invent results).

    The graphs are plain rdflib graphs made term by term, because both sides must come from the same parser.
    """
    try:
        # The graph is ours alone, so that pySHACL need not copy it first.
        graph, wanted = filled(rdflib.Graph(), data), filled(_ShapesGraph(), shapes)
        _, report, text = pyshacl.validate(graph, shacl_graph=wanted, inference="none", inplace=True)
    except Exception as error:  # pySHACL raises many kinds, for wrong shapes only
        raise unusable(error) from error
    if not isinstance(report, rdflib.Graph):
        raise unusable(text)
    return list(parse_bytes(report.serialize(format="nt", encoding="utf-8"), FORMATS["ntriples"]))


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
