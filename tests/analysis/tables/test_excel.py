import io
from dataclasses import replace

import openpyxl
from hypothesis import given, settings

from analysis.tables import excel
from analysis.tables.table import Cell, Row
from tests.analysis.tables.strategies import EVIL, printable, tables
from tests.analysis.tables.test_delimited import TABLE


def read(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_numbers_are_numbers_shown_as_they_print():
    sheet = read(excel.render(TABLE))

    assert sheet["A1"].value == "Innovation"
    assert [cell.value for cell in sheet[2]] == [None, "Product", None]
    assert [cell.value for cell in sheet[3]] == ["", "(1)", "(2)"]
    assert [cell.value for cell in sheet[5]] == ["Partners", -0.12359, "–"]
    assert sheet["B5"].number_format == "#,##0.000"
    assert sheet["B6"].number_format == '"("#,##0.000")";"("-#,##0.000")"'
    assert [sheet["B7"].value, sheet["B7"].data_type] == [1190, "n"]


def test_notes_and_fingerprint_stand_under_the_table():
    sheet = read(excel.render(TABLE))

    assert [sheet["A9"].value, sheet["A10"].value] == [
        "Source: here.",
        "Fingerprint of plan, data and code: abc.",
    ]


def test_the_same_table_gives_the_same_bytes():
    assert excel.render(TABLE) == excel.render(TABLE)


@given(tables())
@settings(max_examples=40, deadline=None)
def test_no_cell_of_any_table_is_a_formula_and_no_text_is_lost(table):
    sheet = read(excel.render(table))
    cells = [cell for row in sheet.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    values = {cell.value for cell in cells}
    for row in table.rows:
        assert printable(row.label) in values | {""}


def test_formulas_and_links_are_text_as_they_were_written():
    rows = tuple(Row(text, (Cell(text), Cell("")), "estimate") for text in EVIL)

    sheet = read(excel.render(replace(TABLE, rows=rows)))

    found = [(row[0].value, row[1].value, row[0].data_type) for row in sheet.iter_rows(4, 14)]
    assert found == [(text, text, "s") for text in EVIL]
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
