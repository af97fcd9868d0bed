import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from surveys.exports import spreadsheet
from surveys.exports.spreadsheet import LONGEST_TEXT, Sheet, TooLargeForSpreadsheet, write

anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
tricky = anything | st.builds(
    lambda before, rest, after: before + rest + after,
    st.sampled_from(
        ["=", "+", "-", "@", "\t", "\r", "＝", "'=", '"=', " =", "<r>", "_x", "_x0041_"]
    ),
    anything,
    st.sampled_from(["", "</r>", " ", "\n", "_"]),
)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)


def read(content: bytes, sheet: str = "data") -> list[list[openpyxl.cell.Cell]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows()]


def written(*sheets: Sheet) -> bytes:
    target = io.BytesIO()
    write(target, sheets)
    return target.getvalue()


def workbook(*rows: tuple[object, ...]) -> bytes:
    return written(Sheet("data", ("a", "b"), rows))


def test_numbers_stay_numbers_and_missing_is_empty() -> None:
    cells = read(workbook((-5, 2.5), (None, float("nan")), (0, True)))

    assert [[cell.value for cell in row] for row in cells[1:]] == [[-5, 2.5], [None, None], [0, 1]]


@given(st.lists(st.tuples(tricky, tricky), min_size=1, max_size=5))
def test_reading_the_workbook_again_gives_the_text_back_and_no_cell_is_a_formula(rows) -> None:
    cells = read(workbook(*rows))[1:]

    assert {cell.data_type for row in cells for cell in row} == {"s"}
    assert [tuple(unescape(cell.value) for cell in row) for row in cells] == rows


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=5))
def test_numbers_keep_their_full_precision(rows) -> None:
    cells = read(workbook(*rows))[1:]

    assert [tuple(cell.value for cell in row) for row in cells] == rows


def test_text_that_opens_a_formula_keeps_its_quote_prefix_when_edited() -> None:
    cell = read(workbook(("=1+1", "plain")))[1][0]

    assert (cell.value, cell.quotePrefix) == ("=1+1", True)


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    cell = read(workbook(("x" * 40_000, 1)))[1][0]

    assert len(cell.value) == LONGEST_TEXT
    assert re.search(r"x \[…\]$", cell.value)


def test_a_table_wider_than_a_worksheet_is_refused() -> None:
    with pytest.raises(TooLargeForSpreadsheet):
        written(Sheet("data", tuple(f"c{number}" for number in range(16_385)), ()))


def test_a_table_longer_than_a_worksheet_is_refused_with_its_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 3)
    rows = ((1,), (2,), (3,))

    with pytest.raises(TooLargeForSpreadsheet) as known:
        written(Sheet("firms", ("a",), (), count=3))
    with pytest.raises(TooLargeForSpreadsheet) as counted:
        written(Sheet("firms", ("a",), iter(rows)))

    sentence = "The sheet “firms” would have 3 rows or more; a worksheet holds 2 below its header."
    assert known.value.reason == counted.value.reason == sentence
    assert read(written(Sheet("data", ("a",), rows[:2])))[2][0].value == 2


def test_the_rows_of_a_sheet_are_read_when_those_before_it_are_written() -> None:
    read_so_far: list[int] = []

    def first() -> Iterator[tuple[int]]:
        for number in range(1_000):
            read_so_far.append(number)
            yield (number,)

    late = ((len(read_so_far),) for _ in range(1))
    content = written(Sheet("data", ("n",), first()), Sheet("sum", ("n",), late))

    assert read(content, "sum")[1][0].value == 1_000


def test_every_column_has_its_letters() -> None:
    letters = [spreadsheet.column_letters(place) for place in (0, 25, 26, 701, 702, 16_383)]

    assert letters == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_sheets_can_be_filtered_and_keep_their_names() -> None:
    content = written(Sheet("a & b's", ("x", "y"), ((1, 2), (3, 4))), Sheet("none", (), ()))

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["a & b's", "none"]
    assert (book["a & b's"].auto_filter.ref, book["a & b's"].freeze_panes) == ("A1:B3", "B2")
    assert book["none"].auto_filter.ref is None
