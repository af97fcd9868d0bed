import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from surveys.exports.delimited import render
from surveys.exports.formulas import opens_a_formula, restored

text = st.text(st.characters(exclude_categories=["Cs"]))
tricky = text | st.builds(lambda mark, rest: mark + rest, st.sampled_from("=+-@\t\r＝'\" "), text)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**12), 10**12)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


def test_a_table_is_written_with_header_numbers_and_missing_values() -> None:
    rows = [("Alpha, Ltd", 5.0, None), ('"Beta"', -2.5, True), ("=1", float("nan"), 0)]

    content = render(["firm", "employment", "export"], rows)

    assert content.decode().split("\r\n") == [
        "firm,employment,export",
        '"Alpha, Ltd",5,',
        '"""Beta""",-2.5,1',
        "'=1,,0",
        "",
    ]


def test_minus_five_stays_a_number() -> None:
    assert render(["growth"], [(-5,), (-5.5,)]) == b"growth\r\n-5\r\n-5.5\r\n"


def test_a_file_for_spreadsheets_opens_with_the_byte_order_mark() -> None:
    assert render(["firm"], [], for_spreadsheet=True) == b"\xef\xbb\xbffirm\r\n"


@given(st.lists(st.tuples(tricky, tricky), min_size=1))
def test_reading_the_file_again_gives_the_text_back(rows) -> None:
    content = render(["left", "right"], rows)

    assert [tuple(restored(cell) for cell in row) for row in read(content)[1:]] == rows


@given(st.lists(st.tuples(tricky), min_size=1))
def test_no_text_cell_is_a_formula(rows) -> None:
    cells = [cell for row in read(render(["=column"], rows)) for cell in row]

    assert [cell for cell in cells if opens_a_formula(cell) and not cell.startswith("'")] == []


@given(numbers)
def test_a_number_keeps_its_full_precision(number) -> None:
    assert float(read(render(["x"], [(number,)]))[1][0]) == number
