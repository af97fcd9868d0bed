import csv
import io

from hypothesis import given, settings

from analysis.tables import delimited
from analysis.tables.plain_text import is_like_a_formula, neutralised, restored
from analysis.tables.table import Cell, Row, Spanner, Table
from tests.analysis.tables.strategies import printable, tables, texts


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


TABLE = Table(
    title="Innovation",
    columns=("(1)", "(2)"),
    rows=(
        Row("Local", (), "group", "local"),
        Row("Partners", (Cell("−0.124", -0.12359), Cell("–")), "estimate", "local"),
        Row("", (Cell("(0.050)", 0.05), Cell("")), "uncertainty", "local"),
        Row("Firms (n)", (Cell("1\u202f190", 1190), Cell("5", 5)), "statistic"),
        Row("Estimator", (Cell("Logit"), Cell("=2+3")), "statistic"),
    ),
    spanners=(Spanner("Product", 0, 0),),
    notes=("Source: here.",),
    fingerprint="abc",
)


def test_numbers_are_at_full_precision_and_every_line_says_what_it_holds():
    assert read(delimited.render(TABLE)) == [
        ["line", "label", "scale", "(1): Product", "(2)"],
        ["group", "Local", "local", "", ""],
        ["estimate", "Partners", "local", "-0.12359", ""],
        ["standard error", "Partners", "local", "0.05", ""],
        ["statistic", "Firms (n)", "", "1190", "5"],
        ["statistic", "Estimator", "", "Logit", "'=2+3"],
        ["title", "Innovation", "", "", ""],
        ["note", "Source: here.", "", "", ""],
        ["fingerprint", "abc", "", "", ""],
    ]


def test_the_file_begins_with_a_byte_order_mark_and_ends_lines_as_rfc_4180_asks():
    content = delimited.render(TABLE)

    assert content.startswith(b"\xef\xbb\xbfline,")
    assert content.count(b"\r\n") == content.count(b"\n") == 9


@given(tables())
@settings(max_examples=200, deadline=None)
def test_any_table_is_a_rectangle_without_formulas_whose_texts_come_back(table):
    lines = read(delimited.render(table))

    assert {len(line) for line in lines} == {3 + len(table.columns)}
    for line in lines[1:]:
        assert line[1].startswith("'") or not is_like_a_formula(line[1])
    by_kind = [line for line in lines if line[0] == "note"]
    assert [restored(line[1]) for line in by_kind] == [printable(note) for note in table.notes]
    for row, line in zip(table.rows, lines[1:], strict=False):
        for cell, text in zip(row.cells, line[3:], strict=False):
            if cell.value is not None:
                assert float(text) == cell.value


@given(texts)
@settings(deadline=None)
def test_neutralised_text_is_no_formula_and_can_be_restored(text):
    assert not is_like_a_formula(neutralised(text)) or neutralised(text).startswith("'")
    assert restored(neutralised(text)) == text
