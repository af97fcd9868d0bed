import io
from dataclasses import replace

import docx
from docx.oxml.ns import qn
from hypothesis import given, settings

from analysis.tables import word
from analysis.tables.table import Cell, Row, Spanner, Table
from tests.analysis.tables.strategies import printable, tables
from tests.analysis.tables.test_delimited import TABLE


def read(content: bytes):
    return docx.Document(io.BytesIO(content))


def test_the_document_holds_a_real_table_between_its_title_and_its_notes():
    document = read(word.render(TABLE))
    grid = document.tables[0]

    assert [p.text for p in document.paragraphs] == [
        "Innovation",
        "Source: here.",
        "Fingerprint of plan, data and code: abc.",
    ]
    assert [[cell.text.strip("\u2007\u00a0") for cell in row.cells] for row in grid.rows] == [
        ["", "Product", ""],
        ["", "(1)", "(2)"],
        ["Local", "", ""],
        ["Partners", "−0.124", "–"],
        ["", "(0.050)", ""],
        ["Firms (n)", "1\u202f190", "5"],
        ["Estimator", "Logit", "=2+3"],
    ]


def test_the_heading_rows_are_repeated_on_every_page():
    grid = read(word.render(TABLE)).tables[0]

    repeated = [
        row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None
        for row in grid.rows
    ]
    assert repeated == [True, True, False, False, False, False, False]


def test_many_columns_turn_the_page():
    wide = Table("T", tuple("abcdef"), (Row("a", (Cell("1", 1),) * 6),))

    sections = [read(word.render(table)).sections[0] for table in (TABLE, wide)]
    assert [section.page_width > section.page_height for section in sections] == [False, True]


@given(tables())
@settings(max_examples=25, deadline=None)
def test_labels_of_any_kind_come_back(table):
    grid = read(word.render(table)).tables[0]

    heads = len(grid.rows) - len(table.rows)
    labels = [row.cells[0].text for row in grid.rows[heads:]]
    assert labels == [printable(row.label) for row in table.rows]


def test_no_cell_is_left_with_several_paragraphs_or_in_larger_type():
    wide = replace(TABLE, spanners=(Spanner("Product", 0, 1),))

    cells = [cell for row in read(word.render(wide)).tables[0].rows for cell in row.cells]

    assert {len(cell.paragraphs) for cell in cells} == {1}
    assert {run.font.size.pt for cell in cells for run in cell.paragraphs[0].runs} == {9}
    assert all(cell.paragraphs[0].runs for cell in cells)
