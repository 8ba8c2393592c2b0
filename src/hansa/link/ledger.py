"""Change the table of decisions, row by row, and leave everything else in it as it was written.

The file is SSSOM/TSV; see :mod:`hansa.link.decisions`, which reads and checks it. A changed table is checked before it
is saved, so a decision that contradicts another one never reaches the disk.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hansa.errors import HansaError
from hansa.link.decisions import NO_TERM, Choice, Decision, read_decisions
from hansa.vocab import Vocabulary

_FORMS: Mapping[Choice, tuple[str, str, str]] = {
    Choice.EXACT: ("owl:sameAs", "", "1.0"),
    Choice.RELATED: ("skos:relatedMatch", "", "1.0"),
    Choice.NONE: ("owl:sameAs", "", "1.0"),
    Choice.UNDECIDED: ("owl:sameAs", "", "0.0"),
    Choice.REJECTED: ("owl:sameAs", "Not", "1.0"),
}
_JUSTIFICATION = "semapv:ManualMappingCuration"


class Ledger:
    """The table of decisions on disk.

    :param path: the SSSOM file
    :param vocab: the prefix table
    :raises HansaError: when the table is not in order; it must be mended before it can be changed
    """

    def __init__(self, path: Path, vocab: Vocabulary) -> None:
        self._path, self._vocab = path, vocab
        self._decisions, findings = read_decisions(path, path.name, vocab)
        if findings:
            first = findings[0]
            raise HansaError(
                f"{path.name}:{first.position.line}: {first.message}",
                f"{first.hint}; then review ({len(findings)} in all)",
            )
        self._text = path.read_bytes().decode("utf-8-sig")

    @property
    def decisions(self) -> list[Decision]:
        """All rows, in file order."""
        return self._decisions

    @property
    def text(self) -> str:
        """The whole file, to come back to with :meth:`restore`."""
        return self._text

    def restore(self, text: str) -> None:
        """Save the table as it was."""
        self._save(text)

    def decide(self, subject: str, item: str, choice: Choice, details: Mapping[str, str]) -> None:
        """Write a decision about a thing and an item over the undecided row, or as a new row below the thing's others.

        With :attr:`Choice.NONE` the candidate stays as rejected and the thing gets a row that says so; an exact match
        takes the place of such a row.

        :param details: columns to fill: ``comment``, ``author_label``, ``mapping_date``, labels, confidence
        :raises HansaError: when the decision contradicts another one; the file stays as it is
        """
        lines = self._text.split("\n")
        if choice is Choice.NONE:
            if item:
                self._put(lines, subject, item, Choice.REJECTED, details)
            about_candidate = {"object_label", "confidence"}
            rest = {k: v for k, v in details.items() if k not in about_candidate}
            rest["comment"] = f"No item; {self._vocab.shorten(item)} was the candidate." if item else rest["comment"]
            self._put(lines, subject, "", Choice.NONE, rest)
        else:
            if choice is Choice.EXACT:
                self._drop_none(lines, subject)
            self._put(lines, subject, item, choice, details)
        self._save("\n".join(lines))

    # ------------------------------------------------------------ rows
    def _rows(self, lines: list[str]) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
        start = next(n for n, line in enumerate(lines) if not line.startswith("#"))
        columns = lines[start].rstrip("\r").split("\t")
        rows = []
        for number in range(start + 1, len(lines)):
            if lines[number].strip():
                fields = next(csv.reader([lines[number].rstrip("\r")], delimiter="\t"))
                rows.append((number, dict(zip(columns, fields, strict=True))))
        return columns, rows

    def _drop_none(self, lines: list[str], subject: str) -> None:
        _, rows = self._rows(lines)
        for number, row in reversed(rows):
            if self._vocab.expand(row["subject_id"]) == subject and row["object_id"] == NO_TERM:
                del lines[number]

    def _put(self, lines: list[str], subject: str, item: str, choice: Choice, details: Mapping[str, str]) -> None:
        columns, rows = self._rows(lines)
        about = [(number, row) for number, row in rows if self._vocab.expand(row["subject_id"]) == subject]
        name = self._vocab.shorten(item) if item else NO_TERM
        same = [(number, row) for number, row in about if row["object_id"] == name]
        old = same[0][1] if same else {"subject_id": self._vocab.shorten(subject)}
        if not same and about:
            old["subject_label"] = about[0][1].get("subject_label", "")
        predicate, modifier, agreement = _FORMS[choice]
        fields = old | {k: v for k, v in details.items() if v} | {
            "object_id": name, "predicate_id": predicate, "predicate_modifier": modifier, "decision": str(choice),
            "reviewer_agreement": agreement, "mapping_justification": _JUSTIFICATION,
        }  # fmt: skip
        text = _line([fields.get(column, "") for column in columns])
        ending = "\r" if lines[0].endswith("\r") else ""
        if same:
            lines[same[0][0]] = text + ending
        else:
            below = max((number for number, _ in about or rows), default=len(lines) - 2)
            lines.insert(below + 1, text + ending)

    # ------------------------------------------------------------ file
    def _save(self, text: str) -> None:
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        scratch = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            decisions, findings = read_decisions(scratch, self._path.name, self._vocab)
            if findings:
                raise HansaError(findings[0].message, findings[0].hint)
            scratch.chmod(self._path.stat().st_mode & 0o777)
            scratch.replace(self._path)
        finally:
            scratch.unlink(missing_ok=True)
        self._decisions, self._text = decisions, text


def _line(fields: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="").writerow(" ".join(field.split()) for field in fields)
    return out.getvalue()
