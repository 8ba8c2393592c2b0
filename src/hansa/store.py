"""Query a graph: the embedded store, or a remote SPARQL endpoint, behind one small interface.

Use :class:`EmbeddedStore` for everything local; it is the only place besides :mod:`hansa.rdf` that knows the engine.
Use :class:`RemoteStore` when the user names an endpoint.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any, Protocol

import pyoxigraph as ox

from hansa import sparql
from hansa.errors import HansaError, QueryError
from hansa.rdf import (
    FORMATS,
    BlankNode,
    DefaultGraph,
    Line,
    Literal,
    NamedNode,
    Quad,
    Term,
    Triple,
    parse_bytes,
    quads_of,
)

RESULT_FORMATS: Mapping[str, ox.QueryResultsFormat] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}


@dataclass(frozen=True, slots=True)
class Table:
    """Solutions of a SELECT query: variable names and rows of terms, ``None`` where unbound."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def dicts(self) -> Iterator[dict[str, Term]]:
        """Give each row as a dictionary of its bound variables."""
        for row in self.rows:
            yield {v: t for v, t in zip(self.variables, row, strict=True) if t is not None}


class QueryStore(Protocol):
    """What every store answers; the default graph of a query is the union of all named graphs."""

    def select(self, query: str, values: Mapping[str, Term] | None = None) -> Table:
        """Answer a SELECT query; ``values`` binds variables to terms.

        :raises QueryError: when the query is wrong
        """
        ...

    def ask(self, query: str, values: Mapping[str, Term] | None = None) -> bool:
        """Answer an ASK query."""
        ...

    def construct(self, query: str, values: Mapping[str, Term] | None = None) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query."""
        ...


_AT = re.compile(r"error at (\d+):(\d+): *")
_EXPECTED = re.compile(r"expected (?:one of )?(?P<what>.+)$", re.DOTALL)
_SENTENCE = re.compile(r"(?:^|, )([A-Z][a-z]*(?: [\w\-?']+){3,})")
_SHOWN = 20
_REASON_LIMIT = 300


def _reason(text: str, rest: str) -> str:
    """Shorten the engine's message: its lists of all that its grammar knows at a place say nothing to people.

    :param rest: the query from that place on
    """
    found = _EXPECTED.search(text)
    if found is None:
        return text[:_REASON_LIMIT]
    if sentence := _SENTENCE.search(found["what"]):
        return sentence[1]
    word = rest.split(maxsplit=1)[0][:_SHOWN] if rest.strip() else ""
    return f"it cannot go on with {word!r}" if word else "it ends too early"


def _query_error(error: SyntaxError, query: str) -> QueryError:
    reason = (error.msg or str(error)).strip()
    at = _AT.search(reason)
    line, column = (int(at[1]), int(at[2])) if at else (error.lineno or 0, error.offset or 0)
    rest = "\n".join(query.split("\n")[max(0, line - 1) :])[max(0, column - 1) :]
    return QueryError(
        f"the query is not valid SPARQL: {_reason(_AT.sub('', reason), rest)}",
        "check the query at that position, and that every prefix is declared",
        line,
        column,
    )


class EmbeddedStore:
    """An RDF dataset in memory or on disk.

    Every statement of a named graph stands in the default graph, too. The engine's own "union as default graph" gives a
    statement once for each graph that has it, so counts and rows would come out too many.

    :param engine: made by the class methods; not for callers
    """

    def __init__(self, engine: ox.Store, *, in_memory: bool = False) -> None:
        self._engine = engine
        # The bulk loader sorts for the disk: in memory it takes a tenth more time and half as much memory again.
        self._load = engine.load if in_memory else engine.bulk_load

    @classmethod
    def memory(cls, quads: Iterable[Quad] = ()) -> EmbeddedStore:
        """Make an empty store in memory and fill it."""
        store = cls(ox.Store(), in_memory=True)
        store.extend(quads)
        return store

    @classmethod
    def create(cls, path: Path) -> EmbeddedStore:
        """Open a directory for reading and writing, made when it is not there."""
        return cls(ox.Store(str(path)))

    @classmethod
    def open(cls, path: Path) -> EmbeddedStore:
        """Open a directory read-only; many processes may do so at once.

        :raises HansaError: when it is not a store
        """
        try:
            return cls(ox.Store.read_only(str(path)))
        except (OSError, RuntimeError) as error:
            raise HansaError(f"{path} is not a query store: {error}", "run `hansa build`") from None

    def __len__(self) -> int:
        return sum(1 for _ in self.quads())

    def extend(self, quads: Iterable[Quad]) -> None:
        """Add statements in bulk, each to its graph and to the default graph, which is the union of all."""
        statements = list(quads)
        self._engine.bulk_extend(chain(statements, (Quad(q.subject, q.predicate, q.object) for q in statements)))

    def load(self, quads: IO[bytes], triples: IO[bytes], *, trusted: bool = False) -> None:
        """Load statements in bulk: N-Quads for the named graphs, N-Triples for their union, the default graph.

        :param trusted: they were parsed before, so that nobody need look at IRIs and language tags again
        """
        self._load(input=quads, format=ox.RdfFormat.N_QUADS, lenient=trusted)
        self._load(input=triples, format=ox.RdfFormat.N_TRIPLES, lenient=trusted)

    def optimise(self) -> None:
        """Write everything to disk and compact it, before the store is opened read-only."""
        self._engine.flush()
        self._engine.optimize()

    def quads(
        self,
        subject: NamedNode | BlankNode | None = None,
        predicate: NamedNode | None = None,
        obj: Term | None = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """Give the statements of named graphs that fit a pattern, ``None`` for anything."""
        if graph is None and subject is None and obj is None:
            # The engine would go through the whole default graph first.
            in_graph = partial(self._engine.quads_for_pattern, None, predicate, None)
            return chain.from_iterable(map(in_graph, self.graphs()))
        found = self._engine.quads_for_pattern(subject, predicate, obj, graph)
        return (quad for quad in found if isinstance(quad.graph_name, NamedNode))

    def graphs(self) -> list[NamedNode]:
        """Give the names of all graphs in a stable order."""
        return sorted((g for g in self._engine.named_graphs() if isinstance(g, NamedNode)), key=str)

    def query(
        self,
        query: str,
        *,
        default_graphs: list[NamedNode | BlankNode | DefaultGraph] | None = None,
        named_graphs: list[NamedNode | BlankNode] | None = None,
        base: str | None = None,
    ) -> Any:
        """Run any query and give the engine's own result, which can serialise itself as a stream.

        :param base: the IRI that relative IRIs in the query are resolved against
        :raises QueryError: with the position in the query
        """
        try:
            return self._engine.query(
                query,
                base_iri=base,
                default_graph=default_graphs,
                named_graphs=named_graphs,
            )
        except SyntaxError as error:
            raise _query_error(error, query) from error
        except (RuntimeError, ValueError) as error:
            raise QueryError(f"the query cannot be answered: {error}") from error

    def select(self, query: str, values: Mapping[str, Term] | None = None) -> Table:
        """Answer a SELECT query over the union of all graphs."""
        result = self.query(sparql.bind(query, values or {}))
        if not isinstance(result, ox.QuerySolutions):
            raise QueryError("a SELECT query is needed here")
        names = tuple(v.value for v in result.variables)
        return Table(names, tuple(tuple(s[n] for n in names) for s in result))

    def ask(self, query: str, values: Mapping[str, Term] | None = None) -> bool:
        """Answer an ASK query over the union of all graphs."""
        return bool(self.query(sparql.bind(query, values or {})))

    def construct(self, query: str, values: Mapping[str, Term] | None = None) -> list[Triple]:
        """Answer a CONSTRUCT or DESCRIBE query over the union of all graphs."""
        result = self.query(sparql.bind(query, values or {}))
        if not isinstance(result, ox.QueryTriples):
            raise QueryError("a CONSTRUCT or DESCRIBE query is needed here")
        return list(result)


_WORKING = NamedNode("urn:hansa:working")


class WorkingStore:
    """A store in memory for rules: some statements that stay, and others that come and go.

    :param lines: what stays
    """

    def __init__(self, lines: Iterable[Line] = ()) -> None:
        self._engine = ox.Store()
        self._engine.bulk_extend(_default_quads(lines))

    def add(self, lines: Iterable[Line]) -> None:
        """Add statements until :meth:`clear`."""
        data = b"".join(lines)
        if b"_:" in data:  # loading would give blank nodes other names
            self._engine.bulk_extend(quads_of([data], _WORKING))
        else:
            self._engine.bulk_load(input=data, format=ox.RdfFormat.N_TRIPLES, to_graph=_WORKING, lenient=True)

    def clear(self) -> None:
        """Forget what was added."""
        self._engine.clear_graph(_WORKING)

    def construct(self, query: str) -> list[Line]:
        """Answer a CONSTRUCT query over everything."""
        result = self._engine.query(query, default_graph=[DefaultGraph(), _WORKING])
        if not isinstance(result, ox.QueryTriples):
            raise QueryError("a CONSTRUCT or DESCRIBE query is needed here")
        data: bytes = result.serialize(format=ox.RdfFormat.N_TRIPLES)  # type: ignore[assignment]
        return data.splitlines(keepends=True)


def _default_quads(lines: Iterable[Line]) -> Iterator[Quad]:
    return (Quad(q.subject, q.predicate, q.object) for q in quads_of(lines, _WORKING))


def _term(binding: Mapping[str, str]) -> Term:
    if binding["type"] == "uri":
        return NamedNode(binding["value"])
    if binding["type"] == "bnode":
        return BlankNode(binding["value"])
    if "xml:lang" in binding:
        return Literal(binding["value"], language=binding["xml:lang"])
    return (
        Literal(binding["value"], datatype=NamedNode(binding["datatype"]))
        if "datatype" in binding
        else Literal(binding["value"])
    )


def table_from_json(answer: Mapping[str, Any]) -> Table:
    """Read SPARQL 1.1 Query Results JSON of a SELECT query.

    :raises KeyError: when it is something else
    """
    names = tuple(answer["head"]["vars"])
    rows = tuple(tuple(_term(b[n]) if n in b else None for n in names) for b in answer["results"]["bindings"])
    return Table(names, rows)


class RemoteStore:
    """A SPARQL 1.1 endpoint that the user named.

    :param endpoint: its URL
    :param timeout: seconds that one query may take
    """

    def __init__(self, endpoint: str, timeout: int = 30) -> None:
        self._endpoint = endpoint
        self._timeout = timeout

    def _ask_endpoint(self, query: str, accept: str) -> Any:
        # Slow to import, and only who names an endpoint needs it.
        from SPARQLWrapper import POST, SPARQLWrapper  # noqa: PLC0415
        from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException  # noqa: PLC0415

        client = SPARQLWrapper(self._endpoint, agent="hansa (linked-data publisher)")
        client.setMethod(POST)
        client.setTimeout(self._timeout)
        client.setQuery(query)
        client.setOnlyConneg(True)
        client.addCustomHttpHeader("Accept", accept)
        try:
            return client.query().response.read()
        except SPARQLWrapperException as error:
            raise QueryError(f"{self._endpoint} refused the query: {error}") from error
        except OSError as error:
            raise HansaError(
                f"{self._endpoint} cannot be reached: {error}", "check the address and that the server runs"
            ) from error

    def _results(self, query: str) -> Any:
        return json.loads(self._ask_endpoint(query, "application/sparql-results+json"))

    def select(self, query: str, values: Mapping[str, Term] | None = None) -> Table:
        """Send a SELECT query."""
        return table_from_json(self._results(sparql.bind(query, values or {})))

    def ask(self, query: str, values: Mapping[str, Term] | None = None) -> bool:
        """Send an ASK query."""
        return bool(self._results(sparql.bind(query, values or {}))["boolean"])

    def construct(self, query: str, values: Mapping[str, Term] | None = None) -> list[Triple]:
        """Send a CONSTRUCT or DESCRIBE query."""
        data = self._ask_endpoint(sparql.bind(query, values or {}), "application/n-triples")
        return [quad.triple for quad in parse_bytes(data, FORMATS["ntriples"], file=self._endpoint)]
