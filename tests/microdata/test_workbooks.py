import io
import zipfile
from datetime import date

import openpyxl
import pytest

from surveys.microdata import Limits, MicrodataRefused, read_mapping, read_microdata
from tests.microdata.small import HEADER, MAPPING, ROWS


def workbook(rows: list[list[object]], sheet: str = "Data") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def typed_rows() -> list[list[object]]:
    """The small file as a spreadsheet holds it: numbers are numbers, blanks are nothing."""

    def typed(cell: str) -> object:
        if not cell:
            return None
        try:
            return float(cell)
        except ValueError:
            return cell

    return [HEADER.split(","), *[[typed(cell) for cell in row.split(",")] for row in ROWS]]


def problem_of(data: bytes, mapping: str = MAPPING, **options):
    with pytest.raises(MicrodataRefused) as refused:
        read_microdata(data, read_mapping(mapping), **options)
    return refused.value.report.shown[0]


def test_a_workbook_gives_the_same_units_as_the_delimited_file():
    mapping = read_mapping(MAPPING)
    delimited = "\n".join([HEADER, *ROWS]).encode()

    assert (
        read_microdata(workbook(typed_rows()), mapping).units
        == read_microdata(delimited, mapping).units
    )


def test_a_decimal_comma_of_the_mapping_does_not_touch_a_workbooks_numbers():
    mapping = read_mapping(MAPPING + 'file: {decimal: ","}\n')

    units = read_microdata(workbook(typed_rows()), mapping).units

    assert units[0].answers["graduates"] == 15.6


def test_a_formula_in_a_numeric_column_is_refused_by_name():
    rows = typed_rows()
    rows[1][5] = "=6*2"

    problem = problem_of(workbook(rows))

    assert (problem.code, problem.row, problem.column, problem.value) == (
        "formula",
        2,
        "staff",
        "=6*2",
    )


def test_the_sheet_that_the_mapping_names_is_read():
    mapping = read_mapping(MAPPING + "file: {sheet: Data}\n")

    assert len(read_microdata(workbook(typed_rows()), mapping).units) == 3
    missing = problem_of(workbook(typed_rows(), "Sheet 1"), MAPPING + "file: {sheet: Data}\n")
    assert missing.message == "The workbook has no sheet “Data”; it has Sheet 1."


def test_dates_and_flags_are_read_as_texts_that_a_mapping_can_name():
    rows = typed_rows()
    rows[1][17] = date(2026, 11, 21)
    rows[1][10] = None
    rows[1][9] = True

    answers = read_microdata(workbook(rows), read_mapping(MAPPING)).units[0].answers

    assert answers["remark"].startswith("2026-11-21")
    assert answers["new_good"] == "1"


def test_a_zip_bomb_is_refused_from_its_table_without_being_unpacked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)

    problem = problem_of(file.getvalue())

    assert problem.code == "workbook_too_large"
    assert "would unpack to 60,000,008" in problem.message


def test_an_archive_that_lies_about_its_sizes_is_refused_or_read_in_bounds():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", b"<a>" + b"0" * 5_000_000 + b"</a>")
    data = bytearray(file.getvalue())
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")

    assert problem_of(bytes(data)).code == "not_a_table"


def test_a_workbook_of_thousands_of_parts_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(600):
            archive.writestr(f"xl/part{number}.xml", "<a/>")

    assert problem_of(file.getvalue()).code == "workbook_too_large"


def test_entities_in_a_sheet_do_not_expand():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]><worksheet>&l11;</worksheet>'
    )
    source = io.BytesIO(workbook(typed_rows()))
    file = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = bomb if name == "xl/worksheets/sheet1.xml" else old.read(name)
            new.writestr(name, content)

    assert problem_of(file.getvalue()).code in {"not_a_table", "missing_column", "empty_file"}


def test_cells_are_counted_in_a_workbook_too():
    rows = [HEADER.split(","), *[["x"] * 19 for _ in range(100)]]

    with pytest.raises(MicrodataRefused) as refused:
        read_microdata(workbook(rows), read_mapping(MAPPING), limits=Limits(cells=500))

    assert "too_many_cells" in {problem.code for problem in refused.value.report.shown}


def test_an_empty_sheet_is_refused():
    assert problem_of(workbook([])).code == "empty_file"


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused_whatever_its_ratio():
    data = workbook(typed_rows())

    assert problem_of(data, limits=Limits(unpacked_bytes=1_000)).code == "workbook_too_large"
    assert problem_of(data, limits=Limits(unpacked_ratio=1)).code == "workbook_too_large"
