"""Rules and closure: what follows from a graph and the ontology.

The project's own rules are CONSTRUCT queries in ``ontology/rules``; the closure is the part of OWL 2 RL (section 4.3 of
the OWL 2 Profiles recommendation, tables 4 to 9) that an ontology without anonymous classes, property chains and
equality can need, one CONSTRUCT query a rule in ``build/owlrl``. A test proves it equal to owlrl on the real graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib.resources import files

from hansa.rdf import NamedNode, Quad, Triple, sort_key
from hansa.store import EmbeddedStore
from hansa.vocab import OWL, RDFS

_WORKING = NamedNode("urn:hansa:working")
_TRIVIAL_CLASSES = {OWL.Thing, RDFS.Resource}


def owl_rl_rules() -> tuple[str, ...]:
    """Give the OWL 2 RL rules as CONSTRUCT queries, in a stable order."""
    folder = files("hansa.build") / "owlrl"
    return tuple(rule.read_text(encoding="utf-8") for rule in sorted(folder.iterdir(), key=lambda r: r.name))


def _is_trivial(triple: Triple) -> bool:
    return triple.object in _TRIVIAL_CLASSES or (triple.subject == triple.object)


class Closure:
    """Computes what follows; made once a build, with the ontology loaded.

    :param schema: the ontology and vocabulary
    :param rules: CONSTRUCT queries of the project
    """

    def __init__(self, schema: Iterable[Quad], rules: Sequence[str]) -> None:
        self._schema = list(schema)
        self._rules = (*rules, *owl_rl_rules())
        self._known = {quad.triple for quad in self._schema}
        self.of_schema = self._infer([])
        self._known.update(self.of_schema)

    def infer(self, quads: Iterable[Quad], target: NamedNode) -> list[Quad]:
        """Give what follows from some statements and the ontology and is in neither, as quads of ``target``."""
        return [Quad(t.subject, t.predicate, t.object, target) for t in self._infer(list(quads))]

    def schema_quads(self, target: NamedNode) -> list[Quad]:
        """Give what follows from the ontology alone, as quads of ``target``."""
        return [Quad(t.subject, t.predicate, t.object, target) for t in self.of_schema]

    def _infer(self, quads: list[Quad]) -> list[Triple]:
        store = EmbeddedStore.memory([*self._schema, *quads])
        known = self._known | {quad.triple for quad in quads}
        found: set[Triple] = set()
        while new := self._round(store, known):
            store.extend(Quad(t.subject, t.predicate, t.object, _WORKING) for t in new)
            known |= new
            found |= new
        return sorted((t for t in found if not _is_trivial(t)), key=sort_key)

    def _round(self, store: EmbeddedStore, known: set[Triple]) -> set[Triple]:
        return {triple for rule in self._rules for triple in store.construct(rule)} - known
