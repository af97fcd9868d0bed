import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.forms.numbers import UnreadableNumber, read_number, written


@pytest.mark.parametrize(
    ("typed", "decimals", "number"),
    [
        ("25000", 0, 25000),
        ("25 000", 0, 25000),
        ("25\u202f000", 0, 25000),
        ("25\u2009000", 0, 25000),
        ("25\u00a0000", 0, 25000),
        ("25'000", 0, 25000),
        ("25’000", 0, 25000),
        ("25,000", 0, 25000),
        ("1,234,567", 0, 1234567),
        ("1.234.567", 0, 1234567),
        ("1.234.567,5", 1, 1234567.5),
        ("1,234,567.5", 1, 1234567.5),
        ("1.234,5", 1, 1234.5),
        ("12,5", 1, 12.5),
        ("12.5", 1, 12.5),
        (".5", 1, 0.5),
        ("0,125", 3, 0.125),
        ("12.00", 0, 12),
        ("12,", 0, 12),
        ("+7", 0, 7),
        ("-7", 0, -7),
        ("\u22127", 0, -7),
        ("-0", 0, 0),
        ("007", 0, 7),
        ("１２", 0, 12),
    ],
)
def test_numbers_are_read_with_the_separators_of_any_country(typed, decimals, number):
    assert read_number(typed, decimals=decimals) == number


@pytest.mark.parametrize(
    ("typed", "decimals", "says"),
    [
        ("25.000", 0, "Type 25000 if the point separates thousands, or 25 if"),
        ("1.234", 1, "Type 1234 if the point separates thousands, or 1.2 if"),
        ("1,234", 1, "Type 1234 if the comma separates thousands, or 1.2 if"),
        ("1.234", 3, "Type 1234 if the point separates thousands, or 1.2340 if"),
        ("12,5", 0, "Enter a whole number, like 25000."),
        ("12.34", 1, "at most one decimal place"),
        ("12.3456", 2, "at most 2 decimal places"),
        ("about 50", 0, "in figures, like 25000"),
        ("50 or 60", 0, "in figures"),
        ("twelve", 0, "in figures"),
        ("1,23,4", 0, "in figures"),
        ("1.2.3,4,5", 0, "in figures"),
        ("1,2.3,4.5", 0, "in figures"),
        ("--5", 0, "in figures"),
        ("-", 0, "in figures"),
        (".", 0, "in figures"),
        ("1e309", 0, "in figures"),
        ("1e3", 0, "in figures"),
        ("nan", 0, "in figures"),
        ("Infinity", 0, "in figures"),
        ("0x10", 0, "in figures"),
        ("=1+1", 0, "in figures"),
        ("٣", 0, "in figures"),
        ("9" * 20, 0, "too large"),
        ("9" * 100_000, 0, "in figures"),
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused_with_what_to_type(typed, decimals, says):
    with pytest.raises(UnreadableNumber) as refused:
        read_number(typed, decimals=decimals)

    assert says in str(refused.value)


def test_a_comma_may_be_declared_to_separate_thousands():
    assert read_number("1,234", decimals=3, comma_groups=True) == 1234


def test_a_whole_number_is_an_integer():
    assert isinstance(read_number("12.0", decimals=1), int)


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_are_read_back_as_they_are_written(number: int):
    assert read_number(written(number), decimals=0) == number


@given(st.decimals(-(10**9), 10**9, places=3))
def test_decimals_are_read_back_as_they_are_written(number):
    assert read_number(written(float(number)), decimals=3) == float(number)


@given(st.text(max_size=80), st.integers(0, 3))
def test_any_text_is_a_finite_number_or_refused(typed: str, decimals: int):
    try:
        number = read_number(typed, decimals=decimals)
    except UnreadableNumber:
        return
    assert math.isfinite(number)
    assert round(number, decimals) == number
