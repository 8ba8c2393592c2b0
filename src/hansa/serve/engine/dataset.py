"""Which graphs a query is answered from: SPARQL 1.1 section 13.2 and SPARQL 1.1 Protocol section 2.1.4.

Only graphs of the dataset can be named. Nothing is ever fetched.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from hansa.errors import QueryError
from hansa.sparql import Token, mentions, position, significant, unescape

_LOCAL_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Dataset:
    """The graphs of one query as IRIs; ``None`` for the union of all graphs (default) and for all graphs (named)."""

    default: list[str] | None = None
    named: list[str] | None = None


class PrologueReader:
    """Reads prologue and dataset clauses token by token; ``base`` and ``prefixes`` are known when all are read."""

    def __init__(self, query: str, base: str) -> None:
        self.query = query
        self.base = base
        self.prefixes: dict[str, str] = {}
        self._tokens = iter(significant(query))

    def next(self) -> Token:
        """Give the next token that says something; at the end one of the kind ``end``."""
        return next(self._tokens, Token("end", "", len(self.query)))

    def iri(self, token: Token) -> str:
        """Give the IRI that a token stands for.

        :raises QueryError: when it stands for none
        """
        if token.kind == "iri":
            return urljoin(self.base, unescape(token.text[1:-1]))
        prefix, colon, local = token.text.partition(":")
        if not colon or prefix not in self.prefixes:
            line, column = position(self.query, token.offset)
            raise QueryError(f"FROM needs the IRI of a graph, not {token.text!r}", "see GRAPH ?g {}", line, column)
        return self.prefixes[prefix] + _LOCAL_ESCAPE.sub(r"\1", local)

    def clauses(self) -> Iterator[tuple[bool, str]]:
        """Give each dataset clause: whether it is FROM NAMED, and the graph."""
        token = self.next()
        while token.kind != "end" and token.text != "{":
            word = token.text.upper() if token.kind == "word" else ""
            if word == "BASE":
                self.base = self.iri(self.next())
            elif word == "PREFIX":
                name = self.next().text.rstrip(":")
                self.prefixes[name] = self.iri(self.next())
            elif word == "FROM":
                yield self._clause(self.next())
            token = self.next()

    def _clause(self, token: Token) -> tuple[bool, str]:
        named = token.kind == "word" and token.text.upper() == "NAMED"
        return named, self.iri(self.next() if named else token)


def _from_clauses(query: str, base: str) -> tuple[list[str], list[str]]:
    clauses = list(PrologueReader(query, base).clauses())
    return [g for named, g in clauses if not named], [g for named, g in clauses if named]


def dataset_of(query: str, base: str, default: list[str], named: list[str], known: Collection[str]) -> Dataset:
    """Work out the dataset of a query; what the protocol says goes before FROM in the query.

    :param base: the IRI that relative IRIs in the query are resolved against
    :param default: values of ``default-graph-uri``
    :param named: values of ``named-graph-uri``
    :param known: the graphs there are
    :raises QueryError: when a graph is not one of them
    """
    if not default and not named and mentions(query, ("FROM",)):
        default, named = _from_clauses(query, base)
    if not default and not named:
        return Dataset()
    for graph in (*default, *named):
        if graph not in known:
            raise UnknownGraphError(
                f"there is no graph <{graph}> in this dataset, and remote graphs are never fetched",
                "SELECT DISTINCT ?g { GRAPH ?g {} } lists the graphs there are",
            )
    return Dataset(list(dict.fromkeys(default)), list(dict.fromkeys(named)))


class UnknownGraphError(QueryError):
    """A query names a graph that is not in the dataset."""
