"""Propose items for a table of names, or for the things of the graph on which nobody has decided yet."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from hansa.errors import HansaError, NotFoundError
from hansa.link.decisions import Decision
from hansa.link.gazetteer import Gazetteer
from hansa.link.match import askable, propose
from hansa.link.proposal import Proposal, Query, Verdict
from hansa.store import QueryStore
from hansa.vocab import Vocabulary

COLUMNS = ("id", "decision", "qid", "score", "reasons")
REASON_SEPARATOR = "; "
_BATCH = 25
# Kinds of things that a gazetteer can know; nobody looks up evidence or a count.
_KINDS = ("place", "authority", "network", "organization", "body", "programme", "person", "event", "document", "post")


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal for one row of a table, or one thing of the graph.

    :param identifier: the row's id, or the IRI of the thing
    """

    identifier: str
    query: Query
    proposal: Proposal

    def fields(self) -> dict[str, str]:
        """Give the fields of the output table."""
        proposal = self.proposal
        score = f"{proposal.score:.3f}"
        reasons = REASON_SEPARATOR.join(proposal.reasons)
        return dict(zip(COLUMNS, (self.identifier, proposal.verdict, proposal.qid, score, reasons), strict=True))


class Elsewhere(Protocol):
    """Somewhere else to look: Wikidata and reconciliation services (:class:`hansa.link.online.Online`)."""

    def look_up(self, queries: Iterable[Query], known: Gazetteer) -> Gazetteer:
        """Give the items that it has under some names."""


def propose_all(
    queries: Sequence[tuple[str, Query]],
    gazetteer: Gazetteer,
    more: Gazetteer | None = None,
    elsewhere: Elsewhere | None = None,
) -> Iterator[Row]:
    """Propose items for names.

    :param queries: identifier and query of each
    :param more: items beside those of the gazetteer, such as those of reviewed links
    :param elsewhere: asked for the names without a match, a batch at a time; what it gives is weighed with the rest
    """
    for start in range(0, len(queries), _BATCH):
        rows = [Row(key, query, propose(query, gazetteer, more)) for key, query in queries[start : start + _BATCH]]
        yield from _asked(rows, gazetteer, more, elsewhere) if elsewhere else rows


def _asked(rows: list[Row], gazetteer: Gazetteer, more: Gazetteer | None, elsewhere: Elsewhere) -> Iterator[Row]:
    doubtful = [row for row in rows if row.proposal.verdict is not Verdict.MATCH and askable(row.query)]
    found = elsewhere.look_up([row.query for row in doubtful], gazetteer) if doubtful else Gazetteer()
    everything = found.joined(more) if more else found
    for row in rows:
        again = row in doubtful
        yield replace(row, proposal=propose(row.query, gazetteer, everything)) if again else row


def _number(text: str | None, file: Path, line: int) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise HansaError(f"{file}:{line}: {text!r} is not a number of degrees", "write it as in 35.68") from None


def _query(row: dict[str, str | None], file: Path, line: int) -> Query:
    latitude, longitude = (_number(row.get(axis), file, line) for axis in ("latitude", "longitude"))
    name, country, kind = ((row.get(column) or "").strip() for column in ("name", "country_hint", "type"))
    return Query(name, country, kind, latitude, longitude)


def read_names(file: Path) -> list[tuple[str, Query]]:
    """Read a table of names.

    :param file: CSV in UTF-8 with the columns ``id`` and ``name`` and, where known, ``country_hint``, ``type``,
        ``latitude`` and ``longitude``; other columns are left aside
    :raises NotFoundError: when there is no such file
    :raises HansaError: when it is not UTF-8, a column is missing or a coordinate is no number
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = [column for column in ("id", "name") if column not in (reader.fieldnames or ())]
            if missing:
                raise HansaError(f"{file}: no column {' and '.join(missing)}", "the first line names the columns")
            return [(row["id"] or "", _query(row, file, reader.line_num)) for row in reader]
    except FileNotFoundError:
        raise NotFoundError(f"{file} does not exist", "give a CSV file with the columns id and name") from None
    except UnicodeDecodeError as error:
        raise HansaError(f"{file} is not UTF-8: {error.reason} at byte {error.start}", "save it as UTF-8") from None


def write_rows(rows: Iterable[Row], file: Path) -> None:
    """Write proposals as CSV with :data:`COLUMNS`."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row.fields() for row in rows)


def _question() -> str:
    return files("hansa.link").joinpath("questions", "things-to-link.rq").read_text(encoding="utf-8")


def undecided(
    store: QueryStore, decisions: Iterable[Decision], vocab: Vocabulary, kinds: Collection[str] = _KINDS
) -> list[tuple[str, Query]]:
    """Give the things of the graph that no reviewer has decided on, under their first label.

    :param kinds: kinds of things to ask for
    """
    settled = {decision.subject for decision in decisions}
    found: dict[str, Query] = {}
    for thing, label, code, latitude, longitude in store.select(_question()).rows:
        iri = "" if thing is None else thing.value
        known = vocab.kind_and_slug(iri)
        if known is None or known[0] not in kinds or iri in settled or iri in found or label is None:
            continue
        degrees = [None if term is None else float(term.value) for term in (latitude, longitude)]
        found[iri] = Query(label.value, "" if code is None else code.value, known[0], degrees[0], degrees[1])
    return list(found.items())
