import io
from datetime import date

import openpyxl
import pytest

from surveys.frames import FrameMapping, FrameReading, FrameRow, first_rows, mapping_of, suggest
from surveys.microdata import MicrodataRefused
from surveys.microdata.mapping import FileOptions

PLAIN = FrameMapping({"register_id": "id", "name": "name"})


def read(
    data: bytes, mapping: FrameMapping = PLAIN, most: int = 1_000_000
) -> tuple[list[FrameRow], FrameReading]:
    reading = FrameReading(io.BytesIO(data), mapping, most=most)
    return [unit for chunk in reading.chunks() for unit in chunk], reading


def mapped(*extra: str, **options: str) -> FrameMapping:
    columns = {"register_id": "id", "name": "name", **{name: name for name in extra}}
    return FrameMapping(columns, (), FileOptions("", "", **options))


def codes(reading: FrameReading) -> list[tuple[str, int | None, str]]:
    return [(each.code, each.row, each.column) for each in reading.problems.report().shown]


def workbook(rows: list[list[object]], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_firms_are_read_with_classes_made_from_employees() -> None:
    data = "id;name;employees;nace;Zone\n1;Ål AS;49;1.11;x\n2;Bø AS;250;C62.010;\n".encode()
    columns = {"register_id": "id", "name": "name", "employees": "employees", "nace": "nace"}

    units, reading = read(data, FrameMapping(columns, ("Zone",)))

    assert not reading.problems
    assert [(u.name, u.size_class, u.nace, u.industry, u.attributes) for u in units] == [
        ("Ål AS", "10-49", "01.11", "01", {"Zone": "x"}),
        ("Bø AS", "250+", "62.010", "62", {}),
    ]
    assert (reading.rows_read, reading.rows_total) == (2, 2)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("employees", "-3", "negative_size"),
        ("employees", "12.5", "not_whole"),
        ("employees", "many", "not_a_number"),
        ("employees", "=A2*2", "formula"),
        ("employees", "99999999", "too_many_employees"),
        ("size_measure", "-0.5", "negative_size"),
        ("size_class", "10-Dec", "date"),
        ("size_class", "Oct-49", "date"),
        ("size_class", "45241", "excel_date_serial"),
        ("nace", "2026-11-01T00:00:00", "date"),
        ("nace", "bakery", "not_a_nace"),
        ("region", "#REF!", "spreadsheet_error"),
        ("email", "office", "not_an_email"),
        ("email", '"a@b.example\nbcc: x@y.example"', "line_break"),
        ("phone", "1" * 41, "too_long"),
        ("language", "=1+1", "formula"),
    ],
)
def test_a_cell_that_is_wrong_is_told_by_row_column_and_remedy(
    column: str, value: str, code: str
) -> None:
    units, reading = read(f"id,name,{column}\n7,Firm,{value}\n".encode(), mapped(column))

    assert units == []
    assert codes(reading) == [(code, 2, column)]
    assert reading.problems.report().shown[0].remedy


@pytest.mark.parametrize("identifier", ["", "9.13E+08"])
def test_an_identifier_that_is_missing_or_rounded_is_refused(identifier: str) -> None:
    _, reading = read(f"id,name\n{identifier},Firm\n".encode())

    assert codes(reading)[0][0] in ("no_register_id", "rounded_identifier")


def test_duplicates_are_all_counted_and_few_kept_over_chunks() -> None:
    data = b"id,name\n" + b"7,Firm\n" * 25_000

    _, reading = read(data)

    report = reading.problems.report()
    assert report.total == 24_999
    assert len(report.shown) == 1_000
    assert "row 2 already" in report.shown[-1].message


@pytest.mark.slow
def test_one_identifier_a_million_times_is_counted_to_the_last() -> None:
    _, reading = read(b"id,name\n" + b"7,Firm\n" * 1_000_000)

    report = reading.problems.report()
    assert (report.total, reading.rows_read) == (999_999, 1_000_000)
    assert len(report.shown) == 1_000
    assert [each.count for each in report.not_shown] == [998_999]


def test_a_duplicate_in_a_later_chunk_names_the_first_row() -> None:
    lines = [f"{n},Firm" for n in range(15_000)] + ["3,Again"]

    _, reading = read(("id,name\n" + "\n".join(lines)).encode())

    assert [each.message for each in reading.problems.report().shown] == [
        "“3” stands in row 5 already."
    ]


def test_mixed_encodings_are_told_by_line() -> None:
    data = "id,name\n1,Ål\n".encode() + "2,Bø\n".encode("cp1252") + b"3,C\n"

    _, reading = read(data)

    assert codes(reading) == [("mixed_encoding", 3, "")]
    assert "Bø" in reading.problems.report().shown[0].message


def test_a_file_wholly_in_windows_1252_is_read() -> None:
    units, reading = read("id,name\n1,Ål\n2,Bø\n".encode("cp1252"))

    assert [unit.name for unit in units] == ["Ål", "Bø"]
    assert not reading.problems


def test_utf_16_is_read() -> None:
    units, _ = read("id\tname\n1\tÅl\n".encode("utf-16"))

    assert [unit.name for unit in units] == ["Ål"]


def test_merged_cells_and_formulas_and_dates_of_a_workbook_are_told() -> None:
    rows = [["id", "name", "size_class"], [1, "A", "10-49"], [2, "B", date(2049, 10, 1)]]
    rows.append([3, "=A1", "50-249"])

    _, reading = read(workbook(rows, merged="B2:B3"), mapped("size_class"))

    assert ("merged_cells", 2, "name") in codes(reading)
    assert ("date", 3, "size_class") in codes(reading)
    assert ("formula", 4, "name") in codes(reading)


def test_rows_of_other_lengths_broken_quotes_and_nul_bytes_are_told() -> None:
    assert codes(read(b"id,name\n1,a,b\n")[1]) == [("ragged_row", 2, "")]
    assert codes(read(b'id,name\n1,"a\n')[1])[0][0] == "broken_quotes"
    assert codes(read(b"id,name\n1,\0\n")[1]) == [("nul_byte", 2, "")]
    assert codes(read(b"")[1])[0][0] == "empty_file"
    assert codes(read(b"id,name\n")[1])[0][0] == "no_rows"
    assert codes(read(b"PAR1xxxx")[1])[0][0] == "not_a_table"


def test_more_firms_than_are_read_are_refused() -> None:
    _, reading = read(b"id,name\n1,a\n2,b\n3,c\n", most=2)

    assert codes(reading) == [("too_many_units", 4, "")]


def test_a_decimal_comma_is_told_or_read() -> None:
    data = b"id;name;size_measure\n1;a;1,5\n"

    assert codes(read(data, mapped("size_measure"))[1])[0][0] == "decimal_comma"
    assert read(data, mapped("size_measure", decimal=","))[0][0].size_measure == 1.5


def test_the_fingerprint_knows_the_firms_and_not_their_order() -> None:
    one = read(b"id,name\n1,a\n2,b\n")[1].fingerprint
    other = read(b"name;id\nb;2\na;1\n")[1].fingerprint
    changed = read(b"id,name\n1,a\n2,c\n")[1].fingerprint

    assert one == other != changed
    assert len(one) == 64


def test_columns_that_are_missing_or_twice_or_used_twice_are_told() -> None:
    found = FrameMapping({"register_id": "id", "name": "id", "nace": "n", "region": "gone"})

    assert {code for code, _, _ in codes(read(b"id,n,n\n1,2,3\n", found)[1])} == {
        "mapped_twice",
        "duplicate_column",
        "missing_column",
    }


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("Organisasjonsnummer;Navn;Næringskode;Antall ansatte;E-post", "nb"),
        ("Unternehmensnummer;Firma;Wirtschaftszweig;Beschäftigte;E-Mail-Adresse", "de"),
        ("Codice fiscale;Ragione sociale;Codice ATECO;Numero addetti;Posta elettronica", "it"),
        ("Register ID;Company name;NACE Rev. 2;Number of employees;Email", "en"),
    ],
)
def test_a_mapping_is_suggested_from_names_in_four_languages(header: str, fields: str) -> None:
    names = header.split(";")

    found = suggest(names, []).columns

    wanted = ("register_id", "name", "nace", "employees", "email")
    assert found == dict(zip(wanted, names, strict=True)), fields


def test_a_mapping_is_suggested_from_values_where_names_tell_nothing() -> None:
    table, rows = first_rows(
        io.BytesIO(
            b"a,b,c,d\n912345678,x@y.example,10.51,10-49\n912345679,z@y.example,62.01,50-249"
        )
    )

    assert suggest(table.header, rows).columns == {
        "register_id": "a",
        "email": "b",
        "nace": "c",
        "size_class": "d",
    }


def test_a_mapping_comes_back_from_its_document_and_wrong_ones_are_refused() -> None:
    mapping = FrameMapping(
        {"register_id": "id", "name": "n"}, ("x",), FileOptions("windows-1252", "\t", ",", "S")
    )
    assert mapping_of(mapping.document()) == mapping

    with pytest.raises(MicrodataRefused) as refused:
        mapping_of({"columns": {"nmae": "x"}, "file": {"decimal": "·"}, "extra": 1})
    assert refused.value.report.total == 5
