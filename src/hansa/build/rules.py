"""The project's own rules: CONSTRUCT queries, run on no more statements than they can ask for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from importlib.metadata import version

from hansa.memo import code_digest, digest
from hansa.packed import NoShelf, Shelf, kept
from hansa.rdf import Line
from hansa.store import WorkingStore

_TRANSITIVE = "CONSTRUCT {{ ?x {0} ?z }} WHERE {{ ?x {0} ?y . ?y {0} ?z }}"


def transitivity(properties: Iterable[bytes]) -> list[str]:
    """Give OWL 2 RL prp-trp (table 5 of the OWL 2 Profiles) as one rule for each transitive property."""
    return [_TRANSITIVE.format(p.decode()) for p in sorted(properties)]


class Rules:
    """Runs rules over the schema and some statements.

    :param texts: CONSTRUCT queries; what a rule gives must not become false when more is known
    :param schema: statements that are premises always
    :param sparing: find out what the rules can ask for, and load nothing else
    :param shelf: keeps what the rules can ask for
    """

    def __init__(
        self, texts: Sequence[str], schema: Iterable[Line], *, sparing: bool = True, shelf: Shelf | None = None
    ) -> None:
        self._texts = tuple(texts)
        self._asked = self._asked_by_any(shelf or NoShelf()) if sparing else None
        self._store = WorkingStore(self.premises(schema))

    def _asked_by_any(self, shelf: Shelf) -> frozenset[bytes] | None:
        key = digest("asked", code_digest(), version("rdflib"), *self._texts)
        names = kept(shelf, key, lambda: b"\n".join(sorted(self._find_asked() or ())))
        return frozenset(names.split(b"\n")) if names else None

    def _find_asked(self) -> frozenset[bytes] | None:
        from hansa.build.asked import asked_predicates  # noqa: PLC0415 - slow to import, and seldom needed

        asked = [asked_predicates(text) for text in self._texts]
        return None if None in asked else frozenset(p for found in asked if found for p in found)

    def premises(self, lines: Iterable[Line]) -> list[Line]:
        """Give the statements among some that a rule can ask for."""
        if self._asked is None:
            return list(lines)
        return [line for line in lines if line.split(b" ", 2)[1] in self._asked]

    def apply(self, _known: Set[Line], new: Set[Line]) -> set[Line]:
        """Add statements to those of earlier turns and give all that follows; nothing when no rule asks for them."""
        premises = self.premises(new)
        if not premises:
            return set()
        self._store.add(premises)
        return {line for text in self._texts for line in self._store.construct(text)}

    def forget(self) -> None:
        """Forget everything but the schema."""
        self._store.clear()
