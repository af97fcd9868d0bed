"""R-indicators: known values, properties, refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mathematics.refusals import Refusal
from surveys.fieldwork.auxiliaries import auxiliaries
from surveys.fieldwork.priority import priority, under_representation
from surveys.fieldwork.propensities import propensities
from surveys.fieldwork.representativity import representativity

# docs/methods/response-rates.md: 25 of 50 small and 40 of 50 large firms responded.
SIZE = np.repeat(["small", "large"], 50)
RESPONDED = np.concatenate([np.arange(50) < 25, np.arange(50) < 40])
ONES = np.ones(100)


def test_the_worked_example() -> None:
    found = representativity({"size": SIZE}, RESPONDED, ONES)

    spread = 0.15**2 * 100 / 99
    noise = (50 * 0.25 / 50 + 50 * 0.16 / 50) / 100
    assert found.mean == pytest.approx(0.65)
    assert found.unadjusted == pytest.approx(1 - 2 * np.sqrt(spread))
    assert found.r == pytest.approx(1 - 2 * np.sqrt(spread - noise))
    assert found.r == pytest.approx(0.7270, abs=5e-5)
    assert found.variation == pytest.approx(np.sqrt(spread - noise) / 0.65)


def test_partial_indicators_of_the_worked_example() -> None:
    (partial,) = representativity({"size": SIZE}, RESPONDED, ONES).partial

    small, large = partial.categories
    assert (small.level, small.cases, large.level) == ("small", 50, "large")
    assert small.unconditional == pytest.approx(-np.sqrt(0.5) * 0.15)
    assert large.unconditional == pytest.approx(np.sqrt(0.5) * 0.15)
    assert partial.conditional == pytest.approx(partial.unconditional)


def test_a_logit_of_categories_fits_their_response_rates() -> None:
    fitted = propensities(auxiliaries({"size": SIZE}, ONES), RESPONDED)

    assert fitted.p == pytest.approx(np.repeat([0.5, 0.8], 50))
    assert fitted.coefficients == pytest.approx([0, np.log(4)], abs=1e-12)


def test_firms_that_respond_alike_are_represented_in_full() -> None:
    found = representativity({"size": SIZE}, np.tile([True, False], 50), ONES)

    assert found.r == found.unadjusted == pytest.approx(1, abs=1e-7)
    assert found.std_error == pytest.approx(0, abs=1e-3)


def test_a_variable_that_only_follows_another_has_no_conditional_part() -> None:
    twin = np.where(SIZE == "small", "a", "b")

    found = representativity({"size": SIZE, "twin": twin}, RESPONDED, ONES)

    assert [each.conditional for each in found.partial] == pytest.approx([0, 0], abs=1e-12)
    assert found.partial[0].unconditional > 0.1
    assert len(found.dropped) == 1
    assert "twin" in found.dropped[0]


def refused(call) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        call()
    assert caught.value.remedy
    return caught.value.code, caught.value.message


def test_a_category_without_a_response_is_refused_by_a_logit_and_taken_by_a_linear_model() -> None:
    nobody = RESPONDED & (SIZE == "large")

    code, message = refused(lambda: representativity({"size": SIZE}, nobody, ONES))

    assert code == "response_separated"
    assert "'size'" in message
    assert "'small'" in message
    linear = representativity({"size": SIZE}, nobody, ONES, link="linear")
    assert linear.unadjusted == pytest.approx(1 - 2 * 0.4 * np.sqrt(100 / 99))


def test_combinations_that_separate_within_categories_are_refused() -> None:
    one, other = np.array(["a", "b"] * 20), np.repeat(["x", "y"], 20)
    responded = (one == "b") & (other == "y")
    responded |= (one == "a") & (np.arange(40) % 4 == 0) & (other == "y")
    responded |= (one == "b") & (other == "x") & (np.arange(40) % 4 == 1)

    assert (
        refused(lambda: representativity({"one": one, "other": other}, responded, np.ones(40)))[0]
        == "propensity_no_summit"
    )


@pytest.mark.parametrize(
    ("variables", "responded", "weight", "code"),
    [
        ({}, RESPONDED, ONES, "auxiliary_none"),
        ({"size": np.where(np.arange(100) == 3, None, SIZE)}, RESPONDED, ONES, "auxiliary_missing"),
        ({"size": SIZE}, np.zeros(100, dtype=bool), ONES, "response_none"),
        ({"size": SIZE}, RESPONDED, np.where(np.arange(100) == 3, 0, 1.0), "weight_not_positive"),
    ],
)
def test_what_cannot_be_told_is_refused(variables, responded, weight, code) -> None:
    assert refused(lambda: representativity(variables, responded, weight))[0] == code


@st.composite
def surveyed(draw):
    """Cases of two variables whose every category has both responses."""
    count = draw(st.integers(30, 80))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    variables = {"a": random.integers(0, 3, count), "b": random.integers(0, 2, count)}
    responded = random.random(count) < draw(st.floats(0.3, 0.7))
    return variables, responded, random.uniform(1, 9, count)


@given(surveyed())
def test_indicators_keep_to_their_bounds_and_to_the_unit_of_labels(case) -> None:
    variables, responded, weight = case
    try:
        found = representativity(variables, responded, weight)
    except Refusal:
        return
    renamed = {
        name: np.array([f"level {each}" for each in codes]) for name, codes in variables.items()
    }

    assert found.unadjusted <= found.r <= 1
    assert found.mean == pytest.approx(np.average(responded, weights=weight), rel=1e-6)
    assert representativity(renamed, responded, weight).r == pytest.approx(found.r)
    for partial in found.partial:
        # What a variable explains by itself is at most what all explain together.
        assert partial.unconditional <= (1 - found.r) / 2 + 1e-9
        assert partial.conditional <= (1 - found.r) / 2 + 1e-9


def test_follow_up_goes_first_to_what_it_gains_most() -> None:
    found = priority(
        [0.5, 0.2, 0.9, 0.5], [10, 100, 50, 10], [1, 1, 1, 2], [True, True, False, True]
    )

    assert found.score == pytest.approx(np.array([5, 20, 0, 10]) / 35)
    assert found.order.tolist() == [1, 3, 0]


def test_of_equal_scores_the_first_case_comes_first() -> None:
    assert priority([0.5, 0.5], [1, 1], [1, 1], [True, True]).order.tolist() == [0, 1]


def test_a_case_that_is_not_open_may_lack_its_numbers() -> None:
    found = priority([np.nan, 0.5], [1, 1], [1, 1], [False, True])

    assert found.score.tolist() == [0, 1]


def test_a_number_missing_of_an_open_case_is_refused() -> None:
    code, message = refused(lambda: priority([0.5, np.nan], [1, 1], [1, 1], [True, True]))

    assert code == "priority_value"
    assert "case 2" in message


def test_nothing_to_gain_gives_no_scores() -> None:
    assert priority([0.0], [1], [1], [True]).score.tolist() == [0]


def test_a_case_is_behind_by_its_categories_that_are() -> None:
    found = representativity({"size": SIZE}, RESPONDED, ONES)
    aux = auxiliaries({"size": SIZE}, ONES)

    behind = under_representation(aux, found.partial)

    assert behind == pytest.approx(np.where(SIZE == "small", np.sqrt(0.5) * 0.15, 0))
