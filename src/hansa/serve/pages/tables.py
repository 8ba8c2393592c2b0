"""Tables of records: columns by property, sorted and cut into pages by the address, so that no script is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from hansa.rdf import NamedNode
from hansa.serve.pages.addresses import href_of
from hansa.serve.pages.html import html, quoted
from hansa.serve.pages.records import Record, Said
from hansa.serve.pages.table_views import Cell, Column, Table
from hansa.serve.pages.views import Pager
from hansa.vocab import EDTF

if TYPE_CHECKING:
    from hansa.serve.pages.kinds.sheet import Sheet

_EDTF = EDTF.EDTF.value
_NUMBER_WIDTH = 12
_DATES = ("from", "to", "known", "date")
_EMPTY = Cell(Markup(""))


class Spec(NamedTuple):
    """A column: its name in addresses, its title (a message id), and where its values come from.

    :param source: a property of the record, or a function that gives the cell
    """

    name: str
    title: str
    source: NamedNode | Callable[[Sheet, Record], Cell]


def key_of(sheet: Sheet, said: Said) -> str:
    """Give what a value is sorted by: dates by time, numbers by size, things by their label."""
    if not said.datatype:
        return sheet.link(said.value).text.folded
    if said.datatype == _EDTF:
        return said.value.lstrip("./")
    return said.value.zfill(_NUMBER_WIDTH) if said.value.isdecimal() else said.value.casefold()


def cell(sheet: Sheet, record: Record, predicate: NamedNode) -> Cell:
    """Make the cell with the values of a property; the notes stand at the end of the row."""
    said = record.says.get(predicate.value)
    if not said:
        return _EMPTY
    if len(said) == 1:
        return Cell(sheet.reader.shown(said[0]), key_of(sheet, said[0]))
    shown = sorted([(key_of(sheet, s), sheet.reader.shown(s)) for s in said])
    return Cell(html("<br>".join([one for _, one in shown])), shown[0][0])


def _cell(sheet: Sheet, record: Record, spec: Spec) -> Cell:
    return cell(sheet, record, spec.source) if isinstance(spec.source, NamedNode) else spec.source(sheet, record)


def _key(sheet: Sheet, record: Record, spec: Spec) -> str:
    """Give what a record is sorted by in a column."""
    if not isinstance(spec.source, NamedNode):
        return spec.source(sheet, record).key
    said = record.says.get(spec.source.value)
    return min([key_of(sheet, one) for one in said]) if said else ""


def _asked(sheet: Sheet, parameter: str, anchor: str) -> str:
    """Read ``?sort=members:start`` or ``?page=members:2`` as far as it is meant for one table."""
    table, _, value = sheet.parameters.get(parameter, "").partition(":")
    return value if table == anchor else ""


def page_of(sheet: Sheet, anchor: str, total: int, size: int) -> tuple[slice, Pager | None]:
    """Say which part of something long is shown, and where the other parts are."""
    pages = max(1, -(-total // size))
    if pages == 1:
        return slice(None), None
    asked = _asked(sheet, "page", anchor)
    page = min(pages, max(1, int(asked))) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    address = {n: f"{sheet.address(page=f'{anchor}:{n}' if n > 1 else '')}#{anchor}" for n in (page - 1, page + 1)}
    before = address[page - 1] if page > 1 else ""
    after = address[page + 1] if page < pages else ""
    return slice((page - 1) * size, page * size), Pager(page, pages, before, after, anchor)


def _columns(sheet: Sheet, anchor: str, specs: Sequence[Spec], asked: str) -> tuple[Column, ...]:
    made = []
    for spec in specs:
        now = {spec.name: "ascending", f"-{spec.name}": "descending"}.get(asked, "")
        wanted = f"-{spec.name}" if now == "ascending" else spec.name
        sort = f"{anchor}:{wanted}"
        # What most readers ask for has no parameters, and its addresses need no care.
        address = sheet.address(sort=sort, page="") if sheet.parameters else f"{sheet.path}?sort={sort}"
        href = f"{address}#{anchor}"
        made.append(Column(spec.name, spec.title, now, href))
    return tuple(made)


def _used(records: Sequence[Record], specs: Sequence[Spec]) -> list[Spec]:
    """Leave out the columns in which no record has a value."""
    return [s for s in specs if not isinstance(s.source, NamedNode) or any(s.source.value in r.says for r in records)]


def _sorted(sheet: Sheet, records: Sequence[Record], spec: Spec, *, down: bool) -> list[Record]:
    keyed = [(_key(sheet, record, spec), record.iri, record) for record in records]
    given = sorted(((k, i, r) for k, i, r in keyed if k), key=lambda item: item[:2], reverse=down)
    return [record for *_, record in given] + [record for key, _, record in keyed if not key]


def table(sheet: Sheet, anchor: str, records: Sequence[Record], specs: Sequence[Spec], size: int = 100) -> Table | None:
    """Make a table of records; ``None`` when there are none. The first column says what is counted.

    :param size: rows on one page
    """
    if not records:
        return None
    used = _used(records, specs)
    asked = _asked(sheet, "sort", anchor)
    by = next((s for s in used if s.name == asked.lstrip("-")), used[0])
    order = _sorted(sheet, records, by, down=asked.startswith("-") and by.name == asked[1:])
    part, pager = page_of(sheet, anchor, len(order), size)
    columns = _columns(sheet, anchor, used, asked)
    rows = tuple(_rows(sheet, order[part], used))
    first = used[0].source
    distinct = len({r.one(first) for r in records}) if isinstance(first, NamedNode) else len(records)
    return Table(anchor, columns, rows, len(records), distinct, pager)


def _rows(sheet: Sheet, records: Iterable[Record], specs: Sequence[Spec]) -> Iterator[Markup]:
    """Write the rows: a cell for each column, and a last one with the notes and the way to the record."""
    gettext, of_node = sheet.reader.gettext, sheet.notes.of_node
    heads = [_head(spec, gettext(spec.title) if number else "") for number, spec in enumerate(specs)]
    word = gettext("record")
    for record in records:
        cells = [_cell(sheet, record, spec) for spec in specs]
        shown = [
            f'<td{head} data-sort="{quoted(key)}">{shows}</td>' if key else f"<td{head}>{shows}</td>"
            for head, (shows, key) in zip(heads, cells, strict=True)
        ]
        href = quoted(href_of(sheet.reader.vocab.base, record.iri))
        last = f'<td class="from">{of_node(record)} <a class="detail" href="{href}">{word}</a></td>'
        yield html(f"<tr>{''.join(shown)}{last}</tr>")


def _head(spec: Spec, title: str) -> str:
    """Write the attributes of the cells in a column: the title that narrow screens show, and how dates are set."""
    titled = f' data-title="{quoted(html(title))}"' if title else ""
    return titled + (' class="date"' if spec.name in _DATES else "")
