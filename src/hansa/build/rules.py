"""The project's own rules: CONSTRUCT queries, run on no more statements than they can ask for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence, Set
from importlib.metadata import version

from hansa.build.joins import Joins, Shape
from hansa.columns import Statements
from hansa.memo import code_digest, digest
from hansa.packed import NoShelf, Shelf, kept
from hansa.rdf import Line
from hansa.store import WorkingStore

_FEW = 50
"""So few statements are loaded into a new store faster than others are removed from one."""
_TRANSITIVE = "CONSTRUCT {{ ?x {0} ?z }} WHERE {{ ?x {0} ?y . ?y {0} ?z }}"


def transitivity(properties: Iterable[bytes]) -> list[str]:
    """Give OWL 2 RL prp-trp (table 5 of the OWL 2 Profiles) as one rule for each transitive property."""
    return [_TRANSITIVE.format(p.decode()) for p in sorted(properties)]


class Rules:
    """Runs rules over the schema and some statements.

    :param texts: CONSTRUCT queries; what a rule gives must not become false when more is known
    :param schema: statements that are premises always, with all that follows from them
    :param sparing: find out what the rules can ask for, and load nothing else
    :param shelf: keeps what the rules can ask for
    """

    def __init__(
        self, texts: Sequence[str], schema: Iterable[Line], *, sparing: bool = True, shelf: Shelf | None = None
    ) -> None:
        self._texts = tuple(texts)
        self._asked: list[frozenset[bytes] | None] = [None] * len(self._texts)
        self.shapes: list[Shape | None] = [None] * len(self._texts)
        if sparing:
            self._find_out(shelf or NoShelf())
        by_each = [asked for asked in self._asked if asked is not None]
        self._asked_by_any = frozenset[bytes]().union(*by_each) if len(by_each) == len(self._asked) else None
        self._schema = self.premises(schema)
        self._store = WorkingStore(self._schema)

    def _find_out(self, shelf: Shelf) -> None:
        key = digest("rules", code_digest(), version("rdflib"), *self._texts)
        known = json.loads(kept(shelf, key, lambda: json.dumps([_look_at(text) for text in self._texts]).encode()))
        self._asked = [None if asked is None else frozenset(map(str.encode, asked)) for asked, _ in known]
        self.shapes = [None if shape is None else Shape.read(shape) for _, shape in known]

    def ask_for(self, predicates: Set[bytes]) -> bool:
        """Tell whether a rule can ask for statements with one of some properties."""
        return self._asked_by_any is None or not self._asked_by_any.isdisjoint(predicates)

    def premises(self, lines: Iterable[Line]) -> list[Line]:
        """Give the statements among some that a rule can ask for."""
        asked = self._asked_by_any
        if asked is None:
            return list(lines)
        return [line for line in lines if line.split(b" ", 2)[1] in asked]

    def premises_in(self, said: Statements) -> list[Line]:
        """Give the same, quicker, of statements that stand in columns."""
        asked = self._asked_by_any
        return list(said.lines) if asked is None else said.with_predicates(asked)

    def apply(self, premises: Sequence[Line]) -> set[Line]:
        """Add statements to those of earlier turns and give what follows from any of them.

        :param premises: statements that a rule can ask for
        """
        self._store.add(premises)
        said = {line.split(b" ", 2)[1] for line in premises}
        asking = (t for t, asked in zip(self._texts, self._asked, strict=True) if asked is None or asked & said)
        return {line for text in asking for line in self._store.construct(text)}

    def forget(self) -> None:
        """Forget everything but the schema."""
        if len(self._schema) < _FEW:
            self._store = WorkingStore(self._schema)
        else:
            self._store.clear()

    def joins(self) -> Joins | None:
        """Give where rules put statements together; ``None`` when that is not plain to see of all of them."""
        shapes = [shape for shape in self.shapes if shape is not None]
        return Joins(shapes) if len(shapes) == len(self.shapes) and self._asked_by_any is not None else None


def _look_at(text: str) -> tuple[list[str] | None, Shape | None]:
    """Give what a rule can ask for, and its shape."""
    from hansa.build.asked import asked_predicates, shape_of  # noqa: PLC0415 - slow to import, and seldom needed

    asked = asked_predicates(text)
    return None if asked is None else sorted(name.decode() for name in asked), shape_of(text)
