"""Rounding as a person expects it, and sums in the order in which they are written."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaire.condition_language import parse_expression
from surveys.questionnaire.expressions import round_half_away

numbers = st.floats(allow_nan=False, allow_infinity=False)
decimals = st.integers(0, 6)


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [(2.5, 0, 3), (-2.5, 0, -3), (2.675, 2, 2.68), (1.005, 2, 1.01), (0.1 + 0.2, 6, 0.3)],
)
def test_halves_go_away_from_zero_by_the_decimal_text(number, places, rounded) -> None:
    assert round_half_away(number, places) == rounded


@given(numbers, decimals)
def test_a_rounded_number_stays_as_it_is_and_keeps_its_sign(number, places) -> None:
    rounded = round_half_away(number, places)

    assert round_half_away(rounded, places) == rounded
    assert round_half_away(-number, places) == -rounded


@given(st.floats(-1e9, 1e9), decimals)
def test_rounding_moves_a_number_by_half_a_unit_at_most(number, places) -> None:
    moved = abs(Decimal(repr(round_half_away(number, places))) - Decimal(repr(number)))

    assert moved <= Decimal("0.5").scaleb(-places)


@given(st.lists(numbers, min_size=1, max_size=4))
def test_a_sum_adds_from_left_to_right(terms) -> None:
    names = ["a", "b", "c", "d"][: len(terms)]
    total = 0.0
    for term in terms:
        total += term

    said = parse_expression(f"sum({', '.join(names)})").value(dict(zip(names, terms, strict=True)))

    assert said == (total if abs(total) < float("inf") else None)
