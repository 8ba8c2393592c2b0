"""Propose items for a table of names, or for the things of the graph on which nobody has decided yet."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from hansa.errors import HansaError, NotFoundError
from hansa.link.decisions import Decision
from hansa.link.gazetteer import Gazetteer
from hansa.link.match import propose
from hansa.link.proposal import Candidate, Proposal, Query, Verdict
from hansa.store import QueryStore
from hansa.vocab import Vocabulary

COLUMNS = ("id", "decision", "qid", "score", "reasons")
REASON_SEPARATOR = "; "
# Kinds of things that a gazetteer can know; nobody looks up evidence or a count.
_KINDS = ("place", "authority", "network", "organization", "body", "programme", "person", "event", "document", "post")


class CandidateSource(Protocol):
    """Somewhere else to look: Wikidata's SPARQL endpoint, its search, a W3C reconciliation service."""

    def candidates(self, query: Query) -> Iterable[Candidate]:
        """Give items for a name, best first; their scores are between 0 and 1."""


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


def _with_source(query: Query, proposal: Proposal, source: CandidateSource | None) -> Proposal:
    """Ask the other source where the gazetteer has no match; what it finds is for a person to decide."""
    if source is None or proposal.verdict is Verdict.MATCH:
        return proposal
    found = tuple(source.candidates(query))
    if not found:
        return proposal
    qid = proposal.qid or found[0].item.qid
    score = proposal.score or round(found[0].score * 0.6, 3)
    reasons = (*proposal.reasons, *dict.fromkeys(candidate.reason for candidate in found[:3]))
    everything = (*proposal.candidates, *found)
    return replace(proposal, verdict=Verdict.REVIEW, qid=qid, score=score, reasons=reasons, candidates=everything)


def propose_all(
    queries: Iterable[tuple[str, Query]], gazetteer: Gazetteer, source: CandidateSource | None = None
) -> Iterator[Row]:
    """Propose items for names.

    :param queries: identifier and query of each
    :param source: asked as well where the gazetteer has no match
    """
    for identifier, query in queries:
        yield Row(identifier, query, _with_source(query, propose(query, gazetteer), source))


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
