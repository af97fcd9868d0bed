"""What registers and spreadsheets do to a list of firms, told the same in every kind of file."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from surveys.frames import FrameMapping, FrameReading, first_rows
from surveys.microdata import MicrodataRefused
from surveys.microdata.mapping import FileOptions
from surveys.microdata.problems import Problem

Rows = list[list[Any]]
HEADER = ["id", "name"]
SHEET = "xl/worksheets/sheet1.xml"


def mapped(*extra: str) -> FrameMapping:
    columns = {"register_id": "id", "name": "name", **{name: name for name in extra}}
    return FrameMapping(columns, (), FileOptions("", ""))


def problems_of(data: bytes, *extra: str) -> list[Problem]:
    reading = FrameReading(io.BytesIO(data), mapped(*extra))
    for _ in reading.chunks():
        pass
    return list(reading.problems.report().shown)


def codes(data: bytes, *extra: str) -> list[tuple[str, int | None, str]]:
    return [(each.code, each.row, each.column) for each in problems_of(data, *extra)]


def as_csv(rows: Rows) -> bytes:
    return "\n".join(",".join("" if c is None else str(c) for c in row) for row in rows).encode()


def as_workbook(rows: Rows, change: Callable[[bytes], bytes] | None = None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return changed(target.getvalue(), change) if change else target.getvalue()


def changed(workbook: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with the text of its sheet changed, as another program may have written it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name == SHEET else text)
    return target.getvalue()


def as_parquet(rows: Rows) -> bytes:
    columns = list(zip(*rows[1:], strict=True))
    table = pyarrow.table(dict(zip(rows[0], map(list, columns), strict=True)))
    target = io.BytesIO()
    pyarrow.parquet.write_table(table, target)
    return target.getvalue()


ALL_KINDS = pytest.mark.parametrize("made", [as_csv, as_workbook, as_parquet])


@ALL_KINDS
@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("employees", -3, "negative_size"),
        ("size_measure", -0.5, "negative_size"),
        ("employees", 2.5, "not_whole"),
        ("employees", date(2049, 10, 1), "date"),
        ("size_class", date(2049, 10, 1), "date"),
        ("size_class", 45241, "excel_date_serial"),
        ("region", "#REF!", "spreadsheet_error"),
        ("employees", "=2*3", "formula"),
        ("region", "=A2", "formula"),
        ("region", "TrÃ¸ndelag", "mojibake"),
    ],
)
def test_a_cell_that_a_spreadsheet_or_register_spoilt_is_told(
    made: Callable[[Rows], bytes], column: str, value: object, code: str
) -> None:
    data = made([[*HEADER, column], ["7", "Firm", value]])

    (problem,) = problems_of(data, column)

    assert (problem.code, problem.row, problem.column) == (code, 2, column)
    assert problem.remedy


@ALL_KINDS
def test_an_identifier_of_an_earlier_row_is_told_with_that_row(
    made: Callable[[Rows], bytes],
) -> None:
    data = made([HEADER, ["7", "Firm"], ["8", "Other"], ["7", "Again"]])

    (problem,) = problems_of(data)

    assert problem.code == "duplicate_register_id"
    assert problem.message == "“7” stands in row 2 already."


@ALL_KINDS
def test_an_identifier_that_is_missing_is_told(made: Callable[[Rows], bytes]) -> None:
    data = made([HEADER, ["7", "Firm"], [None, "Other"]])

    assert codes(data) == [("no_register_id", 3, "id")]


def test_a_formula_is_told_whether_or_not_its_value_was_kept_with_it() -> None:
    rows = [[*HEADER, "employees"], [7, "Firm", "=2*3"]]

    def with_value(sheet: bytes) -> bytes:
        start, formula, rest = sheet.partition(b"</f>")
        return (
            start + formula + b"<v>6</v>" + rest.partition(b"</c>")[1] + rest.partition(b"</c>")[2]
        )

    assert b"<v>6</v>" in zipfile.ZipFile(io.BytesIO(as_workbook(rows, with_value))).read(SHEET)
    assert codes(as_workbook(rows, with_value), "employees") == [("formula", 2, "employees")]
    assert codes(as_workbook(rows), "employees") == [("formula", 2, "employees")]


def test_a_formula_of_an_array_is_told_and_not_taken_for_a_name() -> None:
    (problem,) = problems_of(as_workbook([HEADER, [7, ArrayFormula("B2", "=C2:C3")]]))

    assert (problem.code, problem.column, problem.value) == ("formula", "name", "=C2:C3")


def test_letters_of_another_encoding_are_told_in_addresses_and_columns_kept_besides() -> None:
    columns = {"register_id": "id", "name": "name", "email": "email"}
    data = "id,name,email,Zone\n7,Firm,office@bÃ¥t.example,NÃ¦r\n".encode()
    reading = FrameReading(io.BytesIO(data), FrameMapping(columns, ("Zone",)))

    for _ in reading.chunks():
        pass

    found = [(each.code, each.column) for each in reading.problems.report().shown]
    assert found == [("mojibake", "email"), ("mojibake", "Zone")]


def test_a_nul_character_of_a_column_is_told_as_no_database_keeps_it() -> None:
    parquet = as_parquet([[*HEADER, "email"], ["7\0", "Fi\0rm", "a\0@b.example"]])

    assert codes(parquet, "email") == [
        ("nul_byte", 2, "id"),
        ("nul_byte", 2, "name"),
        ("nul_byte", 2, "email"),
    ]
    assert codes("id,name\n7,Fi\0rm\n".encode("utf-16")) == [("nul_byte", 2, "name")]
    assert codes(as_parquet([["id", "na\0me"], ["7", "Firm"]])) == [("nul_byte", 1, "")]


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty_file", "The file is empty."),
        (b" \n\n", "empty_file", "The file is empty."),
        (b",\n7,Firm\n", "empty_file", "The first row is blank."),
        (as_workbook([]), "empty_file", "The first row is blank."),
        (b"id,name\n", "no_rows", "The file has a header and no firms."),
        (as_workbook([HEADER]), "no_rows", "The file has a header and no firms."),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "not_a_table", "one that a password protects"),
        (b"PK\x03\x04 and no more", "not_a_table", "starts like a workbook and is not one"),
        (b"id,name\r\n7,Fi\0rm\r\n", "nul_byte", "Line 2 holds a NUL byte"),
        (b"id,name,name\n7,Firm,AS\n", "duplicate_column", "2 columns are called “name”"),
        (as_workbook([["id", "name", "name"], [7, "A", "B"]]), "duplicate_column", "2 columns"),
        (b"id,firm\n7,Firm\n", "missing_column", "The file has no column “name”"),
    ],
)
def test_a_file_that_is_no_list_of_firms_is_told_in_words(
    data: bytes, code: str, words: str
) -> None:
    (problem,) = problems_of(data)

    assert problem.code == code
    assert words in problem.message
    assert problem.remedy


def test_a_byte_order_mark_is_no_letter_of_the_first_column() -> None:
    assert problems_of(b"\xef\xbb\xbfid,name\n7,Firm\n") == []
    assert problems_of("id\tname\n7\tFirm\n".encode("utf-16")) == []


def test_rows_longer_than_the_header_are_told_with_what_helps_in_that_kind_of_file() -> None:
    (of_text,) = problems_of(b"id,name\n7,Firm, AS\n")
    (of_sheet,) = problems_of(as_workbook([HEADER, [7, "Firm", "note"]]))

    assert (of_text.code, of_sheet.code) == ("ragged_row", "ragged_row")
    assert "quotation marks" in of_text.remedy
    assert "Give every column a name in row 1" in of_sheet.remedy


def test_a_sheet_that_claims_rows_or_columns_without_end_is_refused_soon() -> None:
    rows: Rows = [HEADER, [7, "Firm"]]

    (far,) = problems_of(
        as_workbook(rows, lambda x: x.replace(b'row r="2"', b'row r="2000000000"'))
    )
    (wide,) = problems_of(as_workbook(rows, lambda x: x.replace(b'"B2"', b'"XFD2"')))
    (beyond,) = problems_of(as_workbook(rows, lambda x: x.replace(b'"B2"', b'"ZZZZZZZ2"')))

    assert (far.code, far.row) == ("not_a_table", 1_048_577)
    assert wide.message == "Row 2 has 16,384 cells; 500 are read."
    assert beyond.code == "not_a_table"


def test_a_workbook_that_would_unpack_to_very_much_is_refused_before_it_does() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        with archive.open(SHEET, "w") as sheet:
            for _ in range(200):
                sheet.write(b" " * 1_000_000)

    (problem,) = problems_of(target.getvalue())

    assert problem.code == "workbook_too_large"
    assert "200,000,000" in problem.message


def test_a_sheet_tells_about_how_many_rows_it_has() -> None:
    reading = FrameReading(io.BytesIO(as_workbook([HEADER, [7, "A"], [8, "B"]])), mapped())
    untold = as_workbook([HEADER, [7, "A"]], lambda x: x.replace(b'"A1:B2"', b'"A1"'))
    other = FrameReading(io.BytesIO(untold), mapped())

    assert [len(list(each.chunks())) for each in (reading, other)] == [1, 1]
    assert (reading.rows_total, other.rows_total) == (2, None)


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=1, max_size=8))
def test_any_lines_are_read_or_refused_with_what_to_do(lines: list[str]) -> None:
    data = "\n".join(["id,name", *lines]).encode()

    for problem in problems_of(data):
        assert problem.message
        assert problem.remedy


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0" + b"\0" * 600, as_workbook([])])
def test_the_first_rows_of_no_list_are_refused_as_the_load_would(data: bytes) -> None:
    with pytest.raises(MicrodataRefused):
        first_rows(io.BytesIO(data))
