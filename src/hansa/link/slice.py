"""What Wikidata says about our items: fetched in batches or read from a file, in Wikidata's own RDF terms.

A slice file is whatever holds triples of Wikidata's RDF dump format
(https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format): direct claims (``wdt:``) and, where there are some,
statement nodes with qualifiers (``p:``, ``ps:``, ``pq:``).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import islice
from pathlib import Path

from hansa.errors import HansaError, NotFoundError
from hansa.rdf import FORMATS, Literal, NamedNode, Term, Triple, parse_bytes, parse_file, serialise
from hansa.vocab import OWL, RDFS

BATCH = 50
WD = "http://www.wikidata.org/entity/"
_PROP = "http://www.wikidata.org/prop/"
_WIKIBASE = "http://wikiba.se/ontology#"


def question(name: str) -> str:
    """Give the text of a query that stands in ``questions/``."""
    return files("hansa.link").joinpath("questions", f"{name}.rq").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of Wikidata: its lexical form and the precision there (9 year, 10 month, 11 day), 0 when unknown."""

    text: str
    precision: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of an item: its value, and start, end and point in time where qualifiers give them."""

    value: Term
    start: Moment | None = None
    end: Moment | None = None
    point: Moment | None = None
    precision: int = 0


class Slice:
    """Some of Wikidata, indexed by item.

    :param triples: in Wikidata's terms
    :param complete: every item asked for is in it, so one that is absent was deleted
    """

    def __init__(self, triples: Iterable[Triple], *, complete: bool) -> None:
        self.complete = complete
        self._about: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
                continue
            values = self._about[triple.subject.value][triple.predicate.value]
            if triple.object not in values:
                values.append(triple.object)

    def _values(self, subject: str, predicate: str) -> list[Term]:
        return self._about[subject][predicate] if subject in self._about else []

    def knows(self, item: str) -> bool:
        """Say whether there is any statement about an item."""
        return item in self._about

    def redirect(self, item: str) -> str:
        """Give the item that this one was merged into, at the end of the chain, or an empty string."""
        seen = {item}
        target = item
        while found := [t.value for t in self._values(target, OWL.sameAs.value) if t.value.startswith(WD)]:
            if min(found) in seen:
                break
            target = min(found)
            seen.add(target)
        return "" if target == item else target

    def labels(self, item: str) -> dict[str, str]:
        """Give the labels of an item by language."""
        found = [t for t in self._values(item, RDFS.label.value) if isinstance(t, Literal)]
        return {t.language: t.value for t in found if t.language}

    def deprecated(self, item: str, prop: str) -> list[Term]:
        """Give the values that Wikidata keeps only to say that they are wrong."""
        nodes = [n.value for n in self._values(item, f"{_PROP}{prop}") if self._is_deprecated(n.value)]
        return [value for node in nodes for value in self._values(node, f"{_PROP}statement/{prop}")]

    def _is_deprecated(self, node: str) -> bool:
        return any(rank.value == f"{_WIKIBASE}DeprecatedRank" for rank in self._values(node, f"{_WIKIBASE}rank"))

    def statements(self, item: str, prop: str) -> list[Statement]:
        """Give the statements of an item with a property (``P463``); deprecated ones are left out."""
        nodes = [n for n in self._values(item, f"{_PROP}{prop}") if not isinstance(n, Literal)]
        full = [s for node in nodes for s in self._full(node.value, prop)]
        known = {s.value for s in full}
        return full + [Statement(v) for v in self._values(item, f"{_PROP}direct/{prop}") if v not in known]

    def _full(self, node: str, prop: str) -> list[Statement]:
        if self._is_deprecated(node):
            return []
        start, end, point = (self._moment(node, q) for q in ("P580", "P582", "P585"))
        precision = self._precision(node, f"{_PROP}statement/value/{prop}")
        return [Statement(v, start, end, point, precision) for v in self._values(node, f"{_PROP}statement/{prop}")]

    def _moment(self, node: str, qualifier: str) -> Moment | None:
        found = self._values(node, f"{_PROP}qualifier/{qualifier}")
        if not found:
            return None
        return Moment(found[0].value, self._precision(node, f"{_PROP}qualifier/value/{qualifier}"))

    def _precision(self, node: str, predicate: str) -> int:
        numbers = [
            p.value
            for deep in self._values(node, predicate)
            for p in self._values(deep.value, f"{_WIKIBASE}timePrecision")
        ]
        return int(numbers[0]) if numbers and numbers[0].isdigit() else 0


def read_slice(path: Path, *, complete: bool = False) -> Slice:
    """Read a slice file; its format goes by the extension, gzip looked through.

    :raises NotFoundError: when there is no such file
    :raises HansaError: when the extension or the content is not RDF
    """
    try:
        return Slice((quad.triple for quad in parse_file(path)), complete=complete)
    except FileNotFoundError:
        raise NotFoundError(f"{path} does not exist", "name a slice of Wikidata in Turtle or N-Triples") from None
    except KeyError:
        extensions = ", ".join(f".{f.extension}" for f in FORMATS.values())
        raise HansaError(f"{path}: no RDF format has that extension", f"one of {extensions}, also with .gz") from None


Ask = Callable[[str], list[Triple]]
"""Answers a CONSTRUCT query."""


class Progress:
    """What a long run has fetched so far: N-Triples, and a cursor file that says how far they are good.

    :param path: the N-Triples file; the cursor is beside it, with ``.cursor`` added
    """

    def __init__(self, path: Path) -> None:
        self._path, self._cursor = path, path.with_name(f"{path.name}.cursor")
        self._done: list[str] = []
        self._bytes = 0
        self._resume()

    def _resume(self) -> None:
        try:
            state = json.loads(self._cursor.read_text(encoding="utf-8"))
            self._done, self._bytes = list(state["done"]), int(state["bytes"])
            if self._path.stat().st_size < self._bytes:
                raise ValueError("the slice is shorter than its cursor says")
        except (OSError, ValueError, KeyError, TypeError):
            self._done, self._bytes = [], 0
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            # A run that died in the middle of a batch leaves half of it.
            file.truncate(self._bytes)

    def has(self, key: str) -> bool:
        """Say whether a batch is already there."""
        return key in self._done

    def add(self, key: str, triples: Sequence[Triple]) -> None:
        """Keep a batch, then say that it is kept."""
        with self._path.open("ab") as file:
            self._bytes += file.write(serialise(triples, FORMATS["ntriples"]))
        self._done.append(key)
        scratch = self._cursor.with_name(f"{self._cursor.name}.new")
        scratch.write_text(json.dumps({"bytes": self._bytes, "done": self._done}), encoding="utf-8")
        scratch.replace(self._cursor)

    def triples(self) -> list[Triple]:
        """Give everything that was fetched."""
        return [q.triple for q in parse_bytes(self._path.read_bytes(), FORMATS["ntriples"], file=str(self._path))]

    def finish(self) -> None:
        """Drop the cursor: the slice is whole, and the next run begins anew."""
        self._cursor.unlink(missing_ok=True)


def fetch_slice(ask: Ask, items: Iterable[str], keep: Path | None = None) -> Slice:
    """Fetch what Wikidata says about items, 50 at a time.

    :param items: IRIs of items
    :param keep: also write the triples to this N-Triples file; a run that broke off goes on where it stopped
    :raises HansaError: when the endpoint gives no answer
    """
    progress = Progress(keep) if keep else None
    fetched: list[Triple] = []
    for batch in _batches(sorted(set(items))):
        key = hashlib.sha256("\n".join(batch).encode()).hexdigest()
        if progress and progress.has(key):
            continue
        triples = ask(question("there").replace("?_items", " ".join(str(NamedNode(item)) for item in batch)))
        fetched += triples
        if progress:
            progress.add(key, triples)
    if progress:
        fetched = progress.triples()
        progress.finish()
    return Slice(fetched, complete=True)


def _batches(items: list[str]) -> Iterable[list[str]]:
    walk = iter(items)
    while batch := list(islice(walk, BATCH)):
        yield batch
