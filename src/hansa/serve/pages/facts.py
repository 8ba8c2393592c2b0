"""Properties and their values as lists of facts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from hansa.rdf import NamedNode, Quad
from hansa.serve.pages.records import Said, group
from hansa.serve.pages.views import Fact, Link, Value
from hansa.vocab import DCT, RDF, RDFS, SCHEMA, SKOS

if TYPE_CHECKING:
    from hansa.serve.pages.reader import Reader

_FIRST = (SKOS.definition, SKOS.inScheme, SKOS.broader, DCT.publisher, DCT.issued, SCHEMA.foundingDate)
_Mark = Callable[[str, Said], Markup]


def _no_mark(_predicate: str, _said: Said) -> Markup:
    return Markup("")


def ordered(values: Iterable[Value], languages: Sequence[str]) -> tuple[Value, ...]:
    """Put values in order: those in the languages of the reader first, then by what they say."""
    rank = {language: number for number, language in enumerate(languages)}
    last = len(rank)
    return tuple(sorted(values, key=lambda v: (*_order(v.link, rank, last), v.link.iri)))


def _order(link: Link, rank: dict[str, int], last: int) -> tuple[int, str]:
    # Things are one list, whatever language their label is in.
    return (0 if link.iri else rank.get(link.text.lang, last if link.text.lang else 0), link.text.folded)


def fact(reader: Reader, predicate: str, said: Iterable[Said], mark: _Mark = _no_mark) -> Fact:
    """Make a fact; texts that say the same in other languages than the reader's best come last, as ``others``."""
    values = ordered((reader.said(s, mark(predicate, s)) for s in said), reader.languages)
    texts = [v.link.text.lang for v in values if not v.link.iri and v.link.text.lang]
    best = texts[0] if texts else ""
    main = tuple(v for v in values if v.link.iri or v.link.text.lang in ("", best))
    others = tuple(v for v in values if v not in main)
    return Fact(reader.property(predicate), main, others, tuple(dict.fromkeys(v.link.text.lang for v in others)))


def facts(
    reader: Reader,
    says: dict[str, tuple[Said, ...]],
    hidden: Collection[str] = (),
    mark: _Mark = _no_mark,
    first: Sequence[NamedNode] = _FIRST,
) -> tuple[Fact, ...]:
    """Make facts of what is said about a thing, in the order that readers look for them.

    :param hidden: properties left out
    :param mark: gives the marks of a value
    """
    rank = {node.value: number for number, node in enumerate((RDF.type, *first))}
    last = len(rank)
    made = [(p, fact(reader, p, said, mark)) for p, said in says.items() if p not in hidden]
    order = sorted(made, key=lambda f: (rank.get(f[0], last), f[1].property.text.folded, f[0]))
    return tuple(found for _, found in order)


def facts_of(quads: Iterable[Quad], reader: Reader) -> tuple[Fact, ...]:
    """Make facts of some statements about one subject that all come from one place, so that none needs a note."""
    return facts(reader, group(quads), hidden={RDFS.isDefinedBy.value})
