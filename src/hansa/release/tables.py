"""Tables that people open in a spreadsheet: one CSV file for each ``tables/*.rq``, and a CSVW description of them.

How a query becomes a table:

- The first variable is the thing that a row is about; solutions with the same first value make one row, and several
  values in a cell are joined by ``" | "``. So a query is a plain union of patterns, without GROUP BY.
- A variable that ends in the name of a query in ``facets/`` is filled from it: ``?member_label`` becomes one column a
  language with the names of ``?member``; ``?membership_line`` says where the evidence stands. The variable that it
  starts with need not be a column itself.
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
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from itertools import groupby
from typing import Any

from hansa.config import Config
from hansa.errors import QueryError
from hansa.rdf import Term
from hansa.store import RESULT_FORMATS, EmbeddedStore, QueryStore
from hansa.workers import spread

SEPARATOR = " | "
_SUMMARY = re.compile(r"^#\+ summary: (.+)$", re.MULTILINE)
_SELECT = re.compile(r"SELECT\s+(?P<columns>(\?\w+\s+)+)WHERE")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?\Z")
_DIGITS = re.compile(r"(\d+)")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
"""What may stand behind a backslash in a term (SPARQL 1.1 Query, section 19.8, ECHAR)."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading and, where its texts are in one language, that language."""

    name: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class CsvTable:
    """A table: file name without extension, what it holds, its columns, how many rows, and the bytes of the file."""

    name: str
    summary: str
    columns: tuple[Column, ...]
    size: int
    data: bytes

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The rows as they are read from the file."""
        reader = csv.reader(io.StringIO(self.data.decode("utf-8-sig"), newline=""))
        return [tuple(row) for row in reader][1:]


def _queries(folder: str) -> dict[str, str]:
    files = (resources.files("hansa.release") / folder).iterdir()
    return {f.name.removesuffix(".rq"): f.read_text(encoding="utf-8") for f in files if f.name.endswith(".rq")}


_Facet = dict[str, dict[bytes, tuple[bytes, ...]]]
"""The values of one facet by language and thing."""


@dataclass(frozen=True)
class _Facets:
    """What is known of every thing, whichever table it stands in."""

    store: QueryStore
    preamble: str
    languages: tuple[str, ...]
    queries: Mapping[str, str] = field(default_factory=lambda: _queries("facets"))
    _cells: dict[tuple[str, str, bytes], str] = field(default_factory=dict)

    @cached_property
    def _values(self) -> dict[str, _Facet]:
        return {name: self._ask(query) for name, query in self.queries.items()}

    def gather(self) -> None:
        """Ask now what every table needs, so that processes share the answers and do not each ask again."""
        _ = self._values

    def _ask(self, query: str) -> _Facet:
        names, lines = _answer(self.store, self.preamble + query)
        thing, value = names.index("thing"), names.index("value")
        language = names.index("language") if "language" in names else -1
        found: _Facet = {}
        for line in lines:
            terms = line.split(b"\t")
            tag = _text(terms[language]).partition("-")[0] if language >= 0 else ""
            values = found.setdefault(tag, {})
            # One value each is the rule, and a set of one takes six times the room.
            known = values.get(terms[thing], ())
            if terms[value] not in known:
                values[terms[thing]] = (*known, terms[value])
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

    def cell(self, things: Collection[bytes], facet: str, language: str) -> str:
        """Give the cell with the texts of a facet of some things."""
        if len(things) != 1:
            return _cell({(text, True) for text in self._look_up(things, facet, language)})
        key = facet, language, next(iter(things))
        if key not in self._cells:
            self._cells[key] = _cell({(text, True) for text in self._look_up(things, facet, language)})
        return self._cells[key]

    def _look_up(self, things: Iterable[bytes], facet: str, language: str) -> set[str]:
        """Give the texts of a facet; a name without a language stands for every language that has none of its own."""
        values = self._values[facet]
        tagged, plain = values.get(language, {}), values.get("", {})
        found = {term for thing in things for term in tagged.get(thing) or plain.get(thing, ())}
        return {text for term in found for text in self._texts(term)}

    def _texts(self, term: bytes) -> set[str]:
        """Say a thing by its name in the first language that has one, and a literal by its text."""
        if _is_literal(term):
            return {_text(term)}
        names = (self._look_up((term,), "label", language) for language in self.languages)
        return next(filter(None, names), {_text(term)})


def table_queries(config: Config) -> list[str]:
    """Give all queries that :func:`make_tables` asks."""
    return [_preamble(config) + query for folder in ("facets", "tables") for query in _queries(folder).values()]


def _preamble(config: Config) -> str:
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in config.prefixes.items())


def make_tables(store: QueryStore, config: Config, *, small: bool = True) -> list[CsvTable]:
    """Answer every table query; rows are ordered by the thing they are about.

    :param small: so few statements that one process answers all
    :raises QueryError: when a query uses a prefix that the project's table lacks
    """
    facets = _Facets(store, _preamble(config), config.languages)
    if not small:
        facets.gather()
    return list(spread(lambda item: _make(*item, facets), sorted(_queries("tables").items()), small=small))


def _make(name: str, query: str, facets: _Facets) -> CsvTable:
    variables = _projected(name, query)
    columns = [column for variable in variables for column in facets.columns(variable)]
    places = _places(variables, facets)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    size = 0
    for values in _by_thing(query, variables, facets):
        writer.writerow(list(_cells(values, places, facets)))
        size += 1
    summary = _SUMMARY.search(query)
    data = out.getvalue().encode("utf-8-sig")
    return CsvTable(name, summary[1] if summary else name, tuple(columns), size, data)


def _by_thing(query: str, variables: tuple[str, ...], facets: _Facets) -> Iterator[dict[str, set[bytes]]]:
    """Answer a query and give the values of its variables thing by thing, in the order of the things' names."""
    splits = (facets.split(variable) for variable in variables)
    needed = [*dict.fromkeys(s[0] if s else v for v, s in zip(variables, splits, strict=True))]
    selected = f"SELECT {' '.join(f'?{name}' for name in dict.fromkeys((variables[0], *needed)))} WHERE"
    names, lines = _answer(facets.store, facets.preamble + _SELECT.sub(selected, query))
    for _, group in groupby(sorted(lines, key=_first), _first):
        values: dict[str, set[bytes]] = {}
        for line in group:
            for name, term in zip(names, line.split(b"\t"), strict=True):
                if term:
                    values.setdefault(name, set()).add(term)
        yield values


def _first(line: bytes) -> bytes:
    """Give the name of the thing that a line begins with."""
    return line.partition(b"\t")[0][1:-1]


def _answer(store: QueryStore, query: str) -> tuple[list[str], list[bytes]]:
    """Answer a query in lines of tab-separated values (SPARQL 1.1 Query Results TSV), without an object a term."""
    if isinstance(store, EmbeddedStore):
        answer: bytes = store.query(query).serialize(format=RESULT_FORMATS["text/tab-separated-values"])
        head, *lines = answer.split(b"\n")
        return [name.lstrip("?") for name in head.decode().split("\t")], lines[:-1]
    table = store.select(query)
    return list(table.variables), [b"\t".join(map(_term, row)) for row in table.rows]


def _term(term: Term | None) -> bytes:
    return b"" if term is None else str(term).replace("\t", "\\t").encode()


def _projected(name: str, query: str) -> tuple[str, ...]:
    match = _SELECT.search(query)
    if match is None:
        raise QueryError(f"the table query {name} does not begin with SELECT ?thing … WHERE")
    return tuple(variable.lstrip("?") for variable in match["columns"].split())


_Place = tuple[str, str, str]
"""What a column shows: a variable, a facet of it or nothing, and the language of that."""


def _places(variables: Iterable[str], facets: _Facets) -> list[_Place]:
    found: list[_Place] = []
    for variable in variables:
        name, facet = facets.split(variable) or (variable, "")
        found += [(name, facet, column.language) for column in facets.columns(variable)]
    return found


def _cells(values: Mapping[str, set[bytes]], places: Iterable[_Place], facets: _Facets) -> Iterator[str]:
    for name, facet, language in places:
        things = values.get(name, ())
        if not things:
            yield ""
        elif facet:
            yield facets.cell(things, facet, language)
        else:
            yield _cell({(_text(term), _is_text(term)) for term in things})


def _is_literal(term: bytes) -> bool:
    return not term.startswith((b"<", b"_:"))


def _is_text(term: bytes) -> bool:
    return _is_literal(term) and not _NUMBER.match(_text(term))


def _text(term: bytes) -> str:
    """Give the text of a term: an IRI without its brackets, a literal without tag and datatype; numbers stand bare."""
    if term.startswith(b"<"):
        return term[1:-1].decode()
    if not term.startswith(b'"'):
        return term.decode().removeprefix("_:")
    text = term[1 : term.rindex(b'"')].decode()
    return _ESCAPE.sub(lambda match: _ESCAPED[match[1]], text) if "\\" in text else text


def _cell(values: set[tuple[str, bool]]) -> str:
    if not values:
        return ""
    ordered = list(values) if len(values) == 1 else sorted(values, key=lambda value: _natural(value[0]))
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
