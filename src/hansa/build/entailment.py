"""What single statements entail, looked up in tables that are made of the ontology once.

All OWL 2 RL rules that the project uses, the one for transitive properties apart, have one premise about things; their
other premises are about the ontology. With the ontology known they are a table from properties and classes to what
follows. Statements are lines of canonical N-Triples here: splitting a line takes a third of the time that the engine
needs to make objects of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass

from hansa.columns import Columns, Pair, columns_of
from hansa.rdf import Line, split_line
from hansa.vocab import OWL, RDF, RDFS

_Relation = defaultdict[bytes, set[bytes]]
_Direction = tuple[bytes, bool]


def _name(iri: str) -> bytes:
    return f"<{iri}>".encode()


TYPE = _name(RDF.type.value)
_SUBCLASS, _SAME_CLASS = _name(RDFS.subClassOf.value), _name(f"{OWL.iri}equivalentClass")
_SUBPROPERTY, _SAME_PROPERTY = _name(RDFS.subPropertyOf.value), _name(f"{OWL.iri}equivalentProperty")
_DOMAIN, _RANGE, _INVERSE = _name(RDFS.domain.value), _name(RDFS.range.value), _name(f"{OWL.iri}inverseOf")
_SYMMETRIC, _TRANSITIVE = _name(f"{OWL.iri}SymmetricProperty"), _name(f"{OWL.iri}TransitiveProperty")
_TRIVIAL = {_name(f"{OWL.iri}Thing"), _name(f"{RDFS.iri}Resource")}
_AXIOMS = {_SUBCLASS, _SAME_CLASS, _SUBPROPERTY, _SAME_PROPERTY, _DOMAIN, _RANGE, _INVERSE}
_AXIOM_CLASSES = {_SYMMETRIC, _TRANSITIVE}
_AXIOM_ENDS = {c + b" .\n" for c in _AXIOM_CLASSES}


def is_trivial(line: Line) -> bool:
    """Tell what nobody needs to be told: that a thing is a thing, or stands in a relation to itself."""
    subject, _, value = split_line(line)
    return value in _TRIVIAL or subject == value


def say_axioms(columns: Columns) -> bool:
    """Tell whether any of some statements changes the tables."""
    if not _AXIOMS.isdisjoint(columns):
        return True
    return not _AXIOM_ENDS.isdisjoint(rest for _, rest in columns.get(TYPE, ()))


@dataclass(frozen=True, slots=True)
class _Entailed:
    """What a property entails: properties in its direction and in the other, classes of either end."""

    forward: tuple[bytes, ...]
    backward: tuple[bytes, ...]
    subject: tuple[bytes, ...]
    object: tuple[bytes, ...]


def _reachable(start: Iterable[bytes], relation: _Relation) -> set[bytes]:
    found, todo = set(start), list(start)
    while todo:
        new = relation.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


class Tables:
    """The tables of one ontology.

    :param schema: its statements, with all that follows from them
    """

    def __init__(self, schema: Iterable[Line]) -> None:
        self._by: defaultdict[bytes, _Relation] = defaultdict(lambda: defaultdict(set))
        for line in schema:
            subject, predicate, value = split_line(line)
            if predicate in _AXIOMS or predicate == TYPE:
                self._by[predicate][subject].add(value)
                if predicate in (_SAME_CLASS, _SAME_PROPERTY, _INVERSE):
                    self._by[predicate][value].add(subject)
        self._classes = self._make_classes()
        self._things = {p: self._entailed(p, things=True) for p in self._properties()}
        self._literals = {p: self._entailed(p, things=False) for p in self._properties()}

    @property
    def transitive(self) -> set[bytes]:
        """The transitive properties, whose rule has two premises about things."""
        return {node for node, classes in self._by[TYPE].items() if _TRANSITIVE in classes}

    @property
    def are_complete(self) -> bool:
        """Tell whether tables will do: nothing that people say may entail an axiom, nor class membership a property."""
        said = {p for e in self._things.values() for p in (*e.forward, *e.backward)}
        classes = {c for e in self._things.values() for c in (*e.subject, *e.object)}
        classes |= {c for found in self._classes.values() for c in found}
        return not (said & _AXIOMS or classes & _AXIOM_CLASSES or TYPE in self._things)

    def _properties(self) -> set[bytes]:
        about = {p for axiom in (_SUBPROPERTY, _SAME_PROPERTY, _DOMAIN, _RANGE, _INVERSE) for p in self._by[axiom]}
        return about | {node for node, classes in self._by[TYPE].items() if _SYMMETRIC in classes}

    def _make_classes(self) -> dict[bytes, tuple[bytes, ...]]:
        above: _Relation = defaultdict(set)
        for axiom in (_SUBCLASS, _SAME_CLASS):
            for node, classes in self._by[axiom].items():
                above[node] |= classes
        return {node: tuple(sorted(_reachable([node], above) - {node})) for node in list(above)}

    def _entailed(self, of: bytes, *, things: bool) -> _Entailed:
        """Follow the axioms about properties; a literal can stand at no other end than the second."""
        directions = self._directions(of, turning=things)
        forward = {p for p, turned in directions if not turned}
        backward = {p for p, turned in directions if turned}
        domains, ranges = self._ends(forward)
        turned_domains, turned_ranges = self._ends(backward)
        subject, value = domains | turned_ranges, ranges | turned_domains
        return _Entailed(
            tuple(sorted(forward - {of})),
            tuple(sorted(backward)),
            tuple(sorted(self._with_superclasses(subject))),
            tuple(sorted(self._with_superclasses(value))) if things else (),
        )

    def _directions(self, of: bytes, *, turning: bool) -> set[_Direction]:
        found, todo = {(of, False)}, [(of, False)]
        while todo:
            for step in self._steps(*todo.pop(), turning=turning):
                if step not in found:
                    found.add(step)
                    todo.append(step)
        return found

    def _steps(self, of: bytes, turned: bool, *, turning: bool) -> Iterator[_Direction]:
        for axiom in (_SUBPROPERTY, _SAME_PROPERTY):
            yield from ((p, turned) for p in self._by[axiom].get(of, ()))
        if turning:
            yield from ((p, not turned) for p in self._by[_INVERSE].get(of, ()))
            if _SYMMETRIC in self._by[TYPE].get(of, ()):
                yield of, not turned

    def _ends(self, properties: Set[bytes]) -> tuple[set[bytes], set[bytes]]:
        domains = {c for p in properties for c in self._by[_DOMAIN].get(p, ())}
        return domains, {c for p in properties for c in self._by[_RANGE].get(p, ())}

    def _with_superclasses(self, classes: Set[bytes]) -> set[bytes]:
        return {*classes, *(above for c in classes for above in self._classes.get(c, ()))}

    def said_with(self, predicate: bytes) -> set[bytes]:
        """Give the properties of all statements that one with some property can entail, itself included."""
        entailed = self._things.get(predicate)
        return {predicate, TYPE, *(entailed.forward if entailed else ()), *(entailed.backward if entailed else ())}

    def expand(self, columns: Columns) -> set[Line]:
        """Give all that the statements entail one by one; what they say themselves may be among it."""
        found = self._once(columns)
        while self._is_chained and (more := self._once(columns_of(found)) - found):
            found |= more
        return found

    @property
    def _is_chained(self) -> bool:
        """Tell whether a property entails class membership, which the tables of properties do not follow up."""
        return any(TYPE in entailed.forward or TYPE in entailed.backward for entailed in self._things.values())

    def _once(self, columns: Columns) -> set[Line]:
        found: set[Line] = set()
        members: defaultdict[tuple[bytes, ...], set[bytes]] = defaultdict(set)
        for predicate, pairs in columns.items():
            if predicate == TYPE:
                for subject, rest in pairs:
                    members[self._classes.get(rest[:-3], ())].add(subject)
            elif predicate in self._things:
                literals = [pair for pair in pairs if pair[1].startswith(b'"')]
                things = [pair for pair in pairs if not pair[1].startswith(b'"')] if literals else pairs
                _add_forward(found, members, self._literals[predicate], literals)
                _add_forward(found, members, self._things[predicate], things)
                _add_backward(found, members, self._things[predicate], things)
        for above, nodes in members.items():
            for end in [b" %s %s .\n" % (TYPE, c) for c in above]:
                found.update([node + end for node in nodes])
        return found


_Members = defaultdict[tuple[bytes, ...], set[bytes]]


def _add_forward(found: set[Line], members: _Members, entailed: _Entailed, pairs: Iterable[Pair]) -> None:
    """Add what statements entail of their subjects."""
    for middle in [b" %s " % p for p in entailed.forward]:
        found.update([subject + middle + rest for subject, rest in pairs])
    if entailed.subject:
        members[entailed.subject].update([subject for subject, _ in pairs])


def _add_backward(found: set[Line], members: _Members, entailed: _Entailed, pairs: Iterable[Pair]) -> None:
    """Add what statements entail of the things that are their objects."""
    for middle in [b" %s " % p for p in entailed.backward]:
        found.update([rest[:-3] + middle + subject + b" .\n" for subject, rest in pairs])
    if entailed.object:
        members[entailed.object].update([rest[:-3] for _, rest in pairs])


def fixpoint(start: Set[Line], *steps: Callable[[Set[Line], Set[Line]], Set[Line]]) -> set[Line]:
    """Apply steps until none gives anything new; give what was new.

    :param steps: each takes all statements known so far and those among them that are new since its last turn
    """
    known, found, new = set(start), set[Line](), set(start)
    while new:
        gained = {line for step in steps for line in step(known, new)} - known
        known |= gained
        found |= gained
        new = gained
    return found
