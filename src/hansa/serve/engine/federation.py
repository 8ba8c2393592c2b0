"""SERVICE for the endpoints that the operator allows (SPARQL 1.1 Federated Query).

Workers have no network, so the server asks on their behalf: each ``SERVICE <iri> { … }`` is cut out of the query, its
block is sent to the endpoint as a SELECT, and the rows come back into the query as VALUES. That is the meaning that
the specification gives (section 4: the block is evaluated for itself, then joined).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hansa.egress import EgressError, EgressTimeoutError, Limits, ask, read_endpoint, read_network
from hansa.errors import ForbiddenQueryError, QueryError
from hansa.rdf import BlankNode
from hansa.serve.engine.dataset import PrologueReader
from hansa.serve.engine.process import PoolBusyError
from hansa.serve.settings import ServeSettings
from hansa.sparql import Token, mentions, position, refuse_outside_reach, significant, tokens, unescape, variables
from hansa.store import Table, table_from_json

MOST_CLAUSES = 5
MOST_ROWS = 10_000
MOST_BYTES = 2 << 20
_AT_ONCE = 4
_WAITING = 32
_EMPTY = " VALUES () { () } "


@dataclass(frozen=True, slots=True)
class Clause:
    """A SERVICE clause of a query.

    :param start: offset of its first character
    :param end: offset after its last
    :param block: the group graph pattern, braces included
    """

    start: int
    end: int
    silent: bool
    endpoint: str
    block: str


def _refused(query: str, token: Token, message: str, hint: str) -> ForbiddenQueryError:
    return ForbiddenQueryError(message, hint, *position(query, token.offset))


class _Finder:
    """Finds the clauses of one query."""

    def __init__(self, query: str, base: str) -> None:
        self._query = query
        self._prologue = PrologueReader(query, base)
        list(self._prologue.clauses())
        self._tokens = significant(query)
        self._at = 0

    @property
    def declarations(self) -> str:
        """The prologue, for the block to be understood elsewhere."""
        prefixes = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in self._prologue.prefixes.items())
        return f"BASE <{self._prologue.base}>\n{prefixes}"

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1] if self._at <= len(self._tokens) else Token("end", "", len(self._query))

    def clauses(self) -> Iterator[Clause]:
        while (token := self._next()).kind != "end":
            if _is(token, "SERVICE"):
                yield self._clause(token)

    def _clause(self, start: Token) -> Clause:
        token = self._next()
        if silent := _is(token, "SILENT"):
            token = self._next()
        if token.kind not in ("iri", "pname"):
            raise _refused(
                self._query, token, "SERVICE needs the IRI of an endpoint here", "write SERVICE <https://…> { … }"
            )
        begin, end = self._block()
        return Clause(start.offset, end, silent, self._iri(token), self._query[begin:end])

    def _iri(self, token: Token) -> str:
        # As written: whatever would only become an allowed address by resolving is not one.
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        if prefix not in self._prologue.prefixes:
            raise _refused(self._query, token, f"the prefix of {token.text!r} is not declared", "add a PREFIX line")
        return self._prologue.prefixes[prefix] + local

    def _block(self) -> tuple[int, int]:
        begin = token = self._next()
        depth = 0
        while token.kind != "end":
            if _is(token, "SERVICE"):
                raise _refused(self._query, token, "SERVICE inside SERVICE is not possible", "ask the inner one apart")
            depth += {"{": 1, "}": -1}.get(token.text, 0)
            if depth <= 0:
                break
            token = self._next()
        if begin.text != "{" or token.text != "}":
            line, column = position(self._query, begin.offset)
            raise QueryError("SERVICE is not followed by a whole { … }", "close the block", line, column)
        return begin.offset, token.offset + 1


def _is(token: Token, word: str) -> bool:
    return token.kind == "word" and token.text.upper() == word


def asks_elsewhere(query: str) -> bool:
    """Tell whether a query has the word SERVICE, however it is written."""
    if "\\" not in query and not mentions(query, ("SERVICE",)):
        return False
    return any(_is(token, "SERVICE") for text in {query, unescape(query)} for token in tokens(text))


def as_values(clause: Clause, table: Table) -> str:
    """Write rows as inline data.

    :raises QueryError: for blank nodes, which mean nothing outside of their answer, and for columns not asked for
    """
    if len(table.rows) > MOST_ROWS:
        raise QueryError(f"<{clause.endpoint}> gave more than {MOST_ROWS} rows", "bind more in the block, or add LIMIT")
    if not set(table.variables) <= variables(clause.block) or len(set(table.variables)) < len(table.variables):
        raise EgressError(f"the endpoint <{clause.endpoint}> gave columns that were not asked for")
    if any(isinstance(term, BlankNode) for row in table.rows for term in row):
        raise QueryError(
            f"<{clause.endpoint}> gave blank nodes, which cannot be joined", "select what hangs on them instead"
        )
    rows = " ".join("(" + " ".join("UNDEF" if t is None else str(t) for t in row) + ")" for row in table.rows)
    return f" VALUES ({' '.join(f'?{name}' for name in table.variables)}) {{ {rows} }} "


def _read(clause: Clause, body: bytes) -> str:
    try:
        # The lines of the block stay, so that errors further down have their true position.
        return as_values(clause, table_from_json(json.loads(body))) + "\n" * clause.block.count("\n")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise EgressError(f"the endpoint <{clause.endpoint}> did not answer with SPARQL results in JSON") from None


class Federation:
    """Answers SERVICE clauses for one server.

    :param settings: which endpoints and ranges of addresses are allowed
    :param base: the IRI that relative IRIs in queries are resolved against
    :raises ConfigError: when an endpoint or a range is not well-formed
    """

    def __init__(self, settings: ServeSettings, base: str) -> None:
        self.endpoints = {url: read_endpoint(url) for url in settings.allow_service}
        self._networks = [read_network(text) for text in settings.allow_service_network]
        self._limits = Limits(settings.time_limit, MOST_BYTES)
        self._base = base
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    def concerns(self, query: str) -> bool:
        """Tell whether a query has SERVICE and there is an endpoint that it may name."""
        return bool(self.endpoints) and asks_elsewhere(query)

    async def inline(self, query: str) -> str:
        """Give a query without SERVICE that means the same now.

        :raises ForbiddenQueryError: when a clause names an endpoint that is not allowed, or reaches out otherwise
        :raises QueryError: when a clause cannot be answered in this way
        :raises EgressError: when an endpoint does not answer as it should
        :raises PoolBusyError: when too many wait
        """
        finder = _Finder(query, self._base)
        clauses = self._checked(query, finder)
        if self._waiting >= _WAITING:
            raise PoolBusyError("too many queries to other endpoints wait", "try again in a few seconds")
        self._waiting += 1
        try:
            async with asyncio.timeout(2 * self._limits.seconds), self._turns:
                found = {clause: await self._rows(finder.declarations, clause) for clause in clauses}
        except TimeoutError:
            raise EgressTimeoutError("the other endpoints took too long", "try again later") from None
        finally:
            self._waiting -= 1
        return _replaced(query, found)

    def _checked(self, query: str, finder: _Finder) -> list[Clause]:
        if unescape(query) != query:
            raise ForbiddenQueryError(
                r"code point escapes (\u) cannot stand in a query with SERVICE", "write the characters themselves"
            )
        clauses = list(finder.clauses())
        if len(clauses) > MOST_CLAUSES:
            raise QueryError(f"there are more than {MOST_CLAUSES} SERVICE clauses", "send several queries")
        for clause in clauses:
            if clause.endpoint not in self.endpoints:
                line, column = position(query, clause.start)
                allowed = ", ".join(f"<{url}>" for url in self.endpoints)
                raise ForbiddenQueryError(
                    f"SERVICE <{clause.endpoint}> is not allowed on this endpoint", f"allowed: {allowed}", line, column
                )
        refuse_outside_reach(_replaced(query, dict.fromkeys(clauses, " ")))
        for clause in clauses:
            refuse_outside_reach(clause.block)
        return clauses

    async def _rows(self, declarations: str, clause: Clause) -> str:
        query = f"{declarations}SELECT * WHERE {clause.block}"
        try:
            body = await ask(self.endpoints[clause.endpoint], query, self._networks, self._limits)
            return await asyncio.to_thread(_read, clause, body)
        except EgressError:
            if clause.silent:
                return _EMPTY
            raise


def _replaced(query: str, texts: Mapping[Clause, str]) -> str:
    pieces, at = [], 0
    for clause, text in texts.items():
        pieces += [query[at : clause.start], text]
        at = clause.end
    return "".join((*pieces, query[at:]))
