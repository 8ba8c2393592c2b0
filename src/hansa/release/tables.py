"""Tables that people open in a spreadsheet: one CSV file for each ``tables/*.rq``, and a CSVW description of them.

How a query becomes a table:

- The first variable is the thing that a row is about; solutions with the same first value make one row, and several
  values in a cell are joined by ``" | "``. So a query is a plain union of patterns, without GROUP BY.
- A variable that ends in the name of a query in ``facets/`` is filled from it: ``?member_label`` becomes one column a
  language with the names of ``?member``; ``?membership_line`` says where the evidence stands. The variable that it
  starts with need not be a column itself, so the queries are run with ``SELECT *``.
- Every branch of a union names the thing, or the engine would compare each of its rows with each of the others.
- The prefixes come from the project's table, so the same queries serve a project with another base IRI.

The files are UTF-8 with a byte order mark, which Excel needs and decoders of the Encoding Standard skip, and have CRLF
line ends (RFC 4180). A text that a spreadsheet would run as a formula gets an apostrophe in front (CWE-1236); numbers
do not. The RDF dumps hold the texts unchanged.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from typing import Any

from hansa.config import Config
from hansa.errors import QueryError
from hansa.rdf import Literal, Term
from hansa.store import QueryStore
from hansa.workers import spread

SEPARATOR = " | "
_SUMMARY = re.compile(r"^#\+ summary: (.+)$", re.MULTILINE)
_SELECT = re.compile(r"SELECT\s+(?P<columns>(\?\w+\s+)+)WHERE")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z")
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and, where its texts are in one language, that language."""

    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table ready to be written: file name without extension, what it holds, columns and rows of text."""

    name: str
    summary: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]

    def encode(self) -> bytes:
        """Give the bytes of the CSV file."""
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow([column.name for column in self.columns])
        writer.writerows(self.rows)
        return out.getvalue().encode("utf-8-sig")


def _queries(folder: str) -> dict[str, str]:
    files = (resources.files("hansa.release") / folder).iterdir()
    return {f.name.removesuffix(".rq"): f.read_text(encoding="utf-8") for f in files if f.name.endswith(".rq")}


@dataclass(frozen=True)
class _Facets:
    """What is known of every thing, whichever table it stands in."""

    store: QueryStore
    preamble: str
    languages: tuple[str, ...]
    queries: Mapping[str, str] = field(default_factory=lambda: _queries("facets"))

    @cached_property
    def _values(self) -> dict[str, dict[tuple[Term, str], set[Term]]]:
        return {name: self._ask(query) for name, query in self.queries.items()}

    def gather(self) -> None:
        """Ask now what every table needs, so that processes share the answers and do not each ask again."""
        _ = self._values

    def _ask(self, query: str) -> dict[tuple[Term, str], set[Term]]:
        found: dict[tuple[Term, str], set[Term]] = {}
        for row in self.store.select(self.preamble + query).dicts():
            language = row["language"].value.partition("-")[0] if "language" in row else ""
            found.setdefault((row["thing"], language), set()).add(row["value"])
        return found

    def split(self, variable: str) -> tuple[str, str] | None:
        """Split ``member_label`` into ``member`` and ``label``; ``None`` when it names no facet."""
        name, _, facet = variable.rpartition("_")
        return (name, facet) if name and facet in self.queries else None

    def columns(self, variable: str) -> list[Column]:
        """Give the columns that a variable of a query makes."""
        split = self.split(variable)
        if split is None or split[1] != "label":
            return [Column(variable)]
        return [Column(f"{split[0]}_{language}", language) for language in self.languages]

    def look_up(self, things: set[Term], facet: str, language: str) -> set[str]:
        """Give the texts of a facet; a name without a language stands for every language that has none of its own."""
        values = self._values[facet]
        found = {term for t in things for term in values.get((t, language)) or values.get((t, ""), set())}
        return {text for term in found for text in self._texts(term)}

    def _texts(self, term: Term) -> set[str]:
        """Say a thing by its name in the first language that has one, and a literal by its text."""
        if isinstance(term, Literal):
            return {term.value}
        names = (self.look_up({term}, "label", language) for language in self.languages)
        return next(filter(None, names), {term.value})


def make_tables(store: QueryStore, config: Config, *, small: bool = True) -> list[CsvTable]:
    """Answer every table query; rows are ordered by the thing they are about.

    :param small: so few statements that one process answers all
    :raises QueryError: when a query uses a prefix that the project's table lacks
    """
    preamble = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in config.prefixes.items())
    facets = _Facets(store, preamble, config.languages)
    if not small:
        facets.gather()
    return list(spread(lambda item: _make(*item, facets), sorted(_queries("tables").items()), small=small))


def _make(name: str, query: str, facets: _Facets) -> CsvTable:
    variables = _projected(name, query)
    grouped: dict[Term, dict[str, set[Term]]] = {}
    for row in facets.store.select(facets.preamble + _SELECT.sub("SELECT * WHERE", query)).dicts():
        values = grouped.setdefault(row[variables[0]], {})
        for variable, term in row.items():
            values.setdefault(variable, set()).add(term)
    rows = tuple(tuple(_cells(grouped[key], variables, facets)) for key in sorted(grouped, key=lambda t: t.value))
    columns = tuple(column for variable in variables for column in facets.columns(variable))
    summary = _SUMMARY.search(query)
    return CsvTable(name, summary[1] if summary else name, columns, rows)


def _projected(name: str, query: str) -> tuple[str, ...]:
    match = _SELECT.search(query)
    if match is None:
        raise QueryError(f"the table query {name} does not begin with SELECT ?thing … WHERE")
    return tuple(variable.lstrip("?") for variable in match["columns"].split())


def _cells(values: Mapping[str, set[Term]], variables: tuple[str, ...], facets: _Facets) -> Iterator[str]:
    for variable in variables:
        split = facets.split(variable)
        if split is None:
            yield _cell({(term.value, _is_text(term)) for term in values.get(variable, ())})
            continue
        for column in facets.columns(variable):
            texts = facets.look_up(values.get(split[0], set()), split[1], column.language)
            yield _cell({(text, True) for text in texts})


def _is_text(term: Term) -> bool:
    return isinstance(term, Literal) and not _NUMBER.match(term.value)


def _cell(values: set[tuple[str, bool]]) -> str:
    ordered = sorted(values, key=lambda value: _natural(value[0]))
    text = SEPARATOR.join(value for value, _ in ordered)
    return f"'{text}" if _FORMULA.match(text) and ordered[0][1] else text


def _natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Order numbers inside text by size, so that line 9 stands before line 17."""
    return tuple((part.isdigit(), int(part) if part.isdecimal() else 0, part) for part in _DIGITS.split(text))


def csvw_metadata(tables: list[CsvTable], config: Config) -> dict[str, Any]:
    """Describe the tables in the vocabulary of CSV on the Web (https://www.w3.org/TR/tabular-metadata/)."""
    return {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:license": {"@id": config.licence},
        "dc:publisher": config.publisher,
        "dc:issued": {"@value": config.issued, "@type": "xsd:date"},
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tables": [_describe(table) for table in tables],
    }


def _describe(table: CsvTable) -> dict[str, Any]:
    key, *rest = table.columns
    columns = [{"name": key.name, "titles": key.name, "datatype": "anyURI", "required": True}]
    for column in rest:
        language = {"lang": column.language} if column.language else {}
        columns.append({"name": column.name, "titles": column.name, "separator": SEPARATOR, **language})
    return {
        "url": f"{table.name}.csv",
        "dc:description": table.summary,
        "tableSchema": {"columns": columns, "primaryKey": key.name},
    }
