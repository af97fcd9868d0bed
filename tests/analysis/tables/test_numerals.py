import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.tables import numerals


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.1234, 3, "0.123"),
        (-0.1236, 3, "−0.124"),
        (-0.0001, 3, "0.000"),
        (1190, 0, "1\u202f190"),
        (-1234567.891, 1, "−1\u202f234\u202f567.9"),
        (math.nan, 3, "–"),
        (math.inf, 3, "–"),
    ],
)
def test_a_number_has_a_true_minus_narrow_spaces_and_no_sign_on_nought(value, decimals, text):
    assert numerals.fixed(value, decimals) == text


def test_a_missing_count_is_a_dash():
    assert numerals.whole(None) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0012345, "0.00123"), (9.999, "10.0"), (123.4, "123"), (12345.0, "12\u202f300"), (0, "0")],
)
def test_significant_digits_are_counted_from_the_first_that_is_not_nought(value, text):
    assert numerals.significant(value) == text


@pytest.mark.parametrize(
    ("std_errors", "decimals"),
    [
        ([0.05, 0.2], 3),
        ([0.0012], 4),
        ([0.00000001], 8),
        ([12.0, 40.0], 1),
        ([5.0], 3),
        ([], 3),
        ([0.0, math.nan], 3),
    ],
)
def test_a_line_has_decimals_enough_for_two_digits_of_its_smallest_standard_error(
    std_errors, decimals
):
    assert numerals.decimals_for(std_errors) == decimals


@pytest.mark.parametrize(
    ("p", "text"), [(0.0004, "< 0.001"), (0.0005, "0.001"), (0.0314, "0.031"), (math.nan, "–")]
)
def test_a_p_value_is_never_an_exact_nought(p, text):
    assert numerals.p_value(p) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("0.123", ("0", ".123", "")),
        ("(−1\u202f234.50)", ("(−1\u202f234", ".50", ")")),
        ("0.1**", ("0", ".1", "**")),
        ("1\u202f190", ("1\u202f190", "", "")),
        ("Logit", ("Logit", "", "")),
        ("–", ("–", "", "")),
    ],
)
def test_a_numeral_is_taken_apart_at_its_point(text, parts):
    assert numerals.parts(text) == parts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.123", "#,##0.000"),
        ("(0.050)", '"("#,##0.000")";"("-#,##0.000")"'),
        ("−0.1**", '#,##0.0"**";-#,##0.0"**"'),
        ("1\u202f190", "#,##0"),
    ],
)
def test_a_spreadsheet_shows_a_number_as_it_prints(text, shown):
    assert numerals.spreadsheet_format(text) == shown


@given(st.floats(-1e9, 1e9), st.integers(0, 8))
@settings(deadline=None)
def test_what_is_printed_reads_back_to_within_half_a_unit_of_its_last_digit(value, decimals):
    text = numerals.fixed(value, decimals).replace("−", "-").replace("\u202f", "")

    assert abs(float(text) - value) <= 0.5 * 10**-decimals * (1 + 1e-9) + 1e-6
