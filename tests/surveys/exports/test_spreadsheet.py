import io
import re

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from surveys.exports.spreadsheet import LONGEST_TEXT, Sheet, TooLargeForSpreadsheet, render

printable = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1
)
tricky = printable | st.builds(
    lambda before, rest: before + rest,
    st.sampled_from(["=", "+", "-", "@", "＝", "'=", '"=', " ="]),
    printable,
)


def read(content: bytes, sheet: str = "data") -> list[list[openpyxl.cell.Cell]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows()]


def workbook(*rows: tuple[object, ...]) -> bytes:
    return render([Sheet("data", ("a", "b"), rows)])


def test_numbers_stay_numbers_and_missing_is_empty() -> None:
    cells = read(workbook((-5, 2.5), (None, float("nan")), (0, True)))

    assert [[cell.value for cell in row] for row in cells[1:]] == [[-5, 2.5], [None, None], [0, 1]]


@given(st.lists(st.tuples(tricky, tricky), min_size=1, max_size=5))
def test_reading_the_workbook_again_gives_the_text_back_and_no_cell_is_a_formula(rows) -> None:
    cells = read(workbook(*rows))[1:]

    assert {cell.data_type for row in cells for cell in row} == {"s"}
    assert [tuple(unescape(cell.value) for cell in row) for row in cells] == rows


def test_text_that_opens_a_formula_keeps_its_quote_prefix_when_edited() -> None:
    cell = read(workbook(("=1+1", "plain")))[1][0]

    assert (cell.value, cell.quotePrefix) == ("=1+1", True)


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    cell = read(workbook(("x" * 40_000, 1)))[1][0]

    assert len(cell.value) == LONGEST_TEXT
    assert re.search(r"x \[…\]$", cell.value)


def test_a_table_wider_than_a_worksheet_is_refused() -> None:
    with pytest.raises(TooLargeForSpreadsheet):
        render([Sheet("data", tuple(f"c{number}" for number in range(16_385)), ())])
