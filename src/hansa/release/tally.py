"""Counts of the dataset that add up: made for one segment of subjects after another, then joined."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

from hansa.config import Config
from hansa.release.context import Kinds, kind_of
from hansa.release.order import Thing
from hansa.vocab import RDF

_TYPE = f"<{RDF.type.value}>".encode()


@dataclass
class Tally:
    """What is counted.

    Subjects are counted where they are met, since no two segments share one; objects are remembered by a hash of 64
    bits, which is the same in every build.

    :param uses: statements of each property
    :param subjects_of: things that each property is said of
    :param members: things of each class
    :param objects: hashes of the distinct objects of each property
    :param heads: all IRIs up to the last ``/`` or ``#``
    :param kinds: how the values of each property look
    :param first: the first thing of each kind
    :param spans: lowest and highest value of properties that have dates
    """

    quads: int = 0
    triples: int = 0
    subjects: int = 0
    entities: int = 0
    uses: Counter[bytes] = field(default_factory=Counter)
    subjects_of: Counter[bytes] = field(default_factory=Counter)
    members: Counter[bytes] = field(default_factory=Counter)
    objects: dict[bytes, array[int]] = field(default_factory=dict)
    heads: set[bytes] = field(default_factory=set)
    kinds: dict[bytes, Kinds] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)
    spans: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Add the counts of another segment."""
        self.quads += other.quads
        self.triples += other.triples
        self.subjects += other.subjects
        self.entities += other.entities
        for counter in ("uses", "subjects_of", "members"):
            getattr(self, counter).update(getattr(other, counter))
        for predicate, hashes in other.objects.items():
            self.objects.setdefault(predicate, array("q")).extend(hashes)
        self.heads |= other.heads
        for predicate, kinds in other.kinds.items():
            self.kinds[predicate] = self.kinds.get(predicate, frozenset()) | kinds
        for kind, iri in other.first.items():
            self.first[kind] = min(iri, self.first.get(kind, iri))
        for predicate, (low, high) in other.spans.items():
            known = self.spans.get(predicate, (low, high))
            self.spans[predicate] = min(low, known[0]), max(high, known[1])

    def distinct_objects(self) -> tuple[int, dict[bytes, int]]:
        """Give how many objects there are in all, and of each property."""
        everything: set[int] = set()
        counts = {}
        for predicate, hashes in self.objects.items():
            distinct = set(hashes)
            counts[predicate] = len(distinct)
            everything |= distinct
        return len(everything), counts


def tally(things: Iterable[Thing], quads: int, config: Config) -> Tally:
    """Count the statements about some things.

    :param quads: how many statements these are with repetitions in other graphs
    """
    found = Tally(quads=quads)
    objects: defaultdict[bytes, set[bytes]] = defaultdict(set)
    uses, subjects_of = found.uses, found.subjects_of
    subjects = []
    for subject, runs in things:
        subjects.append(subject[1:-1])
        for predicate, values in runs:
            uses[predicate] += len(values)
            subjects_of[predicate] += 1
            objects[predicate].update(values)
            if predicate == _TYPE:
                found.members.update(values)
    found.triples = uses.total()
    _add_subjects(found, subjects, config)
    hashes = {value: _hash(value) for value in set().union(*objects.values())}
    _describe_values(found, objects)
    found.objects = {predicate: array("q", [hashes[v] for v in values]) for predicate, values in objects.items()}
    return found


def _add_subjects(found: Tally, subjects: list[bytes], config: Config) -> None:
    """Count things, and find the first of each kind.

    :param subjects: IRIs in the order of their bytes
    """
    found.subjects = len(subjects)
    found.heads |= set(map(_head, subjects))
    ours = f"{config.base}id/".encode()
    found.entities = sum(iri.startswith(ours) for iri in subjects)
    for iri in (iri.decode() for iri in subjects if iri.startswith(ours)):
        if named := config.vocab.kind_and_slug(iri):
            found.first[named[0]] = min(iri, found.first.get(named[0], iri))


def _describe_values(found: Tally, objects: dict[bytes, set[bytes]]) -> None:
    for predicate, values in objects.items():
        kinds = {kind_of(value) for value in values}
        found.kinds[predicate] = frozenset(kinds)
        found.heads |= {_head(kind[1:-1]) for kind in kinds if kind.startswith(b"<")}
        found.heads |= {_head(value[1:-1]) for value in values if value.startswith(b"<")}
        found.heads.add(_head(predicate[1:-1]))
        texts = [value[1 : value.rfind(b'"')] for value in values if value.endswith(b"#date>")]
        if texts:
            found.spans[predicate] = min(texts), max(texts)


def _head(iri: bytes) -> bytes:
    return iri[: max(iri.rfind(b"/"), iri.rfind(b"#")) + 1]


def _hash(value: bytes) -> int:
    return int.from_bytes(blake2b(value, digest_size=8).digest(), "big", signed=True)
