"""Rules and closure: what follows from statements and the ontology.

The project's own rules are CONSTRUCT queries in ``ontology/rules``; the closure is the part of OWL 2 RL (section 4.3 of
the OWL 2 Profiles recommendation, tables 4 to 9) that an ontology without anonymous classes, property chains and
equality can need, one CONSTRUCT query a rule in ``build/owlrl``. The queries are run on the ontology; on the data they
are looked up in tables (:mod:`hansa.build.entailment`). Tests prove the tables equal to the queries, and the queries
equal to owlrl on the real graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files

from hansa.build.entailment import Tables, fixpoint, is_trivial, say_axioms
from hansa.build.joins import Joins
from hansa.build.rules import Rules, transitivity
from hansa.columns import Statements, columns_of
from hansa.memo import code_digest, digest
from hansa.packed import NoShelf, Shelf, kept, pack, unpack
from hansa.rdf import Line, NamedNode, Quad, Triple, lines_of, quads_of
from hansa.store import WorkingStore


def owl_rl_rules() -> tuple[str, ...]:
    """Give the OWL 2 RL rules as CONSTRUCT queries, in a stable order."""
    folder = files("hansa.build") / "owlrl"
    return tuple(rule.read_text(encoding="utf-8") for rule in sorted(folder.iterdir(), key=lambda r: r.name))


@dataclass(frozen=True, slots=True)
class Premises:
    """What a source can contribute to what several entail.

    :param nodes: hashes of the nodes by which it can meet others; ``None`` when it can in any way
    """

    lines: list[Line]
    nodes: set[int] | None


class Closure:
    """Computes what follows; made once a process, with the ontology loaded.

    :param schema: the ontology and vocabulary
    :param rules: CONSTRUCT queries of the project, monotone: what they give stays true when more is known
    :param sparing: show rules only the statements that they can ask for; to find these out takes a moment
    :param shelf: keeps what follows from the ontology alone, and what rules can ask for
    """

    def __init__(
        self, schema: Iterable[Quad], rules: Sequence[str], *, sparing: bool = False, shelf: Shelf | None = None
    ) -> None:
        self._queries = (*rules, *owl_rl_rules())
        asserted = set(lines_of(schema))
        derived = _of_schema(self._queries, asserted, shelf or NoShelf())
        self._schema = asserted | derived
        self._of_schema = sorted(line for line in derived if not is_trivial(line))
        self._tables = Tables(self._schema)
        texts = (*rules, *transitivity(self._tables.transitive))
        self._rules = Rules(texts, self._schema, sparing=sparing, shelf=shelf)

    @property
    def of_schema(self) -> list[Triple]:
        """What follows from the ontology alone."""
        return [quad.triple for quad in quads_of(self._of_schema, NamedNode("urn:x"))]

    def schema_lines(self) -> list[Line]:
        """Give what follows from the ontology alone, in order."""
        return self._of_schema

    def infer_lines(self, said: Statements) -> list[Line]:
        """Give what follows from some statements and the ontology and is in neither, in order."""
        return self._told(self._all(said, expanded=False))

    def _told(self, lines: Set[Line]) -> list[Line]:
        return sorted(line for line in lines - self._schema if not is_trivial(line))

    def _all(self, said: Statements, *, expanded: bool) -> set[Line]:
        if self._tables.are_complete and not say_axioms(said.columns):
            return self._by_tables(said, expanded=expanded)
        return _by_queries(self._queries, self._schema, said.lines)

    def _by_tables(self, said: Statements, *, expanded: bool) -> set[Line]:
        """Apply tables and rules by turns; a table gives at once all that it ever will."""
        found = set() if expanded else self._tables.expand(said.columns) - said.lines
        premises = [*self._rules.premises_in(said), *self._rules.premises(found)]
        try:
            while premises:
                ruled = self._rules.apply(premises) - said.lines - found
                gained = ruled | (self._tables.expand(columns_of(ruled)) - said.lines - found)
                found |= gained
                premises = self._rules.premises(gained)
        finally:
            self._rules.forget()
        return found

    # ------------------------------------------------------------ premises of several sources
    def shared_premises(self, said: Statements) -> Premises:
        """Give the statements that can, together with those of another source, entail what neither does alone."""
        if not self._tables.are_complete or say_axioms(said.columns):
            return Premises(list(said.lines), None)
        premises = self._rules.premises_in(said)
        return Premises(premises, None if self._joins is None else self._joins.hashes(premises))

    @cached_property
    def _joins(self) -> Joins | None:
        """Where rules put statements together; ``None`` when what they give may meet what none of them looked at."""
        joins = self._rules.joins()
        if joins is None:
            return None
        for predicate, subject, value in (head for shape in self._rules.shapes if shape for head in shape.heads):
            leads_on = self._rules.ask_for(self._tables.said_with(f"<{predicate}>".encode()))
            if leads_on and not (joins.covers(subject) and joins.covers(value)):
                return None
        return joins

    def nodes_of_schema(self) -> set[int]:
        """Give hashes of the nodes that the ontology can bring into a rule."""
        return self._joins.hashes(self._rules.premises(self._schema)) if self._joins else set()

    def meeting(self, premises: Iterable[Line], shared: Set[int]) -> list[Line]:
        """Give the premises of one source that can meet those of another.

        :param premises: of :meth:`shared_premises`, as all others with nodes
        :param shared: hashes of nodes that several sources have
        """
        return self._joins.meeting(premises, shared) if self._joins else list(premises)

    def infer_joined(self, premises: Statements) -> list[Line]:
        """Give what follows from statements of several sources; what follows from one of them need not be among it.

        :param premises: what :meth:`shared_premises` gave for each source and all that follows from it
        """
        # The tables have one premise a row: what they give is in the derived graph of the premise's own source.
        return self._told(self._all(premises, expanded=True))


def _of_schema(queries: Sequence[str], asserted: Set[Line], shelf: Shelf) -> set[Line]:
    """Give what follows from the ontology alone."""
    key = digest("schema", code_digest(), *queries, b"".join(sorted(asserted)))
    lines = kept(shelf, key, lambda: pack(b"".join(sorted(_by_queries(queries, asserted, set())))))
    return set(unpack(lines).splitlines(keepends=True))


def _by_queries(queries: Sequence[str], schema: Set[Line], lines: Set[Line]) -> set[Line]:
    """Run every rule as a query to a fixpoint; right for whatever the statements say, and slow."""
    store = WorkingStore(schema)

    def step(_known: Set[Line], new: Set[Line]) -> set[Line]:
        store.add(new - schema)
        return {line for query in queries for line in store.construct(query)}

    return fixpoint(schema | lines, step)
