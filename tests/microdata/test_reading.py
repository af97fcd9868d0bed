import pytest

from surveys.microdata import (
    Limits,
    MicrodataRefused,
    Problem,
    read_codebook,
    read_mapping,
    read_microdata,
)
from surveys.microdata.cells import FoundCode
from surveys.microdata.design import UnitDesign
from tests.microdata.small import HEADER, MAPPING, ROWS, csv_bytes


def read(data: bytes, mapping: str = MAPPING, **options):
    return read_microdata(data, read_mapping(mapping), **options)


def refused(data: bytes, mapping: str = MAPPING, **options):
    with pytest.raises(MicrodataRefused) as error:
        read(data, mapping, **options)
    return error.value.report


def only(data: bytes, mapping: str = MAPPING) -> Problem:
    report = refused(data, mapping)
    assert report.total == 1, report.shown
    return report.shown[0]


def test_a_file_becomes_units_with_a_design_and_answers_of_the_questionnaires_shapes():
    first, second, _ = read(csv_bytes()).units

    assert first.identifier == "A1"
    assert first.design == UnitDesign(2.5, "small · north", "", 5)
    assert first.answers == {
        "size": "small",
        "region": "north",
        "staff": 12,
        "graduates": 15.6,
        "turnover": {"amount": 350000, "unit": "units"},
        "founded": 1998,
        "new_good": "1",
        "newness": "2",
        "partner_s_1": "1",
        "partner_s_2": "0",
        "partner_s_3": "0",
        "partner_u_1": "0",
        "partner_u_2": "0",
        "partner_u_3": "1",
        "remark": "fine",
    }
    assert (second.answers["staff"], second.answers["graduates"]) == (None, None)
    assert second.answers["newness"] == "left_empty"


def test_codes_that_the_file_tells_are_listed():
    data = csv_bytes(*[row.replace("north", "North Bay") for row in ROWS])

    result = read(data)

    assert result.found_codes == {
        "region": (FoundCode("North Bay", "north_bay"), FoundCode("south", "south"))
    }
    assert result.units[0].answers["region"] == "north_bay"
    assert result.units[0].design.stratum == "small · North Bay"


def test_codes_are_stored_under_names_that_the_questionnaire_allows():
    mapping = MAPPING.replace(
        "codes: [small, large]", 'codes: [small, large, Small, "-1", "–", "0"]'
    )
    rows = [
        ROWS[2].replace("B1", f"C{n}").replace("large", c)
        for n, c in enumerate(["Small", "-1", "–", "0"])
    ]

    units = read(csv_bytes(*rows), mapping).units

    assert [u.answers["size"] for u in units] == ["small_2", "minus_1", "value", "0"]


def test_the_guard_of_an_exported_formula_is_taken_off_again():
    data = csv_bytes(ROWS[2].replace("=SUM(A1)", "'=SUM(A1)"))

    assert read(data).units[0].answers["remark"] == "=SUM(A1)"


def test_a_formula_in_a_text_column_stays_a_harmless_text():
    assert read(csv_bytes()).units[2].answers["remark"] == "=SUM(A1)"


def test_a_whole_number_written_with_a_decimal_point_is_its_code():
    row = ROWS[0].replace(",1998,1,2,", ",1998,1.0,2.0,")

    answers = read(csv_bytes(row)).units[0].answers

    assert (answers["new_good"], answers["newness"]) == ("1", "2")


@pytest.mark.parametrize(
    ("old", "new", "code", "column", "says"),
    [
        (",12,", ",twelve,", "not_a_number", "staff", "“twelve” is not a number"),
        (",0.156,", ',"0,156",', "decimal_comma", "graduates", "decimal comma"),
        (",0.156,", ",1.56,", "out_of_range", "graduates", "outside 0 to 100"),
        (",1998,1,", ",1998,3,", "impossible_code", "new_good", "not one of the codes 0, 1"),
        (",12,", ',"=HYPERLINK(""http://x"")",', "formula", "staff", "holds a formula"),
        (",1998,1,", ",1998,=A1,", "formula", "new_good", "holds a formula"),
        (",2.5,", ",0,", "not_positive", "weight", "0 is not above zero"),
        (",2.5,", ",-2,", "not_positive", "weight", "-2 is not above zero"),
        (",2.5,", ",,", "not_a_number", "weight", "not a number"),
        (",2.5,", ",inf,", "not_a_number", "weight", "not a number"),
        (",12,", ",1e400,", "not_a_number", "staff", "not a number"),
        (",1998,", ",98,", "out_of_range", "founded", "outside 1500 to 2100"),
        (",1998,", ",1998.5,", "not_a_year", "founded", "not a year"),
        (",350000,", ",-1,", "out_of_range", "turnover", "outside 0 to …"),
    ],
)
def test_a_wrong_cell_is_told_by_row_column_value_and_remedy(old, new, code, column, says):
    problem = only(csv_bytes(ROWS[0].replace(old, new, 1), *ROWS[1:]))

    assert (problem.code, problem.row, problem.column) == (code, 2, column)
    assert says in problem.message
    assert problem.remedy


def test_all_problems_come_at_once():
    report = refused(
        csv_bytes(
            ROWS[0].replace(",12,", ",twelve,").replace("small", "tiny"),
            ROWS[1],
            ROWS[1],
            "C1,small",
            header=HEADER.replace("founded", "established"),
        )
    )

    assert [(p.code, p.row, p.column) for p in report.shown] == [
        ("missing_column", 1, "founded"),
        ("unknown_column", 1, "established"),
        ("impossible_code", 2, "size"),
        ("not_a_number", 2, "staff"),
        ("duplicate_unit", 4, ""),
        ("ragged_row", 5, ""),
    ]


def test_problems_of_a_kind_are_shown_ten_times_and_counted_in_full():
    rows = [ROWS[0].replace("A1", f"F{n}").replace(",12,", ",?,") for n in range(500)]
    rows = [row.replace(",5,", ",500,") for row in rows]

    report = refused(csv_bytes(*rows))

    assert (len(report.shown), report.total) == (10, 500)
    assert [(tally.column, tally.count) for tally in report.not_shown] == [("staff", 490)]


def test_a_column_that_nobody_mapped_is_a_problem_until_it_is_ignored():
    data = csv_bytes(*[row + ",1" for row in ROWS], header=HEADER + ",extra")

    assert only(data).code == "unknown_column"
    assert len(read(data, MAPPING + "unmapped: ignore\n").units) == 3


def test_a_header_with_the_same_name_twice_is_refused():
    data = csv_bytes(*[row + ",1" for row in ROWS], header=HEADER + ",staff")

    assert only(data).code == "duplicate_column"


def test_a_stratum_cannot_hold_fewer_firms_than_rows():
    data = csv_bytes(*[row.replace(",5,", ",1,") for row in ROWS])

    assert only(data).code == "population_too_small"


def test_the_population_of_a_stratum_is_one_number():
    problem = only(csv_bytes(ROWS[0], ROWS[1].replace(",5,", ",6,"), ROWS[2]))

    assert (problem.code, problem.row) == ("population_differs", 3)


def test_decimal_commas_are_read_where_the_mapping_says_so():
    mapping = MAPPING + 'file: {decimal: ",", delimiter: semicolon}\n'
    data = csv_bytes().replace(b",", b";").replace(b".", b",")

    assert read(data, mapping).units[0].answers["graduates"] == 15.6
    assert read(data, mapping).units[0].design.weight == 2.5


def test_a_decimal_point_where_the_mapping_says_comma_is_not_taken_for_thousands():
    mapping = MAPPING + 'file: {decimal: ",", delimiter: semicolon}\n'

    report = refused(csv_bytes().replace(b",", b";"), mapping)

    assert {problem.code for problem in report.shown} == {"decimal_point"}


@pytest.mark.parametrize(
    ("spoil", "code", "says"),
    [
        (lambda _: b"", "empty_file", "empty"),
        (lambda _: b"\n \n", "empty_file", "empty"),
        (lambda _: HEADER.encode(), "no_rows", "no rows"),
        (lambda d: d.decode().encode("utf-16"), "wrong_encoding", "UTF-16"),
        (lambda d: d.decode().encode("utf-16-le"), "wrong_encoding", "UTF-16"),
        (lambda d: d.replace(b"fine", b"se\xf1or"), "wrong_encoding", "0xF1"),
        (lambda d: d.replace(b"fine", "seÃ±or".encode()), "mojibake", "seÃ±or"),
        (lambda d: d.replace(b"fine", b"fi\0ne"), "nul_byte", "row 2"),
        (lambda d: d.replace(b",", b";"), "wrong_delimiter", "semicolon"),
        (lambda d: d.replace(b"fine", b'"fine'), "broken_quotes", "Row 2"),
        (lambda d: b"PK\x03\x04" + d, "not_a_table", "not one"),
        (lambda d: b"\xd0\xcf\x11\xe0" + d, "not_a_table", "old Excel"),
        (lambda _: b"%PDF-1.4", "not_a_table", "PDF"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(spoil, code, says):
    problem = only(spoil(csv_bytes()))

    assert problem.code == code
    assert says in problem.message
    assert problem.remedy


def test_the_remedy_for_a_wrong_encoding_shows_how_the_place_would_read():
    problem = only(csv_bytes().replace(b"fine", b"se\xf1or"))

    assert "señor" in problem.remedy
    assert "encoding: windows-1252" in problem.remedy


def test_a_utf8_file_declared_as_latin_is_found_out():
    data = csv_bytes().replace(b"fine", "señor Ó".encode())

    problem = only(data, MAPPING + "file: {encoding: iso-8859-1}\n")

    assert (problem.code, problem.remedy) == (
        "mojibake",
        "Write “encoding: utf-8” under “file” in the mapping.",
    )


def test_every_named_encoding_is_read():
    for encoding, codec in [
        ("utf-16", "utf-16"),
        ("windows-1252", "cp1252"),
        ("utf-8", "utf-8-sig"),
    ]:
        data = csv_bytes().decode().replace("fine", "señor").encode(codec)
        mapping = MAPPING + f"file: {{encoding: {encoding}}}\n"

        assert read(data, mapping).units[0].answers["remark"] == "señor"


def test_more_cells_than_the_limit_are_refused_by_number():
    data = b"firm\n" + b"1\n" * 400
    limits = Limits(cells=300)

    report = refused(data, "unmapped: ignore" + MAPPING, limits=limits)

    assert "too_many_cells" in {problem.code for problem in report.shown}
    assert "more than 300 cells, reached in row 301" in str(report.shown)


def test_a_file_over_the_limit_of_bytes_is_not_even_decoded():
    assert refused(b"\xff" * 2000, limits=Limits(bytes=1000)).shown[0].code == "file_too_large"


def test_blank_rows_are_passed_over():
    assert len(read(csv_bytes(*ROWS, "", "," * HEADER.count(","))).units) == 3


def test_invisible_characters_of_a_value_are_written_out():
    problem = only(csv_bytes(ROWS[0].replace(",12,", ",\u202e21,"), *ROWS[1:]))

    assert problem.value == "\\u202e21"
    assert "\u202e" not in problem.message


def test_a_codebook_gives_the_meaning_of_columns():
    data = b"column,source,meaning\nstaff,q1,Persons employed\nsize,,Size class\n"

    assert read_codebook(data) == {"staff": "Persons employed", "size": "Size class"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"name,meaning\na,b", "codebook_header"),
        (b"column,meaning\na,b\na,c", "codebook_repeat"),
        (b"column,meaning\na", "codebook_row"),
        (b"", "empty_file"),
    ],
)
def test_a_codebook_that_is_none_is_refused(data, code):
    with pytest.raises(MicrodataRefused) as error:
        read_codebook(data)

    assert error.value.report.shown[0].code == code
