"""Results of queries on pages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from hansa.rdf import BlankNode, Literal, NamedNode, Term
from hansa.serve.pages.query_views import ResultView
from hansa.serve.pages.reader import Reader
from hansa.serve.pages.views import Value
from hansa.store import Table


def _term(binding: dict[str, str]) -> Term:
    if binding["type"] == "uri":
        return NamedNode(binding["value"])
    if binding["type"] == "bnode":
        return BlankNode(binding["value"].removeprefix("_:"))
    if language := binding.get("xml:lang"):
        return Literal(binding["value"], language=language)
    return Literal(binding["value"], datatype=NamedNode(binding.get("datatype", _XSD_STRING)))


_LABEL = "Label"
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def read_table(body: bytes) -> Table:
    """Read the table out of SPARQL results in JSON, as our own workers write them."""
    data: Any = json.loads(body)
    names = tuple(data["head"]["vars"])
    rows = data["results"]["bindings"]
    return Table(names, tuple(tuple(_term(row[n]) if n in row else None for n in names) for row in rows))


def read_results(reader: Reader, form: str, body: bytes, *, truncated: bool) -> ResultView:
    """Turn the answer of a worker into what a page shows: a table, a yes or no, or a graph as text.

    :param body: SPARQL results in JSON for SELECT and ASK, Turtle for CONSTRUCT and DESCRIBE
    """
    if form == "ASK":
        return ResultView(form, boolean=json.loads(body)["boolean"])
    if form in ("CONSTRUCT", "DESCRIBE"):
        return ResultView(form, text=body.decode(), truncated=truncated)
    table = read_table(body)
    shown = [name for name in table.variables if not _is_label_column(name, table.variables)]
    rows = tuple(tuple(_cell(reader, row, name) for name in shown) for row in table.dicts())
    return ResultView(form, tuple(shown), rows, truncated=truncated)


def _is_label_column(name: str, names: tuple[str, ...]) -> bool:
    return name.endswith(_LABEL) and name.removesuffix(_LABEL) in names


def _cell(reader: Reader, row: dict[str, Term], name: str) -> Value | None:
    """Show a cell; the label that a query selects beside a thing (``?city ?cityLabel``) is the text of its link."""
    if name not in row:
        return None
    value = reader.value(row[name])
    label = row.get(f"{name}{_LABEL}")
    if isinstance(label, Literal) and value.link.iri:
        return value._replace(link=replace(value.link, text=reader.text(label)))
    return value
