"""Render the answer of a query: CSV, TSV, JSON, a spreadsheet, Turtle, or rows of text for a terminal.

Every function takes plain data and gives bytes (or rows); nothing here asks a store or a clock.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import xlsxwriter

from hansa.errors import HansaError
from hansa.rdf import FORMATS, BlankNode, Literal, NamedNode, Term, Triple, serialise, sort_key
from hansa.store import Table
from hansa.vocab import RDF, XSD, Namespace, Vocabulary

RS = Namespace(
    "http://www.w3.org/2001/sw/DataAccess/tests/result-set#",
    "ResultSet binding boolean resultVariable solution value variable",
)

_NUMBERS = {XSD.integer, XSD.decimal, XSD.double, XSD.nonNegativeInteger}
_FORMULA = re.compile(r"[=+\-@\t\r]")
_CELL_LIMIT = 32_767
_ROW_LIMIT = 1_048_576
_LINK_LIMIT = 65_530
_URL_LIMIT = 2_079
_WIDTHS = (8, 60)


def _lexical(term: Term | None) -> str:
    if term is None:
        return ""
    return str(term) if isinstance(term, BlankNode) else term.value


def answer_table(answer: bool) -> Table:
    """Give the answer of an ASK query as a table of one cell, for the forms that hold only tables."""
    return Table(("answer",), ((Literal(answer),),))


# ---------------------------------------------------------------- text
def to_csv(table: Table) -> bytes:
    """Write CSV (SPARQL 1.1 CSV results on RFC 4180): UTF-8, CRLF, a header of variable names.

    Spreadsheets run a text cell that begins with ``=``, ``+``, ``-``, ``@``, TAB or CR as a formula, so such a text
    gets an apostrophe before it (OWASP, CSV injection). Numbers and IRIs are never changed, nor is anything in JSON
    and TSV.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.variables)
    writer.writerows([_guarded(term) for term in row] for row in table.rows)
    return out.getvalue().encode()


def _guarded(term: Term | None) -> str:
    text = _lexical(term)
    harmless = not isinstance(term, Literal) or term.datatype in _NUMBERS
    return text if harmless or not _FORMULA.match(text) else f"'{text}"


def to_tsv(table: Table) -> bytes:
    """Write SPARQL 1.1 TSV results: terms in Turtle syntax, nothing lost, nothing guarded; for programs."""
    lines = ["\t".join(f"?{name}" for name in table.variables)]
    lines += ["\t".join("" if term is None else str(term) for term in row) for row in table.rows]
    return "".join(f"{line}\n" for line in lines).encode()


def to_json(answer: Table | bool) -> bytes:
    """Write SPARQL 1.1 Query Results JSON, for SELECT and ASK, two spaces deep."""
    body: dict[str, Any]
    if isinstance(answer, bool):
        body = {"head": {}, "boolean": answer}
    else:
        bindings = [{name: _json_term(term) for name, term in row.items()} for row in answer.dicts()]
        body = {"head": {"vars": list(answer.variables)}, "results": {"bindings": bindings}}
    return (json.dumps(body, ensure_ascii=False, indent=2) + "\n").encode()


def _json_term(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    plain = {"type": "literal", "value": term.value}
    if term.language:
        return plain | {"xml:lang": term.language}
    return plain if term.datatype == XSD.string else plain | {"datatype": term.datatype.value}


def text_rows(table: Table, vocab: Vocabulary, lang: str = "") -> list[list[str]]:
    """Give the cells of each row as people read them: IRIs as prefixed names, empty where unbound.

    A text in another language than ``lang`` shows its tag (``東京都 @ja``), so that a fallback is seen as one.
    """
    return [[_cell(term, vocab, lang) for term in row] for row in table.rows]


def _cell(term: Term | None, vocab: Vocabulary, lang: str) -> str:
    if isinstance(term, NamedNode):
        return vocab.shorten(term.value)
    if isinstance(term, Literal) and term.language and lang and not _speaks(term.language, lang):
        return f"{term.value} @{term.language}"
    return _lexical(term)


def _speaks(tag: str, lang: str) -> bool:
    """Say whether a tag fits a language range by basic filtering (RFC 4647, section 3.3.1)."""
    return f"{tag.lower()}-".startswith(f"{lang.lower()}-")


# ---------------------------------------------------------------- spreadsheet
def to_xlsx(table: Table, title: str, created: date) -> bytes:
    """Write an Excel workbook of one sheet: header frozen, columns wide enough, IRIs as links, no formula ever.

    :param title: name of the sheet; Excel allows 31 characters
    :param created: the day that the file says it was made, so that the same answer gives the same bytes
    :raises HansaError: when there are more rows than a sheet holds
    """
    if len(table.rows) >= _ROW_LIMIT:
        raise HansaError(f"{len(table.rows)} rows do not fit on a sheet of {_ROW_LIMIT}", "take the CSV form")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": datetime(created.year, created.month, created.day)})
        _fill(book, book.add_worksheet(_sheet_name(title)), table)
    return out.getvalue()


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip().strip("'") or "answer"


def _fill(book: Any, sheet: Any, table: Table) -> None:
    head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, table.variables, head)
    links = 0
    for number, row in enumerate(table.rows, start=1):
        for column, term in enumerate(row):
            links += _write(sheet, (number, column), term, day, links < _LINK_LIMIT)
    for column, width in enumerate(_widths(table)):
        sheet.set_column(column, column, width)


def _write(sheet: Any, at: tuple[int, int], term: Term | None, day: Any, may_link: bool) -> bool:
    """Write one cell by the type of its term and say whether it became a link."""
    text = _lexical(term)
    if isinstance(term, NamedNode) and may_link and text.startswith(("http://", "https://")) and len(text) < _URL_LIMIT:
        sheet.write_url(*at, text)
        return True
    if isinstance(term, Literal) and term.datatype in _NUMBERS and _exact(text):
        sheet.write_number(*at, float(text))
    elif isinstance(term, Literal) and term.datatype == XSD.date and _excel_day(text):
        sheet.write_datetime(*at, datetime.fromisoformat(text), day)
    elif text:
        sheet.write_string(*at, text if len(text) <= _CELL_LIMIT else text[: _CELL_LIMIT - 1] + "…")
    return False


def _exact(text: str) -> bool:
    """Say whether Excel, which keeps 15 digits, keeps this number."""
    return re.fullmatch(r"[+-]?[0-9.]{1,15}", text) is not None


def _excel_day(text: str) -> bool:
    """Say whether Excel, whose calendar is right from March 1900 on, has this day."""
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and text >= "1900-03-01"


def _widths(table: Table) -> Iterator[int]:
    low, high = _WIDTHS
    for column, name in enumerate(table.variables):
        longest = max((len(_lexical(row[column])) for row in table.rows), default=0)
        yield min(max(longest, len(name), low) + 2, high)


# ---------------------------------------------------------------- graphs
def to_turtle(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """Write the answer of CONSTRUCT or DESCRIBE as Turtle: sorted, each triple once, with the prefixes it uses."""
    distinct = sorted(set(triples), key=sort_key)
    return serialise(distinct, FORMATS["turtle"], used_prefixes(distinct, prefixes))


def used_prefixes(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> dict[str, str]:
    """Give those prefixes of a table that some IRI of the triples begins with."""
    names = {iri for triple in triples for iri in _iris(triple)}
    return {prefix: ns for prefix, ns in prefixes.items() if any(iri.startswith(ns) for iri in names)}


def _iris(triple: Triple) -> Iterator[str]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value


def table_to_turtle(table: Table, prefixes: Mapping[str, str]) -> bytes:
    """Write the answer of SELECT as Turtle, in the result-set vocabulary of the W3C test suites.

    Source: https://www.w3.org/2001/sw/DataAccess/tests/result-set.n3. Solutions and bindings are blank nodes there.
    """
    return to_turtle(_result_set(table), {**prefixes, "rs": RS.iri})


def _result_set(table: Table) -> Iterator[Triple]:
    top = BlankNode("answer")
    yield Triple(top, RDF.type, RS.ResultSet)
    for name in table.variables:
        yield Triple(top, RS.resultVariable, Literal(name))
    for number, row in enumerate(table.dicts(), start=1):
        solution = BlankNode(f"row{number}")
        yield Triple(top, RS.solution, solution)
        for name, term in row.items():
            binding = BlankNode(f"row{number}.{name}")
            yield Triple(solution, RS.binding, binding)
            yield Triple(binding, RS.variable, Literal(name))
            yield Triple(binding, RS.value, term)
