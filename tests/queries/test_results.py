"""Every form of an answer, compared with a file in ``golden/`` byte by byte, and read back by another program."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import rdflib

from hansa import results
from hansa.errors import HansaError
from hansa.rdf import BlankNode, Literal, NamedNode, Term, Triple
from hansa.store import Table
from hansa.vocab import DCT, EDTF, ORG, RDF, SKOS, XSD, Vocabulary

GOLDEN = Path(__file__).resolve().parent / "golden"


@pytest.fixture(scope="module")
def table(vocab: Vocabulary) -> Table:
    """One row for every kind of term, and the cells that have broken spreadsheets."""
    citynet, tokyo = vocab.thing("network", "citynet"), vocab.thing("authority", "tokyo")
    rows: list[tuple[Term | None, ...]] = [
        (citynet, Literal("CITYNET", language="en"), Literal("1987", datatype=EDTF.EDTF), Literal(85), None),
        (tokyo, Literal("東京都", language="ja"), Literal("../2013-11?", datatype=EDTF.EDTF), None, Literal("a,b")),
        (None, Literal("=1+1", language="en"), None, Literal("-34.6025", datatype=XSD.decimal), Literal("@SUM(A1)")),
        (BlankNode("b0"), Literal('say "yes"'), None, Literal(-3), Literal("two\nlines\tand a tab")),
        (NamedNode("mailto:nobody"), Literal("-"), Literal("2013-11-05", datatype=XSD.date), None, Literal(True)),
        (
            citynet,
            Literal("+1"),
            Literal("0987-01-01", datatype=XSD.date),
            Literal("1" * 18, datatype=XSD.integer),
            None,
        ),
    ]
    return Table(("thing", "label", "date", "number", "note"), tuple(rows))


@pytest.fixture(scope="module")
def triples(vocab: Vocabulary) -> list[Triple]:
    u20, tokyo = vocab.thing("network", "u20"), vocab.thing("authority", "tokyo")
    return [
        Triple(u20, SKOS.prefLabel, Literal("Urban 20", language="en")),
        Triple(tokyo, ORG.memberOf, u20),
        Triple(u20, vocab.hansa.start, Literal("2017-12-12", datatype=EDTF.EDTF)),
        Triple(tokyo, ORG.memberOf, u20),
    ]


def same_as_golden(name: str, body: bytes) -> None:
    assert body.decode() == (GOLDEN / name).read_bytes().decode(), f"compare with tests/queries/golden/{name}"


def test_csv(table: Table) -> None:
    body = results.to_csv(table)
    same_as_golden("answer.csv", body)
    read = list(csv.reader(io.StringIO(body.decode(), newline="")))
    assert read[0] == ["thing", "label", "date", "number", "note"]
    assert read[4][4] == "two\nlines\tand a tab"


def test_csv_never_starts_a_formula(table: Table) -> None:
    cells = [cell for row in csv.reader(io.StringIO(results.to_csv(table).decode(), newline="")) for cell in row]
    risky = [c for c in cells if c[:1] in set("=+-@\t\r") and not c.lstrip("-").replace(".", "").isdigit()]
    assert risky == []
    assert "'=1+1" in cells
    assert "-34.6025" in cells


def test_tsv(table: Table) -> None:
    body = results.to_tsv(table)
    same_as_golden("answer.tsv", body)
    assert {line.count("\t") for line in body.decode().split("\n") if line} == {4}


def test_json(table: Table) -> None:
    body = results.to_json(table)
    same_as_golden("answer.srj", body)
    read = rdflib.query.Result.parse(io.BytesIO(body), format="json")
    assert [str(v) for v in read.vars or []] == list(table.variables)
    assert json.loads(results.to_json(True)) == {"head": {}, "boolean": True}


def test_turtle_of_a_graph(triples: list[Triple], vocab: Vocabulary) -> None:
    body = results.to_turtle(triples, vocab.prefixes)
    same_as_golden("graph.ttl", body)
    assert len(rdflib.Graph().parse(data=body, format="turtle")) == 3
    assert results.to_turtle(reversed(triples), vocab.prefixes) == body


def test_turtle_of_a_table(table: Table, vocab: Vocabulary) -> None:
    body = results.table_to_turtle(table, vocab.prefixes)
    same_as_golden("answer.ttl", body)
    graph = rdflib.Graph().parse(data=body, format="turtle")
    bound = sum(term is not None for row in table.rows for term in row)
    assert len(list(graph.subject_objects(rdflib.URIRef(results.RS.binding.value)))) == bound


def test_text_rows_shorten_and_show_other_languages(table: Table, vocab: Vocabulary) -> None:
    rows = results.text_rows(table, vocab, "en")
    assert rows[0] == ["network:citynet", "CITYNET", "1987", "85", ""]
    assert rows[1][:2] == ["authority:tokyo", "東京都 @ja"]
    assert results.text_rows(table, vocab, "en-GB")[0][1] == "CITYNET @en"
    assert results.text_rows(table, vocab)[1][1] == "東京都"


def sheet(body: bytes) -> openpyxl.worksheet.worksheet.Worksheet:
    return openpyxl.load_workbook(io.BytesIO(body)).active


def test_xlsx(table: Table) -> None:
    read = sheet(results.to_xlsx(table, "members-of-network", date(2026, 11, 21)))
    assert read.title == "members-of-network"
    assert read.freeze_panes == "A2"
    assert [cell.value for cell in read[1]] == ["thing", "label", "date", "number", "note"]
    assert [cell.value for cell in read[2]] == [
        "https://w3id.org/hansa/id/network/citynet",
        "CITYNET",
        "1987",
        85,
        None,
    ]
    assert read["A2"].hyperlink.target == "https://w3id.org/hansa/id/network/citynet"
    assert read["A6"].hyperlink is None, "only web addresses become links"
    assert read["D4"].value == -34.6025
    assert read["C6"].value.date() == date(2013, 11, 5)
    assert read["C7"].value == "0987-01-01", "a day before Excel's calendar stays a text"
    assert read["D7"].value == "1" * 18, "a number with more digits than Excel keeps stays a text"


def test_xlsx_holds_no_formula(table: Table) -> None:
    read = sheet(results.to_xlsx(table, "t", date(2026, 11, 21)))
    assert {cell.data_type for row in read.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert read["B4"].value == "=1+1"


def test_xlsx_is_the_same_each_time(table: Table) -> None:
    one, two = (results.to_xlsx(table, "t", date(2026, 11, 21)) for _ in range(2))
    assert one == two
    assert results.to_xlsx(table, "t", date(2026, 11, 22)) != one


@pytest.mark.parametrize(
    ("title", "name"), [("a/b:c*?[x]", "a b c   x"), ("", "answer"), ("x" * 40, "x" * 31), ("'q'", "q")]
)
def test_any_title_makes_a_sheet(title: str, name: str, table: Table) -> None:
    assert sheet(results.to_xlsx(table, title, date(2026, 11, 21))).title == name


def test_a_long_text_is_cut_where_excel_would_refuse_it() -> None:
    table = Table(("text",), ((Literal("x" * 40_000),),))
    value = sheet(results.to_xlsx(table, "t", date(2026, 11, 21)))["A2"].value
    assert len(value) == 32_767
    assert value.endswith("…")


def test_too_many_rows_are_refused_before_they_are_lost() -> None:
    table = Table(("n",), ((Literal(1),),) * 1_048_576)
    with pytest.raises(HansaError, match="do not fit on a sheet"):
        results.to_xlsx(table, "t", date(2026, 11, 21))


def test_an_empty_answer_has_its_header(vocab: Vocabulary) -> None:
    table = Table(("thing",), ())
    assert results.to_csv(table) == b"thing\r\n"
    assert results.to_tsv(table) == b"?thing\n"
    assert json.loads(results.to_json(table))["results"]["bindings"] == []
    assert [cell.value for cell in sheet(results.to_xlsx(table, "t", date(2026, 11, 21)))[1]] == ["thing"]
    assert results.to_turtle([], vocab.prefixes) == b""


def test_yes_or_no_is_a_table_of_one_cell() -> None:
    assert results.to_csv(results.answer_table(True)) == b"answer\r\ntrue\r\n"


def test_only_prefixes_in_use_are_declared(vocab: Vocabulary) -> None:
    triple = Triple(vocab.thing("source", "a"), DCT.language, Literal("x", datatype=EDTF.EDTF))
    assert set(results.used_prefixes([triple], vocab.prefixes)) == {"dct", "edtf", "source"}
    typed = Triple(vocab.thing("source", "a"), RDF.type, vocab.hansa.SourceDocument)
    assert set(results.used_prefixes([typed], vocab.prefixes)) == {"hansa", "rdf", "source"}
