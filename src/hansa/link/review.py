"""Review candidates one by one: show both sides, take a key, write the decision.

Keys and output are passed in, so that the dialogue runs the same on a terminal and in a test.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from hansa.errors import HansaError, NotFoundError
from hansa.link.decisions import Choice, Decision, independent
from hansa.link.distance import haversine
from hansa.link.ledger import Ledger
from hansa.vocab import Vocabulary

KEYS = {
    "a": "accept: it is the same thing",
    "l": "related: not the same, but worth a link",
    "r": "reject: it is another thing",
    "n": "none: the thing has no item at all",
    "s": "skip for now",
    "u": "undo the last decision",
    "q": "quit; everything decided is saved",
    "?": "show this help",
}
_CHOICES = {"a": Choice.EXACT, "l": Choice.RELATED, "r": Choice.REJECTED, "n": Choice.NONE}


@dataclass(frozen=True, slots=True)
class Side:
    """What is known about a thing or an item, to be looked at by a person.

    :param facts: name and value, such as ("country", "Japan")
    :param point: latitude and longitude, ``None`` when unknown
    :param sources: what says that it is this item
    """

    label: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    point: tuple[float, float] | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A candidate that waits for a person.

    :param subject: IRI of our thing
    :param item: IRI of the item
    :param reasons: why it was proposed
    :param score: between 0 and 1, ``None`` when unknown
    """

    subject: str
    item: str
    reasons: str
    label: str = ""
    item_label: str = ""
    score: float | None = None


def undecided(decisions: Iterable[Decision]) -> list[Question]:
    """Give the questions that the table itself leaves open."""
    return [
        Question(d.subject, d.object, d.comment, d.subject_label, d.object_label, d.confidence)
        for d in decisions
        if d.decision is Choice.UNDECIDED
    ]


def proposed(path: Path, decisions: Sequence[Decision], vocab: Vocabulary) -> list[Question]:
    """Read the answer of ``hansa link propose`` (id, decision, qid, score, reasons), without pairs decided before.

    :raises HansaError: when a row names no thing of this graph, or no item
    """
    known = {(d.subject, d.object) for d in decisions if d.decision is not Choice.UNDECIDED}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError:
        raise NotFoundError(f"{path} does not exist", "make it with: hansa link propose --out FILE") from None
    questions = [
        _question(row, f"{path.name}:{number}", vocab) for number, row in enumerate(rows, start=2) if _open(row)
    ]
    return [q for q in questions if (q.subject, q.item) not in known]


def _open(row: dict[str, str]) -> bool:
    return row.get("decision") in {"match", "review"} and bool(row.get("qid"))


def _question(row: dict[str, str], where: str, vocab: Vocabulary) -> Question:
    subject, qid = vocab.expand(row.get("id", "")), row["qid"].removeprefix("wd:")
    if vocab.kind_and_slug(subject) is None:
        raise HansaError(
            f"{where}: {row.get('id')!r} is not a thing of this graph", "write kind:slug, as in place:tokyo"
        )
    if not (qid.startswith("Q") and qid[1:].isdigit()):
        raise HansaError(f"{where}: {qid!r} is not a QID", "propose gives one candidate a row")
    score = row.get("score") or ""
    number = float(score) if score.replace(".", "", 1).isdigit() else None
    return Question(
        subject, vocab.prefixes["wd"] + qid, row.get("reasons", ""), row.get("name", ""), row.get("label", ""), number
    )


Look = Callable[[str], Side]
"""Tells what is known about an IRI."""


@dataclass(slots=True)
class Dialogue:
    """Puts questions to a person.

    :param ledger: where decisions are written
    :param console: where everything is shown
    :param key: gives the next key; raises :class:`EOFError` when there are no more
    :param author: who decides
    :param day: when, in ISO form
    """

    ledger: Ledger
    vocab: Vocabulary
    console: Console
    key: Callable[[], str]
    author: str
    day: str
    here: Look = lambda _: Side()
    there: Look = lambda _: Side()

    def run(self, questions: Sequence[Question]) -> int:
        """Ask until all is answered or the person quits; give the number of decisions made."""
        history: list[tuple[int, str]] = []
        position = 0
        while position < len(questions) or history:
            if position == len(questions):
                self.console.print("That was the last one. [u]ndo  [q]uit", markup=False, style="bold")
                if self._answer() != "u":
                    break
                position = self._undo(history, position)
                continue
            word = self._ask(questions, position)
            if word == "q":
                break
            if word == "u":
                position = self._undo(history, position)
                continue
            before = self.ledger.text
            if word in _CHOICES:
                if not self._decide(questions[position], _CHOICES[word]):
                    continue
                history.append((position, before))
            position += 1
        decided = len(history)
        self.console.print(f"{decided} decision{'s' * (decided != 1)} written", highlight=False)
        return decided

    def _ask(self, questions: Sequence[Question], position: int) -> str:
        self._show(questions[position], position + 1, len(questions))
        return self._answer()

    def _answer(self) -> str:
        while True:
            try:
                word = self.key().lower()
            except (EOFError, KeyboardInterrupt):
                return "q"
            if word in {"\x03", "\x04", "\x1b"}:
                return "q"
            if word == "?":
                self.console.print("\n".join(f"  {k}  {meaning}" for k, meaning in KEYS.items()), highlight=False)
            elif word in KEYS:
                return word
            else:
                self.console.print("Press one of a l r n s u q, or ? for help.", style="yellow", highlight=False)

    def _undo(self, history: list[tuple[int, str]], position: int) -> int:
        if not history:
            self.console.print("Nothing to undo.", style="yellow")
            return position
        position, text = history.pop()
        self.ledger.restore(text)
        self.console.print("Undone.", style="yellow")
        return position

    def _decide(self, question: Question, choice: Choice) -> bool:
        sources = self.there(question.item).sources if choice is Choice.EXACT else ()
        details = {
            "sources": "|".join(sources),
            "subject_label": question.label or self.here(question.subject).label,
            "object_label": question.item_label or self.there(question.item).label,
            "comment": question.reasons or "Decided in a review.",
            "confidence": "" if question.score is None else f"{question.score:g}",
            "author_label": self.author,
            "reviewer_label": self.author,
            "mapping_date": self.day,
        }
        try:
            self.ledger.decide(question.subject, question.item, choice, details)
        except HansaError as error:
            self.console.print(Text(f"Not written: {error}"), style="red")
            return False
        self.console.print(f"{choice}", style="green", highlight=False)
        if choice is Choice.EXACT and len(self._rests_on(question)) < 2:
            words = "An exact match needs two independent sources: name them in the column sources of the table."
            self.console.print(words, style="yellow", highlight=False)
        return True

    def _rests_on(self, question: Question) -> set[str]:
        made = (d for d in self.ledger.decisions if (d.subject, d.object) == (question.subject, question.item))
        return independent(source for decision in made for source in decision.sources)

    # ------------------------------------------------------------ what is shown
    def _show(self, question: Question, number: int, total: int) -> None:
        ours, theirs = self.here(question.subject), self.there(question.item)
        table = Table(box=None, pad_edge=False, show_header=True)
        for heading in ("", self.vocab.shorten(question.subject), self.vocab.shorten(question.item)):
            table.add_column(heading, overflow="fold")
        for name, left, right in _pairs(question, ours, theirs):
            table.add_row(Text(name, style="dim"), Text(_printable(left)), Text(_printable(right)))
        self.console.print(Panel(table, title=f"{number} of {total}", title_align="left"))
        if ours.point and theirs.point:
            self.console.print(
                f"distance on the map: {_kilometres(haversine(ours.point, theirs.point))}", highlight=False
            )
        score = "" if question.score is None else f"score {question.score:g}: "
        self.console.print(Text(_printable(f"{score}{question.reasons}")))
        self.console.print(
            "[a]ccept  re[l]ated  [r]eject  [n]one  [s]kip  [u]ndo  [q]uit  [?]", markup=False, style="bold"
        )


def _pairs(question: Question, ours: Side, theirs: Side) -> Iterator[tuple[str, str, str]]:
    yield "name", ours.label or question.label, theirs.label or question.item_label
    names = dict.fromkeys(name for name, _ in (*ours.facts, *theirs.facts))
    for name in names:
        left, right = (", ".join(v for n, v in side.facts if n == name) for side in (ours, theirs))
        yield name, left, right
    if question.item:
        yield "address", "", question.item
    if ours.point or theirs.point:
        yield "coordinates", _degrees(ours.point), _degrees(theirs.point)


def _degrees(point: tuple[float, float] | None) -> str:
    return f"{point[0]:.4f}, {point[1]:.4f}" if point else ""


def _kilometres(distance: float) -> str:
    return (
        f"{distance * 1000:.0f} m" if distance < 1 else f"{distance:.1f} km" if distance < 100 else f"{distance:.0f} km"
    )


def _printable(text: str) -> str:
    """Drop control characters: a label of Wikidata must not steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
