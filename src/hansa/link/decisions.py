"""Read the reviewed links to Wikidata from an SSSOM table and make triples of the accepted ones.

The table is SSSOM/TSV 1.1 (https://mapping-commons.github.io/sssom/spec-formats-tsv/) with one extension column,
``decision``. Rows that say "no match", "undecided" and "rejected" are kept on purpose: what was looked at once is not
proposed again. :func:`read_decisions` never stops at a bad row; it leaves it out and says where and why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

from hansa.errors import HansaError, closest
from hansa.link.sheet import Row, RowError, check_prefixes, heading, read_lines, row_error, rows
from hansa.model import Finding, Position
from hansa.rdf import NamedNode, Quad
from hansa.vocab import OWL, SKOS, Vocabulary

_SOURCES = "sources"
_FAMILIES = ("Wikidata", "Natural Earth")
_COUNTED = ("no source", "one source (what Wikidata says of itself counts once)")
NO_TERM = "sssom:NoTermFound"
_QID = re.compile(r"Q[1-9][0-9]*\b")


class Choice(StrEnum):
    """What the reviewer decided about a subject and an item."""

    EXACT = "exact"
    RELATED = "related"
    NONE = "none"
    UNDECIDED = "undecided"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class _Form:
    """How a decision must look in the standard SSSOM columns, so that tools without the extension read it rightly."""

    predicate: NamedNode
    modifier: str
    item: bool
    agreement: float


_CLASHES = {
    "duplicate": ("{subject} and {object} are decided on twice", "keep one row for the pair"),
    "two-answers": ("{subject} has two final answers", "a thing has one exact match or none"),
    "shared-item": ("{object} is the exact match of two things", "an item is one thing: a city or its government"),
}
_PREDICATES = {OWL.sameAs: "owl:sameAs", SKOS.relatedMatch: "skos:relatedMatch"}
_EXAMPLES = {"subject_id": "place:tokyo", "predicate_id": "owl:sameAs", "object_id": "wd:Q1490"}
_JUSTIFICATIONS = frozenset(
    (
        *("semapv:ManualMappingCuration", "semapv:MappingReview", "semapv:MappingChaining", "semapv:MappingInversion"),
        *("semapv:LexicalMatching", "semapv:LexicalSimilarityThresholdMatching", "semapv:LogicalReasoning"),
        *("semapv:SemanticSimilarityThresholdMatching", "semapv:BackgroundKnowledgeBasedMatching"),
        *("semapv:StructuralMatching", "semapv:InstanceBasedMatching", "semapv:CompositeMatching"),
        *("semapv:UnspecifiedMatching", "semapv:DatabaseCrossReference"),
    )
)
"""What SSSOM takes as justification (https://mapping-commons.github.io/semantic-mapping-vocabulary/)."""
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_FORMS: Mapping[Choice, _Form] = {
    Choice.EXACT: _Form(OWL.sameAs, "", True, 1.0),
    Choice.RELATED: _Form(SKOS.relatedMatch, "", True, 1.0),
    Choice.NONE: _Form(OWL.sameAs, "", False, 1.0),
    Choice.UNDECIDED: _Form(OWL.sameAs, "", True, 0.0),
    Choice.REJECTED: _Form(OWL.sameAs, "Not", True, 1.0),
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One reviewed row.

    :param position: file, line and column of its first field
    :param subject: IRI of our thing
    :param predicate: IRI of the mapping relation
    :param object: IRI of the Wikidata item, or an empty string for :attr:`Choice.NONE`
    :param confidence: between 0 and 1, ``None`` where the table gives none
    :param comment: the evidence in words
    :param author: who decided
    :param date: the day of the decision in ISO form
    :param sources: what bears it out; an exact match needs two that are :func:`independent`
    :param sources_column: where in the line they stand
    """

    position: Position
    subject: str
    predicate: str
    object: str
    decision: Choice
    confidence: float | None
    comment: str
    author: str
    date: str
    subject_label: str = ""
    object_label: str = ""
    sources: tuple[str, ...] = ()
    sources_column: int = 1

    @property
    def line(self) -> int:
        """The line in the table, counted from 1."""
        return self.position.line


def independent(sources: Iterable[str]) -> set[str]:
    """Give what does not depend on each other among sources.

    What Wikidata says of itself counts once, whoever copied it, and so does Natural Earth.
    """
    return {next((name for name in _FAMILIES if source.startswith(name)), source) for source in sources}


def _iri(row: Row, column: str, vocab: Vocabulary) -> str:
    text = row.fields[column]
    try:
        return vocab.expand(text)
    except HansaError:
        pass
    if not text.strip():
        raise RowError(
            column, "empty", f"{column} is empty", f"write a name with its prefix, as in {_EXAMPLES[column]}"
        )
    prefix, colon, _ = text.partition(":")
    near = closest(prefix, vocab.prefixes) if colon else ""
    hint = f"did you mean {near}:?" if near else f"write a name with its prefix, as in {_EXAMPLES[column]}"
    found = _QID.search(text) if column == "object_id" else None
    hint = f"write wd:{found[0]}" if found else hint
    raise RowError(column, "prefix", f"{text!r} has no prefix that the project knows", hint)


def _subject(row: Row, vocab: Vocabulary) -> str:
    iri = _iri(row, "subject_id", vocab)
    if vocab.kind_and_slug(iri) is None:
        raise RowError(
            "subject_id",
            "subject",
            f"{row.fields['subject_id']} is not a thing of this graph",
            "write kind:slug, as in place:tokyo",
        )
    return iri


def _item(row: Row, vocab: Vocabulary) -> str:
    name = row.fields["object_id"]
    if name == NO_TERM:
        return ""
    iri = _iri(row, "object_id", vocab)
    if not re.fullmatch(re.escape(vocab.prefixes["wd"]) + r"Q[1-9][0-9]*", iri):
        found = _QID.search(name)
        hint = f"write wd:{found[0]}" if found else f"write wd:Q… with digits, or {NO_TERM} for no match"
        raise RowError("object_id", "wikidata-iri", f"{name} is not the IRI of a Wikidata item", hint)
    return iri


def _choice(row: Row) -> Choice:
    try:
        return Choice(row.fields["decision"])
    except ValueError:
        words = ", ".join(Choice)
        raise RowError("decision", "decision", f"unknown decision {row.fields['decision']!r}", f"use {words}") from None


def _number(row: Row, column: str) -> float | None:
    text = row.fields[column]
    try:
        value = float(text) if text else None
    except ValueError:
        value = -1.0
    if value is not None and not 0 <= value <= 1:
        raise RowError(column, "number", f"{column} is {text!r}", "give a number between 0 and 1")
    return value


def _day(row: Row) -> str:
    text = row.fields["mapping_date"]
    try:
        day = date.fromisoformat(text).isoformat()
    except ValueError:
        day = ""
    if not day or day != text:
        raise RowError("mapping_date", "date", f"mapping_date is {text!r}", "give a day as YYYY-MM-DD")
    return day


def _required(row: Row) -> None:
    for column in ("mapping_justification", "author_label", "comment"):
        if not row.fields[column].strip():
            raise RowError(column, "empty", f"{column} is empty", "every decision says who made it, how and on what")
    if row.fields["mapping_justification"] not in _JUSTIFICATIONS:
        message = f"{row.fields['mapping_justification']!r} is no kind of justification"
        near = closest(row.fields["mapping_justification"], _JUSTIFICATIONS) or "semapv:ManualMappingCuration"
        raise RowError("mapping_justification", "justification", message, f"did you mean {near}?")
    for column, text in row.fields.items():
        if _ADDRESS.search(text):
            raise RowError(column, "contact", "an e-mail address in published data", "take it out")


def _check_form(row: Row, choice: Choice, predicate: str, item: str) -> None:
    form = _FORMS[choice]
    expected = {
        "predicate_id": (predicate == form.predicate.value, f"the predicate {_PREDICATES[form.predicate]}"),
        "predicate_modifier": (
            row.fields["predicate_modifier"] == form.modifier,
            f"the modifier {form.modifier}" if form.modifier else "no modifier: leave the field empty",
        ),
        "object_id": (bool(item) == form.item, "a Wikidata item" if form.item else NO_TERM),
        "reviewer_agreement": (_number(row, "reviewer_agreement") == form.agreement, str(form.agreement)),
    }
    for column, (fits, wanted) in expected.items():
        if not fits:
            message = f"{column} {row.fields[column]!r} contradicts the decision {choice.value!r}"
            raise RowError(column, "contradictory", message, f"{choice.value} goes with {wanted}")


def _decision(row: Row, vocab: Vocabulary) -> Decision:
    _required(row)
    subject, item = _subject(row, vocab), _item(row, vocab)
    choice, predicate = _choice(row), _iri(row, "predicate_id", vocab)
    _check_form(row, choice, predicate, item)
    return Decision(
        position=row.at(),
        subject=subject,
        predicate=predicate,
        object=item,
        decision=choice,
        confidence=_number(row, "confidence"),
        comment=row.fields["comment"],
        author=row.fields["author_label"],
        date=_day(row),
        subject_label=row.fields.get("subject_label", ""),
        object_label=row.fields.get("object_label", ""),
        sources=tuple(filter(None, map(str.strip, row.fields.get(_SOURCES, "").split("|")))),
        sources_column=row.at(_SOURCES).column,
    )


def _read(row: Row | Finding, vocab: Vocabulary) -> Decision | Finding:
    if isinstance(row, Finding):
        return row
    try:
        return _decision(row, vocab)
    except RowError as bad:
        return row_error(row.at(bad.column), bad.code, str(bad), bad.hint)


def _clash(code: str, decision: Decision, first: Decision, vocab: Vocabulary) -> Finding:
    message, hint = _CLASHES[code]
    item = vocab.shorten(decision.object) if decision.object else NO_TERM
    text = message.format(subject=vocab.shorten(decision.subject), object=item)
    return row_error(decision.position, code, f"{text}: first in line {first.line}", hint, decision.subject)


def _conflicts(decisions: Iterable[Decision], vocab: Vocabulary) -> Iterator[Finding]:
    seen: dict[tuple[str, ...], Decision] = {}
    for decision in decisions:
        keys: list[tuple[str, ...]] = [("duplicate", decision.subject, decision.object)]
        if decision.decision in {Choice.EXACT, Choice.NONE}:
            keys.append(("two-answers", decision.subject))
        if decision.decision is Choice.EXACT:
            keys.append(("shared-item", decision.object))
        for key in keys:
            first = seen.setdefault(key, decision)
            if first is not decision:
                yield _clash(key[0], decision, first, vocab)
                break


def _unsupported(decisions: Iterable[Decision], columns: Collection[str]) -> Iterator[Finding]:
    """Find exact matches that two sources do not bear out; a table without the column says nothing of them."""
    for decision in decisions:
        found = len(independent(decision.sources))
        if decision.decision is Choice.EXACT and found < 2 and _SOURCES in columns:
            message = f"the exact match of {decision.subject_label or decision.subject} rests on {_COUNTED[found]}"
            hint = f'name two in the column "{_SOURCES}", with | between, or decide "undecided" until there are two'
            at = replace(decision.position, column=decision.sources_column)
            yield row_error(at, _SOURCES, message, hint, decision.subject)


def read_decisions(path: Path, name: str, vocab: Vocabulary) -> tuple[list[Decision], list[Finding]]:
    """Read an SSSOM table of decisions.

    :param path: the file
    :param name: its name as findings show it
    :param vocab: gives the prefix table; the table's own ``curie_map`` must agree with it
    :return: the good rows in file order, and findings for everything else, each with line and column
    :raises NotFoundError: when there is no such file
    :raises HansaError: when the file is not UTF-8
    """
    lines = [(number, line.removesuffix("\r")) for number, line in enumerate(read_lines(path, name), start=1)]
    header = list(takewhile(lambda pair: pair[1].startswith("#"), lines))
    table = [pair for pair in lines[len(header) :] if pair[1].strip()]
    columns, broken = heading(table, name, header)
    results = [] if broken else [_read(row, vocab) for row in rows(table[1:], columns, name)]
    decisions = [result for result in results if isinstance(result, Decision)]
    findings = [*broken, *check_prefixes(header, name, vocab)]
    findings += [result for result in results if isinstance(result, Finding)]
    findings += [*_conflicts(decisions, vocab), *_unsupported(decisions, columns)]
    return decisions, sorted(findings, key=lambda finding: finding.position)


def dangling(decisions: Iterable[Decision], known: Collection[str]) -> list[Finding]:
    """Find decisions about things that the graph does not have.

    :param known: the IRIs of all things in the graph
    """
    return [_unknown(decision, known) for decision in decisions if decision.subject not in known]


def _unknown(decision: Decision, known: Collection[str]) -> Finding:
    kind, slug = decision.subject.split("/")[-2:]
    home = decision.subject.removesuffix(slug)
    near = closest(slug, (iri.removeprefix(home) for iri in known if iri.startswith(home)))
    hint = f"did you mean {kind}:{near}? Otherwise drop the row" if near else "correct the name, or drop the row"
    return row_error(decision.position, "unknown-subject", f"nothing describes {kind}:{slug}", hint, decision.subject)


def link_quads(decisions: Iterable[Decision], vocab: Vocabulary) -> list[Quad]:
    """Give the triples of ``graph:links``, in file order: only what a reviewer accepted."""
    accepted = (d for d in decisions if d.decision in {Choice.EXACT, Choice.RELATED})
    graph = vocab.graph("links")
    return [Quad(NamedNode(d.subject), NamedNode(d.predicate), NamedNode(d.object), graph) for d in accepted]
